// Batches of random programs: generated, pruned to what the compiler accepts, run everywhere, shrunk where they differ.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../generator.ts";
import { compile } from "./compiler.ts";
import { runAll, type Verdict } from "./differential.ts";
import { shrink, withoutLines } from "./prune.ts";

const OUTPUT = "../../../tests/transpiler/programs/support/output.ts";
const PRUNINGS = 12;

export interface RandomVerdict extends Verdict {
  readonly seed: number;
}

/** Runs the programs of these seeds in one build; `folder` is relative to the root, two deep. */
export async function runSeeds(
  root: string,
  seeds: readonly number[],
  folder: string,
): Promise<RandomVerdict[]> {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  const sources = new Map(seeds.map((seed) => [`${folder}/seed-${seed}.ts`, generate(seed, OUTPUT)]));
  prune(root, sources, folder);
  const verdicts = await runAll(root, [...sources.keys()], join(root, folder));
  return verdicts.map((verdict, index) => ({ ...verdict, seed: seeds[index]! }));
}

/** Leaves out what the compiler refuses, until it refuses nothing. */
function prune(root: string, sources: Map<string, string>, folder: string): void {
  const entry = join(folder, "check.ts");
  const imports = [...sources.keys()].map(
    (file, index) => `import { main as m${index} } from "./${file.slice(folder.length + 1)}";`,
  );
  const calls = imports.map((_, index) => `  m${index}();`);
  writeFileSync(
    join(root, entry),
    [...imports, "export function main(): void {", ...calls, "}", ""].join("\n"),
  );
  for (const [file, text] of sources) writeFileSync(join(root, file), text);
  for (let round = 0; round < PRUNINGS; round++) {
    const { diagnostics } = compile(root, entry);
    if (diagnostics.length === 0) return;
    for (const [file, text] of sources) {
      const lines = diagnostics.filter((one) => one.file === file).map((one) => one.line);
      if (lines.length === 0) continue;
      sources.set(file, withoutLines(text, lines));
      writeFileSync(join(root, file), sources.get(file)!);
    }
  }
}

/** A program as small as can be found that still differs. */
export async function shrinkProgram(
  root: string,
  file: string,
  source: string,
  budget: number,
): Promise<string> {
  const folder = `build/test-transpiler/shrink-${process.pid}`;
  mkdirSync(join(root, folder), { recursive: true });
  const path = join(folder, "program.ts");
  const differs = async (text: string): Promise<boolean> => {
    writeFileSync(join(root, path), text);
    try {
      const [verdict] = await runAll(root, [path], join(root, folder));
      return verdict !== undefined && verdict.differences.length > 0;
    } catch {
      return false;
    }
  };
  if (!(await differs(source))) return `// ${file} does not differ by itself\n${source}`;
  return shrink(source, differs, budget);
}
