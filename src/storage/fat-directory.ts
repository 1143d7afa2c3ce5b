/**
 * DirectoryReader: walks over the entries of a directory of a FAT32 volume, long names put together.
 *
 * It owns a piece of the directory at a time, up to 4 KiB, read with one command. A long name counts only if all its parts
 * stand in order right before their short slot and carry its checksum; else the entry goes by its short name, as every
 * system does. Invariant: at most 65536 slots are looked at (the specification's limit), whatever the chain says.
 */
import { utf8FromUtf16 } from "../base/utf16.ts";
import { isLastPart, LONG_PART_UNITS, longPartChecksum, longPartNumber } from "../format/fat-directory.ts";
import { longPartUnits, SLOT_BYTES, slotAttributes, slotCluster, SlotKind } from "../format/fat-directory.ts";
import { slotKind, slotShortName, slotSizeBytes } from "../format/fat-directory.ts";
import {
  LONG_NAME_TEXT_BYTES,
  namesMatch,
  SHORT_NAME_BYTES,
  SHORT_NAME_TEXT_BYTES,
} from "../format/fat-name.ts";
import { shortNameChecksum, shortNameText } from "../format/fat-name.ts";
import { FatError } from "./fat-error.ts";
import { FatRun, FatTable } from "./fat-table.ts";

const PIECE_BYTES = 4096;
const SLOTS_LIMIT = 65536;
/** 20 parts of 13 characters of two bytes. */
const UNITS_BYTES = 520;

/** One entry of a directory. */
export class FatEntry {
  nameLength: u16 = 0;
  attributes: u8 = 0;
  isDirectory: boolean = false;
  firstCluster: u32 = 0;
  sizeBytes: u32 = 0;
  /** Where its short slot stands: the slot's number in its directory. */
  slotIndex: u32 = 0;
  readonly name = new Uint8Array(LONG_NAME_TEXT_BYTES);
  readonly shortName = new Uint8Array(SHORT_NAME_BYTES);

  /** The name as UTF-8: the long one where there is one. */
  nameText(): Bytes {
    return bytesOf(this.name).slice(0, this.nameLength);
  }

  /** Whether a path means this entry: by its name or by its short name. */
  isNamed(name: Bytes): boolean {
    if (namesMatch(this.nameText(), name)) return true;
    const text = new Uint8Array(SHORT_NAME_TEXT_BYTES);
    const length = shortNameText(bytesOf(this.shortName), bytesOf(text));
    return namesMatch(bytesOf(text).slice(0, length), name);
  }
}

export class DirectoryReader {
  private readonly piece = new Uint8Array(PIECE_BYTES);
  private readonly units = new Uint8Array(UNITS_BYTES);
  private readonly run = new FatRun();
  private table: FatTable | null = null;
  /** The cluster after the piece at hand, 0 where the chain ends; and how far into that cluster the next piece starts. */
  private nextCluster: u32 = 0;
  private nextOffset: u32 = 0;
  private pieceSector: u64 = 0n;
  private pieceLength: u32 = 0;
  private position: u32 = 0;
  private slotsSeen: u32 = 0;
  /** The long part that must come next, 0 where no name is being put together. */
  private partsLeft: u8 = 0;
  private unitsLength: u32 = 0;
  private checksum: u8 = 0;
  private unitsReady: boolean = false;

  /** Starts at the front of the directory whose chain starts with `firstCluster`. */
  open(table: FatTable, firstCluster: u32): void {
    this.table = table;
    this.nextCluster = firstCluster;
    this.nextOffset = 0;
    this.pieceLength = 0;
    this.position = 0;
    this.slotsSeen = 0;
    this.forgetLongName();
  }

  /** Reads the next file or directory, "." and ".." left out, into `into`; false at the end. */
  next(into: FatEntry): Result<boolean, FatError> {
    while (true) {
      const advanced = this.nextSlot();
      if (!advanced.ok || !advanced.value) return advanced;
      const slot = this.slot();
      const kind = slotKind(slot);
      if (kind === SlotKind.end) return ok(false);
      if (kind === SlotKind.longPart) this.takeLongPart(slot);
      else if (kind === SlotKind.free || kind === SlotKind.label || isDotSlot(slot)) this.forgetLongName();
      else {
        this.describe(slot, kind === SlotKind.directory, into);
        return ok(true);
      }
    }
  }

  /** Moves on by one slot, whatever it holds; false behind the last slot of the chain. */
  nextSlot(): Result<boolean, FatError> {
    if (this.slotsSeen > 0) this.position += SLOT_BYTES;
    if (this.position >= this.pieceLength) {
      if (this.nextCluster === 0 || this.slotsSeen >= SLOTS_LIMIT) return ok(false);
      const loaded = this.loadPiece();
      if (!loaded.ok) return err(loaded.error);
    }
    this.slotsSeen++;
    return ok(true);
  }

  /** The slot at hand: a view, valid until the reader moves on. */
  slot(): Bytes {
    return bytesOf(this.piece).slice(this.position, SLOT_BYTES);
  }

  /** The number of the slot at hand in its directory. */
  slotIndex(): u32 {
    assert(this.slotsSeen > 0);
    return this.slotsSeen - 1;
  }

  /** The sector of the volume in which the slot at hand stands. */
  slotSector(): u64 {
    const within = Math.trunc(this.position / this.fat().geometry.sectorBytes);
    return this.pieceSector + BigInt(within);
  }

  /** That sector's bytes, to be changed and written back. */
  slotSectorBytes(): Bytes {
    const sectorBytes = this.fat().geometry.sectorBytes;
    return bytesOf(this.piece).slice(this.position - (this.position % sectorBytes), sectorBytes);
  }

  private fat(): FatTable {
    const table = this.table;
    assert(table !== null, "no directory is open");
    return table;
  }

  /** Reads up to 4 KiB of the chain that stand in a row. */
  private loadPiece(): Result<void, FatError> {
    const table = this.fat();
    const clusterBytes = table.geometry.clusterBytes();
    const cluster = this.nextCluster;
    if (!table.geometry.isCluster(cluster)) return err(FatError.corrupt);
    this.pieceSector = table.geometry.clusterSector(cluster);
    this.pieceSector += BigInt(Math.trunc(this.nextOffset / table.geometry.sectorBytes));
    if (this.nextOffset + PIECE_BYTES < clusterBytes) {
      // Within a large cluster: what follows in the chain need not be known yet.
      this.pieceLength = PIECE_BYTES;
      this.nextOffset += PIECE_BYTES;
    } else {
      const small = u16(Math.min(clusterBytes, PIECE_BYTES));
      const followed = table.run(cluster, u32(Math.trunc(PIECE_BYTES / small)), this.run);
      if (!followed.ok) return followed;
      this.pieceLength = this.run.count * small;
      this.nextCluster = this.run.next;
      this.nextOffset = 0;
    }
    this.position = 0;
    const read = table.disk().read(this.pieceSector, bytesOf(this.piece).slice(0, this.pieceLength));
    return read.ok ? ok() : err(table.failed(read.error));
  }

  private takeLongPart(slot: Bytes): void {
    const number = longPartNumber(slot);
    if (isLastPart(slot)) {
      this.partsLeft = number;
      this.checksum = longPartChecksum(slot);
      this.unitsLength = number * LONG_PART_UNITS * 2;
      this.unitsReady = false;
    }
    if (number === 0 || number !== this.partsLeft || longPartChecksum(slot) !== this.checksum) {
      this.forgetLongName();
      return;
    }
    longPartUnits(slot, bytesOf(this.units).slice((number - 1) * LONG_PART_UNITS * 2, LONG_PART_UNITS * 2));
    this.partsLeft--;
    this.unitsReady = this.partsLeft === 0;
  }

  private forgetLongName(): void {
    this.partsLeft = 0;
    this.unitsReady = false;
  }

  private describe(slot: Bytes, isDirectory: boolean, into: FatEntry): void {
    const short = bytesOf(into.shortName);
    slotShortName(slot, short);
    let length: u32 = 0;
    // The checksum is of the name as it is stored.
    if (this.unitsReady && shortNameChecksum(slot) === this.checksum) {
      length = utf8FromUtf16(bytesOf(this.units).slice(0, this.unitsLength), bytesOf(into.name));
    }
    if (length === 0) length = shortNameText(short, bytesOf(into.name));
    into.nameLength = u16(length);
    into.attributes = slotAttributes(slot);
    into.isDirectory = isDirectory;
    into.firstCluster = slotCluster(slot);
    into.sizeBytes = isDirectory ? 0 : slotSizeBytes(slot);
    into.slotIndex = this.slotIndex();
    this.forgetLongName();
  }
}

/** Whether the slot is "." or "..". */
function isDotSlot(slot: Bytes): boolean {
  if (slot.u8(0) !== 0x2e) return false;
  return slot.u8(1) === 0x20 || (slot.u8(1) === 0x2e && slot.u8(2) === 0x20);
}
