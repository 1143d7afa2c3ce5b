// Mutated sources: whatever is given to the compiler, it accepts or refuses it, and never fails.
//
// 300, always the same. More, or others: node build.mjs fuzz diagnostics --count 10000 --seed 77.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { describeFinding, runMutants } from "./fuzz/mutant-campaign.ts";
import { faultOf } from "./fuzz/mutants.ts";
import { findRoot } from "./support/compiler.ts";

const COUNT = 300;
const SEED = 1;
/** On a machine that others use too. */
const TIMEOUT_MS = 1_400_000;

const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;

const root = findRoot();
const crashed = "tests/transpiler/crashed";

t.setTimeout(TIMEOUT_MS);
for (const name of readdirSync(join(root, crashed)).sort())
  t.equal(
    faultOf(root, `${crashed}/${name}`),
    "",
    `${crashed}/${name}, which once failed, does no more`,
    BRIEF,
  );

const { tried, accepted, findings } = await runMutants(root, { count: COUNT, seed: SEED });
for (const finding of findings) for (const line of describeFinding(finding)) t.comment(line);
t.ok(findings.length === 0, `${tried} mutants: no exception, no hang`, BRIEF);
t.equal(tried, COUNT, "every mutant was tried", BRIEF);
t.ok(accepted > 0 && accepted < tried, `${accepted} are accepted, the others refused`, BRIEF);
