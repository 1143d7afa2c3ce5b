// Folding: what an expression of constants is, where a constant is wanted: the value of a module's name, a length, a member
// of an enum. In functions nothing is folded that C folds by itself, so that C reads as the source does.

import { calculate, interval, isSingle } from "../interval.ts";
import type { BitOperator, CompareOperator, Expression } from "../tree.ts";
import { BOOLEAN } from "../types.ts";

type Constant = Expression & { kind: "constant" };

/** The expression with every part of constants in place of what it comes to. */
export function folded(e: Expression): Expression {
  switch (e.kind) {
    case "minimum":
    case "maximum":
    case "multiplyLow":
    case "arithmetic":
    case "bits":
    case "compare":
      return pair(e, folded(e.left), folded(e.right));
    case "and":
    case "or":
      return logical(e, folded(e.left));
    case "not":
    case "absolute":
    case "leadingZeros":
    case "negate":
    case "complement":
    case "widen":
    case "narrow":
    case "wrap":
      return single(e, folded(e.operand));
    case "choose": {
      const test = folded(e.condition);
      if (!isConstant(test)) return e;
      return folded(test.value === true ? e.whenTrue : e.whenFalse);
    }
    case "index":
      return element(e, folded(e.index));
    case "library":
      return library(e, e.parameters.map(folded));
    case "construct":
      return { ...e, parameters: e.parameters.map(folded) };
    case "table":
      return { ...e, values: e.values.map(folded) };
    case "elements":
      return e.make === null ? e : { ...e, make: folded(e.make) };
    default:
      return e;
  }
}

function isConstant(e: Expression): e is Constant {
  return e.kind === "constant" && e.type.kind !== "broken";
}

function truth(value: boolean): Expression {
  return { kind: "constant", value, name: null, type: BOOLEAN, interval: null, wide: null };
}

/** An integer of the type that `e` has. */
function whole(e: Expression, value: bigint): Expression {
  return { kind: "constant", value, name: null, type: e.type, interval: interval(value, value), wide: null };
}

function pair(e: Expression, left: Expression, right: Expression): Expression {
  if (!isConstant(left) || !isConstant(right)) return e;
  const [a, b] = [left.value, right.value];
  if (e.kind === "compare" && typeof a === "boolean" && typeof b === "boolean")
    return truth(compare(e.operator, a ? 1n : 0n, b ? 1n : 0n));
  if (typeof a !== "bigint" || typeof b !== "bigint") return e;
  switch (e.kind) {
    case "compare":
      return truth(compare(e.operator, a, b));
    case "minimum":
      return whole(e, a < b ? a : b);
    case "maximum":
      return whole(e, a > b ? a : b);
    case "multiplyLow":
      return whole(e, BigInt.asIntN(32, a * b));
    case "arithmetic": {
      const range = calculate(e.operator, interval(a, a), interval(b, b));
      return range !== null && isSingle(range) && !(DIVIDES.has(e.operator) && b === 0n)
        ? whole(e, range.low)
        : e;
    }
    case "bits":
      return whole(e, BigInt(bits(e.operator, Number(BigInt.asIntN(32, a)), Number(BigInt.asIntN(32, b)))));
    default:
      return e;
  }
}

const DIVIDES: ReadonlySet<string> = new Set(["/", "%"]);

function bits(operator: BitOperator, a: number, b: number): number {
  switch (operator) {
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case ">>>":
      return a >>> b;
  }
}

function compare(operator: CompareOperator, a: bigint, b: bigint): boolean {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "===":
      return a === b;
    case "!==":
      return a !== b;
  }
}

/** The right side counts where the left one does not decide. */
function logical(e: Expression & { kind: "and" | "or" }, left: Expression): Expression {
  if (!isConstant(left)) return e;
  return left.value === (e.kind === "and") ? folded(e.right) : left;
}

function single(e: Expression, operand: Expression): Expression {
  if (!isConstant(operand)) return e;
  const { value } = operand;
  if (e.kind === "not") return truth(value !== true);
  if (typeof value !== "bigint") return e;
  switch (e.kind) {
    case "absolute":
      return whole(e, value < 0n ? -value : value);
    case "leadingZeros":
      return whole(e, BigInt(Math.clz32(Number(value))));
    case "negate":
      return whole(e, -value);
    case "complement":
      return whole(e, -value - 1n);
    case "wrap":
      return whole(e, e.signed ? BigInt.asIntN(e.bits, value) : BigInt.asUintN(e.bits, value));
    case "widen":
      return whole(e, value);
    case "narrow":
      return value < e.to.low || value > e.to.high ? e : whole(e, value);
    default:
      return e;
  }
}

/** An element of a constant table. */
function element(e: Expression & { kind: "index" }, index: Expression): Expression {
  if (!isConstant(index) || typeof index.value !== "bigint" || e.object.kind !== "global") return e;
  const { initial, constant } = e.object.global;
  const value = constant && initial.kind === "table" ? initial.values[Number(index.value)] : undefined;
  return value !== undefined && index.value >= 0n && isConstant(value) ? value : e;
}

function library(e: Expression & { kind: "library" }, parts: readonly Expression[]): Expression {
  const [left, right] = parts;
  if (e.name === "nonzero") return left !== undefined && isConstant(left) && left.value !== 0n ? left : e;
  if (e.name !== "string_equal") return { ...e, parameters: parts };
  if (left === undefined || right === undefined || !isConstant(left) || !isConstant(right)) return e;
  return truth(left.value === right.value);
}
