// Generic interfaces: a table for every set of types, classes that implement several, interfaces that extend others.

import { copyAll, lastOf, type Source, type Store } from "./support/store.ts";
import { big, number, word, yes } from "./support/output.ts";

class Point {
  constructor(
    public x: u32,
    public y: u8,
  ) {}
}

/** Of whatever it is made for. */
class Cells<T> implements Store<T> {
  readonly cells: FixedArray<T, 4>;
  puts: u32 = 0;

  constructor(from: FixedArray<T, 4>) {
    this.cells = from;
  }

  get(at: u32): T {
    return this.cells[at];
  }

  put(at: u32, value: T): void {
    this.cells[at] = value;
    this.puts++;
  }

  size(): u32 {
    return 4;
  }
}

/** Of one type, and of another interface. */
class Counter implements Store<u64>, Resettable {
  base: u64 = 5n;

  get(at: u32): u64 {
    return this.base + BigInt(at);
  }

  put(at: u32, value: u64): void {
    this.base = value - BigInt(at);
  }

  size(): u32 {
    return 3;
  }

  reset(): void {
    this.base = 5n;
  }
}

interface Resettable {
  reset(): void;
}

/** Only to be read: of bytes, which come out as what they are. */
class Bits implements Source<boolean> {
  constructor(private readonly bits: u8) {}

  get(at: u32): boolean {
    return ((this.bits >>> at) & 1) !== 0;
  }

  size(): u32 {
    return 8;
  }
}

const numbers = fixedArray<u32, 4>(4, () => 3);
const others = fixedArray<u32, 4>(4, () => 40);
const words = fixedArray<u64, 4>(4, () => 9n);
const origin = new Point(1, 2);
const places = fixedArray<Point | null, 4>(4, () => null);

const cells = new Cells(numbers);
const more = new Cells(others);
const wide = new Cells(words);
const points = new Cells(places);
const counter = new Counter();
const bits = new Bits(0xa5);

class Holder {
  store: Store<u32> | null = null;
  source: Source<u64> = counter;
}

const holder = new Holder();
const READERS: readonly Source<u64>[] = [wide, counter];
const fixed: Store<u64> = counter;

function total(source: Source<u32>): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < source.size(); i++) sum += source.get(i);
  return sum;
}

/** The class itself: its methods are called without a table. */
function filled<T, S extends Store<T>>(store: S, value: T): S {
  for (let i: u32 = 0; i < store.size(); i++) store.put(i, value);
  return store;
}

function widest<T extends Source<u32>>(left: T, right: T): T {
  return left.get(0) > right.get(0) ? left : right;
}

export function called(): void {
  const store: Store<u32> = cells;
  store.put(1, 70_000);
  number(store.get(1) + store.get(0));
  number(total(cells));
  number(lastOf<u32>(store));
  big(lastOf(counter));
  big(fixed.get(2));
  yes(lastOf(bits));
  yes(lastOf<boolean>(bits));
  number(copyAll(cells, more));
  number(more.cells[1] + more.puts);
  store.put(1, 3);
}

/** An interface as the one that it extends. */
export function extended(): void {
  const store: Store<u32> = more;
  const source: Source<u32> = store;
  number(total(store) + total(source));
  yes(source === holder.store);
  holder.store = store;
  number(copyAll(store, cells));
  const held = holder.store;
  if (held !== null) number(total(held));
  const maybe: Source<u32> | null = holder.store;
  number(maybe?.get(2) ?? 99);
  clear();
  const none: Source<u32> | null = holder.store;
  number(none?.get(2) ?? 99);
  yes(none === null);
}

export function chosen(): void {
  for (const reader of READERS) big(reader.get(1));
  holder.source = wide;
  big(holder.source.get(3));
  holder.source = counter;
  const either: Source<u64> = holder.store === null ? holder.source : fixed;
  big(either.get(0));
  number(filled(cells, 8).puts);
  number(total(filled(cells, 9)));
  number(widest(cells, more).get(0));
  filled(counter, 100n);
  big(counter.base);
  const resettable: Resettable = counter;
  resettable.reset();
  big(counter.base);
}

export function references(): void {
  const store: Store<Point | null> = points;
  yes(store.get(3) === null);
  store.put(3, origin);
  number(lastOf(points)?.x ?? 7);
  number(lastOf<Point | null>(store)?.y ?? 7);
  const local = new Cells(fixedCells);
  number(copyAll(local, points));
  yes(points.cells[3] === null);
  word("");
}

const fixedCells = fixedArray<Point | null, 4>(4, () => null);

export function outside(): void {
  number(lastOf(cells));
  const store: Store<u32> = cells;
  store.put(4, 1);
}

export function below(): void {
  fixed.put(4, 3n);
}

export function absent(): void {
  holder.store = cells;
  clear();
  const store = holder.store;
  number(total(store));
}

function clear(): void {
  holder.store = null;
}
