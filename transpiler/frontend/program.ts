// The front end: source files in, a type-checked program in import order out. This folder alone knows
// ts-morph and its TypeScript.

import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { LAYERS, mayImport, roomOf } from "../layers.ts";
import { isFile, Reporter } from "../reporter.ts";
import { CleanFiles, CleanKeys, isSelfContained, reachedFrom } from "./clean.ts";
import { SourceFiles, type LoadedProgram } from "./files.ts";
import { KnownNames, LastingNames, type Names } from "./names.ts";

export { ts };

export interface CheckedSources {
  readonly root: string;
  /** Imported modules stand before those that import them. The last is the entry. */
  readonly files: readonly ts.SourceFile[];
  readonly names: Names;
}

/** The folder of `ray.d.ts`: `lib` beside the compiler, or `transpiler/lib` of the checkout that holds its bundle. */
export function libraryFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = [resolve(folder, "lib"), resolve(folder, "transpiler/lib")].find((one) =>
      existsSync(resolve(one, "ray.d.ts")),
    );
    if (found !== undefined) return found;
    if (dirname(folder) === folder)
      throw new Error("rayc's library, lib/ray.d.ts, is nowhere above the compiler");
  }
}

/** Reads one entry and what it imports, and reports what tsc and the layer table have against it. */
export function loadSources(root: string, entry: string, reporter: Reporter): CheckedSources | null {
  return new FrontEnd(null).open(root, [entry]).sources(entry, reporter);
}

/** What is read and checked once for several programs, and for several runs. */
export class FrontEnd {
  private readonly files = new SourceFiles();
  private readonly clean: CleanFiles;
  private readonly lasting = new LastingNames();

  /** `cachePath`: where the verdicts on clean files are kept on the disk. */
  constructor(cachePath: string | null) {
    this.clean = new CleanFiles(cachePath);
  }

  /** Reads all programs of these entries. */
  open(root: string, entries: readonly string[]): OpenSources {
    return new OpenSources(this.files, this.clean, this.lasting, root, entries);
  }

  save(): void {
    this.clean.save();
  }

  /** Where the sources of the last programs stand, and where imports look for what is not there. */
  folders(): string[] {
    return [...this.files.folders];
  }
}

/** The sources of one or more programs, as they are at one time. */
export class OpenSources {
  private readonly library: readonly string[];
  private readonly loaded: LoadedProgram;
  private readonly keys: CleanKeys;
  /** What one program says of types would show in the others: then each is looked at alone. */
  private readonly isMixed: boolean;

  constructor(
    private readonly files: SourceFiles,
    private readonly clean: CleanFiles,
    private readonly lasting: LastingNames,
    private readonly root: string,
    private readonly entries: readonly string[],
  ) {
    const folder = libraryFolder();
    this.library = ["lib.d.ts", "ray.d.ts"].map((name) => resolve(folder, name));
    this.loaded = files.load([...this.library, ...entries.filter(isFile)]);
    this.keys = new CleanKeys(root, this.loaded);
    const own = this.loaded.program.getSourceFiles().filter((file) => !this.isLibrary(file));
    this.isMixed = !own.every(isSelfContained);
  }

  /** The checked sources of one of the entries. */
  sources(entry: string, reporter: Reporter): CheckedSources | null {
    if (!isFile(entry)) {
      const name = relative(this.root, entry) || ".";
      reporter.reportAt(name, 1, 1, "fileMissing", name, "there is no such file");
      return null;
    }
    if (this.isMixed && this.entries.length > 1)
      return new OpenSources(this.files, this.clean, this.lasting, this.root, [entry]).sources(
        entry,
        reporter,
      );
    if (this.reportRefusals(entry, reporter)) return null;
    this.reportTypeScript(entry, reporter);
    const { program } = this.loaded;
    const files = inImportOrder(this.root, program, resolve(entry), reporter);
    const library = program.getSourceFiles().filter((file) => this.isLibrary(file));
    const lasting = this.isMixed ? new LastingNames() : this.lasting;
    return {
      root: this.root,
      files,
      names: new KnownNames(program.getTypeChecker(), files, library, lasting),
    };
  }

  /** Whether there are sources that were not parsed: then nothing else is worth saying. */
  private reportRefusals(entry: string, reporter: Reporter): boolean {
    const reached = reachedFrom(this.loaded, resolve(entry));
    const refusals = this.loaded.refusals.filter(({ path }) => reached.has(path));
    for (const { path, at, text, name, value } of refusals) {
      const file = relative(this.root, path);
      const values = name === "fileMissing" ? [file, value] : [value];
      const before = text.slice(0, at).split("\n");
      reporter.reportAt(file, before.length, before.at(-1)!.length + 1, name, ...values);
    }
    return refusals.length > 0;
  }

  private reportTypeScript(entry: string, reporter: Reporter): void {
    const { program } = this.loaded;
    const reached = reachedFrom(this.loaded, resolve(entry));
    for (const file of program.getSourceFiles()) {
      // The import of a package is refused; what it declares is not for its user to mend.
      if (program.isSourceFileFromExternalLibrary(file)) continue;
      if (!this.isMixed && !this.isLibrary(file) && !reached.has(file.fileName)) continue;
      const key = this.isMixed ? null : this.keys.keyOf(file);
      if (key !== null && this.clean.has(key)) continue;
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      for (const diagnostic of found) reporter.reportTypeScript(diagnostic);
      if (key !== null && found.length === 0) this.clean.add(key);
    }
  }

  private isLibrary(file: ts.SourceFile): boolean {
    return this.library.includes(file.fileName);
  }
}

function inImportOrder(
  root: string,
  program: ts.Program,
  entry: string,
  reporter: Reporter,
): ts.SourceFile[] {
  const order: ts.SourceFile[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: ts.SourceFile): void => {
    const name = relative(root, file.fileName);
    if (path.includes(name)) {
      reporter.reportNode(
        file.statements[0] ?? file,
        "importCycle",
        [...path.slice(path.indexOf(name)), name].join(" → "),
      );
      return;
    }
    if (done.has(name)) return;
    path.push(name);
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const target = importedFile(program, file, statement.moduleSpecifier, reporter);
      if (target === null) continue;
      checkLayer(name, relative(root, target.fileName), statement, reporter);
      visit(target);
    }
    path.pop();
    done.add(name);
    order.push(file);
  };
  const start = program.getSourceFile(entry);
  if (start !== undefined) visit(start);
  return order;
}

function importedFile(
  program: ts.Program,
  from: ts.SourceFile,
  specifier: ts.StringLiteral,
  reporter: Reporter,
): ts.SourceFile | null {
  const hasExtension = specifier.text.endsWith(".ts");
  const isPath = /^[./]/.test(specifier.text);
  if (!isPath) reporter.reportNode(specifier, "importPackage", specifier.text);
  else if (!hasExtension) reporter.reportNode(specifier, "importExtension", specifier.text);
  const name = hasExtension ? specifier.text : `${specifier.text}.ts`;
  return program.getSourceFile(resolve(dirname(from.fileName), name)) ?? null;
}

function checkLayer(from: string, to: string, node: ts.Node, reporter: Reporter): void {
  if (mayImport(from, to)) return;
  const allowed = LAYERS[roomOf(from) ?? ""] ?? [];
  reporter.reportNode(node, "importLayer", from, to, allowed.length === 0 ? "nothing" : allowed.join(", "));
}
