// Conversion: a value into the type of the place where it is stored, passed or returned.

import { ts } from "../frontend/program.ts";
import { contains, meet } from "../interval.ts";
import { isBroken } from "../sabotage.ts";
import type { EnumDeclaration, Expression, StructDeclaration, Type } from "../tree.ts";
import {
  BOOLEAN,
  isInteger,
  isNullable,
  isReference,
  rangeOf,
  sameType,
  typeName,
  withoutNull,
} from "../types.ts";
import { isAssignment } from "./assigning.ts";
import type { FunctionLowering } from "./body.ts";
import { convertFromUnion, convertToUnion } from "./unions.ts";

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
  if (target.kind === "union") return convertToUnion(lowering, value, target, node);
  if (type.kind === "union") return convertFromUnion(lowering, value, target, node);
  if (target.kind === "interface" && type.kind === "reference")
    return toInterface(lowering, value, target, node);
  if (target.kind === "interface" && type.kind === "interface" && type.declaration !== target.declaration)
    return toExtended(lowering, value, target, node);
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
    lowering.report(node, "narrowing", wideName(wide), typeName(target), narrowed(typeName(target), node));
  }
  return narrowTo(value, target);
}

/** How the source says it: `u8(value)`, and of `a += value` the whole assignment. */
function narrowed(type: string, node: ts.Node): string {
  const text = node.getText().slice(0, 60);
  if (type === "bigint") return `i64(${text})`;
  if (!ts.isBinaryExpression(node)) return `${type}(${text})`;
  const operator = /^(.+)=$/.exec(node.operatorToken.getText())?.[1];
  if (operator === undefined || !isAssignment(node.operatorToken.kind)) return `${type}(${text})`;
  const place = node.left.getText();
  return `${place} = ${type}(${place} ${operator} ${node.right.getText()})`.slice(0, 80);
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
    lowering.report(node, "implementsMissing", value.type.struct.symbol, target.declaration.name);
  }
  // A new instance needs a place of its own; an interface is only a way to it.
  if (value.kind === "construct") lowering.report(node, "newPlace");
  const operand = isNullable(target) ? value : nonNull(value);
  return { kind: "toInterface", operand, type: target, interval: null, wide: null };
}

/** An interface as one that it extends. */
function toExtended(
  lowering: FunctionLowering,
  value: Expression,
  target: Type & { kind: "interface" },
  node: ts.Node,
): Expression {
  if (value.type.kind !== "interface") return value;
  if (!value.type.declaration.extended.includes(target.declaration)) {
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
    return value;
  }
  if (value.kind === "toInterface") return { ...value, type: target };
  // It is read twice: the instance, and its table.
  const operand = lowering.settle(target.nullable ? value : nonNull(value));
  return { kind: "toInterface", operand, type: target, interval: null, wide: null };
}

/** A value to be compared with another: as the interface of that one, where its own extends it. */
export function asInterfaceOf(
  lowering: FunctionLowering,
  value: Expression,
  other: Type,
  node: ts.Node,
): Expression {
  const { type } = value;
  const isExtended =
    type.kind === "interface" &&
    other.kind === "interface" &&
    type.declaration.extended.includes(other.declaration);
  return isExtended ? toExtended(lowering, value, { ...other, nullable: type.nullable }, node) : value;
}

/** A result passed on, into another type of value: of `if (!r.ok) return r;` only the error counts. */
function convertResult(
  lowering: FunctionLowering,
  value: Expression,
  target: Type,
  node: ts.Node,
): Expression {
  if (sameType(value.type, target) || target.kind !== "result" || value.type.kind !== "result") return value;
  const { type } = value;
  if (!sameType(type.error, target.error)) lowering.report(node, "mixed", typeName(type), typeName(target));
  const operand = lowering.settle(value);
  const part = (name: "ok" | "value" | "error", of: Type): Expression => {
    const range = rangeOf(of);
    return { kind: "resultPart", operand, part: name, type: of, interval: range, wide: range };
  };
  const error = part("error", target.error);
  const failure: Expression = { kind: "failure", error, type: target, interval: null, wide: null };
  // tsc takes it for a failure where the values do not fit.
  if (!fits(type.value, target.value)) return failure;
  const inner = lowering.convert(part("value", type.value), target.value, node);
  const success: Expression = { kind: "success", value: inner, type: target, interval: null, wide: null };
  const condition = part("ok", BOOLEAN);
  return {
    kind: "choose",
    condition,
    whenTrue: success,
    whenFalse: failure,
    type: target,
    interval: null,
    wide: null,
  };
}

/** Whether every value of one type is one of the other. */
function fits(from: Type, to: Type): boolean {
  if (from.kind === to.kind && isInteger(from)) return contains(rangeOf(to)!, rangeOf(from)!);
  if (isReference(from) && isReference(to)) {
    if (from.nullable && !to.nullable) return false;
    if (to.kind === "union")
      return membersOf(from).every((one) => to.members.includes(one)) && from.kind !== "interface";
    if (to.kind === "interface" && from.kind === "interface")
      return from.declaration === to.declaration || from.declaration.extended.includes(to.declaration);
    if (to.kind === "interface")
      return membersOf(from).every((one) => one.implemented.includes(to.declaration));
  }
  return sameType(withoutNull(from), withoutNull(to));
}

function membersOf(type: Type): readonly StructDeclaration[] {
  return type.kind === "reference" ? [type.struct] : type.kind === "union" ? type.members : [];
}
