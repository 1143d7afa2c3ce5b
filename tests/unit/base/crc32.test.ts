import {
  CRC_BLOCK_BYTES,
  crc32,
  crc32Extend,
  crc32WithoutField,
  foldByTables,
  useCrcFolder,
} from "../../../src/base/crc32.ts";
import { equal, test } from "../harness.ts";

class Scratch {
  readonly record = new Uint8Array(64);
  readonly noise = new Uint8Array(200);
  folded: u32 = 0;
}

const scratch = new Scratch();

export function main(): void {
  test("crc32 gives the check value of the CRC catalogue");
  equal(crc32(utf8("123456789")), 0xcbf43926);
  equal(crc32(utf8("The quick brown fox jumps over the lazy dog")), 0x414fa339);
  equal(crc32(utf8("")), 0);

  test("crc32Extend continues where crc32 ended, wherever the bytes are cut");
  const whole = utf8("The quick brown fox jumps over the lazy dog");
  for (let cut: u32 = 0; cut <= whole.length; cut++) {
    const head = crc32(whole.slice(0, cut));
    equal(crc32Extend(head, whole.slice(cut, whole.length - cut)), 0x414fa339);
  }

  test("crc32WithoutField does not see the field, and sees every other byte");
  const record = bytesOf(scratch.record);
  for (let i: u32 = 0; i < record.length; i++) record.setU8(i, i & 0xff);
  record.setU32le(16, 0);
  const expected = crc32(record);
  for (let length: u32 = 20; length <= record.length; length++) {
    equal(crc32WithoutField(record.slice(0, length), 16), crc32(record.slice(0, length)));
    equal(crc32WithoutField(record.slice(4, length - 4), 12), crc32(record.slice(4, length - 4)));
  }
  for (let i: u32 = 0; i < record.length; i++) {
    const before = record.u8(i);
    record.setU8(i, before ^ 0x10);
    const inField = i >= 16 && i < 20;
    equal(crc32WithoutField(record, 16) === expected ? 1 : 0, inField ? 1 : 0);
    record.setU8(i, before);
  }

  const noise = bytesOf(scratch.noise);
  for (let i: u32 = 0; i < noise.length; i++) noise.setU8(i, (i * i * 7 + i * 3 + 91) & 0xff);

  test("crc32 of every length and beginning is what it is bit by bit, in blocks or not");
  for (let length: u32 = 0; length <= 180; length++) {
    const from: u32 = length % 20;
    const bytes = noise.slice(from, length);
    equal(crc32(bytes), ~bitByBit(0xffff_ffff, bytes) >>> 0);
  }

  test("useCrcFolder gives all whole blocks to another, and nothing else");
  useCrcFolder(foldAndCount);
  for (let length: u32 = 0; length <= 100; length++) {
    scratch.folded = 0;
    equal(crc32(noise.slice(3, length)), ~bitByBit(0xffff_ffff, noise.slice(3, length)) >>> 0);
    equal(scratch.folded, u32(length - (length % CRC_BLOCK_BYTES)));
  }
  useCrcFolder(foldByTables);
}

function foldAndCount(state: u32, blocks: Bytes): u32 {
  scratch.folded += blocks.length;
  return bitByBit(state, blocks);
}

/** The definition: a register that is shifted, and the polynomial wherever a bit falls out. */
function bitByBit(state: u32, bytes: Bytes): u32 {
  let register: u32 = state;
  for (let i: u32 = 0; i < bytes.length; i++) {
    register = (register ^ bytes.u8(i)) >>> 0;
    for (let bit: u32 = 0; bit < 8; bit++) {
      const isOut = (register & 1) === 1;
      register = register >>> 1;
      if (isOut) register = (register ^ 0xedb8_8320) >>> 0;
    }
  }
  return register;
}
