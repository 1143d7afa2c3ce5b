// Functions that are written where their value is wanted, and what is told by the types of arguments.

import { big, number, word, yes } from "./support/output.ts";

type Step = (value: u32) => u32;
type Test = (value: u32, index: u8) => boolean;

function apply(step: Step, value: u32): u32 {
  return step(value);
}

const double: Step = (value) => value + value;
const half = (value: u32): u32 => value >>> 1;
const STEPS: readonly Step[] = [(value) => value + 1, double0, (value) => (value ^ 0xff) >>> 0];

function double0(value: u32): u32 {
  return Math.imul(value, 2) >>> 0;
}

class Machine {
  step: Step = (value) => value + 3;
  readonly fixed: Step = function (value) {
    return value + 4;
  };

  constructor(readonly done: (total: u32) => void) {}

  run(value: u32): void {
    this.done(this.step(this.fixed(value)));
  }
}

let sum: u32 = 0;
const machine = new Machine((total) => {
  sum += total;
});

export function values(): void {
  number(apply((value) => value + value, 4));
  number(apply(double, 5));
  number(apply(half, 5));
  for (const step of STEPS) number(step(9));
  machine.run(10);
  number(sum);
  machine.step = (value) => {
    if (value > 10) return 10;
    return value;
  };
  machine.run(10);
  number(sum);
  const local: Step = (value) => double(value) + 1;
  number(apply(local, 6));
  number(apply(sum > 5 ? (value) => value + 1 : (value) => value + 2, 1));
}

function count(test: Test): u32 {
  let found: u32 = 0;
  for (let i: u8 = 0; i < 10; i++) if (test(i * 3, i)) found++;
  return found;
}

/** They may take less than they are given. */
export function fewer(): void {
  number(count((value) => value > 10));
  number(count((value, index) => value > 10 && index < 7));
  number(count(() => true));
}

/** What is narrowed in it traps on its own line. */
export function narrowed(): void {
  number(apply((value) => value + 1, 0xffff_fffe));
  number(apply((value) => value + 1, 0xffff_ffff));
}

export function asserted(): void {
  number(
    apply((value) => {
      assert(value < 5, "too much");
      return value;
    }, 5),
  );
}

class Pair<A, B> {
  constructor(
    public left: A,
    public right: B,
  ) {}
}

class Entry {
  constructor(
    readonly id: u8,
    readonly size: u64,
  ) {}
}

class Slot<T> {
  uses: u32 = 0;
  constructor(readonly value: T | null) {}
}

const entry = new Entry(3, 5n);
const pair = new Pair(entry, true);
const outer = new Pair(pair, entry);
const slot = new Slot(entry);
const typed: Pair<u8, u16> = new Pair(7, 9);

function join<A, B>(left: A, right: B, same: (left: A, right: B) => boolean): boolean {
  return same(left, right);
}

function mapped<T, U>(values: FixedArray<T, 3>, map: (value: T) => U): U {
  return map(values[1]);
}

function both<T>(pair: Pair<T, T>, choose: (left: T, right: T) => T): T {
  return choose(pair.left, pair.right);
}

function wider<T>(left: T, right: T, flag: boolean): T {
  return flag ? left : right;
}

const entries = fixedArray(3, () => new Entry(4, 6n));

function inferredFrom(small: u8, large: u32): void {
  number(pair.left.id);
  yes(outer.left.right);
  yes(slot.value === entry);
  number(typed.left + typed.right);
  const local = new Pair(small, large);
  local.left = 255;
  number(local.left + local.right);
  yes(join(entry, local, (left, right) => left.id === right.left));
  big(mapped(entries, (one) => one.size));
  yes(mapped(entries, (one) => one.id === 4));
  number(mapped(entries, (one): u16 => one.id * 2));
  number(both(numbers, (left, right) => (left > right ? left : right)));
  number(wider(small, large, false));
  number(wider(large, small, false));
  word("");
}

const numbers: Pair<u32, u32> = new Pair(4, 6);

export function inferred(): void {
  inferredFrom(200, 70_000);
}
