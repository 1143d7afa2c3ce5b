// What a proof must not outlive, of loops: what one round knows need not hold in the next, nor behind the last.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { BACK, bytes, EIGHT, NONE, value } from "./support/holder.ts";
import { number, word } from "./support/output.ts";

function lengthOf(view: readonly u8[]): u8 {
  let seen: u8 = 0;
  for (const one of view) {
  }
  seen = view[0];
  return seen;
}

export function emptyForOf(): void {
  number(lengthOf(EIGHT));
  number(lengthOf(NONE));
}

export function doThatBreaks(): void {
  const view = bytes();
  const at = value(8);
  do {
    if (at > 7) break;
    word("round");
  } while (view.u8(at) > 200);
  number(view.u8(at - 1));
  number(view.u8(at));
}

export function doThatContinues(): void {
  const view = bytes();
  let at: u32 = value(6);
  do {
    at++;
    if (at === 8) continue;
    number(view.u8(at));
  } while (view.u8(at) === 0);
}

export function boundThatGrows(): void {
  const view = bytes();
  let end: u32 = value(4);
  if (end > view.length) return;
  for (let i: u32 = 0; i < end; i++) {
    number(view.u8(i));
    end++;
  }
}

export function boundThatIsSet(): void {
  const view = bytes();
  let end: u32 = view.length;
  for (let i: u32 = 0; i < end; i++) {
    if (i === 5) end = value(20);
    number(view.u8(i));
  }
}

export function boundByCondition(): void {
  const view = bytes();
  let end: u32 = view.length;
  let i: u32 = 0;
  while (i < end) {
    end = value(10);
    number(view.u8(i));
    i++;
  }
}

export function breakWithOther(): void {
  const view = bytes();
  let at: u32 = value(2);
  while (at < view.length) {
    at += 3;
    if (at > 7) break;
  }
  number(at);
  number(view.u8(at));
}

export function endThatFalls(): void {
  const view = bytes();
  const at = value(3);
  let end: u32 = view.length;
  if (at >= end) return;
  while (end > 1) {
    number(view.slice(0, end).u8(at));
    end -= 2;
  }
}

export function continueWithOther(): void {
  const view = bytes();
  for (let at: u32 = value(2); at < view.length; at++) {
    number(view.u8(at));
    if (at === 3) {
      at = 0xfffffffe;
      continue;
    }
  }
  word("between");
  for (let at: u32 = value(2); at < view.length; at++) {
    if (at === 3) {
      at = 0xffffffff;
      continue;
    }
  }
}

export function nestedLoops(): void {
  const view = bytes();
  let end: u32 = 4;
  for (let y: u32 = 0; y < 3; y++) {
    for (let x: u32 = 0; x < end; x++) number(view.u8(y * 0 + x));
    end += 3;
  }
}

export function innerLoopMoves(): void {
  const view = bytes();
  for (let at: u32 = 0; at < view.length; at++) {
    for (let more: u32 = 0; more < 3; more++) at += more;
    number(view.u8(at));
  }
}

export function constantOfARound(): void {
  const view = bytes();
  let most: u32 = 0;
  for (let round: u32 = 0; round < 4; round++) {
    const limit = value(round * 3);
    if (most < limit) most = limit;
    number(view.u8(most));
  }
}

export function stepsBack(): void {
  let at: i32 = 5;
  while (at < 8) {
    number(EIGHT[at]);
    at += BACK;
  }
}

export function stepsThatNobodyKnows(): void {
  const step: i32 = i32(value(1)) - 3;
  let at: i32 = 5;
  while (at < 8) {
    number(EIGHT[at]);
    at += step;
  }
}

export function stepThatWraps(): void {
  const view = bytes();
  let at: u32 = value(7);
  for (let round: u32 = 0; round < 12; round++) {
    number(view.u8(at));
    at = (at - 1) >>> 0;
  }
}

export function stepBelowZero(): void {
  const view = bytes();
  let at: u32 = view.length;
  while (at < 9) {
    at -= 3;
    number(view.u8(at));
  }
}

export function signedBelowZero(): void {
  for (let at: i32 = 3; at >= -1; at--) number(EIGHT[at]);
}
