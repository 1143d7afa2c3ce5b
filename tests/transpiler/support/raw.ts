// Programs as they are: bundled by esbuild, with the prelude, run in this process.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { build } from "esbuild";
import { callBounded, ENDLESS, PRINTED_LIMIT, TooMuch } from "./bounded.ts";
import type { Outcome } from "./outcome.ts";

export interface RawCase {
  readonly file: string;
  readonly name: string;
}

/** Runs the case of an index, at least until it has printed `length` characters. */
export type RunRaw = (index: number, length: number) => Outcome;

/** Bundles functions of sources, each apart. Gives what runs one of them, in modules of its own. */
export async function bundleRaw(
  root: string,
  cases: readonly RawCase[],
  folder: string,
  patienceSeconds: number,
): Promise<RunRaw> {
  mkdirSync(folder, { recursive: true });
  const files = [...new Set(cases.map(({ file }) => file))];
  const entries = files.map((file, index) => {
    const entry = join(folder, `entry-${index}.ts`);
    const lines = [join(root, "transpiler/lib/prelude.ts"), join(root, file)].map(
      (path) => `export * from ${JSON.stringify(path)};\n`,
    );
    writeFileSync(entry, lines.join(""));
    return { in: entry, out: `raw-${index}` };
  });
  await build({
    entryPoints: entries,
    bundle: true,
    format: "iife",
    globalName: "program",
    platform: "node",
    target: "es2022",
    outdir: folder,
    // What it warns of in a random program nobody meant.
    logLevel: "error",
  });
  const scripts = files.map((_, index) => {
    const filename = join(folder, `raw-${index}.js`);
    return new Script(`${readFileSync(filename, "utf8")}\nprogram;`, { filename });
  });
  return (index, length) => {
    const { file, name } = cases[index]!;
    // Every run of a script makes all modules anew.
    const load = (): (() => void) =>
      (scripts[files.indexOf(file)]!.runInThisContext() as Record<string, () => void>)[name]!;
    return runRaw(load, Math.min(length, PRINTED_LIMIT), patienceSeconds);
  };
}

/** Runs one of them. A trap of the prelude's, which knows no lines, is told by its kind alone. */
function runRaw(load: () => () => void, length: number, patienceSeconds: number): Outcome {
  let chunks: Buffer[] = [];
  let printed = 0;
  const print = (text: { readonly array: Uint8Array }): void => {
    chunks.push(Buffer.from(text.array));
    printed += text.array.length;
    if (printed > length) throw new TooMuch();
  };
  const begin = (): (() => void) => {
    chunks = [];
    printed = 0;
    const main = load();
    // The prelude, loaded with it, has put its own there.
    (globalThis as unknown as Record<string, unknown>)["print"] = print;
    return main;
  };
  let trap = "";
  try {
    if (!callBounded(begin, patienceSeconds)) trap = ENDLESS;
  } catch (error) {
    trap = error instanceof Error ? error.message : String(error);
  }
  return { output: Buffer.concat(chunks).toString("utf8"), trap };
}
