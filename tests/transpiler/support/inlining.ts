// Inlining: a function that is called once, written where it is called. An edit of the shrinker's: whether the program still
// fails, and is one at all, is found by running it.

import { ts } from "../../../transpiler/frontend/program.ts";

/** `text` in place of what stands from `start` to `end`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Inlined = (ts.FunctionDeclaration | ts.MethodDeclaration) & { readonly body: ts.Block };

/** The changes that write the only call of a function out; `null` where there is none, or several. */
export function inliningOf(node: ts.Node, file: ts.SourceFile): readonly Change[] | null {
  if (!(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) || node.body === undefined)
    return null;
  const called = node as Inlined;
  const call = onlyCallOf(called, file);
  const host = call === null ? null : hostOf(call);
  if (call === null || host === null || isWithin(host, node)) return null;
  const text = [...parametersOf(called, call, file), ...bodyOf(called, call, host, file)].join("\n");
  return [
    { start: host.getStart(file), end: host.getEnd(), text },
    { start: node.getStart(file), end: node.getEnd(), text: "" },
  ];
}

function onlyCallOf(node: Inlined, file: ts.SourceFile): ts.CallExpression | null {
  const found: ts.Node[] = [];
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part) && part.text === node.name?.getText(file) && part !== node.name)
      found.push(part);
    ts.forEachChild(part, visit);
  };
  visit(file);
  const [use] = found;
  if (found.length !== 1 || use === undefined) return null;
  const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use;
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee ? callee.parent : null;
}

/** The statement that a call stands in. */
function hostOf(call: ts.Node): ts.Statement | null {
  for (let node = call.parent; !ts.isSourceFile(node); node = node.parent)
    if (ts.isStatement(node)) return ts.isBlock(node) || ts.isIterationStatement(node, false) ? null : node;
  return null;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

function parametersOf({ parameters }: Inlined, call: ts.CallExpression, file: ts.SourceFile): string[] {
  return parameters.map((one, at) => {
    const type = one.type === undefined ? "" : `: ${one.type.getText(file)}`;
    const value = (call.arguments[at] ?? one.initializer)?.getText(file) ?? "0";
    return `let ${one.name.getText(file)}${type} = ${value};`;
  });
}

/** The statements of the function, and the one with the call, which has what was returned in its place. */
function bodyOf(
  { body }: Inlined,
  call: ts.CallExpression,
  host: ts.Statement,
  file: ts.SourceFile,
): string[] {
  const { expression } = call;
  const receiver = ts.isPropertyAccessExpression(expression) ? expression.expression.getText(file) : "this";
  const texts = body.statements.map((one) => one.getText(file).replace(/\bthis\b/g, receiver));
  const last = body.statements.at(-1);
  const returned = last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined;
  if (returned !== undefined) texts.pop();
  // What was returned went nowhere. An earlier return ends what the call stood in, which must be as good.
  if (ts.isExpressionStatement(host) && host.expression === call)
    return texts.map((text) => text.replace(/\breturn [^;]*;/g, "return;"));
  const value = returned === undefined ? "0" : returned.getText(file).replace(/\bthis\b/g, receiver);
  const [before, after] = [
    file.text.slice(host.getStart(file), call.getStart(file)),
    file.text.slice(call.getEnd(), host.getEnd()),
  ];
  return [...texts, `${before}(${value})${after}`];
}
