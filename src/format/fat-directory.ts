/**
 * The slots of a FAT directory, 32 bytes each, and how a file with a long name takes several of them.
 *
 *     … | long part n (0x40 + n) | … | long part 1 | short slot | …
 *
 * The long parts stand in front of their short slot, the last 13 characters first; each carries the checksum of the
 * short name. A first byte of 0 ends the directory, 0xe5 marks a free slot.
 */
import { fatDate, fatTime } from "./fat-time.ts";

export const SLOT_BYTES = 32;
export const SLOT_FREE = 0xe5;
export const SLOT_END = 0;
/** The parts that the longest name takes, and all slots of its entry. */
export const LONG_PARTS_LIMIT = 20;
export const ENTRY_SLOTS_LIMIT = 21;
export const LONG_PART_UNITS = 13;

export const ATTRIBUTE_READ_ONLY = 0x01;
export const ATTRIBUTE_HIDDEN = 0x02;
export const ATTRIBUTE_SYSTEM = 0x04;
export const ATTRIBUTE_VOLUME_LABEL = 0x08;
export const ATTRIBUTE_DIRECTORY = 0x10;
export const ATTRIBUTE_ARCHIVE = 0x20;
const ATTRIBUTE_LONG_PART = 0x0f;
const ATTRIBUTE_MASK = 0x3f;

const LAST_PART = 0x40;
/** A short name that really begins with 0xe5 is stored with this. */
const KANJI_E5 = 0x05;

const SHORT = layout(SLOT_BYTES, {
  name: octets(0, 11),
  attributes: at8(11),
  caseFlags: at8(12),
  createTenths: at8(13),
  createTime: le16(14),
  createDate: le16(16),
  accessDate: le16(18),
  clusterHigh: le16(20),
  writeTime: le16(22),
  writeDate: le16(24),
  clusterLow: le16(26),
  sizeBytes: le32(28),
});

const LONG = layout(SLOT_BYTES, {
  order: at8(0),
  units1: octets(1, 10),
  attributes: at8(11),
  kind: at8(12),
  checksum: at8(13),
  units2: octets(14, 12),
  cluster: le16(26),
  units3: octets(28, 4),
});

export const enum SlotKind {
  end = 0,
  free = 1,
  longPart = 2,
  label = 3,
  file = 4,
  directory = 5,
}

/** What a slot is, by its first byte and its attributes. */
export function slotKind(slot: Bytes): SlotKind {
  const first = slot.u8(0);
  if (first === SLOT_END) return SlotKind.end;
  if (first === SLOT_FREE) return SlotKind.free;
  const attributes = SHORT.attributes.get(slot) & ATTRIBUTE_MASK;
  if (attributes === ATTRIBUTE_LONG_PART) return SlotKind.longPart;
  if ((attributes & ATTRIBUTE_VOLUME_LABEL) !== 0) return SlotKind.label;
  return (attributes & ATTRIBUTE_DIRECTORY) !== 0 ? SlotKind.directory : SlotKind.file;
}

/** Copies the short name of a slot. */
export function slotShortName(slot: Bytes, into: Bytes): void {
  into.copyFrom(SHORT.name.of(slot));
  if (into.u8(0) === KANJI_E5) into.setU8(0, SLOT_FREE);
}

export function slotAttributes(slot: Bytes): u8 {
  return SHORT.attributes.get(slot) & ATTRIBUTE_MASK;
}

/** The first cluster, 0 for an empty file and for the parent of a directory in the root. */
export function slotCluster(slot: Bytes): u32 {
  return ((SHORT.clusterHigh.get(slot) & 0x0fff) * 0x10000 + SHORT.clusterLow.get(slot)) >>> 0;
}

export function slotSizeBytes(slot: Bytes): u32 {
  return SHORT.sizeBytes.get(slot);
}

/** Writes a short slot over all of `slot`. */
export function writeShortSlot(slot: Bytes, short: Bytes, attributes: u8, unixSeconds: u64): void {
  slot.fill(0);
  SHORT.name.of(slot).copyFrom(short);
  SHORT.attributes.set(slot, attributes);
  SHORT.createTime.set(slot, fatTime(unixSeconds));
  SHORT.createDate.set(slot, fatDate(unixSeconds));
  setSlotWritten(slot, unixSeconds);
}

/** Points a short slot to other content. */
export function setSlotContent(slot: Bytes, cluster: u32, sizeBytes: u32): void {
  SHORT.clusterHigh.set(slot, cluster >>> 16);
  SHORT.clusterLow.set(slot, cluster & 0xffff);
  SHORT.sizeBytes.set(slot, sizeBytes);
}

export function setSlotWritten(slot: Bytes, unixSeconds: u64): void {
  SHORT.accessDate.set(slot, fatDate(unixSeconds));
  SHORT.writeTime.set(slot, fatTime(unixSeconds));
  SHORT.writeDate.set(slot, fatDate(unixSeconds));
}

/** The number of a long part, from 1; 0 where it is none that can be. */
export function longPartNumber(slot: Bytes): u8 {
  const number = LONG.order.get(slot) & 0x3f;
  return number <= LONG_PARTS_LIMIT ? number : 0;
}

/** Whether a long part is the one with the name's end: the first on disk. */
export function isLastPart(slot: Bytes): boolean {
  return (LONG.order.get(slot) & LAST_PART) !== 0;
}

export function longPartChecksum(slot: Bytes): u8 {
  return LONG.checksum.get(slot);
}

/** Copies the 26 bytes of characters of a long part. */
export function longPartUnits(slot: Bytes, into: Bytes): void {
  into.slice(0, 10).copyFrom(LONG.units1.of(slot));
  into.slice(10, 12).copyFrom(LONG.units2.of(slot));
  into.slice(22, 4).copyFrom(LONG.units3.of(slot));
}

/** Writes the long part `number` over all of `slot`; `units` are its 26 bytes of characters. */
export function writeLongPart(slot: Bytes, number: u8, isLast: boolean, checksum: u8, units: Bytes): void {
  assert(number >= 1 && number <= LONG_PARTS_LIMIT);
  slot.fill(0);
  LONG.order.set(slot, number | (isLast ? LAST_PART : 0));
  LONG.attributes.set(slot, ATTRIBUTE_LONG_PART);
  LONG.checksum.set(slot, checksum);
  LONG.units1.of(slot).copyFrom(units.slice(0, 10));
  LONG.units2.of(slot).copyFrom(units.slice(10, 12));
  LONG.units3.of(slot).copyFrom(units.slice(22, 4));
}
