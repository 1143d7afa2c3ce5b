/** The persistent log under power cuts, flipped bits and failing calls: what was acknowledged is there, whatever happens and whenever it happens. */
import { IoError } from "../../../src/device/block-device.ts";
import { LogLevel } from "../../../src/format/log-entry.ts";
import { LogError } from "../../../src/service/persistent-log.ts";
import { LogCondition } from "../../../src/storage/log-region.ts";
import { equal, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode } from "../simulated-disk.ts";
import {
  append,
  boot,
  bootOn,
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
  cutTests();
  firstWriteTests();
  flipTests();
  failureTests();
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
  readonly image = new Uint8Array(2 * DISK_BYTES);
}

const saved = new Saved();

function cutTests(): void {
  test(
    "a power cut at every write and flush of every pair of operations loses nothing that was acknowledged",
  );
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

/** A partition whose first MiB was cleared by an installation, with files of an older log behind it. */
function prepareOldLog(): void {
  disk.make(512, 2 * DISK_BYTES);
  isTrue(bootOn() === LogCondition.empty);
  for (let mark: u32 = 1; mark <= 2200; mark++) write(mark, 0);
  disk.image().slice(0, 1048576).fill(0);
  isTrue(boot() === LogCondition.empty);
}

function firstWriteTests(): void {
  test(
    "a power cut during the first write in front of what an older log left leaves an empty log or the entry",
  );
  prepareOldLog();
  bytesOf(saved.image).copyFrom(disk.image());
  for (let cutAt: u32 = 0; cutAt < 2; cutAt++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
      disk.image().copyFrom(bytesOf(saved.image));
      isTrue(boot() === LogCondition.empty);
      disk.cutAt = cutAt;
      disk.cutMode = modeOf(mode);
      isTrue(!write(2501, 0));
      checkBegun();
    }
  }

  test("the same where its header or its entry is torn in the middle of a sector");
  for (let torn: u32 = 0; torn < 4; torn++) {
    disk.image().copyFrom(bytesOf(saved.image));
    isTrue(boot() === LogCondition.empty);
    isTrue(write(2501, 0));
    const image = disk.image();
    if (torn === 2) image.slice(0, 512).fill(0);
    else if (torn !== 1) image.slice(8, 64).fill(0);
    if (torn > 0) image.slice(532, 492).fill(0);
    checkBegun();
  }
}

/** The log can be used, holds nothing of the older one, and goes on. */
function checkBegun(): void {
  const condition = boot();
  isTrue(condition === LogCondition.empty || condition === LogCondition.good);
  isTrue(write(2502, 0));
  isTrue(boot() === LogCondition.good);
  isTrue(readAll() <= 2);
  equal(scratch.seen[2502], 1);
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
  test(
    "every bit of a piece with groups and single entries is missed when it flips, and costs one entry at most",
  );
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

  test("a read-only partition is read and not written");
  fresh(512);
  isTrue(write(1, 0));
  disk.readOnly = true;
  isTrue(boot() === LogCondition.good);
  isTrue(!write(2, 0));
  equal(readAll(), 2);
  disk.readOnly = false;
}
