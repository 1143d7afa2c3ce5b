// Declarations: enums, interfaces, classes, functions and module-level values, each made once when it is first named.

import { ts } from "../frontend/program.ts";
import { HARDWARE_ROOMS, roomOf } from "../layers.ts";
import type {
  EnumDeclaration,
  Expression,
  Field,
  FunctionInstance,
  Global,
  InterfaceDeclaration,
  Local,
  StructDeclaration,
  Type,
} from "../tree.ts";
import { BROKEN, rangeOf, typeTag, VOID } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import { integerOf, isConstant } from "./constants.ts";
import type { Context, Substitution, Value } from "./context.ts";
import { layoutOf } from "./layouts.ts";
import { storageOf } from "./storage.ts";
import { isBareInteger, typeOfNode } from "./type-nodes.ts";

const NOTHING: Substitution = new Map();

export function enumOf(context: Context, symbol: ts.Symbol): EnumDeclaration {
  const known = context.enums.get(symbol);
  if (known !== undefined) return known;
  const node = symbol.declarations!.find(ts.isEnumDeclaration)!;
  const module = context.moduleOf(node);
  const members: { name: string; value: bigint }[] = [];
  const declaration = { symbol: context.typeSymbol(node.name.text, module), module, members };
  context.enums.set(symbol, declaration);
  let next = 0n;
  for (const member of node.members) {
    if (member.initializer !== undefined) {
      const lowering = new FunctionLowering(context, module, NOTHING, VOID, null, member);
      const value = integerOf(lowering.expression(member.initializer, null));
      if (value === null) context.report(member, "lengthConstant");
      else next = value;
    }
    members.push({ name: member.name.getText(), value: next });
    next++;
  }
  module.enums.push(declaration);
  return declaration;
}

export function interfaceOf(context: Context, symbol: ts.Symbol): InterfaceDeclaration {
  const known = context.interfaces.get(symbol);
  if (known !== undefined) return known;
  const node = symbol.declarations!.find(ts.isInterfaceDeclaration)!;
  const module = context.moduleOf(node);
  const declaration: InterfaceDeclaration = {
    symbol: context.typeSymbol(node.name.text, module),
    module,
    methods: [],
    implementers: [],
  };
  context.interfaces.set(symbol, declaration);
  for (const member of node.members) {
    if (!ts.isMethodSignature(member) || member.type === undefined) {
      context.report(member, "interfaceForm");
      continue;
    }
    declaration.methods.push({
      name: member.name.getText(),
      parameters: member.parameters.map((parameter) => parameterType(context, parameter, NOTHING)),
      result: typeOfNode(context, member.type, NOTHING),
    });
  }
  module.interfaces.push(declaration);
  return declaration;
}

function parameterType(context: Context, node: ts.ParameterDeclaration, substitution: Substitution): Type {
  if (
    node.type === undefined ||
    node.initializer !== undefined ||
    node.questionToken !== undefined ||
    node.dotDotDotToken !== undefined
  ) {
    context.report(node, "parameterForm");
  }
  return node.type === undefined ? VOID : typeOfNode(context, node.type, substitution);
}

/** The parameters of a function as locals; `assigned` are the symbols that its body assigns to. */
export function parametersOf(
  context: Context,
  nodes: readonly ts.ParameterDeclaration[],
  substitution: Substitution,
  assigned: ReadonlySet<ts.Symbol>,
): { local: Local; symbol: ts.Symbol | null }[] {
  return nodes.map((node) => {
    const type = parameterType(context, node, substitution);
    const symbol = context.symbolOf(node.name);
    const stable = symbol === null || !assigned.has(symbol);
    const local: Local = {
      name: node.name.getText(),
      type,
      storage: { kind: "value" },
      stable,
      interval: rangeOf(type),
      wide: rangeOf(type),
    };
    return { local, symbol };
  });
}

export function typeParameters(
  context: Context,
  nodes: readonly ts.TypeParameterDeclaration[] | undefined,
  typeArguments: readonly Type[],
): Map<ts.Symbol, Type> {
  const substitution = new Map<ts.Symbol, Type>();
  nodes?.forEach((node, index) => {
    const symbol = context.symbolOf(node.name);
    if (symbol !== null && typeArguments[index] !== undefined)
      substitution.set(symbol, typeArguments[index]!);
  });
  return substitution;
}

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
    module,
    fields: [],
    constructorParameters: [],
    constructorBody: [],
    self: null,
    implemented: [],
    methods: new Map(),
    comment: context.commentOf(node),
    line: context.lineOf(node),
  };
  context.structs.set(key, struct);
  module.structs.push(struct);
  const substitution = typeParameters(context, node.typeParameters, typeArguments);
  implement(context, node, struct);
  lowerFields(context, node, struct, substitution);
  lowerConstructor(context, node, struct, substitution);
  for (const member of node.members) {
    if (ts.isMethodDeclaration(member)) lowerMethod(context, member, struct, substitution);
  }
  return struct;
}

function implement(context: Context, node: ts.ClassDeclaration, struct: StructDeclaration): void {
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token === ts.SyntaxKind.ExtendsKeyword) {
      context.report(
        clause,
        "statementUnsupported",
        "'extends'",
        "Embed the other class, or share an interface.",
      );
      continue;
    }
    for (const type of clause.types) {
      const symbol = context.symbolOf(type.expression);
      if (symbol === null) continue;
      const declaration = interfaceOf(context, symbol);
      struct.implemented.push(declaration);
      declaration.implementers.push(struct);
    }
  }
}

function lowerFields(
  context: Context,
  node: ts.ClassDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  for (const member of node.members) {
    if (ts.isPropertyDeclaration(member)) lowerField(context, member, struct, substitution);
    else if (!ts.isMethodDeclaration(member) && !ts.isConstructorDeclaration(member)) {
      context.report(
        member,
        "statementUnsupported",
        "This member",
        "A class has fields, methods and a constructor.",
      );
    }
  }
}

function lowerField(
  context: Context,
  member: ts.PropertyDeclaration,
  struct: StructDeclaration,
  substitution: Substitution,
): void {
  const declared = member.type === undefined ? null : typeOfNode(context, member.type, substitution);
  const lowering = new FunctionLowering(context, struct.module, substitution, VOID, struct, member);
  let initial: Expression | null = null;
  if (member.initializer !== undefined) {
    initial = lowering.initializer(member.initializer, declared);
    if (declared !== null) initial = lowering.convert(initial, declared, member.initializer);
  }
  const type = declared ?? initial?.type ?? VOID;
  if (declared === null && initial !== null && initial.interval !== null) {
    context.report(member, "widthMissing", member.name.getText());
  }
  if (declared !== null) requireWidth(context, member.name, declared);
  struct.fields.push({
    name: member.name.getText(),
    type,
    storage: storageOf(initial),
    initial,
    parameter: null,
    line: context.lineOf(member),
  });
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
  parametersOf(context, member.parameters, substitution, new Set()).forEach(({ local, symbol }, index) => {
    struct.constructorParameters.push(local);
    if (symbol !== null) lowering.declare(symbol, local);
    const parameter = member.parameters[index]!;
    // A parameter property has two symbols; the body's own is the parameter's.
    if ((parameter.modifiers ?? []).length === 0) return;
    const field: Field = {
      name: local.name,
      type: local.type,
      storage: { kind: "value" },
      initial: null,
      parameter: local,
      line: context.lineOf(parameter),
    };
    struct.fields.push(field);
  });
  if (member.body !== undefined) {
    lowering.block(member.body.statements);
    for (const statement of lowering.statements) {
      const plain =
        statement.kind === "assign" &&
        statement.target.kind === "field" &&
        statement.target.object.kind === "local";
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
  const isStatic = (node.modifiers ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
  const name = node.name.getText();
  const symbol = `${struct.module.name}__${struct.symbol}_${name}`;
  const instance = makeFunction(context, node, symbol, substitution, struct, isStatic);
  struct.methods.set(isStatic ? `static ${name}` : name, instance);
}

/** A function of a module, for these type arguments. */
export function functionOf(
  context: Context,
  symbol: ts.Symbol,
  typeArguments: readonly Type[],
): FunctionInstance | null {
  const node = symbol.declarations?.find(ts.isFunctionDeclaration);
  // Functions of the library are the callers' business; those of a module that cannot be imported have been reported.
  if (node === undefined || !context.modules.has(node.getSourceFile())) return null;
  const key = context.keyOf(symbol, typeArguments);
  const known = context.functions.get(key);
  if (known !== undefined) return known;
  const name = [node.name!.text, ...typeArguments.map(typeTag)].join("_");
  const module = context.moduleOf(node);
  const substitution = typeParameters(context, node.typeParameters, typeArguments);
  return makeFunction(context, node, `${module.name}__${name}`, substitution, null, false, key);
}

function makeFunction(
  context: Context,
  node: ts.FunctionDeclaration | ts.MethodDeclaration,
  symbol: string,
  substitution: Substitution,
  owner: StructDeclaration | null,
  isStatic: boolean,
  key: string | null = null,
): FunctionInstance {
  const module = context.moduleOf(node);
  if (node.type === undefined) context.report(node.name ?? node, "returnType", node.name?.getText() ?? "");
  const result = node.type === undefined ? BROKEN : typeOfNode(context, node.type, substitution);
  requireWidth(context, node.name ?? node, result);
  const lowering = new FunctionLowering(context, module, substitution, result, isStatic ? null : owner, node);
  const parameters: Local[] = lowering.self === null ? [] : [lowering.self];
  const instance: FunctionInstance = {
    symbol,
    module,
    owner: isStatic ? null : owner,
    parameters,
    result,
    body: null,
    exported: (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
    comment: context.commentOf(node),
    line: context.lineOf(node),
  };
  if (key !== null) context.functions.set(key, instance);
  module.functions.push(instance);
  for (const { local, symbol: parameterSymbol } of parametersOf(
    context,
    node.parameters,
    substitution,
    lowering.assigned,
  )) {
    parameters.push(local);
    if (parameterSymbol !== null) lowering.declare(parameterSymbol, local);
  }
  if (node.body === undefined) {
    const room = roomOf(module.file);
    if (room === null || !HARDWARE_ROOMS.includes(room)) context.report(node, "declareRoom");
    return instance;
  }
  const body = node.body;
  context.pending.push(() => {
    lowering.block(body.statements);
    instance.body = lowering.statements;
  });
  return instance;
}

/** `number` and `bigint` are types of parameters only. */
export function requireWidth(context: Context, node: ts.Node, type: Type): void {
  if (isBareInteger(type)) context.report(node, "bareNumberType", node.getText());
}

/** What a module-level name stands for. */
export function valueOf(context: Context, symbol: ts.Symbol): Value {
  const known = context.values.get(symbol);
  if (known !== undefined) return known;
  const node = symbol.declarations?.find(ts.isVariableDeclaration);
  context.values.set(symbol, { kind: "broken" });
  const value = node === undefined ? ({ kind: "broken" } as const) : lowerGlobal(context, node);
  context.values.set(symbol, value);
  return value;
}

function lowerGlobal(context: Context, node: ts.VariableDeclaration): Value {
  const module = context.moduleOf(node);
  const name = node.name.getText();
  if (node.initializer === undefined) {
    context.report(node, "moduleValue", name);
    return { kind: "broken" };
  }
  const layout = layoutOf(context, node.initializer);
  if (layout !== null) return { kind: "layout", layout };
  const lowering = new FunctionLowering(context, module, NOTHING, VOID, null, node);
  const declared = node.type === undefined ? null : typeOfNode(context, node.type, NOTHING);
  let initial = lowering.initializer(node.initializer, declared);
  if (declared !== null) initial = lowering.convert(initial, declared, node.initializer);
  const constant = (node.parent.flags & ts.NodeFlags.Const) !== 0;
  if (!isConstant(initial) || lowering.statements.length > 0)
    context.report(node.initializer, "moduleValue", name);
  if (!constant && declared === null) context.report(node, "widthMissing", name);
  if (!constant && storageOf(initial).kind !== "value") context.report(node.initializer, "newPlace");
  if (declared !== null) requireWidth(context, node.name, declared);
  const global: Global = {
    symbol: `${module.name}__${name}`,
    module,
    type: declared ?? initial.type,
    storage: storageOf(initial),
    constant,
    initial,
    comment: context.commentOf(node.parent.parent),
    line: context.lineOf(node),
  };
  module.globals.push(global);
  return { kind: "global", global };
}

/** Makes every declaration of a module that has no type parameters. */
export function lowerModule(context: Context, file: ts.SourceFile): void {
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const node of statement.declarationList.declarations) {
        const symbol = context.symbolOf(node.name);
        if (symbol !== null) valueOf(context, symbol);
      }
      continue;
    }
    if (
      ts.isImportDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEmptyStatement(statement)
    )
      continue;
    const symbol =
      (statement as ts.DeclarationStatement).name === undefined
        ? null
        : context.symbolOf((statement as ts.DeclarationStatement).name!);
    if (symbol === null) context.report(statement, "moduleStatement");
    else if (ts.isEnumDeclaration(statement)) enumOf(context, symbol);
    else if (ts.isInterfaceDeclaration(statement)) interfaceOf(context, symbol);
    else if (ts.isClassDeclaration(statement)) {
      if (statement.typeParameters === undefined && context.isClass(symbol)) structOf(context, symbol, []);
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.typeParameters === undefined) functionOf(context, symbol, []);
    } else context.report(statement, "moduleStatement");
  }
}
