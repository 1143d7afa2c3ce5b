// Methods with type parameters of their own: of ordinary and of generic classes, told and written, static, in helpers.

import { Shelf } from "./support/shelf.ts";
import { big, number, yes } from "./support/output.ts";

class Entry {
  constructor(
    readonly id: u8,
    public weight: u32,
  ) {}
}

class Pair<A, B> {
  constructor(
    public left: A,
    public right: B,
  ) {}

  /** Called on `this`, and told by what it is given. */
  pick<T>(flag: boolean, one: T, other: T): T {
    this.count();
    return flag ? one : other;
  }

  uses: u32 = 0;

  count(): void {
    this.uses++;
  }

  chosen(flag: boolean, other: A): A {
    return this.pick(flag, this.left, other);
  }

  mapped<C>(map: (left: A, right: B) => C): C {
    return map(this.left, this.right);
  }

  /** The type parameters of both: the class's stays what it is. */
  widened<T extends number>(value: T, other: A): A {
    number(value);
    return other;
  }

  static of<T>(value: T, times: u8): T {
    number(times);
    return value;
  }

  static twice(value: u16): u32 {
    return value * 2;
  }
}

class Log {
  total: u32 = 0;
  last: Entry | null = null;

  note<T extends Entry>(entry: T): T {
    this.total += entry.weight;
    this.last = entry;
    return entry;
  }

  first<T>(values: FixedArray<T, 3>, accept: (value: T) => boolean): T | null {
    for (const value of values) if (accept(value)) return value;
    return null;
  }

  sum<T>(values: FixedArray<T, 3>, of: (value: T) => u32): u32 {
    let sum: u32 = 0;
    for (const value of values) sum += of(value);
    this.total = sum;
    return sum;
  }

  /** Hands on what it is given, to a generic method. */
  twiceAll<T>(values: FixedArray<T, 3>, of: (value: T) => u32): u32 {
    return this.sum(values, (value) => of(value)) + this.sum(values, of);
  }

  same<T>(left: T, right: T): boolean {
    return left === right;
  }
}

const entries = fixedArray(3, () => new Entry(4, 6));
const lone = new Entry(9, 70);
const pair = new Pair<u8, boolean>(7, true);
const outer = new Pair(lone, pair);
const log = new Log();
const shelf = new Shelf();

function logOf(at: u8): Log | null {
  number(at);
  return at < 3 ? log : null;
}

export function written(): void {
  number(pair.pick<u32>(false, 1, 70_000));
  yes(pair.pick<boolean>(true, true, false));
  big(pair.pick<u64>(false, 1n, 0xffff_ffff_ffff_ffffn));
  number(pair.uses);
  number(Pair.of<u16>(300, 1) + Pair.twice(65_535));
  yes(Pair.of<Entry>(lone, 2) === lone);
}

export function told(): void {
  const small: u8 = 200;
  const large: u32 = 70_000;
  number(pair.pick(true, small, large));
  number(pair.pick(false, small, pair.left));
  number(outer.pick(true, lone, entries[1]).weight);
  number(outer.chosen(false, entries[2]).id + outer.uses);
  number(pair.widened(large, 3));
  number(pair.widened<u16>(500, small));
  number(Pair.of(small, small));
  number(log.note(lone).weight);
  yes(log.last === lone && log.same(log.last, lone));
  yes(log.same(small, small));
}

export function absent(): void {
  yes(logOf(1)?.same(lone, lone) ?? false);
  yes(logOf(7)?.same(lone, lone) ?? false);
  const found = logOf(1)?.note(entries[0]) ?? lone;
  number(found.weight);
  logOf(2)?.note<Entry>(lone);
  number(log.total);
}

export function given(): void {
  let seen: u32 = 0;
  const wanted: u32 = 6;
  number(pair.mapped((left, right): u16 => (right ? left * 3 : 0)));
  yes(pair.mapped((left, right) => right && left > wanted));
  number(outer.mapped((left, right): u32 => left.weight + right.left + wanted));
  entries[1].weight = 11;
  number(log.first(entries, (entry) => entry.weight > wanted)?.weight ?? 0);
  yes(log.first(entries, (entry) => entry.weight === 1000 + wanted) === null);
  number(
    log.sum(entries, (entry) => {
      seen++;
      return entry.weight + seen;
    }),
  );
  number(log.twiceAll(entries, (entry) => entry.weight * wanted));
  number(seen + log.total);
  entries[1].weight = 6;
}

/** Of another module, whose methods are made for types of this one. */
export function elsewhere(): void {
  number(shelf.kept(lone, 3).weight);
  yes(shelf.kept(true, 1));
  let total: u32 = 0;
  shelf.each<Entry>(entries, (entry) => (total += entry.weight));
  number(total + shelf.calls);
}

/** What an instance is put in place of traps on the line of its text. */
export function narrowedWithin(): void {
  let total: u32 = 0xffff_fff0;
  number(log.sum(entries, (entry) => entry.id));
  number(
    log.sum(entries, (entry) => {
      total += entry.weight;
      return total & 1;
    }),
  );
}

export function narrowedElsewhere(): void {
  number(shelf.added(246, lone));
  number(shelf.added(251, entries[0]));
  number(shelf.added(252, entries[0]));
}

export function indexed(): void {
  const three = new Uint8Array(3);
  number(shelf.at(three, 2));
  number(shelf.at(three, 3));
}
