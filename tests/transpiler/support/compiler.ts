// The compiler, called in this process: what its command line does, without the start-up time.

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../../../transpiler/diagnostics.ts";
import { FrontEnd } from "../../../transpiler/frontend/program.ts";
import { lowerProgram } from "../../../transpiler/lower/program.ts";
import { printC } from "../../../transpiler/print/c/program.ts";
import { printJavaScript } from "../../../transpiler/print/js/program.ts";
import { Reporter } from "../../../transpiler/reporter.ts";
import type { Program } from "../../../transpiler/tree.ts";

/** The folder of the checkout: the nearest one above the working directory that holds a package.json. */
export function findRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) throw new Error("run this within the checkout");
  }
}

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  readonly program: Program | null;
}

/** What does not change, the library above all, is read and checked once in a process. */
const frontEnd = new FrontEnd(null);

/** File names in diagnostics and traps are relative to `root`. */
export function compile(root: string, entry: string): Compiled {
  const reporter = new Reporter(root);
  const sources = frontEnd.open(root, [resolve(root, entry)]).sources(resolve(root, entry), reporter);
  const program = sources === null ? null : lowerProgram(sources, reporter, true);
  return { diagnostics: reporter.all(), program };
}

/** Both back ends' files, in `c/` and `js/` below `folder`, which is made anew. JavaScript also asks what the compiler took for certain. */
export function writeBoth(program: Program, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  writeAll(join(folder, "c"), printC(program));
  writeAll(join(folder, "js"), printJavaScript(program, true));
}

export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
