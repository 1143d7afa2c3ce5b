// Programs as they are: bundled by esbuild, with the prelude, run in this process.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Outcome } from "./outcome.ts";

export interface RawCase {
  readonly file: string;
  readonly name: string;
}

/** Bundles functions of sources. Gives what loads the one of an index, in modules of its own. */
export async function bundleRaw(
  root: string,
  cases: readonly RawCase[],
  target: string,
): Promise<(index: number) => Promise<() => void>> {
  const exports = cases.map(
    ({ file, name }, index) => `export { ${name} as case${index} } from ${JSON.stringify(`./${file}`)};`,
  );
  await build({
    stdin: {
      contents: [`import "./transpiler/lib/prelude.ts";`, ...exports].join("\n"),
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    outfile: target,
    logLevel: "warning",
  });
  return async (index) => {
    const loaded = (await import(`${pathToFileURL(resolve(target)).href}?case=${index}`)) as Record<
      string,
      () => void
    >;
    return loaded[`case${index}`]!;
  };
}

/** Runs one of them. A trap of the prelude's, which knows no lines, is told by its kind alone. */
export function runRaw(main: () => void): Outcome {
  const chunks: Buffer[] = [];
  const globals = globalThis as unknown as Record<string, unknown>;
  globals["print"] = (text: { readonly array: Uint8Array }) => void chunks.push(Buffer.from(text.array));
  let trap = "";
  try {
    main();
  } catch (error) {
    trap = error instanceof Error ? error.message : String(error);
  }
  return { output: Buffer.concat(chunks).toString("utf8"), trap };
}
