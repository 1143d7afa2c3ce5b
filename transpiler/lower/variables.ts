// Variables: `const` and `let`, and shapes that are taken apart: `const { first, second: other } = pair`.

import { ts } from "../frontend/program.ts";
import type { Expression, Global, Local } from "../tree.ts";
import { isInteger, rangeOf } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { isConstant } from "./constants.ts";
import { requireWidth } from "./declarations.ts";
import { reportIgnored } from "./ignored-results.ts";
import { hasConstantEnd } from "./loops.ts";
import { broken } from "./numbers.ts";
import { takeApart } from "./patterns.ts";
import { storageOf } from "./storage.ts";
import { typeOfNode } from "./type-nodes.ts";

export function lowerVariables(lowering: FunctionLowering, list: ts.VariableDeclarationList): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) {
    lowering.report(list, "statementUnsupported", "'var'", "Write 'const', or 'let' for what is assigned.");
    return;
  }
  for (const node of list.declarations)
    lowerVariable(lowering, node, (list.flags & ts.NodeFlags.Const) !== 0);
}

function lowerVariable(lowering: FunctionLowering, node: ts.VariableDeclaration, constant: boolean): void {
  const { context } = lowering;
  if (node.initializer !== undefined && !ts.isIdentifier(node.name)) {
    takeApart(lowering, node.name, lowering.expression(node.initializer, null));
    return;
  }
  const symbol = ts.isIdentifier(node.name) ? context.symbolOf(node.name) : null;
  if (symbol === null || node.initializer === undefined) {
    lowering.report(
      node,
      "statementUnsupported",
      "This declaration",
      "Write 'let name: type = value;', one at a time.",
    );
    return;
  }
  const declared = node.type === undefined ? null : typeOfNode(context, node.type, lowering.substitution);
  let value = lowering.initializer(node.initializer, declared);
  if (declared !== null) value = lowering.convert(value, declared, node.initializer);
  value = withTableApart(lowering, node, value, constant);
  if (declared === null && !constant && isInteger(value.type))
    lowering.report(node, "widthMissing", node.name.getText());
  if (value.type.kind === "null" || value.type.kind === "void") lowering.report(node, "nullUse");
  if (!constant && storageOf(value).kind !== "value") lowering.report(node.initializer, "newPlace");
  if (storageOf(value).kind !== "value" && isInLoop(node))
    lowering.report(node, "newInLoop", node.name.getText());
  if (declared !== null) requireWidth(context, node.name, declared);
  const type = declared ?? value.type;
  const stable = constant || !lowering.assigned.has(symbol);
  const interval = constant && declared === null ? value.interval : (rangeOf(type) ?? value.interval);
  const wide = constant && declared === null ? value.wide : rangeOf(type);
  const counts = lowering.counted.has(symbol) && !hasConstantEnd(lowering, node);
  const storage = storageOf(value);
  const local: Local = {
    name: lowering.nameOf(node.name.getText()),
    type,
    storage,
    stable,
    interval,
    wide,
    counts,
  };
  lowering.emit({ kind: "declare", line: lowering.line, local, value });
  lowering.declare(symbol, local);
  lowering.flow.settle();
  lowering.flow.assign(local, value);
  if (type.kind === "result") reportIgnored(lowering, symbol, node);
}

/** Whether it is made anew in each round of a loop of the same function. What a loop begins with is made once. */
function isInLoop(declaration: ts.VariableDeclaration): boolean {
  let part: ts.Node = declaration;
  for (let around = part.parent; !ts.isFunctionLike(part); part = around, around = around.parent) {
    if (ts.isIterationStatement(around, false) && part === around.statement) return true;
    if (ts.isSourceFile(around)) return false;
  }
  return false;
}

/** A table of constants is made once, as one of the module's is; the variable is a view of it. */
function withTableApart(
  lowering: FunctionLowering,
  node: ts.VariableDeclaration,
  value: Expression,
  constant: boolean,
): Expression {
  if (value.kind !== "table") return value;
  const isNew = value.values.some(
    (part) => (part.kind === "toUnion" ? part.operand : part).kind === "construct",
  );
  if (!constant || isNew || !isConstant(value)) {
    const hint = "Its elements are constants, and so is the variable; for others make a fixedArray.";
    lowering.report(node.initializer!, "typeUnsupported", "this list", hint);
    return broken();
  }
  const { context, module, line } = lowering;
  const global: Global = {
    symbol: context.writtenSymbol(module, line, node.name.getText()),
    module,
    type: value.type,
    storage: storageOf(value),
    constant: true,
    initial: value,
    comment: "",
    line,
  };
  module.globals.push(global);
  return { kind: "global", global, type: value.type, interval: null, wide: null };
}
