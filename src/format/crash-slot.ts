/**
 * The crash slot: one crash artifact at the end of the log partition.
 *
 *     0    magic "RAYCRASH"   version   crc32 of this header   length and crc32 of the artifact
 *     32   number   time of day   boot id                       zeros
 *     512  the artifact, up to the end of the slot (64 KiB)
 *
 * The header's CRC counts its own field as zero. Numbers go up by one; the slot of the lowest number is written next. What the
 * artifact says is its own format.
 */
import { crc32, crc32WithoutField } from "../base/crc32.ts";
import { CRASH_SLOT_BYTES } from "./log-segment.ts";

export const CRASH_HEADER_BYTES = 512;
export const CRASH_ARTIFACT_LIMIT = 65024;
/** "RAYCRASH", read big endian. */
const MAGIC = 0x5241_5943_5241_5348n;
const VERSION = 1;
const CRC_AT = 12;
/** No machine crashes so often. */
const NUMBER_LIMIT = 0x7fff_ffff;

export const CRASH_SLOT = layout(512, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  artifactBytes: le32(16),
  artifactCrc: le32(20),
  reserved0: octets(24, 8),
  number: le32(32),
  reserved1: octets(36, 4),
  unixSeconds: le64(40),
  bootId: octets(48, 16),
  reserved2: octets(64, 448),
});

/** Makes the header of a slot whose artifact stands behind it, and zeros behind the artifact up to `slot`'s end. */
export function makeCrashSlot(
  slot: Bytes,
  artifactBytes: u32,
  number: u32,
  unixSeconds: u64,
  bootId: Bytes,
): void {
  assert(artifactBytes <= slot.length - CRASH_HEADER_BYTES);
  const end: u32 = u32(CRASH_HEADER_BYTES + artifactBytes);
  const header = slot.slice(0, CRASH_HEADER_BYTES);
  header.fill(0);
  slot.slice(end, slot.length - end).fill(0);
  CRASH_SLOT.magic.set(header, MAGIC);
  CRASH_SLOT.version.set(header, VERSION);
  CRASH_SLOT.artifactBytes.set(header, artifactBytes);
  CRASH_SLOT.artifactCrc.set(header, crc32(slot.slice(CRASH_HEADER_BYTES, artifactBytes)));
  CRASH_SLOT.number.set(header, number);
  CRASH_SLOT.unixSeconds.set(header, unixSeconds);
  CRASH_SLOT.bootId.of(header).copyFrom(bootId);
  CRASH_SLOT.crc.set(header, crc32WithoutField(header, CRC_AT));
}

/** The number of the crash in a slot, by the slot's header alone; 0 where there is none. */
export function crashNumber(header: Bytes): u32 {
  const bytes = header.slice(0, CRASH_HEADER_BYTES);
  if (CRASH_SLOT.magic.get(bytes) !== MAGIC || CRASH_SLOT.version.get(bytes) !== VERSION) return 0;
  if (CRASH_SLOT.crc.get(bytes) !== crc32WithoutField(bytes, CRC_AT)) return 0;
  if (CRASH_SLOT.artifactBytes.get(bytes) > CRASH_ARTIFACT_LIMIT) return 0;
  const number = CRASH_SLOT.number.get(bytes);
  return number <= NUMBER_LIMIT ? number : 0;
}

/** The artifact of a whole slot; empty where it is none or damaged. */
export function crashArtifact(slot: Bytes): Bytes {
  assert(slot.length === CRASH_SLOT_BYTES);
  if (crashNumber(slot) === 0) return slot.slice(0, 0);
  const artifact = slot.slice(CRASH_HEADER_BYTES, CRASH_SLOT.artifactBytes.get(slot));
  return CRASH_SLOT.artifactCrc.get(slot) === crc32(artifact) ? artifact : slot.slice(0, 0);
}
