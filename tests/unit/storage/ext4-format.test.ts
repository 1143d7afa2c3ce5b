import { EXT4_SUPER_BYTES, Ext4Identity, isExtSuper, superLabel } from "../../../src/format/ext4.ts";
import { Ext4Geometry, hasSuper, planExt4 } from "../../../src/format/ext4-geometry.ts";
import { Ext4Error, Ext4Formatter } from "../../../src/storage/ext4-format.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { SparseDisk } from "./sparse-disk.ts";

const MEBIBYTE: u64 = 1048576n;

class Scratch {
  readonly large = new Uint8Array(65536);
  readonly small = new Uint8Array(4096);
  readonly one = new Uint8Array(4096);
  readonly other = new Uint8Array(4096);
}

const scratch = new Scratch();
const disk = new SparseDisk();
const second = new SparseDisk();
const identity = new Ext4Identity();
const formatter = new Ext4Formatter();
const geometry = new Ext4Geometry();

export function main(): void {
  plans();
  formats();
  cuts();
  refusals();
}

function plans(): void {
  test("copies of the superblock stand in groups 0, 1 and the powers of 3, 5 and 7");
  let copies: u32 = 0;
  for (let group: u32 = 0; group < 130; group++) {
    if (hasSuper(group)) copies++;
  }
  equal(copies, 11);
  isTrue(hasSuper(81) && hasSuper(125) && hasSuper(49) && !hasSuper(15) && !hasSuper(2));

  test("no plan takes more of a group than it has, and none loses a large rest");
  for (let mebibytes: u32 = 8; mebibytes < 4000; mebibytes += 3) planIsSound(BigInt(mebibytes) * MEBIBYTE);
  planIsSound(16n * 1048576n * MEBIBYTE);

  test("what is too small or too large has no plan");
  isTrue(!planExt4(7n * MEBIBYTE, geometry));
  isTrue(!planExt4(65n * 1048576n * MEBIBYTE, geometry));
  isTrue(!planExt4(0n, geometry));
  isTrue(!planExt4(0xffffffffffffffffn, geometry));
}

function planIsSound(bytes: u64): void {
  isTrue(planExt4(bytes, geometry));
  isTrue(geometry.blockCount * 4096n <= bytes);
  isTrue(bytes - geometry.blockCount * 4096n < 16n * MEBIBYTE);
  for (let group: u32 = 0; group < geometry.groupCount; group += 1 + (group >>> 4)) {
    if (geometry.takenBlocks(group) >= geometry.groupBlocks(group)) isTrue(false);
  }
  const last: u32 = geometry.groupCount - 1;
  isTrue(geometry.takenBlocks(last) < geometry.groupBlocks(last));
}

function formats(): void {
  test("a new file system is known by its superblock and label, and takes few commands");
  identity.setLabel("RayOS data");
  disk.clear(512, 1024n * MEBIBYTE);
  equal(format(disk, bytesOf(scratch.large)), Ext4Error.none);
  isTrue(disk.writes <= 8);
  equal(disk.flushes, 2);
  const block = bytesOf(scratch.one);
  isTrue(disk.read(0n, block).ok);
  const record = block.slice(1024, EXT4_SUPER_BYTES);
  isTrue(isExtSuper(record));
  isTrue(superLabel(record).slice(0, 10).equals(utf8("RayOS data")));

  test("neither the buffer's size nor that of the sectors changes a byte");
  second.clear(4096, 1024n * MEBIBYTE);
  equal(format(second, bytesOf(scratch.small)), Ext4Error.none);
  let different: u32 = 0;
  for (let at: u32 = 0; at < 1200; at++) {
    // Group 0, then the first blocks of those with copies.
    const number = BigInt(at < 1000 ? at : Math.trunc((at - 1000) / 25) * 32768 + ((at - 1000) % 25));
    isTrue(disk.read(number * 8n, bytesOf(scratch.one)).ok);
    isTrue(second.read(number, bytesOf(scratch.other)).ok);
    if (!bytesOf(scratch.one).equals(bytesOf(scratch.other))) different++;
  }
  equal(different, 0);
}

function cuts(): void {
  test("until the last write there is no file system, and every failure is reported");
  let cut: u32 = 1;
  let done: boolean = false;
  while (!done && cut < 100) {
    disk.clear(512, 300n * MEBIBYTE);
    disk.failAt = cut;
    const error = format(disk, bytesOf(scratch.large));
    done = error === Ext4Error.none;
    isTrue(done || error === Ext4Error.io);
    disk.failAt = 0;
    isTrue(disk.read(0n, bytesOf(scratch.one)).ok);
    // The flush after the last write is the only command that fails with the file system in place.
    if (isExtSuper(bytesOf(scratch.one).slice(1024, EXT4_SUPER_BYTES))) isTrue(done || disk.flushes === 1);
    else isTrue(!done);
    cut++;
  }
  isTrue(done && cut > 6);
}

function refusals(): void {
  test("a disk that cannot hold one is refused untouched");
  disk.clear(512, 4n * MEBIBYTE);
  equal(format(disk, bytesOf(scratch.large)), Ext4Error.badSize);
  equal(disk.writes, 0);

  test("the seconds of the year 2106 and later keep their low bits");
  identity.unixSeconds = 0x100000005n;
  equal(identity.seconds32(), 5);
  equalBig(identity.unixSeconds, 4294967301n);
}

function format(target: SparseDisk, buffer: Bytes): Ext4Error {
  const result = formatter.format(target, identity, buffer);
  return result.ok ? Ext4Error.none : result.error;
}
