// Assignments: `=`, `op=`, `++` and `--`, as statements.

import { ts } from "../frontend/program.ts";
import type { Expression } from "../tree.ts";
import { trapsOf } from "../traps.ts";
import { hasEffects } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { combine, integer } from "./numbers.ts";
import { settleAll } from "./sequence.ts";
import { unnarrowed } from "./unions.ts";

/** `+=` → `+`. */
const COMPOUND: Readonly<Partial<Record<ts.SyntaxKind, ts.SyntaxKind>>> = {
  [ts.SyntaxKind.PlusEqualsToken]: ts.SyntaxKind.PlusToken,
  [ts.SyntaxKind.MinusEqualsToken]: ts.SyntaxKind.MinusToken,
  [ts.SyntaxKind.AsteriskEqualsToken]: ts.SyntaxKind.AsteriskToken,
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken]: ts.SyntaxKind.AsteriskAsteriskToken,
  [ts.SyntaxKind.PercentEqualsToken]: ts.SyntaxKind.PercentToken,
  [ts.SyntaxKind.SlashEqualsToken]: ts.SyntaxKind.SlashToken,
  [ts.SyntaxKind.AmpersandEqualsToken]: ts.SyntaxKind.AmpersandToken,
  [ts.SyntaxKind.BarEqualsToken]: ts.SyntaxKind.BarToken,
  [ts.SyntaxKind.CaretEqualsToken]: ts.SyntaxKind.CaretToken,
  [ts.SyntaxKind.LessThanLessThanEqualsToken]: ts.SyntaxKind.LessThanLessThanToken,
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken]: ts.SyntaxKind.GreaterThanGreaterThanToken,
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken]:
    ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
};

export function lowerAssignment(lowering: FunctionLowering, node: ts.BinaryExpression): void {
  const operator = COMPOUND[node.operatorToken.kind];
  if (operator === undefined && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    lowering.report(
      node,
      "expressionUnsupported",
      `'${node.operatorToken.getText()}'`,
      "Write it out with if.",
    );
    return;
  }
  eachTarget(lowering, node.left, (target) =>
    assign(lowering, node, operator, settledTarget(lowering, target)),
  );
}

function assign(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  operator: ts.SyntaxKind | undefined,
  place: Expression,
): void {
  let target = place;
  const mark = lowering.statements.length;
  const { expansions } = lowering.root;
  const assigns = (): boolean => lowering.root.expansions > expansions;
  if (operator === undefined) {
    const value = lowering.convert(lowering.expression(node.right, target.type), target.type, node.right);
    const late = lowering.statements.length > mark || hasEffects(value);
    if (late) target = settleTarget(lowering, target, mark, assigns());
    // The value's traps come before the place's. C keeps that for scalars, but places structures first.
    const isOpen = value.interval === null && trapsOf(target).size > 0 && trapsOf(value).size > 0;
    const settled = isOpen || (late && target.kind === "index") ? lowering.settle(value) : value;
    store(lowering, node, target, settled);
    return;
  }
  const right = lowering.expression(node.right, target.type);
  let current = target;
  if (lowering.statements.length > mark || hasEffects(right)) {
    // The place, then what stands there, then the value: whatever that changes.
    const before = lowering.statements.length;
    target = settleTarget(lowering, target, mark, assigns());
    const values = [target];
    settleAll(lowering, values, mark + lowering.statements.length - before, assigns());
    current = values[0]!;
  }
  const value = combine(lowering, current, operator, right, node, false);
  store(lowering, node, target, lowering.convert(value, target.type, node));
}

/** `x++` and its like: plus or minus one. */
export function lowerStep(
  lowering: FunctionLowering,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
): void {
  const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
  if (!isUp && node.operator !== ts.SyntaxKind.MinusMinusToken) {
    lowering.report(node, "expressionStatement");
    return;
  }
  eachTarget(lowering, node.operand, (target) => step(lowering, node, isUp, settledTarget(lowering, target)));
}

function step(lowering: FunctionLowering, node: ts.Expression, isUp: boolean, target: Expression): void {
  const operator = isUp ? ts.SyntaxKind.PlusToken : ts.SyntaxKind.MinusToken;
  const value = combine(lowering, target, operator, integer(1n, target.type.kind === "big"), node, false);
  store(lowering, node, target, lowering.convert(value, target.type, node));
}

/** Hands on the place that an assignment names; of a field that several classes have, that of each, behind a test. */
function eachTarget(
  lowering: FunctionLowering,
  node: ts.Expression,
  into: (target: Expression) => void,
): void {
  const { flow, line } = lowering;
  const visit = (target: Expression): void => {
    if (target.kind !== "choose") return into(target);
    const before = flow.snapshot();
    flow.assume(target.condition, true);
    const whenTrue = lowering.capture(() => visit(target.whenTrue));
    flow.restore(before);
    flow.assume(target.condition, false);
    const whenFalse = lowering.capture(() => visit(target.whenFalse));
    flow.restore(before);
    lowering.emit({ kind: "if", line, condition: target.condition, whenTrue, whenFalse });
  };
  visit(unnarrowed(lowering.expression(node, null)));
}

/** The place is evaluated once, also where it is both read and written: calls in it are settled. */
function settledTarget(lowering: FunctionLowering, target: Expression): Expression {
  if (target.kind === "field" && hasEffects(target.object))
    return { ...target, object: lowering.settle(target.object) };
  if (target.kind !== "index") return target;
  const object = hasEffects(target.object) ? lowering.settle(target.object) : target.object;
  const index = hasEffects(target.index) ? lowering.settle(target.index) : target.index;
  return { ...target, object, index };
}

/** Settles the parts of the place ahead of the statement at `mark`, because the value has effects. */
function settleTarget(
  lowering: FunctionLowering,
  target: Expression,
  mark: number,
  assigns: boolean,
): Expression {
  if (target.kind === "field") {
    const values = [target.object];
    settleAll(lowering, values, mark, assigns);
    return { ...target, object: values[0]! };
  }
  if (target.kind !== "index") return target;
  const values = [target.object, target.index];
  settleAll(lowering, values, mark, assigns);
  return { ...target, object: values[0]!, index: values[1]! };
}

function store(lowering: FunctionLowering, node: ts.Node, target: Expression, value: Expression): void {
  const embedded =
    (target.kind === "field" && target.field.storage.kind !== "value") ||
    (target.kind === "global" && target.global.storage.kind !== "value") ||
    (target.kind === "local" && target.local.storage.kind !== "value") ||
    (target.kind === "index" && target.object.type.kind === "array" && target.object.type.embedded);
  if (target.type.kind === "broken") return;
  if (embedded) lowering.report(node, "assignStruct", node.getText().slice(0, 40));
  if (
    target.kind !== "local" &&
    target.kind !== "global" &&
    target.kind !== "field" &&
    target.kind !== "index"
  ) {
    lowering.report(node, "expressionStatement");
    return;
  }
  lowering.flow.settle();
  if (target.kind === "local") lowering.flow.assign(target.local, value);
  else lowering.flow.store(target, value);
  lowering.emit({ kind: "assign", line: lowering.line, target, value });
}
