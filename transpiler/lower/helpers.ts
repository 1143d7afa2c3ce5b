// Helpers: functions that take a function and only call it. Where the one that they are given captures variables of the
// caller, or `this`, the helper's text stands in place of the call, and the given function's text in place of each call of the
// parameter. So nothing has to keep what was captured, and whatever looks at the tree sees plain statements.

import { ts } from "../frontend/program.ts";
import type { Expression, FunctionInstance, Local, Statement, Type } from "../tree.ts";
import { everyStatement } from "../check/walk.ts";
import { rangeOf, sameType, typeName, VOID } from "../types.ts";
import { FunctionLowering, type Captured, type Exit } from "./body.ts";
import { defaultsBehind, lowerArgument } from "./calls.ts";
import type { Context, Helper } from "./context.ts";
import { captureOf, isWrittenFunction, lowerWrittenBody, shapeOf } from "./function-values.ts";
import { closeBody } from "./exits.ts";
import { broken } from "./numbers.ts";
import { identifiersIn, takeParametersApart } from "./patterns.ts";
import { inOrder } from "./sequence.ts";

/** So many calls are replaced in a function, copies within copies counted. */
const MOST_EXPANSIONS = 200;

/** The call with the helper in its place, or `null` where no function that captures is given. */
export function expandHelper(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  instance: FunctionInstance,
  receiver: (() => Expression) | null,
): Expression | null {
  const own = instance.parameters.slice(receiver === null ? 0 : 1);
  const given = new Map<number, Captured>();
  for (const [index, argument] of node.arguments.entries()) {
    const type = own[index]?.type;
    if (type?.kind !== "function") continue;
    const captured = capturedArgument(lowering, argument, type);
    if (captured === "broken") return broken();
    if (captured !== null) given.set(index, captured);
  }
  if (given.size === 0) {
    keep(lowering.context, instance);
    return null;
  }
  const helper = helperFor(lowering, node, instance, [...given.keys()]);
  if (helper === null) return broken();
  helper.replaced = true;
  const lower = node.arguments.flatMap((argument, index) =>
    given.has(index) ? [] : [() => lowerArgument(lowering, argument, own[index]?.type ?? VOID)],
  );
  if (receiver !== null) lower.unshift(receiver);
  const values = [...inOrder(lowering, lower), ...defaultsBehind(own, instance, node)];
  return place(lowering, instance.result, helper.node.name!.getText(), (exit) => {
    const text = new FunctionLowering(
      lowering.context,
      instance.module,
      helper.substitution,
      instance.result,
      instance.owner,
      helper.node,
      { root: lowering.root, outer: null, chain: [...chainOf(lowering), helper.node], renames: true, exit },
    );
    if (instance.owner !== null) hand(lowering, text.self, values.shift()!, namesThis(helper.node));
    const locals = helper.node.parameters.map(({ name }, index): Local => {
      const symbol = text.context.symbolOf(name);
      const captured = given.get(index);
      if (captured !== undefined) {
        if (symbol !== null) text.give(symbol, captured);
        return own[index]!;
      }
      const value = values.shift();
      const local = text.declareParameter(name, own[index]!.type);
      if (value !== undefined) hand(lowering, local, value, isNamed(text, helper.node.body!, name));
      return local;
    });
    takeParametersApart(text, helper.node.parameters, locals);
    text.block(helper.node.body!.statements);
    closeBody(text);
    return text;
  });
}

/** A helper that is called as any other function, or whose name is a value. */
export function keep(context: Context, instance: FunctionInstance): void {
  const helper = context.helpers.get(instance);
  if (helper !== undefined) helper.named = true;
}

/** Takes out the functions of which every call was replaced. What a table has a place for stays. */
export function dropReplaced(context: Context): void {
  for (const [instance, { replaced, named }] of context.helpers) {
    const { owner, module } = instance;
    if (!replaced || named || (owner !== null && owner.implemented.length > 0)) continue;
    module.functions.splice(module.functions.indexOf(instance), 1);
  }
}

/** A call of a parameter that stands for a function that captures. */
export function expandCaptured(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  { node: written, shape, home }: Captured,
): Expression {
  if (!mayExpand(lowering)) return broken();
  const values = inOrder(
    lowering,
    node.arguments.map(
      (argument, index) => () => lowerArgument(lowering, argument, shape.parameters[index]!),
    ),
  );
  return place(lowering, shape.result, "given", (exit) => {
    const text = new FunctionLowering(
      home.context,
      home.module,
      home.substitution,
      shape.result,
      null,
      written,
      {
        root: lowering.root,
        outer: home,
        chain: chainOf(home),
        renames: home.expansion?.renames ?? false,
        exit,
      },
    );
    const locals = values.map((value, index) => {
      const name = written.parameters[index]?.name ?? null;
      const local = text.declareParameter(name, shape.parameters[index]!);
      hand(lowering, local, value, name !== null && isNamed(text, written.body, name));
      return local;
    });
    lowerWrittenBody(text, written, locals);
    closeBody(text);
    return text;
  });
}

/** Puts what `lower` gives into a block, which `return` leaves. */
function place(
  lowering: FunctionLowering,
  type: Type,
  name: string,
  lower: (exit: Exit) => FunctionLowering,
): Expression {
  const { flow, line } = lowering;
  lowering.root.expansions++;
  const result = type.kind === "void" || type.kind === "never" ? null : resultOf(lowering, name, type);
  if (result !== null) lowering.emit({ kind: "declare", line, local: result, value: null });
  const exit: Exit = { label: lowering.temporaryName(name), result, range: null };
  flow.interrupt(() => {
    const before = flow.snapshot();
    const position = flow.position();
    let text: FunctionLowering | null = null;
    const handed = lowering.capture(() => {
      text = lower(exit);
    });
    const { statements, module } = text! as FunctionLowering;
    dropLast(statements, exit.label);
    const isLeft = everyStatement(statements).some((one) => one.kind === "break" && one.label === exit.label);
    if (isLeft) flow.rejoin(before, position);
    const file = module === lowering.module ? {} : { file: module.file };
    const body: Statement & { kind: "block" } = {
      kind: "block",
      line,
      body: statements,
      ...(isLeft ? { label: exit.label } : {}),
      ...file,
    };
    lowering.emit(handed.length === 0 ? body : { kind: "block", line, body: [...handed, body] });
  });
  if (result === null) return { kind: "constant", value: null, name: null, type, interval: null, wide: null };
  const interval = exit.range ?? rangeOf(type);
  return { kind: "local", local: result, type, interval, wide: rangeOf(type) };
}

function resultOf(lowering: FunctionLowering, name: string, type: Type): Local {
  const range = rangeOf(type);
  return {
    name: lowering.temporaryName(name),
    type,
    storage: { kind: "value" },
    stable: true,
    interval: range,
    wide: range,
  };
}

/** A parameter of what is put in place: a variable, as its text may assign it. One that is not named is only evaluated. */
function hand(lowering: FunctionLowering, local: Local | null, value: Expression, isNamed: boolean): void {
  const { line, flow } = lowering;
  if (local === null) return;
  lowering.emit({ kind: "declare", line, local, value });
  flow.settle();
  flow.assign(local, value);
  if (isNamed) return;
  const read: Expression = {
    kind: "local",
    local,
    type: local.type,
    interval: local.interval,
    wide: local.wide,
  };
  lowering.emit({ kind: "evaluate", line, value: read });
}

/** Without the jumps at the end, behind which the end is anyway. */
function dropLast(statements: Statement[], label: string): void {
  const last = statements[statements.length - 1];
  if (last === undefined) return;
  if (last.kind === "break" && last.label === label) statements.pop();
  else if (last.kind === "block") dropLast(last.body, label);
  else if (last.kind === "if") {
    dropLast(last.whenTrue, label);
    dropLast(last.whenFalse, label);
  }
}

function chainOf(lowering: FunctionLowering): readonly ts.Node[] {
  return lowering.expansion?.chain ?? [lowering.node];
}

/** A function that captures, written here or handed on; `null` where it is none. */
function capturedArgument(
  lowering: FunctionLowering,
  argument: ts.Expression,
  type: Type & { kind: "function" },
): Captured | "broken" | null {
  if (ts.isParenthesizedExpression(argument)) return capturedArgument(lowering, argument.expression, type);
  if (ts.isIdentifier(argument)) {
    const symbol = lowering.context.symbolOf(argument);
    return symbol === null ? null : lowering.capturedOf(symbol);
  }
  if (!isWrittenFunction(argument) || captureOf(lowering.context, argument) === null) return null;
  const shape = shapeOf(lowering, argument, type);
  if (shape === null) return "broken";
  const own: Type = { kind: "function", ...shape };
  if (!sameType(own, type)) {
    lowering.report(argument, "mixed", typeName(own), typeName(type));
    return "broken";
  }
  return { node: argument, shape, home: lowering };
}

/** Whether a function that captures is written here or handed on. */
export function isCapturing(lowering: FunctionLowering, argument: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(argument)) return isCapturing(lowering, argument.expression);
  const symbol = ts.isIdentifier(argument) ? lowering.context.symbolOf(argument) : null;
  if (symbol !== null) return lowering.capturedOf(symbol) !== null;
  return isWrittenFunction(argument) && captureOf(lowering.context, argument) !== null;
}

/** What stands for the call, or `null` where that cannot be: it was reported. */
function helperFor(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  instance: FunctionInstance,
  given: readonly number[],
): Helper | null {
  const { context } = lowering;
  const helper = context.helpers.get(instance);
  const name = helper?.node.name?.getText() ?? instance.symbol;
  const refuse = (why: string): null => {
    lowering.report(node, "helperForm", name, why);
    return null;
  };
  if (helper === undefined || helper.node.body === undefined) return refuse("its text is not TypeScript");
  if (!isBody(lowering.root.node)) return refuse("this call stands in no function");
  for (const index of given) {
    const parameter = helper.node.parameters[index]!;
    const symbol = context.symbolOf(parameter.name);
    if (symbol !== null && keeps(lowering, helper.node.body, symbol))
      return refuse(`it does more with '${parameter.name.getText()}' than to call it`);
  }
  const chain = chainOf(lowering);
  if (chain.includes(helper.node)) {
    lowering.report(node, "recursion", name, `${name} → … → ${name}`);
    return null;
  }
  return mayExpand(lowering) ? helper : null;
}

function mayExpand({ root }: FunctionLowering): boolean {
  const isFull = root.expansions >= MOST_EXPANSIONS;
  const name = isWrittenFunction(root.node) ? root.node : (root.node as Helper["node"]).name;
  if (isFull) root.report(name ?? root.node, "expansionLimit", `${MOST_EXPANSIONS}`);
  return !isFull;
}

function isBody(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || isWrittenFunction(node);
}

/** Whether a text names this parameter for anything else than to call it or to hand it on. */
function keeps(lowering: FunctionLowering, text: ts.Node, symbol: ts.Symbol): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && lowering.context.symbolOf(node) === symbol) {
      const { parent } = node;
      if (!ts.isCallExpression(parent)) found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(text);
  return found;
}

/** Whether anything is asked of a parameter: by its text, or by taking it apart. */
function isNamed(lowering: FunctionLowering, text: ts.Node, name: ts.BindingName): boolean {
  if (!ts.isIdentifier(name)) return identifiersIn(name).length > 0;
  const symbol = lowering.context.symbolOf(name);
  return symbol !== null && names(lowering, text, symbol);
}

function names(lowering: FunctionLowering, text: ts.Node, symbol: ts.Symbol): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && lowering.context.symbolOf(node) === symbol) found = true;
    ts.forEachChild(node, visit);
  };
  visit(text);
  return found;
}

function namesThis(text: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) found = true;
    ts.forEachChild(node, visit);
  };
  visit(text);
  return found;
}
