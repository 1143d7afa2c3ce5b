// `node build.mjs fuzz diagnostics`: mutated sources; an exception or a hang of the compiler is a finding.

import { parseArgs } from "node:util";
import { findRoot } from "../support/compiler.ts";
import { describeFinding, runMutants } from "./mutant-campaign.ts";

/** A line of progress after so many mutants. */
const STRIDE = 1000;

const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
const count = Number(values.count);
const seed = Number(values.seed);
const start = performance.now();
let shown = 0;
let told = 0;

const { tried, accepted, findings } = await runMutants(findRoot(), { count, seed }, (totals) => {
  for (; told < totals.findings.length; told++)
    for (const line of describeFinding(totals.findings[told]!)) console.log(line);
  if (Math.floor(totals.tried / STRIDE) === shown) return;
  shown = Math.floor(totals.tried / STRIDE);
  console.log(`${totals.tried} mutants, ${((performance.now() - start) / 1000).toFixed(0)} s`);
});
console.log(
  `${tried} of ${count} mutants from seed ${seed}: ${accepted} accepted, ${tried - accepted} refused, ${findings.length} findings.`,
);
process.exitCode = findings.length === 0 && tried === count ? 0 : 1;
