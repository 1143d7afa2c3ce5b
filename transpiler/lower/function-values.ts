// Function values: the name of a module's function, or a function that is written where its value is wanted. It captures
// nothing, so in the tree it is a function of its module like any other, named by its line.

import { ts } from "../frontend/program.ts";
import type { Expression, FunctionInstance, Local, Type } from "../tree.ts";
import { BROKEN, typeTag } from "../types.ts";
import { FunctionLowering } from "./body.ts";
import type { Context } from "./context.ts";
import { functionOf, requireWidth } from "./declarations.ts";
import { closeBody } from "./exits.ts";
import { keep } from "./helpers.ts";
import { isModuleVariable } from "./layouts.ts";
import { broken } from "./numbers.ts";
import { takeParametersApart } from "./patterns.ts";
import { giveBack, lowerCompleted } from "./statements.ts";
import { typeOfNode } from "./type-nodes.ts";

export type WrittenFunction = ts.ArrowFunction | ts.FunctionExpression;

/** What it takes, one for each of its own parameters at least, and what it gives. */
export interface Shape {
  readonly parameters: readonly Type[];
  readonly result: Type;
}

export function isWrittenFunction(node: ts.Node): node is WrittenFunction {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** A function of a module, by its name. */
export function namedFunction(lowering: FunctionLowering, node: ts.Node, symbol: ts.Symbol): Expression {
  const declaration = symbol.declarations?.find(ts.isFunctionDeclaration);
  if (declaration?.typeParameters !== undefined) {
    const { name } = symbol;
    return genericAsValue(lowering, node, name, `${name}<u32>`);
  }
  const instance = functionOf(lowering.context, symbol, []);
  if (instance !== null) return valueOfInstance(lowering, instance);
  lowering.report(node, "callUnsupported");
  return broken();
}

/** Which of its instances is meant, a name alone does not say; `call` is how one is called. */
export function genericAsValue(
  lowering: FunctionLowering,
  node: ts.Node,
  name: string,
  call: string,
): Expression {
  const hint = `Write the function that you mean: (value) => ${call}(value).`;
  lowering.report(node, "expressionUnsupported", `The generic '${name}' as a value`, hint);
  return broken();
}

export function valueOfInstance(lowering: FunctionLowering, instance: FunctionInstance): Expression {
  keep(lowering.context, instance);
  const parameters = instance.parameters.map((local) => local.type);
  const type: Type = { kind: "function", parameters, result: instance.result };
  return { kind: "function", instance, type, interval: null, wide: null };
}

export function lowerFunctionValue(
  lowering: FunctionLowering,
  node: WrittenFunction,
  expected: Type | null,
): Expression {
  const captured = captureOf(lowering.context, node);
  if (captured !== null) {
    lowering.report(node, "capture", captured);
    return broken();
  }
  const shape = shapeOf(lowering, node, expected);
  return shape === null ? broken() : valueOfInstance(lowering, instanceOf(lowering, node, shape));
}

/** Types that are not written are those of the place. `null` where it has no such form: that was reported. */
export function shapeOf(
  lowering: FunctionLowering,
  node: WrittenFunction,
  expected: Type | null,
): Shape | null {
  const { context, substitution } = lowering;
  const place = expected !== null && expected.kind === "function" ? expected : null;
  const refused = node.asteriskToken ?? node.modifiers?.[0] ?? node.typeParameters?.[0];
  if (refused !== undefined) {
    const hint = "Write a plain function, generic ones at module level.";
    lowering.report(refused, "expressionUnsupported", `'${refused.getText()}' here`, hint);
    return null;
  }
  const parameters = node.parameters.map((parameter, index): Type => {
    const type =
      parameter.type === undefined
        ? (place?.parameters[index] ?? BROKEN)
        : typeOfNode(context, parameter.type, substitution);
    const isPlain =
      parameter.initializer === undefined &&
      parameter.questionToken === undefined &&
      parameter.dotDotDotToken === undefined;
    if (!isPlain || (parameter.type === undefined && place === null))
      lowering.report(parameter, "parameterForm");
    return type;
  });
  const written = node.type === undefined ? null : typeOfNode(context, node.type, substitution);
  const result = written ?? place?.result ?? null;
  if (result === null) {
    lowering.report(node, "returnType", "this function");
    return null;
  }
  requireWidth(context, node.type ?? node, result);
  // It may take less than it is given.
  return { parameters: [...parameters, ...(place?.parameters.slice(parameters.length) ?? [])], result };
}

/** One for each set of types that the function around it is made for. */
function instanceOf(lowering: FunctionLowering, node: WrittenFunction, shape: Shape): FunctionInstance {
  const { context, module } = lowering;
  const types = [...lowering.substitution.values(), ...shape.parameters, shape.result];
  const made = context.written.get(node) ?? new Map<string, FunctionInstance>();
  context.written.set(node, made);
  const key = types.map(typeTag).join(",");
  const known = made.get(key);
  if (known !== undefined) return known;
  const line = context.lineOf(node);
  const inner = new FunctionLowering(context, module, lowering.substitution, shape.result, null, node);
  const instance: FunctionInstance = {
    symbol: context.writtenSymbol(module, line, "function"),
    name: `the function in line ${line}`,
    module,
    owner: null,
    parameters: parametersOf(inner, node, shape),
    defaults: new Map(),
    result: shape.result,
    body: null,
    exported: false,
    comment: "",
    line,
  };
  made.set(key, instance);
  module.functions.push(instance);
  context.pending.push(() => {
    lowerWrittenBody(inner, node, instance.parameters);
    closeBody(inner);
    instance.body = inner.statements;
  });
  return instance;
}

function parametersOf(lowering: FunctionLowering, node: WrittenFunction, { parameters }: Shape): Local[] {
  return parameters.map((type, index) =>
    lowering.declareParameter(node.parameters[index]?.name ?? null, type),
  );
}

/** The statements, or the one value that is returned, behind what takes parameters apart. */
export function lowerWrittenBody(
  lowering: FunctionLowering,
  { body, parameters }: WrittenFunction,
  locals: readonly Local[],
): void {
  takeParametersApart(lowering, parameters, locals);
  if (ts.isBlock(body)) return lowering.block(body.statements);
  lowering.line = lowering.context.lineOf(body);
  const { result } = lowering;
  if (result.kind === "void") return lowerCompleted(lowering, body);
  giveBack(lowering, lowering.convert(lowering.expression(body, result), result, body));
}

/** What a function names of those around it: a parameter, a variable, `this`. `null`: it captures nothing. */
export function captureOf(context: Context, node: WrittenFunction): string | null {
  let found: string | null = null;
  const visit = (part: ts.Node): void => {
    if (part.kind === ts.SyntaxKind.ThisKeyword && !ts.isFunctionExpression(node)) found ??= "this";
    if (ts.isIdentifier(part) && isOuterLocal(context, part, node)) found ??= part.text;
    // What follows a dot is the name of a member.
    if (ts.isPropertyAccessExpression(part)) visit(part.expression);
    else ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}

function isOuterLocal(context: Context, name: ts.Identifier, node: WrittenFunction): boolean {
  const symbol = context.symbolOf(name);
  return (symbol?.declarations ?? []).some(
    (one) =>
      (ts.isVariableDeclaration(one) || ts.isParameter(one) || ts.isBindingElement(one)) &&
      !isModuleVariable(one) &&
      context.modules.has(one.getSourceFile()) &&
      !(one.pos >= node.pos && one.end <= node.end && one.getSourceFile() === node.getSourceFile()),
  );
}
