// for…of: a loop over the places of an array or view, whose element of each round is a constant of the body.
// Which array or view it is, is evaluated once, before the first round.

import { ts } from "../frontend/program.ts";
import type { Expression, Local, Statement, Type } from "../tree.ts";
import { BOOLEAN, knownLength, rangeOf, U32 } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { indexed } from "./expressions.ts";
import { enterLoop } from "./loops.ts";
import { integer } from "./numbers.ts";
import { bind, listOf } from "./patterns.ts";

/** What for…of walks. */
type Walked = Expression & { readonly type: Extract<Type, { readonly kind: "view" | "array" }> };

export function lowerForOf(lowering: FunctionLowering, node: ts.ForOfStatement): void {
  const { line } = lowering;
  const body = lowering.capture(() => {
    const list = lowering.settle(listOf(lowering, lowering.expression(node.expression, null)));
    const element = elementOf(node);
    if (isWalked(list) && element !== null) walk(lowering, node, list, element);
    else if (list.type.kind !== "broken")
      lowering.report(
        node,
        "statementUnsupported",
        "This for…of",
        "It walks typed arrays, fixed arrays, tables and Bytes.",
      );
  });
  lowering.emit({ kind: "block", line, body });
}

function isWalked(list: Expression): list is Walked {
  return list.type.kind === "view" || list.type.kind === "array";
}

/** What stands for the element: a name, or a pattern that takes it apart. */
function elementOf({ initializer }: ts.ForOfStatement): ts.BindingName | null {
  const declared = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
  return declared?.name ?? null;
}

function walk(lowering: FunctionLowering, node: ts.ForOfStatement, list: Walked, name: ts.BindingName): void {
  const { line, flow } = lowering;
  flow.settle();
  enterLoop(lowering, [node]);
  const before = flow.snapshot();
  const index = counter(lowering);
  const at: Expression = { kind: "local", local: index, ...COUNTED };
  lowering.emit({ kind: "declare", line, local: index, value: { ...integer(0n, false), type: U32 } });
  const body = bodyWith(lowering, node.statement, name, elementAt(lowering, list, at));
  lowering.emit({
    kind: "loop",
    line,
    before: [],
    condition: isBelow(at, lengthOf(list)),
    after: [{ kind: "assign", line, target: at, value: oneMore(at) }],
    body,
  });
  flow.restore(before);
}

/** A statement that begins by naming the round's element, or its parts. */
function bodyWith(
  lowering: FunctionLowering,
  statement: ts.Statement,
  name: ts.BindingName,
  value: Expression,
): Statement[] {
  const { line } = lowering;
  return lowering.capture(() => {
    bind(lowering, name, value);
    const named = new Set(
      lowering.statements.map((part) => (part.kind === "declare" ? part.local.name : "")),
    );
    const statements = lowering.bodyOf(statement);
    const isShadowed = statements.some((part) => part.kind === "declare" && named.has(part.local.name));
    if (isShadowed) lowering.emit({ kind: "block", line, body: statements });
    else lowering.statements.push(...statements);
  });
}

/** The element at `at`, which is below the length. Nothing of it is true behind the loop, which may have had no round. */
function elementAt(lowering: FunctionLowering, list: Walked, at: Expression): Expression {
  const { flow } = lowering;
  const mark = flow.mark();
  const value = { ...indexed(lowering, list, at), proven: true } as Expression;
  flow.dropBehind(mark);
  return value;
}

const COUNTED = { type: U32, interval: rangeOf(U32), wide: rangeOf(U32) } as const;

function counter(lowering: FunctionLowering): Local {
  const name = lowering.temporaryName("index");
  return { name, storage: { kind: "value" }, stable: false, ...COUNTED };
}

function lengthOf(list: Walked): Expression {
  const known = knownLength(list);
  return known === null ? { kind: "length", object: list, ...COUNTED } : integer(BigInt(known), false);
}

function isBelow(left: Expression, right: Expression): Expression {
  return { kind: "compare", operator: "<", left, right, type: BOOLEAN, interval: null, wide: null };
}

function oneMore(left: Expression): Expression {
  return { kind: "arithmetic", operator: "+", left, right: integer(1n, false), ...COUNTED };
}
