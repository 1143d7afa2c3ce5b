// Unions of classes: told apart by a field, narrowed, stored, returned, converted; and what never comes back.

import { big, number, word, yes } from "./support/output.ts";

const enum Unit {
  metre = 3,
  inch = 7,
  foot = 9,
  mile = 200,
}

class Circle {
  readonly kind = "circle";
  readonly unit = Unit.metre;
  radius: u32 = 5;
  marked: boolean = false;
  seen: u8 = 250;
  name: string = "round";

  grow(by: u32): u32 {
    this.radius += by;
    return this.radius;
  }
}

class Square {
  marked: boolean = true;
  readonly kind: "square" = "square";
  readonly unit = Unit.inch;
  side: u64 = 0x1_0000_0002n;
  seen: u8 = 1;
  name: string = "flat";
}

class Strip {
  readonly unit: Unit.foot = Unit.foot;
  readonly kind = "long strip";
  readonly end = new Circle();
  count: u16 = 3;
  seen: u8 = 2;
  marked: boolean = false;
  next: Shape | null = null;
  name: string = "long";
}

type Shape = Circle | Square | Strip;
type Round = Strip | Circle;
type Kind = "circle" | "square" | "long strip";

class Small {
  readonly size = 1;
  value: i8 = -7;
}

class Large {
  readonly size = -400;
  value: i8 = 100;
  wide: i64 = -1n;
}

type Sized = Small | Large;

interface Noise {
  noise(by: u32): u32;
}

class Cat implements Noise {
  readonly legs = 4;
  noise(by: u32): u32 {
    return (by * 2) & 0xff;
  }
}

class Bird implements Noise {
  readonly legs = 2;
  songs: u32 = 10;
  noise(by: u32): u32 {
    this.songs = (this.songs + by) >>> 0;
    return this.songs;
  }
}

type Animal = Cat | Bird;

class Some<T> {
  readonly tag = "some";
  constructor(public value: T) {}
}

class Nothing {
  readonly tag = "nothing";
}

type Option<T> = Some<T> | Nothing;

class Holder<T> {
  uses: u8 = 0;
  constructor(public value: T) {}
  swap(next: T): T {
    const old = this.value;
    this.value = next;
    this.uses++;
    return old;
  }
}

const enum Fault {
  missing = 4,
}

const circle = new Circle();
const square = new Square();
const strip = new Strip();
const small = new Small();
const large = new Large();
const cat = new Cat();
const bird = new Bird();
const some = new Some<u16>(700);
const far = new Some<i64>(-9n);
const nothing = new Nothing();
const SHAPES: readonly Shape[] = [circle, square, strip, strip.end];
const places = fixedArray<Shape, 3>(3, () => square);
const empty = fixedArray<Shape | null, 3>(3, () => null);
const holder = new Holder<Shape>(strip);
let current: Shape | null = null;
let round: Round = circle;

function show(shape: Shape): void {
  word(shape.name);
  yes(shape.marked);
  number(shape.seen);
  number(shape.unit);
}

function measure(shape: Shape): u32 {
  switch (shape.kind) {
    case "circle":
      return shape.radius;
    case "square":
      return u32(Number(shape.side & 0xffffn));
    case "long strip":
      return shape.count * 1000;
  }
}

/** Two classes share a case, and the rest is one of two. */
function grouped(shape: Shape): u32 {
  switch (shape.kind) {
    case "circle":
    case "long strip":
      return shape.kind === "circle" ? shape.radius + 1 : shape.end.radius + 2;
    default:
      return shape.seen;
  }
}

function early(shape: Shape): u32 {
  if (shape.kind === "square") return 70;
  number(rounded(shape));
  if (shape.kind !== "circle") return shape.count;
  return shape.grow(2);
}

function rounded(shape: Round): u32 {
  const isCircle = shape.kind === "circle";
  return isCircle ? shape.radius : shape.count + 100;
}

/** Behind the switch it is what came out of it. */
function behind(shape: Shape): u32 {
  let base: u32 = 1;
  switch (shape.kind) {
    case "square":
      return 8;
    case "circle":
      base = 5;
      break;
    case "long strip":
      if (shape.marked) return 9;
      break;
  }
  return base + (shape.kind === "circle" ? shape.radius : shape.end.seen);
}

function inUnits(shape: Shape): u32 {
  if (shape.unit === Unit.inch) return 1;
  return shape.unit + 1;
}

function kindOf(shape: Shape): Kind {
  return shape.kind;
}

function isMarkedStrip(shape: Shape | null): boolean {
  return shape !== null && shape.kind === "long strip" && shape.marked && shape.next === null;
}

function isRound(shape: Shape): boolean {
  return !(shape.kind === "square") || !shape.marked;
}

function eitherEnd(shape: Shape): u32 {
  if (shape.kind === "circle" || shape.kind === "long strip") return rounded(shape);
  return u32(Number(shape.side >> 32n));
}

/** `let` is followed through assignments and loops. */
function walk(from: Shape): u32 {
  let at: Shape = from;
  let rounds: u32 = 0;
  while (at.kind === "long strip") {
    rounds++;
    const next = at.next;
    if (next === null || rounds > 5) break;
    at = next;
  }
  if (at.kind === "circle") return rounds * 100 + (at.radius & 0xff);
  at = strip;
  return rounds + at.count;
}

function find(at: u8): Result<Shape, Fault> {
  if (at > 3) return err(Fault.missing);
  return ok(SHAPES[at]);
}

function findRound(at: u8): Result<Round, Fault> {
  const found = find(at);
  if (!found.ok) return found;
  if (found.value.kind === "square") return err(Fault.missing);
  return ok(found.value);
}

/** What is found is passed on as one of more classes. */
function findAny(at: u8): Result<Shape | null, Fault> {
  return findRound(at);
}

function sizeOf(sized: Sized): i32 {
  switch (sized.size) {
    case 1:
      return sized.value;
    case -400:
      return sized.size + sized.value;
  }
}

function legs(animal: Animal): u8 {
  return animal.legs;
}

function hear(noise: Noise): u32 {
  return noise.noise(3);
}

function valueOr<T>(option: Option<T>, otherwise: T): T {
  return option.tag === "some" ? option.value : otherwise;
}

function fail(): never {
  unreachable("no square");
}

function never(shape: Shape): Round {
  switch (shape.kind) {
    case "square":
      return fail();
    default:
      return shape;
  }
}

function mark(shape: Shape): void {
  shape.marked = !shape.marked;
  shape.seen += 2;
  shape.seen++;
}

export function cases(): void {
  for (const shape of SHAPES) {
    show(shape);
    number(measure(shape));
    number(grouped(shape));
    number(early(shape));
    number(behind(shape));
    number(inUnits(shape));
    number(eitherEnd(shape));
    yes(isMarkedStrip(shape));
    yes(isRound(shape));
    yes(kindOf(shape) === "long strip");
  }
  yes(isMarkedStrip(null));
}

export function fields(): void {
  mark(square);
  mark(strip);
  for (const shape of SHAPES) show(shape);
  word(circle.kind);
  const kind: Kind = square.kind;
  yes(kind === "square");
  number(circle.unit + strip.unit);
  const { name, kind: other } = holder.value;
  word(name);
  yes(other === "circle");
  // The third of these is one too many for a byte.
  mark(circle);
  mark(circle);
}

export function stored(): void {
  places[1] = circle;
  places[2] = holder.swap(places[1]);
  for (const shape of places) number(measure(shape));
  yes(holder.value === circle);
  yes(holder.value === places[1]);
  yes(holder.value !== strip.end);
  number(holder.uses);
  current = strip;
  strip.next = square;
  const now: Shape | null = current;
  if (now !== null && now.kind === "long strip") number(now.count);
  empty[2] = now;
  for (const shape of empty) yes(shape === null);
  number(empty[2]?.seen ?? 99);
  number(empty[0]?.seen ?? 99);
  number(walk(strip));
  strip.next = circle;
  number(walk(strip));
  strip.next = strip;
  number(walk(strip));
  strip.next = null;
  number(walk(circle));
  round = never(strip);
  number(rounded(round));
  number(measure(round));
}

export function results(): void {
  for (let at: u8 = 0; at < 6; at++) {
    const found = findAny(at);
    if (!found.ok) {
      number(found.error);
      continue;
    }
    const shape = found.value;
    if (shape === null) continue;
    if (found.value !== null && found.value.kind === "circle") number(found.value.radius);
    show(shape);
  }
}

export function locals(): void {
  const own = new Circle();
  own.radius = 77;
  const shape: Shape = isRound(square) ? own : square;
  number(measure(shape));
  number(measure(own));
  yes(shape === own);
  const pair = new Holder<Sized>(small);
  number(sizeOf(pair.swap(large)));
  number(sizeOf(pair.value));
  number(sizeOf(small));
}

export function others(): void {
  number(legs(cat) + legs(bird));
  const animal: Animal = legs(bird) > 2 ? cat : bird;
  number(hear(animal));
  number(hear(cat));
  number(valueOr<u16>(some, 4));
  number(valueOr<u16>(nothing, 4));
  big(valueOr<i64>(far, 4n));
  big(valueOr<i64>(nothing, 4n));
}

export function impossible(): void {
  number(rounded(never(circle)));
  number(rounded(never(square)));
}

class Maybe {
  value: Shape | null = null;
}

const maybe = new Maybe();

function forget(): void {
  maybe.value = null;
}

/** tsc still believes what was asked before the call. */
export function forgotten(): void {
  maybe.value = square;
  if (maybe.value !== null) {
    forget();
    number(maybe.value.seen);
  }
}
