// Layouts: `layout(bytes, { name: le32(offset), … })`, checked for gaps and size, and kept as compile-time knowledge.

import { ts } from "../frontend/program.ts";
import { VOID } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import { integerOf } from "./constants.ts";
import type { Context, Layout, LayoutField } from "./context.ts";
import { valueOf } from "./declarations.ts";
import { folded } from "./folding.ts";

/** Maker → accessor of Bytes and width. */
const SCALARS: Readonly<Record<string, readonly [accessor: string, byteLength: number]>> = {
  at8: ["u8", 1],
  le16: ["u16le", 2],
  le32: ["u32le", 4],
  le64: ["u64le", 8],
  be16: ["u16be", 2],
  be32: ["u32be", 4],
  be64: ["u64be", 8],
};

/** The layout that an expression declares; `null` where it is something else. */
export function layoutOf(context: Context, node: ts.Expression): Layout | null {
  if (!ts.isCallExpression(node) || context.libraryName(node.expression) !== "layout") return null;
  const fields = new Map<string, LayoutField>();
  const [size, literal] = node.arguments;
  const byteLength = size === undefined ? null : constantNumber(context, size);
  if (byteLength === null || literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    context.report(node, "layoutForm");
    return { byteLength: byteLength ?? 0, fields };
  }
  let end = 0;
  for (const property of literal.properties) {
    const field = ts.isPropertyAssignment(property) ? layoutField(context, property) : null;
    if (field === null) {
      context.report(property, "layoutForm");
      continue;
    }
    if (field.offset !== end) context.report(property, "layoutGap", field.name, `${field.offset}`, `${end}`);
    end = field.offset + field.byteLength;
    fields.set(field.name, field);
  }
  if (end !== byteLength) context.report(node, "layoutSize", `${end}`, `${byteLength}`);
  return { byteLength, fields };
}

function layoutField(context: Context, property: ts.PropertyAssignment): LayoutField | null {
  const maker = property.initializer;
  if (!ts.isCallExpression(maker)) return null;
  const kind = context.libraryName(maker.expression);
  const numbers = maker.arguments.map((argument) => constantNumber(context, argument));
  const offset = numbers[0];
  if (kind === null || offset === undefined || offset === null) return null;
  const name = property.name.getText();
  const scalar = SCALARS[kind];
  if (scalar !== undefined) return { name, accessor: scalar[0], offset, byteLength: scalar[1] };
  const byteLength = numbers[1];
  if (kind !== "octets" || byteLength === undefined || byteLength === null) return null;
  return { name, accessor: null, offset, byteLength };
}

function constantNumber(context: Context, node: ts.Expression): number | null {
  const lowering = new FunctionLowering(context, context.moduleOf(node), new Map(), VOID, null, node);
  const value = integerOf(folded(lowering.expression(node, null)));
  return value === null ? null : Number(value);
}

/** The layout that a name stands for, or `null`. */
export function namedLayout(context: Context, node: ts.Expression): Layout | null {
  if (!ts.isIdentifier(node)) return null;
  const symbol = context.symbolOf(node);
  if (symbol === null || !(symbol.declarations ?? []).some(isModuleVariable)) return null;
  const value = valueOf(context, symbol);
  return value.kind === "layout" ? value.layout : null;
}

/** A variable of a module, or a name in a pattern of one. */
export function isModuleVariable(node: ts.Node): boolean {
  if (ts.isBindingElement(node)) return isModuleVariable(node.parent.parent);
  return (
    ts.isVariableDeclaration(node) &&
    ts.isVariableStatement(node.parent.parent) &&
    ts.isSourceFile(node.parent.parent.parent)
  );
}

/** The field that `LAYOUT.field` names, or `null`. */
export function layoutFieldOf(context: Context, node: ts.Expression): LayoutField | null {
  if (!ts.isPropertyAccessExpression(node)) return null;
  const layout = namedLayout(context, node.expression);
  return layout === null ? null : (layout.fields.get(node.name.text) ?? null);
}
