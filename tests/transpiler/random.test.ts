// Random programs: checked JavaScript, C at -O0 under sanitizers, C at -O2 and raw Node have one outcome.
//
// Forty by default, always the same. More, or others: RAYOS_PROGRAMS=5000 RAYOS_SEED=77 node build.mjs test
// transpiler random, or the same as --count and --seed of the bundle.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import t from "tap";
import { findRoot } from "./support/compiler.ts";
import { runSeeds, shrinkProgram } from "./support/random-programs.ts";

/** So many programs are compiled together. */
const BATCH = 20;
const SHRINKING_TRIES = 60;

const { values } = parseArgs({
  options: { count: { type: "string" }, seed: { type: "string" } },
  strict: false,
});
const count = Number(values.count ?? process.env["RAYOS_PROGRAMS"] ?? 40);
const first = Number(values.seed ?? process.env["RAYOS_SEED"] ?? 1);
const root = findRoot();
const folder = `build/test-transpiler/random-${process.pid}`;

let allPassed = true;

t.setTimeout(count * 10_000 + 600_000);

for (let start = first; start < first + count; start += BATCH) {
  // A folder of its own for each batch: Node keeps a module for good under the path that it was imported from.
  const seeds = Array.from({ length: Math.min(BATCH, first + count - start) }, (_, index) => start + index);
  for (const { seed, file, differences, checked } of await runSeeds(root, seeds, `${folder}/${start}`)) {
    const passed = differences.length === 0;
    if (!passed) {
      for (const text of differences) t.comment(text);
      t.comment(`again: RAYOS_SEED=${seed} RAYOS_PROGRAMS=1 node build.mjs test transpiler random`);
      const source = readFileSync(join(root, file), "utf8");
      t.comment(await shrinkProgram(root, file, source, SHRINKING_TRIES));
    }
    allPassed &&= passed;
    t.ok(passed, `seed ${seed}: ${checked.trap || "ends"}`, {
      at: null,
      stack: "",
      source: "",
      diagnostic: false,
    });
  }
}

// What failed stays there to be looked at.
if (allPassed) rmSync(join(root, folder), { recursive: true, force: true });
