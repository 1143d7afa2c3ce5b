// Math: `Math.min` and its like, exactly, and `BigInt.asUintN` and `asIntN`, which wrap.

import { ts } from "../frontend/program.ts";
import { interval, join } from "../interval.ts";
import type { Expression } from "../tree.ts";
import { NUMBER, rangeOf, U8 } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { refuse } from "./calls.ts";
import { divisionWithin, lowerModular, lowerTruncation, wrap } from "./numbers.ts";
import { inOrder } from "./sequence.ts";

export function lowerMath(lowering: FunctionLowering, node: ts.CallExpression, name: string): Expression {
  const first = node.arguments[0];
  if (name === "trunc" && first !== undefined) {
    const division = divisionWithin(first);
    return division === null ? lowering.expression(first, null) : lowerTruncation(lowering, division);
  }
  const operands = inOrder(
    lowering,
    node.arguments.map((argument) => () => lowering.expression(argument, NUMBER)),
  );
  const [left, right] = operands;
  if (left === undefined || left.interval === null) return refuse(lowering, node, ...operands);
  const a = left.interval;
  if (name === "abs") {
    const low = a.low > 0n ? a.low : a.high < 0n ? -a.high : 0n;
    const range = interval(low, a.high > -a.low ? a.high : -a.low);
    return { kind: "absolute", operand: left, type: NUMBER, interval: range, wide: range };
  }
  if (name === "clz32") {
    const range = interval(0n, 32n);
    return { kind: "leadingZeros", operand: wrap(left, 32, false), type: U8, interval: range, wide: range };
  }
  if (right === undefined || right.interval === null) return refuse(lowering, node, ...operands);
  const b = right.interval;
  const wide = join(left.wide, right.wide);
  switch (name) {
    case "imul": {
      const range = rangeOf({ kind: "int", name: "i32" })!;
      return { kind: "multiplyLow", left, right, type: NUMBER, interval: range, wide: range };
    }
    case "min": {
      const range = interval(a.low < b.low ? a.low : b.low, a.high < b.high ? a.high : b.high);
      return { kind: "minimum", left, right, type: NUMBER, interval: range, wide };
    }
    case "max": {
      const range = interval(a.low > b.low ? a.low : b.low, a.high > b.high ? a.high : b.high);
      return { kind: "maximum", left, right, type: NUMBER, interval: range, wide };
    }
    default:
      return refuse(lowering, node, ...operands);
  }
}

export function lowerBigIntWrap(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  name: string,
): Expression {
  const [count, value] = node.arguments;
  if (count === undefined || value === undefined || !ts.isNumericLiteral(count))
    return refuse(lowering, node);
  const bits = Number(count.text);
  if (bits > 64 || (name !== "asUintN" && name !== "asIntN")) return refuse(lowering, node);
  const operand = lowerModular(lowering, value);
  return operand.interval === null ? refuse(lowering, node, operand) : wrap(operand, bits, name === "asIntN");
}
