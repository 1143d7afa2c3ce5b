// Views: constant tables, typed arrays and Bytes handed on, kept and compared; empty and nested ones.

import { big, number, word, yes } from "./support/output.ts";

const BYTES: readonly u8[] = [1, 2, 250];
const WORDS: readonly u16[] = [1, 65535];
const LONGS: readonly u64[] = [1n, 0xffffffffffffffffn];
const SIGNED: readonly i32[] = [-5, 5];
const SMALL: readonly i8[] = [-5, 5];
const NAMES: readonly string[] = ["one", "two"];
const FLAGS: readonly boolean[] = [true, false, true];
const TEXT: string = "constant text";

const enum Kind {
  first,
  second,
}
const KINDS: readonly Kind[] = [Kind.second, Kind.first, Kind.second];

class Item {
  constructor(
    readonly name: string,
    readonly size: u32,
    readonly values: readonly u8[],
  ) {}
}

const ITEMS: readonly Item[] = [new Item("a", 1, BYTES), new Item("b", 2, BYTES)];

class Keeper {
  view: Bytes = utf8("start");
  name: string = TEXT;
  item: Item | null = null;
  readonly own = new Uint8Array(5);
}

const keeper = new Keeper();

function sum(values: readonly u8[]): u32 {
  let total: u32 = 0;
  for (const value of values) total += value;
  return total;
}

function sumWords(values: readonly u16[]): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < values.length; i++) total += values[i];
  return total;
}

function sumLongs(values: readonly u64[]): u64 {
  let total: u64 = 0n;
  for (const value of values) total = BigInt.asUintN(64, total + value);
  return total;
}

function count(flags: readonly boolean[]): u32 {
  let total: u32 = 0;
  for (const flag of flags) if (flag) total++;
  return total;
}

function ofKind(kinds: readonly Kind[], kind: Kind): u32 {
  let total: u32 = 0;
  for (const one of kinds) if (one === kind) total++;
  return total;
}

function longest(names: readonly string[]): u32 {
  let most: u32 = 0;
  for (const name of names) most = Math.max(most, utf8(name).length);
  return most;
}

function sizes(items: readonly Item[]): u32 {
  let total: u32 = 0;
  for (const item of items) total += u32(item.size * 100 + sum(item.values));
  return total;
}

function lowest(values: readonly i32[]): i32 {
  let least: i32 = 0x7fffffff;
  for (const value of values) least = Math.min(least, value);
  return least;
}

export function tables(): void {
  number(sum(BYTES));
  number(sumWords(WORDS));
  big(sumLongs(LONGS));
  number(lowest(SIGNED));
  number(SMALL[0] * SMALL[1]);
  number(count(FLAGS));
  number(ofKind(KINDS, Kind.second));
  number(longest(NAMES));
  number(sizes(ITEMS));
  word(ITEMS[1].name);
  number(ITEMS[0].values[2]);
}

export function mutable(): void {
  keeper.own.fill(9);
  number(sum(keeper.own));
  const local = new Uint8Array(3);
  local[2] = 4;
  number(sum(local));
  number(sum(span(bytesOf(keeper.own), 1, 2)));
  let view: Uint8Array = keeper.own;
  view[0] = 1;
  view = span(bytesOf(keeper.own), 0, 2);
  view[1] = 200;
  number(view.length);
  number(sum(keeper.own));
  for (const byte of view) {
    view = keeper.own;
    number(byte);
  }
}

export function kept(): void {
  print(keeper.view);
  word("");
  keeper.view = bytesOf(keeper.own).slice(1, 3);
  bytesOf(keeper.own).slice(1, 3).setU8(0, 65);
  number(keeper.view.u8(0));
  number(keeper.own[1]);
  keeper.name = keeper.name === TEXT ? "other" : TEXT;
  word(keeper.name);
  keeper.item = ITEMS[1];
  if (keeper.item !== null) word(keeper.item.name);
  let bytes: Bytes = keeper.view;
  bytes = bytes.slice(1, 2).slice(0, 1);
  number(bytes.length);
  bytes = yesOrNo(bytes.length === 1) ? utf8("yes") : bytes;
  print(bytes);
  word("");
}

function yesOrNo(value: boolean): boolean {
  yes(value);
  return value;
}

class Shown {
  view: Bytes = utf8("xyz");
  get(): Bytes {
    return this.view;
  }
}

const walked = new Uint8Array(6);
const shown = new Shown();

function sumOf(bytes: Bytes): u32 {
  let sum: u32 = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

function word16([high, low]: Bytes): u32 {
  return high * 256 + low;
}

/** Which bytes are walked is known before the first round; what stands there is read in each. */
export function walksBytes(): void {
  const bytes = bytesOf(walked);
  bytes.fill(3);
  number(sumOf(bytes));
  number(sumOf(bytes.slice(2, 2)));
  number(sumOf(bytes.slice(6, 0)));
  for (const byte of utf8("abc")) number(byte);
  for (const byte of shown.get()) {
    shown.view = bytes;
    number(byte);
  }
  let rest = bytes;
  for (const byte of rest) {
    rest = bytes.slice(0, 1);
    bytes.setU8(1, 9);
    number(byte);
  }
  const [first, , third] = rest.length === 1 ? bytes : rest;
  number(first * third);
  number(word16(bytes));
  number(word16(bytes.slice(5, 1)));
}
