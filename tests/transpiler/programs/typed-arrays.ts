// Typed arrays of every width: at module level, as fields and locals, filled, walked, handed on, stored to with checks.

import { big, number, word, yes } from "./support/output.ts";

const bytes = new Uint8Array(3);
const shorts = new Uint16Array(3);
const words = new Uint32Array(3);
const longs = new BigUint64Array(3);
const signedBytes = new Int8Array(3);
const signedShorts = new Int16Array(3);
const signedWords = new Int32Array(3);
const signedLongs = new BigInt64Array(3);

const SMALL: readonly i8[] = [-128, 127];
const DEEP: readonly i64[] = [-9n, 0x7fff_ffff_ffff_ffffn];

class Row {
  readonly levels = new Int8Array(4);
  readonly heights = new Int16Array(2);
  readonly offsets = new BigInt64Array(2);
  last: i8 = -1;

  rise(by: i8): void {
    for (let i: u32 = 0; i < this.levels.length; i++) this.levels[i] += by;
    this.last = this.levels[this.levels.length - 1];
  }
}

const rows = fixedArray(2, () => new Row());
const spare = new Row();

function sumOfBytes(values: Int8Array): i32 {
  let sum: i32 = 0;
  for (const value of values) sum = (sum + value) | 0;
  return sum;
}

function sumOfShorts(values: Int16Array): i32 {
  let sum: i32 = 0;
  for (let i: u32 = 0; i < values.length; i++) sum = (sum + values[i]) | 0;
  return sum;
}

function sumOfLongs(values: readonly i64[]): i64 {
  let sum: i64 = 0n;
  for (const value of values) sum = BigInt.asIntN(64, sum + value);
  return sum;
}

function least(values: readonly i8[]): i8 {
  let least: i8 = 127;
  for (const value of values) if (value < least) least = value;
  return least;
}

function put(values: Int8Array, at: u32, value: i32): void {
  values[at] = i8(value);
}

function reverse(values: BigInt64Array): void {
  const kept = values[0];
  values[0] = values[values.length - 1];
  values[values.length - 1] = kept;
}

/** What a store of the smallest and of the largest value leaves. */
function edges(): void {
  bytes[0] = 255;
  shorts[1] = 65535;
  words[2] = 0xffff_ffff;
  longs[0] = 0xffff_ffff_ffff_ffffn;
  signedBytes[0] = -128;
  signedBytes[1] = 127;
  signedShorts[0] = -32768;
  signedShorts[1] = 32767;
  signedWords[0] = -0x8000_0000;
  signedWords[1] = 0x7fff_ffff;
  signedLongs[0] = -0x8000_0000_0000_0000n;
  signedLongs[1] = 0x7fff_ffff_ffff_ffffn;
  number(bytes[0] + shorts[1]);
  number(words[2]);
  big(longs[0]);
  for (const value of signedBytes) number(value);
  for (const value of signedShorts) number(value);
  for (const value of signedWords) number(value);
  for (const value of signedLongs) big(value);
}

function filled(): void {
  signedBytes.fill(-7);
  signedShorts.fill(-700);
  signedLongs.fill(-70_000_000_000n);
  words.fill(9);
  number(sumOfBytes(signedBytes));
  number(sumOfShorts(signedShorts));
  big(sumOfLongs(signedLongs));
  number(words[0] + words[2]);
  const local = new Int16Array(5);
  local.fill(3);
  local[4] = -32768;
  number(sumOfShorts(local));
  const deep = new BigInt64Array(2);
  deep[1] = -5n;
  reverse(deep);
  big(deep[0] - deep[1]);
  const narrow = new Int8Array(2);
  narrow[0] = -3;
  number(least(narrow));
}

function fields(): void {
  const row = rows[1];
  row.levels[3] = 100;
  row.rise(27);
  number(row.last);
  row.heights[0] = -12;
  row.offsets[1] = -1n;
  copy(spare, row);
  row.levels.fill(0);
  number(sumOfBytes(spare.levels));
  number(sumOfShorts(spare.heights));
  big(sumOfLongs(spare.offsets));
  number(sumOfBytes(row.levels));
  const [first, second] = rows;
  yes(first.levels[3] === second.levels[3]);
}

/** What bits are left of a wrapped value, and of a sign. */
function wrapped(): void {
  const values = new Int8Array(1);
  const many = new BigInt64Array(1);
  for (let i: u32 = 0; i < 5; i++) {
    values[0] = i8(((values[0] * 5 + 77) << 24) >> 24);
    many[0] = BigInt.asIntN(64, many[0] * 0x1234_5678_9abcn - 1n);
    number(values[0] >> 1);
    number(values[0] >>> 28);
    big(many[0] >> 3n);
    yes(many[0] < 0n);
  }
  number(-values[0]);
  number(Math.abs(values[0]));
  number(least(SMALL));
  big(sumOfLongs(DEEP));
}

export function main(): void {
  word("edges");
  edges();
  word("filled");
  filled();
  word("fields");
  fields();
  word("wrapped");
  wrapped();
}

export function beyondByte(): void {
  signedBytes[2] = 127;
  number(signedBytes[2]);
  signedBytes[2]++;
}

export function belowByte(): void {
  put(signedBytes, 1, -128);
  number(signedBytes[1]);
  put(signedBytes, 1, -129);
}

export function belowShort(): void {
  const values = new Int16Array(1);
  values[0] = -32768;
  values[0]--;
}

export function beyondLong(): void {
  signedLongs[0] = 0x7fff_ffff_ffff_ffffn;
  signedLongs[0] += 1n;
}

export function beyondFill(): void {
  let level: i32 = 128;
  level -= 1;
  signedBytes.fill(i8(level));
  number(signedBytes[0]);
  level += 1;
  signedBytes.fill(i8(level));
}

export function outside(): void {
  put(signedBytes, 2, 1);
  put(signedBytes, 3, 1);
}

export function pastField(): void {
  const row = rows[0];
  for (let i: u32 = 0; i <= row.offsets.length; i++) row.offsets[i] = BigInt(i);
}
