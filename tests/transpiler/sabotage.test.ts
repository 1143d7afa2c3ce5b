// The net itself: the compiler is broken on purpose, in every way that transpiler/sabotage.ts knows, and the random programs
// must find each. What they find is made small, to a few lines.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { BREAKS, type BreakName } from "../../transpiler/sabotage.ts";
import type { BatchAnswer, BatchOrder } from "./support/campaign.ts";
import { findRoot } from "./support/compiler.ts";
import { runInLanes } from "./support/lanes.ts";

/** Where the search for each break begins: a program from there on finds it soon. */
const FIRST_SEED: Readonly<Record<BreakName, number>> = {
  wrap: 1,
  narrow: 1,
  bound: 1,
  compare: 1,
  shift: 1,
  divide: 1,
  effect: 1,
  order: 1,
  null: 1,
  join: 1,
  loop: 1,
  fall: 1,
  endian: 1,
  zero: 1,
};
/** So many programs are tried at a time, and so often. */
const BATCH = 14;
const BATCHES = 10;
const DEADLINE_MS = 900_000;
const TIMEOUT_MS = 1_400_000;
/** What a person can take in at a glance. The declarations that every program has are among them. */
const FEW_LINES = 25;

/** The one whose finding is made small. */
const SHRUNK: BreakName = "shift";

const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;
const root = findRoot();

interface Search {
  readonly broken: BreakName;
  tried: number;
  found: string;
  small: string;
}

t.setTimeout(TIMEOUT_MS);

const searches = (Object.keys(BREAKS) as BreakName[]).map((broken): Search => ({
  broken,
  tried: 0,
  found: "",
  small: "",
}));
for (let round = 0; round < BATCHES; round++) {
  const open = searches.filter(({ found }) => found === "");
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

function orderOf(broken: BreakName, round: number): BatchOrder {
  const first = FIRST_SEED[broken] + round * BATCH;
  return {
    root,
    folder: `build/test-transpiler/sabotage/${process.pid}-${broken}-${round}`,
    seeds: Array.from({ length: BATCH }, (_, index) => first + index),
    variants: ["unoptimised"],
    broken,
    shrinks: broken === SHRUNK,
  };
}

function take(search: Search, answer: BatchAnswer | { readonly fault: string }): void {
  search.tried += BATCH;
  if ("fault" in answer) {
    t.comment(answer.fault);
    return;
  }
  const verdict = answer.verdicts.find(({ differences }) => differences.length > 0);
  if (verdict === undefined) return;
  search.found = `seed ${verdict.seed}: ${verdict.differences[0]!}`;
  search.small = answer.small;
}

for (const { broken, found, tried, small } of searches) {
  t.ok(found !== "", `${broken}, ${BREAKS[broken]}: found within ${tried} programs`, BRIEF);
  t.comment(found.slice(0, 200));
  if (broken !== SHRUNK) continue;
  const lines = small.split("\n");
  lines.forEach((line) => t.comment(line));
  t.ok(
    small.includes(">>") && lines.length <= FEW_LINES,
    `what is left of it are ${lines.length} lines`,
    BRIEF,
  );
}

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
