// Compiling: C and nasm sources to objects, two at a time, each left out when its text, its headers, the flags and the
// compiler are those of the object that is there. Compilers run in the root with relative names, so that no path of this
// machine gets into an object.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { inParallel, runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { contentHash, isFresh, keyOf, markFresh, toolIdentity } from "./freshness.ts";

const DEADLINE_MS = 120_000;
const INCLUDE = /^\s*(?:#|%)\s*include\s+"([^"]+)"/gm;

export interface Compilation {
  /** Relative to the root: `.c` or `.asm`. */
  readonly sources: readonly string[];
  readonly includeFolders: readonly string[];
  readonly flags: readonly string[];
  /** nasm's output format. */
  readonly assemblerFormat: "elf64" | "win64";
  /** Where the objects go, relative to the root. */
  readonly folder: string;
}

/** Compiles what is not fresh; returns all objects in the order of their sources, relative to the root. */
export async function compile(paths: Paths, tools: Toolbox, work: Compilation): Promise<string[]> {
  mkdirSync(paths.of(work.folder), { recursive: true });
  return inParallel(work.sources, availableParallelism(), (source) => compileOne(paths, tools, work, source));
}

async function compileOne(paths: Paths, tools: Toolbox, work: Compilation, source: string): Promise<string> {
  const object = join(work.folder, `${basename(source)}.o`);
  const [program, ...args] = command(paths, tools, work, source, object) as [string, ...string[]];
  const headers = includedBy(paths, work, source).flatMap((path) => [path, contentHash(paths.of(path))]);
  const key = keyOf([toolIdentity(program), ...args, contentHash(paths.of(source)), ...headers]);
  if (isFresh(paths.of(object), key)) return object;
  await runOrFail(program, args, { cwd: paths.root, deadlineMs: DEADLINE_MS });
  markFresh(paths.of(object), key);
  return object;
}

function command(paths: Paths, tools: Toolbox, work: Compilation, source: string, object: string): string[] {
  if (source.endsWith(".c")) {
    const include = work.includeFolders.map((folder) => `-I${folder}`);
    const map = `-ffile-prefix-map=${paths.root}=.`;
    return [tools.clang, ...work.flags, map, ...include, "-c", source, "-o", object];
  }
  const include = work.includeFolders.map((folder) => `-I${folder}/`);
  return [
    tools.nasm,
    "-f",
    work.assemblerFormat,
    "-Werror",
    "--reproducible",
    ...include,
    source,
    "-o",
    object,
  ];
}

/** The project's own headers that a source takes in, directly or not. */
function includedBy(paths: Paths, work: Compilation, source: string): string[] {
  const reached = new Set<string>([source]);
  for (const path of reached) {
    for (const match of readFileSync(paths.of(path), "utf8").matchAll(INCLUDE)) {
      const folders = [dirname(path), ...work.includeFolders];
      const found = folders
        .map((folder) => join(folder, match[1]!))
        .find((name) => existsSync(paths.of(name)));
      if (found !== undefined) reached.add(found);
    }
  }
  reached.delete(source);
  return [...reached].sort();
}
