// Calls: of functions, methods, interfaces, function values, and of what the library declares.

import { ts } from "../frontend/program.ts";
import type { Expression, FunctionInstance, Local, Type } from "../tree.ts";
import {
  BIGINT,
  BYTES,
  isNullable,
  isReference,
  NEVER,
  NUMBER,
  rangeOf,
  sameType,
  STRING,
  typeName,
  U8,
  VOID,
  withoutNull,
} from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { nonNull, narrowTo } from "./convert.ts";
import { calledFunction, calledMethod, calledStatic, type Callee } from "./generics.ts";
import { expandCaptured, expandHelper, isCapturing } from "./helpers.ts";
import { layoutFieldOf } from "./layouts.ts";
import { BYTES_METHODS, callLibrary, setterOf } from "./library.ts";
import { lowerBigIntWrap, lowerMath } from "./math.ts";
import { broken, integer } from "./numbers.ts";
import { proveAccess } from "./proofs.ts";
import { isRegisterBlock, lowerRegister } from "./registers.ts";
import { inOrder } from "./sequence.ts";
import { viewOf } from "./type-nodes.ts";

/** The arguments of a call, in order, each in its parameter's type. */
export function lowerArguments(
  lowering: FunctionLowering,
  nodes: readonly ts.Expression[],
  types: readonly Type[],
): Expression[] {
  return inOrder(
    lowering,
    nodes.map((node, index) => () => lowerArgument(lowering, node, types[index] ?? VOID)),
  );
}

export function lowerArgument(lowering: FunctionLowering, node: ts.Expression, type: Type): Expression {
  return lowering.convert(lowering.expression(node, type), type, node);
}

export function lowerCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  expected: Type | null,
): Expression {
  const { expression: callee } = node;
  if (ts.isIdentifier(callee)) return lowerNamedCall(lowering, node, callee, expected);
  if (ts.isPropertyAccessExpression(callee)) return lowerMethodCall(lowering, node, callee);
  return callValue(lowering, node, lowering.expression(callee, null));
}

/** `operands`: what the call is of; where one was refused, that is all that needs to be said. */
export function refuse(
  lowering: FunctionLowering,
  node: ts.Node,
  ...operands: readonly Expression[]
): Expression {
  if (!operands.some((operand) => operand.type.kind === "broken")) lowering.report(node, "callUnsupported");
  return broken();
}

function lowerNamedCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  callee: ts.Identifier,
  expected: Type | null,
): Expression {
  const library = lowering.context.libraryName(callee);
  if (library !== null) return lowerLibraryCall(lowering, node, library, expected);
  const symbol = lowering.context.symbolOf(callee);
  if (symbol === null) return refuse(lowering, node);
  const captured = lowering.capturedOf(symbol);
  if (captured !== null) return expandCaptured(lowering, node, captured);
  const declaration = symbol.declarations?.find(ts.isFunctionDeclaration);
  if (declaration === undefined) return callValue(lowering, node, lowering.expression(callee, null));
  return callOf(lowering, node, calledFunction(lowering, node, symbol, declaration), null);
}

function callOf(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  called: Callee,
  object: ts.Expression | null,
): Expression {
  if (called === "broken") return broken();
  return called === null ? refuse(lowering, node) : callInstance(lowering, node, called, object);
}

/** `object`: what the method is called on. */
function callInstance(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  instance: FunctionInstance,
  object: ts.Expression | null,
): Expression {
  const own = instance.parameters.slice(object === null ? 0 : 1);
  const receiver = object === null ? null : (): Expression => nonNull(lowering.expression(object, null));
  const expanded = expandHelper(lowering, node, instance, receiver);
  if (expanded !== null) return expanded;
  const lower = node.arguments.map(
    (argument, index) => () => lowerArgument(lowering, argument, own[index]?.type ?? VOID),
  );
  if (receiver !== null) lower.unshift(receiver);
  const parameters = [...inOrder(lowering, lower), ...defaultsBehind(own, instance, node)];
  lowering.flow.open();
  const range = rangeOf(instance.result);
  return { kind: "call", instance, parameters, type: instance.result, interval: range, wide: range };
}

/** What stands for the parameters that a call leaves out. */
export function defaultsBehind(
  own: readonly Local[],
  instance: FunctionInstance,
  node: ts.CallExpression,
): Expression[] {
  return own.slice(node.arguments.length).flatMap((local) => instance.defaults.get(local) ?? []);
}

function callValue(lowering: FunctionLowering, node: ts.CallExpression, callee: Expression): Expression {
  const { type } = callee;
  if (type.kind !== "function") return refuse(lowering, node, callee);
  const [first, ...parameters] = inOrder(lowering, [
    () => callee,
    ...node.arguments.map(
      (argument, index) => () => lowerArgument(lowering, argument, type.parameters[index] ?? VOID),
    ),
  ]);
  lowering.flow.open();
  const range = rangeOf(type.result);
  return { kind: "callValue", callee: first!, parameters, type: type.result, interval: range, wide: range };
}

function lowerMethodCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Expression {
  const name = callee.name.text;
  if (callee.questionDotToken !== undefined)
    lowering.report(node, "expressionUnsupported", "'?.' here", "Say what stands for nothing: a?.b() ?? c.");
  const base = ts.isIdentifier(callee.expression) ? lowering.context.libraryName(callee.expression) : null;
  if (base === "Math") return lowerMath(lowering, node, name);
  if (base === "BigInt") return lowerBigIntWrap(lowering, node, name);
  const field = layoutFieldOf(lowering.context, callee.expression);
  if (field !== null) return lowerLayoutAccess(lowering, node, callee.expression, name);
  const staticCall = lowerStaticCall(lowering, node, callee);
  if (staticCall !== null) return staticCall;
  let object: Expression | null = null;
  const statements = lowering.capture(() => {
    object = lowering.expression(callee.expression, null);
  });
  const type = object!.type;
  if (statements.length === 0 && type.kind === "reference") return callOnStruct(lowering, node, callee, type);
  lowering.statements.push(...statements);
  return callOnValue(lowering, node, object!, name);
}

function callOnStruct(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  type: Type & { kind: "reference" },
): Expression {
  const method = calledMethod(lowering, node, type.struct, callee.name.text);
  if (method !== null) return callOf(lowering, node, method, callee.expression);
  return callValue(lowering, node, lowering.expression(callee, null));
}

/** `object` was evaluated already; it is settled if an argument has effects. */
export function callOnValue(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  object: Expression,
  name: string,
): Expression {
  const { type } = object;
  const call = (types: readonly Type[]): Expression[] =>
    inOrder(lowering, [
      () => nonNull(object),
      ...node.arguments.map(
        (argument, index) => () => lowerArgument(lowering, argument, types[index] ?? VOID),
      ),
    ]);
  if (type.kind === "bytes") {
    const method = BYTES_METHODS[name];
    if (method !== undefined && node.arguments.length < method.parameters.length - 1) return broken();
    return method === undefined
      ? refuse(lowering, node, object)
      : proveAccess(lowering.flow, callLibrary(method, call(method.parameters.slice(1))));
  }
  if (type.kind === "reference") {
    const method = calledMethod(lowering, node, type.struct, name);
    if (method === null) return refuse(lowering, node, object);
    if (method === "broken") return broken();
    const own = method.parameters.slice(1);
    const expanded = expandHelper(lowering, node, method, () => nonNull(object));
    if (expanded !== null) return expanded;
    const parameters = [...call(own.map((local) => local.type)), ...defaultsBehind(own, method, node)];
    lowering.flow.open();
    const range = rangeOf(method.result);
    return { kind: "call", instance: method, parameters, type: method.result, interval: range, wide: range };
  }
  if (type.kind === "interface") return dispatch(lowering, node, object, name);
  if (type.kind === "union") {
    lowering.report(node, "methodOfSeveral", name, typeName(withoutNull(type)));
    return broken();
  }
  if (type.kind === "view" && name === "fill") {
    if (node.arguments.length < 1) return broken();
    const [view, value] = call([type.element]);
    return {
      kind: "library",
      name: "view_fill",
      parameters: [view!, value!],
      traps: false,
      effects: true,
      type: VOID,
      interval: null,
      wide: null,
    };
  }
  return refuse(lowering, node, object);
}

/** A call through the table of an interface. */
function dispatch(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  value: Expression,
  name: string,
): Expression {
  const { type } = value;
  const methods = type.kind === "interface" ? type.declaration.methods : [];
  const method = methods.find((candidate) => candidate.name === name);
  if (method === undefined) return refuse(lowering, node, value);
  if (node.arguments.some((argument) => isCapturing(lowering, argument))) {
    lowering.report(
      node,
      "helperForm",
      name,
      "an interface has no text of its methods, a type parameter has: <E extends T>",
    );
    return broken();
  }
  const isPlace = value.kind === "local" || (value.kind === "field" && !isNullable(type));
  const object = isPlace ? value : lowering.settle(nonNull(value));
  const [receiver, ...parameters] = inOrder(lowering, [
    () => nonNull(object),
    ...node.arguments.map(
      (argument, index) => () => lowerArgument(lowering, argument, method.parameters[index] ?? VOID),
    ),
  ]);
  lowering.flow.open();
  const range = rangeOf(method.result);
  return {
    kind: "dispatch",
    object: receiver!,
    method: name,
    parameters,
    type: method.result,
    interval: range,
    wide: range,
  };
}

function lowerStaticCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Expression | null {
  if (!ts.isIdentifier(callee.expression)) return null;
  const symbol = lowering.context.symbolOf(callee.expression);
  if (symbol === null || !lowering.context.isClass(symbol)) return null;
  return callOf(lowering, node, calledStatic(lowering, node, symbol, callee.name.text), null);
}

function lowerLayoutAccess(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  path: ts.Expression,
  operation: string,
): Expression {
  const field = layoutFieldOf(lowering.context, path)!;
  const at = integer(BigInt(field.offset), false);
  const [record, value] = node.arguments;
  if (record === undefined) return refuse(lowering, node);
  if (isRegisterBlock(lowering, record)) return lowerRegister(lowering, node, field, operation);
  if (field.accessor === null) {
    const bytes = lowerArgument(lowering, record, BYTES);
    const count = integer(BigInt(field.byteLength), false);
    return proveAccess(lowering.flow, callLibrary(BYTES_METHODS["slice"]!, [bytes, at, count]));
  }
  if (operation === "get")
    return proveAccess(
      lowering.flow,
      callLibrary(BYTES_METHODS[field.accessor]!, [lowerArgument(lowering, record, BYTES), at]),
    );
  const setter = BYTES_METHODS[setterOf(field.accessor)]!;
  if (operation !== "set" || value === undefined) return refuse(lowering, node);
  const [bytes, stored] = lowerArguments(lowering, [record, value], [BYTES, setter.parameters[2]!]);
  return proveAccess(lowering.flow, callLibrary(setter, [bytes!, at, stored!]));
}

const CONVERSIONS: Readonly<Record<string, Type>> = {
  u8: { kind: "int", name: "u8" },
  u16: { kind: "int", name: "u16" },
  u32: { kind: "int", name: "u32" },
  i8: { kind: "int", name: "i8" },
  i16: { kind: "int", name: "i16" },
  i32: { kind: "int", name: "i32" },
  u64: { kind: "big", name: "u64" },
  i64: { kind: "big", name: "i64" },
};

/** What these take at least. An argument that is missing is an error of tsc's, and said by it. */
const ARGUMENTS: Readonly<Record<string, number>> = { bytesOf: 1, utf8: 1, print: 1, span: 3 };

function lowerLibraryCall(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  name: string,
  expected: Type | null,
): Expression {
  const conversion = CONVERSIONS[name];
  const first = node.arguments[0];
  if (conversion !== undefined && first !== undefined) return lowerConversion(lowering, first, conversion);
  if (node.arguments.length < (ARGUMENTS[name] ?? 0)) return broken();
  switch (name) {
    case "ok":
    case "err":
      return lowerResult(lowering, node, name, expected);
    case "bytesOf":
      return callLibrary(
        { name: "bytes_of", parameters: [], result: BYTES, traps: false, effects: false },
        lowerArguments(lowering, node.arguments, [viewOf(U8, false)]),
      );
    case "utf8":
      return callLibrary(
        { name: "utf8", parameters: [], result: BYTES, traps: false, effects: false },
        lowerArguments(lowering, node.arguments, [STRING]),
      );
    case "span":
      return proveAccess(
        lowering.flow,
        callLibrary(
          { name: "span", parameters: [], result: viewOf(U8, false), traps: true, effects: false },
          lowerArguments(lowering, node.arguments, [BYTES, NUMBER, NUMBER]),
        ),
      );
    case "print":
      return callLibrary(
        { name: "print", parameters: [], result: VOID, traps: false, effects: true },
        lowerArguments(lowering, node.arguments, [BYTES]),
      );
    case "copy":
      return lowerCopy(lowering, node);
    case "BigInt":
    case "Number":
      return lowerIntegerKind(lowering, node, name);
    case "unreachable":
      lowering.emit({
        kind: "trap",
        line: lowering.line,
        trap: "unreachable",
        message: messageOf(lowering, first),
      });
      return { kind: "constant", value: null, name: null, type: NEVER, interval: null, wide: null };
    default:
      return refuse(lowering, node);
  }
}

/** What a trap says: it is known at compile time, for nothing runs any more that could make it up. */
export function messageOf(lowering: FunctionLowering, node: ts.Expression | undefined): string {
  if (node === undefined) return "";
  const value = lowering.expression(node, STRING);
  if (value.kind === "constant" && typeof value.value === "string") return value.value;
  if (value.type.kind !== "broken") lowering.report(node, "messageConstant");
  return "";
}

function lowerConversion(lowering: FunctionLowering, node: ts.Expression, target: Type): Expression {
  const value = lowering.expression(node, target);
  if (value.interval === null || (target.kind === "big") !== (value.type.kind === "big")) {
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
    return broken();
  }
  return { ...narrowTo(value, target), wide: rangeOf(target) } as Expression;
}

function lowerIntegerKind(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  name: "BigInt" | "Number",
): Expression {
  const operand = lowering.expression(node.arguments[0]!, null);
  if (operand.interval === null || (operand.type.kind === "big") !== (name === "Number")) {
    lowering.report(node, "mixed", typeName(operand.type), name === "Number" ? "bigint" : "number");
    return broken();
  }
  const type = name === "BigInt" ? BIGINT : NUMBER;
  if (operand.kind === "constant" && typeof operand.value === "bigint")
    return integer(operand.value, name === "BigInt");
  const inside = name === "Number" ? narrowTo(operand, NUMBER) : operand;
  return { kind: "widen", operand: inside, type, interval: inside.interval, wide: operand.wide };
}

function lowerResult(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  name: "ok" | "err",
  expected: Type | null,
): Expression {
  if (expected === null || expected.kind !== "result") {
    lowering.report(node, "resultContext");
    return broken();
  }
  const wanted = name === "ok" ? expected.value : expected.error;
  const argument = node.arguments[0];
  const value = argument === undefined ? null : lowerArgument(lowering, argument, wanted);
  if (name === "err" && value !== null)
    return { kind: "failure", error: value, type: expected, interval: null, wide: null };
  return { kind: "success", value, type: expected, interval: null, wide: null };
}

/** Every field: numbers, references, and arrays of numbers in place. */
function lowerCopy(lowering: FunctionLowering, node: ts.CallExpression): Expression {
  const [target, source] = inOrder(
    lowering,
    node.arguments.map((argument) => () => nonNull(lowering.expression(argument, null))),
  );
  if (target === undefined || source === undefined) return broken();
  if (target.type.kind !== "reference" || !sameType(target.type, source.type)) {
    const [to, from] = [typeName(target.type), typeName(source.type)];
    if (target.type.kind === "reference" || source.type.kind === "reference")
      lowering.report(node, "mixed", from, to);
    else lowering.report(node, "copyForm", `'${to}'`);
    return broken();
  }
  for (const field of target.type.struct.fields) {
    const embedded =
      field.storage.kind === "struct" || (field.storage.kind === "elements" && field.storage.struct !== null);
    if (embedded)
      lowering.report(node, "copyForm", `'${field.name}', which is embedded in '${typeName(target.type)}'`);
    // What is known of it once is known for ever.
    if (field.readonly && field.storage.kind === "value" && isReference(field.type))
      lowering.report(
        node,
        "copyForm",
        `'${field.name}', which is readonly and refers to one thing for ever`,
      );
  }
  lowering.flow.open();
  return {
    kind: "library",
    name: "copy",
    parameters: [target, source],
    traps: false,
    effects: true,
    type: VOID,
    interval: null,
    wide: null,
  };
}
