// Classes: fields, constructors and methods, each class once for every set of type arguments that it is named with.

import { ts } from "../frontend/program.ts";
import type { Expression, Field, InterfaceDeclaration, StructDeclaration, Type } from "../tree.ts";
import { sameType, typeDepth, typeName, typeTag, VOID } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import type { Context, Substitution } from "./context.ts";
import {
  defaultOf,
  makeFunction,
  parametersOf,
  placeType,
  refusePatterns,
  requireWidth,
  typeParameters,
} from "./declarations.ts";
import { addGenericMethod, isRefused, isStatic } from "./generics.ts";
import { basesOf } from "./interfaces.ts";
import { findLiterals, literalOfType } from "./literals.ts";
import { storageOf } from "./storage.ts";

export function structOf(
  context: Context,
  symbol: ts.Symbol,
  typeArguments: readonly Type[],
): StructDeclaration {
  const key = context.keyOf(symbol, typeArguments);
  const known = context.structs.get(key);
  if (known !== undefined) return known;
  const node = symbol.declarations!.find(ts.isClassDeclaration)!;
  const module = context.moduleOf(node);
  const name = [node.name!.text, ...typeArguments.map(typeTag)].join("_");
  const struct: StructDeclaration = {
    symbol: context.typeSymbol(name, module),
    depth: Math.max(0, ...typeArguments.map(typeDepth)),
    module,
    fields: [],
    literals: new Map(),
    constructorParameters: [],
    constructorDefaults: new Map(),
    constructorBody: [],
    self: null,
    implemented: [],
    methods: new Map(),
    comment: context.commentOf(node),
    line: context.lineOf(node),
  };
  context.structs.set(key, struct);
  context.setOrigin(struct, { symbol, typeArguments });
  findLiterals(context, node, struct);
  if (isRefused(context, node, typeArguments)) {
    context.refused.add(struct);
    return struct;
  }
  module.structs.push(struct);
  const substitution = typeParameters(context, node.typeParameters, typeArguments);
  const modifier = (node.modifiers ?? []).find((one) => one.kind !== ts.SyntaxKind.ExportKeyword);
  if (modifier !== undefined) {
    const hint = "A class stands for itself: write 'class' or 'export class'.";
    context.report(modifier, "statementUnsupported", `'${modifier.getText()}' here`, hint);
  }
  const methods = node.members.filter(ts.isMethodDeclaration).filter(isPlainMember);
  for (const method of methods)
    if (method.typeParameters !== undefined) addGenericMethod(context, method, struct, substitution);
  implement(context, node, struct, substitution);
  lowerFields(context, node, struct, substitution);
  lowerConstructor(context, node, struct, substitution);
  for (const method of methods) {
    // A static method of a generic class is made where it is called.
    const isLate = isStatic(method) && node.typeParameters !== undefined;
    if (method.typeParameters === undefined && !isLate) lowerMethod(context, method, struct, substitution);
  }
  for (const one of struct.implemented) checkMethods(context, node, struct, one);
  return struct;
}

/** tsc lets a method take a narrower parameter, or fewer, than its interface says; its callers would not know. */
function checkMethods(
  context: Context,
  node: ts.ClassDeclaration,
  struct: StructDeclaration,
  declaration: InterfaceDeclaration,
): void {
  for (const { name, parameters, result } of declaration.methods) {
    const generic = context.genericMethods.get(struct)?.get(name);
    if (generic !== undefined) context.report(generic.node, "genericSlot", name);
    const instance = struct.methods.get(name);
    if (instance === undefined) continue;
    const own = instance.parameters.slice(1).map((local) => local.type);
    const isSame =
      own.length === parameters.length &&
      own.every((type, index) => sameType(type, parameters[index]!)) &&
      sameType(instance.result, result);
    if (isSame) continue;
    const member = node.members.find((one) => one.name?.getText() === name) ?? node;
    const text = (types: readonly Type[], returned: Type): string =>
      `(${types.map(typeName).join(", ")}) => ${typeName(returned)}`;
    const [wanted, found] = [text(parameters, result), text(own, instance.result)];
    context.report(member, "methodDiffers", name, declaration.name, wanted, found);
  }
}

function implement(
  context: Context,
  node: ts.ClassDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  const all = basesOf(context, node, substitution).flatMap((one) => [one, ...one.extended]);
  struct.implemented.push(...new Set(all));
}

function lowerFields(
  context: Context,
  node: ts.ClassDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  for (const member of node.members) {
    if (!isPlainMember(member)) {
      context.report(
        member,
        "statementUnsupported",
        "This member",
        "A class has fields, methods and a constructor, each with a plain name.",
      );
    } else if (ts.isPropertyDeclaration(member)) lowerField(context, member, struct, substitution);
  }
}

/** What may stand before a member, by its kind. Everything else means something that a struct does not have. */
const FIELD_MODIFIERS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
]);
const METHOD_MODIFIERS: ReadonlySet<ts.SyntaxKind> = new Set([
  ...FIELD_MODIFIERS,
  ts.SyntaxKind.StaticKeyword,
]);

function isPlainMember(member: ts.ClassElement): boolean {
  if (ts.isConstructorDeclaration(member)) return true;
  const isField = ts.isPropertyDeclaration(member);
  if (!isField && !ts.isMethodDeclaration(member)) return false;
  const allowed = isField ? FIELD_MODIFIERS : METHOD_MODIFIERS;
  const isOpen = member.questionToken !== undefined || (isField && member.exclamationToken !== undefined);
  const isGenerator = !isField && member.asteriskToken !== undefined;
  return (
    !isOpen &&
    !isGenerator &&
    ts.isIdentifier(member.name) &&
    (member.modifiers ?? []).every((modifier) => allowed.has(modifier.kind))
  );
}

function lowerField(
  context: Context,
  member: ts.PropertyDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  if (struct.literals.has(member.name.getText())) {
    // What tsc takes as initialiser can only be this literal.
    if (member.initializer === undefined) context.report(member, "fieldInitial", member.name.getText());
    return;
  }
  if (member.type !== undefined && literalOfType(context, member.type) !== null) {
    const hint = "Of a field that has one value for ever say so: 'readonly'.";
    context.report(member.type, "typeUnsupported", member.type.getText(), hint);
    return;
  }
  const declared = member.type === undefined ? null : placeType(context, member.type, substitution);
  const lowering = new FunctionLowering(context, struct.module, substitution, VOID, struct, member);
  let initial: Expression | null = null;
  if (member.initializer !== undefined) {
    initial = lowering.initializer(member.initializer, declared);
    if (declared !== null) initial = lowering.convert(initial, declared, member.initializer);
    if (lowering.statements.length > 0) context.report(member.initializer, "constructorForm");
  }
  const type = declared ?? initial?.type ?? VOID;
  if (declared === null && initial !== null && initial.interval !== null) {
    context.report(member, "widthMissing", member.name.getText());
  }
  if (declared !== null) requireWidth(context, member.name, declared);
  if (type.kind === "result") context.report(member, "resultKept");
  struct.fields.push({
    name: member.name.getText(),
    type,
    readonly: isReadonly(member),
    storage: storageOf(initial),
    initial,
    parameter: null,
    line: context.lineOf(member),
  });
}

function isReadonly(node: ts.PropertyDeclaration | ts.ParameterDeclaration): boolean {
  return (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
}

function lowerConstructor(
  context: Context,
  node: ts.ClassDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  const member = node.members.find(ts.isConstructorDeclaration);
  const lowering = new FunctionLowering(context, struct.module, substitution, VOID, struct, member ?? node);
  struct.self = lowering.self;
  if (member === undefined) {
    requireInitials(context, node, struct);
    return;
  }
  refusePatterns(lowering, member.parameters);
  parametersOf(lowering, member.parameters, new Set()).forEach(({ local, symbol }, index) => {
    struct.constructorParameters.push(local);
    const parameter = member.parameters[index]!;
    if (parameter.initializer !== undefined)
      struct.constructorDefaults.set(local, defaultOf(lowering, local, parameter.initializer));
    if (symbol !== null) lowering.declare(symbol, local);
    // A parameter property has two symbols; the body's own is the parameter's.
    if ((parameter.modifiers ?? []).length === 0) return;
    const field: Field = {
      name: local.name,
      type: local.type,
      readonly: isReadonly(parameter),
      storage: { kind: "value" },
      initial: null,
      parameter: local,
      line: context.lineOf(parameter),
    };
    if (local.type.kind === "result") context.report(parameter, "resultKept");
    struct.fields.push(field);
  });
  if (member.body !== undefined) {
    lowering.block(member.body.statements);
    for (const statement of lowering.statements) {
      const plain =
        statement.kind === "assign" &&
        statement.target.kind === "field" &&
        statement.target.object.kind === "local" &&
        statement.target.object.local === lowering.self;
      if (!plain) context.report(member, "constructorForm");
    }
    struct.constructorBody.push(...lowering.statements);
  }
  requireInitials(context, node, struct);
}

function requireInitials(context: Context, node: ts.ClassDeclaration, struct: StructDeclaration): void {
  const assigned = new Set(
    struct.constructorBody.map((s) =>
      s.kind === "assign" && s.target.kind === "field" ? s.target.field.name : "",
    ),
  );
  for (const field of struct.fields) {
    if (field.type.kind === "broken") continue;
    if (field.initial === null && field.parameter === null && !assigned.has(field.name)) {
      context.report(node.name ?? node, "fieldInitial", field.name);
    }
  }
}

function lowerMethod(
  context: Context,
  node: ts.MethodDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  const name = node.name.getText();
  const symbol = `${struct.module.name}__${struct.symbol}_${name}`;
  const instance = makeFunction(context, node, symbol, substitution, struct, isStatic(node));
  struct.methods.set(isStatic(node) ? `static ${name}` : name, instance);
}
