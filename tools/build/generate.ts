// Generating: one run of rayc for one program, left out when no source that the entry reaches has changed.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { runOrFail } from "../child.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { contentHash, isFresh, keyOf, markFresh } from "./freshness.ts";

const DEADLINE_MS = 300_000;
const IMPORT = /^\s*(?:import|export)\b[^"']*?from\s+"(\.[^"]+)"/gm;

export interface Generation {
  /** The entry module, relative to the root. */
  readonly entry: string;
  readonly target: "kernel" | "efi" | "host";
  readonly emit: "c" | "js";
  /** Relative to the root. */
  readonly folder: string;
}

/** Runs rayc unless its output is fresh; returns the generated sources, relative to the root. */
export async function generate(paths: Paths, rayc: string, wanted: Generation): Promise<string[]> {
  const list = paths.of(wanted.folder, "files.txt");
  const key = generationKey(paths, rayc, wanted);
  if (!isFresh(list, key)) {
    const args = [
      rayc,
      wanted.entry,
      "--target",
      wanted.target,
      "--emit",
      wanted.emit,
      "--out-dir",
      wanted.folder,
    ];
    await runOrFail(process.execPath, args, { cwd: paths.root, deadlineMs: DEADLINE_MS }).catch((fault) => {
      throw fault instanceof Failure ? new Failure(`rayc refuses ${wanted.entry}:\n${fault.message}`) : fault;
    });
    markFresh(list, key);
  }
  const names = readFileSync(list, "utf8").split("\n");
  return names.filter((name) => name !== "").map((name) => join(wanted.folder, name));
}

function generationKey(paths: Paths, rayc: string, wanted: Generation): string {
  const sources = reachedFrom(paths, wanted.entry);
  const library = ["transpiler/lib/lib.d.ts", "transpiler/lib/ray.d.ts"].map((name) => paths.of(name));
  const parts = [rayc, ...library, ...sources].flatMap((path) => [
    relative(paths.root, path),
    contentHash(path),
  ]);
  return keyOf([wanted.entry, wanted.target, wanted.emit, ...parts]);
}

/** The files that `entry` imports, directly or not, and itself; absolute. */
export function reachedFrom(paths: Paths, entry: string): string[] {
  const reached = new Set<string>([paths.of(entry)]);
  for (const path of reached) {
    if (!existsSync(path)) continue; // rayc says it better, with the line of the import
    for (const match of readFileSync(path, "utf8").matchAll(IMPORT))
      reached.add(join(dirname(path), match[1]!));
  }
  return [...reached].filter((path) => existsSync(path)).sort();
}
