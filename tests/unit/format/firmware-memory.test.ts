import { MemoryMap } from "../../../src/format/firmware-memory.ts";
import {
  beginHandoff,
  HANDOFF,
  memoryBase,
  memoryEnd,
  MemoryKind,
  memoryKind,
  parseHandoff,
  sealHandoff,
} from "../../../src/format/handoff.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const STRIDE = 48;
const MEBIBYTE = 0x10_0000n;

const descriptors = new Uint8Array(65536);
const record = new Uint8Array(9664);
const map = new MemoryMap();

function put(index: u16, type: u32, base: u64, pages: u64): void {
  const at = bytesOf(descriptors).slice(index * STRIDE, STRIDE);
  at.fill(0);
  at.setU32le(0, type);
  at.setU64le(8, base);
  at.setU64le(24, pages);
}

function take(count: u16): boolean {
  return map.take(bytesOf(descriptors).slice(0, count * STRIDE), STRIDE);
}

function write(): Bytes {
  const bytes = bytesOf(record);
  beginHandoff(bytes);
  isTrue(map.write(bytes));
  sealHandoff(bytes);
  isTrue(parseHandoff(bytes).ok);
  return bytes;
}

/** A machine of 64 MiB whose firmware lists its memory backwards. */
function putMachine(): void {
  put(0, 7, 8n * MEBIBYTE, 0x3000n);
  put(1, 6, 56n * MEBIBYTE, 0x100n);
  put(2, 2, 4n * MEBIBYTE, 0x400n);
  put(3, 7, 1n * MEBIBYTE, 0x300n);
  put(4, 4, 0n, 0x9fn);
  put(5, 9, 57n * MEBIBYTE, 0x10n);
  put(6, 11, 0xfec0_0000n, 1n);
}

function testOrder(): void {
  test("descriptors in any order come out ascending, joined, with their kinds");
  map.clearPieces();
  putMachine();
  isTrue(take(7));
  const bytes = write();
  equal(HANDOFF.memoryCount.get(bytes), 7);
  equalBig(memoryBase(bytes, 1), MEBIBYTE);
  equalBig(memoryEnd(bytes, 1), 4n * MEBIBYTE);
  isTrue(memoryKind(bytes, 0) === MemoryKind.reclaimable);
  isTrue(memoryKind(bytes, 1) === MemoryKind.usable);
  isTrue(memoryKind(bytes, 2) === MemoryKind.reclaimable);
  isTrue(memoryKind(bytes, 4) === MemoryKind.runtimeData);
  isTrue(memoryKind(bytes, 5) === MemoryKind.acpiTables);
  isTrue(memoryKind(bytes, 6) === MemoryKind.mmio);
  equalBig(map.topOfRam(), 57n * MEBIBYTE + 0x1_0000n);
  equalBig(map.usableBytes(), 48n * MEBIBYTE + 7n * MEBIBYTE + 0x9_f000n);
}

function testPieces(): void {
  test("own pieces are cut out of what the firmware calls loader data");
  map.clearPieces();
  putMachine();
  map.addPiece(5n * MEBIBYTE, 0x10n, MemoryKind.kernel);
  map.addPiece(4n * MEBIBYTE, 0x8n, MemoryKind.handoff);
  map.addPiece(8n * MEBIBYTE - 0x1000n, 1n, MemoryKind.pageTables);
  isTrue(take(7));
  const bytes = write();
  equal(HANDOFF.memoryCount.get(bytes), 11);
  isTrue(memoryKind(bytes, 2) === MemoryKind.handoff);
  equalBig(memoryEnd(bytes, 2), 4n * MEBIBYTE + 0x8000n);
  isTrue(memoryKind(bytes, 3) === MemoryKind.reclaimable);
  isTrue(memoryKind(bytes, 4) === MemoryKind.kernel);
  equalBig(memoryBase(bytes, 4), 5n * MEBIBYTE);
  equalBig(memoryEnd(bytes, 4), 5n * MEBIBYTE + 0x1_0000n);
  isTrue(memoryKind(bytes, 5) === MemoryKind.reclaimable);
  isTrue(memoryKind(bytes, 6) === MemoryKind.pageTables);
  isTrue(memoryKind(bytes, 7) === MemoryKind.usable);
}

function testUsable(): void {
  test("a stretch is usable where it is free, whole and in one piece");
  putMachine();
  isTrue(take(7));
  isTrue(map.isUsable(8n * MEBIBYTE, 0x3000n));
  isTrue(map.isUsable(32n * MEBIBYTE, 9n));
  isTrue(!map.isUsable(8n * MEBIBYTE, 0x3001n));
  isTrue(!map.isUsable(56n * MEBIBYTE, 1n));
  isTrue(!map.isUsable(512n * MEBIBYTE, 1n));
}

function testNonsense(): void {
  test("overlapping, empty and impossible descriptors do no harm");
  map.clearPieces();
  put(0, 7, 0n, 0x100n);
  put(1, 7, 0x8_0000n, 0x100n);
  put(2, 7, 0x20_0000n, 0n);
  put(3, 7, 0xffff_ffff_ffff_f000n, 0x10n);
  put(4, 7, 0x20_0000n, 0xffff_ffff_ffff_ffffn);
  put(5, 77, 0x30_0000n, 1n);
  isTrue(take(6));
  const bytes = write();
  equal(HANDOFF.memoryCount.get(bytes), 2);
  equalBig(memoryEnd(bytes, 0), 0x18_0000n);
  isTrue(memoryKind(bytes, 1) === MemoryKind.reserved);
  test("descriptors that are too short, or too many, are refused");
  isTrue(!map.take(bytesOf(descriptors).slice(0, 96), 32));
  for (let i: u16 = 0; i < 600; i++) put(i, 7, BigInt(i) * 0x10_0000n, 1n);
  isTrue(!take(600));
}

export function main(): void {
  testOrder();
  testPieces();
  testUsable();
  testNonsense();
}
