// Conversion: a value into the type of the place where it is stored, passed or returned.

import { ts } from "../frontend/program.ts";
import { contains, meet } from "../interval.ts";
import { isBroken } from "../sabotage.ts";
import type { EnumDeclaration, Expression, Type } from "../tree.ts";
import { isNullable, rangeOf, sameType, typeName, withoutNull } from "../types.ts";
import type { FunctionLowering } from "./body.ts";

export function convert(
  lowering: FunctionLowering,
  value: Expression,
  target: Type,
  node: ts.Node,
): Expression {
  const { type } = value;
  if (type.kind === "broken" || target.kind === "broken") return value;
  if (target.kind === "int" || target.kind === "big") return convertInteger(lowering, value, target, node);
  if (target.kind === "enum") {
    const member = literalMember(value, target.declaration);
    if (member !== null) return member;
  }
  if (type.kind === "null") return fromNull(lowering, value, target, node);
  if (target.kind === "interface" && type.kind === "reference")
    return toInterface(lowering, value, target, node);
  if (target.kind === "view" && type.kind === "view" && isViewOf(target, type)) return value;
  if (isNullable(type) && !isNullable(target) && sameType(withoutNull(type), target)) return nonNull(value);
  if (isNullable(target) && sameType(withoutNull(target), withoutNull(type)))
    return { ...value, type: target } as Expression;
  if (target.kind === "result" && type.kind === "result") return convertResult(lowering, value, target, node);
  if (!sameType(type, target) && target.kind !== "void" && type.kind !== "never")
    lowering.report(node, "mixed", typeName(type), typeName(target));
  return value;
}

/** The member of a union of literals that a constant is, or `null`. */
export function literalMember(value: Expression, enumeration: EnumDeclaration): Expression | null {
  if (value.kind !== "constant" || value.type.kind === "enum" || enumeration.literals === null) return null;
  const member = enumeration.members[enumeration.literals.findIndex((one) => one === value.value)];
  if (member === undefined) return null;
  const range = { low: member.value, high: member.value };
  return {
    kind: "constant",
    value: member.value,
    name: { enumeration, member: member.name },
    type: { kind: "enum", declaration: enumeration },
    interval: range,
    wide: null,
  };
}

/** A view for reading takes any view of such elements. */
function isViewOf(target: Type & { kind: "view" }, type: Type & { kind: "view" }): boolean {
  return sameType(target.element, type.element) && (target.constant || !type.constant);
}

/** The value of an optional reference that is known, or checked here, not to be null. */
export function nonNull(value: Expression): Expression {
  if (!isNullable(value.type)) return value;
  return { kind: "nonNull", operand: value, type: withoutNull(value.type), interval: null, wide: null };
}

function convertInteger(
  lowering: FunctionLowering,
  value: Expression,
  target: Type,
  node: ts.Node,
): Expression {
  const range = rangeOf(target)!;
  if (value.type.kind === "never") return value;
  if (value.interval === null) {
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
    return value;
  }
  if (value.type.kind !== target.kind && !(value.type.kind === "enum" && target.kind === "int")) {
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
    return value;
  }
  if (value.kind === "constant" && contains(range, value.interval)) return { ...value, type: target };
  if (contains(range, value.interval)) return value;
  if (value.interval.high < range.low || value.interval.low > range.high) {
    lowering.report(node, "outOfRange", node.getText(), typeName(target), `${range.low}`, `${range.high}`);
    return value;
  }
  const wide = value.wide ?? value.interval;
  if (!contains(range, wide)) {
    lowering.report(node, "narrowing", wideName(wide), typeName(target), node.getText().slice(0, 60));
  }
  return narrowTo(value, target);
}

function wideName(wide: { low: bigint; high: bigint }): string {
  return `${wide.low} to ${wide.high}`;
}

/** The checked conversion that `u8(x)` writes and that an implicit narrowing stands for. */
export function narrowTo(value: Expression, target: Type): Expression {
  const range = rangeOf(target)!;
  if (value.interval !== null && contains(range, value.interval))
    return { ...value, wide: value.interval } as Expression;
  const interval = value.interval === null ? range : meet(range, value.interval);
  if (isBroken("narrow")) return { kind: "widen", operand: value, type: target, interval, wide: range };
  return { kind: "narrow", operand: value, to: range, type: target, interval, wide: range };
}

function fromNull(lowering: FunctionLowering, value: Expression, target: Type, node: ts.Node): Expression {
  if (!isNullable(target)) lowering.report(node, "nullUse");
  return { ...value, type: target } as Expression;
}

function toInterface(lowering: FunctionLowering, value: Expression, target: Type, node: ts.Node): Expression {
  if (target.kind !== "interface" || value.type.kind !== "reference") return value;
  if (!value.type.struct.implemented.includes(target.declaration)) {
    lowering.report(node, "implementsMissing", value.type.struct.symbol, target.declaration.symbol);
  }
  // A new instance needs a place of its own; an interface is only a way to it.
  if (value.kind === "construct") lowering.report(node, "newPlace");
  const operand = isNullable(target) ? value : nonNull(value);
  return { kind: "toInterface", operand, type: target, interval: null, wide: null };
}

/** A failed result passed on: `if (!r.ok) return r;` where only the error's type is the same. */
function convertResult(
  lowering: FunctionLowering,
  value: Expression,
  target: Type,
  node: ts.Node,
): Expression {
  if (sameType(value.type, target) || target.kind !== "result" || value.type.kind !== "result") return value;
  if (!sameType(value.type.error, target.error))
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
  const error: Expression = {
    kind: "resultPart",
    operand: lowering.settle(value),
    part: "error",
    type: target.error,
    interval: null,
    wide: null,
  };
  return { kind: "failure", error, type: target, interval: null, wide: null };
}
