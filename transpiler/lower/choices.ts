// Choices: `a ? b : c`, `a ?? b`, and `a?.b ?? c`. The branch that is not taken is not evaluated.

import { ts } from "../frontend/program.ts";
import { join } from "../interval.ts";
import type { Expression, Local, Statement, Type } from "../tree.ts";
import { isInteger, isNullable, NULL, rangeOf, typeName, withoutNull } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { callOnValue } from "./calls.ts";
import { compared, condition, propertyOf } from "./expressions.ts";
import { broken } from "./numbers.ts";

export function lowerConditional(
  lowering: FunctionLowering,
  node: ts.ConditionalExpression,
  expected: Type | null,
): Expression {
  const test = condition(lowering, node.condition);
  const branch = (part: ts.Expression) => (): Expression => branchValue(lowering, part, expected);
  return choose(lowering, test, branch(node.whenTrue), branch(node.whenFalse));
}

function branchValue(lowering: FunctionLowering, node: ts.Expression, expected: Type | null): Expression {
  const value = lowering.expression(node, expected);
  return expected !== null && !isInteger(expected) ? lowering.convert(value, expected, node) : value;
}

/** `a ?? b`: what `a` refers to, or `b` where it refers to nothing. */
export function lowerNullish(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  expected: Type | null,
): Expression {
  const left = withoutParentheses(node.left);
  const otherwise = (type: Type | null) => (): Expression => branchValue(lowering, node.right, type);
  const chain = chainOf(left);
  if (chain !== null) {
    const object = lowering.settle(lowering.expression(chain, null));
    const link = (): Expression => linkOf(lowering, left, object);
    return choose(lowering, isPresent(object), link, otherwise(expected));
  }
  const value = lowering.settle(lowering.expression(left, expected));
  if (!isNullable(value.type)) {
    if (value.type.kind !== "broken") lowering.report(node, "mixed", typeName(value.type), "null");
    return broken();
  }
  const present = { ...value, type: withoutNull(value.type) } as Expression;
  return choose(lowering, isPresent(value), () => present, otherwise(expected ?? withoutNull(value.type)));
}

function withoutParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

/** `a` of `a?.b` and `a?.b(…)`; `null` where no such link is the last. */
function chainOf(node: ts.Expression): ts.Expression | null {
  const access = ts.isCallExpression(node) ? node.expression : node;
  const isLink = ts.isPropertyAccessExpression(access) && access.questionDotToken !== undefined;
  return isLink ? access.expression : null;
}

/** What follows `?.`, of an object that is there. */
function linkOf(lowering: FunctionLowering, node: ts.Expression, object: Expression): Expression {
  const present = { ...object, type: withoutNull(object.type) } as Expression;
  if (ts.isPropertyAccessExpression(node)) return propertyOf(lowering, node, present);
  const call = node as ts.CallExpression;
  return callOnValue(lowering, call, present, (call.expression as ts.PropertyAccessExpression).name.text);
}

function isPresent(object: Expression): Expression {
  const nothing: Expression = {
    kind: "constant",
    value: null,
    name: null,
    type: NULL,
    interval: null,
    wide: null,
  };
  return compared("!==", object, nothing);
}

/** `a?.b(…)` as a statement: nothing happens where there is no `a`. */
export function lowerOptionalCall(lowering: FunctionLowering, node: ts.CallExpression): boolean {
  const chain = chainOf(node);
  if (chain === null) return false;
  const { line } = lowering;
  const object = lowering.settle(lowering.expression(chain, null));
  const before = lowering.flow.snapshot();
  const mark = lowering.flow.mark();
  const whenTrue = lowering.capture(() => {
    const value = linkOf(lowering, node, object);
    if (value.type.kind === "result") lowering.report(node, "resultIgnored");
    lowering.emit({ kind: "evaluate", line, value });
  });
  lowering.flow.restore(before);
  lowering.flow.dropBehind(mark);
  lowering.emit({ kind: "if", line, condition: isPresent(object), whenTrue, whenFalse: [] });
  return true;
}

/** One of two values. What a branch needs to run first goes into an `if`. */
function choose(
  lowering: FunctionLowering,
  test: Expression,
  whenTrue: () => Expression,
  whenFalse: () => Expression,
): Expression {
  const before = lowering.flow.snapshot();
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
  const type = commonType(yes.value, no.value);
  const range = join(yes.value.interval, no.value.interval);
  const wide = join(yes.value.wide, no.value.wide);
  if (yes.statements.length === 0 && no.statements.length === 0) {
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
  const assign = (source: Expression): Statement => ({
    kind: "assign",
    line: lowering.line,
    target: value,
    value: source,
  });
  lowering.emit({
    kind: "if",
    line: lowering.line,
    condition: test,
    whenTrue: [...yes.statements, assign(yes.value)],
    whenFalse: [...no.statements, assign(no.value)],
  });
  return { ...value, interval: range, wide } as Expression;
}

function commonType(yes: Expression, no: Expression): Type {
  if (yes.type.kind === "null") return no.type;
  if (yes.type.kind === "int" && no.type.kind === "int")
    return yes.type.name === no.type.name ? yes.type : { kind: "int", name: "number" };
  if (yes.type.kind === "big" && no.type.kind === "big")
    return yes.type.name === no.type.name ? yes.type : { kind: "big", name: "bigint" };
  if (no.type.kind === "reference" && no.type.nullable) return no.type;
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
