// Programs as checked JavaScript, run in this process.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Module, Program } from "../../../transpiler/tree.ts";
import { fileName } from "../../../transpiler/print/js/names.ts";
import type { Outcome } from "./outcome.ts";

interface Runtime {
  execute(program: () => void, write: (bytes: Uint8Array) => void): { readonly message: string } | null;
}

type Exports = Readonly<Record<string, () => void>>;

/** Runs one function of a program whose files stand in `folder`. Every module starts afresh. */
export async function runChecked(
  folder: string,
  program: Program,
  module: Module,
  symbol: string,
): Promise<Outcome> {
  const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(folder, name)).href);
  const runtime = (await load("ray-runtime.mjs")) as Runtime;
  const modules = (await Promise.all(program.modules.map((one) => load(fileName(one))))) as Exports[];
  const main = modules[program.modules.indexOf(module)]![symbol]!;
  const chunks: Buffer[] = [];
  const trap = runtime.execute(
    () => {
      for (const one of modules) one["$initialize"]!();
      main();
    },
    (bytes) => void chunks.push(Buffer.from(bytes)),
  );
  return { output: Buffer.concat(chunks).toString("utf8"), trap: trap === null ? "" : trap.message };
}
