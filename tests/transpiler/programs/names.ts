// Names that C has taken, names that become one symbol of C's, and names of a loop's head that its body takes for itself.

import { number, word } from "./support/output.ts";

class struct {
  union: u32 = 1;
  long: u32 = 2;
  unsigned(): u32 {
    return this.union + this.long;
  }
}

class RayBytes {
  x: u8 = 1;
}

class size_t {
  x: u8 = 2;
}

const goto = new struct();
const bytes = new RayBytes();
const size = new size_t();

function t(value: u32): u32 {
  return value;
}

function printf(register: u32): u32 {
  const volatile = register;
  return volatile;
}

export function wordsOfC(): void {
  number(goto.unsigned());
  number(t(3) + printf(4) + bytes.x + size.x);
}

class Pair {
  value: u8 = 5;
  of(): u8 {
    return this.value;
  }
  construct(): u8 {
    return 6;
  }
}

const pair = new Pair();

function Pair_of(): u8 {
  return 7;
}

function Pair_construct(): u8 {
  return 8;
}

let start_values: u8 = 9;

export function symbolsOfOneName(): void {
  number(pair.of());
  number(pair.construct());
  number(Pair_of());
  number(Pair_construct());
  start_values++;
  number(start_values);
  const local = new Pair();
  number(local.value);
}

const $pair = new Pair();
let $count: u8 = 3;

function $next(): u8 {
  $count++;
  return $count;
}

export function dollars(): void {
  const $own = $next();
  number($own + $pair.value);
}

export function namesOfALoopsHead(): void {
  for (let i: u32 = 0; i < 3; i++) {
    const i = 7;
    number(i);
  }
  let k: u32 = 0;
  let rounds: u32 = 0;
  do {
    k++;
    number(k);
    rounds += k;
  } while (k < 2);
  for (; rounds < 9; rounds += t(2)) {
    if (rounds > 6) continue;
    word("round");
  }
  do {
    const k = rounds;
    number(k);
    rounds += 4;
    if (k > 90) break;
  } while (k + rounds < 30);
}

const größe: u8 = 3;
let zähler: u8 = 4;

class Übersicht {
  breite: u8 = 5;
  höhe: u8 = 6;
  fläche(): u32 {
    return this.breite * this.höhe;
  }
}

const übersicht = new Übersicht();

function zähle(maß: u8): u8 {
  zähler++;
  return u8(maß + zähler);
}

/** Letters of any language, as TypeScript and C have them. */
export function lettersOfAll(): void {
  number(zähle(größe));
  übersicht.höhe = zähle(größe);
  const été = übersicht.höhe;
  number(été + übersicht.fläche());
}
