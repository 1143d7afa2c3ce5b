// Patterns: a shape that is taken apart into names, fields of a class by theirs, elements of an array or a view by their
// places, each checked as any other index is. They stand in declarations, in for…of and as parameters; what they name is
// read in the order of the text.

import { ts } from "../frontend/program.ts";
import type { Expression, Local } from "../tree.ts";
import { BROKEN, rangeOf, typeName, U32, U8 } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { nonNull } from "./convert.ts";
import { indexed, propertyOf } from "./expressions.ts";
import { integer } from "./numbers.ts";
import { proveAccess } from "./proofs.ts";
import { viewOf } from "./type-nodes.ts";

/** Gives each name of `pattern` its part of `value`, as a variable of its own. */
export function takeApart(lowering: FunctionLowering, pattern: ts.BindingPattern, value: Expression): void {
  const isObject = ts.isObjectBindingPattern(pattern);
  const source = lowering.settle(isObject ? nonNull(value) : listOf(lowering, nonNull(value)));
  const { type } = source;
  const isInstance = type.kind === "reference" || type.kind === "union";
  const isList = type.kind === "array" || type.kind === "view";
  const fits = isObject ? isInstance : isList;
  if (!fits) {
    if (type.kind !== "broken") lowering.report(pattern, "mixed", typeName(type), "a fixed shape");
    giveUp(lowering, pattern);
    return;
  }
  pattern.elements.forEach((element, index) => {
    if (ts.isOmittedExpression(element)) return;
    if (refuse(lowering, element)) return giveUp(lowering, element.name);
    const part = isObject
      ? propertyOf(lowering, element, source, (element.propertyName ?? element.name).getText())
      : indexed(lowering, source, integer(BigInt(index), false));
    bind(lowering, element.name, part);
  });
}

/** Bytes that are walked, or taken apart by their places, are a span of all of them. */
export function listOf(lowering: FunctionLowering, value: Expression): Expression {
  if (value.type.kind !== "bytes") return value;
  const bytes = lowering.settle(value);
  const range = rangeOf(U32);
  const length: Expression = { kind: "length", object: bytes, type: U32, interval: range, wide: range };
  return proveAccess(lowering.flow, {
    kind: "library",
    name: "span",
    parameters: [bytes, integer(0n, false), length],
    traps: true,
    effects: false,
    type: viewOf(U8, false),
    interval: null,
    wide: null,
  });
}

/** Whether this part cannot be: that was reported. */
function refuse(lowering: FunctionLowering, element: ts.BindingElement): boolean {
  const { propertyName, initializer, dotDotDotToken } = element;
  const report = (what: string, hint: string): true => {
    lowering.report(element, "statementUnsupported", what, hint);
    return true;
  };
  if (dotDotDotToken !== undefined) return report("'...' here", "Name each part: { a, b: c }.");
  if (initializer !== undefined)
    return report("A default here", "No part of a fixed shape is ever missing: leave the default out.");
  if (propertyName !== undefined && !ts.isIdentifier(propertyName))
    return report("This name of a part", "Name each part plainly: { a, b: c }.");
  return false;
}

/** A name for a value, or names for its parts. */
export function bind(lowering: FunctionLowering, name: ts.BindingName, value: Expression): void {
  if (!ts.isIdentifier(name)) return takeApart(lowering, name, value);
  const symbol = lowering.context.symbolOf(name);
  if (symbol === null) return;
  const { type } = value;
  const stable = !lowering.assigned.has(symbol);
  const local: Local = {
    name: lowering.nameOf(name.text),
    type,
    storage: { kind: "value" },
    stable,
    interval: stable ? value.interval : rangeOf(type),
    wide: stable ? value.wide : rangeOf(type),
  };
  lowering.emit({ kind: "declare", line: lowering.line, local, value });
  lowering.declare(symbol, local);
  lowering.flow.settle();
  lowering.flow.assign(local, value);
}

/** Parameters that are patterns are taken apart ahead of the body, from left to right. */
export function takeParametersApart(
  lowering: FunctionLowering,
  nodes: readonly ts.ParameterDeclaration[],
  locals: readonly Local[],
): void {
  nodes.forEach(({ name }, index) => {
    const local = locals[index];
    if (ts.isIdentifier(name) || local === undefined) return;
    lowering.line = lowering.context.lineOf(name);
    const { type, interval, wide } = local;
    takeApart(lowering, name, { kind: "local", local, type, interval, wide });
  });
}

/** Names that stand for nothing, after what was reported: nothing that follows from it is reported again. */
export function giveUp(lowering: FunctionLowering, name: ts.BindingName): void {
  for (const one of identifiersIn(name)) {
    const symbol = lowering.context.symbolOf(one);
    const storage = { kind: "value" } as const;
    const nothing = { type: BROKEN, storage, stable: true, interval: null, wide: null };
    if (symbol !== null) lowering.declare(symbol, { name: one.text, ...nothing });
  }
}

/** The names that a pattern gives. */
export function identifiersIn(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((part) => (ts.isOmittedExpression(part) ? [] : identifiersIn(part.name)));
}
