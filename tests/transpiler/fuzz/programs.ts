// `node build.mjs fuzz transpiler`: as many random programs as wanted. Every finding is printed as it comes, made small.

import { parseArgs } from "node:util";
import { runCampaign, type BatchResult } from "../support/campaign.ts";
import { findRoot } from "../support/compiler.ts";
import { describe } from "../support/findings.ts";

/** A line of progress after so many programs. */
const STRIDE = 500;

const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
const count = Number(values.count);
const seed = Number(values.seed);
const root = findRoot();

const start = performance.now();
const failed: BatchResult[] = [];
const ends = new Map<string, number>();
let done = 0;
let shown = 0;

await runCampaign(root, { count, seed }, (result) => {
  done += result.verdicts.filter(({ name }) => name === "main").length;
  for (const { checked } of result.verdicts) {
    const end = checked.trap === "" ? "ends" : checked.trap.split(" ").slice(0, 2).join(" ");
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  if (result.fault !== "" || result.verdicts.some(({ differences }) => differences.length > 0)) {
    failed.push(result);
    const what =
      result.fault === "" ? "Something differs" : `There is no verdict (${result.fault.split("\n")[0]})`;
    console.log(`${what} within seeds ${result.seeds[0]} to ${result.seeds.at(-1)}.`);
  }
  if (Math.floor(done / STRIDE) > Math.floor(shown / STRIDE) || done === count) {
    console.log(`${done} programs, ${((performance.now() - start) / 1000).toFixed(0)} s`);
    shown = done;
  }
});

for (const result of failed) for (const line of await describe(root, result)) console.log(line);
const told = [...ends].sort(([, a], [, b]) => b - a).map(([end, number]) => `${number} ${end}`);
console.log(
  `${done} of ${count} programs from seed ${seed}: ${told.join(", ")}; ${failed.length} batches with findings.`,
);
process.exitCode = failed.length === 0 && done > 0 ? 0 : 1;
