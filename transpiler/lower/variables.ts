// Variables: `const` and `let`, and shapes that are taken apart: `const { first, second: other } = pair`.

import { ts } from "../frontend/program.ts";
import type { Expression, Local } from "../tree.ts";
import { isInteger, rangeOf, typeName } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { nonNull } from "./convert.ts";
import { requireWidth } from "./declarations.ts";
import { indexed, propertyOf } from "./expressions.ts";
import { hasConstantEnd } from "./loops.ts";
import { integer } from "./numbers.ts";
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
  if (constant && node.initializer !== undefined && !ts.isIdentifier(node.name)) {
    takeApart(lowering, node.name, node.initializer);
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
  if (declared === null && !constant && isInteger(value.type))
    lowering.report(node, "widthMissing", node.name.getText());
  if (value.type.kind === "null" || value.type.kind === "void") lowering.report(node, "nullUse");
  if (!constant && storageOf(value).kind !== "value") lowering.report(node.initializer, "newPlace");
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
}

/** Fields of a class by their names, or elements of a fixed array by their places, each as a constant of its own. */
function takeApart(lowering: FunctionLowering, pattern: ts.BindingPattern, initializer: ts.Expression): void {
  const source = lowering.settle(nonNull(lowering.expression(initializer, null)));
  const { type } = source;
  const isObject = type.kind === "reference" || type.kind === "union";
  const fits = ts.isObjectBindingPattern(pattern) ? isObject : type.kind === "array";
  if (!fits) {
    if (type.kind !== "broken") lowering.report(pattern, "mixed", typeName(type), "a fixed shape");
    return;
  }
  pattern.elements.forEach((element, index) => {
    if (ts.isOmittedExpression(element)) return;
    const symbol = ts.isIdentifier(element.name) ? lowering.context.symbolOf(element.name) : null;
    if (symbol === null || element.initializer !== undefined || element.dotDotDotToken !== undefined) {
      const hint = "Name each part once: const { a, b: c } = …, without defaults and rests.";
      lowering.report(element, "statementUnsupported", "This part", hint);
      return;
    }
    const value = ts.isObjectBindingPattern(pattern)
      ? propertyOf(lowering, element, source, (element.propertyName ?? element.name).getText())
      : indexed(lowering, source, integer(BigInt(index), false));
    declareConstant(lowering, element.name.getText(), symbol, value);
  });
}

function declareConstant(
  lowering: FunctionLowering,
  name: string,
  symbol: ts.Symbol,
  value: Expression,
): void {
  const { type, interval, wide } = value;
  const local: Local = {
    name: lowering.nameOf(name),
    type,
    storage: { kind: "value" },
    stable: true,
    interval,
    wide,
  };
  lowering.emit({ kind: "declare", line: lowering.line, local, value });
  lowering.declare(symbol, local);
  lowering.flow.settle();
  lowering.flow.assign(local, value);
}
