// Entries appended to a ring in memory: a block of 512 bytes each, text without control characters, a CRC.

import { crc32WithoutSecondWord } from "./crc32-table";

const BLOCK: usize = 512;
const ENTRIES: u32 = 256;
const HEADER: usize = 64;
const TEXT_LIMIT: usize = 448;
const blocks = memory.data(512 * 256);
const component = memory.data<u8>([0x62, 0x65, 0x6e, 0x63, 0x68]);
const event = memory.data<u8>([0x61, 0x70, 0x70, 0x65, 0x6e, 0x64]);

function blockOf(number: u32): usize {
  return blocks + <usize>(number % ENTRIES) * BLOCK;
}

function putText(text: usize, at: usize, source: usize, length: usize, limit: usize): usize {
  const count = min(length, min(TEXT_LIMIT - at, limit));
  memory.copy(text + at, source, count);
  return count;
}

/** The high bit of each byte that is below a space, DELETE or greater, or behind such a one. */
function suspects(word: u64): u64 {
  return (word - 0x2020202020202020) | (word + 0x0101010101010101) | word;
}

function hasControls(text: usize, length: usize): bool {
  if (length < 8) return true;
  let suspect = suspects(load<u64>(text + length - 8));
  for (let at: usize = 0; at < length - 8; at += 8) suspect |= suspects(load<u64>(text + at));
  return (suspect & 0x8080808080808080) != 0;
}

function replaceControls(text: usize, length: usize): void {
  for (let at: usize = 0; at < length; at++) {
    const character: u32 = load<u8>(text + at);
    if (character < 0x20 || character == 0x7f) store<u8>(text + at, 0x2e);
  }
}

function makeEntry(block: usize, level: u8, details: usize, length: usize): void {
  memory.fill(block, 0, HEADER);
  store<u32>(block, 0x1e4c5201);
  store<u8>(block, level, 10);
  const text = block + HEADER;
  const componentLength = putText(text, 0, component, 5, 24);
  const eventLength = putText(text, componentLength, event, 6, 256);
  const before = componentLength + eventLength;
  const whole = before + putText(text, before, details, length, TEXT_LIMIT);
  store<u8>(block, <u8>componentLength, 11);
  store<u16>(block, <u16>eventLength, 12);
  if (hasControls(text, whole)) replaceControls(text, whole);
  const end = HEADER + whole;
  store<u16>(block, <u16>end, 8);
  memory.fill(block + end, 0, ((end + 15) & ~15) - end);
}

function sealEntry(entry: usize, file: u32, sequence: u64): void {
  store<u8>(entry, 0, 14);
  store<u32>(entry, file, 56);
  store<u64>(entry, sequence, 16);
  const length = ((<usize>load<u16>(entry, 8) + 15) / 16) * 16;
  store<u32>(entry, crc32WithoutSecondWord(entry, length), 4);
}

export function run(input: usize, length: usize, work: usize): u32 {
  let newest: u32 = 0;
  for (let at: usize = 0; at < length;) {
    const size: usize = load<u16>(input + at);
    const block = blockOf(++newest);
    makeEntry(block, 3, input + at + 2, size);
    sealEntry(block, 7, newest);
    at += 2 + size;
  }
  memory.copy(work, blockOf(newest), BLOCK);
  return newest;
}
