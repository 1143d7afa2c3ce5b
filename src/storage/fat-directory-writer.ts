/**
 * FatDirectoryWriter: puts entries into directories of a FAT32 volume, and makes directories.
 *
 * An entry appears with the write of the sector that holds its short slot, after its long parts: **that write is the
 * commit point**; what it points to must be durable before. An entry that exists is pointed to other content by one
 * sector write. Called by `fat-file-writer.ts`, the installer and the image builder.
 */
import { utf16FromUtf8 } from "../base/utf16.ts";
import { ATTRIBUTE_DIRECTORY, ENTRY_SLOTS_LIMIT, setSlotContent } from "../format/fat-directory.ts";
import { setSlotWritten, SLOT_BYTES, SLOT_END, slotKind, SlotKind } from "../format/fat-directory.ts";
import { writeLongPart, writeShortSlot } from "../format/fat-directory.ts";
import { isInCapitals, isValidName, makeShortName, SHORT_NAME_BYTES } from "../format/fat-name.ts";
import { plainShortName, shortNameChecksum } from "../format/fat-name.ts";
import { DirectoryReader, FatEntry } from "./fat-directory.ts";
import { FatError } from "./fat-error.ts";
import { FatRun } from "./fat-table.ts";
import { FatVolume, partEnd, skipSeparators } from "./fat-volume.ts";

const BLOCK_BYTES = 4096;
const LONG_PART_BYTES = 26;
/** 20 parts of 13 characters of two bytes. */
const UNITS_BYTES = 520;
/** So many files with the same first six letters have been tried; nobody has more. */
const SHORT_NUMBERS_LIMIT = 9999;
/** Clusters that one entry can need in the smallest clusters, and one more. */
const GROWTH_LIMIT = 3;

const NO_GAP: u32 = 0xffffffff;

export class FatDirectoryWriter {
  private readonly run = new FatRun();
  private readonly reader = new DirectoryReader();
  private readonly entry = new FatEntry();
  private readonly parent = new FatEntry();
  private readonly short = new Uint8Array(SHORT_NAME_BYTES);
  private readonly units = new Uint8Array(UNITS_BYTES);
  private readonly slots = new Uint8Array(ENTRY_SLOTS_LIMIT * SLOT_BYTES);
  private readonly block = new Uint8Array(BLOCK_BYTES);

  /** Makes every directory of `path` that is not there yet. Durable when it returns. */
  makeDirectories(volume: FatVolume, path: Bytes, unixSeconds: u64): Result<void, FatError> {
    let at: u32 = skipSeparators(path, 0);
    while (at < path.length) {
      const end = partEnd(path, at);
      const before = path.slice(0, at);
      const found = volume.find(before, this.parent);
      if (!found.ok) return found;
      const made = this.makeDirectory(volume, path.slice(at, end - at), unixSeconds);
      if (!made.ok) return made;
      at = skipSeparators(path, end);
    }
    return ok();
  }

  /** Adds an entry to a directory that has none of this name. Not yet durable. */
  add(
    volume: FatVolume,
    directory: FatEntry,
    name: Bytes,
    attributes: u8,
    firstCluster: u32,
    sizeBytes: u32,
    unixSeconds: u64,
  ): Result<void, FatError> {
    if (!isValidName(name)) return err(FatError.badName);
    const named = this.chooseShortName(volume, directory, name);
    if (!named.ok) return err(named.error);
    const parts: u32 = named.value ? 0 : this.writeLongParts(name);
    const shortSlot = bytesOf(this.slots).slice(parts * SLOT_BYTES, SLOT_BYTES);
    writeShortSlot(shortSlot, bytesOf(this.short), attributes, unixSeconds);
    setSlotContent(shortSlot, firstCluster, sizeBytes);
    const room = this.makeRoom(volume, directory, parts + 1);
    if (!room.ok) return err(room.error);
    return this.writeSlots(volume, directory, room.value, parts + 1);
  }

  /** Points an entry that exists to other content: one sector write. Not yet durable. */
  replace(
    volume: FatVolume,
    directory: FatEntry,
    slotIndex: u32,
    firstCluster: u32,
    sizeBytes: u32,
    unixSeconds: u64,
  ): Result<void, FatError> {
    const moved = this.moveTo(volume, directory, slotIndex);
    if (!moved.ok) return moved;
    setSlotContent(this.reader.slot(), firstCluster, sizeBytes);
    setSlotWritten(this.reader.slot(), unixSeconds);
    return this.writeSector(volume);
  }

  /** Makes the directory `name` in `this.parent`, unless it is there. */
  private makeDirectory(volume: FatVolume, name: Bytes, unixSeconds: u64): Result<void, FatError> {
    const there = volume.lookUp(this.parent, name, this.entry);
    if (there.ok) return this.entry.isDirectory ? ok() : err(FatError.notDirectory);
    if (there.error !== FatError.notFound) return there;
    const hinted = volume.readHints();
    if (!hinted.ok) return hinted;
    const taken = volume.table.allocate(1);
    if (!taken.ok) return err(taken.error);
    const cluster = taken.value;
    volume.countClusters(1, 0);
    const block = bytesOf(this.block);
    block.fill(0);
    writeShortSlot(block.slice(0, SLOT_BYTES), utf8(".          "), ATTRIBUTE_DIRECTORY, unixSeconds);
    setSlotContent(block.slice(0, SLOT_BYTES), cluster, 0);
    writeShortSlot(
      block.slice(SLOT_BYTES, SLOT_BYTES),
      utf8("..         "),
      ATTRIBUTE_DIRECTORY,
      unixSeconds,
    );
    setSlotContent(block.slice(SLOT_BYTES, SLOT_BYTES), this.parent.firstCluster, 0);
    const started = this.writeFreshCluster(volume, cluster);
    if (!started.ok) return started;
    const durable = volume.sync();
    if (!durable.ok) return durable;
    const added = this.add(volume, this.parent, name, ATTRIBUTE_DIRECTORY, cluster, 0, unixSeconds);
    if (!added.ok) return added;
    return volume.sync();
  }

  /** Settles the short name of a new entry; true where it is all of the name. */
  private chooseShortName(volume: FatVolume, directory: FatEntry, name: Bytes): Result<boolean, FatError> {
    const short = bytesOf(this.short);
    if (plainShortName(name, short)) {
      if (isInCapitals(name)) return ok(true);
      const taken = this.isShortNameTaken(volume, directory);
      if (!taken.ok) return taken;
      if (!taken.value) return ok(false);
    }
    for (let number: u32 = 1; number <= SHORT_NUMBERS_LIMIT; number++) {
      makeShortName(name, number, short);
      const taken = this.isShortNameTaken(volume, directory);
      if (!taken.ok) return taken;
      if (!taken.value) return ok(false);
    }
    return err(FatError.noSpace);
  }

  private isShortNameTaken(volume: FatVolume, directory: FatEntry): Result<boolean, FatError> {
    volume.openDirectory(directory, this.reader);
    while (true) {
      const more = this.reader.next(this.entry);
      if (!more.ok || !more.value) return more;
      if (bytesOf(this.entry.shortName).equals(bytesOf(this.short))) return ok(true);
    }
  }

  /** Writes the long parts of `name` into `slots`, the last part first; how many. */
  private writeLongParts(name: Bytes): u32 {
    const units = bytesOf(this.units);
    const used = utf16FromUtf8(name, units);
    // Behind the name stands one NUL, where there is room, and then ones.
    units.slice(used, UNITS_BYTES - used).fill(0xff);
    if (used < UNITS_BYTES) units.setU16le(used, 0);
    const checksum = shortNameChecksum(bytesOf(this.short));
    const parts = u8(Math.trunc((used + LONG_PART_BYTES - 1) / LONG_PART_BYTES));
    for (let part: u8 = parts; part > 0; part--) {
      const slot = bytesOf(this.slots).slice((parts - part) * SLOT_BYTES, SLOT_BYTES);
      const characters = units.slice((part - 1) * LONG_PART_BYTES, LONG_PART_BYTES);
      writeLongPart(slot, part, part === parts, checksum, characters);
    }
    return parts;
  }

  /** The number of the first of `count` free slots in a row; the directory grows where it has none. */
  private makeRoom(volume: FatVolume, directory: FatEntry, count: u32): Result<u32, FatError> {
    for (let grown: u32 = 0; grown <= GROWTH_LIMIT; grown++) {
      const gap = this.findGap(volume, directory, count);
      if (!gap.ok || gap.value !== NO_GAP) return gap;
      const larger = this.grow(volume, directory);
      if (!larger.ok) return err(larger.error);
    }
    return err(FatError.noSpace);
  }

  private findGap(volume: FatVolume, directory: FatEntry, count: u32): Result<u32, FatError> {
    volume.openDirectory(directory, this.reader);
    let length: u32 = 0;
    let ended: boolean = false;
    while (true) {
      const more = this.reader.nextSlot();
      if (!more.ok) return err(more.error);
      if (!more.value) return ok(NO_GAP);
      const kind = slotKind(this.reader.slot());
      if (kind === SlotKind.end) ended = true;
      length = ended || kind === SlotKind.free ? length + 1 : 0;
      if (length < count) continue;
      const first: u32 = this.reader.slotIndex() + 1 - count;
      if (!ended) return ok(first);
      const closed = this.endAfterHere(volume);
      return closed.ok ? ok(first) : err(closed.error);
    }
  }

  /** The end of the directory moves: what stands behind the slot at hand was never looked at, and may be noise. */
  private endAfterHere(volume: FatVolume): Result<void, FatError> {
    const more = this.reader.nextSlot();
    if (!more.ok) return err(more.error);
    if (!more.value || this.reader.slot().u8(0) === SLOT_END) return ok();
    this.reader.slot().fill(0);
    return this.writeSector(volume);
  }

  /** Appends an empty cluster to a directory: its zeros are durable before it is linked, the link when it returns. */
  private grow(volume: FatVolume, directory: FatEntry): Result<void, FatError> {
    const table = volume.table;
    const last = this.lastCluster(volume, directory);
    if (!last.ok) return err(last.error);
    const taken = table.allocate(1);
    if (!taken.ok) return err(taken.error);
    volume.countClusters(1, 0);
    bytesOf(this.block).fill(0);
    const started = this.writeFreshCluster(volume, taken.value);
    if (!started.ok) return started;
    const durable = table.disk().flush();
    if (!durable.ok) return err(table.failed(durable.error));
    const linked = table.set(last.value, taken.value);
    return linked.ok ? volume.sync() : linked;
  }

  private lastCluster(volume: FatVolume, directory: FatEntry): Result<u32, FatError> {
    const geometry = volume.table.geometry;
    let cluster: u32 = directory.firstCluster === 0 ? geometry.rootCluster : directory.firstCluster;
    for (let steps: u32 = 0; steps < geometry.clusterCount; steps++) {
      const followed = volume.table.run(cluster, geometry.clusterCount, this.run);
      if (!followed.ok) return err(followed.error);
      if (this.run.next === 0) return ok(this.run.first + this.run.count - 1);
      cluster = this.run.next;
    }
    return err(FatError.corrupt);
  }

  /** Writes a cluster that starts with `block` and is zero behind it. `block` is zero afterwards. */
  private writeFreshCluster(volume: FatVolume, cluster: u32): Result<void, FatError> {
    const geometry = volume.table.geometry;
    const clusterBytes = geometry.clusterBytes();
    const piece = bytesOf(this.block).slice(0, Math.min(clusterBytes, BLOCK_BYTES));
    const first = geometry.clusterSector(cluster);
    for (let at: u32 = 0; at < clusterBytes; at += piece.length) {
      const sector = first + BigInt(Math.trunc(at / geometry.sectorBytes));
      const written = volume.table.disk().write(sector, piece);
      if (!written.ok) return err(volume.table.failed(written.error));
      piece.fill(0);
    }
    return ok();
  }

  /** Writes `count` prepared slots from slot number `first` on, sector by sector, the short slot last. */
  private writeSlots(volume: FatVolume, directory: FatEntry, first: u32, count: u32): Result<void, FatError> {
    const moved = this.moveTo(volume, directory, first);
    if (!moved.ok) return moved;
    const perSector = volume.table.geometry.sectorBytes >>> 5;
    for (let i: u32 = 0; i < count; i++) {
      this.reader.slot().copyFrom(bytesOf(this.slots).slice(i * SLOT_BYTES, SLOT_BYTES));
      const endsSector = (this.reader.slotIndex() + 1) % perSector === 0;
      if (endsSector || i + 1 === count) {
        const written = this.writeSector(volume);
        if (!written.ok) return written;
      }
      if (i + 1 === count) break;
      const more = this.reader.nextSlot();
      if (!more.ok) return err(more.error);
      if (!more.value) return err(FatError.corrupt);
    }
    return ok();
  }

  /** Puts the reader onto slot number `index` of a directory. */
  private moveTo(volume: FatVolume, directory: FatEntry, index: u32): Result<void, FatError> {
    volume.openDirectory(directory, this.reader);
    for (let slots: u32 = 0; slots <= index; slots++) {
      const more = this.reader.nextSlot();
      if (!more.ok) return err(more.error);
      if (!more.value) return err(FatError.corrupt);
    }
    return ok();
  }

  /** Writes back the sector in which the reader stands. */
  private writeSector(volume: FatVolume): Result<void, FatError> {
    const written = volume.table.disk().write(this.reader.slotSector(), this.reader.slotSectorBytes());
    return written.ok ? ok() : err(volume.table.failed(written.error));
  }
}
