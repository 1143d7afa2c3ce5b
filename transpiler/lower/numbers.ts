// Integers: literals, operators and conversions, each with the interval of its value.

import { ts } from "../frontend/program.ts";
import {
  calculate,
  contains,
  I128,
  I32,
  I64,
  interval,
  isSingle,
  join,
  SAFE,
  U32,
  U64,
  wrapRange,
  type Interval,
} from "../interval.ts";
import type { ArithmeticOperator, BitOperator, Expression } from "../tree.ts";
import { BIGINT, BROKEN, isInteger, NUMBER, typeName } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { combined, linearOf } from "./linear.ts";
import { inOrder } from "./sequence.ts";

export function integer(value: bigint, big: boolean): Expression {
  return {
    kind: "constant",
    value,
    name: null,
    type: big ? BIGINT : NUMBER,
    interval: interval(value, value),
    wide: null,
  };
}

/** In place of what was refused. */
export function broken(): Expression {
  return { kind: "constant", value: 0n, name: null, type: BROKEN, interval: null, wide: null };
}

export function lowerNumericLiteral(lowering: FunctionLowering, node: ts.NumericLiteral): Expression {
  const value = Number(node.text);
  if (!Number.isInteger(value)) {
    lowering.report(node, "fraction", node.getText());
    return broken();
  }
  if (!contains(SAFE, interval(BigInt(value), BigInt(value))))
    lowering.report(node, "inexact", node.getText());
  return integer(BigInt(value), false);
}

export function lowerBigIntLiteral(node: ts.BigIntLiteral): Expression {
  return integer(BigInt(node.getText().replaceAll("_", "").replace(/n$/, "")), true);
}

const ARITHMETIC: Readonly<Partial<Record<ts.SyntaxKind, ArithmeticOperator>>> = {
  [ts.SyntaxKind.PlusToken]: "+",
  [ts.SyntaxKind.MinusToken]: "-",
  [ts.SyntaxKind.AsteriskToken]: "*",
  [ts.SyntaxKind.SlashToken]: "/",
  [ts.SyntaxKind.PercentToken]: "%",
  [ts.SyntaxKind.AsteriskAsteriskToken]: "**",
  [ts.SyntaxKind.AmpersandToken]: "&",
  [ts.SyntaxKind.BarToken]: "|",
  [ts.SyntaxKind.CaretToken]: "^",
  [ts.SyntaxKind.LessThanLessThanToken]: "<<",
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: ">>",
};

const BITS: Readonly<Partial<Record<ts.SyntaxKind, BitOperator>>> = {
  [ts.SyntaxKind.AmpersandToken]: "&",
  [ts.SyntaxKind.BarToken]: "|",
  [ts.SyntaxKind.CaretToken]: "^",
  [ts.SyntaxKind.LessThanLessThanToken]: "<<",
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: ">>",
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: ">>>",
};

export function isArithmetic(kind: ts.SyntaxKind): boolean {
  return ARITHMETIC[kind] !== undefined || BITS[kind] !== undefined;
}

/** `left operator right`. Where only the low bits count (`modular`), the exact value may be of any size. */
export function lowerArithmetic(
  lowering: FunctionLowering,
  leftNode: ts.Expression,
  operator: ts.SyntaxKind,
  rightNode: ts.Expression,
  node: ts.Node,
  modular: boolean,
): Expression {
  const quotient = truncatedQuotient(lowering, leftNode, operator, rightNode);
  if (quotient !== null) return quotient;
  const operand = (part: ts.Expression) => () =>
    modular ? lowerModular(lowering, part) : lowering.expression(part, null);
  const [left, right] = inOrder(lowering, [operand(leftNode), operand(rightNode)]);
  return combine(lowering, left!, operator, right!, node, modular);
}

/** An operand of which only the low bits count. */
export function lowerModular(lowering: FunctionLowering, node: ts.Expression): Expression {
  if (ts.isParenthesizedExpression(node)) return lowerModular(lowering, node.expression);
  if (ts.isBinaryExpression(node) && MODULAR.has(node.operatorToken.kind)) {
    return lowerArithmetic(lowering, node.left, node.operatorToken.kind, node.right, node, true);
  }
  return lowering.expression(node, null);
}

const MODULAR: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.LessThanLessThanToken,
]);

export function combine(
  lowering: FunctionLowering,
  left: Expression,
  operator: ts.SyntaxKind,
  right: Expression,
  node: ts.Node,
  modular: boolean,
): Expression {
  if (left.interval === null || right.interval === null) {
    if (left.type.kind === "string" || right.type.kind === "string") lowering.report(node, "stringUse");
    else lowering.report(node, "mixed", typeName(left.type), typeName(right.type));
    return broken();
  }
  const big = left.type.kind === "big";
  if (big !== (right.type.kind === "big")) {
    lowering.report(node, "mixed", typeName(left.type), typeName(right.type));
    return broken();
  }
  const bits = BITS[operator];
  if (!big && bits !== undefined) return combineBits(left, bits, right);
  if (!big && operator === ts.SyntaxKind.SlashToken) lowering.report(node, "division");
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic === undefined) {
    lowering.report(node, "expressionUnsupported", "This operator", "Use + - * / % & | ^ << >>.");
    return broken();
  }
  return exact(lowering, left, arithmetic, right, node, modular);
}

/** An exact operation on integers of one domain. */
export function exact(
  lowering: FunctionLowering,
  left: Expression,
  operator: ArithmeticOperator,
  right: Expression,
  node: ts.Node,
  modular: boolean,
): Expression {
  const big = left.type.kind === "big";
  const range = rangeOfExact(lowering, left, operator, right);
  if (range === null) {
    lowering.report(node, "shiftRange", operator, `${right.interval!.low} to ${right.interval!.high}`);
    return broken();
  }
  const limit = big ? I128 : SAFE;
  if (!modular && !contains(limit, range)) {
    lowering.report(node, big ? "tooWide" : "inexact", sizeOf(range));
    return broken();
  }
  const divides = operator === "/" || operator === "%";
  if (isConstant(left) && isConstant(right) && isSingle(range) && !(divides && right.interval!.low === 0n)) {
    return integer(range.low, big);
  }
  if (divides && big) {
    const shifted = byPowerOfTwo(left, operator, right, range);
    if (shifted !== null) return shifted;
    checkDivision(lowering, left, right, node);
  }
  return {
    kind: "arithmetic",
    operator,
    left,
    right: divides ? nonZero(right) : right,
    type: big ? BIGINT : NUMBER,
    interval: range,
    wide: join(left.wide, right.wide),
  };
}

/** The operands' intervals say it, or what is known of their difference. */
function rangeOfExact(
  lowering: FunctionLowering,
  left: Expression,
  operator: ArithmeticOperator,
  right: Expression,
): Interval | null {
  const range = calculate(operator, left.interval!, right.interval!);
  if (range === null || (operator !== "-" && operator !== "+")) return range;
  const [a, b] = [linearOf(left), linearOf(right)];
  if (a === null || b === null) return range;
  return lowering.flow.tightened(combined(a, b, operator === "+" ? 1n : -1n), range);
}

function isConstant(value: Expression): boolean {
  return value.kind === "constant";
}

function sizeOf(range: Interval): string {
  const size = range.high > -range.low ? range.high : -range.low;
  return `2^${size.toString(2).length}`;
}

/** A division by 2^n of what is not negative is a shift, a remainder a mask: exact at any width. */
function byPowerOfTwo(
  left: Expression,
  operator: ArithmeticOperator,
  right: Expression,
  range: Interval,
): Expression | null {
  if (right.kind !== "constant" || left.interval!.low < 0n) return null;
  const divisor = right.interval!.low;
  if (divisor <= 0n || (divisor & (divisor - 1n)) !== 0n) return null;
  const common = { left, type: BIGINT, interval: range, wide: left.wide } as const;
  if (operator === "%")
    return { kind: "arithmetic", operator: "&", right: integer(divisor - 1n, true), ...common };
  return {
    kind: "arithmetic",
    operator: ">>",
    right: integer(BigInt(divisor.toString(2).length - 1), true),
    ...common,
  };
}

function checkDivision(lowering: FunctionLowering, left: Expression, right: Expression, node: ts.Node): void {
  const both = join(left.interval, right.interval)!;
  if (!contains(I64, both) && !contains(U64, both)) lowering.report(node, "wideDivision");
}

function nonZero(value: Expression): Expression {
  const { low, high } = value.interval!;
  if (low > 0n || high < 0n) return value;
  return {
    kind: "library",
    name: "nonzero",
    parameters: [value],
    traps: true,
    effects: false,
    type: value.type,
    interval: value.interval,
    wide: value.wide,
  };
}

/** `Math.trunc(a / b)`, `(a / b) | 0` and `(a / b) >>> 0`. */
function truncatedQuotient(
  lowering: FunctionLowering,
  leftNode: ts.Expression,
  operator: ts.SyntaxKind,
  rightNode: ts.Expression,
): Expression | null {
  const isBar = operator === ts.SyntaxKind.BarToken;
  if (!isBar && operator !== ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken) return null;
  const division = divisionWithin(leftNode);
  if (division === null || rightNode.getText() !== "0") return null;
  return wrap(lowerTruncation(lowering, division), 32, isBar);
}

export function divisionWithin(node: ts.Expression): ts.BinaryExpression | null {
  if (ts.isParenthesizedExpression(node)) return divisionWithin(node.expression);
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.SlashToken ? node : null;
}

export function lowerTruncation(lowering: FunctionLowering, division: ts.BinaryExpression): Expression {
  const [left, right] = inOrder(lowering, [
    () => lowering.expression(division.left, null),
    () => lowering.expression(division.right, null),
  ]);
  if (left!.interval === null || right!.interval === null) return broken();
  return exact(lowering, left!, "/", right!, division, false);
}

/** What ToInt32 makes of a value. */
function toInt32(range: Interval): Interval {
  if (contains(I32, range)) return range;
  if (isSingle(range)) {
    const value = BigInt.asIntN(32, range.low);
    return interval(value, value);
  }
  return I32;
}

function combineBits(left: Expression, operator: BitOperator, right: Expression): Expression {
  if (isZeroConstant(right)) {
    if (operator === ">>>") return wrap(left, 32, false);
    if (operator === "|") return wrap(left, 32, true);
  }
  const range = bitRange(operator, left.interval!, right.interval!);
  if (isConstant(left) && isConstant(right) && isSingle(range)) return integer(range.low, false);
  return { kind: "bits", operator, left, right, type: NUMBER, interval: range, wide: range };
}

function isZeroConstant(value: Expression): boolean {
  return value.kind === "constant" && value.value === 0n;
}

function bitRange(operator: BitOperator, a: Interval, b: Interval): Interval {
  const count =
    b.low >= 0n && b.high <= 31n ? b : isSingle(b) ? interval(b.low & 31n, b.low & 31n) : interval(0n, 31n);
  switch (operator) {
    case "<<": {
      const exactly = calculate("<<", toInt32(a), count)!;
      if (contains(I32, exactly)) return exactly;
      if (!isSingle(exactly)) return I32;
      const value = BigInt.asIntN(32, exactly.low);
      return interval(value, value);
    }
    case ">>":
      return calculate(">>", toInt32(a), count)!;
    case ">>>":
      return calculate(">>", contains(U32, a) ? a : U32, count)!;
    default:
      return calculate(operator, toInt32(a), toInt32(b))!;
  }
}

/** The lowest `bits` bits of a value; nothing where it lies within them already. */
export function wrap(operand: Expression, bits: number, signed: boolean): Expression {
  const range = wrapRange(bits, signed);
  const value = operand.interval;
  if (value === null) return operand;
  if (contains(range, value)) return { ...operand, wide: value } as Expression;
  const type = operand.type.kind === "big" ? BIGINT : NUMBER;
  if (isConstant(operand)) {
    return integer(
      signed ? BigInt.asIntN(bits, value.low) : BigInt.asUintN(bits, value.low),
      type === BIGINT,
    );
  }
  return { kind: "wrap", bits, signed, operand, type, interval: range, wide: range };
}

export function negate(lowering: FunctionLowering, operand: Expression, node: ts.Node): Expression {
  return exactUnary(lowering, operand, "negate", (x) => interval(-x.high, -x.low), node);
}

/** `~x`: −x − 1 of a bigint, and of the 32-bit integer that a number wraps to. */
export function complement(lowering: FunctionLowering, operand: Expression, node: ts.Node): Expression {
  const low = operand.type.kind === "big" || operand.interval === null ? operand : wrap(operand, 32, true);
  return exactUnary(lowering, low, "complement", (x) => interval(-x.high - 1n, -x.low - 1n), node);
}

function exactUnary(
  lowering: FunctionLowering,
  operand: Expression,
  kind: "negate" | "complement",
  range: (operand: Interval) => Interval,
  node: ts.Node,
): Expression {
  if (operand.interval === null || !(isInteger(operand.type) || operand.type.kind === "enum")) {
    lowering.report(node, "mixed", typeName(operand.type), "number");
    return broken();
  }
  const result = range(operand.interval);
  const big = operand.type.kind === "big";
  if (isConstant(operand)) return integer(result.low, big);
  if (!contains(big ? I128 : SAFE, result))
    lowering.report(node, big ? "tooWide" : "inexact", sizeOf(result));
  const wide = kind === "negate" ? join(operand.wide, result) : result;
  return { kind, operand, type: big ? BIGINT : NUMBER, interval: result, wide };
}
