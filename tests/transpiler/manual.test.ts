// The language's manual: every example of docs/language is compiled, runs as it says, or is refused as it says.

import { rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findRoot } from "./support/compiler.ts";
import { runAll } from "./support/differential.ts";
import { codesOf, examplesOf, type Example } from "./support/manual.ts";

const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;
const TIMEOUT_MS = 600_000;
const root = findRoot();
const folder = `build/test-transpiler/manual-${process.pid}`;
const examples = examplesOf(root, folder);
const accepted = examples.filter((one) => one.refused === null);
const byTypeScript = examples.filter((one) => one.refused?.startsWith("TS") === true);
const byRayc = examples.filter((one) => one.refused?.startsWith("RAY") === true);

t.setTimeout(TIMEOUT_MS);

await t.test("the pages have examples of both kinds", async (t) => {
  t.ok(accepted.length >= 30 && byRayc.length >= 30 && byTypeScript.length >= 2, "enough of each", BRIEF);
});

await t.test("what a page calls refused is refused, for the reason that it gives", async (t) => {
  for (const some of [byRayc, byTypeScript]) {
    for (const [example, codes] of codesOf(root, folder, some)) {
      const passed = some === byRayc ? codes.join() === example.refused : codes.includes(example.refused!);
      if (!passed) t.comment(`${example.name} gives '${codes.join(" ")}'`);
      t.ok(passed, `${example.name} is refused by ${example.refused}`, BRIEF);
    }
  }
});

await t.test(
  "what a page shows runs everywhere, and prints what it says",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const byFile = new Map(accepted.map((example) => [example.file, example]));
    const verdicts = await runAll(root, [...byFile.keys()], join(root, folder));
    t.equal(verdicts.length, accepted.length);
    for (const { file, checked, differences } of verdicts) {
      const example = byFile.get(file)!;
      const faults = [...differences, ...unlike(example, checked.output, checked.trap)];
      for (const text of faults) t.comment(text);
      t.ok(faults.length === 0, `${example.name} runs`, BRIEF);
    }
    if (t.passing()) rmSync(join(root, folder), { recursive: true, force: true });
  },
);

function unlike(example: Example, output: string, trap: string): string[] {
  const printed = output === "" ? [] : output.trimEnd().split("\n");
  const faults: string[] = [];
  if (printed.join("|") !== example.prints.join("|")) faults.push(`prints '${printed.join("|")}'`);
  const kind = /^trap (\w+)/.exec(trap)?.[1] ?? null;
  if (kind !== example.traps) faults.push(`ends with '${trap}'`);
  return faults;
}
