// Declarations: enums, interfaces, classes, functions and module-level values, each made once when it is first named.

import { ts } from "../frontend/program.ts";
import { isHardwareRoom, PURE_ROOMS, roomOf } from "../layers.ts";
import type {
  EnumDeclaration,
  Expression,
  FunctionInstance,
  Global,
  Local,
  StructDeclaration,
  Type,
} from "../tree.ts";
import { BROKEN, rangeOf, typeName, typeTag, VOID } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import { structOf } from "./classes.ts";
import { integerOf, isConstant, isRefusedAlready } from "./constants.ts";
import type { Context, Substitution, Value } from "./context.ts";
import { closeBody } from "./exits.ts";
import { folded } from "./folding.ts";
import { isRefused } from "./generics.ts";
import { reportIgnored } from "./ignored-results.ts";
import { interfaceOf } from "./interfaces.ts";
import { layoutOf } from "./layouts.ts";
import { checkOrder } from "./module-order.ts";
import { giveUp, takeParametersApart } from "./patterns.ts";
import { storageOf } from "./storage.ts";
import { isBareInteger, typeOfNode } from "./type-nodes.ts";

const NOTHING: Substitution = new Map();

export function enumOf(context: Context, symbol: ts.Symbol): EnumDeclaration {
  const known = context.enums.get(symbol);
  if (known !== undefined) return known;
  const node = symbol.declarations!.find(ts.isEnumDeclaration)!;
  const module = context.moduleOf(node);
  const members: { name: string; value: bigint }[] = [];
  const declaration = { symbol: context.typeSymbol(node.name.text, module), module, members, literals: null };
  context.enums.set(symbol, declaration);
  let next = 0n;
  for (const member of node.members) {
    if (member.initializer !== undefined) {
      const lowering = new FunctionLowering(context, module, NOTHING, VOID, null, member);
      const value = integerOf(folded(lowering.expression(member.initializer, null)));
      if (value === null) context.report(member, "lengthConstant");
      else next = value;
    }
    members.push({ name: member.name.getText(), value: next });
    next++;
  }
  module.enums.push(declaration);
  return declaration;
}

export function parameterType(
  context: Context,
  node: ts.ParameterDeclaration,
  substitution: Substitution,
): Type {
  if (
    node.type === undefined ||
    (node.initializer !== undefined && !mayHaveDefault(context, node)) ||
    node.questionToken !== undefined ||
    node.dotDotDotToken !== undefined
  ) {
    context.report(node, "parameterForm");
  }
  return node.type === undefined ? VOID : placeType(context, node.type, substitution);
}

/** The type of a parameter or field, of which there are values. */
export function placeType(context: Context, node: ts.TypeNode, substitution: Substitution): Type {
  const type = typeOfNode(context, node, substitution);
  if (!VALUELESS.has(type.kind)) return type;
  const what = type.kind === node.getText() ? type.kind : `${node.getText()} = ${type.kind}`;
  context.report(node, "typeUnsupported", what, "It has no values that a place could hold.");
  return BROKEN;
}

const VALUELESS: ReadonlySet<Type["kind"]> = new Set(["void", "never", "null"]);

/** Near hardware and disks a call says all that it means. */
function mayHaveDefault(context: Context, node: ts.ParameterDeclaration): boolean {
  const room = roomOf(context.moduleOf(node).file);
  return (
    (room === null || PURE_ROOMS.includes(room)) &&
    (ts.isFunctionDeclaration(node.parent) ||
      ts.isMethodDeclaration(node.parent) ||
      ts.isConstructorDeclaration(node.parent))
  );
}

/** The parameters of a function as locals; `assigned` are the symbols that its body assigns to. */
export function parametersOf(
  lowering: FunctionLowering,
  nodes: readonly ts.ParameterDeclaration[],
  assigned: ReadonlySet<ts.Symbol>,
): { local: Local; symbol: ts.Symbol | null }[] {
  const { context, substitution } = lowering;
  return nodes.map((node) => {
    const type = parameterType(context, node, substitution);
    const symbol = context.symbolOf(node.name);
    const stable = symbol === null || !assigned.has(symbol);
    const local: Local = {
      name: lowering.parameterName(node.name),
      type,
      storage: { kind: "value" },
      stable,
      interval: rangeOf(type),
      wide: rangeOf(type),
    };
    return { local, symbol };
  });
}

/** Where nothing can be taken apart: a constructor assigns fields only, and what is declared has no text. */
export function refusePatterns(lowering: FunctionLowering, nodes: readonly ts.ParameterDeclaration[]): void {
  for (const node of nodes) {
    if (ts.isIdentifier(node.name)) continue;
    lowering.report(node, "parameterForm");
    giveUp(lowering, node.name);
  }
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
  if (isRefused(context, node, typeArguments)) return null;
  const name = [node.name!.text, ...typeArguments.map(typeTag)].join("_");
  const module = context.moduleOf(node);
  const substitution = typeParameters(context, node.typeParameters, typeArguments);
  return makeFunction(context, node, `${module.name}__${name}`, substitution, null, false, key);
}

export function makeFunction(
  context: Context,
  node: ts.FunctionDeclaration | ts.MethodDeclaration,
  symbol: string,
  substitution: Substitution,
  owner: StructDeclaration | null,
  isStatic: boolean,
  key: string | null = null,
): FunctionInstance {
  const module = context.moduleOf(node);
  refuseModifiers(context, node);
  if (node.type === undefined) context.report(node.name ?? node, "returnType", node.name?.getText() ?? "");
  const result = node.type === undefined ? BROKEN : typeOfNode(context, node.type, substitution);
  requireWidth(context, node.name ?? node, result);
  const lowering = new FunctionLowering(context, module, substitution, result, isStatic ? null : owner, node);
  const parameters: Local[] = lowering.self === null ? [] : [lowering.self];
  const instance: FunctionInstance = {
    symbol,
    name: instanceName(context, node, substitution),
    module,
    owner: isStatic ? null : owner,
    parameters,
    defaults: new Map(),
    result,
    body: null,
    exported: (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
    comment: context.commentOf(node),
    line: context.lineOf(node),
  };
  if (key !== null) context.functions.set(key, instance);
  module.functions.push(instance);
  const own = parametersOf(lowering, node.parameters, lowering.assigned);
  own.forEach(({ local, symbol: parameterSymbol }, index) => {
    parameters.push(local);
    const { initializer } = node.parameters[index]!;
    if (initializer !== undefined) instance.defaults.set(local, defaultOf(lowering, local, initializer));
    if (parameterSymbol !== null) lowering.declare(parameterSymbol, local);
  });
  if (parameters.some(({ type }) => type.kind === "function"))
    context.helpers.set(instance, { node, substitution, replaced: false, named: false });
  if (node.body === undefined) {
    refuseBodiless(context, node);
    refusePatterns(lowering, node.parameters);
    return instance;
  }
  const body = node.body;
  context.pending.push(() => {
    const locals = own.map(({ local }) => local);
    takeParametersApart(lowering, node.parameters, locals);
    own.forEach(({ local, symbol: given }, index) => {
      if (local.type.kind === "result" && given !== null)
        reportIgnored(lowering, given, node.parameters[index]!);
    });
    lowering.block(body.statements);
    closeBody(lowering);
    instance.body = lowering.statements;
  });
  return instance;
}

/** As the source says it, with what its type parameters and its class's stand for. */
function instanceName(
  context: Context,
  node: ts.FunctionDeclaration | ts.MethodDeclaration,
  substitution: Substitution,
): string {
  const nameOf = (part: ts.FunctionDeclaration | ts.MethodDeclaration | ts.ClassDeclaration): string => {
    const types = (part.typeParameters ?? []).map(({ name }) => {
      const symbol = context.symbolOf(name);
      const type = symbol === null ? undefined : substitution.get(symbol);
      return type === undefined ? name.text : typeName(type);
    });
    return `${part.name?.getText() ?? ""}${types.length === 0 ? "" : `<${types.join(", ")}>`}`;
  };
  const { parent } = node;
  return ts.isClassDeclaration(parent) ? `${nameOf(parent)}.${nameOf(node)}` : nameOf(node);
}

/** Of an intrinsic the body stands elsewhere. */
export function refuseBodiless(context: Context, node: ts.FunctionDeclaration | ts.MethodDeclaration): void {
  const isDeclared = (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  if (!isDeclared) {
    const hint = "Give what is called in several ways a name for each.";
    context.report(node, "statementUnsupported", "A function without a body", hint);
  } else if (!isHardwareRoom(context.moduleOf(node).file)) context.report(node, "declareRoom");
}

export function defaultOf(lowering: FunctionLowering, local: Local, node: ts.Expression): Expression {
  const found = folded(lowering.expression(node, local.type));
  const value = folded(lowering.convert(found, local.type, node));
  if (value.kind !== "constant") lowering.report(node, "parameterForm");
  return value;
}

/** `async` and `function*` would need a heap for what they have not done yet. */
function refuseModifiers(context: Context, node: ts.FunctionDeclaration | ts.MethodDeclaration): void {
  const refused = (node.modifiers ?? []).find(({ kind }) => REFUSED_MODIFIERS.has(kind));
  const at = refused ?? node.asteriskToken;
  if (at === undefined) return;
  const hint =
    at.kind === ts.SyntaxKind.DefaultKeyword
      ? "Export it by its name."
      : "Write a plain function; what takes time is a task with a step().";
  context.report(at, "statementUnsupported", `'${at.getText()}' here`, hint);
}

const REFUSED_MODIFIERS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AsyncKeyword,
  ts.SyntaxKind.DefaultKeyword,
  ts.SyntaxKind.AbstractKeyword,
  ts.SyntaxKind.Decorator,
]);

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
  const isOwn = node !== undefined && context.modules.has(node.getSourceFile());
  const value = isOwn ? lowerGlobal(context, node) : ({ kind: "broken" } as const);
  context.values.set(symbol, value);
  return value;
}

function lowerGlobal(context: Context, node: ts.VariableDeclaration): Value {
  const module = context.moduleOf(node);
  const name = node.name.getText();
  if ((node.parent.flags & ts.NodeFlags.BlockScoped) === 0)
    context.report(
      node.parent,
      "statementUnsupported",
      "'var'",
      "Write 'const', or 'let' for what is assigned.",
    );
  if (node.initializer === undefined) {
    context.report(node, "moduleValue", name);
    return { kind: "broken" };
  }
  checkOrder(context, node);
  const layout = layoutOf(context, node.initializer);
  if (layout !== null) return { kind: "layout", layout };
  const lowering = new FunctionLowering(context, module, NOTHING, VOID, null, node);
  const declared = node.type === undefined ? null : typeOfNode(context, node.type, NOTHING);
  let initial = folded(lowering.initializer(node.initializer, declared));
  if (declared !== null) initial = folded(lowering.convert(initial, declared, node.initializer));
  const constant = (node.parent.flags & ts.NodeFlags.Const) !== 0;
  const isKnown = isConstant(initial) && lowering.statements.length === 0;
  if (!isKnown && !isRefusedAlready(initial)) context.report(node.initializer, "moduleValue", name);
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

/** What the parser keeps of the comments that silence tsc; not part of its public types. */
interface Silenced {
  readonly commentDirectives?: readonly { readonly range: ts.TextRange }[];
  readonly checkJsDirective?: ts.TextRange & { readonly enabled: boolean };
}

function reportDirectives(context: Context, file: ts.SourceFile): void {
  const { commentDirectives, checkJsDirective } = file as ts.SourceFile & Silenced;
  const ranges = (commentDirectives ?? []).map((one) => one.range);
  if (checkJsDirective !== undefined) ranges.push(checkJsDirective);
  for (const { pos, end } of ranges) {
    const text = /@ts-[\w-]+/.exec(file.text.slice(pos, end))?.[0] ?? "This comment";
    context.reporter.reportRange(file, pos, end, "directive", text);
  }
}

/** What is taken apart would have to be read before anything runs. */
function refuseModulePattern(context: Context, pattern: ts.BindingPattern): void {
  const hint = "Take it apart in a function, or name its parts where they are used.";
  context.report(pattern, "statementUnsupported", "A pattern in a module", hint);
}

/** Of what modules of the subset are not made of, what to write instead. */
const FORMS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.NamespaceImport]: "Name what is taken: import { a, B } from …",
  [ts.SyntaxKind.ExportDeclaration]:
    "Write 'export' before the declaration itself, and import from its own file.",
  [ts.SyntaxKind.ExportAssignment]: "Write 'export' before the declaration itself.",
  [ts.SyntaxKind.ModuleDeclaration]: "A file is a module: give it one of its own.",
};

function refuseForm(context: Context, node: ts.Node): void {
  context.report(node, "statementUnsupported", "This form", FORMS[node.kind]!);
}

/** Makes every declaration of a module that has no type parameters. */
export function lowerModule(context: Context, file: ts.SourceFile): void {
  reportDirectives(context, file);
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const node of statement.declarationList.declarations) {
        if (!ts.isIdentifier(node.name)) refuseModulePattern(context, node.name);
        const symbol = context.symbolOf(node.name);
        if (symbol !== null) valueOf(context, symbol);
      }
      continue;
    }
    if (ts.isTypeAliasDeclaration(statement) || ts.isEmptyStatement(statement)) continue;
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamespaceImport(bindings)) refuseForm(context, bindings);
      continue;
    }
    if (FORMS[statement.kind] !== undefined) {
      refuseForm(context, statement);
      continue;
    }
    const symbol =
      (statement as ts.DeclarationStatement).name === undefined
        ? null
        : context.symbolOf((statement as ts.DeclarationStatement).name!);
    // Where an import has the same name, the name is the import's: tsc says what is wrong.
    const isOther =
      symbol !== null && symbol.declarations?.some((one: ts.Node) => one === statement) !== true;
    if (symbol === null) context.report(statement, "moduleStatement");
    else if (isOther) continue;
    else if (ts.isEnumDeclaration(statement)) enumOf(context, symbol);
    else if (ts.isInterfaceDeclaration(statement)) {
      if (statement.typeParameters === undefined) interfaceOf(context, symbol, []);
    } else if (ts.isClassDeclaration(statement)) {
      if (statement.typeParameters === undefined && context.isClass(symbol)) structOf(context, symbol, []);
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.typeParameters === undefined) functionOf(context, symbol, []);
    } else context.report(statement, "moduleStatement");
  }
}
