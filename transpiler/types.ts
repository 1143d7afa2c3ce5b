// Types of the subset: how they are spelled, compared, and what integers they hold.

import { RANGES, interval, join, type Interval } from "./interval.ts";
import type { Expression, Type } from "./tree.ts";

export const VOID: Type = { kind: "void" };
export const NEVER: Type = { kind: "never" };
export const BOOLEAN: Type = { kind: "boolean" };
export const STRING: Type = { kind: "string" };
export const BYTES: Type = { kind: "bytes" };
export const NULL: Type = { kind: "null" };
export const BROKEN: Type = { kind: "broken" };
export const NUMBER: Type = { kind: "int", name: "number" };
export const BIGINT: Type = { kind: "big", name: "bigint" };
export const U8: Type = { kind: "int", name: "u8" };
export const U16: Type = { kind: "int", name: "u16" };
export const U32: Type = { kind: "int", name: "u32" };
export const I8: Type = { kind: "int", name: "i8" };
export const I16: Type = { kind: "int", name: "i16" };
export const I32: Type = { kind: "int", name: "i32" };
export const U64: Type = { kind: "big", name: "u64" };
export const I64: Type = { kind: "big", name: "i64" };

export function isInteger(type: Type): boolean {
  return type.kind === "int" || type.kind === "big";
}

/** Whether it is any `number` or `bigint`, also what is calculated of those that have a width. */
export function isWidthless(type: Type): boolean {
  return isInteger(type) && (typeName(type) === "number" || typeName(type) === "bigint");
}

/** What a type's values lie in, or `null` where they are no integers. An enum reads as an integer among its members. */
export function rangeOf(type: Type): Interval | null {
  if (type.kind === "int" || type.kind === "big") return RANGES[type.name]!;
  if (type.kind !== "enum") return null;
  return type.declaration.members.reduce<Interval | null>(
    (range, member) => join(range, interval(member.value, member.value)),
    null,
  );
}

/** The type as a diagnostic names it. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "int":
    case "big":
      return type.name;
    case "enum":
      return type.declaration.symbol;
    case "bytes":
      return "Bytes";
    case "view":
      return type.constant ? `readonly ${typeName(type.element)}[]` : `${typeName(type.element)} array`;
    case "array":
      return `FixedArray<${typeName(type.element)}, ${type.length}>`;
    case "reference":
      return type.struct.symbol + (type.nullable ? " | null" : "");
    case "interface":
      return type.declaration.name + (type.nullable ? " | null" : "");
    case "union":
      return unionName(type) + (type.nullable ? " | null" : "");
    case "function":
      return `(${type.parameters.map(typeName).join(", ")}) => ${typeName(type.result)}`;
    case "result":
      return `Result<${typeName(type.value)}, ${typeName(type.error)}>`;
    case "broken":
      return "<broken>";
    default:
      return type.kind;
  }
}

/** The type as part of a C name: `Result_u32_IoError`, `Ring_Entry`. */
export function typeTag(type: Type): string {
  switch (type.kind) {
    case "view":
      return `${typeTag(type.element)}s`;
    case "array":
      return `${typeTag(type.element)}_x${type.length}`;
    case "function":
      return `function_${type.parameters.map(typeTag).join("_")}_to_${typeTag(type.result)}`;
    case "result":
      return `Result_${typeTag(type.value)}_${typeTag(type.error)}`;
    case "reference":
      return type.struct.symbol;
    case "interface":
      return type.declaration.symbol;
    case "union":
      return isWhole(type)
        ? type.declaration.symbol
        : [type.declaration.symbol, "of", ...type.members.map(({ symbol }) => symbol)].join("_");
    default:
      return typeName(type);
  }
}

function unionName(type: Type & { kind: "union" }): string {
  const { name } = type.declaration;
  return isWhole(type) ? name : `${type.members.map(({ symbol }) => symbol).join(" | ")} of ${name}`;
}

/** Whether it may be any of the union's classes. */
function isWhole(type: Type & { kind: "union" }): boolean {
  return type.members.length === type.declaration.members.length;
}

/** How many types stand within each other: `FixedArray<u8, 4>` has two. */
export function typeDepth(type: Type): number {
  const inner = (...types: readonly Type[]): number => 1 + Math.max(0, ...types.map(typeDepth));
  switch (type.kind) {
    case "view":
    case "array":
      return inner(type.element);
    case "function":
      return inner(...type.parameters, type.result);
    case "result":
      return inner(type.value, type.error);
    case "reference":
      return 1 + type.struct.depth;
    case "interface":
      return 1 + type.declaration.depth;
    case "union":
      return 1 + Math.max(...type.declaration.members.map(({ depth }) => depth));
    default:
      return 1;
  }
}

export function sameType(a: Type, b: Type): boolean {
  return typeName(a) === typeName(b);
}

export function isNullable(type: Type): boolean {
  return isReference(type) && type.nullable;
}

export function withoutNull(type: Type): Type {
  return isReference(type) ? { ...type, nullable: false } : type;
}

/** What may be null. */
export function isReference(type: Type): type is Type & { kind: "reference" | "interface" | "union" } {
  return type.kind === "reference" || type.kind === "interface" || type.kind === "union";
}

/** How many elements an array or view has, where it is known at compile time. */
export function knownLength(expression: Expression): number | null {
  if (expression.type.kind === "array") return expression.type.length;
  const storage =
    expression.kind === "local"
      ? expression.local.storage
      : expression.kind === "global"
        ? expression.global.storage
        : expression.kind === "field"
          ? expression.field.storage
          : null;
  if (storage !== null && storage.kind === "elements") return storage.length;
  if (expression.kind === "global" && expression.global.initial.kind === "table") {
    return expression.global.initial.values.length;
  }
  return null;
}

/** Library functions that say where bytes are and read none. */
const PLACES: ReadonlySet<string> = new Set(["bytes_of", "utf8"]);

/** No later effect changes what it gives: it may be evaluated later than it stands. */
export function isStable(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
    case "function":
      return true;
    case "local":
      return expression.local.stable || expression.local.storage.kind !== "value";
    case "global":
      return expression.global.constant || expression.global.storage.kind !== "value";
    case "toInterface":
    case "toUnion":
    case "asMember":
    case "tag":
    case "widen":
      return isStable(expression.operand);
    case "field":
      return expression.field.storage.kind !== "value" && isStable(expression.object);
    case "library":
      return PLACES.has(expression.name) && expression.parameters.every(isStable);
    default:
      return false;
  }
}

/** It calls something that may change what other expressions read. */
export function hasEffects(expression: Expression): boolean {
  switch (expression.kind) {
    case "call":
    case "dispatch":
    case "callValue":
    case "construct":
      return true;
    case "library":
      return expression.effects || expression.parameters.some(hasEffects);
    default:
      return parts(expression).some(hasEffects);
  }
}

/** Most expressions are leaves: one list for all of them. */
const NO_PARTS: readonly never[] = [];

/** The operands of an expression, in the order of evaluation. */
export function parts(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "field":
    case "length":
      return [e.object];
    case "index":
      return [e.object, e.index];
    case "arithmetic":
    case "bits":
    case "minimum":
    case "maximum":
    case "multiplyLow":
    case "compare":
    case "and":
    case "or":
      return [e.left, e.right];
    case "negate":
    case "complement":
    case "not":
    case "absolute":
    case "leadingZeros":
    case "wrap":
    case "widen":
    case "narrow":
    case "nonNull":
    case "toInterface":
    case "toUnion":
    case "asMember":
    case "tag":
    case "resultPart":
      return [e.operand];
    case "choose":
      return [e.condition, e.whenTrue, e.whenFalse];
    case "call":
    case "library":
    case "construct":
      return e.parameters;
    case "dispatch":
      return [e.object, ...e.parameters];
    case "callValue":
      return [e.callee, ...e.parameters];
    case "success":
      return e.value === null ? [] : [e.value];
    case "failure":
      return [e.error];
    case "elements":
      return e.make === null ? [] : [e.make];
    case "table":
      return e.values;
    default:
      return NO_PARTS;
  }
}
