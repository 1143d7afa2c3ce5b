/**
 * The GUID partition table (UEFI 2.10, section 5.3): its bytes ⇄ records, no I/O.
 *
 *     LBA 0            protective MBR (mbr.ts)
 *     LBA 1            primary header
 *     LBA 2 …          primary array: 128 entries of 128 bytes, or what the header says
 *     first … last usable    the partitions
 *     last - n …       backup array, the same bytes as the primary one
 *     last LBA         backup header: my LBA and alternate LBA exchanged, its own array, its own CRC
 *
 * A header that passed `parseHeader` has an array of bounded size that lies on the disk and outside the usable range.
 * Storage of the raw array, and thereby everything of an entry that RayOS does not know, is `partition-table.ts`.
 */
import { crc32WithoutField } from "../base/crc32.ts";
import { GUID_BYTES, isNilGuid } from "../base/guid.ts";
import { utf16FromUtf8, utf8FromUtf16 } from "../base/utf16.ts";

/** The array that RayOS makes; the specification's least. */
export const GPT_ENTRY_BYTES = 128;
export const GPT_ENTRY_COUNT = 128;
/** The largest array that is read: 512 entries of the usual size. */
export const GPT_ARRAY_LIMIT_BYTES = 65536;
/** 36 UTF-16 units of a partition's name, and the most that they take as UTF-8. */
export const GPT_NAME_BYTES = 72;
export const GPT_NAME_TEXT_BYTES = 108;

const SIGNATURE: u64 = 0x5452415020494645n;
const REVISION = 0x00010000;
const ENTRY_LIMIT_BYTES = 4096;

const HEADER = layout(92, {
  signature: le64(0),
  revision: le32(8),
  headerBytes: le32(12),
  headerCrc: le32(16),
  reserved: le32(20),
  myLba: le64(24),
  alternateLba: le64(32),
  firstUsableLba: le64(40),
  lastUsableLba: le64(48),
  diskGuid: octets(56, 16),
  arrayLba: le64(72),
  entryCount: le32(80),
  entryBytes: le32(84),
  arrayCrc: le32(88),
});

const ENTRY = layout(GPT_ENTRY_BYTES, {
  type: octets(0, 16),
  unique: octets(16, 16),
  firstLba: le64(32),
  lastLba: le64(40),
  attributes: le64(48),
  name: octets(56, 72),
});

/** Why one copy of the table is not taken. */
export const enum GptFault {
  none = 0,
  /** No "EFI PART": there is none. */
  signature = 1,
  revision = 2,
  headerSize = 3,
  headerCrc = 4,
  /** The header says that it stands elsewhere. */
  position = 5,
  /** Usable range or array do not fit onto the disk, or overlap. */
  geometry = 6,
  /** The array is larger than RayOS reads, or its entries have an impossible size. */
  arraySize = 7,
  arrayCrc = 8,
  /** The sectors could not be read. */
  unreadable = 9,
}

export class GptHeader {
  myLba: u64 = 0n;
  alternateLba: u64 = 0n;
  firstUsableLba: u64 = 0n;
  lastUsableLba: u64 = 0n;
  arrayLba: u64 = 0n;
  entryCount: u32 = 0;
  entryBytes: u32 = 0;
  arrayCrc: u32 = 0;
  readonly diskGuid = new Uint8Array(GUID_BYTES);

  /** Bytes of the array: at most `GPT_ARRAY_LIMIT_BYTES`. */
  arrayBytes(): u32 {
    return u32(Number(BigInt(this.entryCount) * BigInt(this.entryBytes)));
  }
}

/** One partition. Its sectors are `firstLba` to `lastLba`, both included. */
export class GptEntry {
  firstLba: u64 = 0n;
  lastLba: u64 = 0n;
  attributes: u64 = 0n;
  readonly type = new Uint8Array(GUID_BYTES);
  readonly unique = new Uint8Array(GUID_BYTES);
  readonly name = new Uint8Array(GPT_NAME_BYTES);

  sectorCount(): u64 {
    return this.lastLba - this.firstLba + 1n;
  }

  /** Sets the name from UTF-8; what exceeds 36 units is cut off. */
  setName(text: Bytes): void {
    bytesOf(this.name).fill(0);
    utf16FromUtf8(text, bytesOf(this.name));
  }

  /** Writes the name as UTF-8; its length. `GPT_NAME_TEXT_BYTES` always suffice. */
  nameText(into: Bytes): u32 {
    return utf8FromUtf16(bytesOf(this.name), into);
  }
}

/** Checks the header in `sector`, read from `lba` of a disk of `diskSectors`, and hands it on as a record. */
export function parseHeader(
  sector: Bytes,
  lba: u64,
  diskSectors: u64,
  into: GptHeader,
): Result<void, GptFault> {
  if (HEADER.signature.get(sector) !== SIGNATURE) return err(GptFault.signature);
  if (HEADER.revision.get(sector) !== REVISION) return err(GptFault.revision);
  const headerBytes = HEADER.headerBytes.get(sector);
  if (headerBytes < HEADER.byteLength || headerBytes > sector.length) return err(GptFault.headerSize);
  const crc = crc32WithoutField(sector.slice(0, headerBytes), HEADER.headerCrc.offset);
  if (crc !== HEADER.headerCrc.get(sector)) return err(GptFault.headerCrc);
  if (HEADER.myLba.get(sector) !== lba) return err(GptFault.position);
  const entryBytes = HEADER.entryBytes.get(sector);
  const entryCount = HEADER.entryCount.get(sector);
  if (!arraySizeIsSane(entryCount, entryBytes)) return err(GptFault.arraySize);
  into.myLba = lba;
  into.alternateLba = HEADER.alternateLba.get(sector);
  into.firstUsableLba = HEADER.firstUsableLba.get(sector);
  into.lastUsableLba = HEADER.lastUsableLba.get(sector);
  into.arrayLba = HEADER.arrayLba.get(sector);
  into.entryCount = entryCount;
  into.entryBytes = entryBytes;
  into.arrayCrc = HEADER.arrayCrc.get(sector);
  bytesOf(into.diskGuid).copyFrom(HEADER.diskGuid.of(sector));
  if (!geometryIsSane(into, sector.length, diskSectors)) return err(GptFault.geometry);
  return ok();
}

/** Writes `header` over all of `sector`, CRC included. */
export function writeHeader(header: GptHeader, sector: Bytes): void {
  sector.fill(0);
  HEADER.signature.set(sector, SIGNATURE);
  HEADER.revision.set(sector, REVISION);
  HEADER.headerBytes.set(sector, HEADER.byteLength);
  HEADER.myLba.set(sector, header.myLba);
  HEADER.alternateLba.set(sector, header.alternateLba);
  HEADER.firstUsableLba.set(sector, header.firstUsableLba);
  HEADER.lastUsableLba.set(sector, header.lastUsableLba);
  HEADER.diskGuid.of(sector).copyFrom(bytesOf(header.diskGuid));
  HEADER.arrayLba.set(sector, header.arrayLba);
  HEADER.entryCount.set(sector, header.entryCount);
  HEADER.entryBytes.set(sector, header.entryBytes);
  HEADER.arrayCrc.set(sector, header.arrayCrc);
  HEADER.headerCrc.set(
    sector,
    crc32WithoutField(sector.slice(0, HEADER.byteLength), HEADER.headerCrc.offset),
  );
}

/** Whether the slot of an array holds a partition. */
export function slotIsUsed(slot: Bytes): boolean {
  return !isNilGuid(ENTRY.type.of(slot));
}

/** Reads a used slot. Where its sectors lie is the table's to check. */
export function readEntry(slot: Bytes, into: GptEntry): void {
  into.firstLba = ENTRY.firstLba.get(slot);
  into.lastLba = ENTRY.lastLba.get(slot);
  into.attributes = ENTRY.attributes.get(slot);
  bytesOf(into.type).copyFrom(ENTRY.type.of(slot));
  bytesOf(into.unique).copyFrom(ENTRY.unique.of(slot));
  bytesOf(into.name).copyFrom(ENTRY.name.of(slot));
}

/** Writes a slot; bytes behind the known fields become zero. */
export function writeEntry(entry: GptEntry, slot: Bytes): void {
  slot.fill(0);
  ENTRY.type.of(slot).copyFrom(bytesOf(entry.type));
  ENTRY.unique.of(slot).copyFrom(bytesOf(entry.unique));
  ENTRY.firstLba.set(slot, entry.firstLba);
  ENTRY.lastLba.set(slot, entry.lastLba);
  ENTRY.attributes.set(slot, entry.attributes);
  ENTRY.name.of(slot).copyFrom(bytesOf(entry.name));
}

/** The word for a fault in messages. */
export function gptFaultName(fault: GptFault): string {
  switch (fault) {
    case GptFault.none:
      return "none";
    case GptFault.signature:
      return "no-signature";
    case GptFault.revision:
      return "unknown-revision";
    case GptFault.headerSize:
      return "bad-header-size";
    case GptFault.headerCrc:
      return "bad-header-crc";
    case GptFault.position:
      return "wrong-position";
    case GptFault.geometry:
      return "bad-geometry";
    case GptFault.arraySize:
      return "bad-array-size";
    case GptFault.arrayCrc:
      return "bad-array-crc";
    case GptFault.unreadable:
      return "unreadable";
  }
}

/** Section 5.3.2: entries have 128 bytes times a power of two. */
function arraySizeIsSane(entryCount: u32, entryBytes: u32): boolean {
  if (entryBytes < GPT_ENTRY_BYTES || entryBytes > ENTRY_LIMIT_BYTES) return false;
  if ((entryBytes & (entryBytes - 1)) !== 0) return false;
  return entryCount > 0 && entryCount <= Math.trunc(GPT_ARRAY_LIMIT_BYTES / entryBytes);
}

function geometryIsSane(header: GptHeader, sectorBytes: u32, diskSectors: u64): boolean {
  if (header.firstUsableLba < 2n || header.firstUsableLba > header.lastUsableLba) return false;
  if (header.lastUsableLba >= diskSectors) return false;
  if (header.myLba >= header.firstUsableLba && header.myLba <= header.lastUsableLba) return false;
  if (header.arrayLba < 2n || header.arrayLba >= diskSectors) return false;
  const arrayEnd = header.arrayLba + BigInt(sectorsFor(header.arrayBytes(), sectorBytes));
  if (arrayEnd > diskSectors) return false;
  return arrayEnd <= header.firstUsableLba || header.arrayLba > header.lastUsableLba;
}

/** How many sectors hold `bytes`. */
export function sectorsFor(bytes: u32, sectorBytes: u32): u32 {
  return u32(Math.trunc((bytes + sectorBytes - 1) / sectorBytes));
}
