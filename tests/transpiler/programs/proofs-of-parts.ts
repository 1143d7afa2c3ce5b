// What a proof must not outlive, of views: parts of others and of themselves, copies, spans, and what stands before their start.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { bytes, EIGHT, other, value } from "./support/holder.ts";
import { number } from "./support/output.ts";

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
