// Structs: in place, referred to, in arrays, constructed, copied, generic, behind interfaces.

import { big, number, word, yes } from "./support/output.ts";

class Point {
  constructor(
    public x: i32,
    public y: i32,
  ) {}

  add(other: Point): void {
    this.x = (this.x + other.x) | 0;
    this.y = (this.y + other.y) | 0;
  }
}

class Frame {
  readonly origin = new Point(3, -4);
  readonly corners = fixedArray(4, () => new Point(1, 2));
  readonly bytes = new Uint8Array(6);
  readonly words = new Uint32Array(3);
  readonly flags = fixedArray<boolean, 3>(3, () => true);
  readonly levels = fixedArray<i8, 3>(3, () => -5);
  next: Frame | null = null;
  name: string = "frame";
  total: u64 = 7n;
}

class Pair<A, B> {
  constructor(
    public left: A,
    public right: B,
  ) {}

  swapLeft(value: A): A {
    const old = this.left;
    this.left = value;
    return old;
  }
}

class Numbers {
  small: u8 = 200;
  signed: i16 = -300;
  wide: u64 = 0xfedcba9876543210n;
  deep: i64 = -1n;
  truth: boolean = true;
  readonly table = new Uint16Array(4);
  view: Bytes = utf8("text");
  where: Point | null = null;
}

class Assigned {
  a: u32;
  b: u32 = 5;
  readonly c: Bytes;

  constructor(start: u32, bytes: Bytes) {
    this.a = start;
    this.c = bytes;
    this.b = (start + 1) >>> 0;
  }
}

interface Shape {
  area(): u32;
  scale(factor: u32): void;
}

class Square implements Shape {
  constructor(private side: u32) {}
  area(): u32 {
    return (this.side & 0xffff) * (this.side & 0xffff);
  }
  scale(factor: u32): void {
    this.side = Math.imul(this.side, factor) >>> 0;
  }
}

class Strip implements Shape {
  readonly square = new Square(2);
  count: u32 = 3;
  area(): u32 {
    return Math.imul(this.square.area(), this.count) >>> 0;
  }
  scale(factor: u32): void {
    this.square.scale(factor);
    this.count++;
  }
}

const frame = new Frame();
const otherFrame = new Frame();
const a = new Numbers();
const b = new Numbers();
const square = new Square(5);
const strip = new Strip();
const shapes: readonly Shape[] = [square, strip, square];
const points: readonly Point[] = [new Point(1, 1), new Point(2, 2)];
let chosen: Shape | null = null;

function show(point: Point): void {
  number(point.x);
  number(point.y);
}

export function embedded(): void {
  show(frame.origin);
  frame.origin.add(frame.corners[2]);
  frame.corners[1].x = 77;
  for (const corner of frame.corners) show(corner);
  show(frame.origin);
  frame.bytes[5] = 9;
  frame.words.fill(0xffffffff);
  bytesOf(frame.bytes).setU32be(1, 0x01020304);
  for (const byte of frame.bytes) number(byte);
  for (const one of frame.words) number(one);
  for (const flag of frame.flags) yes(flag);
  for (const level of frame.levels) number(level);
  yes(frame.next === null);
  frame.next = otherFrame;
  otherFrame.next = frame;
  frame.next.name = "other";
  word(otherFrame.name);
  const again = frame.next.next;
  if (again !== null) word(again.name);
  yes(again === frame);
  big(frame.total);
}

function showNew(x: u8): void {
  const fresh = new Point(x, -1);
  fresh.x += 5;
  show(fresh);
}

export function locals(): void {
  const point = new Point(10, 20);
  const alias = point;
  alias.x = 11;
  show(point);
  for (let i: u8 = 0; i < 3; i++) {
    const fresh = alias;
    fresh.x += 5;
    show(fresh);
    showNew(i);
  }
  for (const fresh = new Point(2, 6), other = new Point(9, 9); fresh.x < 4; fresh.x++) {
    other.x = (other.x - fresh.x) | 0;
    show(other);
  }
  const scratch = new Uint8Array(4);
  scratch[1] = 8;
  for (const byte of scratch) number(byte);
  const pool = fixedArray(3, () => new Point(6, 7));
  pool[1].y = 70;
  for (const one of pool) show(one);
}

export function generics(): void {
  const pair = new Pair<u32, boolean>(4, true);
  const wide = new Pair<u64, Point>(4n, frame.origin);
  number(pair.swapLeft(9));
  number(pair.left);
  yes(pair.right);
  big(wide.swapLeft(0xffffffffffffffffn));
  big(wide.left);
  wide.right.x = 123;
  number(frame.origin.x);
}

export function copies(): void {
  a.small = 3;
  a.table[2] = 500;
  a.view = utf8("other");
  a.where = points[1];
  a.wide = 1n;
  copy(b, a);
  a.table[2] = 1;
  a.small = 4;
  number(b.small);
  number(b.signed);
  big(b.wide);
  big(b.deep);
  yes(b.truth);
  for (const one of b.table) number(one);
  print(b.view);
  word("");
  yes(b.where === points[1]);
}

export function assigned(): void {
  const value = new Assigned(41, utf8("xyz"));
  number(value.a);
  number(value.b);
  number(value.c.length);
}

export function interfaces(): void {
  for (const shape of shapes) {
    shape.scale(2);
    number(shape.area());
  }
  yes(chosen === null);
  chosen = strip;
  if (chosen !== null) chosen.scale(3);
  number(chosen.area());
  yes(shapes[0] === shapes[2]);
  yes(shapes[0] === shapes[1]);
  yes(measure(square) > measure(strip));
}

function measure(shape: Shape): u32 {
  return shape.area();
}

export function tables(): void {
  for (const point of points) show(point);
  points[0].x = 55;
  show(points[0]);
  number(points.length);
}
