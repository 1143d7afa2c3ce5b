// What may be spelled in several ways: tables within functions, members of an enum by others, chains of links, `**=`, `+x`.

import { number, word, yes } from "./support/output.ts";

class Entry {
  readonly few = fixedArray<u8, 2>(2, () => 4);
  readonly bytes = new Uint8Array(3);
  below: Entry | null = null;
  value: u8 = 9;
  self(): Entry {
    return this;
  }
}

const entry = new Entry();

function found(wanted: boolean): Entry | null {
  return wanted ? entry : null;
}

let calls: u8 = 0;

function index(): u8 {
  calls++;
  return 1;
}

export function chains(): void {
  entry.few[1] = 5;
  number(found(true)?.few[index()] ?? 0);
  number(found(false)?.few[index()] ?? 0);
  number(calls);
  number(found(true)?.bytes.length ?? 0);
  number(found(true)?.self().value ?? 0);
  number(found(false)?.self().value ?? 0);
  found(true)?.self().bytes.fill(6);
  number(entry.bytes[2]);
  number(found(true)?.self().below?.value ?? 1);
  number(found(true)?.few[index() + index()] ?? 0);
}

const enum Flag {
  first = 1,
  second = first << 1,
  both = first | second,
  below = -both,
}

type Sign = 1 | -1;

function signOf(isLess: boolean): Sign {
  return isLess ? -1 : 1;
}

export function members(): void {
  number(Flag.both);
  number(Flag.below);
  const sign = signOf(true);
  number(sign + 3);
  switch (sign) {
    case 1:
      return;
    case -1:
      yes(true);
  }
}

export function tables(): void {
  const few: readonly u16[] = [3, 500, 7];
  const words: readonly string[] = ["a", "b"];
  let sum: u32 = 0;
  for (const one of few) sum += one;
  number(sum);
  for (const one of words) word(one);
  number(few[index() - 1 + index()]);
}

export function operators(): void {
  let small: u8 = 3;
  small **= 2;
  number(small);
  let large: u64 = 3n;
  large **= 3n;
  yes(large === 27n);
  number(+small);
}

interface Source {
  next(): u8;
}

class One implements Source {
  next(): u8 {
    return 1;
  }
}

class Two implements Source {
  next(): u8 {
    return 2;
  }
  static half(value: u8): u8 {
    return value >> 1;
  }
}

const one = new One();
const two = new Two();
let chosen: Source | null = null;

export function identities(): void {
  yes(chosen === one);
  chosen = one;
  yes(chosen === one);
  yes(chosen !== two);
  const half: (value: u8) => u8 = Two.half;
  number(half(9));
}
