// What a proof must not outlive, of sums and differences: a part that gets another value, a copy that stays behind.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { bytes, value } from "./support/holder.ts";
import { number } from "./support/output.ts";

export function differenceThatTurns(): void {
  const whole = value(9);
  let part: u32 = value(4);
  if (part > whole) return;
  number(whole - part);
  part += 6;
  const left: u32 = whole - part;
  number(left);
}

export function differenceInALoop(): void {
  const whole = value(9);
  let part: u32 = value(4);
  if (part > whole) return;
  for (let round: u32 = 0; round < 4; round++) {
    const left: u32 = whole - part;
    number(left);
    part += 2;
  }
}

export function sumOfAPassedCheck(): void {
  const view = bytes();
  let from: u32 = value(2);
  const count = value(6);
  const part = view.slice(from, count);
  number(part.length);
  number(view.u8(from + count - 1));
  from++;
  number(view.u8(from + count - 1));
}

export function sumThatAVariableHolds(): void {
  const view = bytes();
  let count: u32 = value(6);
  const from = value(2);
  const end: u32 = from + count;
  if (end > view.length) return;
  count += 2;
  number(view.u8(end - 1));
  number(view.u8(from + count - 1));
}

/** What was known of a sum before one of its parts was given another value of the same form. */
export function sumOfItself(): void {
  const view = bytes();
  let from: u32 = value(2);
  const count = value(6);
  number(view.slice(from, count).length);
  from = from + count;
  number(view.u8(from - 1));
  number(view.u8(from));
}

export function sumIntoItsPart(): void {
  const view = bytes();
  const from = value(1);
  let count: u32 = value(3);
  number(view.slice(from, count).length);
  for (let round: u32 = 0; round < 4; round++) {
    count = from + count;
    number(view.slice(from, count).length);
  }
}

export function shiftedCopies(): void {
  const view = bytes();
  const at = value(5);
  if (at + 2 >= view.length) return;
  const next: u32 = at + 2;
  number(view.u8(next));
  const last: u32 = next + 1;
  number(view.u8(at));
  number(view.u8(last));
}

export function copiesBelow(): void {
  const view = bytes();
  let end: u32 = value(8);
  const at = value(7);
  if (at >= end || end > view.length) return;
  number(view.u8(at));
  const before: u32 = end;
  end += 4;
  const far: u32 = before + 3;
  if (at < far) number(view.u8(at));
  if (far < end) number(view.u8(far));
}

/** Below a copy is below what it was copied from, and no further. */
export function boundedByACopy(): void {
  const view = bytes();
  const end: u32 = view.length;
  const more: u32 = end + 1;
  for (let at: u32 = 6; at < more; at++) number(view.u8(at));
}

export function belowWhatIsLess(): void {
  const part = bytes().slice(0, value(5));
  const at = value(6);
  const end = value(8);
  if (at >= end) return;
  const less: u32 = end - 3;
  if (less <= part.length) number(part.u8(at));
}
