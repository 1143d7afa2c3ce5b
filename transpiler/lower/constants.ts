// Constants: what an expression of the source is at compile time, where something needs to know (lengths, offsets).

import { ts } from "../frontend/program.ts";
import { isCall } from "../check/targets.ts";
import { ownExpressions } from "../check/walk.ts";
import type { Expression, StructDeclaration } from "../tree.ts";
import { parts } from "../types.ts";
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

/** Whether a part of it was refused already, or names a constant of a module that was. */
export function isRefusedAlready(expression: Expression): boolean {
  if (expression.type.kind === "broken") return true;
  if (expression.kind === "global" && expression.global.constant) {
    const { initial } = expression.global;
    return !isConstant(initial) || initial.type.kind === "broken";
  }
  return parts(expression).some(isRefusedAlready);
}

/** Everything that a constructor evaluates. */
function constructorOf(struct: StructDeclaration): Expression[] {
  const initials = struct.fields.flatMap((field) => (field.initial === null ? [] : [field.initial]));
  return [...initials, ...struct.constructorBody.flatMap(ownExpressions)];
}

/** Before `main` runs nothing of the program's runs but plain assignments. */
function isCallFree(value: Expression, seen: Set<StructDeclaration>): boolean {
  if (isCall(value) || (value.kind === "library" && value.effects)) return false;
  if (value.kind === "construct" && !seen.has(value.struct)) {
    seen.add(value.struct);
    if (!constructorOf(value.struct).every((part) => isCallFree(part, seen))) return false;
  }
  return parts(value).every((part) => isCallFree(part, seen));
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
    case "toUnion":
    case "widen":
      return isConstant(expression.operand);
    case "field":
      return expression.field.storage.kind !== "value" && isConstant(expression.object);
    case "construct":
      return expression.parameters.every(isConstant) && isCallFree(expression, new Set());
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
