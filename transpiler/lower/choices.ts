// Choices: `a ? b : c`, `a ?? b`, and `a?.b ?? c`. The branch that is not taken is not evaluated.

import { ts } from "../frontend/program.ts";
import { join } from "../interval.ts";
import type { Expression, Local, Statement, Type } from "../tree.ts";
import { isInteger, isNullable, isReference, NULL, rangeOf, typeName, withoutNull } from "../types.ts";
import { withoutParentheses } from "./assigning.ts";
import type { FunctionLowering } from "./body.ts";
import { callOnValue } from "./calls.ts";
import { compared } from "./comparisons.ts";
import { condition, elementOf, propertyOf } from "./expressions.ts";
import { broken } from "./numbers.ts";
import { inOrder } from "./sequence.ts";

export function lowerConditional(
  lowering: FunctionLowering,
  node: ts.ConditionalExpression,
  expected: Type | null,
): Expression {
  const test = condition(lowering, node.condition);
  const branch = (part: ts.Expression) => (): Expression => branchValue(lowering, part, expected);
  return choose(lowering, node, test, branch(node.whenTrue), branch(node.whenFalse));
}

function branchValue(lowering: FunctionLowering, node: ts.Expression, expected: Type | null): Expression {
  const value = lowering.expression(node, expected);
  return expected !== null && !isInteger(expected) ? lowering.convert(value, expected, node) : value;
}

/** `a ?? b`: what `a` refers to, or `b` where it refers to nothing. `b` may be nothing too. */
export function lowerNullish(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  expected: Type | null,
): Expression {
  const left = withoutParentheses(node.left);
  const chain = chainOf(left);
  if (chain === null) {
    const value = lowering.expression(left, expected === null ? null : asNullable(expected));
    return fallBack(lowering, node, lowering.settle(value), expected);
  }
  const object = lowerChained(lowering, chain);
  const link = linkType(lowering, left, object);
  if (isNullable(link))
    return fallBack(lowering, node, lowering.settle(orNothing(lowering, left, object)), expected);
  const otherwise = (): Expression => branchValue(lowering, node.right, expected);
  return choose(lowering, null, isPresent(object), () => linkOf(lowering, left, object), otherwise);
}

function fallBack(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  value: Expression,
  expected: Type | null,
): Expression {
  if (!isNullable(value.type)) {
    if (value.type.kind !== "broken") lowering.report(node, "mixed", typeName(value.type), "null");
    return broken();
  }
  const wanted = withoutNull(expected ?? value.type);
  const present = { ...value, type: withoutNull(value.type) } as Expression;
  const otherwise = (): Expression => {
    const right = lowering.expression(node.right, wanted);
    const mayBeNothing = right.type.kind === "null" || isNullable(right.type);
    return lowering.convert(right, mayBeNothing ? asNullable(wanted) : wanted, node.right);
  };
  const chosen = (): Expression => lowering.convert(present, wanted, node.left);
  return choose(lowering, null, isPresent(value), chosen, otherwise);
}

function asNullable(type: Type): Type {
  return isReference(type) ? { ...type, nullable: true } : type;
}

/** What stands before `?.`, which may end in such a link itself. Evaluated once. */
function lowerChained(lowering: FunctionLowering, node: ts.Expression): Expression {
  const inner = withoutParentheses(node);
  const chain = chainOf(inner);
  if (chain === null) return lowering.settle(lowering.expression(inner, null));
  return lowering.settle(orNothing(lowering, inner, lowerChained(lowering, chain)));
}

/** The link of an object that is there, which is a reference; otherwise nothing. */
function orNothing(lowering: FunctionLowering, node: ts.Expression, object: Expression): Expression {
  const link = (): Expression => {
    const value = linkOf(lowering, node, object);
    return { ...value, type: asNullable(value.type) } as Expression;
  };
  const nothing = (): Expression => ({ ...NOTHING, type: asNullable(linkType(lowering, node, object)) });
  return choose(lowering, null, isPresent(object), link, nothing);
}

/** Of what type a link is, without a trace in the statements. */
function linkType(lowering: FunctionLowering, node: ts.Expression, object: Expression): Type {
  let type: Type = NULL;
  lowering.probe(() => {
    type = linkOf(lowering, node, object).type;
  });
  return type;
}

/** `a` of `a?.b` and `a?.b(…)`, also where more follows: `a?.b.c[0]`. `null` where there is no such link. */
function chainOf(node: ts.Expression): ts.Expression | null {
  for (let part = node; ;) {
    const access = ts.isCallExpression(part) ? part.expression : part;
    if (ts.isPropertyAccessExpression(access)) {
      if (access.questionDotToken !== undefined) return access.expression;
    } else if (!ts.isElementAccessExpression(access) || access !== part) return null;
    part = access.expression;
  }
}

/** What follows `?.`, of an object that is there, and all that follows that. */
function linkOf(lowering: FunctionLowering, node: ts.Expression, object: Expression): Expression {
  if (ts.isElementAccessExpression(node)) {
    const [list, index] = inOrder(lowering, [
      () => linkOf(lowering, node.expression, object),
      () => lowering.expression(node.argumentExpression, null),
    ]);
    return elementOf(lowering, node, list!, index!);
  }
  const access = (ts.isCallExpression(node) ? node.expression : node) as ts.PropertyAccessExpression;
  const present =
    access.questionDotToken === undefined
      ? linkOf(lowering, access.expression, object)
      : ({ ...object, type: withoutNull(object.type) } as Expression);
  if (ts.isCallExpression(node)) return callOnValue(lowering, node, present, access.name.text);
  return propertyOf(lowering, access, present);
}

function isPresent(object: Expression): Expression {
  return compared("!==", object, NOTHING);
}

const NOTHING: Expression = {
  kind: "constant",
  value: null,
  name: null,
  type: NULL,
  interval: null,
  wide: null,
};

/** `a?.b(…)` as a statement: nothing happens where there is no `a`. */
export function lowerOptionalCall(lowering: FunctionLowering, node: ts.CallExpression): boolean {
  const chain = chainOf(node);
  if (chain === null) return false;
  const { line } = lowering;
  const object = lowerChained(lowering, chain);
  const before = lowering.flow.snapshot();
  const position = lowering.flow.position();
  const mark = lowering.flow.mark();
  const whenTrue = lowering.capture(() => {
    const value = linkOf(lowering, node, object);
    if (value.type.kind === "result") lowering.report(node, "resultIgnored");
    lowering.evaluate(value);
  });
  lowering.flow.rejoin(before, position);
  lowering.flow.dropBehind(mark);
  lowering.emit({ kind: "if", line, condition: isPresent(object), whenTrue, whenFalse: [] });
  return true;
}

/** One of two values. What a branch needs to run first goes into an `if`. */
function choose(
  lowering: FunctionLowering,
  node: ts.ConditionalExpression | null,
  test: Expression,
  whenTrue: () => Expression,
  whenFalse: () => Expression,
): Expression {
  const before = lowering.flow.snapshot();
  const position = lowering.flow.position();
  const branch = (
    lower: () => Expression,
    outcome: boolean,
  ): { value: Expression; statements: Statement[] } => {
    lowering.flow.restore(before);
    lowering.flow.assume(test, outcome);
    const mark = lowering.flow.mark();
    let value: Expression = test;
    const statements = lowering.capture(() => {
      value = lower();
    });
    lowering.flow.restore(before);
    lowering.flow.dropBehind(mark);
    return { value, statements };
  };
  const yes = branch(whenTrue, true);
  const no = branch(whenFalse, false);
  lowering.flow.rejoin(before, position);
  const type = commonType(yes.value, no.value);
  if (node !== null) requireOneType(lowering, node, yes.value.type, no.value.type);
  const range = join(yes.value.interval, no.value.interval);
  const wide = join(yes.value.wide, no.value.wide);
  const ends = [yes, no].every(({ value }) => value.type.kind !== "never");
  if (ends && yes.statements.length === 0 && no.statements.length === 0) {
    return {
      kind: "choose",
      condition: test,
      whenTrue: yes.value,
      whenFalse: no.value,
      type,
      interval: range,
      wide,
    };
  }
  const { value } = variable(lowering, type, null);
  const { line } = lowering;
  // Of what never comes to an end there is no value; unreachable() has been emitted by itself.
  const ended = (source: Expression): Statement[] => {
    if (source.type.kind !== "never") return [{ kind: "assign", line, target: value, value: source }];
    return source.kind === "constant" ? [] : [{ kind: "evaluate", line, value: source }];
  };
  lowering.emit({
    kind: "if",
    line,
    condition: test,
    whenTrue: [...yes.statements, ...ended(yes.value)],
    whenFalse: [...no.statements, ...ended(no.value)],
  });
  return { ...value, interval: range, wide } as Expression;
}

/** Of two classes nobody has said what to call either. */
function requireOneType(
  lowering: FunctionLowering,
  node: ts.ConditionalExpression,
  yes: Type,
  no: Type,
): void {
  if (!isReference(yes) || !isReference(no)) return;
  const [first, second] = [typeName(withoutNull(yes)), typeName(withoutNull(no))];
  if (first !== second) lowering.report(node, "choiceOfClasses", first, second);
}

function commonType(yes: Expression, no: Expression): Type {
  if (yes.type.kind === "null" || yes.type.kind === "never") return no.type;
  if (no.type.kind === "never") return yes.type;
  if (yes.type.kind === "int" && no.type.kind === "int")
    return yes.type.name === no.type.name ? yes.type : { kind: "int", name: "number" };
  if (yes.type.kind === "big" && no.type.kind === "big")
    return yes.type.name === no.type.name ? yes.type : { kind: "big", name: "bigint" };
  if (isNullable(no.type)) return no.type;
  return yes.type;
}

/** A variable of the lowering's own, which later statements assign. */
export function variable(
  lowering: FunctionLowering,
  type: Type,
  initial: Expression | null,
): { local: Local; value: Expression } {
  const local = {
    name: lowering.temporaryName("chosen"),
    type,
    storage: { kind: "value" },
    stable: false,
    interval: rangeOf(type),
    wide: rangeOf(type),
  } as const;
  lowering.emit({ kind: "declare", line: lowering.line, local, value: initial });
  return { local, value: { kind: "local", local, type, interval: rangeOf(type), wide: rangeOf(type) } };
}
