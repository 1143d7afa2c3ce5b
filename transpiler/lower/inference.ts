// Inference: what the type parameters of a generic function or class stand for, where a call or `new` does not say it.
//
// Arguments are asked first, from left to right, then functions that are written among them: their parameters have the types
// that are known by then, and what they give tells more.

import { ts } from "../frontend/program.ts";
import { contains } from "../interval.ts";
import type { Type } from "../tree.ts";
import { BROKEN, isInteger, isWidthless, rangeOf, VOID, withoutNull } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import type { Context, Origin, Substitution } from "./context.ts";
import { isWrittenFunction, type WrittenFunction } from "./function-values.ts";
import { takeParametersApart } from "./patterns.ts";
import { typeOfNode } from "./type-nodes.ts";

/** The declaration that is named, as far as inference looks at it. */
export interface Generic {
  readonly typeParameters: readonly ts.TypeParameterDeclaration[];
  readonly parameters: readonly ts.ParameterDeclaration[];
  /** What the type parameters of the class around it stand for. */
  readonly outer: Substitution;
}

/** What is known of type parameters: of the declaration's own, and of those around it, which stay what they are. */
class Found extends Map<ts.Symbol, Type> {
  constructor(readonly outer: Substitution) {
    super(outer);
  }
}

/** Reports at `node` what cannot be told. `hint`: what the place of the result says, where it says anything. */
export function inferArguments(
  lowering: FunctionLowering,
  node: ts.CallExpression | ts.NewExpression,
  { typeParameters, parameters, outer }: Generic,
  hint: readonly Type[],
): Type[] {
  const { context } = lowering;
  const found = new Found(outer);
  const pairs = parameters.flatMap((parameter, index) => {
    const argument = node.arguments?.[index];
    return parameter.type === undefined || argument === undefined ? [] : [{ type: parameter.type, argument }];
  });
  typeParameters.forEach((parameter, index) => {
    const symbol = context.symbolOf(parameter.name);
    if (symbol !== null && hint[index] !== undefined) found.set(symbol, hint[index]!);
  });
  for (const { type, argument } of pairs) {
    if (isWrittenFunction(argument)) continue;
    const symbol = ts.isIdentifier(argument) ? context.symbolOf(argument) : null;
    const captured = symbol === null ? null : lowering.capturedOf(symbol);
    if (captured !== null) {
      unify(context, type, { kind: "function", ...captured.shape }, found);
      continue;
    }
    lowering.probe(() => unify(context, type, lowering.expression(argument, null).type, found));
  }
  // What one stands for may tell others: `S extends Store<T>`.
  for (const { name, constraint } of typeParameters) {
    const type = found.get(context.symbolOf(name)!);
    if (type !== undefined && constraint !== undefined) unify(context, constraint, type, found);
  }
  for (const { type, argument } of pairs)
    if (isWrittenFunction(argument)) unifyFunction(lowering, type, argument, found);
  const all = new Map(found);
  return typeParameters.map((parameter) => {
    const symbol = context.symbolOf(parameter.name)!;
    const type = found.get(symbol) ?? defaultOf(context, parameter, all);
    if (type !== undefined) all.set(symbol, type);
    const isUnknown = type === undefined || (ts.isNewExpression(node) && isWidthless(type));
    if (isUnknown) lowering.report(node, "genericInference", parameter.name.text);
    return isUnknown ? BROKEN : type;
  });
}

/** What stands for a type parameter that nothing tells. */
function defaultOf(
  context: Context,
  { default: node }: ts.TypeParameterDeclaration,
  known: Substitution,
): Type | undefined {
  return node === undefined ? undefined : typeOfNode(context, node, known);
}

/** What the type parameters named in `node` must be for it to be `type`. */
function unify(context: Context, node: ts.TypeNode, type: Type, found: Found): void {
  const each = (nodes: readonly ts.TypeNode[] | undefined, types: readonly Type[]): void =>
    types.forEach((one, index) => {
      const part = nodes?.[index];
      if (part !== undefined) unify(context, part, one, found);
    });
  if (ts.isParenthesizedTypeNode(node)) return unify(context, node.type, type, found);
  if (ts.isUnionTypeNode(node)) {
    const named = node.types.filter((part) => !ts.isLiteralTypeNode(part));
    if (named.length === 1 && type.kind !== "null") unify(context, named[0]!, withoutNull(type), found);
  } else if (ts.isFunctionTypeNode(node)) {
    if (type.kind !== "function") return;
    each(
      node.parameters.flatMap((parameter) => parameter.type ?? []),
      type.parameters,
    );
    unify(context, node.type, type.result, found);
  } else if (ts.isTypeOperatorNode(node)) {
    if (ts.isArrayTypeNode(node.type) && type.kind === "view")
      unify(context, node.type.elementType, type.element, found);
  } else if (ts.isTypeReferenceNode(node)) {
    const symbol = context.symbolOf(node.typeName);
    const alias = context.libraryName(node.typeName) === null ? aliasOf(symbol) : undefined;
    if (symbol !== null && (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0) learn(found, symbol, type);
    else if (alias !== undefined) unifyAlias(context, node, alias, type, found);
    else if (type.kind === "array") each(node.typeArguments, [type.element]);
    else if (type.kind === "result") each(node.typeArguments, [type.value, type.error]);
    else if (type.kind === "view") each(node.typeArguments, [type.element]);
    else each(node.typeArguments, originWithin(context, type, symbol)?.typeArguments ?? []);
  }
}

function aliasOf(symbol: ts.Symbol | null): ts.TypeAliasDeclaration | undefined {
  return symbol?.declarations?.find(ts.isTypeAliasDeclaration);
}

/** What an alias stands for tells its own type parameters, and these what it is named with. */
function unifyAlias(
  context: Context,
  { typeArguments }: ts.TypeReferenceNode,
  alias: ts.TypeAliasDeclaration,
  type: Type,
  found: Found,
): void {
  const own = context.symbolOf(alias.name);
  // One that names itself is an error of tsc's.
  if (own === null || context.aliases.has(own)) return;
  context.aliases.add(own);
  const inner = new Found(new Map());
  unify(context, alias.type, type, inner);
  context.aliases.delete(own);
  alias.typeParameters?.forEach(({ name }, index) => {
    const symbol = context.symbolOf(name);
    const told = symbol === null ? undefined : inner.get(symbol);
    const part = typeArguments?.[index];
    if (told !== undefined && part !== undefined) unify(context, part, told, found);
  });
}

/** The class or interface of this name that values of the type are of. */
function originWithin(context: Context, type: Type, symbol: ts.Symbol | null): Origin | undefined {
  const structs = type.kind === "reference" ? [type.struct] : type.kind === "union" ? type.members : [];
  const { declaration } = type.kind === "interface" ? type : { declaration: null };
  const made =
    declaration === null
      ? structs.flatMap((one) => [one, ...one.implemented])
      : [declaration, ...declaration.extended];
  return made.map((one) => context.originOf(one)).find((origin) => origin?.symbol === symbol);
}

/** Of two integers it is the one that holds the other; a number without a width gives way. */
function learn(found: Found, symbol: ts.Symbol, type: Type): void {
  if (type.kind === "broken" || type.kind === "null" || found.outer.has(symbol)) return;
  const known = found.get(symbol);
  const isWider =
    known !== undefined &&
    isInteger(known) &&
    known.kind === type.kind &&
    (isWidthless(known) || (!isWidthless(type) && contains(rangeOf(type)!, rangeOf(known)!)));
  if (known === undefined || isWider) found.set(symbol, type);
}

function unifyFunction(
  lowering: FunctionLowering,
  type: ts.TypeNode,
  argument: WrittenFunction,
  found: Found,
): void {
  const { context } = lowering;
  if (!ts.isFunctionTypeNode(type)) return;
  const own = argument.parameters.map((parameter, index): Type | null => {
    const place = type.parameters[index]?.type;
    if (place === undefined) return null;
    const written =
      parameter.type === undefined ? null : typeOfNode(context, parameter.type, lowering.substitution);
    if (written !== null) unify(context, place, written, found);
    return written ?? (isKnown(context, place, found) ? typeOfNode(context, place, found) : null);
  });
  if (isKnown(context, type.type, found)) return;
  if (argument.type !== undefined)
    return unify(context, type.type, typeOfNode(context, argument.type, lowering.substitution), found);
  if (ts.isBlock(argument.body) || own.includes(null)) return;
  const result = valueTypeOf(lowering, argument, argument.body, own as Type[]);
  if (!isWidthless(result)) unify(context, type.type, result, found);
}

/** Whether everything that a type names is known. */
function isKnown(context: Context, node: ts.TypeNode, found: Substitution): boolean {
  let known = true;
  const visit = (part: ts.Node): void => {
    const symbol = ts.isIdentifier(part) ? context.symbolOf(part) : null;
    const isParameter = symbol !== null && (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0;
    if (isParameter && !found.has(symbol)) known = false;
    ts.forEachChild(part, visit);
  };
  visit(node);
  return known;
}

/** The type of what a function gives, for parameters of these types. */
function valueTypeOf(
  lowering: FunctionLowering,
  node: WrittenFunction,
  body: ts.Expression,
  parameters: readonly Type[],
): Type {
  const { context, module, substitution, root } = lowering;
  let type: Type = VOID;
  lowering.probe(() => {
    const exit = { label: "", result: null, range: null };
    const expansion = { root, outer: lowering, chain: [], renames: false, exit };
    const text = new FunctionLowering(context, module, substitution, VOID, null, node, expansion);
    const locals = node.parameters.map(({ name }, index) => text.declareParameter(name, parameters[index]!));
    takeParametersApart(text, node.parameters, locals);
    type = text.expression(body, null).type;
  });
  return type;
}
