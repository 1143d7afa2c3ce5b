import {
  checkSegmentHeader,
  CRASH_SLOT_BYTES,
  LogGeometry,
  makeSegmentHeader,
  SEGMENT,
  SEGMENT_HEADER_BYTES,
  SegmentFault,
  sealSegmentHeader,
} from "../../../src/format/log-segment.ts";
import {
  crashArtifact,
  CRASH_HEADER_BYTES,
  crashNumber,
  makeCrashSlot,
} from "../../../src/format/crash-slot.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const MEBIBYTE: u64 = 1048576n;

class Scratch {
  readonly geometry = new LogGeometry();
  readonly other = new LogGeometry();
  readonly header = new Uint8Array(SEGMENT_HEADER_BYTES);
  readonly slot = new Uint8Array(CRASH_SLOT_BYTES);
  readonly bootId = new Uint8Array(16);
}

const scratch = new Scratch();
const header = bytesOf(scratch.header);

export function main(): void {
  geometry();
  headers();
  crashes();
}

function make(fileId: u32, firstFileId: u32, firstSequence: u64): void {
  makeSegmentHeader(header, scratch.geometry, fileId, firstFileId);
  SEGMENT.firstSequence.set(header, firstSequence);
  sealSegmentHeader(header);
}

function geometry(): void {
  test("a partition is cut into at most 128 files and 16 crash slots");
  const cut = scratch.geometry;
  isTrue(cut.fit(128n * MEBIBYTE));
  equal(cut.segmentBytes, 1048576);
  equal(cut.segmentCount, 127);
  equalBig(cut.crashAt, 127n * MEBIBYTE);
  isTrue(cut.fit(16n * MEBIBYTE));
  equal(cut.segmentBytes, 131072);
  equal(cut.segmentCount, 120);
  isTrue(cut.fit(2n * MEBIBYTE));
  equal(cut.segmentBytes, 65536);
  equal(cut.segmentCount, 16);
  isTrue(cut.fit(1000000n * MEBIBYTE));
  equal(cut.segmentCount, 128);
  isTrue(!cut.fit(2n * MEBIBYTE - 512n));

  test("file n stands in slot n - 1, and the next lap over it");
  isTrue(cut.fit(2n * MEBIBYTE));
  equal(cut.slotOf(1), 0);
  equal(cut.slotOf(16), 15);
  equal(cut.slotOf(17), 0);
}

function headers(): void {
  test("a sealed header is whole in its own slot only, and only on a partition of its size");
  make(18, 3, 1000n);
  isTrue(checkSegmentHeader(header, scratch.geometry, 1).ok);
  isTrue(isFault(0, SegmentFault.otherSize));
  isTrue(scratch.other.fit(16n * MEBIBYTE));
  const elsewhere = checkSegmentHeader(header, scratch.other, 17);
  isTrue(!elsewhere.ok && elsewhere.error === SegmentFault.otherSize);

  test("every flipped bit of a header is found");
  let found: u32 = 0;
  for (let bit: u32 = 0; bit < SEGMENT_HEADER_BYTES * 8; bit++) {
    const before = header.u8(bit >>> 3);
    header.setU8(bit >>> 3, (before ^ (1 << (bit & 7))) & 0xff);
    const checked = checkSegmentHeader(header, scratch.geometry, 1);
    if (!checked.ok) found++;
    header.setU8(bit >>> 3, before);
  }
  equal(found, SEGMENT_HEADER_BYTES * 8);

  test("a right CRC around numbers that no log has is damage; a newer version is named");
  make(0, 1, 1n);
  isTrue(isFault(0, SegmentFault.damaged));
  make(18, 19, 1n);
  isTrue(isFault(1, SegmentFault.damaged));
  make(18, 1, 0n);
  isTrue(isFault(1, SegmentFault.damaged));
  make(0xffff_fff1, 1, 1n);
  isTrue(isFault(0, SegmentFault.damaged));
  make(18, 1, 1n);
  SEGMENT.version.set(header, 2);
  sealSegmentHeader(header);
  isTrue(isFault(1, SegmentFault.newer));
}

function isFault(slot: u32, fault: SegmentFault): boolean {
  const checked = checkSegmentHeader(header, scratch.geometry, slot);
  return !checked.ok && checked.error === fault;
}

function crashes(): void {
  test("a crash slot is read back; a flipped bit of header or artifact is found");
  const slot = bytesOf(scratch.slot);
  slot.slice(CRASH_HEADER_BYTES, 100).fill(0x43);
  makeCrashSlot(slot, 100, 5, 7n, bytesOf(scratch.bootId));
  equal(crashNumber(slot), 5);
  equal(crashArtifact(slot).length, 100);
  let missed: u32 = 0;
  for (let bit: u32 = 0; bit < (CRASH_HEADER_BYTES + 100) * 8; bit += 7) {
    const before = slot.u8(bit >>> 3);
    slot.setU8(bit >>> 3, (before ^ (1 << (bit & 7))) & 0xff);
    if (crashArtifact(slot).length !== 0) missed++;
    slot.setU8(bit >>> 3, before);
  }
  equal(missed, 0);
}
