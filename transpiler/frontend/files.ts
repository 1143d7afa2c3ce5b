// Source files as TypeScript reads them, kept from one program to the next as long as their text is the same, and what each
// imports. Every program is made anew: a kept file is what a fresh one would be, so nothing of an earlier program shows.

import { dirname, join } from "node:path";
import { ts } from "ts-morph";
import type { DiagnosticName } from "../diagnostics.ts";

const MODULE_KIB = 1024;
/** Of nodes of the tree in each other: brackets, but also sums, conditions and chains of `else if`. */
export const NESTING_LIMIT = 300;
const OPENING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.TemplateHead,
]);
const CLOSING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseBraceToken,
]);

export const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noLib: true,
  types: [],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
};

/** A source that is not even parsed, and why. */
export interface Refusal {
  readonly path: string;
  /** Where in it the fault is; 0 for all of it. */
  readonly at: number;
  readonly text: string;
  readonly name: DiagnosticName;
  readonly value: string;
}

/** A program of TypeScript's, and which file imports which. */
export interface LoadedProgram {
  readonly program: ts.Program;
  /** What each file imports: by the file's path and the import's words the path that they lead to, or `null`. */
  readonly imports: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  /** Sources that are not parsed; the program has empty modules in their places. */
  readonly refusals: readonly Refusal[];
}

export class SourceFiles {
  private readonly kept = new Map<string, ts.SourceFile>();
  /** Where the sources of the last programs stand, and where imports look for what is not there. */
  folders: ReadonlySet<string> = new Set();
  private refusals: Refusal[] = [];

  /** Reads these files and all that they import. */
  load(rootNames: readonly string[]): LoadedProgram {
    const imports = new Map<string, ReadonlyMap<string, string | null>>();
    const folders = new Set(rootNames.map((name) => dirname(name)));
    const host = ts.createCompilerHost(OPTIONS);
    const resolutions = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, OPTIONS);
    // Comments are read as text.
    host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
    host.getSourceFile = (name, options) => this.read(name, options);
    host.resolveModuleNameLiterals = (literals, from) => {
      const resolved = literals.map(({ text }) =>
        ts.resolveModuleName(text, from, OPTIONS, host, resolutions),
      );
      const found = resolved.map(({ resolvedModule }) => resolvedModule?.resolvedFileName);
      imports.set(from, new Map(literals.map(({ text }, index) => [text, found[index] ?? null])));
      found.forEach((name, index) =>
        folders.add(dirname(name ?? join(dirname(from), literals[index]!.text))),
      );
      return resolved;
    };
    this.refusals = [];
    const program = ts.createProgram({ rootNames, options: OPTIONS, host });
    this.folders = folders;
    return { program, imports, refusals: this.refusals };
  }

  private read(
    name: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const text = ts.sys.readFile(name);
    const kept = this.kept.get(name);
    if (text === undefined || kept?.text === text) return text === undefined ? undefined : kept;
    const file = isTooLarge(name, text) ?? parse(name, text, options);
    if ("value" in file) {
      this.refusals.push(file);
      return ts.createSourceFile(name, "export {};", options, false);
    }
    this.kept.set(name, file);
    return file;
  }
}

/** Larger ones are no modules. */
function isTooLarge(path: string, text: string): Refusal | null {
  const kibibytes = Math.ceil(text.length / 1024);
  if (kibibytes <= MODULE_KIB) return null;
  const value = `it has ${kibibytes} KiB, and a module at most ${MODULE_KIB}`;
  return { path, at: 0, text: "", name: "fileMissing", value };
}

/** What is nested deeper than people nest ends the stack of whoever walks it, and the parser's first of all. */
function parse(
  path: string,
  text: string,
  options: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | Refusal {
  const refusal = { path, text, name: "nestedTooDeep", value: `${NESTING_LIMIT}` } as const;
  try {
    const file = ts.createSourceFile(path, text, options, false);
    const at = deepNodeAt(file);
    return at < 0 ? file : { ...refusal, at };
  } catch (fault) {
    if (!isEndOfStack(fault)) throw fault;
    return { ...refusal, at: deepBracketAt(text) };
  }
}

/** Whether a fault is that of a stack which is full, as by a walk over what is nested too deep. */
export function isEndOfStack(fault: unknown): boolean {
  return fault instanceof RangeError && fault.message.includes("call stack");
}

/** Where the tree is deeper than its limit, or −1. */
function deepNodeAt(file: ts.SourceFile): number {
  let depth = 0;
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (depth === NESTING_LIMIT) return node;
    depth++;
    const deep = ts.forEachChild(node, visit);
    depth--;
    return deep;
  };
  return visit(file)?.getStart(file) ?? -1;
}

/** Where brackets are nested deeper than the limit; 0 where none are. Those in texts and comments count for none. */
function deepBracketAt(text: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  let depth = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (OPENING.has(token) && ++depth > NESTING_LIMIT) return scanner.getTokenStart();
    if (CLOSING.has(token)) depth--;
  }
  return 0;
}
