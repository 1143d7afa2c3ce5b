// What a proof must not outlive, of what others can change: fields, module variables, and variables that are assigned.
//
// Each function has an access or a conversion that what was known a moment ago would make needless, and that fails. Checked
// JavaScript keeps the checks of accesses, so one that C lost is a difference.

import { bytes, EIGHT, holder, value } from "./support/holder.ts";
import { number } from "./support/output.ts";

let global: u32 = 0;

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
