// Corners: names that C or the compiler use themselves, empty arrays, enums among numbers, shadowing, and the like.

import { big, number, word, yes } from "./support/output.ts";

const enum Level {
  none,
  low = 3,
  high = 200,
}

const enum Signed {
  below = -2,
  above = 2,
}

interface Named {
  name(): string;
}

class Inside implements Named {
  readonly value: u32 = 7;
  name(): string {
    return "inside";
  }
}

class Outside implements Named {
  readonly inside = new Inside();
  readonly nothing = new Uint8Array(0);
  name(): string {
    return "outside";
  }
}

class Empty {}

class Words {
  int: u32 = 1;
  default: u32 = 2;
  self: u32 = 3;
  register: boolean = true;
  NULL: u8 = 5;
  data: u8 = 6;
  length: u32 = 9;

  method(self: u32, memset: u32): u32 {
    const value_1 = self + 1;
    const double = memset + value_1;
    return u32(this.self + double + this.next(this.int));
  }

  next(int: u32): u32 {
    this.self++;
    return int;
  }
}

const outside = new Outside();
const words = new Words();
const empty = new Empty();
const otherEmpty = new Empty();

export function levels(): void {
  for (let i: i32 = -2; i < 5; i++) {
    const level = i > 2 ? Level.high : i < 0 ? Level.none : Level.low;
    yes(level > i);
    yes(i < level);
    number(level - i - 10);
    number(level & 0xff);
    number(-level);
    number(Math.min(level, i));
    yes(level - 5 < i);
    number(signed(i > 0 ? Signed.above : Signed.below));
    number(~level);
    number(level >>> 1);
    big(BigInt(level));
  }
}

function signed(value: Signed): i32 {
  return value * 100;
}

export function identity(): void {
  const first: Named = outside;
  const second: Named = outside.inside;
  yes(first === second);
  word(first.name());
  word(second.name());
  yes(empty === otherEmpty);
}

export function names(): void {
  number(words.method(10, 20));
  number(words.default + words.NULL + words.data + words.length);
  yes(words.register);
  const auto: u32 = 4;
  const restrict = auto + 1;
  const errno = restrict * 2;
  const print_ = errno;
  const RAY_HERE = print_ + 1;
  const uint8_t: u8 = 9;
  number(uint8_t + RAY_HERE);
  const value_1: u32 = 5;
  number(value_1 + words.next(1) + words.self);
  const chosen_1 = words.self > 3 && words.next(2) === 2;
  yes(chosen_1);
}

export function shadows(): void {
  const x: u32 = 1;
  {
    const x: u32 = 2;
    number(x);
  }
  for (const x of table) {
    const y = x + 1;
    for (let x: u32 = 0; x < 2; x++) {
      const y = x * 2;
      number(y);
    }
    number(y);
  }
  number(x);
  for (const x of table) {
    const x: u32 = 9;
    number(x);
  }
}

const table: readonly u32[] = [3, 4];
const none: readonly u32[] = [];
const nothing = new Uint16Array(0);
const nobody = fixedArray(0, () => new Inside());

export function emptiness(): void {
  number(outside.nothing.length);
  number(bytesOf(outside.nothing).length);
  for (const byte of outside.nothing) number(byte);
  for (const one of none) number(one);
  number(nothing.length + nobody.length);
  for (const one of nobody) number(one.value);
  const local = new Uint8Array(0);
  number(local.length);
  yes(bytesOf(local).equals(utf8("")));
  bytesOf(local).fill(4);
  bytesOf(local).copyFrom(bytesOf(outside.nothing));
  print(bytesOf(local));
}

export function deadBranches(): void {
  let i: u32 = 5;
  if (i > 10) number(i - 10);
  while (i > 7) i--;
  if (i < 3) number(3 - i);
  const limit: u8 = 255;
  if (limit > 255) number(1);
  number(i);
}

function alwaysFails(value: u32): u32 {
  if (value === 0) unreachable("zero");
  else return value;
}

function all(value: boolean): u32 {
  while (true) {
    if (value) return 4;
  }
}

export function returns(): void {
  number(alwaysFails(4));
  number(all(true));
}

export function deepNesting(): void {
  let total: u32 = 0;
  for (let a: u8 = 0; a < 4; a++) {
    for (let b: u8 = a; b < 4; b++) {
      if (a === b) continue;
      let c: u8 = 0;
      do {
        c++;
        if (c === 2) continue;
        total += (a * 16 + b) ^ c;
      } while (c < b && !(a === 2 && c === 2));
    }
  }
  number(total);
}

export function wideConstants(): void {
  const all: u64 = 0xffff_ffff_ffff_ffffn;
  const least: i64 = -0x8000_0000_0000_0000n;
  big((all + 1n) >> 1n);
  big((least - 1n) >> 1n);
  big((all * 5n) >> 5n);
  big(-(all + all) >> 4n);
  yes(all > least);
  big(all >> 63n);
  big(least >> 63n);
  big((all + all) >> 1n);
  big((all + all) & 0xffn);
  big((2n ** 70n - 2n ** 65n) >> 9n);
  number(0x7fff_ffff + 1);
  number(-0x8000_0000 - 1);
  number(4_294_967_295 * 2);
  number(0b1010 + 0o17 + 0xff + 1e3);
}

/** C takes the larger literal as one without a sign, and the other with it. */
export function literalsOfBothSigns(): void {
  yes(0x8000_0000 <= -129);
  yes(-1 < 0xffff_ffff);
  yes(-0x8000_0000 > 0x8000_0001);
  yes(0xffff_ffff > -2);
  const signed = alwaysFails(4) === 0;
  big(BigInt(signed ? -129 : 0x8000_0000));
  big(BigInt(signed ? 0x8000_0000 : -129));
  yes(-1n < 0xffff_ffff_ffff_ffffn);
  yes(0xffff_ffff_ffff_ffffn > -0x8000_0000_0000_0000n);
  yes(-1n > (signed ? 0xffff_ffff_ffff_ffffn : -0x8000_0000_0000_0000n));
  big(signed ? -0x8000_0000_0000_0000n : 0xffff_ffff_ffff_ffffn);
  big(signed ? 0xffff_ffff_ffff_ffffn : -0x8000_0000_0000_0000n);
}
