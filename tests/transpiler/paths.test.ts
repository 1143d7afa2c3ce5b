// Paths: where rayc lets a program read what only one class has, the field is of that class, whatever was assigned in between. Checked
// JavaScript asks every instance for its class; raw Node and C print the same.

import { rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { paths, pathsHead } from "./generator/paths.ts";
import { Random } from "./generator/random.ts";
import { runSources } from "./support/batch.ts";
import { PATIENCE_SECONDS } from "./support/bounded.ts";
import { findRoot } from "./support/compiler.ts";
import { VARIANTS } from "./support/native.ts";

const COUNT = 120;
const OUTPUT = "../../../../tests/transpiler/programs/support/output.ts";
const READING = /\.(?:radius|side)\b/g;
/** So many readings stay of what was written, and so many are refused, or nothing was tried. */
const FEWEST = 300;
const BRIEF = { at: null, stack: "" } as const;

/** Others than those of every run: `RAYOS_PATHS=70000 node build.mjs test transpiler paths`. */
const first = Number(process.env["RAYOS_PATHS"] ?? "1");
const root = findRoot();
const folder = `build/test-transpiler/paths/${process.pid}`;

function countIn(texts: Iterable<string>): number {
  return [...texts].reduce((sum, text) => sum + (text.match(READING)?.length ?? 0), 0);
}

t.setTimeout(600_000);
const sources = new Map<string, string>();
for (let seed = first; seed < first + COUNT; seed++)
  sources.set(`${folder}/seed-${seed}.ts`, pathsHead(OUTPUT) + paths(new Random(seed), "main"));
const written = countIn(sources.values());
const verdicts = await runSources(root, sources, folder, {
  variants: [VARIANTS.unoptimised],
  joined: true,
  patienceSeconds: PATIENCE_SECONDS,
});
const kept = countIn(sources.values());
for (const { file, differences, checked } of verdicts) {
  for (const text of differences) t.comment(`${file}: ${text}`);
  const isRight = differences.length === 0 && checked.trap === "";
  if (!isRight) t.fail(`${file} reads what is there ${checked.trap}`, BRIEF);
}
t.ok(verdicts.length > COUNT / 2, `${verdicts.length} of ${COUNT} programs from seed ${first} run`, BRIEF);
t.ok(kept >= FEWEST, `${kept} of ${written} readings are accepted`, BRIEF);
t.ok(written - kept >= FEWEST, `${written - kept} are refused`, BRIEF);
if (t.passing()) rmSync(join(root, folder), { recursive: true, force: true });
