// Rewrites: edits of the shrinker's that put something plainer in the place of a statement or a type. A value is printed where
// it arises, a call stands without what is done with its result, a loop has one round, and an enum's members are numbers.

import { ts } from "../../../transpiler/frontend/program.ts";
import type { Change } from "./inlining.ts";
import { importsOf, visitAll } from "./reductions.ts";

/** What prints one value, of tests/transpiler/programs/support/output.ts, and what a function returns that has printed it. */
const PRINTERS = { number: "0", big: "0n", yes: "false" } as const;

/** All of them for one node. Whether the program still fails, and is one at all, is found by running it. */
export function rewritesOf(node: ts.Node, file: ts.SourceFile): (readonly Change[])[] {
  if (ts.isEnumDeclaration(node)) return numbered(node, file);
  if (!ts.isStatement(node) || ts.isBlock(node)) return [];
  const texts = [...printed(node, file), ...called(node, file)];
  if (ts.isForOfStatement(node)) texts.push(firstRound(node, file));
  const edits = texts.map((text) => [{ start: node.getStart(file), end: node.getEnd(), text }]);
  return ts.isExpressionStatement(node) ? [...edits, ...initial(node, file)] : edits;
}

/** What a statement calculates before it does anything with that. */
function valueOf(node: ts.Statement): ts.Expression | undefined {
  if (ts.isExpressionStatement(node) && isAssignment(node.expression)) return node.expression.right;
  if (ts.isExpressionStatement(node) || ts.isReturnStatement(node)) return node.expression;
  if (ts.isIfStatement(node) || ts.isSwitchStatement(node) || ts.isWhileStatement(node))
    return node.expression;
  return undefined;
}

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** What a variable is assigned is what it begins with, where that is as plain. */
function initial(statement: ts.ExpressionStatement, file: ts.SourceFile): (readonly Change[])[] {
  const { expression } = statement;
  if (!isAssignment(expression) || !/^-?\w+$/.test(expression.right.getText(file))) return [];
  const name = expression.left.getText(file);
  const found: (readonly Change[])[] = [];
  visitAll(file, (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText(file) !== name) return;
    const { initializer } = node;
    if (initializer === undefined) return;
    const [start, end] = [initializer.getStart(file), initializer.getEnd()];
    found.push([
      { start, end, text: expression.right.getText(file) },
      { start: statement.getStart(file), end: statement.getEnd(), text: "" },
    ]);
  });
  return found;
}

/** The value printed, by each way that the program has, in place of the statement. */
function printed(node: ts.Statement, file: ts.SourceFile): string[] {
  const value = valueOf(node);
  // What is as plain as that is not worth it: it would be done again and again.
  if (value === undefined || ts.isLiteralExpression(value) || value.getText(file) === "false") return [];
  if (ts.isExpressionStatement(node) && value === node.expression) return [];
  const names = importedNames(file);
  const text = value.getText(file);
  return Object.entries(PRINTERS)
    .filter(([name]) => names.has(name))
    .map(([name, plain]) => `${name}(${text});${ts.isReturnStatement(node) ? `\nreturn ${plain};` : ""}`);
}

function importedNames({ statements }: ts.SourceFile): Set<string> {
  const bindings = statements.flatMap((one) => importsOf(one)?.elements ?? []);
  return new Set(bindings.map(({ name }) => name.text));
}

/** The calls that a statement makes, each by itself. */
function called(node: ts.Statement, file: ts.SourceFile): string[] {
  const value = valueOf(node);
  if (value === undefined || ts.isReturnStatement(node)) return [];
  const found: string[] = [];
  const visit = (part: ts.Node): void => {
    // The statement itself is not plainer.
    const isWhole = ts.isExpressionStatement(node) && part === node.expression;
    if (ts.isCallExpression(part) && !isWhole) found.push(`${part.getText(file)};`);
    else ts.forEachChild(part, visit);
  };
  visit(value);
  return found;
}

/** The body behind the first element, under its name. */
function firstRound(node: ts.ForOfStatement, file: ts.SourceFile): string {
  const body = node.statement.getText(file).replace(/^\{|\}$/g, "");
  return `${node.initializer.getText(file)} = ${node.expression.getText(file)}[0];\n${body}`;
}

/** An enum's type is one of numbers, and its members are what they stand for. */
function numbered(node: ts.EnumDeclaration, file: ts.SourceFile): (readonly Change[])[] {
  const values = new Map<string, string>();
  for (const { name, initializer } of node.members) {
    if (initializer === undefined) return [];
    values.set(name.getText(file), initializer.getText(file));
  }
  const changes: Change[] = [{ start: node.getStart(file), end: node.getEnd(), text: "" }];
  const visit = (part: ts.Node): void => {
    const owner = ts.isPropertyAccessExpression(part) ? part.expression : part;
    const isOwn = ts.isIdentifier(owner) && owner.text === node.name.text && owner !== node.name;
    const text = ts.isPropertyAccessExpression(part) ? (values.get(part.name.text) ?? "0") : "i32";
    if (isOwn) changes.push({ start: part.getStart(file), end: part.getEnd(), text });
    else ts.forEachChild(part, visit);
  };
  visit(file);
  return [changes];
}
