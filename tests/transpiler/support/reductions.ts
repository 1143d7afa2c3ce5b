// Reductions: edits of the shrinker's that take a program's structure down. What a class holds is declared beside it, a variable or
// a parameter gives way to its value, a block of one statement to the statement, and what nobody names is not imported.

import { ts } from "../../../transpiler/frontend/program.ts";
import type { Change } from "./inlining.ts";

/** Written out more often, a value makes the program longer. */
const MOST_USES = 3;
const LINE = 100;

/** All of them for one node. Whether the program still fails, and is one at all, is found by running it. */
export function reductionsOf(node: ts.Node, file: ts.SourceFile): (readonly Change[])[] {
  if (ts.isClassDeclaration(node)) return node.members.flatMap((one) => freed(one, node, file));
  if (ts.isVariableStatement(node)) return substituted(node, file);
  if (ts.isFunctionDeclaration(node)) return node.parameters.flatMap((_, at) => given(node, at, file));
  if (ts.isBlock(node)) return withoutBraces(node, file);
  if (ts.isImportSpecifier(node)) return notImported(node, file);
  if (ts.isImportDeclaration(node)) return importsOf(node)?.elements.length === 0 ? [[cut(node, file)]] : [];
  if (ts.isBindingElement(node))
    return [[ts.isArrayBindingPattern(node.parent) ? cut(node, file) : cutOfList(node, file)]];
  if (ts.isForStatement(node)) return [[begun(node, file)]];
  if (ts.isCallExpression(node)) return called(node, file);
  return [];
}

/** A field becomes a variable before its class, and a method a function. */
function freed(
  member: ts.ClassElement,
  owner: ts.ClassDeclaration,
  file: ts.SourceFile,
): (readonly Change[])[] {
  if (member.name === undefined || !ts.isIdentifier(member.name)) return [];
  const name = member.name.text;
  const text = declarationOf(member, file);
  if (text === null) return [];
  const start = owner.getStart(file);
  const changes: Change[] = [{ start, end: start, text: `${text}\n` }, cut(member, file)];
  visitAll(file, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== name) return;
    // What stands within another one is written out with that.
    changes.push({ start: node.getStart(file), end: node.getEnd(), text: name });
  });
  return [changes];
}

function declarationOf(member: ts.ClassElement, file: ts.SourceFile): string | null {
  if (ts.isMethodDeclaration(member))
    return `function ${file.text.slice(member.name.getStart(file), member.getEnd())}`;
  if (!ts.isPropertyDeclaration(member) || member.initializer === undefined) return null;
  // A place is a module's for good, where a field of the same need not say so.
  const isPlace = /^(new|fixedArray)\b/.test(member.initializer.getText(file));
  const isFixed =
    isPlace || (member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) ?? false);
  return `${isFixed ? "const" : "let"} ${file.text.slice(member.name.getStart(file), member.getEnd())}`;
}

/** A variable's value in place of its name. */
function substituted(node: ts.VariableStatement, file: ts.SourceFile): (readonly Change[])[] {
  const [declared, another] = node.declarationList.declarations;
  if (declared?.initializer === undefined || another !== undefined || !ts.isIdentifier(declared.name))
    return [];
  const uses = usesOf(declared.name.text, file, file);
  if (uses.length > MOST_USES) return [];
  const text = valueText(declared.initializer, file);
  return [[cut(node, file), ...uses.map((use) => ({ start: use.getStart(file), end: use.getEnd(), text }))]];
}

/** What a call gives for a parameter in place of its name, for all calls. */
function given(node: ts.FunctionDeclaration, at: number, file: ts.SourceFile): (readonly Change[])[] {
  const parameter = node.parameters[at]!;
  if (!ts.isIdentifier(parameter.name) || node.body === undefined) return [];
  const calls: ts.CallExpression[] = [];
  visitAll(file, (part) => {
    if (ts.isCallExpression(part) && part.expression.getText(file) === node.name?.text) calls.push(part);
  });
  const values = calls.flatMap((call) => call.arguments[at] ?? []);
  if (values.length === 0) return [];
  const text = valueText(values[0]!, file);
  const uses = usesOf(parameter.name.text, node.body, file);
  if (uses.length > MOST_USES && text.length > 2) return [];
  return [
    [
      cutOfList(parameter, file),
      ...values.map((value) => cutOfList(value, file)),
      ...uses.map((use) => ({ start: use.getStart(file), end: use.getEnd(), text })),
    ],
  ];
}

/** What holds no more than two statements, written on one line where that is not too long; imports without gaps. */
export function foldedIn(file: ts.SourceFile): readonly Change[] {
  const found: Change[] = [];
  for (const bindings of file.statements.map(importsOf).filter((one) => one !== null)) {
    const names = bindings.elements.map((one) => one.getText(file)).join(", ");
    found.push({ start: bindings.getStart(file), end: bindings.getEnd(), text: `{ ${names} }` });
  }
  const visit = (node: ts.Node): void => {
    const text = node.getText(file).replace(/\s*\n\s*/g, " ");
    const isShort = text.length <= LINE && text.split(";").length <= 3 && text.split("{").length === 2;
    if (isShort && hasBody(node)) found.push({ start: node.getStart(file), end: node.getEnd(), text });
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

/** The names that a statement imports; `null` where it imports none. */
export function importsOf(node: ts.Statement): ts.NamedImports | null {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  return bindings !== undefined && ts.isNamedImports(bindings) ? bindings : null;
}

/** The programs themselves stand as they are. */
function hasBody(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node)) return node.modifiers === undefined;
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isMethodDeclaration(node))
    return true;
  if (ts.isSwitchStatement(node) || ts.isIterationStatement(node, false)) return true;
  return ts.isIfStatement(node) || ts.isVariableStatement(node);
}

type Callable = ts.FunctionDeclaration | ts.ArrowFunction;

/** What a function returns in place of its call; in place of a variable that is called, a function. */
function called(node: ts.CallExpression, file: ts.SourceFile): (readonly Change[])[] {
  const callee = node.expression;
  if (!ts.isIdentifier(callee)) return [];
  const functions = new Map<string, Callable>();
  visitAll(file, (part) => {
    const { name, made } = ts.isVariableDeclaration(part)
      ? { name: part.name.getText(file), made: part.initializer }
      : { name: ts.isFunctionDeclaration(part) ? part.name?.text : undefined, made: part };
    if (
      name !== undefined &&
      made !== undefined &&
      (ts.isArrowFunction(made) || ts.isFunctionDeclaration(made))
    )
      functions.set(name, made);
  });
  const at = { start: node.getStart(file), end: node.getEnd() };
  const known = functions.get(callee.text);
  if (known !== undefined) {
    const text = returnedText(known, node, file);
    return text === null ? [] : [[{ ...at, text }]];
  }
  return [...functions]
    .filter(([, { parameters }]) => parameters.length === node.arguments.length)
    .map(([text]) => [{ start: at.start, end: callee.getEnd(), text }]);
}

/** What a function of one `return` returns, with what a call gives in place of its parameters. */
function returnedText(made: Callable, call: ts.CallExpression, file: ts.SourceFile): string | null {
  const { body, parameters } = made;
  if (body === undefined) return null;
  const last = ts.isBlock(body) ? body.statements.at(-1) : undefined;
  const value = ts.isBlock(body)
    ? last !== undefined && ts.isReturnStatement(last) && body.statements.length === 1
      ? last.expression
      : undefined
    : body;
  if (value === undefined) return null;
  const uses = parameters.flatMap((one, at) =>
    usesOf(one.name.getText(file), value, file).map((use) => ({ use, given: call.arguments[at] })),
  );
  let text = value.getText(file);
  for (const { use, given } of uses.sort((a, b) => b.use.pos - a.use.pos)) {
    if (given === undefined) return null;
    const [from, to] = [use.getStart(file) - value.getStart(file), use.getEnd() - value.getStart(file)];
    text = text.slice(0, from) + valueText(given, file) + text.slice(to);
  }
  return `(${text})`;
}

function withoutBraces(node: ts.Block, file: ts.SourceFile): (readonly Change[])[] {
  const [only, another] = node.statements;
  if (only === undefined || another !== undefined || ts.isVariableStatement(only)) return [];
  const { parent } = node;
  if (!ts.isIfStatement(parent) && !ts.isIterationStatement(parent, false)) return [];
  return [[{ start: node.getStart(file), end: node.getEnd(), text: only.getText(file) }]];
}

function notImported(node: ts.ImportSpecifier, file: ts.SourceFile): (readonly Change[])[] {
  let uses = 0;
  visitAll(file, (part) => {
    if (ts.isIdentifier(part) && part.text === node.name.text) uses++;
  });
  if (uses > 1) return [];
  return [[node.parent.elements.length === 1 ? cut(node.parent.parent.parent, file) : cutOfList(node, file)]];
}

/** A loop's body once, behind what the loop begins with. */
function begun(node: ts.ForStatement, file: ts.SourceFile): Change {
  const body = node.statement.getText(file).replace(/^\{|\}$/g, "");
  const first = node.initializer === undefined ? "" : `${node.initializer.getText(file)};\n`;
  return { start: node.getStart(file), end: node.getEnd(), text: first + body };
}

function valueText(value: ts.Expression, file: ts.SourceFile): string {
  const text = value.getText(file);
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

/** Where a name is read or written below a node, but for where it is declared. */
function usesOf(name: string, within: ts.Node, file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  visitAll(within, (node) => {
    if (!ts.isIdentifier(node) || node.text !== name) return;
    const { parent } = node;
    if ("name" in parent && parent.name === node) return;
    found.push(node);
  });
  return found.filter((node) => node.getSourceFile() === file);
}

export function visitAll(root: ts.Node, use: (node: ts.Node) => void): void {
  const visit = (node: ts.Node): void => {
    use(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
}

function cut(node: ts.Node, file: ts.SourceFile): Change {
  return { start: node.getStart(file), end: node.getEnd(), text: "" };
}

/** An element of a list, with the comma behind it. */
export function cutOfList(node: ts.Node, file: ts.SourceFile): Change {
  const comma = /^\s*,/.exec(file.text.slice(node.getEnd()));
  return { start: node.getStart(file), end: node.getEnd() + (comma?.[0].length ?? 0), text: "" };
}
