// Entries appended to a ring in memory: a block of 512 bytes each, text without control characters, a CRC.

import { crc32 } from "./crc32-table";

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

function padded(length: usize): usize {
  return (length + 15) & ~15;
}

function fitting(length: usize, limit: usize, before: usize): usize {
  return min(length, min(limit, TEXT_LIMIT - before));
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
  const text = block + HEADER;
  const componentLength = fitting(5, 24, 0);
  const eventLength = fitting(6, 256, componentLength);
  const before = componentLength + eventLength;
  const whole = before + fitting(length, TEXT_LIMIT, before);
  memory.fill(block, 0, HEADER);
  memory.fill(block + padded(HEADER + whole) - 16, 0, 16);
  store<u32>(block, 0x1e4c5201);
  store<u16>(block, <u16>(HEADER + whole), 8);
  store<u8>(block, level, 10);
  store<u8>(block, <u8>componentLength, 11);
  store<u16>(block, <u16>eventLength, 12);
  memory.copy(text, component, componentLength);
  memory.copy(text + componentLength, event, eventLength);
  memory.copy(text + before, details, whole - before);
  if (hasControls(text, whole)) replaceControls(text, whole);
}

function sealEntry(entry: usize, file: u32, sequence: u64): void {
  store<u8>(entry, 0, 14);
  store<u32>(entry, file, 56);
  store<u64>(entry, sequence, 16);
  store<u32>(entry, 0, 4);
  store<u32>(entry, crc32(0, entry, padded(load<u16>(entry, 8))), 4);
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
