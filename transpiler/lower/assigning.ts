// Assigning: the nodes of a text that give a plain name another value. They follow from the text alone, so they are
// remembered with its nodes, for as long as these are kept.

import { ts } from "../frontend/program.ts";

const ASSIGNMENTS: ReadonlySet<ts.SyntaxKind> = new Set(
  Array.from(
    { length: ts.SyntaxKind.LastAssignment - ts.SyntaxKind.FirstAssignment + 1 },
    (_, index) => ts.SyntaxKind.FirstAssignment + index,
  ),
);

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return ASSIGNMENTS.has(kind);
}

export function isCounting(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PlusEqualsToken || kind === ts.SyntaxKind.MinusEqualsToken;
}

/** What stands in parentheses. */
export function withoutParentheses<T extends ts.Node>(node: T): T | ts.Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

const known = new WeakMap<ts.Node, readonly ts.Node[]>();

/** Those of a text, itself included, each ahead of those in it. */
export function assigningNodes(text: ts.Node): readonly ts.Node[] {
  const found = known.get(text) ?? findAssigning(text);
  known.set(text, found);
  return found;
}

function findAssigning(text: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (targetOf(node) !== null) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(text);
  return found;
}

/** The plain name that a node assigns to. */
export function targetOf(node: ts.Node): ts.Identifier | null {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return nameIn(node.left);
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return null;
  const steps =
    node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return steps ? nameIn(node.operand) : null;
}

function nameIn(node: ts.Expression): ts.Identifier | null {
  const inner = withoutParentheses(node);
  return ts.isIdentifier(inner) ? inner : null;
}
