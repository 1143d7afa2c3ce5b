// Unions of classes: a reference to an instance of one of several, which a field of a literal type tells apart. What is known
// of a variable (`members.ts`) makes it a reference to one class, or to fewer, wherever it is read.

import { ts } from "../frontend/program.ts";
import { interval, join, type Interval } from "../interval.ts";
import type {
  CompareOperator,
  Discriminant,
  Expression,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "../tree.ts";
import { hasEffects, isNullable, NULL, sameType, typeName, withoutNull } from "../types.ts";
import type { FunctionLowering } from "./body.ts";
import type { Context } from "./context.ts";
import { convert, nonNull } from "./convert.ts";
import { compared } from "./comparisons.ts";
import { propertyOf } from "./expressions.ts";
import { broken } from "./numbers.ts";
import { literalUnion } from "./type-nodes.ts";

export type Union = Type & { kind: "union" };
type Constant = Expression & { kind: "constant" };

/** The type of these classes; of one class alone it is that class. */
export function unionOf(
  context: Context,
  node: ts.UnionTypeNode,
  structs: ReadonlySet<StructDeclaration>,
  nullable: boolean,
): Type {
  const members = [...structs];
  if (members.length === 1) return { kind: "reference", struct: members[0]!, nullable };
  const symbols = members.map(({ symbol }) => symbol);
  const key = [...symbols].sort().join("|");
  let declaration = context.unions.get(key);
  if (declaration === undefined) {
    const module = context.moduleOf(node);
    const { parent } = node;
    const isNamed = ts.isTypeAliasDeclaration(parent) && parent.typeParameters === undefined && !nullable;
    const symbol = context.typeSymbol(isNamed ? parent.name.text : symbols.join("_or_"), module);
    const name = isNamed ? symbol : symbols.join(" | ");
    declaration = { symbol, name, module, members, discriminants: null };
    context.unions.set(key, declaration);
    module.unions.push(declaration);
    const made = declaration;
    context.pending.push(() => {
      if (discriminantsOf(context, made).length === 0)
        context.report(node, "unionForm", unionText(made.members));
    });
  }
  return { kind: "union", declaration, members: declaration.members, nullable };
}

function unionText(members: readonly StructDeclaration[]): string {
  return members.map(({ symbol }) => `'${symbol}'`).join(" and ");
}

/** What tells the members apart: fields that each has with a value for ever, of which the first is of each another. */
export function discriminantsOf(context: Context, declaration: UnionDeclaration): readonly Discriminant[] {
  const { members } = declaration;
  if (declaration.discriminants !== null) return declaration.discriminants;
  const found = [...members[0]!.literals.keys()].flatMap((name) => {
    const constants = members.flatMap(({ literals }) => literals.get(name) ?? []);
    return constants.length < members.length
      ? []
      : (discriminantOf(context, declaration, name, constants) ?? []);
  });
  const first = found.find(({ values }) => new Set(values.values()).size === members.length);
  declaration.discriminants = first === undefined ? [] : [first, ...found.filter((one) => one !== first)];
  return declaration.discriminants;
}

function discriminantOf(
  context: Context,
  declaration: UnionDeclaration,
  name: string,
  constants: readonly Constant[],
): Discriminant | null {
  const enumeration = enumerationOf(context, declaration, name, constants);
  if (enumeration === null) return null;
  const { literals } = enumeration;
  const valueOf = ({ value }: Constant): bigint =>
    literals === null
      ? (value as bigint)
      : enumeration.members[literals.indexOf(value as string | bigint)]!.value;
  const pairs = declaration.members.map((one, index) => [one, valueOf(constants[index]!)] as const);
  return { name, enumeration, values: new Map(pairs) };
}

/** The const enum that all are members of, or the choice among literals; `null` where they are of different kinds. */
function enumerationOf(
  context: Context,
  { symbol, module }: UnionDeclaration,
  name: string,
  constants: readonly Constant[],
): Discriminant["enumeration"] | null {
  const types = constants.map(({ type }) => type);
  const [first] = types;
  if (first!.kind === "enum")
    return types.every((type) => sameType(type, first!)) ? first!.declaration : null;
  if (types.some((type) => type.kind !== first!.kind)) return null;
  const literals = [...new Set(constants.map(({ value }) => value as string | bigint))];
  const type = literalUnion(context, module, `${symbol}_${name}`, literals);
  return type.kind === "enum" ? type.declaration : null;
}

// ---- reading ----

/** A place of union type, as what is known to be in it. */
export function narrowed(lowering: FunctionLowering, place: Expression): Expression {
  const { type } = place;
  if (type.kind !== "union") return place;
  const members = lowering.flow.members.of(place);
  // Of no class: it is null, or control does not come here.
  if (members.length === 0 || members.length === type.members.length) return place;
  if (members.length === 1) return asMember(place, members[0]!);
  return { ...place, type: { ...type, members } } as Expression;
}

/** The place itself, as an assignment to it wants it. */
export function unnarrowed(place: Expression): Expression {
  if (place.kind === "asMember") return unnarrowed(place.operand);
  if (place.type.kind !== "union") return place;
  if (place.kind === "local") return { ...place, type: place.local.type };
  if (place.kind === "field") return { ...place, type: place.field.type };
  return place.kind === "global" ? { ...place, type: place.global.type } : place;
}

function asMember(operand: Expression, struct: StructDeclaration): Expression {
  const nullable = isNullable(operand.type);
  const type: Type = { kind: "reference", struct, nullable };
  return { kind: "asMember", operand, type, interval: null, wide: null };
}

/** A property of an instance of one of several classes: what tells them apart, or what all of them have alike. */
export function unionProperty(
  lowering: FunctionLowering,
  node: ts.PropertyAccessExpression | ts.BindingElement,
  object: Expression,
  name: string,
): Expression {
  const type = object.type as Union;
  const discriminants = discriminantsOf(lowering.context, type.declaration);
  if (discriminants.length === 0) return broken();
  const asked = discriminants.find((one) => one.name === name);
  if (asked !== undefined)
    return tagOf(asked === discriminants[0] ? nonNull(object) : repeatable(lowering, object), asked);
  const isCommon = type.members.every(
    ({ fields, literals }) => literals.has(name) || fields.some((field) => field.name === name),
  );
  const values = isCommon
    ? perMember(lowering, nonNull(object), (member) => propertyOf(lowering, node, member, name))
    : null;
  if (values !== null) return values;
  reportUnknown(lowering, node, type, `'${name}'`);
  return broken();
}

/** What may be printed more than once, and is still known to be the variable that it is read of. */
function repeatable(lowering: FunctionLowering, object: Expression): Expression {
  const isPlace = object.kind === "local" || object.kind === "resultPart";
  const isPath = object.kind === "field" && !hasEffects(object);
  return isPlace || isPath ? nonNull(object) : lowering.settle(nonNull(object));
}

function tagOf(operand: Expression, discriminant: Discriminant): Expression {
  const { enumeration, values } = discriminant;
  const { members } = operand.type as Union;
  const range = members.reduce<Interval | null>((all, one) => {
    const value = values.get(one)!;
    return join(all, interval(value, value));
  }, null);
  const type: Type = { kind: "enum", declaration: enumeration };
  return { kind: "tag", operand, discriminant, type, interval: range, wide: range };
}

/** Says that it must be found out first which class it is. */
export function reportUnknown(lowering: FunctionLowering, node: ts.Node, type: Union, what: string): void {
  const name = discriminantsOf(lowering.context, type.declaration)[0]?.name ?? "kind";
  lowering.report(node, "memberUnknown", what, typeName(withoutNull(type)), name);
}

/** What `lower` makes of it in each of the classes that it may be of; `null` where that is of different types. */
export function perMember(
  lowering: FunctionLowering,
  object: Expression,
  lower: (member: Expression) => Expression,
): Expression | null {
  const type = object.type as Union;
  const discriminant = discriminantsOf(lowering.context, type.declaration)[0];
  if (discriminant === undefined) return broken();
  const place = lowering.settle(object);
  const values = type.members.map((one) => lower(asMember(place, one)));
  const last = values.pop()!;
  if (values.some((one) => !sameType(one.type, last.type))) return null;
  const tag = tagOf(place, discriminant);
  return values.reduceRight<Expression>((otherwise, value, index) => {
    const test = compared("===", tag, constantOf(discriminant, type.members[index]!));
    return choice(test, value, otherwise);
  }, last);
}

function choice(condition: Expression, whenTrue: Expression, whenFalse: Expression): Expression {
  return {
    kind: "choose",
    condition,
    whenTrue,
    whenFalse,
    type: whenTrue.type,
    interval: join(whenTrue.interval, whenFalse.interval),
    wide: join(whenTrue.wide, whenFalse.wide),
  };
}

/** The discriminant of instances of a class. */
function constantOf({ enumeration, values }: Discriminant, struct: StructDeclaration): Constant {
  const value = values.get(struct)!;
  const { name } = enumeration.members.find((member) => member.value === value)!;
  return {
    kind: "constant",
    value,
    name: { enumeration, member: name },
    type: { kind: "enum", declaration: enumeration },
    interval: interval(value, value),
    wide: null,
  };
}

/** The value of a readonly field of a literal type; the object is still evaluated, and not null. */
export function literalProperty(lowering: FunctionLowering, object: Expression, value: Constant): Expression {
  if (isNullable(object.type) || hasEffects(object)) lowering.settle(nonNull(object));
  return value;
}

/** Whether two are the same instance: both as references to one of the same classes. */
export function comparedUnions(
  lowering: FunctionLowering,
  node: ts.BinaryExpression,
  operator: CompareOperator,
  left: Expression,
  right: Expression,
): Expression {
  const union = withoutNull(left.type.kind === "union" ? left.type : right.type);
  const target = { ...union, nullable: true } as Union;
  const alike = (value: Expression, part: ts.Node): Expression => {
    const { type } = value;
    if (type.kind === "null" || type.kind === "broken") return value;
    if (type.kind === "union" && type.declaration === target.declaration) return value;
    return convertToUnion(lowering, value, { ...target, members: target.declaration.members }, part);
  };
  return compared(operator, alike(left, node.left), alike(right, node.right));
}

// ---- conversion ----

/** A value into a place of union type. */
export function convertToUnion(
  lowering: FunctionLowering,
  value: Expression,
  target: Union,
  node: ts.Node,
): Expression {
  const present = target.nullable ? value : nonNull(value);
  const { type } = present;
  const found = type.kind === "reference" ? [type.struct] : type.kind === "union" ? type.members : [];
  if (type.kind === "never") return value;
  if (found.length === 0 || found.some((one) => !target.members.includes(one))) {
    lowering.report(node, "mixed", typeName(value.type), typeName(target));
    return value;
  }
  if (type.kind === "reference") return fromReference(lowering, present, target, node);
  if (type.kind === "union" && type.declaration !== target.declaration)
    return fromOther(lowering, present, target, node);
  return { ...present, type: target } as Expression;
}

function fromReference(
  lowering: FunctionLowering,
  value: Expression,
  target: Union,
  node: ts.Node,
): Expression {
  // A new instance needs a place of its own; a union is only a way to it.
  if (value.kind === "construct") lowering.report(node, "newPlace");
  const inner = value.kind === "asMember" ? value.operand : value;
  if (inner.type.kind === "union" && inner.type.declaration === target.declaration)
    return { ...inner, type: { ...target, nullable: inner.type.nullable } } as Expression;
  return { kind: "toUnion", operand: value, type: target, interval: null, wide: null };
}

/** Another set of classes has other tags. Null has none. */
function fromOther(lowering: FunctionLowering, value: Expression, target: Union, node: ts.Node): Expression {
  const place = lowering.settle(value);
  const present = { ...place, type: withoutNull(place.type) } as Expression;
  const found = perMember(lowering, present, (member) => convert(lowering, member, target, node)) ?? broken();
  if (!isNullable(place.type)) return found;
  const nothing: Expression = {
    kind: "constant",
    value: null,
    name: null,
    type: NULL,
    interval: null,
    wide: null,
  };
  return choice(compared("===", place, nothing), { ...nothing, type: target } as Expression, found);
}

/** A union where something else is wanted: an interface that all of its classes implement. */
export function convertFromUnion(
  lowering: FunctionLowering,
  value: Expression,
  target: Type,
  node: ts.Node,
): Expression {
  const type = value.type as Union;
  if (target.kind === "void" || target.kind === "never") return value;
  if (target.kind === "interface" && !isNullable(type))
    return perMember(lowering, value, (member) => convert(lowering, member, target, node)) ?? broken();
  if (target.kind === "reference" && type.members.includes(target.struct))
    reportUnknown(lowering, node, type, `'${node.getText().slice(0, 40)}' as '${typeName(target)}'`);
  else lowering.report(node, "mixed", typeName(type), typeName(target));
  return value;
}
