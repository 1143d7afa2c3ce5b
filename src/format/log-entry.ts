/**
 * The log entry: one thing that happened, with everything that is needed to understand it alone.
 *
 *      0  magic   crc32   length   level   component's and event's lengths   place in its group
 *     16  sequence   monotonic time   time of day   boot id   file
 *     64  component, event, details as `key=value …`: text, one behind the other, padded with zeros to 16 bytes
 *
 * Entries stand in blocks of 512 bytes, each at a multiple of 16, none across the end of a block; what remains of a block is zeros. The
 * CRC covers the padding too, its own field counted as zero. Text holds no control characters, so that no text looks like the
 * start of an entry, and whoever lost his place finds the next entry by its magic (`judgePlace`).
 * Written by the log's writer, read by its reader.
 */
import { crc32, crc32WithoutField } from "../base/crc32.ts";

export const LOG_BLOCK_BYTES = 512;
/** Entries start at multiples of this. */
export const LOG_GRAIN_BYTES = 16;
export const COMPONENT_LIMIT = 24;
export const EVENT_LIMIT = 256;
/** Component, event and details together. */
export const TEXT_LIMIT = 448;
/** \x01 "RL" \x1e: control characters, which no text has. */
const MAGIC = 0x1e4c5201;
const CRC_AT = 4;
const HEADER_BYTES = 64;
/** No writer gets here by counting. */
const SEQUENCE_LIMIT = 0x7fff_ffff_ffff_ffffn;
const SPACE = 0x20;
const DELETE = 0x7f;
const DOT = 0x2e;
/** Eight characters at once. */
const SPACES: u64 = 0x2020_2020_2020_2020n;
const ONES: u64 = 0x0101_0101_0101_0101n;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080n;

export const ENTRY = layout(64, {
  magic: le32(0),
  crc: le32(4),
  /** Header and text, without the padding. */
  byteLength: le16(8),
  /** A `LogLevel`. */
  level: at8(10),
  componentLength: at8(11),
  eventLength: le16(12),
  /** How many entries of its group, which was written at once, stand in front of it. */
  groupIndex: at8(14),
  reserved0: at8(15),
  /** Goes up by one from entry to entry, over all boots. */
  sequence: le64(16),
  /** Nanoseconds since this boot's kernel started to count. */
  monotonicNs: le64(24),
  /** Time of day, never before that of an earlier entry; 0 where it was not known. */
  unixSeconds: le64(32),
  bootId: octets(40, 16),
  /** The file that it was written to: what an earlier lap left behind bears another number. */
  fileId: le32(56),
  reserved1: octets(60, 4),
});

/** The numbers stand on disks. The lower, the graver. */
export const enum LogLevel {
  fatal = 0,
  error = 1,
  warn = 2,
  info = 3,
  debug = 4,
  trace = 5,
}

/** What stands at a multiple of 16 in a block. */
export const enum LogPlace {
  /** 16 bytes of zeros. */
  empty = 0,
  /** An entry of the file that is read. */
  whole = 1,
  /** An entry of another file, left from an earlier lap. */
  stale = 2,
  /** Neither: torn, damaged, or the inside of an entry whose start is damaged. */
  damaged = 3,
}

class Scratch {
  readonly entry = new Uint8Array(LOG_BLOCK_BYTES);
}

const scratch = new Scratch();

/** An entry as it was read: a copy of its own. */
export class LogEntry {
  readonly bytes = new Uint8Array(LOG_BLOCK_BYTES);

  /** Copies the entry that `judgePlace` found whole at the front of `from`. */
  take(from: Bytes): void {
    const length = paddedLength(ENTRY.byteLength.get(from));
    bytesOf(this.bytes).slice(0, length).copyFrom(from.slice(0, length));
  }

  sequence(): u64 {
    return ENTRY.sequence.get(bytesOf(this.bytes));
  }

  groupIndex(): u8 {
    return ENTRY.groupIndex.get(bytesOf(this.bytes));
  }

  monotonicNs(): u64 {
    return ENTRY.monotonicNs.get(bytesOf(this.bytes));
  }

  unixSeconds(): u64 {
    return ENTRY.unixSeconds.get(bytesOf(this.bytes));
  }

  level(): LogLevel {
    return logLevelFrom(ENTRY.level.get(bytesOf(this.bytes)));
  }

  bootId(): Bytes {
    return ENTRY.bootId.of(bytesOf(this.bytes));
  }

  component(): Bytes {
    return bytesOf(this.bytes).slice(HEADER_BYTES, ENTRY.componentLength.get(bytesOf(this.bytes)));
  }

  event(): Bytes {
    const entry = bytesOf(this.bytes);
    const from = HEADER_BYTES + ENTRY.componentLength.get(entry);
    return entry.slice(from, ENTRY.eventLength.get(entry));
  }

  details(): Bytes {
    const entry = bytesOf(this.bytes);
    const from = HEADER_BYTES + ENTRY.componentLength.get(entry) + ENTRY.eventLength.get(entry);
    return entry.slice(from, u32(ENTRY.byteLength.get(entry) - from));
  }
}

/** Makes an entry in a block of its own. Text that is too long is cut off; control characters become dots. */
export function makeEntry(
  block: Bytes,
  level: LogLevel,
  component: Bytes,
  event: Bytes,
  details: Bytes,
): void {
  assert(block.length === LOG_BLOCK_BYTES);
  const header = block.slice(0, HEADER_BYTES);
  const text = block.slice(HEADER_BYTES, TEXT_LIMIT);
  const componentLength = fitting(component, COMPONENT_LIMIT, 0);
  const eventLength = fitting(event, EVENT_LIMIT, componentLength);
  const before: u32 = componentLength + eventLength;
  const detailsLength = fitting(details, TEXT_LIMIT, before);
  const end: u32 = HEADER_BYTES + before + detailsLength;
  header.fill(0);
  // The padding, before the text is put over what it fills of the same grain.
  block.slice(paddedLength(u16(end)) - LOG_GRAIN_BYTES, LOG_GRAIN_BYTES).fill(0);
  ENTRY.magic.set(header, MAGIC);
  ENTRY.byteLength.set(header, u16(end));
  ENTRY.level.set(header, level);
  ENTRY.componentLength.set(header, u8(componentLength));
  ENTRY.eventLength.set(header, u16(eventLength));
  text.slice(0, componentLength).copyFrom(component.slice(0, componentLength));
  text.slice(componentLength, eventLength).copyFrom(event.slice(0, eventLength));
  text.slice(before, detailsLength).copyFrom(details.slice(0, detailsLength));
  const whole = text.slice(0, before + detailsLength);
  if (hasControls(whole)) replaceControls(whole);
}

/** The last step before the write: the file, the sequence, the place in its group, the CRC. */
export function sealEntry(entry: Bytes, fileId: u32, sequence: u64, groupIndex: u8): void {
  const header = entry.slice(0, HEADER_BYTES);
  ENTRY.groupIndex.set(header, groupIndex);
  ENTRY.fileId.set(header, fileId);
  ENTRY.sequence.set(header, sequence);
  ENTRY.crc.set(header, 0);
  ENTRY.crc.set(header, crc32(entry.slice(0, entryBytes(header))));
}

/** The room that an entry made here takes in a block. */
export function entryBytes(entry: Bytes): u32 {
  return paddedLength(ENTRY.byteLength.get(entry));
}

/** What stands `at` (a multiple of 16) in `blocks` (whole blocks), read as a part of the file `fileId`. */
export function judgePlace(blocks: Bytes, at: u32, fileId: u32): LogPlace {
  if (isZero(blocks.slice(at, LOG_GRAIN_BYTES))) return LogPlace.empty;
  const room = u32(LOG_BLOCK_BYTES - (at % LOG_BLOCK_BYTES));
  if (room < HEADER_BYTES) return LogPlace.damaged;
  const entry = blocks.slice(at, room);
  if (!isEntry(entry)) return LogPlace.damaged;
  return ENTRY.fileId.get(entry) === fileId ? LogPlace.whole : LogPlace.stale;
}

/**
 * Whether a place that `judgePlace` found damaged was an entry of the file `fileId`, or is at least a torn one: what stood on the disk before the
 * log is damage too, but nobody's loss. An entry with a single flipped bit is always known.
 */
export function wasEntry(blocks: Bytes, at: u32, fileId: u32): boolean {
  const room = u32(LOG_BLOCK_BYTES - (at % LOG_BLOCK_BYTES));
  if (room < HEADER_BYTES) return false;
  const entry = blocks.slice(at, room);
  if (ENTRY.magic.get(entry) === MAGIC && ENTRY.fileId.get(entry) === fileId) return true;
  const repaired = bytesOf(scratch.entry).slice(0, room);
  repaired.copyFrom(entry);
  ENTRY.magic.set(repaired, MAGIC);
  ENTRY.fileId.set(repaired, fileId);
  return isEntry(repaired);
}

/** Whether the front of a block looks like the start of an entry, whole or not. */
export function beginsEntry(block: Bytes): boolean {
  return ENTRY.magic.get(block) === MAGIC;
}

export function isZero(bytes: Bytes): boolean {
  for (const byte of span(bytes, 0, bytes.length)) {
    if (byte !== 0) return false;
  }
  return true;
}

/** Whether the front of `bytes` (at least a header) is an entry: length, CRC, every number within its range. */
function isEntry(bytes: Bytes): boolean {
  if (ENTRY.magic.get(bytes) !== MAGIC) return false;
  const length = ENTRY.byteLength.get(bytes);
  const padded = paddedLength(length);
  if (length < HEADER_BYTES || padded > bytes.length) return false;
  if (ENTRY.crc.get(bytes) !== crc32WithoutField(bytes.slice(0, padded), CRC_AT)) return false;
  const named = ENTRY.componentLength.get(bytes) + ENTRY.eventLength.get(bytes);
  if (named > length - HEADER_BYTES || ENTRY.sequence.get(bytes) > SEQUENCE_LIMIT) return false;
  return ENTRY.level.get(bytes) <= LogLevel.trace;
}

function paddedLength(length: u16): u32 {
  return u32(Math.trunc((length + LOG_GRAIN_BYTES - 1) / LOG_GRAIN_BYTES) * LOG_GRAIN_BYTES);
}

/** How much of `source` an entry takes behind `before` bytes of text: no more than `limit`, and than there is room. */
function fitting(source: Bytes, limit: u32, before: u32): u32 {
  return u32(Math.min(Math.min(source.length, limit), TEXT_LIMIT - before));
}

/** Whether any character is a control character: eight at a time, as bits of a word. Whoever is beyond ASCII counts as suspect. */
function hasControls(text: Bytes): boolean {
  if (text.length < 8) return true;
  let suspect: u64 = suspects(text.u64le(text.length - 8));
  const last: u32 = u32(text.length - 8);
  for (let at: u32 = 0; at < last; at += 8) suspect |= suspects(text.u64le(at));
  return (suspect & HIGH_BITS) !== 0n;
}

/** The high bit of each byte that is below a space, DELETE or greater, or behind such a one. */
function suspects(word: u64): u64 {
  return BigInt.asUintN(64, word - SPACES) | BigInt.asUintN(64, word + ONES) | word;
}

function replaceControls(text: Bytes): void {
  for (let at: u32 = 0; at < text.length; at++) {
    const character = text.u8(at);
    if (character < SPACE || character === DELETE) text.setU8(at, DOT);
  }
}

export function logLevelFrom(value: u8): LogLevel {
  switch (value) {
    case 0:
      return LogLevel.fatal;
    case 1:
      return LogLevel.error;
    case 2:
      return LogLevel.warn;
    case 4:
      return LogLevel.debug;
    case 5:
      return LogLevel.trace;
    default:
      return LogLevel.info;
  }
}

export function logLevelName(level: LogLevel): string {
  switch (level) {
    case LogLevel.fatal:
      return "FATAL";
    case LogLevel.error:
      return "ERROR";
    case LogLevel.warn:
      return "WARN";
    case LogLevel.info:
      return "INFO";
    case LogLevel.debug:
      return "DEBUG";
    case LogLevel.trace:
      return "TRACE";
  }
}
