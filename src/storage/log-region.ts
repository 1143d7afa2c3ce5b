/**
 * LogRegion: the log partition: what is on it, which file is the newest, and where in it the next entry goes.
 *
 * Opening reads the header of each file, and of the newest file the few windows of 16 KiB that a binary search for its end looks at.
 * Invariants: nothing is written that `LogWriter` does not write; a partition that is not ours is never written at all; what was
 * acknowledged is never written over before its file's turn comes again. `advance` moves the end only after a flush.
 *
 * The end of a file is where a window of 16 KiB holds no entry of this file, whole or damaged, and no sector that does not read. A group of
 * entries is at most that long, so whatever part of a group survived a power cut lies before the end, and is never mixed with what is
 * written later. What stood on the disk before the log, and what an earlier lap left, is no entry of this file.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import { isInstallationRecord } from "../format/installation-record.ts";
import {
  beginsEntry,
  ENTRY,
  entryBytes,
  isZero,
  judgePlace,
  LOG_BLOCK_BYTES,
  LOG_GRAIN_BYTES,
  LogPlace,
  wasEntry,
} from "../format/log-entry.ts";
import { checkSegmentHeader, LogGeometry, SEGMENT, SegmentFault } from "../format/log-segment.ts";

const LARGEST_SECTOR_BYTES = 4096;
/** Behind the end that was found so many windows are looked at, lest damage in the middle of a file was taken for its end. */
const WINDOWS_BEHIND = 4;
/** What is read at once, and the most that a group of entries takes. */
export const LOG_WINDOW_BYTES = 16384;
/** At the front of a log that was not begun a MiB is zeros. */
const CLEARED_WINDOWS = 64;
const INSTALLATION_BYTES = 4096;

export const enum LogCondition {
  /** Zeros at its front: the log begins here. */
  empty = 0,
  good = 1,
  tooSmall = 2,
  /** Something else stands at its front. */
  foreign = 3,
  /** An installation was cut short here. */
  installation = 4,
  /** Written by a newer version. */
  newer = 5,
  /** Ours, but the partition had another size or place. */
  otherSize = 6,
}

export class LogRegion {
  readonly geometry = new LogGeometry();
  private device: BlockDevice | null = null;
  private found: LogCondition = LogCondition.tooSmall;
  /** The newest file; of an empty log, the number in front of the one that will be the first. */
  private newest: u32 = 0;
  private firstFile: u32 = 1;
  /** Where the next group goes in the newest file; its size where it is full. */
  private end: u32 = 0;
  private sequence: u64 = 0n;
  private unixTime: u64 = 0n;
  /** Whether a whole header stands in the first slot, and if not, why not. */
  private hasFront: boolean = false;
  private frontFault: SegmentFault = SegmentFault.foreign;
  /** How far the last window read has sectors that do not read, in bytes. */
  private unreadableTo: u32 = 0;
  private readonly window = new Uint8Array(LOG_WINDOW_BYTES);
  private readonly header = new Uint8Array(LARGEST_SECTOR_BYTES);

  /** Looks what is there. After an error or a condition other than empty and good nothing can be read or written. */
  open(device: BlockDevice): Result<void, IoError> {
    this.device = null;
    this.newest = 0;
    this.firstFile = 1;
    this.end = 0;
    this.sequence = 0n;
    this.unixTime = 0n;
    this.found = LogCondition.tooSmall;
    if (!this.geometry.fit(device.sectorCount() * BigInt(device.sectorBytes()))) return ok();
    this.device = device;
    const headers = this.readHeaders();
    if (!headers.ok) return this.fail(headers.error);
    const peeked = this.adoptNext();
    if (!peeked.ok) return this.fail(peeked.error);
    const begun = this.adoptBegun();
    if (!begun.ok) return this.fail(begun.error);
    const front = this.judgeFront();
    if (!front.ok) return this.fail(front.error);
    this.found = front.value;
    if (this.found === LogCondition.empty) this.beginAnew();
    if (this.found !== LogCondition.good) return ok();
    const sought = this.findEnd();
    return sought.ok ? ok() : this.fail(sought.error);
  }

  condition(): LogCondition {
    return this.found;
  }

  /** Whether entries can be read from it and, unless it is read-only, written to it. */
  isOpen(): boolean {
    return this.device !== null && (this.found === LogCondition.good || this.found === LogCondition.empty);
  }

  /** The disk, for the crash slots and for the writer. Only after an `open` that found room enough. */
  disk(): BlockDevice {
    const device = this.device;
    assert(device !== null, "the log partition is not open");
    return device;
  }

  newestFile(): u32 {
    return this.newest;
  }

  /** The oldest file that counts; in an empty log it is greater than the newest. */
  oldestFile(): u32 {
    const lap = this.geometry.segmentCount;
    if (this.newest < lap || this.newest - lap + 1 < this.firstFile) return this.firstFile;
    return u32(this.newest - lap + 1);
  }

  /** How many files are in use. */
  fileCount(): u32 {
    return u32(this.newest + 1 - this.oldestFile());
  }

  firstFileId(): u32 {
    return this.firstFile;
  }

  /** Where the entries of a file end, in bytes. */
  fileEnd(fileId: u32): u32 {
    return fileId === this.newest ? this.end : this.geometry.segmentBytes;
  }

  /** The highest sequence and the latest time of day on the partition. */
  lastSequence(): u64 {
    return this.sequence;
  }

  lastUnixSeconds(): u64 {
    return this.unixTime;
  }

  /** The log goes on behind a group that is durable. `firstFileId` is that of the file's header. */
  advance(fileId: u32, end: u32, firstFileId: u32, sequence: u64, unixSeconds: u64): void {
    this.newest = fileId;
    this.firstFile = firstFileId;
    this.end = end;
    this.sequence = sequence;
    this.unixTime = unixSeconds;
    this.found = LogCondition.good;
  }

  /** Whether there is a partition with room for a log, whatever it holds. */
  canOverwrite(): boolean {
    return this.device !== null;
  }

  /**
   * Makes a log of a partition that is not one, from its front. Nothing is written yet: the first group does that. For the user
   * who confirmed it twice; false where there is no room or no disk.
   */
  overwrite(): boolean {
    if (!this.canOverwrite()) return false;
    this.found = LogCondition.empty;
    this.beginAnew();
    return true;
  }

  /** Where a place in a file stands on the partition. */
  lbaOf(fileId: u32, offset: u32): u64 {
    const slot = BigInt(this.geometry.slotOf(fileId));
    const at: u64 = slot * BigInt(this.geometry.segmentBytes) + BigInt(offset);
    return at / BigInt(this.disk().sectorBytes());
  }

  /**
   * Fills `into` (a window) from a file. A sector that does not read costs only itself: it is filled with 0xff, which is
   * damage. Errors of the whole device are returned.
   */
  readWindow(fileId: u32, index: u32, into: Bytes): Result<void, IoError> {
    const offset: u32 = u32(index * LOG_WINDOW_BYTES);
    const read = this.disk().read(this.lbaOf(fileId, offset), into);
    this.unreadableTo = 0;
    if (read.ok) return read;
    const sectorBytes = this.disk().sectorBytes();
    for (let at: u32 = 0; at < into.length; at += sectorBytes) {
      const sector = into.slice(at, sectorBytes);
      const again = this.disk().read(this.lbaOf(fileId, offset + at), sector);
      if (again.ok) continue;
      if (again.error !== IoError.medium) return again;
      sector.fill(0xff);
      this.unreadableTo = at + sectorBytes;
    }
    return ok();
  }

  /** Where the entries of a file end that has another behind it: that one's header says so, or else all of it counts. */
  archivedEnd(fileId: u32): Result<u32, IoError> {
    const full = this.geometry.segmentBytes;
    const header = bytesOf(this.header).slice(0, this.disk().sectorBytes());
    const slot = this.geometry.slotOf(fileId + 1);
    const read = this.readHeader(slot, header);
    if (!read.ok) return err(read.error);
    const checked = checkSegmentHeader(header, this.geometry, slot);
    if (!checked.ok || SEGMENT.fileId.get(header) !== fileId + 1) return ok(full);
    return ok(u32(Math.min(SEGMENT.previousEnd.get(header), full)));
  }

  private fail(error: IoError): Result<void, IoError> {
    this.device = null;
    return err(error);
  }

  /** One sector of each file. The newest whole header says where the log begins and from which time it goes on. */
  private readHeaders(): Result<void, IoError> {
    const sector = bytesOf(this.window).slice(0, this.disk().sectorBytes());
    for (let slot: u32 = 0; slot < this.geometry.segmentCount; slot++) {
      const read = this.readHeader(slot, sector);
      if (!read.ok) return read;
      const checked = checkSegmentHeader(sector, this.geometry, slot);
      if (slot === 0) this.hasFront = checked.ok;
      if (slot === 0 && !checked.ok) this.frontFault = checked.error;
      if (!checked.ok || SEGMENT.fileId.get(sector) < this.newest) continue;
      this.newest = SEGMENT.fileId.get(sector);
      this.firstFile = SEGMENT.firstFileId.get(sector);
      this.sequence = u64(SEGMENT.firstSequence.get(sector) - 1n);
      this.unixTime = SEGMENT.unixSeconds.get(sector);
    }
    return ok();
  }

  /** A sector that does not read is tried twice, then counts as damaged. */
  private readHeader(slot: u32, sector: Bytes): Result<void, IoError> {
    const lba = this.lbaOf(slot + 1, 0);
    const read = this.disk().read(lba, sector);
    if (read.ok) return read;
    const again = this.disk().read(lba, sector);
    if (again.ok || again.error !== IoError.medium) return again;
    sector.fill(0xff);
    return ok();
  }

  /** Behind the newest header may stand a file whose header was damaged, or never reached the disk with the entries behind it. */
  private adoptNext(): Result<void, IoError> {
    const next: u32 = this.newest + 1;
    const read = this.readWindow(next, 0, bytesOf(this.window));
    if (!read.ok) return read;
    if (!this.holdsEntry(next)) return ok();
    this.newest = next;
    return ok();
  }

  /**
   * A log that began anew in front of what an older one left: if its first write was cut short, its entries may be there without the header. They are
   * of the file that `beginAnew` takes, which no log comes to by counting.
   */
  private adoptBegun(): Result<void, IoError> {
    const begun = this.fileAnew();
    if (this.hasFront || begun <= this.newest + 1) return ok();
    const read = this.readWindow(begun, 0, bytesOf(this.window));
    if (!read.ok) return read;
    if (!this.holdsEntry(begun)) return ok();
    this.newest = begun;
    this.firstFile = begun;
    this.hasFront = true;
    return ok();
  }

  /** Whether a log of ours begins at the front of the partition. */
  private judgeFront(): Result<LogCondition, IoError> {
    if (this.hasFront) return ok(LogCondition.good);
    if (this.frontFault === SegmentFault.newer) return ok(LogCondition.newer);
    if (this.frontFault === SegmentFault.otherSize) return ok(LogCondition.otherSize);
    if (this.newest > 0) {
      const slot = this.geometry.slotOf(this.newest);
      const fileId = slot === 0 ? this.newest : this.newest > slot ? u32(this.newest - slot) : 1;
      const read = this.readWindow(fileId, 0, bytesOf(this.window));
      if (!read.ok) return err(read.error);
      if (this.holdsEntry(fileId)) return ok(LogCondition.good);
      // Nothing whole is all that came of a first write; a file in use has entries, or those of an earlier lap.
      if (this.frontFault === SegmentFault.damaged && this.isTornFirstWrite()) return ok(LogCondition.empty);
      if (this.frontFault === SegmentFault.damaged) return ok(LogCondition.good);
    }
    if (this.frontFault === SegmentFault.damaged) return this.judgeDamagedFront();
    return this.judgeStranger();
  }

  /** Nothing but a header of ours that is not whole: the first write was cut short, unless there are entries behind it. */
  private judgeDamagedFront(): Result<LogCondition, IoError> {
    for (let index: u32 = 1; index < Math.trunc(this.geometry.segmentBytes / LOG_WINDOW_BYTES); index++) {
      const read = this.readWindow(1, index, bytesOf(this.window));
      if (!read.ok) return err(read.error);
      if (!this.holdsEntry(1)) continue;
      this.newest = 1;
      return ok(LogCondition.good);
    }
    return ok(LogCondition.empty);
  }

  /** No log of ours at the front: zeros, the record of an installation, or something else. */
  private judgeStranger(): Result<LogCondition, IoError> {
    const window = bytesOf(this.window);
    for (let index: u32 = 0; index < CLEARED_WINDOWS; index++) {
      const lba = u64((BigInt(index) * BigInt(LOG_WINDOW_BYTES)) / BigInt(this.disk().sectorBytes()));
      const read = this.disk().read(lba, window);
      if (!read.ok) return err(read.error);
      if (isZero(window)) continue;
      const hasHeader = !isZero(window.slice(0, this.disk().sectorBytes()));
      if (index === 0 && !hasHeader && this.isTornFirstWrite()) continue;
      const isRecord = index === 0 && isInstallationRecord(window.slice(0, INSTALLATION_BYTES));
      return ok(isRecord ? LogCondition.installation : LogCondition.foreign);
    }
    return ok(LogCondition.empty);
  }

  /** The file with which a log begins anew: greater than any that an earlier log left, in the first slot. */
  private fileAnew(): u32 {
    if (this.newest === 0) return 1;
    return u32(this.newest - this.geometry.slotOf(this.newest) + this.geometry.segmentCount);
  }

  private beginAnew(): void {
    this.newest = this.fileAnew() - 1;
    this.firstFile = u32(this.newest + 1);
    this.end = this.geometry.segmentBytes;
    this.sequence = 0n;
    this.unixTime = 0n;
  }

  /** The last window that is in use; then its last sector that is in use, and the last entry. */
  private findEnd(): Result<void, IoError> {
    const found = this.findLastUsed();
    if (!found.ok) return err(found.error);
    const used = found.value;
    const last = this.lookAt(used);
    if (!last.ok) return err(last.error);
    this.end = u32(used * LOG_WINDOW_BYTES + last.value);
    const lowest = this.sequence;
    let index: u32 = used;
    // A window that was torn whole holds no sequence; the one before it does.
    while (this.sequence === lowest && index > 0) {
      index--;
      const looked = this.lookAt(index);
      if (!looked.ok) return err(looked.error);
    }
    return ok();
  }

  /** By halves, and then a little further. */
  private findLastUsed(): Result<u32, IoError> {
    const total: u32 = u32(Math.trunc(this.geometry.segmentBytes / LOG_WINDOW_BYTES));
    let used: u32 = 0;
    let free: u32 = total;
    while (used + 1 < free) {
      const middle: u32 = (used + free) >>> 1;
      const looked = this.lookAt(middle);
      if (!looked.ok) return err(looked.error);
      if (looked.value > 0) used = middle;
      else free = middle;
    }
    for (let index: u32 = used + 1; index < total && index <= used + WINDOWS_BEHIND; index++) {
      const looked = this.lookAt(index);
      if (!looked.ok) return err(looked.error);
      if (looked.value > 0) used = index;
    }
    return ok(used);
  }

  /** Reads a window of the newest file; how much of it is in use, in whole sectors. Notes the highest sequence and time in it. */
  private lookAt(index: u32): Result<u32, IoError> {
    const window = bytesOf(this.window);
    const read = this.readWindow(this.newest, index, window);
    if (!read.ok) return err(read.error);
    const sectorBytes = this.disk().sectorBytes();
    let used: u32 = this.unreadableTo;
    if (index === 0 && used === 0) used = sectorBytes;
    let at: u32 = index === 0 ? LOG_BLOCK_BYTES : 0;
    while (at < LOG_WINDOW_BYTES) {
      const place = judgePlace(window, at, this.newest);
      let length: u32 = LOG_GRAIN_BYTES;
      if (place === LogPlace.whole || place === LogPlace.stale)
        length = entryBytes(window.slice(at, LOG_GRAIN_BYTES));
      const isOurs =
        place === LogPlace.whole || (place === LogPlace.damaged && wasEntry(window, at, this.newest));
      if (isOurs && endOfSector(at, sectorBytes) > used) used = endOfSector(at, sectorBytes);
      if (place === LogPlace.whole) this.note(window.slice(at, length));
      at += length;
    }
    return ok(used);
  }

  private note(entry: Bytes): void {
    if (ENTRY.sequence.get(entry) > this.sequence) this.sequence = ENTRY.sequence.get(entry);
    if (ENTRY.unixSeconds.get(entry) > this.unixTime) this.unixTime = ENTRY.unixSeconds.get(entry);
  }

  /** Whether all that the window at hand, the first of a file, has behind the header is zeros and entries that are torn, none of them whole. */
  private isTornFirstWrite(): boolean {
    const window = bytesOf(this.window);
    for (let at: u32 = this.disk().sectorBytes(); at < LOG_WINDOW_BYTES; at += LOG_BLOCK_BYTES) {
      const block = window.slice(at, LOG_BLOCK_BYTES);
      if (isZero(block)) continue;
      if (!beginsEntry(block) || judgePlace(window, at, this.newest) !== LogPlace.damaged) return false;
    }
    return true;
  }

  /** Whether the window at hand, the first of a file, holds an entry of it. */
  private holdsEntry(fileId: u32): boolean {
    for (let at: u32 = LOG_BLOCK_BYTES; at < LOG_WINDOW_BYTES; at += LOG_GRAIN_BYTES) {
      if (judgePlace(bytesOf(this.window), at, fileId) === LogPlace.whole) return true;
    }
    return false;
  }
}

function endOfSector(at: u32, sectorBytes: u32): u32 {
  return u32(at - (at % sectorBytes) + sectorBytes);
}
