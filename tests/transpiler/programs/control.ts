// Control flow: switches of every kind, loops with exits, results, strings, function values.

import { big, number, word, yes } from "./support/output.ts";

const enum Color {
  red,
  green = 5,
  blue,
}

const enum Fault {
  none,
  timeout,
  damaged,
}

const enum Negative {
  below = -3,
  zero = 0,
  above = 3,
}

const NAMES: readonly string[] = ["alpha", "beta", "", "gamma?", 'quote"\\\n'];

function named(color: Color): string {
  switch (color) {
    case Color.red:
      return "red";
    case Color.green:
      return "green";
    default:
      return "blue";
  }
}

export function enums(): void {
  word(named(Color.red));
  word(named(Color.green));
  word(named(Color.blue));
  number(Color.blue);
  number(Negative.below);
  let at: Negative = Negative.below;
  for (let i: u32 = 0; i < 3; i++) {
    yes(at === Negative.below);
    at = i === 1 ? Negative.above : Negative.zero;
  }
  number(sign(at));
  number(sign(Negative.below));
}

function sign(value: Negative): i32 {
  return value;
}

export function switches(): void {
  for (let i: u32 = 0; i < 8; i++) {
    switch (i) {
      case 0:
      case 1:
        word("small");
        break;
      case 2: {
        const twice = i * 2;
        number(twice);
        break;
      }
      case 3:
        continue;
      case 6:
        if (i > 5) break;
        word("never");
        break;
      default:
        word("other");
        if (i === 5) break;
        word("more");
    }
    number(i);
  }
}

export function defaultFirst(): void {
  for (let i: u8 = 0; i < 4; i++) {
    switch (i) {
      default:
        word("default");
        break;
      case 2:
        word("two");
        break;
    }
  }
}

export function wideSwitch(): void {
  let value: u64 = 0xffffffffffffffffn;
  for (let i: u32 = 0; i < 3; i++) {
    switch (value) {
      case 0xffffffffffffffffn:
        word("all");
        break;
      case 0x7fffffffffffffffn:
        word("half");
        break;
      default:
        big(value);
    }
    value = value >> 1n;
  }
}

export function stringSwitch(): void {
  for (const name of NAMES) {
    switch (name) {
      case "alpha":
        word("first");
        continue;
      case "beta":
      case "":
        word("second or nothing");
        if (name === "") break;
        word("second");
        break;
      default:
        word(name);
        break;
    }
    word("end");
  }
}

export function nestedSwitch(): void {
  for (const name of NAMES) {
    for (let i: u32 = 0; i < 4; i++) {
      switch (name) {
        case "alpha":
          if (i === 2) continue;
          break;
        default:
          if (i === 1) continue;
      }
      number(i);
      if (i === 2) break;
    }
    word(name);
  }
}

export function loops(): void {
  const first: u32 = 3;
  let i: u32 = 0;
  do {
    i++;
    if (i === 2) continue;
    if (i > 6) break;
    number(i + first);
  } while (i < 9 && twice(i) < 100);
  while (true) {
    i++;
    if (i > 12) break;
    if (i === 11) continue;
    number(i);
  }
  for (;;) {
    i--;
    if (i < 3) break;
  }
  number(i);
  for (let a: u32 = 0; a < 3; a++) {
    for (let b: u32 = a; b < 3; b++) {
      if (b === 1) continue;
      number(a * 10 + b);
    }
  }
}

function twice(value: u32): u32 {
  return (value + value) >>> 0;
}

function half(value: u32): Result<u32, Fault> {
  if (value > 100) return err(Fault.timeout);
  if ((value & 1) === 1) return err(Fault.damaged);
  return ok(value >>> 1);
}

function quarter(value: u32): Result<u32, Fault> {
  const one = half(value);
  if (!one.ok) return one;
  const two = half(one.value);
  if (!two.ok) return err(two.error);
  return ok(two.value);
}

function must(value: u32): Result<void, Fault> {
  const one = quarter(value);
  if (!one.ok) return err(one.error);
  return ok();
}

function big64(value: u32): Result<u64, Fault> {
  const one = half(value);
  return one.ok ? ok(BigInt(one.value) << 40n) : err(one.error);
}

export function results(): void {
  for (let i: u32 = 0; i < 5; i++) {
    const r = quarter(i);
    if (r.ok) number(r.value);
    else number(r.error);
    yes(must(i).ok);
  }
  const late = quarter(204);
  if (!late.ok) yes(late.error === Fault.timeout);
  const wide = big64(8);
  if (wide.ok) big(wide.value);
}

type Step = (value: u32) => u32;

class Machine {
  step: Step = twice;
  other: Step = less;
}

function less(value: u32): u32 {
  return (value - 1) >>> 0;
}

const machine = new Machine();

function apply(step: Step, value: u32): u32 {
  return step(value);
}

export function functions(): void {
  number(machine.step(5));
  machine.step = less;
  number(machine.step(5));
  number(apply(twice, 8));
  number(apply(machine.other, 0));
  const step = machine.other;
  number(step(9));
}

export function strings(): void {
  for (const name of NAMES) {
    yes(name === "beta");
    yes(name !== "");
    number(utf8(name).length);
    word(name);
  }
  number(utf8("öß€").length);
  word("öß€ \u0001 \t ??= %d");
}

/** Parentheses around what is assigned change nothing of it. */
export function parentheses(): void {
  let count: u8 = 3;
  for (let i: u8 = 0; i < 3; i++) {
    number(count * 2);
    // prettier-ignore
    (count) = 200;
    // prettier-ignore
    (count)++;
  }
  number(count);
}

function ofTruth(flag: boolean): u8 {
  switch (flag) {
    case true:
      return 1;
    case false:
      return 2;
  }
}

export function switchesOfTruths(): void {
  const seven = u8(numbers());
  number(ofTruth(seven > 3));
  number(ofTruth(seven === 3 && seven > 2));
  switch (seven > 3 ? !(seven > 5) : true) {
    case false:
      word("no");
      break;
    default:
      word("yes");
  }
}

function numbers(): u32 {
  return 7;
}
