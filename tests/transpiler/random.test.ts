// Random programs: checked JavaScript, C at -O0 and at -O2 under ASan and UBSan, some also at -O2 alone, and raw Node have one
// outcome. Where a program traps, raw Node, which checks nothing, has printed the same up to there.
//
// 500, always the same. More, or others: node build.mjs fuzz transpiler --count 20000 --seed 77.

import t from "tap";
import { runCampaign, type BatchResult } from "./support/campaign.ts";
import { findRoot } from "./support/compiler.ts";
import { describe } from "./support/findings.ts";

const COUNT = 500;
const SEED = 1;
/** Of a program that the compiler refuses whatever is left out of it, nothing can be said. Hardly any is. */
const FEWEST = 0.98;
/** On a machine that others use too. */
const TIMEOUT_MS = 1_400_000;

const root = findRoot();
const results: BatchResult[] = [];

t.setTimeout(TIMEOUT_MS);
await runCampaign(root, { count: COUNT, seed: SEED }, (result) => results.push(result));

for (const result of results.sort((a, b) => a.seeds[0]! - b.seeds[0]!)) {
  const programs = result.verdicts.filter(({ name }) => name === "main").length;
  const traps = result.verdicts.filter(({ checked }) => checked.trap !== "").length;
  const different = result.verdicts.filter(({ differences }) => differences.length > 0).length;
  const passed = result.fault === "" && different === 0 && result.verdicts.length > 0;
  if (!passed) for (const line of await describe(root, result)) t.comment(line);
  const name = `seeds ${result.seeds[0]} to ${result.seeds.at(-1)}: ${programs} programs of ${result.verdicts.length} parts, ${traps} trap`;
  t.ok(passed, name, { at: null, stack: "", source: "", diagnostic: false });
}

const ran = results.reduce(
  (sum, { verdicts }) => sum + verdicts.filter(({ name }) => name === "main").length,
  0,
);
const brief = { at: null, stack: "", source: "", diagnostic: false };
t.ok(ran >= COUNT * FEWEST, `${ran} of ${COUNT} programs were accepted and run`, brief);
