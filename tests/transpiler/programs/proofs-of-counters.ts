// What a proof must not outlive, of counters: the end of their type, above and below.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { bytes, EIGHT, value } from "./support/holder.ts";
import { number } from "./support/output.ts";

export function wordThatWraps(): void {
  const view = bytes();
  const at = value(0xffffffff);
  const count = value(3);
  if ((at + count) >>> 0 <= view.length) number(view.u8((at + count) >>> 0));
  number(view.u8(at));
}

export function signedCounter(): void {
  let at: i32 = i32(value(2));
  const view = bytes();
  while (at < 8) {
    number(view.u8(at));
    at -= 1;
  }
}

export function smallCounter(): void {
  let last: u32 = 0;
  for (let i: u8 = 250; i <= 255; i++) last = i;
  number(last);
}

export function smallCounterOfTwo(): void {
  let i: u8 = 250;
  while (i < 255) i += 2;
  number(i);
}

export function masked(): void {
  let at: u32 = value(3) & 7;
  for (let round: u32 = 0; round < 5; round++) {
    number(EIGHT[at]);
    at = (at + 3) & 7;
    if (round === 3) at += 5;
  }
}

/** Counters stand in 64 bits in C; what wraps to 32 must not see that. */
export function wrappingOfACounter(): void {
  let count: u32 = value(0xfffffff0);
  for (let round: u32 = 0; round < 3; round++) {
    number((count + 0x20) >>> 0);
    number((count + 0x20) | 0);
    number((count << 4) >>> 0);
    number(count << 4);
    number(~count);
    number(-count);
    number(count >> 1);
    number(count >>> 1);
    number(count ^ 0x12345678);
    number(count & 0xff);
    number(Math.imul(count, 0x9e3779b1));
    number(Math.clz32(count));
    number((count * 3) >>> 0);
    number(count % 7);
    number(Math.trunc(count / 7));
    number(count - 0xffffffff);
    count += 7;
  }
  count += 7;
}

export function overflowOfACounter(): void {
  let count: u32 = value(0xfffffff0);
  while (count > 5) {
    count += 6;
    number(count);
  }
}
