// Entries appended to a ring in memory: a block of 512 bytes each, text without control characters, a CRC.

import { crc32 } from "./crc32-table";

const BLOCK: usize = 512;
const ENTRIES: u32 = 256;
const HEADER: usize = 64;
const TEXT_LIMIT: usize = 448;
const blocks = memory.data(512 * 256);
const zeros = memory.data(16);
const component = memory.data<u8>([0x62, 0x65, 0x6e, 0x63, 0x68]);
const event = memory.data<u8>([0x61, 0x70, 0x70, 0x65, 0x6e, 0x64]);

function blockOf(number: u32): usize {
  return blocks + <usize>(number % ENTRIES) * BLOCK;
}

function putText(text: usize, at: usize, source: usize, length: usize, limit: usize): usize {
  const count = min(length, min(TEXT_LIMIT - at, limit));
  for (let i: usize = 0; i < count; i++) {
    const character: u32 = load<u8>(source + i);
    store<u8>(text + at + i, character < 0x20 || character == 0x7f ? 0x2e : character);
  }
  return count;
}

function makeEntry(block: usize, level: u8, details: usize, length: usize): void {
  memory.fill(block, 0, BLOCK);
  store<u32>(block, 0x1e4c5201);
  store<u8>(block, level, 10);
  const text = block + HEADER;
  const componentLength = putText(text, 0, component, 5, 24);
  const eventLength = putText(text, componentLength, event, 6, 256);
  const before = componentLength + eventLength;
  const detailsLength = putText(text, before, details, length, TEXT_LIMIT);
  store<u8>(block, <u8>componentLength, 11);
  store<u16>(block, <u16>eventLength, 12);
  store<u16>(block, <u16>(HEADER + before + detailsLength), 8);
}

function sealEntry(entry: usize, file: u32, sequence: u64): void {
  store<u8>(entry, 0, 14);
  store<u32>(entry, file, 56);
  store<u64>(entry, sequence, 16);
  const length = ((<usize>load<u16>(entry, 8) + 15) / 16) * 16;
  store<u32>(entry, crc32(crc32(crc32(0, entry, 4), zeros, 4), entry + 8, length - 8), 4);
}

export function run(input: usize, length: usize, work: usize): u32 {
  let newest: u32 = 0;
  for (let at: usize = 0; at < length; ) {
    const size: usize = load<u16>(input + at);
    const block = blockOf(++newest);
    makeEntry(block, 3, input + at + 2, size);
    sealEntry(block, 7, newest);
    at += 2 + size;
  }
  memory.copy(work, blockOf(newest), BLOCK);
  return newest;
}
