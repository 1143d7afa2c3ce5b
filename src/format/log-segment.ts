/**
 * Log files: how a log partition is cut into them, and the header of each.
 *
 *     │ file │ file │ file │ … │ crashes: 16 slots of 64 KiB │        up to 128 files of equal size (a power of two)
 *       └ header (one sector) │ entries … │ what an earlier lap left
 *
 * Files are numbered from 1 in the order in which they are begun; file n stands in slot (n − 1) mod count, so the oldest is the one
 * that is used again. A header is written once, together with the first entries of its file, and says from which file on the log counts:
 * `clear` is a header that counts from itself.
 *
 *       0  magic "RAYLOGFL"   version   crc32
 *      16  file   counts from   size and number of the files
 *      32  first sequence   time of day   boot id   end of the file before
 *     512  end, the rest zeros                                       The CRC covers all of it, its own field counted as zero.
 */
import { crc32WithoutField } from "../base/crc32.ts";

export const SEGMENT_HEADER_BYTES = 512;
export const SEGMENT_LIMIT = 128;
/** A log is not made on less: a file and the crash slots. */
export const LOG_LEAST_BYTES: u64 = 2097152n;
export const CRASH_SLOT_BYTES = 65536;
export const CRASH_SLOTS = 16;
/** What stands at the end of the partition. */
export const CRASH_AREA_BYTES = 1048576;
const LEAST_SEGMENT_BYTES = 65536;
/** 128 files of 16 MiB: more of a larger partition is not used. */
const LARGEST_SEGMENT_BYTES = 16777216;
/** "RAYLOGFL", read big endian. */
const MAGIC = 0x5241_594c_4f47_464cn;
const VERSION = 1;
const CRC_AT = 12;
/** Numbers that no log reaches by counting: they would leave none for what is to come. */
const FILE_LIMIT = 0x7fff_ffff;
const SEQUENCE_LIMIT = 0x7fff_ffff_ffff_ffffn;

export const SEGMENT = layout(512, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  fileId: le32(16),
  /** The oldest file that counts. */
  firstFileId: le32(20),
  segmentBytes: le32(24),
  segmentCount: le32(28),
  /** The sequence that its first entry has. */
  firstSequence: le64(32),
  /** The time of the entry before it, below which no entry's time falls. */
  unixSeconds: le64(40),
  /** The boot that began the file. */
  bootId: octets(48, 16),
  /** Where the entries of the file before it end, in bytes from its front. */
  previousEnd: le32(64),
  reserved0: octets(68, 444),
});

/** Why a header is none. */
export const enum SegmentFault {
  /** Not written by RayOS. */
  foreign = 1,
  /** Ours, but damaged. */
  damaged = 2,
  /** Whole, but of a version that this program does not know. */
  newer = 3,
  /** Whole, but of a log that was cut otherwise: the partition had another size. */
  otherSize = 4,
}

/** How a partition is cut. */
export class LogGeometry {
  segmentBytes: u32 = 0;
  segmentCount: u32 = 0;
  /** Where the crash slots start, in bytes. */
  crashAt: u64 = 0n;

  /** False where there is too little room. */
  fit(partitionBytes: u64): boolean {
    if (partitionBytes < LOG_LEAST_BYTES) return false;
    const whole = partitionBytes - (partitionBytes % BigInt(CRASH_AREA_BYTES));
    const room: u64 = u64(whole - BigInt(CRASH_AREA_BYTES));
    let bytes: u32 = LEAST_SEGMENT_BYTES;
    while (bytes < LARGEST_SEGMENT_BYTES && room / BigInt(bytes) > BigInt(SEGMENT_LIMIT))
      bytes = u32(bytes * 2);
    const count = room / BigInt(bytes);
    this.segmentBytes = bytes;
    this.segmentCount = count > BigInt(SEGMENT_LIMIT) ? SEGMENT_LIMIT : u32(Number(count));
    this.crashAt = room;
    return true;
  }

  /** What the files take together, in bytes. */
  capacityBytes(): u64 {
    return BigInt(this.segmentBytes) * BigInt(this.segmentCount);
  }

  /** The slot in which a file stands. */
  slotOf(fileId: u32): u32 {
    assert(fileId > 0);
    return (fileId - 1) % this.segmentCount;
  }
}

/** A header with everything but what the caller knows better: sequence, time, boot. */
export function makeSegmentHeader(header: Bytes, geometry: LogGeometry, fileId: u32, firstFileId: u32): void {
  header.fill(0);
  SEGMENT.magic.set(header, MAGIC);
  SEGMENT.version.set(header, VERSION);
  SEGMENT.fileId.set(header, fileId);
  SEGMENT.firstFileId.set(header, firstFileId);
  SEGMENT.segmentBytes.set(header, geometry.segmentBytes);
  SEGMENT.segmentCount.set(header, geometry.segmentCount);
}

/** The last step before the write. */
export function sealSegmentHeader(header: Bytes): void {
  SEGMENT.crc.set(header, crc32WithoutField(header.slice(0, SEGMENT_HEADER_BYTES), CRC_AT));
}

/** Checks the front of the slot `slot`: whole, of this version, of this log, in its place. */
export function checkSegmentHeader(
  bytes: Bytes,
  geometry: LogGeometry,
  slot: u32,
): Result<void, SegmentFault> {
  const header = bytes.slice(0, SEGMENT_HEADER_BYTES);
  if (SEGMENT.magic.get(header) !== MAGIC) return err(SegmentFault.foreign);
  if (SEGMENT.crc.get(header) !== crc32WithoutField(header, CRC_AT)) return err(SegmentFault.damaged);
  if (SEGMENT.version.get(header) !== VERSION) return err(SegmentFault.newer);
  if (SEGMENT.segmentBytes.get(header) !== geometry.segmentBytes) return err(SegmentFault.otherSize);
  if (SEGMENT.segmentCount.get(header) !== geometry.segmentCount) return err(SegmentFault.otherSize);
  const fileId = SEGMENT.fileId.get(header);
  const firstFileId = SEGMENT.firstFileId.get(header);
  if (fileId === 0 || fileId > FILE_LIMIT || firstFileId === 0 || firstFileId > fileId)
    return err(SegmentFault.damaged);
  const firstSequence = SEGMENT.firstSequence.get(header);
  if (firstSequence === 0n || firstSequence > SEQUENCE_LIMIT) return err(SegmentFault.damaged);
  // A header away from its slot was copied there by something else, or is of a partition that began elsewhere.
  return geometry.slotOf(fileId) === slot ? ok() : err(SegmentFault.otherSize);
}
