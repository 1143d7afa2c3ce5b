// Programs as they are: bundled by esbuild, with the prelude, run in this process.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { callBounded, ENDLESS, PRINTED_LIMIT, TooMuch } from "./bounded.ts";
import type { Outcome } from "./outcome.ts";

export interface RawCase {
  readonly file: string;
  readonly name: string;
}

/** Runs the case of an index, at least until it has printed `length` characters. */
export type RunRaw = (index: number, length: number) => Promise<Outcome>;

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
    format: "esm",
    platform: "node",
    target: "es2022",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
  });
  let begun = 0;
  return (index, length) => {
    const { file, name } = cases[index]!;
    const script = join(folder, `raw-${files.indexOf(file)}.mjs`);
    const load = async (): Promise<() => void> => {
      const loaded: unknown = await import(`${pathToFileURL(resolve(script)).href}?begun=${begun++}`);
      return (loaded as Record<string, () => void>)[name]!;
    };
    return runRaw(load, Math.min(length, PRINTED_LIMIT), patienceSeconds);
  };
}

/** Runs one of them. A trap of the prelude's, which knows no lines, is told by its kind alone. */
async function runRaw(
  load: () => Promise<() => void>,
  length: number,
  patienceSeconds: number,
): Promise<Outcome> {
  let chunks: Buffer[] = [];
  let printed = 0;
  const print = (text: { readonly array: Uint8Array }): void => {
    chunks.push(Buffer.from(text.array));
    printed += text.array.length;
    if (printed > length) throw new TooMuch();
  };
  const begin = async (): Promise<() => void> => {
    chunks = [];
    printed = 0;
    const main = await load();
    // The prelude, loaded with it, has put its own there.
    (globalThis as unknown as Record<string, unknown>)["print"] = print;
    return main;
  };
  let trap = "";
  try {
    if (!(await callBounded(begin, patienceSeconds))) trap = ENDLESS;
  } catch (error) {
    trap = error instanceof Error ? error.message : String(error);
  }
  return { output: Buffer.concat(chunks).toString("utf8"), trap };
}
