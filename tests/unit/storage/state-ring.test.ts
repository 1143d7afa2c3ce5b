import { IoError } from "../../../src/device/block-device.ts";
import { makeStateRecord, sealStateRecord, STATE } from "../../../src/format/state-record.ts";
import { STATE_RING_BYTES, StateCondition, StateRing } from "../../../src/storage/state-ring.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

class Scratch {
  readonly disk = new SimulatedDisk();
  readonly ring = new StateRing();
  readonly buffer = new Uint8Array(131072);
  readonly record = new Uint8Array(4096);
  readonly id = new Uint8Array(16);
}

const scratch = new Scratch();

function open(): StateCondition {
  const opened = scratch.ring.open(scratch.disk, bytesOf(scratch.buffer));
  isTrue(opened.ok);
  return scratch.ring.condition();
}

/** Appends a record that carries `mark`; whether the ring said that it is durable. */
function append(mark: u32): boolean {
  const record = bytesOf(scratch.record);
  makeStateRecord(record, bytesOf(scratch.id));
  STATE.bootTotal.set(record, mark);
  const appended = scratch.ring.append(record);
  return appended.ok;
}

function newestMark(): u32 {
  return scratch.ring.hasRecord() ? STATE.bootTotal.get(scratch.ring.record()) : 0;
}

function fresh(sectorBytes: u32): void {
  scratch.disk.make(sectorBytes, STATE_RING_BYTES);
  isTrue(open() === StateCondition.empty);
}

function basicTests(): void {
  test("an empty ring is empty, and what was appended is found again, on both sector sizes");
  for (let sectorBytes: u32 = 512; sectorBytes <= 4096; sectorBytes = sectorBytes * 8) {
    fresh(sectorBytes);
    isTrue(append(1) && append(2) && append(3));
    scratch.disk.restart();
    isTrue(open() === StateCondition.good);
    equal(newestMark(), 3);
    equalBig(scratch.ring.newestSequence(), 3n);
  }

  test("opening takes nine reads and no write, an append one write and one flush");
  scratch.disk.restart();
  isTrue(open() === StateCondition.good);
  equal(scratch.disk.reads, 9);
  equal(scratch.disk.writes + scratch.disk.flushes, 0);
  isTrue(append(4));
  equal(scratch.disk.writes, 1);
  equal(scratch.disk.flushes, 1);

  test("the newest is found at every position of the ring, over two laps");
  fresh(512);
  let wrong: u32 = 0;
  for (let mark: u32 = 1; mark <= 520; mark++) {
    if (!append(mark)) wrong++;
    if (mark % 13 === 0 || (mark > 250 && mark < 260)) {
      if (open() !== StateCondition.good || newestMark() !== mark) wrong++;
    }
  }
  equal(wrong, 0);
}

/** Cuts the append of record 301 at write or flush `cutAt`; the mark found after the restart. */
function markAfterCut(cutAt: u32, mode: CutMode): u32 {
  fresh(512);
  for (let mark: u32 = 1; mark <= 300; mark++) append(mark);
  scratch.disk.restart();
  open();
  scratch.disk.cutAt = cutAt;
  scratch.disk.cutMode = mode;
  isTrue(!append(301));
  scratch.disk.restart();
  isTrue(open() === StateCondition.good);
  return newestMark();
}

function cutTests(): void {
  test("a power cut at every write and flush of an append leaves the old record or the new one");
  let olds: u32 = 0;
  let news: u32 = 0;
  for (let cutAt: u32 = 0; cutAt < 2; cutAt++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
      const mark = markAfterCut(cutAt, modeOf(mode));
      if (mark === 300) olds++;
      if (mark === 301) news++;
      // And the ring goes on from there.
      isTrue(append(400));
      scratch.disk.restart();
      isTrue(open() === StateCondition.good);
      equal(newestMark(), 400);
    }
  }
  equal(olds + news, 12);
  isTrue(olds >= 4 && news >= 4);

  test("what was acknowledged survives every power cut after it");
  fresh(512);
  isTrue(append(1));
  scratch.disk.cutAt = scratch.disk.changeCount();
  isTrue(!append(2));
  scratch.disk.restart();
  open();
  equal(newestMark(), 1);
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

function damageTests(): void {
  test("a flipped bit in the newest record costs that record and no other");
  fresh(512);
  isTrue(append(1) && append(2) && append(3));
  for (let at: u32 = 0; at < 4096; at += 31) {
    const image = scratch.disk.image();
    const before = image.u8(3 * 4096 + at);
    image.setU8(3 * 4096 + at, (before ^ 0x80) & 0xff);
    scratch.disk.restart();
    isTrue(open() === StateCondition.good);
    equal(newestMark(), 2);
    image.setU8(3 * 4096 + at, before);
  }

  test(
    "one byte that is no record's makes it somebody else's; damaged records are named; a newer version is outlived",
  );
  scratch.disk.make(512, STATE_RING_BYTES);
  isTrue(open() === StateCondition.empty);
  scratch.disk.image().setU8(STATE_RING_BYTES - 1, 1);
  scratch.disk.restart();
  isTrue(open() === StateCondition.foreign);
  scratch.disk.image().fill(0x5a);
  scratch.disk.restart();
  isTrue(open() === StateCondition.foreign);
  isTrue(append(1));
  scratch.disk.image().setU8(4096 + 100, 1);
  scratch.disk.restart();
  isTrue(open() === StateCondition.damaged);
  fresh(512);
  const newer = scratch.disk.image().slice(40 * 4096, 4096);
  makeStateRecord(newer, bytesOf(scratch.id));
  STATE.version.set(newer, 2);
  sealStateRecord(newer, 40n);
  scratch.disk.restart();
  isTrue(open() === StateCondition.newer);
  isTrue(append(9));
  equalBig(scratch.ring.newestSequence(), 41n);
  isTrue(open() === StateCondition.good);
  equal(newestMark(), 9);

  test("a partition that is too small is refused, and every failing call is reported");
  scratch.disk.make(512, STATE_RING_BYTES - 512);
  const small = scratch.ring.open(scratch.disk, bytesOf(scratch.buffer));
  isTrue(!small.ok && small.error === IoError.outOfRange);
  isTrue(!append(1));
  failTests();
}

function failTests(): void {
  for (let failing: u32 = 0; failing < 11; failing++) {
    fresh(512);
    isTrue(append(1));
    scratch.disk.restart();
    scratch.disk.failAt = failing;
    const opened = scratch.ring.open(scratch.disk, bytesOf(scratch.buffer));
    isTrue(opened.ok === failing >= 9);
    if (!opened.ok) continue;
    isTrue(!append(2));
    // The same append again succeeds, and nothing was lost.
    isTrue(append(2));
    scratch.disk.restart();
    open();
    equal(newestMark(), 2);
  }
}

export function main(): void {
  basicTests();
  cutTests();
  damageTests();
}
