// A campaign: many random programs, in batches, on all cores.

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BreakName } from "../../../transpiler/sabotage.ts";
import type { RandomVerdict } from "./batch.ts";
import { runInLanes } from "./lanes.ts";
import type { VariantName } from "./native.ts";

/** So many programs are compiled together. */
const BATCH = 50;
/** Every program runs at -O0 and at -O2, both watched by the sanitizers. */
const USUAL: readonly VariantName[] = ["unoptimised", "optimisedWatched"];
/** Every so many batches also run at -O2 alone: what watches a program keeps clang from some of what it does otherwise. */
const UNWATCHED = 4;
/** For one batch, which is some 10 s of work. */
const DEADLINE_MS = 900_000;

/** What a process is asked for, and what it answers. */
export interface BatchOrder {
  readonly root: string;
  /** One for each batch: Node keeps a module for good under the path that it was imported from. */
  readonly folder: string;
  readonly seeds: readonly number[];
  readonly variants: readonly VariantName[];
  /** A fault that the compiler is to have. */
  readonly broken: BreakName | null;
  /** Also makes the first program that differs small. */
  readonly shrinks: boolean;
}

export interface BatchAnswer {
  readonly verdicts: readonly RandomVerdict[];
  /** The first program that differs, made small, where that was wanted. */
  readonly small: string;
  /** How long the worker was at it. */
  readonly tookMs: number;
}

export interface BatchResult {
  readonly verdicts: readonly RandomVerdict[];
  readonly seeds: readonly number[];
  /** Why the batch did not come to verdicts: "" where it did. */
  readonly fault: string;
}

/** Runs `count` programs from `seed` on; `report` gets the batches as they end. */
export async function runCampaign(
  root: string,
  { count, seed }: { readonly count: number; readonly seed: number },
  report: (result: BatchResult) => void,
): Promise<void> {
  const orders = Array.from({ length: Math.ceil(count / BATCH) }, (_, index): BatchOrder => {
    const first = seed + index * BATCH;
    return {
      root,
      folder: `build/test-transpiler/random/${process.pid}-${first}`,
      seeds: Array.from({ length: Math.min(BATCH, seed + count - first) }, (_, at) => first + at),
      variants: index % UNWATCHED === 0 ? [...USUAL, "optimised"] : USUAL,
      broken: null,
      shrinks: false,
    };
  });
  await runInLanes<BatchOrder, BatchAnswer>({
    root,
    program: "tests/transpiler/support/worker.ts",
    orders,
    deadlineMs: DEADLINE_MS,
    report: ({ seeds, folder }, answer) => {
      const fault = "fault" in answer ? answer.fault : "";
      const verdicts = "verdicts" in answer ? answer.verdicts : [];
      // What failed stays there to be looked at.
      if (fault === "" && verdicts.every((one) => one.differences.length === 0))
        rmSync(join(root, folder), { recursive: true, force: true });
      report({ seeds, verdicts, fault });
    },
  });
}
