// Large module-level instances: C would store all of one that has a single value other than zero. They start as zeros, which no file
// holds, and get those values before `main` runs.

import type { Expression, Global, Local, Storage, StructDeclaration, Type } from "../../tree.ts";
import { cName, print } from "./expressions.ts";
import { staticValue, type Anonymous } from "./static.ts";
import type { Writer } from "../writer.ts";

type Bindings = ReadonlyMap<Local, Expression>;

/** From this size on an instance is set at start. */
const LARGE_BYTES = 1024;

/** Instances within tables are static of their own; nothing large holds a table. */
const NO_ANONYMOUS: Anonymous = () => "";

/** Whether a variable gets its values at start rather than in the file. */
export function startsLate(global: Global): boolean {
  const { storage, initial } = global;
  if (storage.kind === "value" || sizeOf(global.type, storage) <= LARGE_BYTES) return false;
  return staticValue(initial, new Map(), NO_ANONYMOUS) !== "";
}

/** Roughly: padding is left out. */
function sizeOf(type: Type, storage: Storage): number {
  if (storage.kind === "struct") return structSize(storage.struct);
  if (storage.kind === "elements") {
    return (
      storage.length * (storage.struct === null ? valueSize(storage.element) : structSize(storage.struct))
    );
  }
  return valueSize(type);
}

function structSize(struct: StructDeclaration): number {
  return struct.fields.reduce((sum, field) => sum + sizeOf(field.type, field.storage), 0);
}

const INTEGER_BYTES: Readonly<Record<string, number>> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4 };

function valueSize(type: Type): number {
  if (type.kind === "boolean") return 1;
  if (type.kind === "int") return INTEGER_BYTES[type.name] ?? 8;
  if (type.kind === "enum") return 4;
  return type.kind === "bytes" || type.kind === "string" || type.kind === "view" || type.kind === "interface"
    ? 16
    : 8;
}

/** The assignments that give such a variable its values. */
export function printStart(w: Writer, global: Global): void {
  w.plain();
  printValue(w, global.symbol, global.initial, new Map(), 0);
}

function printValue(w: Writer, place: string, value: Expression, bindings: Bindings, depth: number): void {
  if (staticValue(value, bindings, NO_ANONYMOUS) === "") return;
  if (value.kind === "construct") printFields(w, place, value, bindings, depth);
  else if (value.kind === "elements") printElements(w, place, value, bindings, depth);
  else w.text(`${place} = ${print(bound(value, bindings))};`);
}

function printFields(
  w: Writer,
  place: string,
  value: Expression & { kind: "construct" },
  outer: Bindings,
  depth: number,
): void {
  const { struct } = value;
  const bindings = new Map<Local, Expression>();
  struct.constructorParameters.forEach((local, index) => {
    const parameter = value.parameters[index];
    if (parameter !== undefined) bindings.set(local, bound(parameter, outer));
  });
  for (const field of struct.fields) {
    const source = field.parameter === null ? field.initial : (bindings.get(field.parameter) ?? null);
    if (source !== null) printValue(w, `${place}.${cName(field.name)}`, source, bindings, depth);
  }
  for (const statement of struct.constructorBody) {
    if (statement.kind !== "assign" || statement.target.kind !== "field") continue;
    printValue(w, `${place}.${cName(statement.target.field.name)}`, statement.value, bindings, depth);
  }
}

function printElements(
  w: Writer,
  place: string,
  value: Expression & { kind: "elements" },
  bindings: Bindings,
  depth: number,
): void {
  if (value.make === null) return;
  const { make } = value;
  const index = `i${depth}`;
  w.text(`for (uint32_t ${index} = 0; ${index} < ${value.length}; ${index}++) {`);
  w.indented(() => printValue(w, `${place}[${index}]`, make, bindings, depth + 1));
  w.text("}");
}

/** The value with what a constructor's parameters stand for. */
function bound(value: Expression, bindings: Bindings): Expression {
  switch (value.kind) {
    case "local":
      return bindings.get(value.local) ?? value;
    case "toInterface":
    case "widen":
    case "narrow":
      return { ...value, operand: bound(value.operand, bindings) };
    case "library":
      return { ...value, parameters: value.parameters.map((part) => bound(part, bindings)) };
    default:
      return value;
  }
}
