// Defaults: what stands for arguments and type arguments that are left out, and what an alias tells of type arguments.

import { number, word, yes } from "./support/output.ts";

const START = 40;

class Counter {
  readonly twice: u32;
  constructor(
    private count: u32 = START + 2,
    readonly name: string = "counter",
    step: u8 = Math.max(1, 3),
  ) {
    this.twice = count * 2 + step;
  }
  next(): u32 {
    this.count++;
    return this.count;
  }
}

class Box<T = u8> {
  constructor(
    public value: T,
    readonly isOpen: boolean = true,
  ) {}
}

class Pair<A, B = A> {
  constructor(
    public left: A,
    public right: B,
  ) {}
}

interface Source<T = u32> {
  get(at: u32): T;
}

class Squares implements Source {
  get(at: u32): u32 {
    return Math.imul(at, at) >>> 0;
  }
}

const enum Fault {
  none,
  missing,
}

type Held<T> = Box<T>;
type Maybe<T = u8> = Held<T> | null;
type Change<T> = (value: T) => T;
type Two<U, T> = FixedArray<T, 2>;
type Outcome<T> = Result<T, Fault>;

const plain = new Counter();
const named = new Counter(7, "named");
const counters = fixedArray(2, () => new Counter(1));
const box = new Box<u8>(3);
const pair = new Pair<u16>(500, 600);
const squares = new Squares();
const list = fixedArray<u8, 2>(2, () => 4);

function valueOf<T>(held: Held<T>): T {
  return held.value;
}

function valueOr<T>(held: Maybe<T>, otherwise: T): T {
  return held === null ? otherwise : held.value;
}

function changed<T>(value: T, change: Change<T>): T {
  return change(value);
}

/** The second parameter of the alias tells it, not the first. */
function second<T>(two: Two<boolean, T>): T {
  return two[1];
}

function found<T>(outcome: Outcome<T>, otherwise: T): T {
  return outcome.ok ? outcome.value : otherwise;
}

function find(isThere: boolean): Result<u8, Fault> {
  return isThere ? ok(8) : err(Fault.missing);
}

function plusOne(value: u8): u8 {
  return u8(value + 1);
}

function sized<T = u16>(count: u8): u8 {
  const pair: Pair<T, u8> | null = null;
  return pair === null ? count : 0;
}

function got(source: Source, at: u32): u32 {
  return source.get(at);
}

export function instances(): void {
  number(plain.next());
  word(plain.name);
  number(plain.twice);
  number(named.next());
  word(named.name);
  number(named.twice);
  number(counters[1].next());
  number(counters[1].next());
  number(counters[0].next());
  const local = new Counter(9, "local", 0);
  number(local.twice);
  const other = new Counter();
  number(other.next());
}

export function types(): void {
  const same: Box = box;
  number(same.value);
  yes(same.isOpen);
  number(pair.left + pair.right);
  number(got(squares, 12));
  number(sized(6));
  const maybe: Maybe = box;
  number(maybe === null ? 0 : maybe.value);
}

export function aliases(): void {
  number(valueOf(box));
  number(valueOr(box, 9));
  number(valueOr<u8>(null, 9));
  number(changed(box.value, plusOne));
  number(changed(box.value, (value) => u8(value + 2)));
  number(second(list));
  number(found(find(true), 1));
  number(found(find(false), 1));
}

interface More extends Source<u8> {
  more(): u8;
}

class Kept<T = u16> implements Source<T> {
  constructor(readonly value: T) {}
  get(_at: u32): T {
    return this.value;
  }
}

class Both implements More {
  get(_at: u32): u8 {
    return 1;
  }
  more(): u8 {
    return 2;
  }
}

const both = new Both();
const kept = new Kept<u16>(500);

function gotten<T = u8>(source: Source<T>): T {
  return source.get(0);
}

export function interfaces(): void {
  const same: Kept = kept;
  number(gotten(both));
  number(gotten(same));
  number(both.more());
}
