/**
 * A saved partition table: the sectors of a disk's two ends as they were, in one record that can be put back.
 *
 *     0     magic, version, sector size, disk size, how many sectors of each end, CRC of the sectors, CRC of this record
 *     4096  the sectors from LBA 0 on          (MBR, primary header, primary array)
 *     …     the last sectors of the disk       (backup array, backup header)
 *
 * Whole sectors of either size, so that the record can be written to a disk as it is.
 */
import { crc32, crc32WithoutField } from "../base/crc32.ts";

/** Where the sectors start. */
export const SAVED_TABLE_HEAD_BYTES = 4096;

/** "RAYTABLE" */
const MAGIC: u64 = 0x454c424154594152n;
const VERSION = 1;

const RECORD = layout(48, {
  magic: le64(0),
  version: le32(8),
  sectorBytes: le32(12),
  diskSectors: le64(16),
  headSectors: le32(24),
  tailSectors: le32(28),
  sectorsCrc: le32(32),
  recordCrc: le32(36),
  reserved: le64(40),
});

export class SavedTable {
  sectorBytes: u32 = 0;
  diskSectors: u64 = 0n;
  headSectors: u32 = 0;
  tailSectors: u32 = 0;

  /** The bytes of the sectors at the start of the disk. */
  headBytes(): u32 {
    return this.headSectors * u16(this.sectorBytes);
  }

  /** The bytes of the sectors at its end. */
  tailBytes(): u32 {
    return this.tailSectors * u16(this.sectorBytes);
  }

  /** The length of the whole record. */
  totalBytes(): u32 {
    return SAVED_TABLE_HEAD_BYTES + this.headBytes() + this.tailBytes();
  }
}

/** Completes a record whose sectors already stand in `bytes`, which is `saved.totalBytes()` long. */
export function sealSavedTable(saved: SavedTable, bytes: Bytes): void {
  const sectors = bytes.slice(SAVED_TABLE_HEAD_BYTES, bytes.length - SAVED_TABLE_HEAD_BYTES);
  assert(bytes.length === saved.totalBytes());
  bytes.slice(0, SAVED_TABLE_HEAD_BYTES).fill(0);
  RECORD.magic.set(bytes, MAGIC);
  RECORD.version.set(bytes, VERSION);
  RECORD.sectorBytes.set(bytes, saved.sectorBytes);
  RECORD.diskSectors.set(bytes, saved.diskSectors);
  RECORD.headSectors.set(bytes, saved.headSectors);
  RECORD.tailSectors.set(bytes, saved.tailSectors);
  RECORD.sectorsCrc.set(bytes, crc32(sectors));
  RECORD.recordCrc.set(bytes, recordCrc(bytes));
}

/** Checks a record; `bytes` may be longer than it. False where it is damaged, foreign or of another version. */
export function parseSavedTable(bytes: Bytes, into: SavedTable): boolean {
  if (bytes.length < SAVED_TABLE_HEAD_BYTES) return false;
  if (RECORD.magic.get(bytes) !== MAGIC || RECORD.version.get(bytes) !== VERSION) return false;
  if (RECORD.recordCrc.get(bytes) !== recordCrc(bytes)) return false;
  into.sectorBytes = RECORD.sectorBytes.get(bytes);
  into.diskSectors = RECORD.diskSectors.get(bytes);
  into.headSectors = RECORD.headSectors.get(bytes);
  into.tailSectors = RECORD.tailSectors.get(bytes);
  if (into.sectorBytes !== 512 && into.sectorBytes !== 4096) return false;
  // A record fits into its buffer: with that the products below cannot overflow.
  if (into.headSectors > bytes.length || into.tailSectors > bytes.length) return false;
  if (BigInt(into.headSectors) + BigInt(into.tailSectors) > into.diskSectors) return false;
  const room = Math.trunc((bytes.length - SAVED_TABLE_HEAD_BYTES) / into.sectorBytes);
  if (into.headSectors + into.tailSectors > room) return false;
  const sectors = bytes.slice(SAVED_TABLE_HEAD_BYTES, into.headBytes() + into.tailBytes());
  return crc32(sectors) === RECORD.sectorsCrc.get(bytes);
}

function recordCrc(bytes: Bytes): u32 {
  return crc32WithoutField(bytes.slice(0, RECORD.byteLength), RECORD.recordCrc.offset);
}
