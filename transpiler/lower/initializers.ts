// Initialisers: the places where `new`, `fixedArray` and constant tables may stand.

import { ts } from "../frontend/program.ts";
import type { Expression, Type } from "../tree.ts";
import { isInteger } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { lowerArguments } from "./calls.ts";
import { integerOf } from "./constants.ts";
import { folded } from "./folding.ts";
import { structOf } from "./classes.ts";
import { inferArguments } from "./inference.ts";
import { broken } from "./numbers.ts";
import { storageOf } from "./storage.ts";
import { typeOfNode, typedArrayElement, viewOf, withDefaults } from "./type-nodes.ts";

export function lowerInitializer(
  lowering: FunctionLowering,
  node: ts.Expression,
  expected: Type | null,
): Expression {
  if (ts.isNewExpression(node)) return lowerNew(lowering, node, expected);
  if (ts.isCallExpression(node) && lowering.context.libraryName(node.expression) === "fixedArray") {
    return lowerFixedArray(lowering, node, expected);
  }
  if (ts.isArrayLiteralExpression(node)) return lowerTable(lowering, node, expected);
  return lowering.expression(node, expected);
}

function lowerNew(lowering: FunctionLowering, node: ts.NewExpression, expected: Type | null): Expression {
  const element = typedArrayElement(lowering.context.libraryName(node.expression));
  const first = node.arguments?.[0];
  if (element !== null && first !== undefined) {
    const length = constantLength(lowering, first);
    return {
      kind: "elements",
      element,
      length,
      make: null,
      type: viewOf(element, false),
      interval: null,
      wide: null,
    };
  }
  const symbol = lowering.context.symbolOf(node.expression);
  if (symbol === null && ts.isIdentifier(node.expression)) {
    lowering.report(node, "unresolved", node.expression.text);
    return broken();
  }
  if (symbol === null || !lowering.context.isClass(symbol)) {
    lowering.report(node, "newPlace");
    return { kind: "constant", value: null, name: null, type: { kind: "null" }, interval: null, wide: null };
  }
  const types = newTypeArguments(lowering, node, symbol, expected);
  const struct = structOf(lowering.context, symbol, types);
  if (lowering.context.refused.has(struct)) return broken();
  const own = struct.constructorParameters;
  const given = node.arguments ?? [];
  const parameters = lowerArguments(
    lowering,
    given,
    own.map((local) => local.type),
  );
  parameters.push(...own.slice(given.length).flatMap((local) => struct.constructorDefaults.get(local) ?? []));
  lowering.flow.open();
  const type: Type = { kind: "reference", struct, nullable: false };
  return { kind: "construct", struct, parameters, type, interval: null, wide: null };
}

function newTypeArguments(
  lowering: FunctionLowering,
  node: ts.NewExpression,
  symbol: ts.Symbol,
  expected: Type | null,
): Type[] {
  const { context, substitution } = lowering;
  const declaration = symbol.declarations!.find(ts.isClassDeclaration)!;
  const { typeParameters } = declaration;
  if (node.typeArguments !== undefined) {
    const types = node.typeArguments.map((part) => typeOfNode(context, part, substitution));
    return withDefaults(context, typeParameters, types, new Map());
  }
  if (typeParameters === undefined) return [];
  const parameters = declaration.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const wanted = expected?.kind === "reference" ? context.originOf(expected.struct) : undefined;
  const hint = wanted?.symbol === symbol ? wanted.typeArguments : [];
  return inferArguments(lowering, node, { typeParameters, parameters, outer: new Map() }, hint);
}

function constantLength(lowering: FunctionLowering, node: ts.Expression): number {
  const value = integerOf(folded(lowering.expression(node, null)));
  if (value === null) lowering.report(node, "lengthConstant");
  else if (value < 0n || value > 0xffff_ffffn)
    lowering.report(node, "outOfRange", node.getText(), "u32", "0", "4294967295");
  return Number(value ?? 0n);
}

function lowerFixedArray(
  lowering: FunctionLowering,
  node: ts.CallExpression,
  expected: Type | null,
): Expression {
  const [count, maker] = node.arguments;
  const length = count === undefined ? 0 : constantLength(lowering, count);
  const body =
    maker !== undefined && ts.isArrowFunction(maker) && !ts.isBlock(maker.body) ? maker.body : null;
  if (body === null) {
    lowering.report(
      node,
      "typeUnsupported",
      "this array",
      "Write fixedArray(64, () => new T()) or () => a constant.",
    );
  }
  const written = node.typeArguments?.[0];
  const declared =
    written === undefined ? null : typeOfNode(lowering.context, written, lowering.substitution);
  const wanted = expected !== null && expected.kind === "array" ? expected.element : declared;
  let make = body === null ? null : lowerInitializer(lowering, body, wanted);
  if (make !== null && wanted !== null) make = lowering.convert(make, wanted, body!);
  // An array in place has no array in place of its own, only references and structs.
  if (make !== null && storageOf(make).kind === "elements") {
    const hint = "Put the inner array into a class: fixedArray(3, () => new Row()).";
    lowering.report(body!, "typeUnsupported", "this array in an array", hint);
  }
  const element = wanted ?? make?.type ?? { kind: "void" };
  if (wanted === null && isInteger(element)) lowering.report(node, "widthMissing", "this array");
  if (element.kind === "result") lowering.report(node, "resultKept");
  const embedded = element.kind === "reference" && !element.nullable;
  const type: Type = { kind: "array", element, length, embedded };
  return {
    kind: "elements",
    element,
    length,
    make: isZero(make) ? null : make,
    type,
    interval: null,
    wide: null,
  };
}

function isZero(value: Expression | null): boolean {
  return (
    value !== null &&
    value.kind === "constant" &&
    (value.value === null || value.value === 0n || value.value === false)
  );
}

function lowerTable(
  lowering: FunctionLowering,
  node: ts.ArrayLiteralExpression,
  expected: Type | null,
): Expression {
  const element = expected !== null && expected.kind === "view" ? expected.element : null;
  if (element === null) {
    lowering.report(
      node,
      "typeUnsupported",
      "this list",
      "Declare the table: const NAMES: readonly string[] = […].",
    );
    return broken();
  }
  const values = node.elements.map((part) => {
    const value = lowering.convert(lowerInitializer(lowering, part, element), element, part);
    if (value.kind === "table" || value.kind === "elements")
      lowering.report(
        part,
        "typeUnsupported",
        "this list in a list",
        "Give the inner one a name of its own.",
      );
    return value;
  });
  return { kind: "table", element, values, type: viewOf(element, true), interval: null, wide: null };
}
