// Shapes: taken apart, chosen among literals, left out, absent.

import { number, word, yes } from "./support/output.ts";

class Point {
  constructor(
    public x: u32,
    public y: u8,
  ) {}

  sum(): u32 {
    return this.x + this.y;
  }

  move(by: u32): void {
    this.x += by;
  }
}

class Holder {
  point: Point | null = null;
  readonly inner = new Point(7, 8);
  readonly list = fixedArray<u16, 3>(3, () => 5);
}

type Mode = "read" | "write" | "both ways";
type SectorBytes = 512 | 4096;

const place = new Point(3, 4);
const holder = new Holder();

function find(wanted: boolean): Point | null {
  word("find");
  return wanted ? place : null;
}

/** Nothing is left to say of the first of them. */
function someOf(mode: Mode): u32 {
  if (mode === "read") return 10;
  switch (mode) {
    case "both ways":
      break;
    case "write":
      return 15;
  }
  return 20;
}

function clamped(value: u32, low: u32 = 2, high: u32 = 1000): u32 {
  return value < low ? low : value > high ? high : value;
}

class Counter {
  total: u32 = 0;

  add(by: u32 = 1, mode: Mode = "write"): void {
    if (mode === "write") this.total += by;
  }
}

const counter = new Counter();

function describe(mode: Mode): u32 {
  switch (mode) {
    case "read":
      return 1;
    case "write":
      return 2;
    default:
      return 3;
  }
}

function bytesIn(sectors: u8, sectorBytes: SectorBytes): u32 {
  return sectors * sectorBytes;
}

export function apart(): void {
  const { x, y: second } = place;
  number(x + second);
  place.x = 30;
  number(x);
  const { inner, list } = holder;
  inner.x = 70;
  number(holder.inner.x);
  const [first, , third] = list;
  list[0] = 9;
  number(first + third);
  place.x = 3;
}

function forget(): void {
  holder.point = null;
}

export function absent(): void {
  number(find(true)?.x ?? 99);
  number(find(false)?.x ?? 99);
  number(find(true)?.sum() ?? 98);
  number(find(false)?.sum() ?? 98);
  find(true)?.move(5);
  find(false)?.move(5);
  number(place.x);
  const either = find(false) ?? holder.inner;
  number(either.y);
  const there = find(true) ?? holder.inner;
  number(there.y);
  holder.point = place;
  number(holder.point?.y ?? 0);
  forget();
  number(holder.point?.y ?? 0);
}

class Node {
  next: Node | null = null;
  readonly point = new Point(1, 2);
  other: Point | null = null;

  constructor(readonly id: u32) {}

  following(say: u32): Node | null {
    number(say);
    return this.next;
  }
}

const nodes = fixedArray(3, () => new Node(7));
const last = new Node(9);

function nodeAt(index: u8): Node | null {
  number(index);
  return index < 3 ? nodes[index] : null;
}

/** Several fallbacks, which may be absent too, and links of links. */
export function fallbacks(): void {
  number((nodeAt(5) ?? nodeAt(6) ?? last).id);
  number((nodeAt(5) ?? nodeAt(1) ?? last).id);
  number((nodeAt(0) ?? nodeAt(1) ?? last).id);
  const maybe = nodeAt(5) ?? nodeAt(6);
  yes(maybe === null);
  const typed: Node | null = nodeAt(5) ?? nodeAt(6) ?? null;
  yes(typed === null);
  number((nodeAt(0)?.next ?? last).id);
  nodes[0].next = last;
  number((nodeAt(0)?.next ?? nodes[1]).id);
  number((nodeAt(9)?.next ?? nodes[1]).id);
  number(nodeAt(0)?.next?.id ?? 40);
  number(nodeAt(0)?.next?.next?.id ?? 41);
  number(nodeAt(9)?.next?.id ?? 42);
  number((nodeAt(0)?.following(3)?.following(4) ?? nodeAt(8) ?? nodes[2]).id);
  nodeAt(0)?.next?.other?.move(1);
  last.other = place;
  nodeAt(0)?.next?.other?.move(1);
  number(place.x);
  place.x = 3;
  nodes[0].next = null;
}

function other(mode: Mode): Mode {
  return mode === "read" ? "write" : "read";
}

export function literals(): void {
  let mode: Mode = "read";
  number(describe(mode));
  mode = "both ways";
  number(describe(mode));
  yes(mode === "both ways");
  yes("read" !== other(mode));
  const sector: SectorBytes = 4096;
  number(bytesIn(3, sector));
  number(bytesIn(2, 512));
  number(someOf("read") + someOf("write") + someOf("both ways"));
}

export function left(): void {
  number(clamped(1));
  number(clamped(1, 0));
  number(clamped(5000, 0, 4000));
  counter.add();
  counter.add(5);
  counter.add(7, "read");
  number(counter.total);
}
