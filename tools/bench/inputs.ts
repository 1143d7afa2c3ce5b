// What the programs of `bench rayc` work on: made from constant seeds, so that every run counts the same.

import { fatImage } from "./fat-image.ts";
import { compressLz4 } from "./lz4-encoder.ts";

const MIB = 1024 * 1024;
const WORDS =
  "kernel boot disk sector the a of record log ring write read flush entry error table page queue handoff release".split(
    " ",
  );

/** Marsaglia's xorshift of 32 bits. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }

  below(limit: number): number {
    return this.next() % limit;
  }
}

const MAKERS: Readonly<Record<string, () => Buffer>> = {
  crc32: () => noise(MIB, 1),
  sha256: () => noise(MIB, 2),
  lz4: () => compressLz4(text(MIB, 3)),
  blit: draws,
  fat32: () => fatImage(new Random(4)),
  "hash-table": pairs,
  quicksort: () => noise(65536 * 4, 6),
  mix64: () => noise(MIB, 7),
  gpt: gptSectors,
  ring: records,
};

export function inputOf(program: string): Buffer {
  return MAKERS[program]!();
}

function noise(length: number, seed: number): Buffer {
  const random = new Random(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(random.next(), at);
  return bytes;
}

/** Words and numbers, as logs hold them. */
function text(length: number, seed: number): Buffer {
  const random = new Random(seed);
  const parts: string[] = [];
  for (let size = 0; size < length; size += parts.at(-1)!.length) {
    const word = random.below(6) === 0 ? String(random.below(100000)) : WORDS[random.below(WORDS.length)]!;
    parts.push(random.below(12) === 0 ? `${word}\n` : `${word} `);
  }
  return Buffer.from(parts.join("").slice(0, length));
}

/** Eight pictures; all of the screen is covered, and a third of the draws hangs over one of its borders. */
function draws(): Buffer {
  const random = new Random(8);
  const places: [number, number][] = [];
  for (let y = 0; y < 768; y += 96) for (let x = 0; x < 1024; x += 128) places.push([x, y]);
  for (let i = 0; i < 32; i++) places.push([random.below(1400) - 200, random.below(1000) - 120]);
  const head = Buffer.alloc(16 + places.length * 16);
  head.writeUInt32LE(places.length, 0);
  places.forEach(([x, y], index) => {
    head.writeInt32LE(x, 16 + index * 16);
    head.writeInt32LE(y, 20 + index * 16);
    head.writeUInt32LE(random.below(8), 24 + index * 16);
  });
  return Buffer.concat([head, noise(8 * 128 * 96 * 4, 9)]);
}

/** 40,000 keys put in, and 160,000 questions, of which every second one finds something. */
function pairs(): Buffer {
  const random = new Random(5);
  const keys = Array.from({ length: 40000 }, () => (random.next() | 1) >>> 0);
  const bytes = Buffer.alloc(200000 * 8);
  for (let i = 0; i < 200000; i++) {
    const isNew = i % 5 === 0;
    const known = keys[isNew ? i / 5 : random.below(Math.max(1, Math.floor(i / 5)))]!;
    bytes.writeUInt32LE(isNew || i % 2 === 0 ? known : (random.next() | 1) >>> 0, i * 8);
    bytes.writeUInt32LE(((random.next() & ~3) | (isNew ? 0 : 1)) >>> 0, i * 8 + 4);
  }
  return bytes;
}

/** A header and an array of 128 entries, of which 96 are partitions with names. */
function gptSectors(): Buffer {
  const random = new Random(10);
  const array = Buffer.alloc(128 * 128);
  for (let i = 0; i < 96; i++) {
    const slot = array.subarray(i * 128, i * 128 + 128);
    for (let at = 0; at < 32; at += 4) slot.writeUInt32LE(random.next(), at);
    slot.writeBigUInt64LE(BigInt(2048 + i * 4096), 32);
    slot.writeBigUInt64LE(BigInt(2048 + i * 4096 + 4095), 40);
    slot.write(`Partition ${i} für ${WORDS[i % WORDS.length]}`.slice(0, 36), 56, "utf16le");
  }
  const header = Buffer.alloc(512);
  header.write("EFI PART", 0, "latin1");
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(92, 12);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(0xfffffn, 32);
  header.writeBigUInt64LE(34n, 40);
  header.writeBigUInt64LE(0xfffden, 48);
  header.writeBigUInt64LE(2n, 72);
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(array), 88);
  header.writeUInt32LE(crc32(header.subarray(0, 92)), 16);
  return Buffer.concat([header, array]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** 4000 texts of 20 to 120 bytes. */
function records(): Buffer {
  const random = new Random(11);
  const parts: Buffer[] = [];
  for (let i = 0; i < 4000; i++) {
    const line = text(20 + random.below(100), random.next() | 1);
    const head = Buffer.alloc(2);
    head.writeUInt16LE(line.length);
    parts.push(head, line);
  }
  return Buffer.concat(parts);
}
