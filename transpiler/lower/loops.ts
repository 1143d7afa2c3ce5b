// Loops: what is known of variables that a loop assigns, at the start of each round.

import { ts } from "../frontend/program.ts";
import { interval, isSingle, join, type Interval } from "../interval.ts";
import { isBroken } from "../sabotage.ts";
import type { Local } from "../tree.ts";
import { assigningNodes, targetOf } from "./assigning.ts";
import type { FunctionLowering } from "./body.ts";
import { valueOf } from "./declarations.ts";
import { isModuleVariable } from "./layouts.ts";

/** One assignment: which way it moves the variable, or what it can make of it; both `null`: nobody knows. */
interface Change {
  readonly direction: "up" | "down" | null;
  readonly range: Interval | null;
}

const UNKNOWN: Change = { direction: null, range: null };

/** Locals that these parts of a loop assign: kept of them is what every round leaves true. */
export function enterLoop(lowering: FunctionLowering, parts: readonly ts.Node[]): void {
  const { flow } = lowering;
  flow.open();
  if (isBroken("loop")) return;
  const changes = changesIn(lowering, parts);
  const lost: Local[] = [];
  for (const [local, all] of changes) {
    const [first] = all;
    const before = flow.intervalOf(local);
    const ranges = all.map(({ range }) => range);
    if (first!.direction !== null && all.every(({ direction }) => direction === first!.direction))
      flow.weaken(local, first!.direction);
    else if (before !== null && ranges.every((range) => range !== null))
      flow.widen(local, ranges.reduce<Interval | null>(join, before)!);
    else lost.push(local);
  }
  flow.forget(lost);
}

/** Locals that a loop's text assigns: nothing known of them survives its start. */
export function forgetAssigned(lowering: FunctionLowering, node: ts.Node): void {
  lowering.flow.forget(assignedLocals(lowering, node));
}

function changesIn(lowering: FunctionLowering, parts: readonly ts.Node[]): Map<Local, Change[]> {
  const found = new Map<Local, Change[]>();
  walkText(lowering, parts, (node, home) => {
    const target = targetOf(node);
    const symbol = target === null ? null : home.context.symbolOf(target);
    const local = symbol === null ? null : home.localOf(symbol);
    if (local !== null) found.set(local, [...(found.get(local) ?? []), changeOf(home, node)]);
  });
  return found;
}

/** Variables that a text assigns, also through the functions that its parameters stand for. */
function assignedLocals(lowering: FunctionLowering, text: ts.Node): Local[] {
  const found: Local[] = [];
  walkText(lowering, [text], (node, home) => {
    const target = targetOf(node);
    const symbol = target === null ? null : home.context.symbolOf(target);
    const local = symbol === null ? null : home.localOf(symbol);
    if (local !== null) found.push(local);
  });
  return found;
}

/** Every node that assigns, of a text and of the functions that capture which its parameters stand for, with where each stands. */
function walkText(
  lowering: FunctionLowering,
  parts: readonly ts.Node[],
  visit: (node: ts.Node, home: FunctionLowering) => void,
): void {
  const walk = (node: ts.Node, home: FunctionLowering): void => {
    // What a name stands for costs more than all the rest: most functions are given none that captures.
    if (!home.isGiven) return assigningNodes(node).forEach((one) => visit(one, home));
    visit(node, home);
    const symbol = ts.isIdentifier(node) ? home.context.symbolOf(node) : null;
    const captured = symbol === null ? null : home.capturedOf(symbol);
    if (captured !== null) walk(captured.node.body, captured.home);
    ts.forEachChild(node, (part) => walk(part, home));
  };
  for (const part of parts) walk(part, lowering);
}

function changeOf(lowering: FunctionLowering, node: ts.Node): Change {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return { direction: node.operator === ts.SyntaxKind.PlusPlusToken ? "up" : "down", range: null };
  if (!ts.isBinaryExpression(node)) return UNKNOWN;
  const { kind } = node.operatorToken;
  const range = obvious(lowering, node.right);
  if (kind === ts.SyntaxKind.EqualsToken) return { direction: null, range };
  if (range === null || range.low < 0n) return UNKNOWN;
  if (kind === ts.SyntaxKind.PlusEqualsToken) return { direction: "up", range: null };
  return kind === ts.SyntaxKind.MinusEqualsToken ? { direction: "down", range: null } : UNKNOWN;
}

/** Whether a variable is the counter of a loop that ends at a constant: clang knows by itself that it cannot wrap. */
export function hasConstantEnd(lowering: FunctionLowering, node: ts.VariableDeclaration): boolean {
  const loop = node.parent.parent;
  if (!ts.isForStatement(loop) || loop.condition === undefined) return false;
  const { condition } = loop;
  return ts.isBinaryExpression(condition) && obvious(lowering, condition.right) !== null;
}

/** What an expression lies in, whatever the variables in it hold. */
function obvious(lowering: FunctionLowering, node: ts.Expression): Interval | null {
  if (ts.isParenthesizedExpression(node)) return obvious(lowering, node.expression);
  if (ts.isNumericLiteral(node)) return literal(node);
  if (ts.isIdentifier(node)) return constantRange(lowering, node);
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [obvious(lowering, node.whenTrue), obvious(lowering, node.whenFalse)];
    return yes === null || no === null ? null : join(yes, no);
  }
  if (!ts.isBinaryExpression(node)) return null;
  const right = obvious(lowering, node.right);
  if (right === null || right.low < 0n) return null;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandToken:
      return right.high < 2n ** 31n ? interval(0n, right.high) : null;
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return isSingle(right) && right.low < 32n ? interval(0n, (2n ** 32n - 1n) >> right.low) : null;
    default:
      return null;
  }
}

function literal(node: ts.NumericLiteral): Interval | null {
  const value = Number(node.text);
  return Number.isSafeInteger(value) ? interval(BigInt(value), BigInt(value)) : null;
}

/** A constant of a module. */
function constantRange(lowering: FunctionLowering, node: ts.Identifier): Interval | null {
  const symbol = lowering.context.symbolOf(node);
  if (symbol === null || lowering.localOf(symbol) !== null) return null;
  if (!(symbol.declarations ?? []).some(isModuleVariable)) return null;
  const value = valueOf(lowering.context, symbol);
  if (value.kind !== "global" || !value.global.constant) return null;
  const { initial } = value.global;
  return initial.kind === "constant" && typeof initial.value === "bigint"
    ? interval(initial.value, initial.value)
    : null;
}
