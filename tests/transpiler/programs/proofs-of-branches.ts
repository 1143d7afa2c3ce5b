// What a proof must not outlive, of branches: an operand that did not run, a way that was not taken, an exit.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { bytes, Holder, holder, isTrue, other, value } from "./support/holder.ts";
import { number, word } from "./support/output.ts";

export function behindAnd(): void {
  const view = bytes();
  const at = value(9);
  if (isTrue() && view.u8(at) > 0) word("never");
  number(view.u8(at - 2));
  number(view.u8(at));
}

export function behindOr(): void {
  const view = bytes();
  const at = value(9);
  if (!isTrue() || view.u8(at) > 0) word("always");
  number(view.u8(at - 1));
}

export function behindAndWithCalls(): void {
  const view = bytes();
  const at = value(9);
  if (isTrue() && view.u8(at) > holder.grow()) word("never");
  number(view.u8(at));
}

export function behindChoice(): void {
  const view = bytes();
  const at = value(9);
  number(isTrue() ? view.u8(at) : 5);
  number(view.u8(at));
}

export function behindChoiceWithCalls(): void {
  const view = bytes();
  const at = value(9);
  number(isTrue() ? view.u8(at) + holder.grow() : 5);
  number(view.u8(at));
}

export function behindNothing(): void {
  const view = bytes();
  const at = value(9);
  number(holder.next?.at(view.u8(at)) ?? 7);
  number(view.u8(at));
}

export function behindNothingElse(): void {
  const view = bytes();
  const at = value(9);
  const there: Holder | null = holder.count === 0 ? holder : null;
  number((there ?? other).at(1));
  number(there?.count ?? view.u8(at));
  number(view.u8(at));
}

export function behindOptionalCall(): void {
  const view = bytes();
  const at = value(9);
  holder.next?.at(view.u8(at));
  number(view.u8(at));
}

export function assignedInOneBranch(): void {
  let at: u32 = value(3);
  const view = bytes();
  if (at >= view.length) return;
  if (isTrue()) word("never");
  else at = value(30);
  number(view.u8(at));
}

export function viewOfOneBranch(): void {
  let view: Bytes = bytes();
  if (view.length !== 8) return;
  if (isTrue()) view = view.slice(0, 8);
  else view = view.slice(0, 6);
  number(view.u8(5));
  number(view.u8(6));
}

/** Two ways know different distances to the end; behind both the smaller one holds. */
export function distancesOfBranches(): void {
  const view = bytes();
  const at = value(6);
  if (isTrue()) {
    if (at + 4 > view.length) return;
  } else if (at + 1 > view.length) return;
  number(view.u8(at));
  number(view.u8(at + 2));
}

export function relationOfOneBranch(): void {
  const view = bytes();
  const at = value(9);
  if (isTrue()) {
    if (at >= view.length) return;
  } else if (at >= 20) return;
  number(view.u8(at));
}

export function exitOfOneBranch(): void {
  const view = bytes();
  for (let at: u32 = value(6); at < 20; at++) {
    if (at < view.length) {
      if (isTrue()) break;
    } else if (isTrue()) continue;
    number(view.u8(at));
  }
}

export function switchThatAssigns(): void {
  const view = bytes();
  let at: u32 = value(3);
  if (at >= view.length) return;
  switch (holder.count) {
    case 0:
      at = value(8);
      break;
    default:
      at = 0;
  }
  number(view.u8(at));
}

export function assertedBefore(): void {
  const view = bytes();
  let at: u32 = value(4);
  assert(at < view.length, "within");
  number(view.u8(at));
  at = value(12) - at;
  number(view.u8(at));
}
