// What a proof must not outlive: each function has an access or a conversion that what was known a moment ago would make
// needless, and that fails. Checked JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { number, word } from "./support/output.ts";

class Holder {
  count: u32 = 0;
  start: u32 = 0;
  flag: boolean = false;
  view: Bytes = utf8("");
  next: Holder | null = null;
  readonly eight = new Uint8Array(8);

  grow(): u32 {
    this.count += 100;
    return this.count;
  }

  at(index: u32): u8 {
    return bytesOf(this.eight).u8(index);
  }
}

const holder = new Holder();
const other = new Holder();
const EIGHT: readonly u8[] = [10, 11, 12, 13, 14, 15, 16, 17];
const NONE: readonly u8[] = [];
const BACK: i32 = -3;
let global: u32 = 0;

/** A value that the compiler knows nothing of. */
function value(wanted: u32): u32 {
  holder.start = wanted;
  return holder.start;
}

function bytes(): Bytes {
  return bytesOf(holder.eight);
}

function isTrue(): boolean {
  return holder.flag;
}

export function partOfItself(): void {
  let rest: Bytes = bytes();
  const count = value(5);
  number(count);
  rest = rest.slice(count, rest.length - count);
  number(rest.length);
  number(EIGHT[count + 2]);
  number(EIGHT[count + 3]);
}

export function partOfItselfLater(): void {
  let rest: Bytes = bytes();
  const count = value(3);
  while (rest.length >= count) {
    rest = rest.slice(count, rest.length - count);
    number(rest.length);
  }
  number(rest.u8(count - 1));
}

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

export function viewThatShrinks(): void {
  let view: Bytes = bytes();
  for (let i: u32 = 0; i < view.length; i++) {
    if (i === 3) view = view.slice(0, 3);
    number(view.u8(i));
  }
}

export function viewOfAnother(): void {
  let view: Bytes = bytes();
  const kept = view;
  view = view.slice(2, 4);
  for (let i: u32 = 0; i < kept.length; i++) number(view.u8(i));
}

export function viewsThatSwap(): void {
  let long: Bytes = bytes();
  let short: Bytes = long.slice(0, 2);
  for (let i: u32 = 0; i < short.length + 1; i++) {
    const kept = long;
    long = short;
    short = kept;
    number(long.u8(i));
  }
}

export function copyOfOther(): void {
  const source = bytes();
  let target: Bytes = other.eight.length === 8 ? bytesOf(other.eight) : source;
  target.copyFrom(source);
  target = target.slice(0, 4);
  for (let i: u32 = 0; i < source.length; i++) number(target.u8(i));
}

export function copyThatDiffers(): void {
  const source = bytes().slice(0, value(4));
  const target = bytesOf(other.eight).slice(0, value(4));
  target.copyFrom(source);
  bytesOf(other.eight).slice(0, value(5)).copyFrom(source);
}

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

export function beforeAssignment(): void {
  let at: u32 = value(7);
  const view = bytes();
  number(view.u8(at));
  at = value(8);
  number(view.u8(at));
}

export function besideAssignment(): void {
  let at: u32 = value(7);
  const view = bytes();
  at += view.u8(at) + 1;
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

export function fieldThatACallChanges(): void {
  holder.count = 3;
  if (holder.count < holder.eight.length) {
    number(holder.eight[holder.count]);
    holder.grow();
    number(holder.eight[holder.count]);
  }
}

export function fieldOfAnAlias(): void {
  const same = holder;
  holder.count = 3;
  if (holder.count < holder.eight.length) {
    same.count = 8;
    number(holder.eight[holder.count]);
  }
}

export function viewInAField(): void {
  holder.view = bytes();
  if (holder.view.length > 5) {
    holder.view = holder.view.slice(0, 2);
    number(holder.view.u8(5));
  }
}

export function moduleVariable(): void {
  global = 3;
  if (global < EIGHT.length) {
    moveGlobal();
    number(EIGHT[global]);
  }
}

function moveGlobal(): void {
  global += 5;
}

export function wordThatWraps(): void {
  const view = bytes();
  const at = value(0xffffffff);
  const count = value(3);
  if ((at + count) >>> 0 <= view.length) number(view.u8((at + count) >>> 0));
  number(view.u8(at));
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

export function negativeCount(): void {
  const view = bytes();
  const count: i32 = i32(value(3)) - 5;
  if (5 + count <= view.length) number(view.slice(5, count).length);
}

export function negativeOffset(): void {
  number(bytes().u8(value(3) - value(4)));
}

export function negativeOffsetOfAWord(): void {
  number(bytes().u32le(value(3) - value(5)));
}

export function negativeOffsetOfAPart(): void {
  number(bytes().slice(value(3) - value(4), 3).length);
}

export function negativeCountOfASpan(): void {
  number(span(bytes(), 3, value(3) - value(4)).length);
}

export function lengthOfAPart(): void {
  const view = bytes();
  let count: u32 = value(4);
  const part = view.slice(2, count);
  count += 2;
  number(view.u8(count));
  for (let i: u32 = 0; i < count; i++) number(part.u8(i));
}

export function spanThatIsShort(): void {
  const view = bytes();
  const row = span(view, value(2), value(4));
  for (let i: u32 = 0; i < view.length; i++) number(row[i]);
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

export function assertedBefore(): void {
  const view = bytes();
  let at: u32 = value(4);
  assert(at < view.length, "within");
  number(view.u8(at));
  at = value(12) - at;
  number(view.u8(at));
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
