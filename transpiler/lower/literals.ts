// Literals: readonly fields that have one value for ever, `readonly kind = "circle"`. The compiler knows it, so none takes a
// place in a struct; what tells the classes of a union apart is one of them.

import { ts } from "../frontend/program.ts";
import { interval } from "../interval.ts";
import type { Expression, StructDeclaration } from "../tree.ts";
import { STRING, VOID } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import type { Context } from "./context.ts";
import { enumOf } from "./declarations.ts";
import { integer } from "./numbers.ts";

type Constant = Expression & { kind: "constant" };

/** Finds those of a class, ahead of its other fields: these may name unions that the class is of. */
export function findLiterals(context: Context, node: ts.ClassDeclaration, struct: StructDeclaration): void {
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member) || !ts.isIdentifier(member.name)) continue;
    const value = isReadonly(member) ? literalValue(context, member) : null;
    if (value !== null) struct.literals.set(member.name.text, value);
  }
}

function isReadonly(member: ts.PropertyDeclaration): boolean {
  return (member.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
}

/** What the type of a field says, or what its initialiser is where it has no type. */
function literalValue(context: Context, { type, initializer }: ts.PropertyDeclaration): Constant | null {
  if (type !== undefined) return literalOfType(context, type);
  return initializer === undefined ? null : literalOfValue(context, initializer);
}

/** The value of `"circle"`, `5` or `Kind.circle` as a type. */
export function literalOfType(context: Context, node: ts.TypeNode): Constant | null {
  if (ts.isLiteralTypeNode(node)) return literalOfValue(context, node.literal);
  if (!ts.isTypeReferenceNode(node) || !ts.isQualifiedName(node.typeName)) return null;
  return memberOf(context, node.typeName.left, node.typeName.right.text);
}

function literalOfValue(context: Context, node: ts.Node): Constant | null {
  if (ts.isStringLiteralLike(node))
    return { kind: "constant", value: node.text, name: null, type: STRING, interval: null, wide: null };
  if (ts.isPropertyAccessExpression(node)) return memberOf(context, node.expression, node.name.text);
  const digits = ts.isPrefixUnaryExpression(node) ? node.operand : node;
  if (!ts.isNumericLiteral(digits) || !isSign(node)) return null;
  const lowering = new FunctionLowering(context, context.moduleOf(node), new Map(), VOID, null, node);
  const value = lowering.expression(node as ts.Expression, null);
  return value.kind === "constant" && typeof value.value === "bigint"
    ? (integer(value.value, false) as Constant)
    : null;
}

function isSign(node: ts.Node): boolean {
  return !ts.isPrefixUnaryExpression(node) || node.operator === ts.SyntaxKind.MinusToken;
}

function memberOf(context: Context, node: ts.Node, name: string): Constant | null {
  const symbol = context.symbolOf(node);
  if (symbol === null || !ts.isIdentifier(node) || (symbol.flags & ts.SymbolFlags.Enum) === 0) return null;
  const enumeration = enumOf(context, symbol);
  const member = enumeration.members.find((one) => one.name === name);
  if (member === undefined) return null;
  const { value } = member;
  const type = { kind: "enum", declaration: enumeration } as const;
  return {
    kind: "constant",
    value,
    name: { enumeration, member: name },
    type,
    interval: interval(value, value),
    wide: null,
  };
}
