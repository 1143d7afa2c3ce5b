// Ignored results: a Result that goes into a variable and is overwritten, or forgotten, before anything asks for it.

import { ts } from "../frontend/program.ts";
import { isAssignment } from "./assigning.ts";
import type { FunctionLowering } from "./body.ts";

type Declaration = ts.VariableDeclaration | ts.ParameterDeclaration;

/** Where the variable is named; `value` is what goes into it there, `null` where it is asked for. */
interface Mention {
  readonly node: ts.Node;
  readonly value: ts.Expression | null;
}

/** Reports each Result that goes for nothing into what is declared there. */
export function reportIgnored(lowering: FunctionLowering, symbol: ts.Symbol, declaration: Declaration): void {
  const mentions = mentionsOf(lowering, symbol, declaration);
  if (mentions.every(({ value }) => value !== null)) {
    lowering.report(declaration, "resultIgnored");
    return;
  }
  const { initializer } = declaration;
  if (initializer !== undefined) mentions.unshift({ node: declaration, value: initializer });
  for (const [at, mention] of mentions.entries()) {
    if (mention.value === null || isMade(lowering, mention.value)) continue;
    const next = mentions[at + 1];
    const isLost = next === undefined ? !isRepeated(mention.node, declaration) : isLostTo(mention.node, next);
    if (isLost) lowering.report(mention.node, "resultIgnored");
  }
}

/** In the order in which they are evaluated, but for the declaration. */
function mentionsOf(lowering: FunctionLowering, symbol: ts.Symbol, declaration: Declaration): Mention[] {
  const name = declaration.name.getText();
  const found: Mention[] = [];
  const isNamed = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && node.text === name && lowering.context.symbolOf(node) === symbol;
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && isNamed(node.left)) {
      visit(node.right);
      found.push({ node, value: node.right });
    } else if (isNamed(node)) {
      if (node.parent !== declaration) found.push({ node, value: null });
    } else ts.forEachChild(node, visit);
  };
  ts.forEachChild(lowering.node, visit);
  return found;
}

/** `ok(…)` and `err(…)`: a value to begin with, of which there is nothing to find out. */
function isMade({ context }: FunctionLowering, value: ts.Expression): boolean {
  if (!ts.isCallExpression(value)) return false;
  const name = context.libraryName(value.expression);
  return name === "ok" || name === "err";
}

/** Whether what stands above it may be come to again, with the variable as it is. */
function isRepeated(node: ts.Node, declaration: ts.Node): boolean {
  let around = node;
  for (; !ts.isFunctionLike(around); around = around.parent) {
    // What a `for` begins with is declared once, and kept from round to round.
    if (ts.isIterationStatement(around, false) && !contains(around.statement, declaration)) return true;
    if (contains(around, declaration)) return false;
  }
  // A function that is given to another one may be called several times.
  return !contains(around, declaration);
}

function contains(outer: ts.Node, node: ts.Node): boolean {
  return outer !== node && outer.pos <= node.pos && node.end <= outer.end;
}

/** Whether something else goes into the variable next, further on in the same block. */
function isLostTo(node: ts.Node, next: Mention): boolean {
  const [statement, other] = [statementOf(node), statementOf(next.node)];
  // In the head of a loop it is not the order of the text in which things happen.
  const isPlain = ![statement, other].some((one) => ts.isIterationStatement(one, false));
  return isPlain && next.value !== null && statement.parent === other.parent;
}

function statementOf(node: ts.Node): ts.Node {
  let part = node;
  while (!ts.isStatement(part)) part = part.parent;
  return part;
}
