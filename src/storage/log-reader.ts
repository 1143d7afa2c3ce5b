/**
 * LogReader: the entries of a log partition in the order in which they were written, and what is wrong among them.
 *
 *     seekFirst | seekLast(n) → next, next, … until false
 *
 * Where it begins and ends is fixed by the seek; what is written meanwhile is not met, and a file that is used again meanwhile is passed
 * over. Invariant: a bad place costs the entry that it hits and no other; the next one is found by its magic.
 */
import { IoError } from "../device/block-device.ts";
import {
  entryBytes,
  judgePlace,
  LOG_BLOCK_BYTES,
  LOG_GRAIN_BYTES,
  LogEntry,
  LogPlace,
} from "../format/log-entry.ts";
import { checkSegmentHeader, SEGMENT, SEGMENT_HEADER_BYTES } from "../format/log-segment.ts";
import { LOG_WINDOW_BYTES, LogRegion } from "./log-region.ts";

/** What was met on the way. All of it but `entries` and `tornPlaces` is damage: a power cut does not do it. */
export class LogHealth {
  entries: u64 = 0n;
  /** Places that hold no whole entry, with a later group of the same boot behind them: flipped bits, bad sectors. */
  damagedPlaces: u32 = 0;
  /** The same in or behind a boot's last group: as a rule what a power cut left of a group that was not acknowledged. */
  tornPlaces: u32 = 0;
  /** Sequences that are missing, with a later group of the same boot behind them. */
  missingEntries: u64 = 0n;
  /** Files whose header is not whole, with more than one group behind it. Their entries are read all the same. */
  damagedHeaders: u32 = 0;

  clear(): void {
    this.entries = 0n;
    this.damagedPlaces = 0;
    this.tornPlaces = 0;
    this.missingEntries = 0n;
    this.damagedHeaders = 0;
  }

  /** Nothing that was acknowledged is damaged. */
  isWhole(): boolean {
    return this.damagedPlaces === 0 && this.missingEntries === 0n && this.damagedHeaders === 0;
  }
}

export class LogReader {
  readonly health = new LogHealth();
  private fileId: u32 = 1;
  private index: u32 = 0;
  private at: u32 = 0;
  private isLoaded: boolean = false;
  /** Where the file at hand ends. */
  private fileEnd: u32 = 0;
  private lastFile: u32 = 0;
  private lastEnd: u32 = 0;
  /** Bad places since the last entry, of which it is not known yet whether they are torn or damaged. */
  private openPlaces: u32 = 0;
  /** What is bad and what is missing within the group of the last entry: torn, unless a later group of the boot follows. */
  private groupPlaces: u32 = 0;
  private groupMissing: u64 = 0n;
  private lastGroup: u64 = 0n;
  /** Whether the header of the file at hand is bad, and the first group met behind it: the two were written at once. */
  private isHeaderOpen: boolean = false;
  private headerGroup: u64 = 0n;
  private isInDamage: boolean = false;
  private lastSequence: u64 = 0n;
  private readonly lastBoot = new Uint8Array(16);
  private readonly window = new Uint8Array(LOG_WINDOW_BYTES);

  constructor(private readonly region: LogRegion) {}

  /** To the oldest entry. */
  seekFirst(): void {
    this.health.clear();
    this.lastFile = this.region.newestFile();
    this.lastEnd = this.region.fileEnd(this.lastFile);
    this.openPlaces = 0;
    this.groupPlaces = 0;
    this.groupMissing = 0n;
    this.lastGroup = 0n;
    this.isHeaderOpen = false;
    this.isInDamage = false;
    this.lastSequence = 0n;
    this.enter(this.region.oldestFile(), 0);
  }

  /** Behind the last entry. */
  seekNothing(): void {
    this.seekFirst();
    this.enter(this.lastFile + 1, 0);
  }

  /** To the window from which at least `count` entries follow; how many more than that, to be skipped. */
  seekLast(count: u32): Result<u32, IoError> {
    this.seekFirst();
    if (!this.region.isOpen() || this.region.fileCount() === 0) return ok(0);
    let seen: u32 = 0;
    let fileId: u32 = this.lastFile;
    let index: u32 = windowsUpTo(this.lastEnd);
    while (seen < count) {
      if (index === 0) {
        if (fileId === this.region.oldestFile()) break;
        fileId--;
        const end = this.region.archivedEnd(fileId);
        if (!end.ok) return err(end.error);
        // A header that was forged may say that the file before it is empty.
        index = windowsUpTo(end.value);
        continue;
      }
      index--;
      const read = this.region.readWindow(fileId, index, bytesOf(this.window));
      if (!read.ok) return err(read.error);
      seen += this.countWhole(fileId, index);
    }
    this.enter(fileId, index);
    return ok(seen > count ? u32(seen - count) : 0);
  }

  /** The next entry; false behind the last. */
  next(entry: LogEntry): Result<boolean, IoError> {
    while (this.fileId <= this.lastFile && this.region.isOpen()) {
      if (!this.isLoaded) {
        const loaded = this.load();
        if (!loaded.ok) return err(loaded.error);
      }
      if (this.takeNext(entry)) return ok(true);
      this.leaveWindow();
    }
    this.settleTorn();
    if (this.isHeaderOpen) this.health.damagedHeaders++;
    this.isHeaderOpen = false;
    return ok(false);
  }

  /** How far it came, in files: for progress. */
  filesLeft(): u32 {
    return this.fileId > this.lastFile ? 0 : u32(this.lastFile - this.fileId + 1);
  }

  private enter(fileId: u32, index: u32): void {
    this.fileId = fileId;
    this.index = index;
    this.at = 0;
    this.fileEnd = 0;
    this.isLoaded = false;
  }

  private load(): Result<void, IoError> {
    const read = this.region.readWindow(this.fileId, this.index, bytesOf(this.window));
    if (!read.ok) return read;
    const found = this.findFileEnd();
    if (!found.ok) return found;
    this.isLoaded = true;
    this.at = this.index === 0 ? LOG_BLOCK_BYTES : 0;
    this.isInDamage = false;
    if (this.index === 0) this.noteHeader();
    return ok();
  }

  private noteHeader(): void {
    if (this.isHeaderOpen) this.health.damagedHeaders++;
    this.isHeaderOpen = !this.isHeaderWhole();
    this.headerGroup = 0n;
  }

  /** Whether the window at hand begins with the file's header; that of a file whose slot was used again is of no interest. */
  private isHeaderWhole(): boolean {
    if (this.fileId < this.region.oldestFile()) return true;
    const geometry = this.region.geometry;
    const header = bytesOf(this.window).slice(0, SEGMENT_HEADER_BYTES);
    const checked = checkSegmentHeader(header, geometry, geometry.slotOf(this.fileId));
    return checked.ok && SEGMENT.fileId.get(header) === this.fileId;
  }

  /** Takes the next entry of the window at hand, noting what is bad on the way; false at the window's end. */
  private takeNext(entry: LogEntry): boolean {
    const window = bytesOf(this.window);
    const end = this.windowEnd();
    while (this.at < end) {
      const at: u32 = this.at;
      const place = judgePlace(window, at, this.fileId);
      if (at % LOG_BLOCK_BYTES === 0) this.isInDamage = false;
      if (place === LogPlace.empty || place === LogPlace.damaged) {
        if (place === LogPlace.damaged) this.noteDamage();
        this.at = at + LOG_GRAIN_BYTES;
        continue;
      }
      const length = entryBytes(window.slice(at, LOG_GRAIN_BYTES));
      this.isInDamage = false;
      this.at = at + length;
      if (place === LogPlace.stale) continue;
      entry.take(window.slice(at, length));
      this.follow(entry);
      return true;
    }
    return false;
  }

  /** All that hangs together in a block counts once. */
  private noteDamage(): void {
    if (!this.isInDamage) this.openPlaces++;
    this.isInDamage = true;
  }

  /** What lay before this entry: torn where another boot's entries end, else damage or still to be seen. */
  private follow(entry: LogEntry): void {
    const health = this.health;
    const sequence = entry.sequence();
    const place = BigInt(entry.groupIndex());
    const group: u64 = sequence > place ? sequence - place : 0n;
    const isFirst = health.entries === 0n;
    if (!isFirst && !entry.bootId().equals(bytesOf(this.lastBoot))) this.settleTorn();
    else this.followInBoot(isFirst ? group : u64(this.lastSequence + 1n), group, sequence);
    if (this.headerGroup === 0n) this.headerGroup = group;
    this.lastSequence = sequence;
    this.lastGroup = group;
    bytesOf(this.lastBoot).copyFrom(entry.bootId());
    health.entries = u64(health.entries + 1n);
  }

  /** The next entry of the same boot is `sequence`, of the group that begins with `group`; due was `expected`. */
  private followInBoot(expected: u64, group: u64, sequence: u64): void {
    const health = this.health;
    if (group !== this.lastGroup) {
      health.damagedPlaces += this.groupPlaces;
      health.missingEntries = u64(health.missingEntries + this.groupMissing);
      this.groupPlaces = 0;
      this.groupMissing = 0n;
    }
    if (this.isHeaderOpen && this.headerGroup !== 0n && group !== this.headerGroup) {
      health.damagedHeaders++;
      this.isHeaderOpen = false;
    }
    const missing: u64 = sequence > expected ? u64(sequence - expected) : 0n;
    const before: u64 = group > expected ? u64(group - expected) : 0n;
    const within: u64 = missing > before ? u64(missing - before) : 0n;
    health.missingEntries = u64(health.missingEntries + before);
    this.groupMissing = u64(this.groupMissing + within);
    if (within > 0n && before === 0n) this.groupPlaces += this.openPlaces;
    else health.damagedPlaces += this.openPlaces;
    this.openPlaces = 0;
  }

  /** A boot's entries are over: what was bad at their end had not been acknowledged. */
  private settleTorn(): void {
    this.health.tornPlaces += this.openPlaces + this.groupPlaces;
    if (this.isHeaderOpen && this.headerGroup !== 0n) {
      this.health.tornPlaces++;
      this.isHeaderOpen = false;
    }
    if (this.groupMissing > 0n && this.openPlaces + this.groupPlaces === 0) this.health.tornPlaces++;
    this.openPlaces = 0;
    this.groupPlaces = 0;
    this.groupMissing = 0n;
  }

  private leaveWindow(): void {
    this.isLoaded = false;
    this.index++;
    if (u32(this.index * LOG_WINDOW_BYTES) < this.fileEnd) return;
    this.enter(this.fileId + 1, 0);
  }

  /** Once a file, at the first of its windows that is read. */
  private findFileEnd(): Result<void, IoError> {
    if (this.fileEnd !== 0) return ok();
    this.fileEnd = this.lastEnd;
    if (this.fileId === this.lastFile) return ok();
    const end = this.region.archivedEnd(this.fileId);
    if (!end.ok) return err(end.error);
    this.fileEnd = end.value;
    return ok();
  }

  /** Where the window at hand ends, at most at its own end. */
  private windowEnd(): u32 {
    const left = this.fileEnd - u32(this.index * LOG_WINDOW_BYTES);
    return u32(Math.max(0, Math.min(left, LOG_WINDOW_BYTES)));
  }

  private countWhole(fileId: u32, index: u32): u32 {
    const window = bytesOf(this.window);
    let count: u32 = 0;
    let at: u32 = index === 0 ? LOG_BLOCK_BYTES : 0;
    while (at < LOG_WINDOW_BYTES) {
      const place = judgePlace(window, at, fileId);
      const isEntry = place === LogPlace.whole || place === LogPlace.stale;
      if (place === LogPlace.whole) count++;
      at += isEntry ? entryBytes(window.slice(at, LOG_GRAIN_BYTES)) : LOG_GRAIN_BYTES;
    }
    return count;
  }
}

function windowsUpTo(end: u32): u32 {
  return u32(Math.trunc((end + LOG_WINDOW_BYTES - 1) / LOG_WINDOW_BYTES));
}
