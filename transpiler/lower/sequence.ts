// Sequence: operands in JavaScript's order. C leaves the order of operands open, so whatever a later operand may change is
// settled in a variable before it.

import { isBroken } from "../sabotage.ts";
import type { Expression } from "../tree.ts";
import { trapsOf } from "../traps.ts";
import { hasEffects, isStable, parts } from "../types.ts";
import type { FunctionLowering } from "./body.ts";

/** Lowers operands from left to right; each `lower` gives one. */
export function inOrder(lowering: FunctionLowering, lower: readonly (() => Expression)[]): Expression[] {
  const values: Expression[] = [];
  for (const one of lower) {
    const mark = lowering.statements.length;
    const { expansions } = lowering.root;
    const value = one();
    if (isBroken("order")) {
      values.push(hasEffects(value) ? lowering.settle(value) : value);
      continue;
    }
    if (lowering.statements.length > mark || mustFollow(value, values))
      settleAll(lowering, values, mark, lowering.root.expansions > expansions);
    values.push(value);
  }
  return values;
}

/** Whether C must not evaluate `value` ahead of what stands before it: effects, and traps of different kinds, keep their order. */
function mustFollow(value: Expression, before: readonly Expression[]): boolean {
  if (hasEffects(value)) return true;
  if (isFixed(value, false)) return false;
  const kinds = trapsOf(value);
  return before.some(
    (one) =>
      hasEffects(one) ||
      [...trapsOf(one)].some((kind) => kinds.size > 0 && !(kinds.size === 1 && kinds.has(kind))),
  );
}

/** Settles `values` before the statement at `mark`. `assigns`: what stands there may assign variables of this function. */
export function settleAll(
  lowering: FunctionLowering,
  values: Expression[],
  mark: number,
  assigns: boolean,
): void {
  let at = mark;
  values.forEach((value, index) => {
    if (isFixed(value, assigns)) return;
    const before = lowering.statements.length;
    values[index] = lowering.settle(value, at);
    at += lowering.statements.length - before;
  });
}

/** No call changes it, and it cannot trap: it may be evaluated behind whatever follows it. */
function isFixed(value: Expression, assigns: boolean): boolean {
  switch (value.kind) {
    case "local":
      return !assigns || isStable(value);
    case "constant":
    case "function":
      return true;
    case "global":
    case "field":
    case "library":
      return isStable(value);
    case "index":
    case "call":
    case "dispatch":
    case "callValue":
    case "construct":
    case "elements":
    case "table":
    case "narrow":
    case "nonNull":
      return false;
    default:
      return parts(value).every((part) => isFixed(part, assigns));
  }
}
