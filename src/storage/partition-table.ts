/**
 * PartitionTable: the GPT of one disk in memory; read, changed, written.
 *
 * The raw bytes are kept, so that entries which RayOS does not know survive a change bit by bit. They lie in one buffer
 * in such an order that each copy is one transfer:
 *
 *     [ MBR | primary header | array … | backup header ]
 *      └──── written to LBA 0 ────────┘
 *                             └── written to the end ──┘
 *
 * `write` goes in two steps: 1. the backup, flushed; 2. the primary copy, flushed: **the commit point is the start of
 * step 2**. Cut before it, the old primary copy stands; cut within it, the primary copy is torn and the new backup is
 * read instead. Called by the boot manager and the kernel (discovery), the installer and the image builder.
 */
import { crc32 } from "../base/crc32.ts";
import { isGuid, isNilGuid } from "../base/guid.ts";
import { BlockDevice, IoError } from "../device/block-device.ts";
import { GPT_ARRAY_LIMIT_BYTES, GPT_ENTRY_BYTES, GPT_ENTRY_COUNT, GptEntry } from "../format/gpt.ts";
import { GptFault, GptHeader, parseHeader, readEntry, sectorsFor } from "../format/gpt.ts";
import { slotIsUsed, writeEntry, writeHeader } from "../format/gpt.ts";
import { MbrKind, mbrKind, setBootCode, writeProtectiveMbr } from "../format/mbr.ts";

const SECTOR_LIMIT_BYTES = 4096;
/** The array of nearly every disk; read together with the header in the hope that it is all of it. */
const USUAL_ARRAY_BYTES = GPT_ENTRY_BYTES * GPT_ENTRY_COUNT;
const BUFFER_BYTES = 3 * SECTOR_LIMIT_BYTES + GPT_ARRAY_LIMIT_BYTES;

/** No such slot. */
export const NO_SLOT: u32 = 0xffffffff;

export const enum TableError {
  none = 0,
  /** The device failed; `ioError` says how. */
  io = 1,
  /** Sectors of neither 512 nor 4096 bytes, or too few of them for a table. */
  disk = 2,
  /** There is no table: an empty disk, or a file system over all of it. */
  noTable = 3,
  /** An MBR with partitions, not a GPT disk. */
  legacyMbr = 4,
  /** There was a GPT, but neither copy of it is whole. */
  damaged = 5,
  /** A table of a shape that RayOS does not handle. */
  unsupported = 6,
  /** Every slot is taken. */
  full = 7,
  /** The partition is empty, leaves the usable sectors or covers another one. */
  badRange = 8,
  /** Saved bytes that are damaged, or of another disk. */
  badSave = 9,
}

/** Which copy the table in memory comes from. */
export const enum TableSource {
  none = 0,
  primary = 1,
  backup = 2,
  /** Made by `create`. */
  created = 3,
}

export class PartitionTable {
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private readonly header = new GptHeader();
  private readonly other = new GptEntry();
  private sectorBytes: u32 = 512;
  private diskSectors: u64 = 0n;
  private from: TableSource = TableSource.none;
  private primary: GptFault = GptFault.none;
  private backup: GptFault = GptFault.none;
  private lastIo: IoError = IoError.none;

  /**
   * Reads the primary copy, and the backup where that is damaged. One command on a healthy disk; the backup of a healthy
   * disk is not looked at (`checkBackup`).
   */
  read(device: BlockDevice): Result<void, TableError> {
    if (!this.adopt(device)) return err(TableError.disk);
    this.primary = this.readPrimary(device);
    if (this.primary === GptFault.none) {
      if (mbrKind(this.mbr()) === MbrKind.legacy) return err(TableError.legacyMbr);
      this.from = TableSource.primary;
      return ok();
    }
    if (this.primary !== GptFault.unreadable && mbrKind(this.mbr()) === MbrKind.legacy) {
      return err(TableError.legacyMbr);
    }
    this.backup = this.readBackup(device);
    if (this.backup === GptFault.none) {
      this.from = TableSource.backup;
      return ok();
    }
    return err(this.failure());
  }

  /** Reads the backup copy too and says what is wrong with it. The table in memory stays. */
  checkBackup(device: BlockDevice, scratch: PartitionTable): GptFault {
    assert(this.from === TableSource.primary);
    if (!scratch.adopt(device)) return GptFault.unreadable;
    this.backup = scratch.readBackup(device);
    if (this.backup === GptFault.none && scratch.header.arrayCrc !== this.header.arrayCrc) {
      this.backup = GptFault.arrayCrc;
    }
    return this.backup;
  }

  /** An empty table with 128 slots for the whole disk. The first sector's boot code is lost, unless it is set again. */
  create(device: BlockDevice, diskGuid: Bytes): Result<void, TableError> {
    if (!this.adopt(device)) return err(TableError.disk);
    bytesOf(this.buffer).fill(0);
    bytesOf(this.header.diskGuid).copyFrom(diskGuid);
    this.header.entryBytes = GPT_ENTRY_BYTES;
    this.header.entryCount = GPT_ENTRY_COUNT;
    this.header.arrayLba = 2n;
    this.header.firstUsableLba = 2n + BigInt(this.arraySectors());
    this.header.lastUsableLba = this.backupArrayLba() - 1n;
    this.header.alternateLba = this.diskSectors - 1n;
    this.from = TableSource.created;
    return ok();
  }

  source(): TableSource {
    return this.from;
  }

  /** Why the primary copy was not taken. */
  primaryFault(): GptFault {
    return this.primary;
  }

  /** What `read` (after a damaged primary copy) or `checkBackup` found at the backup. */
  backupFault(): GptFault {
    return this.backup;
  }

  /** The device's answer behind `TableError.io` and `GptFault.unreadable`. */
  ioError(): IoError {
    return this.lastIo;
  }

  /** Whether the disk is larger than the table says, as after an image was written to a larger stick. */
  isShort(): boolean {
    return this.header.alternateLba < this.diskSectors - 1n;
  }

  /** Makes the sectors behind a short table usable. `write` puts the backup to the end of the disk in any case. */
  growToDisk(): void {
    if (this.isShort()) this.header.lastUsableLba = this.backupArrayLba() - 1n;
  }

  diskGuid(): Bytes {
    return bytesOf(this.header.diskGuid);
  }

  firstUsableLba(): u64 {
    return this.header.firstUsableLba;
  }

  lastUsableLba(): u64 {
    return this.header.lastUsableLba;
  }

  /** How many slots there are, used or not. */
  slotCount(): u32 {
    return this.header.entryCount;
  }

  /** Reads the slot into `into`; false where it is empty, or holds sectors that are not usable ones. */
  entry(slot: u32, into: GptEntry): boolean {
    const bytes = this.slotBytes(slot);
    if (!slotIsUsed(bytes)) return false;
    readEntry(bytes, into);
    if (into.firstLba > into.lastLba) return false;
    return into.firstLba >= this.header.firstUsableLba && into.lastLba <= this.header.lastUsableLba;
  }

  /** The first slot from `from` on that holds a partition of this type, read into `into`; or `NO_SLOT`. */
  findType(type: string, from: u32, into: GptEntry): u32 {
    for (let slot: u32 = from; slot < this.header.entryCount; slot++) {
      if (this.entry(slot, into) && isGuid(bytesOf(into.type), type)) return slot;
    }
    return NO_SLOT;
  }

  /** The slot of the partition with this GUID, read into `into`; or `NO_SLOT`. */
  findUnique(unique: Bytes, into: GptEntry): u32 {
    for (let slot: u32 = 0; slot < this.header.entryCount; slot++) {
      if (this.entry(slot, into) && bytesOf(into.unique).equals(unique)) return slot;
    }
    return NO_SLOT;
  }

  /** Adds a partition in the first empty slot, and says which. It must be usable sectors that no other one covers. */
  add(entry: GptEntry): Result<u32, TableError> {
    assert(!isNilGuid(bytesOf(entry.type)) && !isNilGuid(bytesOf(entry.unique)));
    if (entry.firstLba > entry.lastLba) return err(TableError.badRange);
    if (entry.firstLba < this.header.firstUsableLba) return err(TableError.badRange);
    if (entry.lastLba > this.header.lastUsableLba) return err(TableError.badRange);
    let empty: u32 = NO_SLOT;
    for (let slot: u32 = 0; slot < this.header.entryCount; slot++) {
      if (!slotIsUsed(this.slotBytes(slot))) {
        if (empty === NO_SLOT) empty = slot;
      } else {
        readEntry(this.slotBytes(slot), this.other);
        if (this.other.firstLba <= entry.lastLba && this.other.lastLba >= entry.firstLba) {
          return err(TableError.badRange);
        }
      }
    }
    if (empty === NO_SLOT) return err(TableError.full);
    writeEntry(entry, this.slotBytes(empty));
    return ok(empty);
  }

  /** Empties a slot. */
  remove(slot: u32): void {
    this.slotBytes(slot).fill(0);
  }

  /** Puts a program for legacy firmware, at most 440 bytes, in front of the table. */
  setBootCode(code: Bytes): void {
    setBootCode(this.mbr(), code);
  }

  /**
   * Writes protective MBR, both headers and both arrays, for the whole disk as it is now; durable when it returns.
   * Two writes and two flushes; a third write where a foreign table keeps its array away from its header.
   */
  write(device: BlockDevice): Result<void, TableError> {
    assert(this.from !== TableSource.none);
    assert(device.sectorCount() === this.diskSectors && device.sectorBytes() === this.sectorBytes);
    if (!this.copiesFit()) return err(TableError.unsupported);
    this.header.arrayCrc = crc32(this.array());
    if (mbrKind(this.mbr()) !== MbrKind.hybrid) writeProtectiveMbr(this.mbr(), this.diskSectors);
    const backup = this.writeBackup(device);
    if (backup !== IoError.none) return err(this.failed(backup));
    const primary = this.writePrimary(device);
    if (primary !== IoError.none) return err(this.failed(primary));
    this.from = TableSource.primary;
    this.primary = GptFault.none;
    this.backup = GptFault.none;
    return ok();
  }

  /** Takes the measures of the disk and forgets the table; false where a table cannot be on such a disk. */
  private adopt(device: BlockDevice): boolean {
    this.from = TableSource.none;
    this.primary = GptFault.none;
    this.backup = GptFault.none;
    this.lastIo = IoError.none;
    this.sectorBytes = device.sectorBytes();
    this.diskSectors = device.sectorCount();
    if (this.sectorBytes !== 512 && this.sectorBytes !== SECTOR_LIMIT_BYTES) return false;
    return this.diskSectors > 4n + 2n * BigInt(this.usualSectors());
  }

  private readPrimary(device: BlockDevice): GptFault {
    const usual = this.usualSectors();
    const head = this.part(0, 2 + usual);
    const read = device.read(0n, head);
    if (!read.ok) {
      this.lastIo = read.error;
      head.fill(0);
      return GptFault.unreadable;
    }
    const parsed = parseHeader(this.part(1, 1), 1n, this.diskSectors, this.header);
    if (!parsed.ok) return parsed.error;
    return this.readArray(device, this.header.arrayLba === 2n ? usual : 0);
  }

  /** Reads the backup copy and, when it is whole, turns its header into that of a primary copy. */
  private readBackup(device: BlockDevice): GptFault {
    const usual = this.usualSectors();
    const last = this.diskSectors - 1n;
    const start = last - BigInt(usual);
    const read = device.read(start, this.part(2, usual + 1));
    if (!read.ok) {
      this.lastIo = read.error;
      return GptFault.unreadable;
    }
    const parsed = parseHeader(this.part(2 + usual, 1), last, this.diskSectors, this.header);
    if (!parsed.ok) return parsed.error;
    const fault = this.readArray(device, this.header.arrayLba === start ? usual : 0);
    if (fault !== GptFault.none) return fault;
    this.header.myLba = 1n;
    this.header.alternateLba = last;
    this.header.arrayLba = 2n;
    return GptFault.none;
  }

  /** Reads the array that the header names, unless its place already holds `have` sectors of it and these suffice. */
  private readArray(device: BlockDevice, have: u32): GptFault {
    if (this.arraySectors() > have) {
      const read = device.read(this.header.arrayLba, this.part(2, this.arraySectors()));
      if (!read.ok) {
        this.lastIo = read.error;
        return GptFault.unreadable;
      }
    }
    return crc32(this.array()) === this.header.arrayCrc ? GptFault.none : GptFault.arrayCrc;
  }

  /** Whether both copies have room outside the usable sectors. */
  private copiesFit(): boolean {
    if (this.header.lastUsableLba >= this.backupArrayLba()) return false;
    return this.header.arrayLba !== 2n || 2n + BigInt(this.arraySectors()) <= this.header.firstUsableLba;
  }

  private writeBackup(device: BlockDevice): IoError {
    const sectors = this.arraySectors();
    const primaryArrayLba = this.header.arrayLba;
    this.header.myLba = this.diskSectors - 1n;
    this.header.alternateLba = 1n;
    this.header.arrayLba = this.backupArrayLba();
    writeHeader(this.header, this.part(2 + sectors, 1));
    const written = device.write(this.header.arrayLba, this.part(2, sectors + 1));
    this.header.myLba = 1n;
    this.header.alternateLba = this.diskSectors - 1n;
    this.header.arrayLba = primaryArrayLba;
    if (!written.ok) return written.error;
    const flushed = device.flush();
    return flushed.ok ? IoError.none : flushed.error;
  }

  private writePrimary(device: BlockDevice): IoError {
    writeHeader(this.header, this.part(1, 1));
    let headSectors: u32 = 2 + this.arraySectors();
    if (this.header.arrayLba !== 2n) {
      const array = device.write(this.header.arrayLba, this.part(2, this.arraySectors()));
      if (!array.ok) return array.error;
      headSectors = 2;
    }
    const written = device.write(0n, this.part(0, headSectors));
    if (!written.ok) return written.error;
    const flushed = device.flush();
    return flushed.ok ? IoError.none : flushed.error;
  }

  private failure(): TableError {
    if (this.primary === GptFault.unreadable || this.backup === GptFault.unreadable) return TableError.io;
    if (this.primary === GptFault.arraySize || this.backup === GptFault.arraySize)
      return TableError.unsupported;
    if (this.primary === GptFault.signature && this.backup === GptFault.signature) return TableError.noTable;
    return TableError.damaged;
  }

  private failed(error: IoError): TableError {
    this.lastIo = error;
    return TableError.io;
  }

  /** `count` sectors of the buffer from sector `first` on. */
  private part(first: u32, count: u32): Bytes {
    const sectorBytes = u16(this.sectorBytes);
    return bytesOf(this.buffer).slice(first * sectorBytes, count * sectorBytes);
  }

  private mbr(): Bytes {
    return this.part(0, 1);
  }

  private array(): Bytes {
    return bytesOf(this.buffer).slice(2 * this.sectorBytes, this.header.arrayBytes());
  }

  private slotBytes(slot: u32): Bytes {
    assert(slot < this.header.entryCount);
    return this.array().slice(slot * u16(this.header.entryBytes), this.header.entryBytes);
  }

  private arraySectors(): u32 {
    return sectorsFor(this.header.arrayBytes(), this.sectorBytes);
  }

  private usualSectors(): u32 {
    return sectorsFor(USUAL_ARRAY_BYTES, this.sectorBytes);
  }

  private backupArrayLba(): u64 {
    return this.diskSectors - 1n - BigInt(this.arraySectors());
  }
}
