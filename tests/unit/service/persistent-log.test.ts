/** The persistent log over a simulated disk: what it keeps, in which order, and what it makes of partitions that are not its own. */
import { TextWriter } from "../../../src/base/text-writer.ts";
import { LogLevel } from "../../../src/format/log-entry.ts";
import { makeInstallationRecord, sealInstallationRecord } from "../../../src/format/installation-record.ts";
import { BootEnding } from "../../../src/format/state-record.ts";
import { LogCondition } from "../../../src/storage/log-region.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import {
  append,
  boot,
  bootOn,
  CRASH_AT,
  disk,
  DISK_BYTES,
  FILE_BYTES,
  flush,
  fresh,
  log,
  readAll,
  scratch,
  write,
  wrongMarks,
} from "./logged-disk.ts";

export function main(): void {
  basicTests();
  ringTests();
  rotationTests();
  endingTests();
  strangerTests();
  remainsTests();
  crashTests();
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
}

function remainsTests(): void {
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
  disk
    .image()
    .slice(0, FILE_BYTES * 3)
    .fill(0);
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
