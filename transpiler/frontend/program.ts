// The front end: source files in, a type-checked program in import order out. The only file that knows ts-morph.

import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";
import { Reporter } from "../reporter.ts";
import { LAYERS, mayImport, roomOf } from "../layers.ts";

export { ts };

/** The questions that the lowering asks of TypeScript's checker: one, about names. Types are worked out from the tree. */
export interface Names {
  /** What an identifier stands for, through imports; `null` where nothing is known. */
  symbolOf(node: ts.Node): ts.Symbol | null;
}

export interface CheckedSources {
  readonly root: string;
  /** Imported modules stand before those that import them. The last is the entry. */
  readonly files: readonly ts.SourceFile[];
  readonly names: Names;
}

const OPTIONS: ts.CompilerOptions = {
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

/** Reads `entry` and what it imports, and reports what tsc and the layer table have against it. */
export function loadSources(root: string, entry: string, reporter: Reporter): CheckedSources | null {
  if (!existsSync(entry)) {
    reporter.reportAt(relative(root, entry), 1, 1, "fileMissing", relative(root, entry));
    return null;
  }
  const project = new Project({
    compilerOptions: OPTIONS,
    skipAddingFilesFromTsConfig: true,
    skipLoadingLibFiles: true,
  });
  const library = libraryFolder();
  project.addSourceFileAtPath(resolve(library, "lib.d.ts"));
  project.addSourceFileAtPath(resolve(library, "ray.d.ts"));
  project.addSourceFileAtPath(entry);
  project.resolveSourceFileDependencies();
  const program = project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  for (const file of program.getSourceFiles()) {
    for (const diagnostic of program.getSyntacticDiagnostics(file)) reporter.reportTypeScript(diagnostic);
    for (const diagnostic of program.getSemanticDiagnostics(file)) reporter.reportTypeScript(diagnostic);
  }
  const files = inImportOrder(root, program, resolve(entry), reporter);
  return { root, files, names: { symbolOf: (node) => resolveSymbol(checker, node) } };
}

function resolveSymbol(checker: ts.TypeChecker, node: ts.Node): ts.Symbol | null {
  const symbol = checker.getSymbolAtLocation(node);
  if (symbol === undefined) return null;
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
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
  if (!hasExtension) reporter.reportNode(specifier, "importExtension", specifier.text);
  const name = hasExtension ? specifier.text : `${specifier.text}.ts`;
  return program.getSourceFile(resolve(dirname(from.fileName), name)) ?? null;
}

function checkLayer(from: string, to: string, node: ts.Node, reporter: Reporter): void {
  if (mayImport(from, to)) return;
  const allowed = LAYERS[roomOf(from) ?? ""] ?? [];
  reporter.reportNode(node, "importLayer", from, to, allowed.length === 0 ? "nothing" : allowed.join(", "));
}
