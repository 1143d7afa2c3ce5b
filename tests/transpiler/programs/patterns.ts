// Patterns: fixed shapes taken apart in declarations, in for…of and as parameters, nested and under other names.

import { big, number, word, yes } from "./support/output.ts";

class Point {
  constructor(
    public x: i32,
    public y: i32,
  ) {}
}

class Line {
  readonly from = new Point(1, -2);
  readonly to = new Point(30, 40);
  readonly marks = fixedArray<u8, 3>(3, () => 6);
  readonly ends = fixedArray(2, () => new Point(7, 8));
  name: string = "line";
  next: Line | null = null;
  total: u64 = 5n;
}

class Circle {
  readonly kind = "circle";
  radius: u32 = 9;
  name: string = "round";
}

class Square {
  readonly kind = "square";
  name: string = "flat";
  side: u8 = 4;
}

type Shape = Circle | Square;

class Slot {
  constructor(public shape: Shape) {}
}

class Pair<A, B> {
  constructor(
    public left: A,
    public right: B,
  ) {}
}

interface Taker {
  take(point: Point, by: i32): i32;
}

class Scale implements Taker {
  factor: i32 = 3;
  take({ x, y }: Point, by: i32): i32 {
    return (Math.imul(x, this.factor) + y - by) | 0;
  }
  static of({ factor }: Scale, [first, second]: FixedArray<u8, 3>): i32 {
    return (factor + first - second) | 0;
  }
}

const lines = fixedArray(3, () => new Line());
const circle = new Circle();
const square = new Square();
const SHAPES: readonly Shape[] = [circle, square, circle];
const slots = fixedArray(2, () => new Slot(square));
const low = fixedArray<u8, 2>(2, () => 10);
const high = fixedArray<u8, 2>(2, () => 20);
const ROWS: readonly FixedArray<u8, 2>[] = [low, high];
const pairs = fixedArray(2, () => new Pair<u8, i64>(200, -3n));
const scale = new Scale();

function sum({ x, y }: Point): i32 {
  return (x + y) | 0;
}

/** The names of a parameter are variables. */
function counted({ from: { x }, marks: [first, , last], total }: Line, by: u8): u64 {
  first += by;
  x -= first;
  total = BigInt.asUintN(64, total * 3n);
  number(x);
  number(first - last);
  return total;
}

function left<A, B>({ left }: Pair<A, B>): A {
  return left;
}

function between({ x: a }: Point, { x: b }: Point): i32 {
  return (b - a) | 0;
}

function each(points: FixedArray<Point, 2>, visit: (point: Point, index: u8) => void): void {
  for (let i: u8 = 0; i < 2; i++) visit(points[i], i);
}

function eachPair([first, second]: FixedArray<Point, 2>, visit: (a: Point, b: Point) => i32): i32 {
  return visit(first, second);
}

function apply(step: (point: Point) => i32, point: Point): i32 {
  return step(point);
}

function named({ name, kind }: Shape): u32 {
  word(name);
  return kind === "circle" ? 1 : 2;
}

function nothing({}: Point, []: FixedArray<u8, 2>): u32 {
  return 7;
}

function parameters(): void {
  const [line] = lines;
  number(sum(line.to));
  big(counted(line, 5));
  big(line.total);
  number(left(pairs[0]));
  number(between(line.from, line.to));
  number(scale.take(line.from, 4));
  const taker: Taker = scale;
  number(taker.take(line.to, -4));
  number(Scale.of(scale, line.marks));
  number(named(circle) + named(square));
  number(nothing(line.to, low));
}

function helpers(): void {
  const { ends } = lines[2];
  ends[1].x = -70;
  let all: i32 = 0;
  each(ends, ({ x, y }, index) => {
    all = (all + Math.imul(x, y) + index) | 0;
  });
  number(all);
  number(eachPair(ends, ({ x }, { x: other }) => (all + x - other) | 0));
  number(apply(({ x, y }) => (x ^ y) | 0, ends[1]));
}

function rounds(): void {
  let index: u32 = 0;
  for (const line of lines) {
    line.from.x = i32(index * 100);
    line.marks[index] = 200;
    index++;
  }
  for (const {
    from: { x, y },
    marks: [first, second],
    name,
    total,
  } of lines) {
    number(x + y);
    number(first - second);
    word(name);
    big(total);
  }
  for (const [a, b] of ROWS) number(a * 100 + b);
  low[1] = 11;
  for (let [a, b] of ROWS) {
    a += b;
    number(a);
    const c = a;
    number(c);
  }
  for (const { left, right: deep } of pairs) big(BigInt(left) + deep);
  for (const { name, kind: other } of SHAPES) {
    word(name);
    yes(other === "square");
  }
  slots[0].shape = circle;
  for (const { shape } of slots) number(shape.kind === "circle" ? shape.radius : shape.side);
  for (const { x } of lines[1].ends) {
    if (x === 7) continue;
    number(x);
  }
  for (const { name: n } of lines) {
    const name = n;
    const x = name;
    word(x);
  }
  for (const { x } of lines[0].ends) {
    {
      const y = x;
      const x2 = y;
      number(x2);
    }
  }
}

/** What was read is kept, whatever is assigned later; and a body may use a name anew. */
function kept(): void {
  const line = lines[1];
  const {
    from,
    total,
    from: { x },
  } = line;
  line.from.x = 5;
  line.total = 9n;
  number(x + from.x);
  big(total);
  let { y, y: height } = line.to;
  y++;
  y *= 2;
  height -= y;
  number(y);
  number(height);
  for (const { y } of line.ends) {
    const x = y;
    line.to.y = x;
    number(y - line.to.y);
  }
}

export function main(): void {
  parameters();
  helpers();
  rounds();
  kept();
}

function tooMany([first, second, third]: FixedArray<u8, 2>): u32 {
  return first + second + third;
}

export function beyondParameter(): void {
  number(tooMany(low));
}

export function beyondNested(): void {
  const {
    name,
    ends: [first, , , last],
  } = lines[0];
  word(name);
  number(first.x + last.x);
}

export function beyondRound(): void {
  for (const [first, , third] of ROWS) number(first + third);
}

export function outOfName(): void {
  const line = lines[0];
  line.marks[0] = 250;
  big(counted(line, 5));
  big(counted(line, 6));
}

export function inHelper(): void {
  let sum: u8 = 250;
  each(lines[0].ends, ({ x }) => {
    sum = u8(sum + x - 4);
    number(sum);
  });
}

const octets = new Uint8Array(4);
const halves = new Int16Array(3);

function joined([first, , third]: Uint8Array): u32 {
  return first * 256 + third;
}

function firstTwo(bytes: Bytes): u32 {
  const [first, second] = span(bytes, 1, 2);
  return first * 10 + second;
}

export function views(): void {
  octets[0] = 7;
  octets[2] = 9;
  const [a, , c] = octets;
  number(a + c);
  number(joined(octets));
  number(firstTwo(bytesOf(octets)));
  halves[1] = -300;
  let [, low] = halves;
  low--;
  number(low);
  const table: readonly u8[] = [3, 4];
  const [three, four] = table;
  number(three * four);
  for (const [first, second] of ROWS) number(first - second);
}

export function beyondView(): void {
  const [first, second] = span(bytesOf(octets), 0, 2);
  number(first + second);
  number(joined(span(bytesOf(octets), 0, 2)));
}
