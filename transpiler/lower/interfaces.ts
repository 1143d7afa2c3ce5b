// Interfaces: a table of functions behind a pointer, one for every set of type arguments that an interface is named with.

import { ts } from "../frontend/program.ts";
import type { InterfaceDeclaration, InterfaceMethod, Type } from "../tree.ts";
import { BROKEN, typeDepth, typeName, typeTag } from "../types.ts";
import type { Context, Substitution } from "./context.ts";
import { parameterType, requireWidth, typeParameters } from "./declarations.ts";
import { isRefused } from "./generics.ts";
import { typeOfNode, typeParametersOf, withDefaults } from "./type-nodes.ts";

export function interfaceOf(
  context: Context,
  symbol: ts.Symbol,
  typeArguments: readonly Type[],
): InterfaceDeclaration {
  const key = context.keyOf(symbol, typeArguments);
  const known = context.interfaces.get(key);
  if (known !== undefined) return known;
  // An interface may be declared in several parts.
  const nodes = symbol.declarations!.filter(ts.isInterfaceDeclaration);
  const [node] = nodes;
  const module = context.moduleOf(node!);
  const plain = [symbol.name, ...typeArguments.map(typeTag)].join("_");
  const tag = context.typeSymbol(plain, module);
  const isGeneric = typeArguments.length > 0 && tag === plain;
  const declaration: InterfaceDeclaration = {
    symbol: tag,
    name: isGeneric ? `${symbol.name}<${typeArguments.map(typeName).join(", ")}>` : tag,
    depth: Math.max(0, ...typeArguments.map(typeDepth)),
    module,
    methods: [],
    extended: [],
  };
  context.interfaces.set(key, declaration);
  context.setOrigin(declaration, { symbol, typeArguments });
  if (isRefused(context, node!, typeArguments)) {
    context.refused.add(declaration);
    return declaration;
  }
  module.interfaces.push(declaration);
  for (const part of nodes) {
    const substitution = typeParameters(context, part.typeParameters, typeArguments);
    for (const base of basesOf(context, part, substitution)) extend(declaration, base);
    for (const member of part.members) {
      const method = methodOf(context, member, substitution);
      if (method !== null) setMethod(declaration, method);
    }
  }
  return declaration;
}

/** The interfaces that the clauses of a class or an interface name. */
export function basesOf(
  context: Context,
  node: ts.ClassDeclaration | ts.InterfaceDeclaration,
  substitution: Substitution,
): InterfaceDeclaration[] {
  return (node.heritageClauses ?? []).flatMap((clause) => {
    const isExtends = clause.token === ts.SyntaxKind.ExtendsKeyword;
    if (isExtends && ts.isClassDeclaration(node)) {
      const hint = "Embed the other class, or share an interface.";
      context.report(clause, "statementUnsupported", "'extends'", hint);
      return [];
    }
    return clause.types.flatMap((type) => {
      const symbol = context.symbolOf(type.expression);
      if (symbol === null) return [];
      if (!context.isInterface(symbol) || context.isClass(symbol)) {
        const what = `'${isExtends ? "extends" : "implements"}' of what is no interface`;
        context.report(type, "statementUnsupported", what, "Declare an interface with its methods.");
        return [];
      }
      const written = (type.typeArguments ?? []).map((part) => typeOfNode(context, part, substitution));
      const types = withDefaults(context, typeParametersOf(symbol), written, new Map());
      if (types.some(({ kind }) => kind === "broken")) return [];
      const declaration = interfaceOf(context, symbol, types);
      return context.refused.has(declaration) ? [] : [declaration];
    });
  });
}

/** What `base` has, and what it extends in turn. */
function extend(declaration: InterfaceDeclaration, base: InterfaceDeclaration): void {
  for (const one of [base, ...base.extended])
    if (!declaration.extended.includes(one) && one !== declaration) declaration.extended.push(one);
  for (const method of base.methods) setMethod(declaration, method);
}

function setMethod({ methods }: InterfaceDeclaration, method: InterfaceMethod): void {
  const at = methods.findIndex(({ name }) => name === method.name);
  if (at < 0) methods.push(method);
  else methods[at] = method;
}

function methodOf(
  context: Context,
  member: ts.TypeElement,
  substitution: Substitution,
): InterfaceMethod | null {
  const isMethod =
    ts.isMethodSignature(member) &&
    member.type !== undefined &&
    member.questionToken === undefined &&
    ts.isIdentifier(member.name);
  if (!isMethod) {
    context.report(member, "interfaceForm");
    return null;
  }
  const name = member.name.getText();
  if (member.typeParameters !== undefined) {
    context.report(member, "genericSlot", name);
    return { name, parameters: [], result: BROKEN };
  }
  const parameters = member.parameters.map((parameter) => parameterType(context, parameter, substitution));
  const result = typeOfNode(context, member.type!, substitution);
  requireWidth(context, member.name, result);
  return { name, parameters, result };
}
