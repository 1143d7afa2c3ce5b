// Generics: functions, methods, classes and interfaces with type parameters are made once for every set of types that they
// are named with. What limits that, and the functions that a call of a generic one is of.

import { ts } from "../frontend/program.ts";
import type { FunctionInstance, StructDeclaration, Type } from "../tree.ts";
import { isWidthless, typeDepth, typeTag } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { structOf } from "./classes.ts";
import type { Context, GenericMethod, Substitution } from "./context.ts";
import { functionOf, makeFunction, refuseBodiless, typeParameters } from "./declarations.ts";
import { inferArguments } from "./inference.ts";
import { typeOfNode, withDefaults } from "./type-nodes.ts";

/** Types within types: more of them are made by a generic that names itself. */
const DEEPEST_TYPE = 8;
/** The same where each names several: their names grow without bounds. */
const LONGEST_NAME = 1000;
/** A generic is made for so many sets of types, and no more. */
const MOST_INSTANCES = 200;

type GenericNode =
  ts.ClassDeclaration | ts.InterfaceDeclaration | ts.FunctionDeclaration | ts.MethodDeclaration;

/** Whether these types are too many for it, or too deep: that is reported. Otherwise they count. */
export function isRefused(context: Context, node: GenericNode, types: readonly Type[]): boolean {
  if (types.length === 0) return false;
  const name = node.name?.getText() ?? "This";
  const isDeep = types.some((type) => typeDepth(type) > DEEPEST_TYPE || typeTag(type).length > LONGEST_NAME);
  const count = (context.instances.get(node) ?? 0) + 1;
  context.instances.set(node, count);
  if (isDeep) context.report(node.name ?? node, "genericDepth", name);
  else if (count > MOST_INSTANCES)
    context.report(node.name ?? node, "genericLimit", name, `${MOST_INSTANCES}`);
  return isDeep || count > MOST_INSTANCES;
}

/** What a call is of; "broken" where that cannot be told or made: it was reported. */
export type Callee = FunctionInstance | "broken" | null;

/** A function of a module, for the types that the call says or tells. */
export function calledFunction(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  symbol: ts.Symbol,
  declaration: ts.FunctionDeclaration,
): Callee {
  if (declaration.typeParameters === undefined) return functionOf(lowering.context, symbol, []);
  const types = typesOfCall(lowering, node, declaration, new Map());
  const instance = types === null ? null : functionOf(lowering.context, symbol, types);
  if (instance !== null) lowering.context.made.add(instance);
  return instance ?? "broken";
}

/** A method of a struct. Static ones are named so: `static of`. */
export function calledMethod(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  struct: StructDeclaration,
  name: string,
): Callee {
  const generic = lowering.context.genericMethods.get(struct)?.get(name);
  return generic === undefined ? (struct.methods.get(name) ?? null) : instanceFor(lowering, node, generic);
}

/** A static method of a class. Those of a generic class know nothing of its type parameters. */
export function calledStatic(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  symbol: ts.Symbol,
  name: string,
): Callee {
  const { context } = lowering;
  const declaration = symbol.declarations!.find(ts.isClassDeclaration)!;
  if (declaration.typeParameters === undefined)
    return calledMethod(lowering, node, structOf(context, symbol, []), `static ${name}`);
  const member = declaration.members.find((one) => isStatic(one) && one.name?.getText() === name);
  if (member === undefined || !ts.isMethodDeclaration(member)) return null;
  const of = `${context.moduleOf(declaration).name}__${symbol.name}`;
  return instanceFor(lowering, node, { node: member, owner: null, substitution: new Map(), symbol: of });
}

export function isStatic(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
}

/** Remembers a method that has type parameters of its own until it is called. */
export function addGenericMethod(
  context: Context,
  node: ts.MethodDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  if (node.body === undefined) refuseBodiless(context, node);
  const methods = context.genericMethods.get(struct) ?? new Map<string, GenericMethod>();
  context.genericMethods.set(struct, methods);
  const name = node.name.getText();
  const owner = isStatic(node) ? null : struct;
  const symbol = `${struct.module.name}__${struct.symbol}`;
  methods.set(owner === null ? `static ${name}` : name, { node, owner, substitution, symbol });
}

function instanceFor(lowering: FunctionLowering, node: ts.CallExpression, generic: GenericMethod): Callee {
  const { context } = lowering;
  const types = typesOfCall(lowering, node, generic.node, generic.substitution);
  const symbol = context.symbolOf(generic.node.name);
  if (types === null || symbol === null) return "broken";
  const key = `${generic.symbol} ${context.keyOf(symbol, types)}`;
  const known = context.functions.get(key);
  if (known !== undefined) return known;
  if (isRefused(context, generic.node, types)) return "broken";
  const own = typeParameters(context, generic.node.typeParameters, types);
  const substitution = new Map([...generic.substitution, ...own]);
  const name = [generic.symbol, symbol.name, ...types.map(typeTag)].join("_");
  const instance = makeFunction(
    context,
    generic.node,
    name,
    substitution,
    generic.owner,
    generic.owner === null,
    key,
  );
  if (types.length > 0) context.made.add(instance);
  return instance;
}

/** What the type parameters stand for: as the call says it, or as its arguments tell; `null` where that was refused. */
function typesOfCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  declaration: ts.FunctionDeclaration | ts.MethodDeclaration,
  outer: Substitution,
): readonly Type[] | null {
  const { context, substitution } = lowering;
  const { typeParameters: own, parameters, type: result } = declaration;
  if (own === undefined) return [];
  const types =
    node.typeArguments !== undefined
      ? withDefaults(
          context,
          own,
          node.typeArguments.map((part) => typeOfNode(context, part, substitution)),
          outer,
        )
      : inferArguments(lowering, node, { typeParameters: own, parameters, outer }, []);
  if (types.some(({ kind }) => kind === "broken")) return null;
  // A value that is given back has a width, whatever the literals are that it is told by.
  const named =
    result === undefined || !ts.isTypeReferenceNode(result) ? null : context.symbolOf(result.typeName);
  const at = named === null ? -1 : own.findIndex(({ name }) => context.symbolOf(name) === named);
  if (at < 0 || types[at] === undefined || !isWidthless(types[at])) return types;
  const written = node.typeArguments?.[at];
  if (written === undefined) lowering.report(node, "genericInference", own[at]!.name.text);
  else lowering.report(written, "bareNumberType", written.getText());
  return null;
}
