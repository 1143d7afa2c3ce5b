// Differential runs: many programs, compiled together, each run as checked JavaScript, as native code and raw.
//
// A program is an exported function without parameters and result; a file may hold several.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { format } from "../../../transpiler/diagnostics.ts";
import type { Module, Program } from "../../../transpiler/tree.ts";
import { compile, writeBoth } from "./compiler.ts";
import { runChecked } from "./checked.ts";
import { buildNative, runNative, VARIANTS } from "./native.ts";
import { difference, type Outcome } from "./outcome.ts";
import { bundleRaw, runRaw } from "./raw.ts";

export interface Case {
  readonly file: string;
  readonly name: string;
}

export interface Verdict extends Case {
  readonly checked: Outcome;
  /** What disagrees with the checked JavaScript; empty: nothing. */
  readonly differences: readonly string[];
}

/** The programs of a file, by its text. */
export function casesOf(root: string, file: string): Case[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^export function (\w+)\(\): void \{/gm)].map((match) => ({
    file,
    name: match[1]!,
  }));
}

/** Compiles `files` (relative to `root`) as one program and runs each of their cases. Throws where they do not compile. */
export async function runAll(root: string, files: readonly string[], folder: string): Promise<Verdict[]> {
  const cases = files.flatMap((file) => casesOf(root, file));
  const program = compileAll(root, cases, folder);
  const out = join(folder, "out");
  writeBoth(program, out);
  const modules = cases.map(({ file }) => moduleOf(program, file));
  const symbols = cases.map(({ name }, index) => `${modules[index]!.name}__${name}`);
  const executables = await Promise.all(
    VARIANTS.map((variant) => buildNative(root, join(out, "c"), program, symbols, variant)),
  );
  const raw = await bundleRaw(root, cases, join(out, "raw.mjs"));
  const verdicts: Verdict[] = [];
  for (const [index, one] of cases.entries()) {
    const checked = await runChecked(join(out, "js"), program, modules[index]!, symbols[index]!);
    const differences = VARIANTS.map((variant, at) =>
      difference(variant.name, checked, runNative(executables[at]!, index)),
    );
    if (checked.trap === "") differences.push(difference("raw Node", checked, runRaw(await raw(index))));
    verdicts.push({ ...one, checked, differences: differences.filter((text) => text !== null) });
  }
  return verdicts;
}

/** One program whose entry names every case, so that none is left out. */
function compileAll(root: string, cases: readonly Case[], folder: string): Program {
  mkdirSync(folder, { recursive: true });
  const lines = cases.map(
    ({ file, name }, index) =>
      `import { ${name} as case${index} } from "./${relative(folder, join(root, file))}";`,
  );
  const calls = cases.map((_, index) => `  case${index}();`);
  const entry = join(folder, "all.ts");
  writeFileSync(entry, [...lines, "export function main(): void {", ...calls, "}", ""].join("\n"));
  const { diagnostics, program } = compile(root, relative(root, entry));
  if (diagnostics.length > 0 || program === null) throw new Error(diagnostics.map(format).join("\n"));
  return program;
}

function moduleOf(program: Program, file: string): Module {
  const module = program.modules.find((one) => one.file === file);
  if (module === undefined) throw new Error(`${file} is no module of the program`);
  return module;
}
