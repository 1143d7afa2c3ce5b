// Static initialisers: what a module-level variable starts with, as C wants it, without code that runs.

import { contains, type Interval } from "../../interval.ts";
import type { Expression, Global, Local, StructDeclaration } from "../../tree.ts";
import { knownLength } from "../../types.ts";
import { cName, place, print, tagName, textLiteral, viewParts } from "./expressions.ts";
import { constantElement, elementType } from "./types.ts";

/** What the parameters of the constructors at hand stand for; nothing in it is a parameter itself. */
export type Bindings = ReadonlyMap<Local, Expression>;

/** Static instances that a table points to, by the name they get. */
export type Anonymous = (struct: StructDeclaration, text: string) => string;

const UNBOUND: Bindings = new Map();

/** The value with what constructors' parameters stand for. */
export function bound(value: Expression, bindings: Bindings): Expression {
  switch (value.kind) {
    case "local":
      return bindings.get(value.local) ?? value;
    case "toInterface": {
      // What was one interface already is its instance as another.
      const operand = bound(value.operand, bindings);
      return { ...value, operand: operand.kind === "toInterface" ? operand.operand : operand };
    }
    case "toUnion":
    case "widen":
    case "narrow":
      return { ...value, operand: bound(value.operand, bindings) };
    case "field":
      return { ...value, object: bound(value.object, bindings) };
    case "library":
      return { ...value, parameters: value.parameters.map((part) => bound(part, bindings)) };
    default:
      return value;
  }
}

export function bindingsOf(e: Expression & { kind: "construct" }, outer: Bindings): Bindings {
  const bindings = new Map<Local, Expression>();
  e.struct.constructorParameters.forEach((local, index) => {
    const value = e.parameters[index];
    if (value !== undefined) bindings.set(local, bound(value, outer));
  });
  return bindings;
}

/** What a constructor gives each field, by its name; of several assignments the last. */
export function fieldValues(struct: StructDeclaration, bindings: Bindings): Map<string, Expression> {
  const values = new Map<string, Expression>();
  for (const field of struct.fields) {
    const source = field.parameter === null ? field.initial : (bindings.get(field.parameter) ?? null);
    if (source !== null) values.set(field.name, source);
  }
  for (const statement of struct.constructorBody) {
    if (statement.kind === "assign" && statement.target.kind === "field")
      values.set(statement.target.field.name, statement.value);
  }
  return values;
}

/** Whether C can say the value where it declares the variable: constants and addresses, nothing that is calculated. */
export function isStatic(e: Expression, bindings: Bindings = UNBOUND): boolean {
  const value = bound(e, bindings);
  switch (value.kind) {
    case "constant":
    case "function":
    case "global":
      return true;
    case "field":
      return value.field.storage.kind !== "value" && isStatic(value.object);
    case "construct": {
      const inner = bindingsOf(value, bindings);
      return [...fieldValues(value.struct, inner).values()].every((part) => isStatic(part, inner));
    }
    case "elements":
      return value.make === null || isStatic(value.make, bindings);
    case "table":
      return value.values.every((part) => isStatic(part, bindings));
    case "toInterface":
    case "toUnion":
      return value.operand.kind !== "construct" && isStatic(value.operand);
    case "widen":
      return isStatic(value.operand);
    case "narrow":
      return isWithin(value.operand, value.to);
    case "library":
      return (
        (value.name === "utf8" || value.name === "bytes_of") &&
        value.parameters.every((part) => isStatic(part))
      );
    default:
      return false;
  }
}

function isWithin(value: Expression, range: Interval): boolean {
  if (value.kind === "widen") return isWithin(value.operand, range);
  return value.kind === "constant" && typeof value.value === "bigint" && contains(range, value.interval!);
}

/** The initialiser of a static value, or "" where all of it is zero. */
export function staticValue(e: Expression, bindings: Bindings, anonymous: Anonymous): string {
  const value = bound(e, bindings);
  switch (value.kind) {
    case "constant":
      return staticConstant(value);
    case "construct":
      return staticStruct(value, bindings, anonymous);
    case "elements":
      return staticElements(value, bindings, anonymous);
    case "table":
      return `{ ${value.values.map((part) => staticItem(part, bindings, anonymous)).join(", ")} }`;
    case "toInterface":
      return staticInterface(value, anonymous);
    case "toUnion":
      return staticUnion(value, anonymous);
    case "narrow":
    case "widen":
      return staticValue(value.operand, UNBOUND, anonymous);
    case "library":
      return staticBytes(value, anonymous);
    default:
      return staticView(value) ?? print(value);
  }
}

function staticConstant(e: Expression & { kind: "constant" }): string {
  if (e.value === null || e.value === false || e.value === 0n) return "";
  if (typeof e.value === "string") {
    const { literal, length } = textLiteral(e.value);
    return length === 0 ? "" : `{ ${literal}, ${length} }`;
  }
  return print(e);
}

/** An element of a table: references point to static instances of their own. */
function staticItem(e: Expression, bindings: Bindings, anonymous: Anonymous): string {
  if (e.kind === "construct") {
    const initial = isStatic(e, bindings) ? staticValue(e, bindings, anonymous) : "";
    return `&${anonymous(e.struct, initial === "" ? "{ 0 }" : initial)}`;
  }
  const text = staticValue(e, bindings, anonymous);
  if (text !== "") return text;
  return AGGREGATES.has(e.type.kind) ? "{ 0 }" : "0";
}

/** Types that C initialises with braces. */
export const AGGREGATES: ReadonlySet<string> = new Set(["string", "interface", "union", "bytes", "view"]);

function staticStruct(e: Expression & { kind: "construct" }, outer: Bindings, anonymous: Anonymous): string {
  const bindings = bindingsOf(e, outer);
  const values = [...fieldValues(e.struct, bindings)].map(
    ([name, value]) => [name, staticValue(value, bindings, anonymous)] as const,
  );
  const set = values.filter(([, text]) => text !== "").map(([name, text]) => `.${cName(name)} = ${text}`);
  return set.length === 0 ? "" : `{ ${set.join(", ")} }`;
}

function staticElements(
  e: Expression & { kind: "elements" },
  bindings: Bindings,
  anonymous: Anonymous,
): string {
  const one = e.make === null ? "" : staticValue(e.make, bindings, anonymous);
  return one === "" || e.length === 0 ? "" : `{ [0 ... ${e.length - 1}] = ${one} }`;
}

function staticInterface(e: Expression & { kind: "toInterface" }, anonymous: Anonymous): string {
  const self = staticValue(e.operand, UNBOUND, anonymous);
  const struct = e.operand.type.kind === "reference" ? e.operand.type.struct.symbol : "";
  const name = e.type.kind === "interface" ? e.type.declaration.symbol : "";
  return self === "" ? "" : `{ ${self}, &${struct}_as_${name} }`;
}

function staticUnion(e: Expression & { kind: "toUnion" }, anonymous: Anonymous): string {
  const self = staticValue(e.operand, UNBOUND, anonymous);
  return self === "" ? "" : `{ ${self}, ${tagName(e)} }`;
}

function staticBytes(e: Expression & { kind: "library" }, anonymous: Anonymous): string {
  const first = e.parameters[0]!;
  if (e.name !== "utf8") return `{ ${place(first)}, ${knownLength(first)} }`;
  return staticValue(first, UNBOUND, anonymous).replace("{ ", "{ (uint8_t *)");
}

/** A view of an array in place, or of a table. */
function staticView(e: Expression): string | null {
  if (e.type.kind !== "view") return null;
  return knownLength(e) === null ? null : viewParts(e, e.type.element);
}

/** `type name[length]` of a variable. */
export function globalDeclarator(global: Global): string {
  const { storage, initial } = global;
  if (storage.kind === "struct") return `${storage.struct.symbol} ${global.symbol}`;
  if (storage.kind === "elements")
    return `${elementType(storage.element)} ${global.symbol}[${storage.length}]`;
  if (initial.kind === "table")
    return `${tableElement(initial)} ${global.symbol}[${Math.max(1, initial.values.length)}]`;
  return "";
}

function tableElement(e: Expression & { kind: "table" }): string {
  return constantElement(e.element);
}
