// Labels: `outer: for (…)`, and the jumps to them. A `break` leaves the block that stands for the labelled statement, a
// `continue` goes to the end of the loop's body.

import { ts } from "../frontend/program.ts";
import type { Statement } from "../tree.ts";
import type { FunctionLowering, Labels } from "./body.ts";

export function lowerJump(
  lowering: FunctionLowering,
  node: ts.BreakOrContinueStatement,
  kind: "break" | "continue",
): void {
  const { line } = lowering;
  const labels = node.label === undefined ? undefined : lowering.labels.get(node.label.text);
  // A label that is not there is an error of tsc's.
  if (labels === undefined) return lowering.emit({ kind, line });
  if (kind === "break") labels.left = true;
  else labels.continued = true;
  lowering.emit({ kind, line, label: kind === "break" ? labels.leave : labels.next });
}

export function lowerLabelled(lowering: FunctionLowering, node: ts.LabeledStatement): void {
  const { line, flow } = lowering;
  const { names, statement } = unwrapped(node);
  const [name] = names;
  const labels: Labels = {
    leave: lowering.temporaryName(name!),
    next: lowering.temporaryName(name!),
    left: false,
    continued: false,
  };
  const before = flow.snapshot();
  const position = flow.position();
  // tsc lets no label stand within one of its name.
  for (const one of names) lowering.labels.set(one, labels);
  const body = lowering.bodyOf(statement);
  if (labels.continued) setLabel(body, labels.next);
  if (labels.left) flow.rejoin(before, position);
  lowering.emit({ kind: "block", line, body, ...(labels.left ? { label: labels.leave } : {}) });
}

/** `a: b: for (…)`: both names mean the same. */
function unwrapped(node: ts.LabeledStatement): { names: string[]; statement: ts.Statement } {
  const names: string[] = [];
  let statement: ts.Statement = node;
  for (; ts.isLabeledStatement(statement); statement = statement.statement) names.push(statement.label.text);
  return { names, statement };
}

/** The loop stands last, behind what it needs first. */
function setLabel(statements: readonly Statement[], label: string): void {
  const last = statements[statements.length - 1];
  if (last?.kind === "block") setLabel(last.body, label);
  else if (last?.kind === "loop" || last?.kind === "doWhile") last.label = label;
}
