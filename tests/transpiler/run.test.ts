// The compiler's tests: every diagnostic refused and its replacement accepted, and programs whose outcome is the same as
// checked JavaScript, as native code and, where they do not trap, raw in Node.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runAll } from "./support/differential.ts";
import { findRoot } from "./support/compiler.ts";

const root = findRoot();
/** A failed check says what differs; where in this file it stands is of no use. */
const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;

const here = "tests/transpiler";

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(folder, name));
}

await t.test("programs", async (t) => {
  const verdicts = await runAll(root, sourcesIn(`${here}/programs`), join(root, "build/test-transpiler/programs"));
  for (const verdict of verdicts) {
    const name = `${verdict.file} ${verdict.name}: ${verdict.checked.trap || "ends"}`;
    for (const text of verdict.differences) t.comment(text);
    t.ok(verdict.differences.length === 0, name, BRIEF);
  }
});
