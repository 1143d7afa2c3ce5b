// Type annotations → types. Worked out from the syntax and the names in it; TypeScript's own types are not asked.

import { ts } from "../frontend/program.ts";
import type { Module, StructDeclaration, Type } from "../tree.ts";
import {
  BIGINT,
  BOOLEAN,
  BROKEN,
  BYTES,
  isNullable,
  isReference,
  NEVER,
  NULL,
  NUMBER,
  STRING,
  I16,
  I32,
  I64,
  I8,
  U16,
  U32,
  U64,
  U8,
  VOID,
} from "../types.ts";
import type { Context, Substitution } from "./context.ts";
import { structOf } from "./classes.ts";
import { enumOf } from "./declarations.ts";
import { interfaceOf } from "./interfaces.ts";
import { constantOf } from "./constants.ts";
import { unionOf } from "./unions.ts";

const TYPED_ARRAYS: Readonly<Record<string, Type>> = {
  Uint8Array: U8,
  Uint16Array: U16,
  Uint32Array: U32,
  Int8Array: I8,
  Int16Array: I16,
  Int32Array: I32,
  BigUint64Array: U64,
  BigInt64Array: I64,
};

const NOTHING: Substitution = new Map();

export function typedArrayElement(name: string | null): Type | null {
  return name === null ? null : (TYPED_ARRAYS[name] ?? null);
}

export function viewOf(element: Type, constant: boolean): Type {
  return { kind: "view", element, constant };
}

/** The type that `node` says. Reports and gives `void` where the subset has none. */
export function typeOfNode(context: Context, node: ts.TypeNode, substitution: Substitution): Type {
  switch (node.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return NUMBER;
    case ts.SyntaxKind.BigIntKeyword:
      return BIGINT;
    case ts.SyntaxKind.BooleanKeyword:
      return BOOLEAN;
    case ts.SyntaxKind.StringKeyword:
      return STRING;
    case ts.SyntaxKind.VoidKeyword:
      return VOID;
    case ts.SyntaxKind.NeverKeyword:
      return NEVER;
  }
  if (ts.isParenthesizedTypeNode(node)) return typeOfNode(context, node.type, substitution);
  if (ts.isUnionTypeNode(node)) return unionType(context, node, substitution);
  if (ts.isFunctionTypeNode(node)) return functionType(context, node, substitution);
  if (ts.isTypeReferenceNode(node)) return namedType(context, node, substitution);
  if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword) return NULL;
  if (
    ts.isTypeOperatorNode(node) &&
    node.operator === ts.SyntaxKind.ReadonlyKeyword &&
    ts.isArrayTypeNode(node.type)
  ) {
    return viewOf(typeOfNode(context, node.type.elementType, substitution), true);
  }
  return unsupported(context, node, hintFor(node));
}

function hintFor(node: ts.Node): string {
  switch (node.kind) {
    case ts.SyntaxKind.AnyKeyword:
    case ts.SyntaxKind.UnknownKeyword:
    case ts.SyntaxKind.ObjectKeyword:
      return "Say what it is; of what may be several, declare an interface or a union of classes.";
    case ts.SyntaxKind.UndefinedKeyword:
      return "What may be missing is null, of a type 'T | null'.";
    case ts.SyntaxKind.ArrayType:
      return "A table is 'readonly T[]', an array FixedArray<T, N> or one of the typed arrays.";
    case ts.SyntaxKind.TupleType:
    case ts.SyntaxKind.TypeLiteral:
      return "Declare a class.";
    default:
      return "Write a width, boolean, string, Bytes, an array, a class, an interface, or a union of classes or of literals.";
  }
}

function unsupported(context: Context, node: ts.Node, hint: string): Type {
  context.report(node, "typeUnsupported", node.getText(), hint);
  return BROKEN;
}

function unionType(context: Context, node: ts.UnionTypeNode, substitution: Substitution): Type {
  const others = node.types.filter(
    (part) => !(ts.isLiteralTypeNode(part) && part.literal.kind === ts.SyntaxKind.NullKeyword),
  );
  const literals = node.types.map(literalOf);
  if (literals.every((one) => one !== null)) return choiceOf(context, node, literals);
  const nullable = others.length < node.types.length;
  const types = others.map((part) => typeOfNode(context, part, substitution));
  if (types.some(({ kind }) => kind === "broken")) return BROKEN;
  if (types.length !== 1) return classUnion(context, node, types, nullable);
  const [type] = types;
  if (type !== undefined && isReference(type)) return { ...type, nullable };
  return unsupported(context, node, "Only references to classes and interfaces may be null.");
}

function classUnion(
  context: Context,
  node: ts.UnionTypeNode,
  types: readonly Type[],
  nullable: boolean,
): Type {
  const structs = new Set<StructDeclaration>();
  for (const type of types) {
    if (type.kind === "reference") structs.add(type.struct);
    else if (type.kind === "union") for (const one of type.members) structs.add(one);
    else return unsupported(context, node, "A union is of classes, of literals, or 'T | null'.");
  }
  if (structs.size === 0) return NULL;
  return unionOf(context, node, structs, nullable || types.some(isNullable));
}

/** The string or integer that a type says, or `null`. */
function literalOf(node: ts.TypeNode): string | bigint | null {
  if (!ts.isLiteralTypeNode(node)) return null;
  const { literal } = node;
  if (ts.isStringLiteral(literal)) return literal.text;
  const isNegative = ts.isPrefixUnaryExpression(literal) && literal.operator === ts.SyntaxKind.MinusToken;
  const number = isNegative ? literal.operand : literal;
  if (ts.isNumericLiteral(number) && Number.isSafeInteger(Number(number.text)))
    return BigInt(Number(number.text)) * (isNegative ? -1n : 1n);
  return null;
}

function choiceOf(context: Context, node: ts.UnionTypeNode, literals: readonly (string | bigint)[]): Type {
  if (new Set(literals.map((one) => typeof one)).size > 1)
    return unsupported(context, node, "Its literals are all texts or all numbers.");
  const name = ts.isTypeAliasDeclaration(node.parent) ? node.parent.name.text : "Choice";
  return literalUnion(context, context.moduleOf(node), name, literals);
}

/** A choice among literals is an integer: a number itself, of texts the place in the list. One list is one type. */
export function literalUnion(
  context: Context,
  module: Module,
  name: string,
  literals: readonly (string | bigint)[],
): Type {
  const key = literals.map((one) => (typeof one === "string" ? JSON.stringify(one) : `${one}`)).join("|");
  let declaration = context.literalUnions.get(key);
  if (declaration === undefined) {
    declaration = {
      symbol: context.typeSymbol(name, module),
      module,
      members: literals.map((one, index) => ({
        name: /^\w+$/.test(`${one}`) ? `${one}` : `choice${index}`,
        value: typeof one === "string" ? BigInt(index) : one,
      })),
      literals,
    };
    context.literalUnions.set(key, declaration);
    module.enums.push(declaration);
  }
  return { kind: "enum", declaration };
}

function functionType(context: Context, node: ts.FunctionTypeNode, substitution: Substitution): Type {
  const parameters = node.parameters.map((parameter) =>
    parameter.type === undefined ? BROKEN : typeOfNode(context, parameter.type, substitution),
  );
  return { kind: "function", parameters, result: typeOfNode(context, node.type, substitution) };
}

/** Type arguments, and behind them the defaults of those that are left out, which may name the ones before them. */
export function withDefaults(
  context: Context,
  nodes: readonly ts.TypeParameterDeclaration[] | undefined,
  types: readonly Type[],
  outer: Substitution,
): Type[] {
  const all = [...types];
  const known = new Map(outer);
  (nodes ?? []).forEach((node, index) => {
    const symbol = context.symbolOf(node.name);
    if (symbol === null) return;
    if (index >= all.length && node.default !== undefined)
      all.push(named(context, symbol, node.default, known));
    if (all[index] !== undefined) known.set(symbol, all[index]);
  });
  return all;
}

function namedType(context: Context, node: ts.TypeReferenceNode, substitution: Substitution): Type {
  const typeArguments = (node.typeArguments ?? []).map((part) => part);
  const library = context.libraryName(node.typeName);
  if (library !== null) return libraryType(context, node, library, typeArguments, substitution);
  const symbol = context.symbolOf(node.typeName);
  if (symbol === null) return unsupported(context, node, hintFor(node));
  const substituted = substitution.get(symbol);
  if (substituted !== undefined) return substituted;
  const resolved = (): Type[] => {
    const types = typeArguments.map((part) => typeOfNode(context, part, substitution));
    return withDefaults(context, typeParametersOf(symbol), types, NOTHING);
  };
  if ((symbol.flags & ts.SymbolFlags.Enum) !== 0)
    return { kind: "enum", declaration: enumOf(context, symbol) };
  if (context.isClass(symbol)) {
    const types = resolved();
    if (types.some(({ kind }) => kind === "broken")) return BROKEN;
    const struct = structOf(context, symbol, types);
    return context.refused.has(struct) ? BROKEN : { kind: "reference", struct, nullable: false };
  }
  if (context.isInterface(symbol)) {
    const types = resolved();
    if (types.some(({ kind }) => kind === "broken")) return BROKEN;
    const declaration = interfaceOf(context, symbol, types);
    return context.refused.has(declaration) ? BROKEN : { kind: "interface", declaration, nullable: false };
  }
  return aliasType(context, node, symbol, resolved());
}

/** Of a class, an interface or an alias. */
export function typeParametersOf(symbol: ts.Symbol): readonly ts.TypeParameterDeclaration[] | undefined {
  for (const node of symbol.declarations ?? [])
    if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      return node.typeParameters;
  return undefined;
}

function aliasType(context: Context, node: ts.Node, symbol: ts.Symbol, typeArguments: Type[]): Type {
  const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
  if (alias === undefined) return unsupported(context, node, hintFor(node));
  const inner = new Map<ts.Symbol, Type>();
  alias.typeParameters?.forEach((parameter, index) => {
    const name = context.symbolOf(parameter.name);
    if (name !== null && typeArguments[index] !== undefined) inner.set(name, typeArguments[index]!);
  });
  return named(context, symbol, alias.type, inner);
}

/** What an alias, or the default of a type parameter, says. One that names itself is an error of tsc's. */
function named(context: Context, symbol: ts.Symbol, node: ts.TypeNode, substitution: Substitution): Type {
  if (context.aliases.has(symbol)) return BROKEN;
  context.aliases.add(symbol);
  const type = typeOfNode(context, node, substitution);
  context.aliases.delete(symbol);
  return type;
}

function libraryType(
  context: Context,
  node: ts.TypeReferenceNode,
  name: string,
  typeArguments: readonly ts.TypeNode[],
  substitution: Substitution,
): Type {
  const element = TYPED_ARRAYS[name];
  if (element !== undefined) return viewOf(element, false);
  // Too few of them are an error of tsc's.
  const argument = (index: number): Type => {
    const part = typeArguments[index];
    return part === undefined ? BROKEN : typeOfNode(context, part, substitution);
  };
  switch (name) {
    case "u8":
    case "u16":
    case "u32":
    case "i8":
    case "i16":
    case "i32":
      return { kind: "int", name };
    case "u64":
    case "i64":
      return { kind: "big", name };
    case "Bytes":
      return BYTES;
    case "ReadonlyArray":
      return viewOf(argument(0), true);
    case "Result":
      return { kind: "result", value: argument(0), error: argument(1) };
    case "FixedArray":
      return fixedArrayType(context, argument(0), typeArguments[1]);
    default:
      return unsupported(context, node, hintFor(node));
  }
}

function fixedArrayType(context: Context, element: Type, length: ts.TypeNode | undefined): Type {
  if (length === undefined) return BROKEN;
  const value = literalLength(context, length);
  if (value === null) {
    context.report(length, "lengthConstant");
    return BROKEN;
  }
  const embedded = element.kind === "reference" && !element.nullable;
  return { kind: "array", element, length: value, embedded };
}

/** `64`, or `typeof SLOT_COUNT` of a constant. */
function literalLength(context: Context, node: ts.TypeNode): number | null {
  if (ts.isLiteralTypeNode(node) && ts.isNumericLiteral(node.literal)) return Number(node.literal.text);
  if (ts.isTypeQueryNode(node)) {
    const value = constantOf(context, node.exprName);
    if (value !== null) return Number(value);
  }
  return null;
}

/** Whether a bare `number` or `bigint` (a forwarded integer). */
export function isBareInteger(type: Type): boolean {
  return type === NUMBER || type === BIGINT;
}
