// The net itself: the compiler is broken on purpose, in every way that transpiler/sabotage.ts knows, and the random programs
// must find each, among the first of those that tests/transpiler/random.test.ts runs.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { BREAKS, type BreakName } from "../../transpiler/sabotage.ts";
import type { BatchAnswer, BatchOrder } from "./support/campaign.ts";
import { findRoot } from "./support/compiler.ts";
import { runInLanes, type Fault } from "./support/lanes.ts";

/** As of tests/transpiler/random.test.ts: whoever breaks the compiler like that is told so by its first programs. */
const SEED = 1;
/** So many programs are tried at a time, and so often. */
const BATCH = 25;
const BATCHES = 4;
/** For finding one. */
const SEARCH_LIMIT_MS = 60_000;
/** Of these the program is made small, and then has so many lines at most, all of them counted. */
const MADE_SMALL: readonly BreakName[] = ["endian", "width", "compare", "null"];
const SMALL_LINES = 10;
const DEADLINE_MS = 900_000;
const TIMEOUT_MS = 1_400_000;
const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;
const root = findRoot();

interface Search {
  /** `null`: the compiler as it is, in which nothing may be found. */
  readonly broken: BreakName | null;
  tried: number;
  found: string;
  seed: number;
  /** From the order to the answer, on a machine that others use too. */
  tookMs: number;
}

t.setTimeout(TIMEOUT_MS);

const searches = [null, ...(Object.keys(BREAKS) as BreakName[])].map((broken): Search => ({
  broken,
  tried: 0,
  found: "",
  seed: 0,
  tookMs: 0,
}));
for (let round = 0; round < BATCHES; round++) {
  const open = searches.filter(({ broken, found }) => found === "" && (broken !== null || round === 0));
  await runInLanes<BatchOrder, BatchAnswer>({
    root,
    program: "tests/transpiler/support/worker.ts",
    orders: open.map(({ broken }) => orderOf(broken, round)),
    deadlineMs: DEADLINE_MS,
    report: ({ broken }, answer) =>
      take(
        searches.find((one) => one.broken === broken)!,
        answer,
      ),
  });
}

function orderOf(broken: BreakName | null, round: number): BatchOrder {
  const first = SEED + round * BATCH;
  return {
    root,
    folder: `build/test-transpiler/sabotage/${process.pid}-${broken}-${round}`,
    seeds: Array.from({ length: BATCH }, (_, index) => first + index),
    variants: ["bare"],
    broken,
    shrinks: false,
  };
}

function take(search: Search, answer: BatchAnswer | Fault): void {
  search.tried += BATCH;
  search.tookMs += "tookMs" in answer ? answer.tookMs : 0;
  if ("fault" in answer) {
    t.comment(answer.fault);
    return;
  }
  const verdict = answer.verdicts.find(({ differences }) => differences.length > 0);
  if (verdict === undefined) return;
  search.seed = verdict.seed;
  search.found = `seed ${verdict.seed}: ${verdict.differences[0]!}`;
}

for (const { broken, found, tried, tookMs } of searches) {
  if (broken === null) {
    t.equal(found, "", `the compiler as it is: nothing is found within ${tried} programs`, BRIEF);
    continue;
  }
  const seconds = (tookMs / 1000).toFixed(1);
  t.ok(found !== "", `${broken}, ${BREAKS[broken]}: found within ${tried} programs, ${seconds} s`, BRIEF);
  t.ok(tookMs < SEARCH_LIMIT_MS, `${broken} is found within ${SEARCH_LIMIT_MS / 1000} s`, BRIEF);
  t.comment(found.slice(0, 200));
}

const made = searches.filter(({ broken, found }) => found !== "" && MADE_SMALL.includes(broken!));
await runInLanes<BatchOrder, BatchAnswer>({
  root,
  program: "tests/transpiler/support/worker.ts",
  orders: made.map(({ broken, seed }) => ({
    ...orderOf(broken, 0),
    folder: `build/test-transpiler/sabotage/${process.pid}-${broken}-small`,
    seeds: [seed],
    shrinks: true,
  })),
  deadlineMs: DEADLINE_MS,
  report: ({ broken }, answer) => {
    const text = "small" in answer ? answer.small : answer.fault;
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    t.ok(
      text.includes("export function") && lines.length <= SMALL_LINES,
      `${broken}: its program is made small, ${lines.length} lines`,
      BRIEF,
    );
    for (const line of lines) t.comment(line);
  },
});

/** Every source below a folder that calls `sabotage`. */
function callersIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`)
    .filter((file) =>
      /\bsabotage\(/.test(readFileSync(join(root, file), "utf8").replace(/export function sabotage\(/, "")),
    );
}

t.strictSame(
  ["transpiler", "tools", "src", "uefi"].flatMap(callersIn),
  [],
  "no program but the tests' own breaks the compiler",
  BRIEF,
);
