// Static initialisers: what a module-level variable starts with, as C wants it, without code that runs.

import type { Expression, Global, Local, StructDeclaration } from "../../tree.ts";
import { knownLength } from "../../types.ts";
import { cName, place, print, textLiteral, viewParts } from "./expressions.ts";
import { elementType } from "./types.ts";

type Bindings = ReadonlyMap<Local, Expression>;

/** Static instances that a table points to, by the name they get. */
export type Anonymous = (struct: StructDeclaration, text: string) => string;

/** The initialiser, or "" where all of it is zero. */
export function staticValue(e: Expression, bindings: Bindings, anonymous: Anonymous): string {
  switch (e.kind) {
    case "local": {
      const bound = bindings.get(e.local);
      return bound === undefined ? place(e) : staticValue(bound, new Map(), anonymous);
    }
    case "constant":
      return staticConstant(e);
    case "construct":
      return staticStruct(e, bindings, anonymous);
    case "elements":
      return staticElements(e, bindings, anonymous);
    case "table":
      return `{ ${e.values.map((value) => staticItem(value, bindings, anonymous)).join(", ")} }`;
    case "toInterface":
      return staticInterface(e, bindings, anonymous);
    case "narrow":
    case "widen":
      return staticValue(e.operand, bindings, anonymous);
    case "library":
      return staticBytes(e, bindings, anonymous);
    default:
      return staticView(e) ?? print(e);
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
  const text = staticValue(e, bindings, anonymous);
  if (e.kind === "construct") return `&${anonymous(e.struct, text === "" ? "{ 0 }" : text)}`;
  if (text !== "") return text;
  return e.type.kind === "string" || e.type.kind === "interface" ? "{ 0 }" : "0";
}

function staticStruct(e: Expression & { kind: "construct" }, outer: Bindings, anonymous: Anonymous): string {
  const { struct } = e;
  const bindings = new Map<Local, Expression>();
  struct.constructorParameters.forEach((local, index) => {
    const value = e.parameters[index];
    if (value !== undefined)
      bindings.set(local, value.kind === "local" ? (outer.get(value.local) ?? value) : value);
  });
  const values = new Map<string, string>();
  for (const field of struct.fields) {
    const source = field.parameter === null ? field.initial : bindings.get(field.parameter);
    if (source !== null && source !== undefined)
      values.set(field.name, staticValue(source, bindings, anonymous));
  }
  for (const statement of struct.constructorBody) {
    if (statement.kind !== "assign" || statement.target.kind !== "field") continue;
    values.set(statement.target.field.name, staticValue(statement.value, bindings, anonymous));
  }
  const set = [...values]
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `.${cName(name)} = ${text}`);
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

function staticInterface(
  e: Expression & { kind: "toInterface" },
  bindings: Bindings,
  anonymous: Anonymous,
): string {
  const self = staticValue(e.operand, bindings, anonymous);
  const struct = e.operand.type.kind === "reference" ? e.operand.type.struct.symbol : "";
  const name = e.type.kind === "interface" ? e.type.declaration.symbol : "";
  return `{ ${self}, &${struct}_as_${name} }`;
}

function staticBytes(e: Expression & { kind: "library" }, bindings: Bindings, anonymous: Anonymous): string {
  const [first] = e.parameters;
  if (e.name === "utf8") {
    const text = staticValue(first!, bindings, anonymous);
    return text === "" ? "" : text.replace("{ ", "{ (uint8_t *)");
  }
  const bound = first!.kind === "local" ? (bindings.get(first!.local) ?? first!) : first!;
  return `{ ${place(bound)}, ${knownLength(bound)} }`;
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
  const { element } = e;
  return element.kind === "reference" ? `${element.struct.symbol} *const` : `const ${elementType(element)}`;
}
