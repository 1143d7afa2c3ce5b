// Statements: one visitor per kind, in a table. Control flow tells `Flow` what is known in each branch.

import { ts } from "../frontend/program.ts";
import { join } from "../interval.ts";
import type { Expression, Statement } from "../tree.ts";
import { typeName, VOID } from "../types.ts";
import { isAssignment } from "./assigning.ts";
import type { FunctionLowering } from "./body.ts";
import { lowerAssignment, lowerStep } from "./assignments.ts";
import { messageOf } from "./calls.ts";
import { lowerOptionalCall } from "./choices.ts";
import { isExit } from "./exits.ts";
import { condition } from "./expressions.ts";
import { lowerForOf } from "./for-of.ts";
import { lowerJump, lowerLabelled } from "./labels.ts";
import { enterLoop, forgetAssigned } from "./loops.ts";
import { lowerSwitch } from "./switches.ts";
import { lowerVariables } from "./variables.ts";
import { isTemplateWrite, lowerTemplateWrite } from "./templates.ts";

type Visitor = (lowering: FunctionLowering, node: never) => void;

const VISITORS: Readonly<Partial<Record<ts.SyntaxKind, Visitor>>> = {
  [ts.SyntaxKind.VariableStatement]: (lowering, node: ts.VariableStatement) =>
    lowerVariables(lowering, node.declarationList),
  [ts.SyntaxKind.ExpressionStatement]: lowerExpressionStatement,
  [ts.SyntaxKind.IfStatement]: lowerIf,
  [ts.SyntaxKind.WhileStatement]: lowerWhile,
  [ts.SyntaxKind.DoStatement]: lowerDo,
  [ts.SyntaxKind.ForStatement]: lowerFor,
  [ts.SyntaxKind.ForOfStatement]: lowerForOf,
  [ts.SyntaxKind.SwitchStatement]: lowerSwitch,
  [ts.SyntaxKind.ReturnStatement]: lowerReturn,
  [ts.SyntaxKind.BreakStatement]: (lowering, node: ts.BreakStatement) => lowerJump(lowering, node, "break"),
  [ts.SyntaxKind.ContinueStatement]: (lowering, node: ts.ContinueStatement) =>
    lowerJump(lowering, node, "continue"),
  [ts.SyntaxKind.LabeledStatement]: lowerLabelled,
  [ts.SyntaxKind.Block]: lowerBlock,
  [ts.SyntaxKind.EmptyStatement]: () => undefined,
};

export function lowerStatement(lowering: FunctionLowering, node: ts.Statement): void {
  lowering.line = lowering.context.lineOf(node);
  const visitor = VISITORS[node.kind];
  if (visitor === undefined) lowering.report(node, "statementUnsupported", "This statement", hintFor(node));
  else visitor(lowering, node as never);
  lowering.flow.settle();
}

function hintFor(node: ts.Statement): string {
  if (ts.isThrowStatement(node) || ts.isTryStatement(node))
    return "Return a Result; for the impossible, assert.";
  if (ts.isFunctionDeclaration(node)) return "Move the function to module level.";
  if (ts.isForInStatement(node)) return "Use for…of or an index.";
  return "Write it with if, while and for.";
}

function lowerBlock(lowering: FunctionLowering, node: ts.Block): void {
  const body = lowering.capture(() => lowering.block(node.statements));
  lowering.emit({ kind: "block", line: lowering.line, body });
}

function lowerExpressionStatement(lowering: FunctionLowering, node: ts.ExpressionStatement): void {
  lowerCompleted(lowering, node.expression);
}

/** An expression for what it does: a call, an assignment, a step. */
export function lowerCompleted(lowering: FunctionLowering, expression: ts.Expression): void {
  if (ts.isParenthesizedExpression(expression)) return lowerCompleted(lowering, expression.expression);
  if (ts.isBinaryExpression(expression) && isAssignment(expression.operatorToken.kind))
    return lowerAssignment(lowering, expression);
  if (ts.isPrefixUnaryExpression(expression) || ts.isPostfixUnaryExpression(expression))
    return lowerStep(lowering, expression);
  if (!ts.isCallExpression(expression)) {
    lowering.report(expression, "expressionStatement");
    return;
  }
  if (
    ts.isIdentifier(expression.expression) &&
    lowering.context.libraryName(expression.expression) === "assert"
  ) {
    return lowerAssert(lowering, expression);
  }
  if (isTemplateWrite(expression)) return lowerTemplateWrite(lowering, expression);
  if (lowerOptionalCall(lowering, expression)) return;
  const value = lowering.expression(expression, VOID);
  if (value.type.kind === "result") lowering.report(expression, "resultIgnored");
  lowering.evaluate(value);
}

function lowerAssert(lowering: FunctionLowering, node: ts.CallExpression): void {
  const value = condition(lowering, node.arguments[0]);
  lowering.emit({
    kind: "assert",
    line: lowering.line,
    condition: value,
    message: messageOf(lowering, node.arguments[1]),
  });
  lowering.flow.settle();
  lowering.flow.assume(value, true);
}

function lowerIf(lowering: FunctionLowering, node: ts.IfStatement): void {
  const { flow, line } = lowering;
  const test = condition(lowering, node.expression);
  flow.settle();
  const before = flow.snapshot();
  flow.assume(test, true);
  const whenTrue = lowering.bodyOf(node.thenStatement);
  const afterTrue = flow.snapshot();
  flow.restore(before);
  flow.assume(test, false);
  const whenFalse = node.elseStatement === undefined ? [] : lowering.bodyOf(node.elseStatement);
  if (isExit(whenFalse)) flow.restore(afterTrue);
  else if (!isExit(whenTrue)) flow.merge(afterTrue);
  lowering.emit({ kind: "if", line, condition: test, whenTrue, whenFalse });
}

function lowerWhile(lowering: FunctionLowering, node: ts.WhileStatement): void {
  enterLoop(lowering, [node]);
  const before = lowering.flow.snapshot();
  lowering.emit(loop(lowering, node.expression, null, node.statement));
  lowering.flow.restore(before);
}

function loop(
  lowering: FunctionLowering,
  test: ts.Expression | null,
  update: ts.Expression | null,
  statement: ts.Statement,
): Statement {
  const { flow, line } = lowering;
  let value: Expression | null = null;
  const before = lowering.capture(() => {
    if (test !== null) value = condition(lowering, test);
  });
  flow.settle();
  if (value !== null) flow.assume(value, true);
  const held = flow.snapshot();
  const body = roundOf(lowering, statement, [test, update]);
  flow.restore(held);
  forgetAssigned(lowering, statement);
  lowering.line = line;
  const after = lowering.capture(() => {
    if (update !== null) lowerUpdate(lowering, update);
  });
  if (update !== null && after.some((part) => part.kind !== "assign")) lowering.report(update, "updateForm");
  return { kind: "loop", line, before, condition: value, after, body };
}

/** The statements of a round: in a block of their own where they declare what the loop's head names. */
function roundOf(
  lowering: FunctionLowering,
  statement: ts.Statement,
  head: readonly (ts.Expression | null)[],
): Statement[] {
  const { line } = lowering;
  const body = lowering.bodyOf(statement);
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && !isMember) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const part of head) if (part !== null) visit(part);
  const isShadowed = body.some((part) => part.kind === "declare" && names.has(part.local.name));
  return isShadowed ? [{ kind: "block", line, body }] : body;
}

function lowerUpdate(lowering: FunctionLowering, node: ts.Expression): void {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) {
    lowerUpdate(lowering, node.left);
    lowerUpdate(lowering, node.right);
  } else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind))
    lowerAssignment(lowering, node);
  else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) lowerStep(lowering, node);
  else lowering.report(node, "updateForm");
}

function lowerDo(lowering: FunctionLowering, node: ts.DoStatement): void {
  const { line } = lowering;
  enterLoop(lowering, [node]);
  const before = lowering.flow.snapshot();
  const body = roundOf(lowering, node.statement, [node.expression]);
  lowering.flow.restore(before);
  lowering.line = line;
  let value: Expression | null = null;
  // A round that 'break' ends has not come to the checks of the condition.
  const mark = lowering.flow.mark();
  const ahead = lowering.capture(() => {
    value = condition(lowering, node.expression);
  });
  lowering.flow.dropBehind(mark);
  lowering.emit({ kind: "doWhile", line, body, before: ahead, condition: value! });
}

function lowerFor(lowering: FunctionLowering, node: ts.ForStatement): void {
  const { line } = lowering;
  const body = lowering.capture(() => {
    const { initializer } = node;
    if (initializer !== undefined) {
      if (ts.isVariableDeclarationList(initializer)) lowerVariables(lowering, initializer);
      else lowerUpdate(lowering, initializer);
    }
    enterLoop(
      lowering,
      [node.condition, node.incrementor, node.statement].filter((part) => part !== undefined),
    );
    const before = lowering.flow.snapshot();
    lowering.line = line;
    lowering.emit(loop(lowering, node.condition ?? null, node.incrementor ?? null, node.statement));
    lowering.flow.restore(before);
  });
  lowering.emit({ kind: "block", line, body });
}

function lowerReturn(lowering: FunctionLowering, node: ts.ReturnStatement): void {
  const { result } = lowering;
  if (node.expression === undefined) {
    giveBack(lowering, null);
    return;
  }
  const value = lowering.convert(lowering.expression(node.expression, result), result, node.expression);
  // tsc lets a function value give something where nothing is wanted.
  if (result.kind === "void" && value.type.kind !== "void" && value.type.kind !== "never")
    lowering.report(node, "mixed", typeName(value.type), "void");
  giveBack(lowering, value);
}

/** Ends the function with this value: by a `return`, or by leaving what stands in place of its call. */
export function giveBack(lowering: FunctionLowering, value: Expression | null): void {
  const { line, expansion } = lowering;
  // What never comes to an end has no value.
  if (value !== null && value.type.kind === "never") return lowering.evaluate(value);
  if (expansion === null) return lowering.emit({ kind: "return", line, value });
  const { label, result } = expansion.exit;
  if (value !== null && result !== null) {
    const target: Expression = {
      kind: "local",
      local: result,
      type: result.type,
      interval: null,
      wide: null,
    };
    lowering.emit({ kind: "assign", line, target, value });
    expansion.exit.range = join(expansion.exit.range, value.interval);
  } else if (value !== null) lowering.evaluate(value);
  lowering.emit({ kind: "break", line, label });
}
