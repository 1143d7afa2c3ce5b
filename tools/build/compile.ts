// Compiling: C and nasm sources to objects, two at a time, each left out when its text, its headers, the flags and the
// compiler are those of the object that is there. Compilers run in the root with relative names, so that no path of this
// machine gets into an object.
//
// What was compiled once lies in the store by the hash of all that went into it, and is linked from there. So a change that is taken
// back costs nothing, and unit tests share objects: many of them hold the same modules, in folders of their own.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { inParallel, runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { contentHash, isFresh, keyOf, markFresh, toolIdentity } from "./freshness.ts";
import { ObjectStore } from "./store.ts";

const DEADLINE_MS = 120_000;
const STORE = "build/obj/store";
const INCLUDE = /^\s*(?:#|%)\s*include\s+"([^"]+)"/gm;

/** By checkout. */
const stores = new Map<string, ObjectStore>();

export interface Compilation {
  /** Relative to the root: `.c` or `.asm`. */
  readonly sources: readonly string[];
  readonly includeFolders: readonly string[];
  readonly flags: readonly string[];
  /** nasm's output format. */
  readonly assemblerFormat: "elf64" | "win64";
  /** Where the objects go, relative to the root. */
  readonly folder: string;
  /** Where the objects say that their sources stand, so that those of other folders are the same; the folder itself without it. */
  readonly sharedAs?: string;
}

/** Compiles what is not fresh; returns all objects in the order of their sources, relative to the root. */
export async function compile(paths: Paths, tools: Toolbox, work: Compilation): Promise<string[]> {
  mkdirSync(paths.of(work.folder), { recursive: true });
  const store = stores.get(paths.root) ?? new ObjectStore(paths.of(STORE));
  stores.set(paths.root, store);
  const objects = await inParallel(work.sources, availableParallelism(), (source) =>
    compileOne(paths, tools, work, source, store),
  );
  store.prune();
  return objects;
}

async function compileOne(
  paths: Paths,
  tools: Toolbox,
  work: Compilation,
  source: string,
  store: ObjectStore,
): Promise<string> {
  const object = join(work.folder, `${basename(source)}.o`);
  const [program, ...args] = command(paths, tools, work, source, object) as [string, ...string[]];
  const headers = includedBy(paths, work, source);
  const texts = [source, ...headers].map((path) => contentHash(paths.of(path)));
  const key = keyOf([toolIdentity(program), ...args, ...headers, ...texts]);
  if (isFresh(paths.of(object), key)) return object;
  const place = work.sharedAs ?? dirname(source);
  const inputs = [
    place,
    ...work.flags,
    work.assemblerFormat,
    toolIdentity(program),
    basename(source),
    ...texts,
  ];
  const made = filesOf(work, source, paths.of(object));
  if (!store.take(keyOf(inputs), made)) {
    made.forEach((name) => rmSync(name, { force: true })); // its file may be the store's too
    await runOrFail(program, args, { cwd: paths.root, deadlineMs: DEADLINE_MS });
    // Of a source without functions clang says nothing.
    for (const name of made) if (!existsSync(name)) writeFileSync(name, "");
    store.put(keyOf(inputs), made);
  }
  markFresh(paths.of(object), key);
  return object;
}

/** What the compiler writes for an object of this path: what it needs of stack, and itself. */
function filesOf(work: Compilation, source: string, object: string): string[] {
  const tellsStack = source.endsWith(".c") && work.flags.includes("-fstack-usage");
  return tellsStack ? [object.replace(/\.o$/, ".su"), object] : [object];
}

function command(paths: Paths, tools: Toolbox, work: Compilation, source: string, object: string): string[] {
  if (source.endsWith(".c")) {
    const include = work.includeFolders.map((folder) => `-I${folder}`);
    const map = [`-ffile-prefix-map=${paths.root}=.`];
    if (work.sharedAs !== undefined) map.push(`-ffile-prefix-map=${dirname(source)}=${work.sharedAs}`);
    return [tools.clang, ...work.flags, ...map, ...include, "-c", source, "-o", object];
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
