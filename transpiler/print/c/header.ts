// The declarations of a program: what its header holds, piece by piece, in an order in which C takes them.

import type {
  Expression,
  FunctionInstance,
  Global,
  InterfaceDeclaration,
  Module,
  Program,
  Statement,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "../../tree.ts";
import { parts, typeTag } from "../../types.ts";
import { walkStatement } from "../../check/walk.ts";
import { baseSlot, cName, constantName, integerLiteral, localName, tagField } from "./expressions.ts";
import { startsLate } from "./startup.ts";
import { constructorName, signature } from "./statements.ts";
import { globalDeclarator } from "./static.ts";
import { constantElement, cType, elementType, viewType } from "./types.ts";

/** A declaration, by the keys below, and its lines. `file`: the module of a prototype; "" for types. */
export interface Piece {
  readonly key: string;
  readonly file: string;
  readonly lines: readonly string[];
}

/** A type's name alone and a type in full are two pieces. */
export const KEYS = {
  name: (symbol: string): string => `name ${symbol}`,
  full: (symbol: string): string => `full ${symbol}`,
  /** Functions, variables, constants, tables of functions. */
  value: (symbol: string): string => `value ${symbol}`,
} as const;

/** All of a program's declarations. */
export function piecesOf(program: Program): Piece[] {
  const { modules } = program;
  const structs = inEmbeddingOrder(modules.flatMap((module) => module.structs));
  const interfaces = modules.flatMap((module) => module.interfaces);
  return [
    ...modules.flatMap((module) => module.enums.map(enumPiece)),
    ...structs.map(({ symbol }) => piece(KEYS.name(symbol), `typedef struct ${symbol} ${symbol};`)),
    ...interfaces.map(interfaceName),
    ...modules.flatMap((module) => module.unions.map(unionPiece)),
    ...derivedTypes(program),
    ...interfaces.map(interfaceTable),
    ...structs.map(structPiece),
    ...modules.flatMap(prototypes),
  ];
}

export function startName(module: Module): string {
  return `${module.name}__start_values`;
}

export function tableName(struct: StructDeclaration, one: InterfaceDeclaration): string {
  return `${struct.symbol}_as_${one.symbol}`;
}

export function isNamedConstant(global: Global): boolean {
  return global.constant && global.initial.kind === "constant";
}

export function declarator(global: Global): string {
  const stored = globalDeclarator(global);
  if (stored !== "") return stored;
  const type = cType(global.type);
  return `${type}${type.endsWith("*") ? "" : " "}${global.symbol}`;
}

export function constructorOf(struct: StructDeclaration): string {
  return constructorName({ kind: "construct", struct } as Expression & { kind: "construct" });
}

export function constructorSignature(struct: StructDeclaration): string {
  const parameters = struct.constructorParameters.map((local) => {
    const type = cType(local.type);
    return `${type}${type.endsWith("*") ? "" : " "}${localName(local)}`;
  });
  return `void ${constructorOf(struct)}(${[`${struct.symbol} *self`, ...parameters].join(", ")})`;
}

export function commentLines(text: string): string[] {
  return text.split("\n").map((line) => line.trim().replace(/^\*/, " *"));
}

/** The name of a result, view or function type; `null` for types that have a declaration of their own or none. */
export function derivedName(type: Type): string | null {
  if (type.kind === "view") return viewType(type.element);
  return type.kind === "result" || type.kind === "function" ? typeTag(type) : null;
}

function piece(key: string, ...lines: readonly string[]): Piece {
  return { key, file: "", lines };
}

// ---- types ----

function enumPiece(one: Module["enums"][number]): Piece {
  const members = one.members.map((member) => `  ${one.symbol}_${member.name} = ${member.value},`);
  return piece(KEYS.name(one.symbol), "", `typedef enum ${one.symbol} {`, ...members, `} ${one.symbol};`);
}

/** A struct stands behind those that it embeds. */
function inEmbeddingOrder(structs: readonly StructDeclaration[]): StructDeclaration[] {
  const order = new Set<StructDeclaration>();
  const visit = (struct: StructDeclaration): void => {
    if (order.has(struct)) return;
    for (const { storage } of struct.fields) {
      if (storage.kind === "struct") visit(storage.struct);
      if (storage.kind === "elements" && storage.struct !== null) visit(storage.struct);
    }
    order.add(struct);
  };
  structs.forEach(visit);
  return [...order];
}

function interfaceName({ symbol }: InterfaceDeclaration): Piece {
  return piece(
    KEYS.name(symbol),
    `typedef struct ${symbol}_table ${symbol}_table;`,
    `typedef struct ${symbol} { void *self; const ${symbol}_table *table; } ${symbol};`,
  );
}

/** Which class it is, beside the reference: who asks need not follow it, and whoever is asked need not store it. */
function unionPiece(one: UnionDeclaration): Piece {
  const { enumeration } = one.discriminants![0]!;
  const tag = tagField({ kind: "union", declaration: one, members: one.members, nullable: false });
  return piece(
    KEYS.name(one.symbol),
    `typedef struct ${one.symbol} { void *self; ${enumeration.symbol} ${tag}; } ${one.symbol};`,
  );
}

function interfaceTable(one: InterfaceDeclaration): Piece {
  const methods = one.methods.map((method) => {
    const parameters = ["void *self", ...method.parameters.map(cType)].join(", ");
    return `  ${cType(method.result)} (*${cName(method.name)})(${parameters});`;
  });
  const bases = one.extended.map((base) => `  const ${base.symbol}_table *${baseSlot(base)};`);
  return piece(KEYS.full(one.symbol), "", `struct ${one.symbol}_table {`, ...methods, ...bases, "};");
}

function structPiece(struct: StructDeclaration): Piece {
  const fields = struct.fields.map(({ name, type, storage }) => {
    if (storage.kind === "struct") return `  ${storage.struct.symbol} ${cName(name)};`;
    if (storage.kind === "elements")
      return `  ${elementType(storage.element)} ${cName(name)}[${storage.length}];`;
    return `  ${cType(type)}${cType(type).endsWith("*") ? "" : " "}${cName(name)};`;
  });
  return piece(
    KEYS.full(struct.symbol),
    "",
    ...(struct.comment === "" ? [] : commentLines(struct.comment)),
    `struct ${struct.symbol} {`,
    ...(fields.length === 0 ? ["  uint8_t nothing;"] : fields),
    "};",
  );
}

/** Results, views and function types that the program uses, each behind what it is made of. */
function derivedTypes(program: Program): Piece[] {
  const pieces = new Map<string, Piece>();
  const visit = (type: Type): void => {
    if (type.kind === "array") visit(type.element);
    const name = derivedName(type);
    if (name === null || pieces.has(name) || name.startsWith("Ray")) return;
    if (type.kind === "view") visit(type.element);
    if (type.kind === "result") visit(type.value);
    if (type.kind === "function") [...type.parameters, type.result].forEach(visit);
    pieces.set(name, piece(KEYS.name(name), derivedType(name, type)));
  };
  forEachType(program, visit);
  return [...pieces.values()];
}

function derivedType(name: string, type: Type): string {
  if (type.kind === "view") {
    return `typedef struct ${name} { ${constantElement(type.element)} *data; uint32_t length; } ${name};`;
  }
  if (type.kind === "result") {
    const value = type.value.kind === "void" ? "" : ` ${cType(type.value)} value;`;
    return `typedef struct ${name} { bool ok;${value} ${cType(type.error)} error; } ${name};`;
  }
  if (type.kind !== "function") return "";
  return `typedef ${cType(type.result)} (*${name})(${type.parameters.map(cType).join(", ") || "void"});`;
}

function forEachType(program: Program, visit: (type: Type) => void): void {
  const inExpression = (e: Expression): void => {
    visit(e.type);
    parts(e).forEach(inExpression);
  };
  const inStatement = (s: Statement): void => {
    if (s.kind === "declare") visit(s.local.type);
    walkStatement(s, inExpression);
  };
  for (const module of program.modules) {
    for (const one of module.interfaces) {
      for (const method of one.methods) [...method.parameters, method.result].forEach(visit);
    }
    for (const struct of module.structs) {
      struct.fields.forEach((field) => visit(field.type));
      struct.constructorParameters.forEach((local) => visit(local.type));
    }
    for (const global of module.globals) inExpression(global.initial);
    for (const instance of module.functions) {
      visit(instance.result);
      instance.parameters.forEach((local) => visit(local.type));
      instance.body?.forEach(inStatement);
    }
  }
}

// ---- prototypes ----

function prototypes(module: Module): Piece[] {
  const found = [
    ...module.globals.flatMap(globalPrototype),
    ...module.structs.flatMap(structPrototypes),
    ...module.functions.map((instance) => piece(KEYS.value(symbolOf(instance)), `${signature(instance)};`)),
  ];
  if (module.globals.some(startsLate))
    found.push(piece(KEYS.value(startName(module)), `void ${startName(module)}(void);`));
  return found.map((one) => ({ ...one, file: module.file }));
}

export function symbolOf(instance: FunctionInstance): string {
  return cName(instance.symbol);
}

function globalPrototype(global: Global): Piece[] {
  const { initial } = global;
  if (!isNamedConstant(global)) return [piece(KEYS.value(global.symbol), `extern ${declarator(global)};`)];
  if (initial.kind !== "constant" || typeof initial.value !== "bigint") return [];
  const name = constantName(global);
  return [piece(KEYS.value(name), `#define ${name} ${integerLiteral(initial.value)}`)];
}

function structPrototypes(struct: StructDeclaration): Piece[] {
  return [
    piece(KEYS.value(constructorOf(struct)), `${constructorSignature(struct)};`),
    ...struct.implemented.map((one) => {
      const name = tableName(struct, one);
      return piece(KEYS.value(name), `extern const ${one.symbol}_table ${name};`);
    }),
  ];
}
