// A batch of random programs: generated, pruned to what the compiler accepts, compiled and run together.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../../transpiler/tree.ts";
import { generate } from "../generator.ts";
import { compile } from "./compiler.ts";
import { casesOf, compareAll, type Comparison, type Verdict } from "./differential.ts";
import { withoutLines } from "./prune.ts";

/** How the programs of a batch, which stand three folders deep, name what they print with. */
const SUPPORT = "../../../../tests/transpiler/programs/support";
const PRUNINGS = 12;

export interface RandomVerdict extends Verdict {
  readonly seed: number;
}

/** Runs the programs of these seeds in one build; `folder` is relative to the root, three deep. */
export async function runSeeds(
  root: string,
  seeds: readonly number[],
  folder: string,
  comparison: Comparison,
): Promise<RandomVerdict[]> {
  const sources = new Map(seeds.map((seed) => [`${folder}/seed-${seed}.ts`, generate(seed, SUPPORT)]));
  const verdicts = await runSources(root, sources, folder, comparison);
  return verdicts.map((verdict) => ({ ...verdict, seed: Number(/seed-(\d+)/.exec(verdict.file)![1]) }));
}

/** The same for any sources, by their paths; those that the compiler refuses after the prunings are taken out. */
export async function runSources(
  root: string,
  sources: Map<string, string>,
  folder: string,
  comparison: Comparison,
  prunings = PRUNINGS,
): Promise<Verdict[]> {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  for (const [file, text] of sources) writeFileSync(join(root, file), text);
  const program = prune(root, sources, folder, prunings);
  const cases = [...sources].flatMap(([file, text]) => casesOf(root, file, text));
  return cases.length === 0 ? [] : compareAll(root, program!, cases, join(root, folder), comparison);
}

/** Leaves out of each source what the compiler refuses, until it refuses nothing; gives the whole. */
function prune(root: string, sources: Map<string, string>, folder: string, prunings: number): Program | null {
  let suspects = [...sources.keys()];
  for (let round = 0; suspects.length > 0; round++) {
    const { diagnostics, program } = compileFiles(root, suspects, sources, folder);
    if (diagnostics.length === 0 && suspects.length === sources.size) return program;
    suspects = suspects.filter((file) => diagnostics.some((one) => one.file === file));
    if (round === prunings) break;
    for (const file of suspects) {
      const lines = diagnostics.filter((one) => one.file === file).map((one) => one.line);
      const rest = withoutLines(sources.get(file)!, lines);
      // Nothing asks for what has lost its main: it would count as accepted.
      if (!rest.includes("export function main(")) sources.delete(file);
      else sources.set(file, rest);
      writeFileSync(join(root, file), rest);
    }
    suspects = suspects.filter((file) => sources.has(file));
  }
  for (const file of suspects) sources.delete(file);
  if (sources.size === 0) return null;
  const { diagnostics, program } = compileFiles(root, [...sources.keys()], sources, folder);
  if (diagnostics.length > 0) throw new Error(`accepted apart, refused together: ${diagnostics[0]!.message}`);
  return program;
}

/** Compiles what these files export as one program. */
function compileFiles(
  root: string,
  files: readonly string[],
  sources: ReadonlyMap<string, string>,
  folder: string,
) {
  const cases = files.flatMap((file) => casesOf(root, file, sources.get(file)));
  const imports = cases.map(
    ({ file, name }, index) => `import { ${name} as m${index} } from "./${file.slice(folder.length + 1)}";`,
  );
  const calls = cases.map((_, index) => `  m${index}();`);
  const entry = join(folder, "all.ts");
  const text = [...imports, "export function main(): void {", ...calls, "}", ""].join("\n");
  writeFileSync(join(root, entry), text);
  return compile(root, entry);
}
