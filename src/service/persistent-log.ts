/**
 * PersistentLog: what happened, kept over every end of the system (specification, section 4).
 *
 *     create → append … → attach → write | append, flush | rotate | clear → getLastN, export, validate
 *
 * Invariants: `write` returns `ok` when the entry is on the disk, and not before; what was acknowledged is lost only when its file's turn
 * comes again, or to `clear`. Times of day never go back. Before `attach`, and where there is no usable partition, entries stay in
 * the ring of memory, the newest 256 of them. A disk that fails three times in a row is given up. Nothing here says anything: the
 * caller asks for what there is to say (`takeRotated`, `takeFillWarning`, `lostEntries`) and emits the markers.
 */
import { TextWriter } from "../base/text-writer.ts";
import { BlockDevice, IoError } from "../device/block-device.ts";
import { Clock } from "../device/clock.ts";
import { ENTRY, LogEntry, LogLevel, makeEntry } from "../format/log-entry.ts";
import { writeLogLine } from "../format/log-text.ts";
import { BootEnding } from "../format/state-record.ts";
import { CrashSlots } from "../storage/crash-slots.ts";
import { LogHealth, LogReader } from "../storage/log-reader.ts";
import { LogCondition, LogRegion } from "../storage/log-region.ts";
import { LogWriter } from "../storage/log-writer.ts";
import { ENDING_BYTES, ENDING_COMPONENT, ENDING_EVENT, endingOf, writeEnding } from "./log-ending.ts";
import { LogRing } from "./log-ring.ts";

/** The most entries that share a write and a flush. */
export const GROUP_ENTRIES = 32;
const FAILURES_TO_DETACH = 3;
const FILL_WARNING_PERCENT = 80;
/** A clock that is set back by less is only being corrected. */
const CLOCK_TOLERANCE_SECONDS: u64 = 60n;
const BOOT_ID_BYTES = 16;

export const enum LogError {
  /** There is no log partition that can be used; the entry is in memory. */
  noStorage = 1,
  /** The disk failed; the entry is in memory and goes with the next group. */
  io = 2,
}

export class PersistentLog {
  private clock: Clock | null = null;
  private threshold: LogLevel = LogLevel.debug;
  private isAttached: boolean = false;
  private failures: u32 = 0;
  private ioError: IoError = IoError.none;
  private readonly bootId = new Uint8Array(BOOT_ID_BYTES);
  private readonly ring = new LogRing();
  private readonly crashes = new CrashSlots();
  private readonly entry = new LogEntry();
  /** Sequence of the entry in front of the ring's number 1. */
  private baseSequence: u64 = 0n;
  /** The ring's entries up to this number are on the disk. */
  private durable: u32 = 0;
  private lost: u32 = 0;
  /** Entries of this boot that are on the disk. */
  private written: u32 = 0;
  private latestSeconds: u64 = 0n;
  private clockWentBack: boolean = false;
  private hasLastBoot: boolean = false;
  private lastEnding: BootEnding = BootEnding.none;
  private rotatedFile: u32 = 0;
  private fillWarning: boolean = false;
  /** What `getLastN` and `export` still have to pass over, and where in the ring they are. */
  private toSkip: u32 = 0;
  private ringAt: u32 = 1;

  /** `writer` and `reader` are of `region`. */
  constructor(
    private readonly region: LogRegion,
    private readonly writer: LogWriter,
    private readonly reader: LogReader,
  ) {}

  /** Begins in memory. `bootId` is this boot's. */
  create(clock: Clock, bootId: Bytes): void {
    this.clock = clock;
    bytesOf(this.bootId).copyFrom(bootId);
    this.ring.clear();
    this.detach();
    this.durable = 0;
    this.lost = 0;
    this.written = 0;
    this.latestSeconds = 0n;
    this.hasLastBoot = false;
    this.rotatedFile = 0;
    this.fillWarning = false;
  }

  /**
   * The partition is there. Reads how the last boot ended; what waits in memory goes with the next `flush`. The condition says whether
   * the partition can be used; after an error it is not.
   */
  attach(device: BlockDevice): Result<LogCondition, IoError> {
    this.detach();
    const opened = this.region.open(device);
    if (!opened.ok) return err(opened.error);
    const condition = this.region.condition();
    if (condition !== LogCondition.tooSmall) {
      const crashes = this.crashes.open(device, this.region.geometry);
      if (!crashes.ok) return err(crashes.error);
    }
    if (!this.region.isOpen()) return ok(condition);
    const ended = this.readLastBoot();
    if (!ended.ok) return err(ended.error);
    this.begin();
    return ok(condition);
  }

  /** Whether entries reach a disk. */
  isDurable(): boolean {
    return this.isAttached;
  }

  /** What the files of the partition take, in bytes. */
  capacityBytes(): u64 {
    return this.region.geometry.capacityBytes();
  }

  /** How many of the files are in use, in percent. */
  usedPercent(): u32 {
    if (!this.isAttached) return 0;
    return u32(Math.trunc((this.region.fileCount() * 100) / this.region.geometry.segmentCount));
  }

  fileCount(): u32 {
    return this.isAttached ? this.region.fileCount() : 0;
  }

  /** Entries graver than or as grave as this are kept. */
  level(): LogLevel {
    return this.threshold;
  }

  setLevel(level: LogLevel): void {
    this.threshold = level;
  }

  /** Keeps an entry in memory; the next `flush` or `write` takes it to the disk. False where its level is not kept. */
  append(level: LogLevel, component: Bytes, event: Bytes, details: Bytes): boolean {
    const clock = this.clock;
    assert(clock !== null, "the log is not created");
    if (level > this.threshold) return false;
    const block = this.ring.add();
    const monotonicNs = clock.monotonicNs();
    const seconds = clock.unixSecondsAt(monotonicNs);
    if (seconds > this.latestSeconds) this.latestSeconds = seconds;
    makeEntry(block, level, component, event, details);
    // Of a length that the compiler knows: the fields of a header are then checked at once.
    const header = block.slice(0, ENTRY.byteLength);
    ENTRY.monotonicNs.set(header, monotonicNs);
    ENTRY.unixSeconds.set(header, seconds === 0n ? 0n : this.latestSeconds);
    ENTRY.bootId.of(header).copyFrom(bytesOf(this.bootId));
    ENTRY.sequence.set(header, u64(this.baseSequence + BigInt(this.ring.newestNumber())));
    return true;
  }

  /** Keeps an entry, on the disk when it returns `ok`. */
  write(level: LogLevel, component: Bytes, event: Bytes, details: Bytes): Result<void, LogError> {
    if (!this.append(level, component, event, details)) return ok();
    const flushed = this.flush();
    return flushed.ok ? ok() : err(flushed.error);
  }

  /** The last entry of this boot: how it ends. It is kept whatever the level. */
  writeEnding(ending: BootEnding): Result<void, LogError> {
    const room = new Uint8Array(ENDING_BYTES);
    const details = new TextWriter(bytesOf(room));
    const level = this.threshold;
    this.threshold = LogLevel.info;
    writeEnding(details, ending);
    const written = this.write(LogLevel.info, utf8(ENDING_COMPONENT), utf8(ENDING_EVENT), details.written());
    this.threshold = level;
    return written;
  }

  /** Takes everything that waits to the disk, in groups of one write and one flush; how many entries that was. */
  flush(): Result<u32, LogError> {
    let written: u32 = 0;
    while (this.durable < this.ring.newestNumber()) {
      if (!this.isAttached) return err(LogError.noStorage);
      const group = this.writeGroup();
      if (!group.ok) return err(this.countFailure(group.error));
      written += group.value;
    }
    return ok(written);
  }

  /** Ends the newest file and begins the next, durably. */
  rotate(): Result<void, LogError> {
    const flushed = this.flush();
    if (!flushed.ok) return err(flushed.error);
    return this.beginFile(false);
  }

  /**
   * Forgets all entries, by one write and one flush: before it all of them are there, after it none. A partition that held something
   * else becomes an empty log: the user has confirmed it twice. Crash artifacts stay.
   */
  clear(): Result<void, LogError> {
    if (!this.isAttached) {
      this.ring.clear();
      this.durable = 0;
      if (!this.region.overwrite()) return err(LogError.noStorage);
      this.begin();
    }
    const begun = this.beginFile(true);
    if (!begun.ok) return begun;
    this.durable = this.ring.newestNumber();
    return ok();
  }

  /** Prepares `next` for the last `count` entries, those included that wait in memory. */
  getLastN(count: u32): Result<void, LogError> {
    this.flushIfAttached();
    this.ringAt = this.firstInMemory();
    const waiting = u32(this.ring.newestNumber() + 1 - this.ringAt);
    this.toSkip = 0;
    if (count <= waiting) {
      this.ringAt = u32(this.ring.newestNumber() + 1 - count);
      this.reader.seekNothing();
      return ok();
    }
    const sought = this.reader.seekLast(u32(count - waiting));
    if (sought.ok) {
      this.toSkip = sought.value;
      return ok();
    }
    if (this.isAttached) return err(LogError.io);
    // The disk was given up: what memory has is all that can be told.
    this.reader.seekNothing();
    this.ringAt = this.ring.newestNumber() < count ? 1 : u32(this.ring.newestNumber() + 1 - count);
    return ok();
  }

  /** Prepares `next` and `nextLine` for all entries. */
  export(): void {
    this.flushIfAttached();
    this.ringAt = this.firstInMemory();
    this.toSkip = 0;
    this.reader.seekFirst();
  }

  /** The next entry; false behind the last. */
  next(entry: LogEntry): Result<boolean, LogError> {
    while (true) {
      const read = this.reader.next(entry);
      if (!read.ok) return err(LogError.io);
      if (!read.value) break;
      if (this.toSkip === 0) return ok(true);
      this.toSkip--;
    }
    if (this.ringAt < this.ring.oldestNumber()) this.ringAt = this.ring.oldestNumber();
    if (this.ringAt > this.ring.newestNumber()) return ok(false);
    entry.take(this.ring.block(this.ringAt));
    this.ringAt++;
    return ok(true);
  }

  /** Writes the line of the next entry, without its end; false behind the last. */
  nextLine(out: TextWriter): Result<boolean, LogError> {
    const read = this.next(this.entry);
    if (read.ok && read.value) writeLogLine(out, this.entry);
    return read;
  }

  /** Files that `next` has still to go through: for progress. */
  filesLeft(): u32 {
    return this.reader.filesLeft();
  }

  /** What was met by `next` so far: all there is to know once it said false after `export`. */
  health(): LogHealth {
    return this.reader.health;
  }

  /** Reads the whole log and checks every entry and header. The health is valid until the next reading. */
  validate(): Result<LogHealth, LogError> {
    if (!this.isAttached) return err(LogError.noStorage);
    this.export();
    let more: boolean = true;
    while (more) {
      const read = this.next(this.entry);
      if (!read.ok) return err(read.error);
      more = read.value;
    }
    return ok(this.reader.health);
  }

  /**
   * Keeps a crash artifact at the end of the partition; its number. Allocates nothing, takes no lock; the drivers poll when the caller
   * said so. For the crash path: the log's own state is neither read nor changed.
   */
  appendCrash(artifact: Bytes): Result<u32, IoError> {
    return this.crashes.append(artifact, this.latestSeconds, bytesOf(this.bootId));
  }

  /** The slots of crash artifacts. */
  crashSlots(): CrashSlots {
    return this.crashes;
  }

  /** The newest entries in memory, for the crash writer. */
  recent(): LogRing {
    return this.ring;
  }

  /** What stands on a partition that could be made a log by `clear`; nothing where it is one, or where there is none. */
  foreignCondition(): string {
    return this.isAttached || !this.region.canOverwrite() ? "" : logConditionText(this.region.condition());
  }

  /** Whether an earlier boot left entries, and how it ended: `none` means that it vanished. */
  hasEarlierBoot(): boolean {
    return this.hasLastBoot;
  }

  lastBootEnding(): BootEnding {
    return this.lastEnding;
  }

  /** Whether the time of day lies before that of entries on the disk. New entries take the later one. */
  didClockGoBack(): boolean {
    return this.clockWentBack;
  }

  /** The file that was begun behind a full one, or on demand, since the last call; or 0. */
  takeRotated(): u32 {
    const file = this.rotatedFile;
    this.rotatedFile = 0;
    return file;
  }

  /** Whether the log came to 80 % of its capacity since the last call. */
  takeFillWarning(): boolean {
    const due = this.fillWarning;
    this.fillWarning = false;
    return due;
  }

  /** Entries that gave way in memory before a disk took them. */
  lostEntries(): u32 {
    return this.lost;
  }

  /** Entries of this boot that a disk took. */
  writtenEntries(): u32 {
    return this.written;
  }

  /** What the disk said last when it failed. */
  lastIoError(): IoError {
    return this.ioError;
  }

  private detach(): void {
    this.isAttached = false;
    this.failures = 0;
  }

  /** From here on entries go to the partition, with sequences behind those that it holds. */
  private begin(): void {
    const clock = this.clock;
    assert(clock !== null, "the log is not created");
    const seconds = clock.unixSeconds();
    const latest = this.region.lastUnixSeconds();
    this.clockWentBack = seconds !== 0n && seconds + CLOCK_TOLERANCE_SECONDS < latest;
    if (latest > this.latestSeconds) this.latestSeconds = latest;
    this.baseSequence = this.region.lastSequence();
    this.failures = 0;
    this.isAttached = true;
  }

  /** One group: as much of what waits as it takes. */
  private writeGroup(): Result<u32, IoError> {
    const oldest = this.ring.oldestNumber();
    if (oldest > this.durable + 1) {
      this.lost += u32(oldest - this.durable - 1);
      this.durable = oldest - 1;
    }
    this.writer.begin(bytesOf(this.bootId));
    let number: u32 = this.durable + 1;
    while (number <= this.ring.newestNumber() && this.writer.entryCount() < GROUP_ENTRIES) {
      const block = this.ring.block(number);
      this.keepTimeOrder(block);
      if (!this.writer.put(block, u64(this.baseSequence + BigInt(number)))) break;
      number++;
    }
    const committed = this.writer.commit();
    if (!committed.ok) return err(committed.error);
    const count = u32(number - 1 - this.durable);
    this.durable = number - 1;
    this.written += count;
    this.failures = 0;
    if (this.writer.beginsFile()) this.noteFile();
    return ok(count);
  }

  /** An entry from before `attach` may bear a time before that of entries on the disk. */
  private keepTimeOrder(block: Bytes): void {
    const seconds = ENTRY.unixSeconds.get(block);
    if (seconds !== 0n && seconds < this.region.lastUnixSeconds()) {
      ENTRY.unixSeconds.set(block, this.region.lastUnixSeconds());
    }
  }

  private beginFile(forgets: boolean): Result<void, LogError> {
    if (!this.isAttached) return err(LogError.noStorage);
    this.writer.beginFile(bytesOf(this.bootId), forgets);
    const committed = this.writer.commit();
    if (!committed.ok) return err(this.countFailure(committed.error));
    this.failures = 0;
    this.noteFile();
    return ok();
  }

  /** A file was begun: is it the one with which the log comes to 80 %? */
  private noteFile(): void {
    const used = this.region.fileCount() * 100;
    const mark = this.region.geometry.segmentCount * FILL_WARNING_PERCENT;
    if (this.region.fileCount() > 1) this.rotatedFile = this.region.newestFile();
    if (used >= mark && used - 100 < mark) this.fillWarning = true;
  }

  private countFailure(error: IoError): LogError {
    this.ioError = error;
    this.failures++;
    if (this.failures === FAILURES_TO_DETACH) this.isAttached = false;
    return LogError.io;
  }

  /** For reading: what waits is better read from the disk, but is found in memory too. */
  private flushIfAttached(): void {
    if (!this.isAttached) return;
    const flushed = this.flush();
    if (!flushed.ok) return;
  }

  /** The first entry of the ring that is not on the disk. */
  private firstInMemory(): u32 {
    const oldest = this.ring.oldestNumber();
    return this.durable + 1 > oldest ? this.durable + 1 : oldest;
  }

  /** The last entry on the disk says how its boot ended, if it ended as it should. */
  private readLastBoot(): Result<void, IoError> {
    this.hasLastBoot = false;
    this.lastEnding = BootEnding.none;
    const sought = this.reader.seekLast(1);
    if (!sought.ok) return err(sought.error);
    while (true) {
      const read = this.reader.next(this.entry);
      if (!read.ok) return err(read.error);
      if (!read.value) return ok();
      this.hasLastBoot = true;
      this.lastEnding = endingOf(this.entry);
    }
  }
}

/** For messages: why a partition is not used. */
export function logConditionText(condition: LogCondition): string {
  switch (condition) {
    case LogCondition.empty:
    case LogCondition.good:
      return "it is in order";
    case LogCondition.tooSmall:
      return "it is too small";
    case LogCondition.foreign:
      return "it holds something that is no log of RayOS";
    case LogCondition.installation:
      return "an installation of this disk was cut short";
    case LogCondition.newer:
      return "it was written by a newer version of RayOS";
    case LogCondition.otherSize:
      return "it holds the log of a partition of another size or place";
  }
}
