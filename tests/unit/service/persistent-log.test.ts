/** The persistent log over a simulated disk: what was acknowledged is there, whatever happens and whenever it happens. */
import { Clock } from "../../../src/device/clock.ts";
import { IoError } from "../../../src/device/block-device.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import { LogEntry, LogLevel } from "../../../src/format/log-entry.ts";
import { makeInstallationRecord, sealInstallationRecord } from "../../../src/format/installation-record.ts";
import { BootEnding } from "../../../src/format/state-record.ts";
import { LogError, PersistentLog } from "../../../src/service/persistent-log.ts";
import { LogReader } from "../../../src/storage/log-reader.ts";
import { LogCondition, LogRegion } from "../../../src/storage/log-region.ts";
import { LogWriter } from "../../../src/storage/log-writer.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

const DISK_BYTES = 2097152;
const FILE_BYTES = 65536;
const CRASH_AT = 1048576;
const SAVED_BYTES = 65536;
const MARK_LIMIT = 4096;

class TestClock implements Clock {
  nanoseconds: u64 = 1000000000n;
  seconds: u64 = 1767709800n;

  monotonicNs(): u64 {
    this.nanoseconds = u64(this.nanoseconds + 1000000n);
    return this.nanoseconds;
  }

  unixSeconds(): u64 {
    return this.seconds;
  }
}

class Scratch {
  readonly disk = new SimulatedDisk();
  readonly clock = new TestClock();
  readonly entry = new LogEntry();
  readonly bootId = new Uint8Array(16);
  readonly text = new Uint8Array(512);
  readonly line = new Uint8Array(1024);
  readonly saved = new Uint8Array(SAVED_BYTES);
  readonly artifact = new Uint8Array(70000);
  /** Which entries the log was seen to hold, by their mark. */
  readonly seen = new Uint8Array(MARK_LIMIT);
  boots: u32 = 0;
  noise: u32 = 1;
}

const scratch = new Scratch();
const region = new LogRegion();
const writer = new LogWriter(region);
const reader = new LogReader(region);
const log = new PersistentLog(region, writer, reader);
const disk = scratch.disk;

export function main(): void {
  basicTests();
  ringTests();
  rotationTests();
  endingTests();
  strangerTests();
  crashTests();
  cutTests();
  flipTests();
  failureTests();
}

/** A new boot of the same disk; what was found on the partition. */
function boot(): LogCondition {
  disk.restart();
  return bootOn();
}

function bootOn(): LogCondition {
  scratch.boots++;
  bytesOf(scratch.bootId).setU32le(0, scratch.boots);
  log.create(scratch.clock, bytesOf(scratch.bootId));
  const attached = log.attach(disk);
  return attached.ok ? attached.value : LogCondition.tooSmall;
}

function fresh(sectorBytes: u32): void {
  disk.make(sectorBytes, DISK_BYTES);
  isTrue(bootOn() === LogCondition.empty);
}

function details(mark: u32, length: u32): Bytes {
  const out = new TextWriter(bytesOf(scratch.text));
  out.text(`mark=${mark}`);
  for (let i: u32 = 0; i < length; i++) out.byte(0x61);
  return out.written();
}

/** Writes an entry that carries `mark`; whether the log said that it is durable. */
function write(mark: u32, length: u32): boolean {
  const written = log.write(LogLevel.info, utf8("test"), utf8("marked"), details(mark, length));
  return written.ok;
}

function append(mark: u32, length: u32): void {
  isTrue(log.append(LogLevel.info, utf8("test"), utf8("marked"), details(mark, length)));
}

function flush(): boolean {
  const flushed = log.flush();
  return flushed.ok;
}

/** Reads the whole log and notes which marks it holds; how many entries. Sequences rise, times never fall. */
function readAll(): u32 {
  bytesOf(scratch.seen).fill(0);
  log.export();
  let count: u32 = 0;
  let lastSeconds: u64 = 0n;
  let disorder: u32 = 0;
  while (true) {
    const read = log.next(scratch.entry);
    isTrue(read.ok);
    if (!read.ok || !read.value) break;
    count++;
    const seconds = scratch.entry.unixSeconds();
    if (seconds !== 0n && seconds < lastSeconds) disorder++;
    if (seconds !== 0n) lastSeconds = seconds;
    noteMark(scratch.entry);
  }
  equal(disorder, 0);
  return count;
}

function noteMark(entry: LogEntry): void {
  const text = entry.details();
  if (text.length < 6 || !text.slice(0, 5).equals(utf8("mark="))) return;
  let mark: u32 = 0;
  for (let i: u32 = 5; i < text.length; i++) {
    const digit = text.u8(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    mark = (Math.imul(mark, 10) + digit) >>> 0;
  }
  if (mark < MARK_LIMIT) scratch.seen[mark] = (scratch.seen[mark] + 1) & 0xff;
}

/** How many of the marks from `first` to `last` were not seen exactly once. */
function wrongMarks(first: u32, last: u32): u32 {
  let wrong: u32 = 0;
  for (let mark: u32 = first; mark <= last; mark++) {
    if (scratch.seen[mark] !== 1) wrong++;
  }
  return wrong;
}

function basicTests(): void {
  test("entries are read back in their order after a restart, on both sector sizes");
  for (let sectorBytes: u32 = 512; sectorBytes <= 4096; sectorBytes = sectorBytes * 8) {
    fresh(sectorBytes);
    for (let mark: u32 = 1; mark <= 40; mark++) isTrue(write(mark, mark % 7));
    isTrue(boot() === LogCondition.good);
    equal(readAll(), 40);
    equal(wrongMarks(1, 40), 0);
    for (let mark: u32 = 41; mark <= 50; mark++) isTrue(write(mark, 0));
    isTrue(boot() === LogCondition.good);
    equal(readAll(), 50);
    equal(wrongMarks(1, 50), 0);
    const health = log.validate();
    isTrue(health.ok && health.value.isWhole() && health.value.tornPlaces === 0);
  }

  test("a durable entry costs one write and one flush, a group of 32 too");
  fresh(512);
  isTrue(write(1, 20));
  disk.restart();
  isTrue(write(2, 20));
  equal(disk.writes, 1);
  equal(disk.flushes, 1);
  equal(disk.reads, 0);
  for (let mark: u32 = 3; mark < 35; mark++) append(mark, 100);
  isTrue(flush());
  equal(disk.writes, 2);
  equal(disk.flushes, 2);

  test("the last entries are those asked for, waiting ones included");
  append(35, 0);
  isTrue(log.getLastN(3).ok);
  let expected: u32 = 33;
  for (let i: u32 = 0; i < 3; i++) {
    const read = log.next(scratch.entry);
    isTrue(read.ok && read.value);
    equalBig(scratch.entry.sequence(), BigInt(expected));
    expected++;
  }
  const end = log.next(scratch.entry);
  isTrue(end.ok && !end.value);

  test("an entry on export is time, level, component, event and details; mono: where the time is not known");
  fresh(512);
  isTrue(log.write(LogLevel.warn, utf8("disks"), utf8("slow"), utf8("ms=12")).ok);
  scratch.clock.seconds = 0n;
  scratch.clock.nanoseconds = 2344000000n;
  isTrue(log.write(LogLevel.fatal, utf8("test"), utf8("bad\nevent"), utf8("")).ok);
  scratch.clock.seconds = 1767709800n;
  log.export();
  isTrue(lineBegins("2026-01-06T14:30:00Z WARN disks slow ms=12 seq=1 boot="));
  isTrue(lineBegins("mono:2.345000 FATAL test bad.event seq=2 boot="));

  test("the level keeps out what is less grave");
  log.setLevel(LogLevel.warn);
  isTrue(log.write(LogLevel.info, utf8("test"), utf8("unwanted"), utf8("")).ok);
  isTrue(log.write(LogLevel.warn, utf8("test"), utf8("wanted"), utf8("")).ok);
  log.setLevel(LogLevel.debug);
  equal(readAll(), 3);

  test("opening a log of many entries takes a read for each file, a few more, and no write");
  fresh(512);
  for (let mark: u32 = 1; mark <= 600; mark++) isTrue(write(mark, 0));
  isTrue(boot() === LogCondition.good);
  isTrue(disk.reads <= 16 + 16 + 12);
  equal(disk.writes + disk.flushes, 0);
}

function lineBegins(expected: string): boolean {
  const out = new TextWriter(bytesOf(scratch.line));
  const read = log.nextLine(out);
  const line = out.written();
  const wanted = utf8(expected);
  return read.ok && read.value && line.length > wanted.length && line.slice(0, wanted.length).equals(wanted);
}

function ringTests(): void {
  test("entries from before the disk wait in memory and go first; so do those of a log without a disk");
  disk.make(512, DISK_BYTES);
  log.create(scratch.clock, bytesOf(scratch.bootId));
  append(1, 0);
  append(2, 0);
  isTrue(!write(3, 0));
  equal(readAll(), 3);
  isTrue(log.attach(disk).ok);
  isTrue(write(4, 0));
  equal(disk.writes, 1);
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 4);
  equal(wrongMarks(1, 4), 0);

  test("of more entries than memory holds, the oldest give way and are counted");
  disk.make(512, DISK_BYTES);
  log.create(scratch.clock, bytesOf(scratch.bootId));
  for (let mark: u32 = 1; mark <= 300; mark++) append(mark, 0);
  isTrue(log.attach(disk).ok);
  isTrue(flush());
  equal(log.lostEntries(), 44);
  equal(readAll(), 256);
  equal(wrongMarks(45, 300), 0);
}

function rotationTests(): void {
  test("a full file is archived, the oldest is used again; the newest entries are always there");
  fresh(512);
  let wrong: u32 = 0;
  let rotations: u32 = 0;
  let warnings: u32 = 0;
  for (let mark: u32 = 1; mark <= 3000; mark++) {
    if (!write(mark, 0)) wrong++;
    if (log.takeRotated() !== 0) rotations++;
    if (log.takeFillWarning()) warnings++;
    if (mark % 500 !== 0) continue;
    if (boot() !== LogCondition.good) wrong++;
    readAll();
    // 16 files of 127 entries, the newest of them perhaps with only one.
    wrong += wrongMarks(mark > 1905 ? mark - 1904 : 1, mark);
  }
  equal(wrong, 0);
  equal(rotations, 23);
  equal(warnings, 1);
  const health = log.validate();
  isTrue(health.ok && health.value.isWhole() && health.value.tornPlaces === 0);

  test("a file begun on demand holds what follows");
  isTrue(log.rotate().ok);
  equal(log.takeRotated(), 25);
  isTrue(write(3001, 0));
  isTrue(boot() === LogCondition.good);
  readAll();
  equal(wrongMarks(1200, 3001), 0);

  test("a cleared log is empty, and goes on");
  isTrue(log.clear().ok);
  equal(readAll(), 0);
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 0);
  isTrue(write(7, 0));
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 1);

  test("times of day never go back, though the clock does");
  scratch.clock.seconds = 1000000000n;
  isTrue(boot() === LogCondition.good);
  isTrue(log.didClockGoBack());
  isTrue(write(8, 0));
  scratch.clock.seconds = 1767709800n;
  equal(readAll(), 2);
  equalBig(scratch.entry.unixSeconds(), 1767709800n);
}

function endingTests(): void {
  test("the next boot knows how the last one ended");
  fresh(512);
  isTrue(!log.hasEarlierBoot());
  isTrue(write(1, 0));
  boot();
  isTrue(log.hasEarlierBoot() && log.lastBootEnding() === BootEnding.none);
  log.setLevel(LogLevel.fatal);
  isTrue(log.writeEnding(BootEnding.powerOff).ok);
  log.setLevel(LogLevel.debug);
  boot();
  isTrue(log.lastBootEnding() === BootEnding.powerOff);
  isTrue(write(2, 0));
  boot();
  isTrue(log.lastBootEnding() === BootEnding.none);
}

function strangerTests(): void {
  test("what is no log is named and never written, until it is cleared");
  disk.make(512, DISK_BYTES);
  disk.image().slice(700, 9000).fill(0x5a);
  isTrue(boot() === LogCondition.foreign);
  isTrue(!write(1, 0) && !log.isDurable());
  equal(disk.writes, 0);
  equal(readAll(), 1);
  isTrue(log.clear().ok);
  isTrue(write(2, 0));
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 1);
  equal(wrongMarks(2, 2), 0);

  test("an installation that was cut short, another size and too little room are named");
  disk.make(512, DISK_BYTES);
  makeInstallationRecord(disk.image().slice(0, 4096), bytesOf(scratch.bootId), 0n);
  sealInstallationRecord(disk.image().slice(0, 4096));
  isTrue(boot() === LogCondition.installation);
  disk.make(512, DISK_BYTES - 512);
  isTrue(boot() === LogCondition.tooSmall);
  isTrue(!log.clear().ok);
  fresh(512);
  isTrue(write(1, 0));
  bytesOf(scratch.saved).copyFrom(disk.image().slice(0, FILE_BYTES));
  disk.make(512, 2 * DISK_BYTES);
  disk.image().slice(0, FILE_BYTES).copyFrom(bytesOf(scratch.saved));
  isTrue(boot() === LogCondition.otherSize);

  test("noise of every kind is survived");
  for (let seed: u32 = 1; seed <= 8; seed++) {
    disk.make(512, DISK_BYTES);
    scratch.noise = seed;
    makeNoise(0, 200000);
    isTrue(boot() === LogCondition.foreign);
  }

  test("what stood on the disk before the log began is neither entry nor damage, in any file");
  for (let clears: u32 = 0; clears < 2; clears++) {
    disk.make(512, 2 * DISK_BYTES);
    makeNoise(clears === 0 ? 1048576 : 0, 2 * DISK_BYTES - CRASH_AT);
    isTrue(boot() === (clears === 0 ? LogCondition.empty : LogCondition.foreign));
    if (clears === 1) isTrue(log.clear().ok);
    let wrongBoots: u32 = 0;
    for (let mark: u32 = 1; mark <= 2400; mark++) {
      if (!write(mark, 0)) wrongBoots++;
      if (mark % 700 === 0 && !log.rotate().ok) wrongBoots++;
      if (mark % 100 === 0 && boot() !== LogCondition.good) wrongBoots++;
    }
    equal(wrongBoots, 0);
    equal(readAll(), 2400);
    isTrue(log.health().isWhole() && log.health().tornPlaces === 0);
    equal(log.fileCount(), 21);
  }

  test("a partition whose first MiB is zeros is empty, whatever an older log left behind it");
  fresh(512);
  for (let mark: u32 = 1; mark <= 700; mark++) write(mark, 0);
  disk.image().slice(0, FILE_BYTES * 3).fill(0);
  isTrue(boot() === LogCondition.foreign || log.isDurable());
  disk.make(512, 2 * DISK_BYTES);
  isTrue(bootOn() === LogCondition.empty);
  for (let mark: u32 = 1; mark <= 2200; mark++) write(mark, 0);
  disk.image().slice(0, 1048576).fill(0);
  isTrue(boot() === LogCondition.empty);
  equal(readAll(), 0);
  isTrue(write(9, 0));
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 1);
}

/** Fills the disk with numbers of a generator (Numerical Recipes). */
function makeNoise(from: u32, end: u32): void {
  const image = disk.image();
  for (let at: u32 = from; at < end; at++) {
    scratch.noise = (Math.imul(scratch.noise, 1664525) + 1013904223) >>> 0;
    image.setU8(at, scratch.noise >>> 24);
  }
}

function crashTests(): void {
  test("crash artifacts stand at the end of the partition, the oldest of 16 giving way");
  fresh(512);
  const artifact = bytesOf(scratch.artifact);
  artifact.fill(0x43);
  for (let i: u32 = 1; i <= 18; i++) {
    artifact.setU32le(0, i);
    const kept = log.appendCrash(artifact.slice(0, i * 100));
    isTrue(kept.ok && kept.value === i);
  }
  isTrue(boot() === LogCondition.empty);
  const slots = log.crashSlots();
  equal(slots.newestNumber(), 18);
  equal(slots.number(0), 17);
  equal(slots.number(1), 18);
  equal(slots.number(2), 3);
  const read = slots.read(1);
  isTrue(read.ok && read.value.length === 1800 && read.value.u32le(0) === 18);
  disk.image().setU8(CRASH_AT + 700, 0x44);
  disk.restart();
  const damaged = slots.read(0);
  isTrue(damaged.ok && damaged.value.length === 0);

  test("an artifact that is too long is cut off; the log is untouched by crashes");
  isTrue(write(1, 0));
  isTrue(log.appendCrash(artifact).ok);
  isTrue(boot() === LogCondition.good);
  equal(readAll(), 1);
}

/** What is done under the knife; whether the log acknowledged it. */
function operate(operation: u32): boolean {
  switch (operation) {
    case 0:
      return write(101, 0);
    case 1:
      for (let mark: u32 = 101; mark < 133; mark++) append(mark, 40 + (mark % 50));
      return flush();
    case 2:
      return log.rotate().ok;
    default:
      return log.clear().ok;
  }
}

/** A log that is about to need a new file (`isFull`) or not, with the marks from 1 to `count`, all acknowledged; returns `count`. */
function prepare(sectorBytes: u32, laps: u32): u32 {
  fresh(sectorBytes);
  let count: u32 = 0;
  for (let mark: u32 = 1; mark <= 20; mark++) {
    write(mark, 30);
    count++;
  }
  if (laps > 0) {
    const perFile: u32 = u32(Math.trunc(FILE_BYTES / sectorBytes) - 1);
    const total: u32 = laps * 16 * perFile - 10;
    for (let i: u32 = 20; i < total; i++) write(1000, 30);
    for (let mark: u32 = 1; mark <= 10; mark++) write(mark, 30);
    count = 10;
  }
  return count;
}

function cutOnce(cutAt: u32, mode: CutMode, first: u32, second: u32, count: u32): void {
  disk.cutAt = cutAt;
  disk.cutMode = mode;
  const isFirstDone = operate(first);
  const isSecondDone = isFirstDone && !disk.isCut() && operate(second);
  isTrue(boot() === LogCondition.good || log.isDurable());
  readAll();
  const isCleared = first === 3 || second === 3;
  if (!isCleared) equal(wrongMarks(1, count), 0);
  if (isCleared && first === 3 && isFirstDone) equal(scratch.seen[1], 0);
  if (isCleared && second === 3 && isSecondDone) equal(scratch.seen[1], 0);
  if (first === 0 && isFirstDone && second >= 2 && second !== 3) equal(scratch.seen[101], 1);
  if (first === 1 && isFirstDone && second === 2) equal(wrongMarks(101, 132), 0);
  const health = log.validate();
  isTrue(health.ok && health.value.isWhole());
  // And the log goes on.
  isTrue(write(200, 0));
  isTrue(boot() === LogCondition.good);
  readAll();
  equal(scratch.seen[200], 1);
  const again = log.validate();
  isTrue(again.ok && again.value.isWhole());
}

function cutPairs(sectorBytes: u32, laps: u32): u32 {
  let states: u32 = 0;
  const count = prepare(sectorBytes, laps);
  const image = disk.image();
  bytesOf(saved.image).slice(0, DISK_BYTES).copyFrom(image);
  for (let first: u32 = 0; first < 4; first++) {
    for (let second: u32 = 0; second < 4; second++) {
      for (let cutAt: u32 = 0; cutAt < 8; cutAt++) {
        for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
          image.copyFrom(bytesOf(saved.image).slice(0, DISK_BYTES));
          isTrue(boot() === LogCondition.good);
          cutOnce(cutAt, modeOf(mode), first, second, count);
          states++;
        }
      }
    }
  }
  return states;
}

class Saved {
  readonly image = new Uint8Array(DISK_BYTES);
}

const saved = new Saved();

function cutTests(): void {
  test("a power cut at every write and flush of every pair of operations loses nothing that was acknowledged");
  equal(cutPairs(512, 0), 768);
  equal(cutPairs(4096, 0), 768);

  test("the same where the next file is about to be begun, over the oldest one");
  equal(cutPairs(512, 2), 768);

  test("a power cut during the very first write leaves an empty log or the entry");
  for (let cutAt: u32 = 0; cutAt < 2; cutAt++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
      fresh(512);
      disk.cutAt = cutAt;
      disk.cutMode = modeOf(mode);
      isTrue(!write(1, 0));
      const condition = boot();
      isTrue(condition === LogCondition.empty || condition === LogCondition.good);
      isTrue(write(2, 0));
      isTrue(boot() === LogCondition.good);
      readAll();
      equal(scratch.seen[2], 1);
    }
  }
}

function modeOf(number: u32): CutMode {
  switch (number) {
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    case 4:
      return CutMode.onlyLast;
    case 5:
      return CutMode.everySecond;
    default:
      return CutMode.nothing;
  }
}

/** Whether `validate` finds anything at all. */
function isFound(): boolean {
  const health = log.validate();
  return health.ok && (!health.value.isWhole() || health.value.tornPlaces > 0);
}

/** Flips every `step`th bit of the first `length` bytes, each alone; how often nothing was found, or more was lost than one entry. */
function flipBits(length: u32, step: u32, entries: u32): u32 {
  const image = disk.image();
  let wrong: u32 = 0;
  for (let bit: u32 = 0; bit < length * 8; bit += step) {
    const at: u32 = bit >>> 3;
    const before = image.u8(at);
    image.setU8(at, (before ^ (1 << (bit & 7))) & 0xff);
    disk.restart();
    if (bootOn() !== LogCondition.good) wrong++;
    else if (!isFound()) wrong++;
    else if (log.health().entries + 1n < BigInt(entries)) wrong++;
    image.setU8(at, before);
  }
  return wrong;
}

function flipTests(): void {
  test("every bit of a piece with groups and single entries is missed when it flips, and costs one entry at most");
  fresh(512);
  isTrue(write(1, 0));
  for (let mark: u32 = 2; mark <= 9; mark++) append(mark, mark);
  isTrue(flush());
  isTrue(write(10, 300));
  disk.restart();
  // Header, one entry, a group of eight in two blocks, one entry.
  equal(flipBits(2560, 1, 10), 0);

  test("so it is over a whole file of 64 KiB");
  fresh(512);
  for (let mark: u32 = 1; mark <= 127; mark++) write(mark, 0);
  disk.restart();
  equal(flipBits(FILE_BYTES, 1021, 127), 0);

  test("the entries of a file whose header is gone are still there");
  fresh(512);
  for (let mark: u32 = 1; mark <= 400; mark++) write(mark, 0);
  const image = disk.image();
  for (let file: u32 = 0; file < 4; file++) {
    const header = image.slice(file * FILE_BYTES, 512);
    bytesOf(scratch.saved).slice(0, 512).copyFrom(header);
    header.slice(8, 200).fill(0xee);
    isTrue(boot() === LogCondition.good);
    equal(readAll(), 400);
    isTrue(!log.health().isWhole());
    header.copyFrom(bytesOf(scratch.saved).slice(0, 512));
  }
}

function failureTests(): void {
  test("an error of every single call is reported or repaired, and costs nothing that was acknowledged");
  const count = prepare(512, 0);
  const image = disk.image();
  bytesOf(saved.image).slice(0, DISK_BYTES).copyFrom(image);
  let wrong: u32 = 0;
  for (let failAt: u32 = 0; failAt < 40; failAt++) {
    image.copyFrom(bytesOf(saved.image).slice(0, DISK_BYTES));
    disk.restart();
    disk.failAt = failAt;
    bootOn();
    for (let mark: u32 = 101; mark < 110; mark++) {
      if (!write(mark, 0) && !log.isDurable()) break;
    }
    const isKept = log.isDurable();
    boot();
    readAll();
    wrong += wrongMarks(1, count);
    if (isKept) wrong += wrongMarks(101, 109);
  }
  equal(wrong, 0);

  test("a disk that fails for good is given up after three tries; entries stay in memory");
  fresh(512);
  isTrue(write(1, 0));
  disk.cutAt = disk.changeCount();
  for (let mark: u32 = 2; mark < 5; mark++) isTrue(!write(mark, 0));
  isTrue(!log.isDurable());
  isTrue(log.lastIoError() === IoError.device);
  const refused = log.write(LogLevel.info, utf8("test"), utf8("more"), utf8(""));
  isTrue(!refused.ok && refused.error === LogError.noStorage);

  test("the last entries of a log whose disk was given up are those in memory");
  isTrue(log.getLastN(20).ok);
  isTrue(log.next(scratch.entry).ok);
  isTrue(scratch.entry.component().equals(utf8("test")));
  let told: u32 = 1;
  for (let i: u32 = 0; i < 20; i++) {
    const more = log.next(scratch.entry);
    if (!more.ok || !more.value) break;
    told++;
  }
  equal(told, 5);

  test("a read-only partition is read and not written");
  fresh(512);
  isTrue(write(1, 0));
  disk.readOnly = true;
  isTrue(boot() === LogCondition.good);
  isTrue(!write(2, 0));
  equal(readAll(), 2);
  disk.readOnly = false;
}
