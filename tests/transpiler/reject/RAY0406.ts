function even(n: u32): boolean { // error: RAY0406
  return n === 0 ? true : odd(u32(n - 1));
}

function odd(n: u32): boolean {
  return n === 0 ? false : even(u32(n - 1));
}

function forever(n: u32): u32 { // error: RAY0406
  return forever(n);
}

class Passer {
  rounds: u32 = 0;
  // prettier-ignore
  pass<T>(value: T): T { // error: RAY0406
    this.rounds++;
    return this.hand(value);
  }

  hand<T>(value: T): T {
    return this.rounds > 3 ? value : this.pass(value);
  }
}

const passer = new Passer();

interface Source<T> {
  take(from: Source<T> | null): T;
}

class Behind implements Source<u8> {
  take(from: Source<u8> | null): u8 { // error: RAY0406
    return from === null ? 1 : from.take(null);
  }
}

const behind = new Behind();

interface Step {
  run(n: u32): u32;
}

class Link implements Step {
  next: Step | null = null;

  run(n: u32): u32 { // error: RAY0406
    const next = this.next;
    return next === null || n === 0 ? 1 : next.run(n - 1);
  }
}

let again: (n: u32) => u32 = once;

function once(n: u32): u32 { // error: RAY0406
  return n === 0 ? 0 : again(n - 1);
}

class Holder {
  constructor(readonly run: (n: u32) => u32) {}
}

const holder = new Holder(held);

function held(n: u32): u32 { // error: RAY0406
  return n === 0 ? 0 : holder.run(n - 1);
}

function apply(n: u32, what: (n: u32) => u32): u32 { // error: RAY0406
  return n === 0 ? 0 : what(n - 1);
}

function applied(n: u32): u32 {
  return apply(n, applied);
}

function deeper<T>(n: u32, value: T): u32 { // error: RAY0406
  return n === 0 ? 0 : deeper<T>(n - 1, value);
}

const link = new Link();

export function main(): void {
  assert(passer.pass<u8>(3) === behind.take(behind));
  link.next = link;
  assert(even(4) && forever(3) === 0 && link.run(3) === 1);
  assert(again(1) + held(2) + applied(3) + deeper<boolean>(2, true) === 0);
}

function around(count: u32, work: (left: u32) => void): void {
  if (count > 0) around(count - 1, (left) => work(left + count)); // error: RAY0406
}

function caller(count: u32): void { // error: RAY0406
  single((round) => caller(count + round));
}

function single(work: (round: u32) => void): void {
  work(1);
}

export function start(): void {
  let total: u32 = 0;
  around(3, (left) => (total += left));
  caller(1);
}
