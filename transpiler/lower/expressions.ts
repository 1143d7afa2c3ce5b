// Expressions: one visitor per syntax family, in a table by syntax kind.

import { ts } from "../frontend/program.ts";
import { interval } from "../interval.ts";
import type { CompareOperator, Expression, Type } from "../tree.ts";
import { BOOLEAN, hasEffects, knownLength, NULL, rangeOf, STRING, typeName, U32 } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import { lowerCall } from "./calls.ts";
import { lowerConditional, lowerNullish, variable } from "./choices.ts";
import { structOf } from "./classes.ts";
import { nonNull } from "./convert.ts";
import { lowerComparison } from "./comparisons.ts";
import { enumOf, valueOf } from "./declarations.ts";
import {
  captureOf,
  genericAsValue,
  lowerFunctionValue,
  namedFunction,
  valueOfInstance,
} from "./function-values.ts";
import { isStatic } from "./generics.ts";
import { isModuleVariable, layoutFieldOf, namedLayout } from "./layouts.ts";
import {
  broken,
  complement,
  integer,
  isArithmetic,
  lowerArithmetic,
  lowerBigIntLiteral,
  lowerNumericLiteral,
  negate,
} from "./numbers.ts";
import { proveIndex } from "./proofs.ts";
import { inOrder } from "./sequence.ts";
import { literalProperty, narrowed, unionProperty } from "./unions.ts";

type Visitor = (lowering: FunctionLowering, node: never, expected: Type | null) => Expression;

const VISITORS: Readonly<Partial<Record<ts.SyntaxKind, Visitor>>> = {
  [ts.SyntaxKind.NumericLiteral]: lowerNumericLiteral,
  [ts.SyntaxKind.BigIntLiteral]: (_lowering, node: ts.BigIntLiteral) => lowerBigIntLiteral(node),
  [ts.SyntaxKind.StringLiteral]: lowerString,
  [ts.SyntaxKind.NoSubstitutionTemplateLiteral]: lowerString,
  [ts.SyntaxKind.TrueKeyword]: () => truth(true),
  [ts.SyntaxKind.FalseKeyword]: () => truth(false),
  [ts.SyntaxKind.NullKeyword]: () => ({
    kind: "constant",
    value: null,
    name: null,
    type: NULL,
    interval: null,
    wide: null,
  }),
  [ts.SyntaxKind.ThisKeyword]: lowerThis,
  [ts.SyntaxKind.Identifier]: lowerIdentifier,
  [ts.SyntaxKind.ParenthesizedExpression]: (lowering, node: ts.ParenthesizedExpression, expected) =>
    lowerExpression(lowering, node.expression, expected),
  [ts.SyntaxKind.PropertyAccessExpression]: lowerProperty,
  [ts.SyntaxKind.ElementAccessExpression]: lowerIndex,
  [ts.SyntaxKind.BinaryExpression]: lowerBinary,
  [ts.SyntaxKind.PrefixUnaryExpression]: lowerPrefix,
  [ts.SyntaxKind.ConditionalExpression]: lowerConditional,
  [ts.SyntaxKind.CallExpression]: lowerCall,
  [ts.SyntaxKind.ArrowFunction]: lowerFunctionValue,
  [ts.SyntaxKind.FunctionExpression]: lowerFunctionValue,
  [ts.SyntaxKind.NewExpression]: (lowering, node: ts.Expression) => refuse(lowering, node, "newPlace"),
  [ts.SyntaxKind.TemplateExpression]: (lowering, node: ts.Expression) =>
    refuse(lowering, node, "templatePlace"),
};

/** The value of an expression. `expected` is the type that its place wants, where that decides what it means. */
export function lowerExpression(
  lowering: FunctionLowering,
  node: ts.Expression | undefined,
  expected: Type | null,
): Expression {
  // An argument that is missing is an error of tsc's, and said by it.
  if (node === undefined) return broken();
  const visitor = VISITORS[node.kind];
  if (visitor !== undefined) return visitor(lowering, node as never, expected);
  lowering.report(node, "expressionForm", hintFor(node));
  return broken();
}

function refuse(lowering: FunctionLowering, node: ts.Node, name: "newPlace" | "templatePlace"): Expression {
  lowering.report(node, name);
  return broken();
}

function hintFor(node: ts.Node): string {
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))
    return "Convert with u8(x), BigInt(x), or a switch.";
  if (ts.isNonNullExpression(node)) return "Test it: if (x !== null).";
  if (ts.isObjectLiteralExpression(node)) return "Declare a class.";
  if (ts.isArrayLiteralExpression(node)) return "Declare a table at module level, or a fixedArray.";
  if (ts.isSatisfiesExpression(node)) return "Name the type where the value is stored.";
  if (ts.isSpreadElement(node)) return "Write the elements out.";
  if (ts.isPostfixUnaryExpression(node)) return "Write ++ and -- as statements of their own.";
  return "Write it more simply.";
}

function truth(value: boolean): Expression {
  return { kind: "constant", value, name: null, type: BOOLEAN, interval: null, wide: null };
}

function lowerString(_lowering: FunctionLowering, node: ts.StringLiteralLike): Expression {
  return { kind: "constant", value: node.text, name: null, type: STRING, interval: null, wide: null };
}

function lowerThis(lowering: FunctionLowering, node: ts.Node): Expression {
  const { self } = lowering;
  if (self === null) {
    lowering.report(node, "expressionUnsupported", "'this'", "It stands in methods only.");
    return broken();
  }
  // Whoever gets an instance may read fields of it: all of them must have their values by then.
  const isUnfinished = !ts.isMethodDeclaration(lowering.outermost.node);
  if (isUnfinished && isHandedOn(node)) {
    lowering.report(node, "constructorForm");
    return broken();
  }
  return { kind: "local", local: self, type: self.type, interval: null, wide: null };
}

/** Whether somebody gets the instance, be it by a method of its own. */
function isHandedOn({ parent }: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(parent)) return true;
  const owner = ts.findAncestor(parent, ts.isClassDeclaration);
  return (owner?.members ?? []).some(
    (one) => ts.isMethodDeclaration(one) && one.name.getText() === parent.name.text,
  );
}

function lowerIdentifier(lowering: FunctionLowering, node: ts.Identifier): Expression {
  const symbol = lowering.context.symbolOf(node);
  const local = symbol === null ? null : lowering.localOf(symbol);
  if (local !== null) {
    const range = lowering.flow.intervalOf(local);
    return narrowed(lowering, { kind: "local", local, type: local.type, interval: range, wide: local.wide });
  }
  if (node.text === "undefined") {
    lowering.report(
      node,
      "expressionUnsupported",
      "'undefined'",
      "Leave it out, or write null, of a type 'T | null'.",
    );
    return broken();
  }
  if (symbol === null) {
    lowering.report(node, "unresolved", node.text);
    return broken();
  }
  const enumeration = symbol.declarations?.find(ts.isEnumMember)?.parent;
  const member = enumeration === undefined ? null : lowering.context.symbolOf(enumeration.name);
  // A member may name those above it.
  if (member !== null) return memberOf(lowering, member, node.text) ?? broken();
  const captured = lowering.capturedOf(symbol);
  if (captured !== null) {
    lowering.report(node, "capture", captureOf(lowering.context, captured.node) ?? "");
    return broken();
  }
  if ((symbol.flags & ts.SymbolFlags.Function) !== 0) return namedFunction(lowering, node, symbol);
  if (lowering.context.libraryName(node) !== null || !(symbol.declarations ?? []).some(isModuleVariable)) {
    lowering.report(node, "unresolved", node.text);
    return broken();
  }
  return globalValue(lowering, node, symbol);
}

function globalValue(lowering: FunctionLowering, node: ts.Node, symbol: ts.Symbol): Expression {
  const value = valueOf(lowering.context, symbol);
  if (value.kind !== "global") {
    if (value.kind === "layout") lowering.report(node, "layoutForm");
    return broken();
  }
  const { global } = value;
  const { initial } = global;
  // Of one that was refused no more than the type is known.
  const isKnown = global.constant && initial.kind === "constant" && initial.type.kind !== "broken";
  if (isKnown) return { ...initial, name: global, type: global.type };
  const range = rangeOf(global.type);
  return narrowed(lowering, { kind: "global", global, type: global.type, interval: range, wide: range });
}

function lowerProperty(lowering: FunctionLowering, node: ts.PropertyAccessExpression): Expression {
  const known = lowerCompileTimeProperty(lowering, node);
  if (known !== null) return known;
  if (node.questionDotToken !== undefined)
    lowering.report(node, "expressionUnsupported", "'?.' here", "Say what stands for nothing: a?.b ?? c.");
  return propertyOf(lowering, node, lowerExpression(lowering, node.expression, null));
}

/** `object.name`, where the object was evaluated already. */
export function propertyOf(
  lowering: FunctionLowering,
  node: ts.PropertyAccessExpression | ts.BindingElement,
  object: Expression,
  name: string = node.name.getText(),
): Expression {
  const { type } = object;
  if (type.kind === "reference") {
    const field = type.struct.fields.find((candidate) => candidate.name === name);
    if (field !== undefined) {
      const range = rangeOf(field.type);
      return narrowed(lowering, {
        kind: "field",
        object: nonNull(object),
        field,
        type: field.type,
        interval: range,
        wide: range,
      });
    }
    const literal = type.struct.literals.get(name);
    if (literal !== undefined) return literalProperty(lowering, object, literal);
  }
  if (type.kind === "union") return unionProperty(lowering, node, object, name);
  if (type.kind === "result" && (name === "ok" || name === "value" || name === "error"))
    return resultPart(lowering, object, name);
  if (name === "length" && (type.kind === "bytes" || type.kind === "view" || type.kind === "array")) {
    const length = knownLength(object);
    if (length !== null) return integer(BigInt(length), false);
    return { kind: "length", object, type: U32, interval: rangeOf(U32), wide: rangeOf(U32) };
  }
  if (type.kind === "string") lowering.report(node, "stringUse");
  else {
    const hint = `It is no ${type.kind === "reference" ? "field that has a value by now" : "part of that"}.`;
    lowering.report(node, "expressionUnsupported", `'${name}' of ${typeName(type)}`, hint);
  }
  return broken();
}

/** Enum members, and what is known of layouts. */
function lowerCompileTimeProperty(
  lowering: FunctionLowering,
  node: ts.PropertyAccessExpression,
): Expression | null {
  const name = node.name.text;
  const layout = namedLayout(lowering.context, node.expression);
  if (layout !== null && name === "byteLength") return integer(BigInt(layout.byteLength), false);
  const field = layoutFieldOf(lowering.context, node.expression);
  if (field !== null && (name === "offset" || name === "byteLength")) {
    return integer(BigInt(name === "offset" ? field.offset : field.byteLength), false);
  }
  if (!ts.isIdentifier(node.expression)) return null;
  const symbol = lowering.context.symbolOf(node.expression);
  if (symbol === null) return null;
  if (lowering.context.isClass(symbol)) return staticMethod(lowering, node);
  return (symbol.flags & ts.SymbolFlags.Enum) === 0 ? null : memberOf(lowering, symbol, name);
}

/** A static method is a function as any other is. */
function staticMethod(lowering: FunctionLowering, node: ts.PropertyAccessExpression): Expression | null {
  const symbol = lowering.context.symbolOf(node.expression)!;
  const declaration = symbol.declarations!.find(ts.isClassDeclaration)!;
  const method = declaration.members.find((one) => isStatic(one) && one.name?.getText() === node.name.text);
  if (method === undefined || !ts.isMethodDeclaration(method)) return null;
  const name = node.getText();
  if (method.typeParameters !== undefined) return genericAsValue(lowering, node, name, `${name}<u32>`);
  if (declaration.typeParameters !== undefined) return genericAsValue(lowering, node, name, name);
  const instance = structOf(lowering.context, symbol, []).methods.get(`static ${node.name.text}`);
  return instance === undefined ? null : valueOfInstance(lowering, instance);
}

function memberOf(lowering: FunctionLowering, symbol: ts.Symbol, name: string): Expression | null {
  const enumeration = enumOf(lowering.context, symbol);
  const member = enumeration.members.find((candidate) => candidate.name === name);
  if (member === undefined) return null;
  const range = interval(member.value, member.value);
  return {
    kind: "constant",
    value: member.value,
    name: { enumeration, member: name },
    type: { kind: "enum", declaration: enumeration },
    interval: range,
    wide: null,
  };
}

function resultPart(
  lowering: FunctionLowering,
  object: Expression,
  part: "ok" | "value" | "error",
): Expression {
  const type = object.type as Type & { kind: "result" };
  const partType = part === "ok" ? BOOLEAN : part === "value" ? type.value : type.error;
  const range = rangeOf(partType);
  return narrowed(lowering, {
    kind: "resultPart",
    operand: lowering.settle(object),
    part,
    type: partType,
    interval: range,
    wide: range,
  });
}

function lowerIndex(lowering: FunctionLowering, node: ts.ElementAccessExpression): Expression {
  const [object, index] = inOrder(lowering, [
    () => lowerExpression(lowering, node.expression, null),
    () => lowerExpression(lowering, node.argumentExpression, null),
  ]);
  return elementOf(lowering, node, object!, index!);
}

/** `object[index]`, where both were evaluated already. */
export function elementOf(
  lowering: FunctionLowering,
  node: ts.ElementAccessExpression,
  object: Expression,
  index: Expression,
): Expression {
  const { type } = object;
  if ((type.kind !== "view" && type.kind !== "array") || index.interval === null) {
    lowering.report(
      node,
      "expressionUnsupported",
      `Indexing ${typeName(type)}`,
      "Bytes have u8(at) and its like.",
    );
    return broken();
  }
  return indexed(lowering, object, index);
}

/** `object[index]`. Reading names the object twice (its elements, its length), so one with effects is settled. */
export function indexed(lowering: FunctionLowering, source: Expression, index: Expression): Expression {
  const object = hasEffects(source) || source.kind === "library" ? lowering.settle(source) : source;
  const element = (object.type as Type & { kind: "view" | "array" }).element;
  const range = rangeOf(element);
  return {
    kind: "index",
    object,
    index,
    proven: proveIndex(lowering.flow, object, index),
    type: element,
    interval: range,
    wide: range,
  };
}

const COMPARISONS: Readonly<Partial<Record<ts.SyntaxKind, CompareOperator>>> = {
  [ts.SyntaxKind.LessThanToken]: "<",
  [ts.SyntaxKind.LessThanEqualsToken]: "<=",
  [ts.SyntaxKind.GreaterThanToken]: ">",
  [ts.SyntaxKind.GreaterThanEqualsToken]: ">=",
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: "===",
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: "!==",
};

function lowerBinary(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  expected: Type | null,
): Expression {
  const { kind } = node.operatorToken;
  const comparison = COMPARISONS[kind];
  if (comparison !== undefined) return lowerComparison(lowering, node, comparison);
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return lowerLogical(lowering, node, "and");
  if (kind === ts.SyntaxKind.BarBarToken) return lowerLogical(lowering, node, "or");
  if (kind === ts.SyntaxKind.QuestionQuestionToken) return lowerNullish(lowering, node, expected);
  if (isArithmetic(kind)) return lowerArithmetic(lowering, node.left, kind, node.right, node, false);
  const operator = node.operatorToken.getText();
  if (kind === ts.SyntaxKind.EqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken) {
    lowering.report(node, "looseEquality", operator);
  } else
    lowering.report(
      node,
      "expressionUnsupported",
      `'${operator}' as a value`,
      "Write it as a statement of its own.",
    );
  return truth(false);
}

/** The right side runs only if the left does not decide; what it needs to run first goes into an `if`. */
function lowerLogical(lowering: FunctionLowering, node: ts.BinaryExpression, kind: "and" | "or"): Expression {
  const left = condition(lowering, node.left);
  const before = lowering.flow.snapshot();
  const position = lowering.flow.position();
  lowering.flow.assume(left, kind === "and");
  const mark = lowering.flow.mark();
  let right: Expression = left;
  const statements = lowering.capture(() => {
    right = condition(lowering, node.right);
  });
  lowering.flow.rejoin(before, position);
  lowering.flow.dropBehind(mark);
  if (statements.length === 0) return { kind, left, right, type: BOOLEAN, interval: null, wide: null };
  const { local, value } = variable(lowering, BOOLEAN, left);
  const assign = { kind: "assign", line: lowering.line, target: value, value: right } as const;
  const branch = [...statements, assign];
  lowering.flow.members.mean(local, { kind, left, right, type: BOOLEAN, interval: null, wide: null });
  lowering.emit({
    kind: "if",
    line: lowering.line,
    condition: value,
    whenTrue: kind === "and" ? branch : [],
    whenFalse: kind === "and" ? [] : branch,
  });
  return value;
}

/** A boolean, as `if` and its like want it. */
export function condition(lowering: FunctionLowering, node: ts.Expression | undefined): Expression {
  const value = lowerExpression(lowering, node, BOOLEAN);
  if (node !== undefined && value.type.kind !== "boolean" && value.type.kind !== "broken")
    lowering.report(node, "condition");
  return value;
}

function lowerPrefix(lowering: FunctionLowering, node: ts.PrefixUnaryExpression): Expression {
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
      return {
        kind: "not",
        operand: condition(lowering, node.operand),
        type: BOOLEAN,
        interval: null,
        wide: null,
      };
    case ts.SyntaxKind.MinusToken:
      return negate(lowering, lowerExpression(lowering, node.operand, null), node);
    case ts.SyntaxKind.TildeToken:
      return complement(lowering, lowerExpression(lowering, node.operand, null), node);
    case ts.SyntaxKind.PlusToken:
      return plus(lowering, node);
    default:
      lowering.report(
        node,
        "expressionUnsupported",
        "This operator here",
        "Write ++ and -- as statements of their own.",
      );
      return broken();
  }
}

/** `+x` of a number is that number. */
function plus(lowering: FunctionLowering, node: ts.PrefixUnaryExpression): Expression {
  const operand = lowerExpression(lowering, node.operand, null);
  if (operand.type.kind === "int" || operand.type.kind === "broken") return operand;
  lowering.report(node, "mixed", typeName(operand.type), "number");
  return broken();
}
