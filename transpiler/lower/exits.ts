// Exits: whether control comes out behind statements.

import type { Expression, Statement, SwitchCase } from "../tree.ts";
import type { FunctionLowering } from "./body.ts";

/** Whether control never comes out behind these statements: it returns, stops, or leaves what they stand in. */
export function isExit(statements: readonly Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) return false;
  switch (last.kind) {
    case "block":
      return last.label === undefined && isExit(last.body);
    case "if":
      return isExit(last.whenTrue) && isExit(last.whenFalse);
    case "switch":
      return coversAll(last.value, last.cases) && last.cases.every(leavesSwitch);
    case "loop":
      return isTrue(last.condition) && !hasBreak(last.body);
    case "evaluate":
      return last.value.type.kind === "never";
    default:
      return (
        last.kind === "return" || last.kind === "break" || last.kind === "continue" || last.kind === "trap"
      );
  }
}

/** Of a loop without an end there is none, or `true`. */
function isTrue(condition: Expression | null): boolean {
  return condition === null || (condition.kind === "constant" && condition.value === true);
}

/** tsc knows that a value is returned before the end; where it took more than one statement to see that, C does not. */
export function closeBody(lowering: FunctionLowering): void {
  if (lowering.result.kind === "void" || isExit(lowering.statements)) return;
  lowering.emit({ kind: "trap", line: lowering.line, trap: "unreachable", message: "" });
}

/** Whether control that enters a case does not go on behind the switch. */
export function leavesSwitch({ body }: SwitchCase): boolean {
  return isExit(body) && !hasBreak(body);
}

/** A `break` that belongs to what these statements stand in. */
function hasBreak(statements: readonly Statement[]): boolean {
  return statements.some((one) => {
    if (one.kind === "break") return true;
    if (one.kind === "block") return hasBreak(one.body);
    return one.kind === "if" && (hasBreak(one.whenTrue) || hasBreak(one.whenFalse));
  });
}

/** Whether a case stands for whatever the value is. */
export function coversAll({ type }: Expression, cases: readonly SwitchCase[]): boolean {
  if (cases.some(({ values }) => values.length === 0)) return true;
  if (type.kind !== "enum") return false;
  const named = new Set(
    cases.flatMap(({ values }) => values.map((one) => one.kind === "constant" && one.value)),
  );
  return type.declaration.members.every(({ value }) => named.has(value));
}
