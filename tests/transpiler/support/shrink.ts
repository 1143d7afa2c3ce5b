// Shrinking: a source made as small as can be found while it still fails. Statements go first, then branches, then operands.
//
// Every edit is tried by itself, many at a time; those that keep the failure are then made together.

import { ts } from "../../../transpiler/frontend/program.ts";
import { inliningOf, type Change } from "./inlining.ts";
import { cutOfList, foldedIn, reductionsOf } from "./reductions.ts";
import { rewritesOf } from "./rewrites.ts";

/** Changes that only make sense together. */
type Edit = readonly Change[];

/** Tells of each source whether it still fails. Sources that mean nothing do not. */
export type Trial = (sources: readonly string[]) => Promise<readonly boolean[]>;

export interface Effort {
  /** Sources tried at a time. */
  readonly width: number;
  /** Times that some are tried. */
  readonly rounds: number;
}

/** So many characters of source are tried at a time for each of `width`, and no more sources than that at once. */
const ROOM = 6000;
const MOST = 192;

/** Whole statements go first, as long as any does: then there is less in which to look for operands. */
export async function shrink(source: string, fails: Trial, { width, rounds }: Effort): Promise<string> {
  let best = source;
  /** What failed. It is tried again when all has been tried: what is declared is only in use until its uses go. */
  const needed = new Set<string>();
  let hasShrunk = false;
  for (let round = 0; round < rounds; round++) {
    const untried = editsOf(best).filter((edit) => !needed.has(keyOf(best, edit)));
    if (untried.length === 0) {
      if (!hasShrunk) break;
      hasShrunk = false;
      needed.clear();
      continue;
    }
    const removals = untried.filter((edit) => edit.every(({ text }) => text === ""));
    // Small programs are compiled by the hundred in the time that a large one takes.
    const room = Math.max(width, Math.min(MOST, Math.floor((width * ROOM) / best.length)));
    const tried = spread(removals.length > 0 ? removals : untried, room);
    const outcomes = await fails(tried.map((edit) => apply(best, edit)));
    const good = tried.filter((_, index) => outcomes[index]);
    tried.filter((edit) => !good.includes(edit)).forEach((edit) => needed.add(keyOf(best, edit)));
    if (good.length === 0) continue;
    best = await together(best, good, fails);
    hasShrunk = true;
  }
  const folded = apply(best, foldedIn(parsed(best)));
  return (await fails([folded]))[0] === true ? folded : best;
}

/** Without what is named nowhere, and what then is. */
function withoutUnused(source: string): string {
  let [before, rest] = ["", source];
  while (rest !== before) [before, rest] = [rest, apply(rest, unusedIn(parsed(rest)))];
  return rest;
}

function parsed(source: string): ts.SourceFile {
  return ts.createSourceFile("shrink.ts", source, ts.ScriptTarget.ES2022, true);
}

/** As many of the good edits as keep the failure together: all that do not overlap, or half of them, and so on. */
async function together(source: string, good: readonly Edit[], fails: Trial): Promise<string> {
  const chosen: Edit[] = [];
  for (const edit of good) if (chosen.every((other) => areApart(edit, other))) chosen.push(edit);
  const texts: string[] = [];
  for (let count = chosen.length; count >= 1; count = Math.floor(count / 2)) {
    const text = apply(source, chosen.slice(0, count).flat());
    texts.push(withoutUnused(text), text);
  }
  const outcomes = await fails(texts);
  return texts.find((_, index) => outcomes[index]) ?? apply(source, chosen[0]!);
}

/** The first few, which remove the most, and some of the others: an edit that reaches far may hide many that work. */
function spread(edits: readonly Edit[], width: number): Edit[] {
  if (edits.length <= width) return [...edits];
  const first = edits.slice(0, width / 2);
  const others = edits.slice(width / 2);
  const step = others.length / (width / 2);
  return [...first, ...first.map((_, index) => others[Math.floor(index * step)]!)];
}

function areApart(one: Edit, other: Edit): boolean {
  return one.every((a) => other.every((b) => a.end <= b.start || a.start >= b.end));
}

/** Whether its changes can be made together. */
function isPossible(edit: Edit): boolean {
  return edit.every((one, at) => edit.every((other, index) => at === index || areApart([one], [other])));
}

function keyOf(source: string, edit: Edit): string {
  return edit.map(({ start, end, text }) => `${source.slice(start, end)}\0${text}`).join("\0");
}

function apply(source: string, changes: readonly Change[]): string {
  let result = source;
  for (const { start, end, text } of [...changes].sort((a, b) => b.start - a.start || b.end - a.end))
    result = result.slice(0, start) + text + result.slice(end);
  return result
    .split("\n")
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line))
    .join("\n");
}

/** Every edit that makes a source smaller, the largest first. */
function editsOf(source: string): Edit[] {
  const file = parsed(source);
  const found: Edit[] = [];
  const visit = (node: ts.Node): void => {
    for (const text of replacementsOf(node)) {
      const edit = { start: node.getStart(file), end: node.getEnd(), text };
      if (text.length < edit.end - edit.start) found.push([edit]);
    }
    found.push(...runsOf(node, file).map((run) => [run]));
    if (ts.isFunctionDeclaration(node)) found.push(...parametersOf(node, file));
    found.push(...[...reductionsOf(node, file), ...rewritesOf(node, file)].filter(isPossible));
    const inlining = inliningOf(node, file);
    if (inlining !== null) found.push(inlining);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  const gain = (edit: Edit): number =>
    edit.reduce((sum, { start, end, text }) => sum + end - start - text.length, 0);
  return found.sort((a, b) => gain(b) - gain(a));
}

/** Several statements that follow each other, removed at once: halves, quarters and so on of what a block holds. */
function runsOf(node: ts.Node, file: ts.SourceFile): Change[] {
  if (!ts.isSourceFile(node) && !ts.isBlock(node) && !ts.isCaseOrDefaultClause(node)) return [];
  const statements = node.statements.filter((one) => !ts.isImportDeclaration(one));
  const found: Change[] = [];
  for (let size = Math.ceil(statements.length / 2); size > 1; size = Math.ceil(size / 2)) {
    for (let at = 0; at < statements.length; at += size) {
      const last = statements[Math.min(at + size, statements.length) - 1]!;
      found.push({ start: statements[at]!.getStart(file), end: last.getEnd(), text: "" });
    }
    if (size === 2) break;
  }
  return found;
}

/** What is declared and named nowhere else, all of it at once. */
function unusedIn(file: ts.SourceFile): Change[] {
  const uses = new Map<string, number>();
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  const isUnused = (name: ts.Node | undefined): boolean =>
    name !== undefined && ts.isIdentifier(name) && uses.get(name.text) === 1;
  const collect = (node: ts.Node): void => {
    // What is exported is a program: it is run, though nothing names it.
    const isOwn = ts.isFunctionDeclaration(node) && node.modifiers === undefined;
    const isWhole = isOwn || ts.isClassDeclaration(node) || ts.isClassElement(node);
    const isType =
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node);
    const variable = ts.isVariableStatement(node) ? node.declarationList.declarations[0]?.name : undefined;
    if (isUnused(variable) || ((isWhole || isType) && isUnused(node.name))) found.push(node);
    else ts.forEachChild(node, collect);
  };
  ts.forEachChild(file, collect);
  return found.map((node) => ({ start: node.getStart(file), end: node.getEnd(), text: "" }));
}

/** Each parameter of a function, with what its calls give for it. */
function parametersOf(node: ts.FunctionDeclaration, file: ts.SourceFile): Edit[] {
  const calls: ts.CallExpression[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isCallExpression(part) && part.expression.getText(file) === node.name?.text) calls.push(part);
    ts.forEachChild(part, visit);
  };
  visit(file);
  return node.parameters.map((parameter, at) =>
    [parameter, ...calls.flatMap((call) => call.arguments[at] ?? [])].map((part) => cutOfList(part, file)),
  );
}

/** What may stand in a node's place. */
function replacementsOf(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node)) return [];
  if (ts.isIfStatement(node)) return ["", ...bodies([node.thenStatement, node.elseStatement])];
  if (ts.isIterationStatement(node, false)) return ["", ...bodies([node.statement])];
  if (ts.isSwitchStatement(node)) return ["", ...node.caseBlock.clauses.map(bodyOfClause)];
  if (ts.isStatement(node) || ts.isClassElement(node) || ts.isCaseOrDefaultClause(node))
    return ts.isBlock(node) ? [] : [""];
  if (ts.isParameter(node) || ts.isModifier(node) || ts.isHeritageClause(node)) return [""];
  if (isValue(node)) return [...operandsOf(node), ...literalsFor(node)];
  return [];
}

/** Those of the type that an expression has by its looks; others would be tried in vain. */
function literalsFor(node: ts.Expression): readonly string[] {
  const text = node.getText();
  if (/^!|^\(?[^()]*(===|!==|&&|\|\||<=|>=| < | > )/.test(text)) return ["true", "false"];
  if (/^BigInt|^\(?-?\w+n\b/.test(text)) return ["0n", "1n"];
  if (/^(Math|Number|u8|u16)\b|^\(?-?\d\w*\b/.test(text)) return ["0", "1"];
  return ["0", "0n", "true", "false", "null", "1", "1n"];
}

function bodies(statements: readonly (ts.Statement | undefined)[]): string[] {
  return statements
    .filter((part) => part !== undefined)
    .map((part) => part.getText().replace(/^\{|\}$/g, ""));
}

function bodyOfClause({ statements }: ts.CaseOrDefaultClause): string {
  return statements
    .filter((one) => !ts.isBreakStatement(one))
    .map((one) => one.getText())
    .join("\n");
}

function operandsOf(node: ts.Node): string[] {
  const found: string[] = [];
  ts.forEachChild(node, (part) => {
    if (isValue(part)) found.push(part.getText());
  });
  return found;
}

/** An expression whose place takes another one. */
function isValue(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || ts.isArrowFunction(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isCallExpression(parent) && parent.expression === node) return false;
  if (ts.isExpressionStatement(parent) || ts.isExpressionWithTypeArguments(parent)) return false;
  return !(ts.isIdentifier(node) && !isReadName(node));
}

/** A name that stands for a value, not one that is declared. */
function isReadName(node: ts.Identifier): boolean {
  const { parent } = node;
  return !("name" in parent && parent.name === node) && !ts.isTypeNode(parent);
}
