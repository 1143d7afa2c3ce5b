// Findings: what a campaign reports of programs that differ, each with the line that reproduces it and made small.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchResult } from "./campaign.ts";
import { runSources } from "./batch.ts";
import type { Verdict } from "./differential.ts";
import { VARIANTS } from "./native.ts";
import { shrink } from "./shrink.ts";

/** For a candidate: most that take longer have lost the end of a loop. */
const PATIENCE_SECONDS = 2;
const EFFORT = { width: 32, rounds: 400 } as const;

/** Candidates were tried so often. Each time in another folder: Node keeps a module for good under its path. */
let tried = 0;

/** For a person: what differs, how to see it again, and the small program. One batch after the other. */
export async function describe(root: string, { seeds, verdicts, fault }: BatchResult): Promise<string[]> {
  const again = (seed: number, count: number): string =>
    `again: node build.mjs fuzz transpiler --count ${count} --seed ${seed}`;
  const lines = fault === "" ? [] : [fault, again(seeds[0]!, seeds.length)];
  for (const verdict of verdicts) {
    if (verdict.differences.length === 0) continue;
    lines.push(`seed ${verdict.seed}:`, ...verdict.differences, again(verdict.seed, 1));
    lines.push(await shrinkProgram(root, verdict));
  }
  return lines.flatMap((text) => text.split("\n"));
}

/** The program of a verdict, as small as can be found, that differs in the same way. */
export async function shrinkProgram(root: string, verdict: Verdict, effort = EFFORT): Promise<string> {
  const folder = `build/test-transpiler/shrink/${process.pid}`;
  const culprits = Object.values(VARIANTS).filter(({ name }) =>
    verdict.differences.some((text) => text.startsWith(`${name} ends`) || text.startsWith(`${name} prints`)),
  );
  // One that differs is enough, and the quickest.
  const comparison = { variants: culprits.slice(0, 1), joined: true, patienceSeconds: PATIENCE_SECONDS };
  const fails = async (texts: readonly string[]): Promise<boolean[]> => {
    const at = `${folder}-${tried++}`;
    const files = texts.map((_, index) => `${at}/candidate-${index}.ts`);
    const sources = new Map(files.map((file, index) => [file, texts[index]!]));
    const verdicts = await runSources(root, sources, at, comparison, 0).catch(() => null);
    // One that cannot be built keeps the others from being run.
    if (verdicts === null && texts.length > 1) {
      const half = Math.ceil(texts.length / 2);
      return [...(await fails(texts.slice(0, half))), ...(await fails(texts.slice(half)))];
    }
    if (verdicts === null) return [false];
    return files.map((file) => verdicts.some((one) => one.file === file && isSame(one, verdict)));
  };
  const source = readFileSync(join(root, verdict.file), "utf8");
  const [alone] = await fails([source]);
  if (!alone) return `It does not differ by itself: ${verdict.file}`;
  return shrink(source, fails, effort);
}

/** Both print something else, or both end in another way. */
function isSame(found: Verdict, wanted: Verdict): boolean {
  const kind = (one: Verdict): string =>
    one.differences.map((text) => / (prints|ends) /.exec(text)?.[1]).at(0) ?? "";
  return found.differences.length > 0 && kind(found) === kind(wanted);
}
