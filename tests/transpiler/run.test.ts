// The compiler's tests: every diagnostic refused and its replacement accepted, and programs whose outcome is the same as
// checked JavaScript, as native code and, where they do not trap, raw in Node.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { DIAGNOSTICS } from "../../transpiler/diagnostics.ts";
import { findRoot } from "./support/compiler.ts";
import { runAll } from "./support/differential.ts";
import { expectedOf, fixturesIn, isFile, reportedFor, type Fixture } from "./support/fixtures.ts";

/** A failed check says what differs; where in this file it stands is of no use. */
const BRIEF = { at: null, stack: "", source: "", diagnostic: false } as const;

/** clang on a busy machine. */
const TIMEOUT_MS = 600_000;

const root = findRoot();
const here = "tests/transpiler";

const rejected = fixturesIn(root, `${here}/reject`);
const accepted = fixturesIn(root, `${here}/accept`);

t.setTimeout(TIMEOUT_MS);

await t.test("every diagnostic has a fixture that it refuses and one that it accepts", async (t) => {
  for (const { code } of Object.values(DIAGNOSTICS)) {
    t.ok(
      rejected.some((fixture) => fixture.code === code),
      `${code} refuses`,
      BRIEF,
    );
    t.ok(
      accepted.some((fixture) => fixture.code === code),
      `${code} accepts`,
      BRIEF,
    );
  }
});

/** Compares what a fixture announces with what the compiler says of it. */
function judge(
  t: { ok(passed: boolean, name: string, extra: object): unknown; comment(text: string): void },
  fixture: Fixture,
): void {
  const expected = expectedOf(fixture);
  const reported = reportedFor(fixture);
  const missing = expected.filter((one) => !reported.includes(one)).map((one) => `missing: ${one}`);
  const surplus = reported.filter((one) => !expected.includes(one)).map((one) => `unexpected: ${one}`);
  for (const text of [...missing, ...surplus]) t.comment(text);
  t.ok(missing.length + surplus.length === 0, fixture.name, BRIEF);
}

await t.test("what is refused is refused at its line, and nothing else is", async (t) => {
  for (const fixture of rejected) judge(t, fixture);
});

await t.test("what replaces it is accepted", async (t) => {
  for (const fixture of accepted) judge(t, fixture);
});

await t.test("programs and accepted fixtures have one outcome", { timeout: TIMEOUT_MS }, async (t) => {
  const programs = readdirSync(join(root, here, "programs"))
    .filter((name) => name.endsWith(".ts"))
    .sort();
  const files = [
    ...programs.map((name) => `${here}/programs/${name}`),
    ...accepted.filter(isFile).map(({ entry }) => entry),
  ];
  const folder = join(root, `build/test-transpiler/programs-${process.pid}`);
  for (const verdict of await runAll(root, files, folder)) {
    for (const text of verdict.differences) t.comment(text);
    t.ok(
      verdict.differences.length === 0,
      `${verdict.file} ${verdict.name}: ${verdict.checked.trap || "ends"}`,
      BRIEF,
    );
  }
  if (t.passing()) rmSync(folder, { recursive: true, force: true });
});
