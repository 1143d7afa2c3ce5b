// Context: what the lowering knows of the whole program: modules, and one entity for each name and set of type arguments.
//
// Entities are made when they are first named, so the order of declarations does not matter; function bodies wait in a
// queue until everything they may name can be made.

import { relative } from "node:path";
import { ts, type CheckedSources } from "../frontend/program.ts";
import type { DiagnosticName } from "../diagnostics.ts";
import { isTakenType } from "../c-words.ts";
import { Reporter } from "../reporter.ts";
import type {
  EnumDeclaration,
  FunctionInstance,
  Global,
  InterfaceDeclaration,
  Module,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "../tree.ts";
import { BROKEN, typeName, typeTag } from "../types.ts";

/** What a type parameter stands for in the instance at hand. */
export type Substitution = ReadonlyMap<ts.Symbol, Type>;

/** A field of a layout: compile-time knowledge, gone in the tree. */
export interface LayoutField {
  readonly name: string;
  /** The accessor of Bytes without "set": "u32le"; `null` for octets. */
  readonly accessor: string | null;
  readonly offset: number;
  readonly byteLength: number;
}

export interface Layout {
  readonly byteLength: number;
  readonly fields: ReadonlyMap<string, LayoutField>;
}

export type Value =
  | { readonly kind: "global"; readonly global: Global }
  | { readonly kind: "layout"; readonly layout: Layout }
  | { readonly kind: "broken" };

/** What a function was made of. */
export interface Helper {
  readonly node: ts.FunctionDeclaration | ts.MethodDeclaration;
  readonly substitution: Substitution;
  /** Its text stood in place of a call. */
  replaced: boolean;
  /** It is called, or its name stands for a value. */
  named: boolean;
}

/** A method that is made when it is called, for the types of the call. */
export interface GenericMethod {
  readonly node: ts.MethodDeclaration;
  /** `null`: it is static. */
  readonly owner: StructDeclaration | null;
  /** What the type parameters of its class stand for. */
  readonly substitution: Substitution;
  /** Of its class, in C. */
  readonly symbol: string;
}

/** A class or an interface, and what its type parameters stand for. */
export interface Origin {
  readonly symbol: ts.Symbol;
  readonly typeArguments: readonly Type[];
}

export class Context {
  readonly modules = new Map<ts.SourceFile, Module>();
  readonly enums = new Map<ts.Symbol, EnumDeclaration>();
  /** By the list of their literals. */
  readonly literalUnions = new Map<string, EnumDeclaration>();
  /** By the set of their classes. */
  readonly unions = new Map<string, UnionDeclaration>();
  readonly interfaces = new Map<string, InterfaceDeclaration>();
  readonly structs = new Map<string, StructDeclaration>();
  /** Those of which no more than the name was made. */
  readonly refused = new Set<StructDeclaration | InterfaceDeclaration>();
  readonly functions = new Map<string, FunctionInstance>();
  /** By their names, those of each struct that have type parameters of their own. */
  readonly genericMethods = new Map<StructDeclaration, Map<string, GenericMethod>>();
  /** For how many sets of types each generic was made. */
  readonly instances = new Map<ts.Node, number>();
  /** Functions and methods that were made for types. */
  readonly made = new Set<FunctionInstance>();
  /** Functions that are written where their value is wanted, by the types that they are made for. */
  readonly written = new Map<ts.Node, Map<string, FunctionInstance>>();
  /** The texts of functions with parameters of function types: they may be put in place of calls. */
  readonly helpers = new Map<FunctionInstance, Helper>();
  readonly values = new Map<ts.Symbol, Value>();
  /** Those whose meaning is being worked out. */
  readonly aliases = new Set<ts.Symbol>();
  /** Bodies that wait to be lowered. */
  readonly pending: (() => void)[] = [];
  private readonly origins = new Map<StructDeclaration | InterfaceDeclaration, Origin>();
  private readonly identifiers = new Map<ts.Symbol, number>();
  private readonly typeSymbols = new Set<string>();
  private readonly writtenSymbols = new Set<string>();

  constructor(
    readonly sources: CheckedSources,
    readonly reporter: Reporter,
  ) {
    for (const file of sources.files) this.modules.set(file, emptyModule(sources.root, file));
  }

  /** Says nothing where it would name the type of what was refused already. */
  report(node: ts.Node, name: DiagnosticName, ...values: readonly string[]): void {
    if (values.some((value) => value.includes(typeTag(BROKEN)))) return;
    this.reporter.reportNode(node, name, ...values);
  }

  moduleOf(node: ts.Node): Module {
    return this.modules.get(node.getSourceFile())!;
  }

  lineOf(node: ts.Node): number {
    const file = node.getSourceFile();
    return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  }

  symbolOf(node: ts.Node): ts.Symbol | null {
    return this.sources.names.symbolOf(node);
  }

  /** Whether it is a class that a module of the program declares. */
  isClass(symbol: ts.Symbol): boolean {
    return this.isOwn(symbol.declarations?.find(ts.isClassDeclaration));
  }

  /** Whether it is an interface that a module of the program declares: the library has its own. */
  isInterface(symbol: ts.Symbol): boolean {
    return this.isOwn(symbol.declarations?.find(ts.isInterfaceDeclaration));
  }

  private isOwn(declaration: ts.Node | undefined): boolean {
    return declaration !== undefined && this.modules.has(declaration.getSourceFile());
  }

  /** The declared name where `node` names something of the library files, else `null`. All of it has plain names. */
  libraryName(node: ts.Node): string | null {
    if (!ts.isIdentifier(node)) return null;
    const symbol = this.symbolOf(node);
    const declaration = symbol?.declarations?.[0];
    return declaration !== undefined && declaration.getSourceFile().isDeclarationFile ? symbol!.name : null;
  }

  /** Names one instance: the declaration and what its type parameters stand for. */
  keyOf(symbol: ts.Symbol, typeArguments: readonly Type[]): string {
    let identifier = this.identifiers.get(symbol);
    if (identifier === undefined) {
      identifier = this.identifiers.size;
      this.identifiers.set(symbol, identifier);
    }
    return `${identifier}<${typeArguments.map(typeName).join(",")}>`;
  }

  /** What a struct or a table was made of. */
  originOf(made: StructDeclaration | InterfaceDeclaration): Origin | undefined {
    return this.origins.get(made);
  }

  setOrigin(made: StructDeclaration | InterfaceDeclaration, origin: Origin): void {
    this.origins.set(made, origin);
  }

  /** A name for a type in C: its own, with the module's before it where another took it. */
  typeSymbol(name: string, module: Module): string {
    const plain = name.replaceAll("$", "_dollar_");
    const isTaken = isTakenType(name) || this.typeSymbols.has(plain);
    const base = isTaken ? `${module.name}__${plain}` : plain;
    let symbol = base;
    for (let count = 2; this.typeSymbols.has(symbol); count++) symbol = `${base}_${count}`;
    this.typeSymbols.add(symbol);
    return symbol;
  }

  /** The C name of what is no part of a module by a name: `main__12_function`. No other begins with a digit. */
  writtenSymbol(module: Module, line: number, what: string): string {
    const base = `${module.name}__${line}_${what}`;
    let symbol = base;
    for (let count = 2; this.writtenSymbols.has(symbol); count++) symbol = `${base}_${count}`;
    this.writtenSymbols.add(symbol);
    return symbol;
  }

  commentOf(node: ts.Node): string {
    const file = node.getSourceFile();
    const ranges = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
    const last = ranges[ranges.length - 1];
    if (last === undefined) return "";
    const text = file.text.slice(last.pos, last.end);
    return text.startsWith("/**") ? text : "";
  }
}

/** `src/format/gpt.ts` → `format_gpt`. */
export function moduleName(file: string): string {
  return file
    .replace(/^src\//, "")
    .replace(/\.ts$/, "")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+/, "");
}

function emptyModule(root: string, file: ts.SourceFile): Module {
  const path = relative(root, file.fileName);
  return {
    file: path,
    name: moduleName(path),
    enums: [],
    unions: [],
    structs: [],
    interfaces: [],
    globals: [],
    functions: [],
    comment: "",
  };
}
