// Surfaces: what other modules see of one, declaration by declaration, as far as TypeScript's verdict on them may depend on it.
//
// Of a declaration all counts but the bodies of functions whose result is written down, and with it whatever its words may
// name: declarations of its own module, and of those that are imported there. A word that only looks like a name counts too:
// then a file is asked about again without need, which is harmless. Modules with statements of other kinds than the language
// has, and those whose names may be spelled in other ways, are taken as a whole.

import { createHash } from "node:crypto";
import { relative } from "node:path";
import { ts } from "ts-morph";
import type { LoadedProgram } from "./files.ts";

/** All that a module declares. */
const EVERYTHING = "*";
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** What an import brings in; `path` is `null` where nothing is found. */
interface Imported {
  readonly path: string | null;
  /** In the module that declares it. */
  readonly name: string;
}

/** What is seen of a declaration. */
class Declared {
  private found: readonly string[] | null = null;

  constructor(readonly text: string) {}

  get words(): readonly string[] {
    this.found ??= this.text.match(WORD) ?? [];
    return this.found;
  }
}

interface Surface {
  /** By name. */
  readonly declared: ReadonlyMap<string, Declared>;
  /** By the name that it has here. */
  readonly imported: ReadonlyMap<string, Imported>;
}

export class Surfaces {
  private readonly surfaces = new Map<string, Surface>();
  /** Hashes of what was seen already, by path and name; `null` while that is worked out: then there is a cycle. */
  private readonly seen = new Map<string, string | null>();

  constructor(
    private readonly root: string,
    private readonly loaded: LoadedProgram,
  ) {}

  /** Hashes of all that a file imports; `null` where it reaches a cycle of imports. */
  seenFrom(file: ts.SourceFile): string[] | null {
    const hashes: string[] = [];
    for (const one of this.surfaceOf(file).imported.values()) {
      const seen = this.seenOf(one);
      if (seen === null) return null;
      hashes.push(seen);
    }
    return hashes;
  }

  private seenOf({ path, name }: Imported): string | null {
    const file = path === null ? undefined : this.loaded.program.getSourceFile(path);
    if (file === undefined) return `${name} is nowhere`;
    const key = `${name} of ${relative(this.root, file.fileName)}`;
    const known = this.seen.get(key);
    if (known !== undefined) return known;
    this.seen.set(key, null);
    const parts = this.partsOf(this.surfaceOf(file), name);
    if (parts === null) return null;
    const result = hash([key, ...parts]);
    this.seen.set(key, result);
    return result;
  }

  /** The texts of a declaration and of those of its module that it leads to, and hashes of what these lead to elsewhere. */
  private partsOf({ declared, imported }: Surface, name: string): string[] | null {
    const names = new Set(name === EVERYTHING || declared.has(EVERYTHING) ? declared.keys() : [name]);
    const parts: string[] = [];
    for (const one of names) {
      const own = declared.get(one);
      const from = imported.get(one);
      if (own !== undefined) {
        parts.push(own.text);
        for (const word of one === EVERYTHING ? imported.keys() : own.words) names.add(word);
      } else if (from !== undefined) {
        const seen = this.seenOf(from);
        if (seen === null) return null;
        parts.push(`${one} ${seen}`);
      }
    }
    return parts;
  }

  private surfaceOf(file: ts.SourceFile): Surface {
    const known = this.surfaces.get(file.fileName);
    if (known !== undefined) return known;
    const paths = this.loaded.imports.get(file.fileName) ?? new Map<string, string | null>();
    const imported = importsOf(file, paths);
    const declared = imported === null ? null : declarationsOf(file);
    const surface = imported === null || declared === null ? wholeOf(file, paths) : { declared, imported };
    this.surfaces.set(file.fileName, surface);
    return surface;
  }
}

export function hash(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function wholeOf(file: ts.SourceFile, paths: ReadonlyMap<string, string | null>): Surface {
  const everything = [...paths].map(([words, path]) => [words, { path, name: EVERYTHING }] as const);
  const text = file.statements.map((statement) => textOf(file, statement)).join("\n");
  return { declared: new Map([[EVERYTHING, new Declared(text)]]), imported: new Map(everything) };
}

/** What a file imports by statements; `null` where that is not all. */
function importsOf(
  file: ts.SourceFile,
  paths: ReadonlyMap<string, string | null>,
): Map<string, Imported> | null {
  const imported = new Map<string, Imported>();
  const known = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const words = (statement.moduleSpecifier as ts.StringLiteral).text;
    const path = paths.get(words) ?? null;
    known.add(words);
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    const whole = [clause?.name, bindings !== undefined && "name" in bindings ? bindings.name : undefined];
    for (const name of whole) if (name !== undefined) imported.set(name.text, { path, name: EVERYTHING });
    // Whether an import of nothing finds its module counts too.
    if (clause === undefined) imported.set(`${words} for nothing`, { path, name: "" });
    for (const one of bindings !== undefined && "elements" in bindings ? bindings.elements : [])
      imported.set(one.name.text, { path, name: (one.propertyName ?? one.name).text });
  }
  return [...paths.keys()].every((words) => known.has(words)) ? imported : null;
}

/** Of files that stay as they are from one round to the next. */
const known = new WeakMap<ts.SourceFile, ReadonlyMap<string, Declared> | null>();

/** The declarations of a module that consists of such; `null` for others. */
function declarationsOf(file: ts.SourceFile): ReadonlyMap<string, Declared> | null {
  const declared = known.get(file) ?? (known.has(file) ? null : readDeclarations(file));
  known.set(file, declared);
  return declared;
}

function readDeclarations(file: ts.SourceFile): Map<string, Declared> | null {
  const texts = new Map<string, string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const names = namesOf(statement);
    const text = textOf(file, statement);
    if (names === null || text.includes("\\u")) return null;
    for (const name of names) texts.set(name, `${texts.get(name) ?? ""}${text}`);
  }
  return new Map([...texts].map(([name, text]) => [name, new Declared(text)]));
}

function namesOf(statement: ts.Statement): string[] | null {
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.map(({ name }) => name);
    return names.every(ts.isIdentifier) ? names.map((name) => name.text) : null;
  }
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isDeclaration && statement.name !== undefined ? [statement.name.text] : null;
}

/** A statement's text without the bodies that nobody else's types depend on. */
function textOf(file: ts.SourceFile, statement: ts.Statement): string {
  const pieces: string[] = [];
  let from = statement.getStart(file);
  const leaveOut = (node: ts.Node): void => {
    if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return;
    if (node.type === undefined || node.body === undefined) return;
    pieces.push(file.text.slice(from, node.body.pos));
    from = node.body.end;
  };
  leaveOut(statement);
  if (ts.isClassDeclaration(statement)) statement.members.forEach(leaveOut);
  return `${[...pieces, file.text.slice(from, statement.end)].join("{}")}\n`;
}
