// Module-level instances that get their values before `main` runs, in the order of the program: those whose constructors calculate,
// and large ones, of which C would store all for a single value other than zero.

import type { Expression, Global, Storage, StructDeclaration, Type } from "../../tree.ts";
import { cName, print } from "./expressions.ts";
import { printElements as printFilled, constructorName } from "./statements.ts";
import {
  AGGREGATES,
  bindingsOf,
  bound,
  fieldValues,
  isStatic,
  staticValue,
  type Anonymous,
  type Bindings,
} from "./static.ts";
import type { Writer } from "../writer.ts";

/** From this size on an instance is set at start. */
const LARGE_BYTES = 1024;

/** Instances within tables are static of their own; nothing large holds a table. */
const NO_ANONYMOUS: Anonymous = () => "";

/** Whether a variable gets its values at start rather than in the file. */
export function startsLate(global: Global): boolean {
  const { storage, initial } = global;
  if (!isStatic(initial)) return true;
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
  return AGGREGATES.has(type.kind) ? 16 : 8;
}

/** The assignments that give such a variable its values. */
export function printStart(w: Writer, global: Global): void {
  w.plain();
  const { initial, symbol } = global;
  if (isStatic(initial)) printValue(w, symbol, initial, new Map(), 0);
  else if (initial.kind === "construct") printConstruction(w, global.line, symbol, initial);
  else if (initial.kind === "table") printItems(w, global, initial);
  else printFilled(w, global.line, symbol, initial);
}

function printConstruction(
  w: Writer,
  line: number,
  place: string,
  value: Expression & { kind: "construct" },
): void {
  w.at(line, `${constructorName(value)}(${[`&${place}`, ...value.parameters.map(print)].join(", ")});`);
}

/** The name of the instance that an element of a table points to. */
export function itemName(table: Global, index: number): string {
  return `${table.symbol}_${index}`;
}

function printItems(w: Writer, global: Global, table: Expression & { kind: "table" }): void {
  const instances = table.values.filter((value) => value.kind === "construct");
  instances.forEach((value, index) => {
    if (!isStatic(value)) printConstruction(w, global.line, itemName(global, index), value);
  });
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
  const bindings = bindingsOf(value, outer);
  for (const [name, source] of fieldValues(value.struct, bindings))
    printValue(w, `${place}.${cName(name)}`, source, bindings, depth);
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
