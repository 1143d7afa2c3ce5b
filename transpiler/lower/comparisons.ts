// Comparisons: of integers, of texts, and of which instance it is.

import { ts } from "../frontend/program.ts";
import type { CompareOperator, Expression, Type } from "../tree.ts";
import { BOOLEAN, isInteger, typeName, withoutNull } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { asInterfaceOf, literalMember } from "./convert.ts";
import { lowerExpression } from "./expressions.ts";
import { inOrder } from "./sequence.ts";
import { comparedUnions } from "./unions.ts";

export function lowerComparison(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  operator: CompareOperator,
): Expression {
  const [left, right] = inOrder(lowering, [
    () => lowerExpression(lowering, node.left, null),
    () => lowerExpression(lowering, node.right, null),
  ]);
  const [asLeft, asRight] = [literalAs(left!, right!.type), literalAs(right!, left!.type)];
  if (asLeft !== left || asRight !== right) return compared(operator, asLeft, asRight);
  if (!isEquality(operator) && !(isOrdered(left!) && isOrdered(right!))) return unordered(lowering, node);
  if (left!.type.kind === "string" && right!.type.kind === "string") {
    const equal: Expression = {
      kind: "library",
      name: "string_equal",
      parameters: [left!, right!],
      traps: false,
      effects: false,
      type: BOOLEAN,
      interval: null,
      wide: null,
    };
    return operator === "==="
      ? equal
      : { kind: "not", operand: equal, type: BOOLEAN, interval: null, wide: null };
  }
  if (left!.type.kind === "union" || right!.type.kind === "union")
    return comparedUnions(lowering, node, operator, left!, right!);
  const [first, second] = [
    asInterface(lowering, left!, right!, node),
    asInterface(lowering, right!, left!, node),
  ];
  if (VALUES.has(first.type.kind)) {
    const hint = "Bytes have equals(); of others compare the parts.";
    lowering.report(node, "expressionUnsupported", `'${operator}' of ${typeName(first.type)}`, hint);
    return no();
  }
  if (!isComparable(first, second))
    lowering.report(node, "mixed", typeName(left!.type), typeName(right!.type));
  return compared(operator, first, second);
}

/** What is passed by value: JavaScript would compare which of them it is, and nothing knows that. */
const VALUES: ReadonlySet<string> = new Set(["bytes", "view", "result"]);

/** An instance, or what an interface refers to, that is compared with what another interface refers to. */
function asInterface(
  lowering: FunctionLowering,
  value: Expression,
  { type }: Expression,
  node: ts.Node,
): Expression {
  if (type.kind !== "interface" || value.type.kind !== "reference")
    return asInterfaceOf(lowering, value, type, node);
  return lowering.convert(value, { ...type, nullable: true }, node);
}

function isEquality(operator: CompareOperator): boolean {
  return operator === "===" || operator === "!==";
}

/** What has an order: integers, choices among them, and booleans, which JavaScript takes for 0 and 1. */
function isOrdered({ type }: Expression): boolean {
  return isInteger(type) || ["enum", "boolean", "broken"].includes(type.kind);
}

function unordered(lowering: FunctionLowering, node: ts.BinaryExpression): Expression {
  const what = `'${node.operatorToken.getText()}' of these`;
  lowering.report(
    node,
    "expressionUnsupported",
    what,
    "Only integers have an order; of texts compare the bytes.",
  );
  return no();
}

export function compared(operator: CompareOperator, left: Expression, right: Expression): Expression {
  return { kind: "compare", operator, left, right, type: BOOLEAN, interval: null, wide: null };
}

/** A literal as what the union on the other side calls it. */
export function literalAs(value: Expression, other: Type): Expression {
  return other.kind === "enum" ? (literalMember(value, other.declaration) ?? value) : value;
}

function isComparable(left: Expression, right: Expression): boolean {
  if (left.interval !== null && right.interval !== null) {
    return left.type.kind === "enum" || right.type.kind === "enum" || left.type.kind === right.type.kind;
  }
  if (left.type.kind === "null" || right.type.kind === "null") return true;
  return typeName(withoutNull(left.type)) === typeName(withoutNull(right.type));
}

/** In place of what was refused. */
function no(): Expression {
  return { kind: "constant", value: false, name: null, type: BOOLEAN, interval: null, wide: null };
}
