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
  return async (index, length) => {
    const { file, name } = cases[index]!;
    const script = join(folder, `raw-${files.indexOf(file)}.mjs`);
    const loaded: unknown = await import(`${pathToFileURL(resolve(script)).href}?case=${index}`);
    return runRaw(
      (loaded as Record<string, () => void>)[name]!,
      Math.min(length, PRINTED_LIMIT),
      patienceSeconds,
    );
  };
}

/** Runs one of them. A trap of the prelude's, which knows no lines, is told by its kind alone. */
function runRaw(main: () => void, length: number, patienceSeconds: number): Outcome {
  const chunks: Buffer[] = [];
  let printed = 0;
  const globals = globalThis as unknown as Record<string, unknown>;
  globals["print"] = (text: { readonly array: Uint8Array }) => {
    chunks.push(Buffer.from(text.array));
    printed += text.array.length;
    if (printed > length) throw new TooMuch();
  };
  let trap = "";
  try {
    if (!callBounded(main, patienceSeconds)) trap = ENDLESS;
  } catch (error) {
    trap = error instanceof Error ? error.message : String(error);
  }
  return { output: Buffer.concat(chunks).toString("utf8"), trap };
}
