// Differential runs: many programs, compiled together, each run as checked JavaScript, as native code and raw.
//
// A program is an exported function without parameters and result; a file may hold several.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { format } from "../../../transpiler/diagnostics.ts";
import type { Module, Program } from "../../../transpiler/tree.ts";
import { ENDLESS, PATIENCE_SECONDS } from "./bounded.ts";
import { compile, writeBoth } from "./compiler.ts";
import { runChecked } from "./checked.ts";
import { buildNative, runNative, VARIANTS, type Build, type Variant } from "./native.ts";
import { difference, type Outcome } from "./outcome.ts";
import { bundleRaw } from "./raw.ts";

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
export function casesOf(root: string, file: string, text = readFileSync(join(root, file), "utf8")): Case[] {
  return [...text.matchAll(/^export function (\w+)\(\): void \{/gm)].map((match) => ({
    file,
    name: match[1]!,
  }));
}

/** Compiles `files` (relative to `root`) as one program and runs each of their cases. Throws where they do not compile. */
export async function runAll(root: string, files: readonly string[], folder: string): Promise<Verdict[]> {
  const cases = files.flatMap((file) => casesOf(root, file));
  const program = compileAll(root, cases, folder);
  return compareAll(root, program, cases, folder, {
    variants: EVERY_VARIANT,
    joined: false,
    patienceSeconds: PATIENCE_SECONDS,
  });
}

export interface Comparison extends Build {
  readonly variants: readonly Variant[];
}

const EVERY_VARIANT = [VARIANTS.unoptimised, VARIANTS.optimised, VARIANTS.optimisedWatched];

/** Runs the cases of a compiled program everywhere, and compares. */
export async function compareAll(
  root: string,
  program: Program,
  cases: readonly Case[],
  folder: string,
  { variants, joined, patienceSeconds }: Comparison,
): Promise<Verdict[]> {
  const out = join(folder, "out");
  writeBoth(program, out);
  const modules = cases.map(({ file }) => moduleOf(program, file));
  const symbols = cases.map(({ name }, index) => `${modules[index]!.name}__${name}`);
  const [raw, ...outcomes] = await Promise.all([
    bundleRaw(root, cases, join(out, "raw"), patienceSeconds),
    ...variants.map(async (variant) => {
      const build = { joined: joined || variant === VARIANTS.optimisedWatched, patienceSeconds };
      return runNative(await buildNative(root, join(out, "c"), program, symbols, variant, build));
    }),
  ]);
  const verdicts: Verdict[] = [];
  for (const [index, one] of cases.entries()) {
    const js = join(out, "js");
    const checked = await runChecked(js, program, modules[index]!, symbols[index]!, patienceSeconds);
    if (checked.trap === ENDLESS) {
      verdicts.push({ ...one, checked, differences: [`checked JavaScript: ${ENDLESS}`] });
      continue;
    }
    const differences = variants.map((variant, at) =>
      difference(variant.name, checked, outcomes[at]![index] ?? NO_OUTCOME),
    );
    differences.push(rawDifference(checked, (length) => raw(index, length)));
    verdicts.push({ ...one, checked, differences: differences.filter((text) => text !== null) });
  }
  return verdicts;
}

/** Without checks a program goes on where it should have trapped: up to there it prints the same. */
function rawDifference(checked: Outcome, run: (length: number) => Outcome): string | null {
  const { output } = checked;
  if (checked.trap === "") return difference("raw Node", checked, run(Infinity));
  const begun = run(output.length).output.slice(0, output.length);
  return difference("raw Node", { output, trap: "" }, { output: begun, trap: "" });
}

/** Of a program that the executable did not come to. */
const NO_OUTCOME: Outcome = { output: "", trap: "it was not run" };

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
