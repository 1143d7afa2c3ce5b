// Constants: what an expression of the source is at compile time, where something needs to know (lengths, offsets).

import { ts } from "../frontend/program.ts";
import type { Expression } from "../tree.ts";
import type { Context } from "./context.ts";
import { valueOf } from "./declarations.ts";

/** The integer that a name of a module-level constant stands for. */
export function constantOf(context: Context, name: ts.Node): bigint | null {
  const symbol = context.symbolOf(name);
  if (symbol === null) return null;
  const value = valueOf(context, symbol);
  return value.kind === "global" && value.global.constant ? integerOf(value.global.initial) : null;
}

/** The integer of a constant expression, or `null`. */
export function integerOf(expression: Expression): bigint | null {
  if (expression.kind === "constant" && typeof expression.value === "bigint") return expression.value;
  if (expression.kind === "narrow" || expression.kind === "widen") return integerOf(expression.operand);
  return null;
}

/** Whether the value is known before the program runs: what a module-level variable may start with. */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
    case "function":
      return true;
    case "global":
      return expression.global.storage.kind !== "value" || expression.global.initial.kind === "table";
    case "toInterface":
    case "widen":
      return isConstant(expression.operand);
    case "field":
      return expression.field.storage.kind !== "value" && isConstant(expression.object);
    case "construct":
      return expression.parameters.every(isConstant);
    case "elements":
      return expression.make === null || isConstant(expression.make);
    case "table":
      return expression.values.every(isConstant);
    case "library":
      return (
        (expression.name === "bytes_of" || expression.name === "utf8") &&
        expression.parameters.every(isConstant)
      );
    default:
      return false;
  }
}
