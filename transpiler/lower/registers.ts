// Registers: a layout over a device's volatile memory. `REGISTERS.status.get(block)` is one call of the block's `read32`,
// `set` one of its `write32`: each access has exactly the field's width, stands where the source has it, and reads nothing
// before it writes. The block is an instance of a class with those methods: of `machine/` in the kernel, of a test's on a PC.

import { ts } from "../frontend/program.ts";
import { mayTouchRegisters } from "../layers.ts";
import type { Expression, FunctionInstance, StructDeclaration, Type } from "../tree.ts";
import { rangeOf, sameType, U16, U32, U64, U8, VOID } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import type { LayoutField } from "./context.ts";
import { nonNull } from "./convert.ts";
import { broken, integer } from "./numbers.ts";
import { inOrder } from "./sequence.ts";

/** Accessor of Bytes → the block's method without "read" and "write", and what it reads. */
const WIDTHS: Readonly<Record<string, readonly [bits: string, type: Type]>> = {
  u8: ["8", U8],
  u16le: ["16", U16],
  u32le: ["32", U32],
  u64le: ["64", U64],
};

/** Whether a layout's field is asked for in a block of registers, not in bytes. */
export function isRegisterBlock(lowering: FunctionLowering, record: ts.Expression): boolean {
  return blockOf(lowering, record) !== null;
}

function blockOf(lowering: FunctionLowering, record: ts.Expression | undefined): StructDeclaration | null {
  let type: Type = VOID;
  lowering.probe(() => {
    type = lowering.expression(record, null).type;
  });
  const found = type as Type;
  return found.kind === "reference" ? found.struct : null;
}

/** `field.get(record)` or `field.set(record, value)`. */
export function lowerRegister(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  field: LayoutField,
  operation: string,
): Expression {
  const isRead = operation === "get";
  const method = methodFor(lowering, node, field, isRead);
  if (method === null) return broken();
  const [record, value] = node.arguments;
  const stored = method.parameters[2]?.type;
  const operands = [(): Expression => nonNull(lowering.expression(record, null))];
  if (!isRead && value !== undefined && stored !== undefined)
    operands.push(() => lowering.convert(lowering.expression(value, stored), stored, value));
  const [block, ...values] = inOrder(lowering, operands);
  lowering.flow.open();
  const at = { ...integer(BigInt(field.offset), false), type: U32 } as Expression;
  const range = rangeOf(method.result);
  return {
    kind: "call",
    instance: method,
    parameters: [block!, at, ...values],
    type: method.result,
    interval: range,
    wide: range,
  };
}

function methodFor(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  field: LayoutField,
  isRead: boolean,
): FunctionInstance | null {
  const refuse = (why: string): null => {
    lowering.report(node, "registerForm", field.name, why);
    return null;
  };
  if (!mayTouchRegisters(lowering.module.file)) return refuse("this room may not touch hardware");
  const [bits, type] = WIDTHS[field.accessor ?? ""] ?? [];
  if (bits === undefined || type === undefined) return refuse("it is no little-endian number");
  if (field.offset % field.byteLength !== 0) return refuse("it does not stand at a multiple of its width");
  const name = `${isRead ? "read" : "write"}${bits}`;
  const struct = blockOf(lowering, node.arguments[0])!;
  const method = struct.methods.get(name);
  const moved = isRead ? method?.result : method?.parameters[2]?.type;
  if (method === undefined || moved === undefined || !sameType(moved, type))
    return refuse(`'${struct.symbol}' has no '${name}' of its width`);
  return method;
}
