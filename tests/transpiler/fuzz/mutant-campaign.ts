// A campaign of mutants: many sources with mistakes, in batches, on all cores. A batch that hangs or dies is taken apart.

import { runInLanes } from "../support/lanes.ts";
import type { Finding, MutantAnswer, MutantOrder } from "./mutants.ts";

/** So many mutants are compiled together. */
const BATCH = 20;
/** For one batch, which is some 3 s of work; findings take longer, for they are made small. */
const DEADLINE_MS = 600_000;
/** For a mutant alone: what takes this long hangs, on a busy machine too. */
const ALONE_DEADLINE_MS = 180_000;

export interface Totals {
  tried: number;
  accepted: number;
  readonly findings: Finding[];
}

export async function runMutants(
  root: string,
  { count, seed }: { readonly count: number; readonly seed: number },
  progress: (totals: Totals) => void = () => undefined,
): Promise<Totals> {
  const totals: Totals = { tried: 0, accepted: 0, findings: [] };
  const suspects: number[] = [];
  const pass = (
    seeds: readonly (readonly number[])[],
    deadlineMs: number,
    doubt: (order: MutantOrder, fault: string) => void,
  ) =>
    runInLanes<MutantOrder, MutantAnswer>({
      root,
      program: "tests/transpiler/fuzz/mutant-worker.ts",
      orders: seeds.map((some) => ({
        root,
        seeds: some,
        folder: `build/test-transpiler/mutants/${process.pid}-${some[0]!}`,
      })),
      deadlineMs,
      report: (order, answer) => {
        if ("fault" in answer) doubt(order, answer.fault);
        else {
          totals.tried += order.seeds.length;
          totals.accepted += answer.accepted;
          totals.findings.push(...answer.findings);
        }
        progress(totals);
      },
    });
  await pass(batchesOf(count, seed), DEADLINE_MS, ({ seeds }) => suspects.push(...seeds));
  await pass(
    suspects.map((one) => [one]),
    ALONE_DEADLINE_MS,
    (order, fault) => {
      totals.tried++;
      totals.findings.push({ seed: order.seeds[0]!, fault, source: "" });
    },
  );
  return totals;
}

function batchesOf(count: number, seed: number): number[][] {
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, index) => {
    const first = seed + index * BATCH;
    return Array.from({ length: Math.min(BATCH, seed + count - first) }, (_, at) => first + at);
  });
}

/** For a person: what was thrown, how to see it again, and the small source. */
export function describeFinding({ seed, fault, source }: Finding): string[] {
  return [
    `seed ${seed}: ${fault.split("\n").slice(0, 6).join("\n")}`,
    `again: node build.mjs fuzz diagnostics --count 1 --seed ${seed}`,
    ...source.split("\n"),
  ].flatMap((text) => text.split("\n"));
}
