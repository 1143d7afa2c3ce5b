// Sequence: operands in JavaScript's order. C leaves the order of operands open, so whatever a later operand may change is
// settled in a variable before it.

import type { Expression } from "../tree.ts";
import { canTrap } from "../traps.ts";
import { hasEffects, parts } from "../types.ts";
import type { FunctionLowering } from "./body.ts";

/** Lowers operands from left to right; each `lower` gives one. */
export function inOrder(lowering: FunctionLowering, lower: readonly (() => Expression)[]): Expression[] {
  const values: Expression[] = [];
  for (const one of lower) {
    const mark = lowering.statements.length;
    const value = one();
    if (lowering.statements.length > mark || hasEffects(value)) settleAll(lowering, values, mark);
    values.push(value);
  }
  return values;
}

/** Settles `values` before the statement at `mark`. */
export function settleAll(lowering: FunctionLowering, values: Expression[], mark: number): void {
  let at = mark;
  values.forEach((value, index) => {
    if (readsLocalsOnly(value)) return;
    const before = lowering.statements.length;
    values[index] = lowering.settle(value, at);
    at += lowering.statements.length - before;
  });
}

/** No call changes it, for no function reaches another's locals: it may be evaluated behind whatever follows it. */
function readsLocalsOnly(value: Expression): boolean {
  switch (value.kind) {
    case "constant":
    case "local":
    case "function":
      return true;
    case "arithmetic":
    case "bits":
    case "wrap":
    case "widen":
    case "negate":
    case "complement":
    case "not":
    case "compare":
      return !canTrap(value) && parts(value).every(readsLocalsOnly);
    default:
      return false;
  }
}
