// Template literals: `writer.text(`…${x}…`)` is written part by part, in order, without building a string.

import { ts } from "../frontend/program.ts";
import type { Expression, Type } from "../tree.ts";
import { STRING, typeName, VOID } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { nonNull } from "./convert.ts";
import { inOrder } from "./sequence.ts";

/** Whether a call hands a template literal with values in it to a method `text`. */
export function isTemplateWrite(node: ts.CallExpression): boolean {
  const first = node.arguments[0];
  return (
    node.arguments.length === 1 &&
    first !== undefined &&
    ts.isTemplateExpression(first) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "text"
  );
}

export function lowerTemplateWrite(lowering: FunctionLowering, node: ts.CallExpression): void {
  const callee = node.expression as ts.PropertyAccessExpression;
  const template = node.arguments[0] as ts.TemplateExpression;
  const [object, ...values] = inOrder(lowering, [
    () => lowering.settle(nonNull(lowering.expression(callee.expression, null))),
    ...template.templateSpans.map(
      (part) => () => lowering.settle(lowering.expression(part.expression, null)),
    ),
  ]);
  if (
    object!.type.kind !== "reference" ||
    !["text", "integer", "bigInteger"].every((name) => hasMethod(object!, name))
  ) {
    lowering.report(node, "templatePlace");
    return;
  }
  write(lowering, node, object!, template.head.text, null);
  template.templateSpans.forEach((part, index) =>
    write(lowering, part.expression, object!, part.literal.text, values[index]!),
  );
}

function hasMethod(object: Expression, name: string): boolean {
  return object.type.kind === "reference" && object.type.struct.methods.has(name);
}

/** A value and the text behind it. */
function write(
  lowering: FunctionLowering,
  node: ts.Node,
  object: Expression,
  text: string,
  value: Expression | null,
): void {
  if (value !== null) writePart(lowering, node, object, value);
  if (text === "") return;
  callMethod(
    lowering,
    object,
    "text",
    { kind: "constant", value: text, name: null, type: STRING, interval: null, wide: null },
    node,
  );
}

/** A choice of numbers is written as JavaScript writes it: as its number. */
function isNumeric(type: Type): boolean {
  return type.kind === "enum" && !(type.declaration.literals ?? []).some((one) => typeof one === "string");
}

function writePart(lowering: FunctionLowering, node: ts.Node, object: Expression, value: Expression): void {
  if (value.type.kind === "string") callMethod(lowering, object, "text", value, node);
  else if (value.type.kind === "int" || isNumeric(value.type))
    callMethod(lowering, object, "integer", value, node);
  else if (value.type.kind === "big") callMethod(lowering, object, "bigInteger", value, node);
  else lowering.report(node, "mixed", typeName(value.type), "text");
}

function callMethod(
  lowering: FunctionLowering,
  object: Expression,
  name: string,
  value: Expression,
  node: ts.Node,
): void {
  if (object.type.kind !== "reference") return;
  const instance = object.type.struct.methods.get(name)!;
  const parameter = lowering.convert(value, instance.parameters[1]?.type ?? VOID, node);
  lowering.flow.open();
  lowering.emit({
    kind: "evaluate",
    line: lowering.line,
    value: {
      kind: "call",
      instance,
      parameters: [object, parameter],
      type: VOID,
      interval: null,
      wide: null,
    },
  });
}
