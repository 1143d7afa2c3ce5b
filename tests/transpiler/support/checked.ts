// Programs as checked JavaScript, run in this process.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Module, Program } from "../../../transpiler/tree.ts";
import { fileName } from "../../../transpiler/print/js/names.ts";
import { callBounded, ENDLESS, PRINTED_LIMIT, TooMuch } from "./bounded.ts";
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
  patienceSeconds: number,
): Promise<Outcome> {
  const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(folder, name)).href);
  const runtime = (await load("ray-runtime.mjs")) as Runtime;
  const modules = (await Promise.all(program.modules.map((one) => load(fileName(one))))) as Exports[];
  const main = modules[program.modules.indexOf(module)]![symbol]!;
  let chunks: Buffer[] = [];
  let printed = 0;
  const take = (bytes: Uint8Array): void => {
    chunks.push(Buffer.from(bytes));
    printed += bytes.length;
    if (printed > PRINTED_LIMIT) throw new TooMuch();
  };
  const start = (): void => {
    for (const one of modules) one["$initialize"]!();
    main();
  };
  let trap = "";
  const begin = (): (() => void) => {
    chunks = [];
    printed = 0;
    return () => (trap = runtime.execute(start, take)?.message ?? "");
  };
  const ended = callBounded(begin, patienceSeconds);
  return { output: Buffer.concat(chunks).toString("utf8"), trap: ended ? trap : ENDLESS };
}
