// The run-time library as the lowering sees it: what each function takes and gives. `ray.h` and the JavaScript runtime
// define them under the same names.

import type { Interval } from "../interval.ts";
import type { Expression, Type } from "../tree.ts";
import { BOOLEAN, BYTES, NUMBER, rangeOf, U16, U32, U64, U8, VOID } from "../types.ts";

export interface LibraryFunction {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly traps: boolean;
  readonly effects: boolean;
}

function reader(name: string, result: Type): LibraryFunction {
  return { name: `bytes_${name}`, parameters: [BYTES, NUMBER], result, traps: true, effects: false };
}

function writer(name: string, value: Type): LibraryFunction {
  return {
    name: `bytes_set_${name}`,
    parameters: [BYTES, NUMBER, value],
    result: VOID,
    traps: true,
    effects: true,
  };
}

/** Methods of Bytes by their names in the source; the first parameter is the view itself. */
export const BYTES_METHODS: Readonly<Record<string, LibraryFunction>> = {
  u8: reader("u8", U8),
  u16le: reader("u16le", U16),
  u32le: reader("u32le", U32),
  u64le: reader("u64le", U64),
  u16be: reader("u16be", U16),
  u32be: reader("u32be", U32),
  u64be: reader("u64be", U64),
  setU8: writer("u8", U8),
  setU16le: writer("u16le", U16),
  setU32le: writer("u32le", U32),
  setU64le: writer("u64le", U64),
  setU16be: writer("u16be", U16),
  setU32be: writer("u32be", U32),
  setU64be: writer("u64be", U64),
  slice: {
    name: "bytes_slice",
    parameters: [BYTES, NUMBER, NUMBER],
    result: BYTES,
    traps: true,
    effects: false,
  },
  fill: { name: "bytes_fill", parameters: [BYTES, U8], result: VOID, traps: false, effects: true },
  copyFrom: { name: "bytes_copy", parameters: [BYTES, BYTES], result: VOID, traps: true, effects: true },
  equals: { name: "bytes_equal", parameters: [BYTES, BYTES], result: BOOLEAN, traps: false, effects: false },
};

/** The accessor that a layout's scalar field stands for: `u32le` → `setU32le`. */
export function setterOf(accessor: string): string {
  return `set${accessor[0]!.toUpperCase()}${accessor.slice(1)}`;
}

export function callLibrary(callee: LibraryFunction, parameters: readonly Expression[]): Expression {
  const range: Interval | null = rangeOf(callee.result);
  return {
    kind: "library",
    name: callee.name,
    parameters,
    traps: callee.traps,
    effects: callee.effects,
    type: callee.result,
    interval: range,
    wide: range,
  };
}
