import { ElfError, ElfImage, parseElf, SEGMENT_LIMIT } from "../../../src/format/elf.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const FILE_BYTES = 12288;
const KERNEL_BASE = 0xffff_ffff_8000_0000n;
const HEADERS_AT = 64;
const HEADER_BYTES = 56;

const storage = new Uint8Array(FILE_BYTES);
const image = new ElfImage();

/** A kernel of three pieces: code, constants, data with zeros behind it. */
function makeFile(): Bytes {
  const file = bytesOf(storage);
  file.fill(0);
  file.setU64be(0, 0x7f45_4c46_0201_0100n);
  file.setU16le(16, 2);
  file.setU16le(18, 62);
  file.setU32le(20, 1);
  file.setU64le(24, KERNEL_BASE + 16n);
  file.setU64le(32, BigInt(HEADERS_AT));
  file.setU16le(52, 64);
  file.setU16le(54, HEADER_BYTES);
  file.setU16le(56, 3);
  setHeader(file, 0, 5, 0x1000n, KERNEL_BASE, 0x0ffcn, 0x0ffcn);
  setHeader(file, 1, 4, 0x2000n, KERNEL_BASE + 0x1000n, 0x0400n, 0x0400n);
  setHeader(file, 2, 6, 0x2400n, KERNEL_BASE + 0x2400n, 0x0100n, 0x5000n);
  return file;
}

function setHeader(
  file: Bytes,
  index: u8,
  flags: u32,
  offset: u64,
  address: u64,
  fileBytes: u64,
  memoryBytes: u64,
): void {
  const header = file.slice(HEADERS_AT + index * HEADER_BYTES, HEADER_BYTES);
  header.setU32le(0, 1);
  header.setU32le(4, flags);
  header.setU64le(8, offset);
  header.setU64le(16, address);
  header.setU64le(32, fileBytes);
  header.setU64le(40, memoryBytes);
}

/** The error of parsing, or 0. */
function errorOf(file: Bytes): u32 {
  const parsed = parseElf(file, image);
  return parsed.ok ? 0 : parsed.error;
}

function headerOf(file: Bytes, index: u8): Bytes {
  return file.slice(HEADERS_AT + index * HEADER_BYTES, HEADER_BYTES);
}

function testGood(): void {
  test("a kernel's pieces, their places and rights");
  equal(errorOf(makeFile()), 0);
  equal(image.segmentCount, 3);
  equalBig(image.entry, KERNEL_BASE + 16n);
  equalBig(image.start(), KERNEL_BASE);
  equal(image.spanBytes(), 0x8000);
  isTrue(image.segments[0].isExecutable && !image.segments[0].isWritable);
  isTrue(!image.segments[1].isExecutable && !image.segments[1].isWritable);
  isTrue(!image.segments[2].isExecutable && image.segments[2].isWritable);
  equal(image.segments[2].fileOffset, 0x2400);
  equal(image.segments[2].fileBytes, 0x100);
  equal(image.segments[2].memoryBytes, 0x5000);
}

function testForeign(): void {
  test("what is no kernel is refused");
  equal(errorOf(makeFile().slice(0, 63)), ElfError.notAnElf);
  let file = makeFile();
  file.setU8(4, 1);
  equal(errorOf(file), ElfError.notAnElf);
  file = makeFile();
  file.setU16le(18, 3);
  equal(errorOf(file), ElfError.notAnElf);
  file = makeFile();
  file.setU16le(16, 3);
  equal(errorOf(file), ElfError.unsupported);
  file = makeFile();
  headerOf(file, 1).setU32le(0, 2);
  equal(errorOf(file), ElfError.unsupported);
  file = makeFile();
  file.setU16le(56, 0);
  equal(errorOf(file), ElfError.segmentCount);
}

function testLengths(): void {
  test("what reaches beyond the file is refused, without a sum that wraps");
  let file = makeFile();
  file.setU64le(32, 0xffff_ffff_ffff_fff0n);
  equal(errorOf(file), ElfError.truncated);
  file = makeFile();
  file.setU16le(56, 0xffff);
  equal(errorOf(file), ElfError.truncated);
  file = makeFile();
  headerOf(file, 0).setU64le(8, 0xffff_ffff_ffff_f000n);
  equal(errorOf(file), ElfError.truncated);
  file = makeFile();
  headerOf(file, 0).setU64le(32, 0xffff_ffff_ffff_f000n);
  equal(errorOf(file), ElfError.truncated);
  equal(errorOf(makeFile().slice(0, 0x2480)), ElfError.truncated);
}

function testAddresses(): void {
  test("pieces lie where kernels do, apart, in order, within the limit");
  let file = makeFile();
  headerOf(file, 0).setU64le(16, 0x10_0000n);
  equal(errorOf(file), ElfError.badAddress);
  file = makeFile();
  headerOf(file, 1).setU64le(16, KERNEL_BASE + 0xffcn);
  equal(errorOf(file), ElfError.badAddress);
  file = makeFile();
  headerOf(file, 2).setU64le(40, 0xffn);
  equal(errorOf(file), ElfError.badAddress);
  file = makeFile();
  headerOf(file, 2).setU64le(40, 0xffff_ffff_ffff_ffffn);
  equal(errorOf(file), ElfError.badAddress);
  file = makeFile();
  headerOf(file, 2).setU64le(16, KERNEL_BASE + 0x2000_0000n);
  equal(errorOf(file), ElfError.badAddress);
  test("code is never writable");
  file = makeFile();
  headerOf(file, 0).setU32le(4, 7);
  equal(errorOf(file), ElfError.writableCode);
  test("the entry is in the file's own code");
  file = makeFile();
  file.setU64le(24, KERNEL_BASE + 0x1000n);
  equal(errorOf(file), ElfError.badEntry);
  file = makeFile();
  file.setU64le(24, KERNEL_BASE + 0xffcn);
  equal(errorOf(file), ElfError.badEntry);
}

function testTooMany(): void {
  test("more pieces than the table holds are refused");
  const file = makeFile();
  const count = SEGMENT_LIMIT + 1;
  file.setU16le(56, count);
  for (let i: u8 = 0; i < count; i++) {
    setHeader(file, i, 5, 0x2000n, KERNEL_BASE + BigInt(i) * 0x1000n, 0x800n, 0x800n);
  }
  equal(errorOf(file), ElfError.segmentCount);
  file.setU16le(56, SEGMENT_LIMIT);
  equal(errorOf(file), 0);
  equal(image.segmentCount, SEGMENT_LIMIT);
}

function testFlippedBits(): void {
  test("whatever bit of the headers is flipped: an error, or an image within its limits");
  let accepted: u32 = 0;
  for (let at: u32 = 0; at < HEADERS_AT + 3 * HEADER_BYTES; at++) {
    for (let bit: u8 = 0; bit < 8; bit++) {
      const file = makeFile();
      file.setU8(at, u8(file.u8(at) ^ (1 << bit)));
      if (errorOf(file) !== 0) continue;
      accepted++;
      isTrue(image.spanBytes() <= 0x1000_0000 + 0x1000);
    }
  }
  isTrue(accepted > 0);
}

export function main(): void {
  testGood();
  testForeign();
  testLengths();
  testAddresses();
  testTooMany();
  testFlippedBits();
}
