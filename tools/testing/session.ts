// A session of tests: one process with `tap`, whose TAP goes to the standard output. Unit tests are built and run here;
// every other test file is a program of its own whose TAP is taken in. At the end the totals go into a file for the front
// door, which prints them as its last line.
//
// Started by verbs/test.ts: session.mjs <root> <totals file> <tests as JSON>

import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type Test, t } from "tap";
import { buildEditorPlugin, buildRayc } from "../build/build.ts";
import { bundle } from "../bundle.mjs";
import type { Outcome } from "../child.ts";
import { Toolbox } from "../environment.ts";
import { Paths } from "../paths.ts";
import type { TestFile } from "./groups.ts";
import { buildSimTest, isSimProgram } from "./sim-program.ts";
import { buildUnitTest, prepareUnitTests, runNative, runScript } from "./unit-program.ts";

/** On a machine that others share. */
const SIM_DEADLINE_MS = 1_200_000;

const [root, totalsFile, list] = process.argv.slice(2) as [string, string, string];
const paths = new Paths(root);
const tests = JSON.parse(list) as TestFile[];

process.on("exit", () => {
  const { pass, fail, skip, todo } = t.assertTotals;
  writeFileSync(totalsFile, JSON.stringify({ passed: pass, failed: fail, skipped: skip + todo }));
});

t.jobs = 2;
// The session lasts as long as its files need, each of which is a program with a deadline of its own.
t.setTimeout(0);
const rayc = await buildRayc(paths);
await buildEditorPlugin(paths);
prepareUnitTests(
  paths,
  rayc,
  tests.filter((test) => test.group === "unit").map((test) => test.path),
);
for (const test of tests) {
  if (test.group === "unit") runUnitFile(test);
  else if (test.group === "sim" && isSimProgram(test.path)) runSimFile(test);
  else await runDriver(test);
}

function runUnitFile(test: TestFile): void {
  void t.test(test.path, { buffered: true }, async (file: Test) => {
    const program = await buildUnitTest(paths, new Toolbox(), test.path);
    const [native, script] = await Promise.all([runNative(paths, program), runScript(paths, program)]);
    takeIn(file, native);
    file.equal(script.stdout, native.stdout, "Node and native code print the same, byte for byte");
    if (!wentWell(script))
      file.fail("the checked JavaScript ends as it should", { said: script.stderr, status: script.status });
    if (file.counts.fail > 0)
      file.comment(`again: node build.mjs test unit ${basename(test.path, ".test.ts")}`);
  });
}

/** Like a unit test, in little; the swift program's is all of it, and its counts are part of what is reported. */
function runSimFile(test: TestFile): void {
  void t.test(test.path, { buffered: true, timeout: SIM_DEADLINE_MS }, async (file: Test) => {
    const { watched, swift } = await buildSimTest(paths, new Toolbox(), test.path);
    const [native, script] = await Promise.all([
      runNative(paths, watched, SIM_DEADLINE_MS),
      runScript(paths, watched, SIM_DEADLINE_MS),
    ]);
    takeIn(file, native);
    file.equal(script.stdout, native.stdout, "Node and native code print the same, byte for byte");
    if (!wentWell(script))
      file.fail("the checked JavaScript ends as it should", { said: script.stderr, status: script.status });
    const all = await runNative(paths, { native: swift, script: "" }, SIM_DEADLINE_MS);
    takeIn(file, all);
    for (const line of all.stdout.split("\n")) if (line.startsWith("# in all: ")) file.comment(line.slice(2));
    if (file.counts.fail > 0)
      file.comment(`again: node build.mjs test sim ${basename(test.path, ".test.ts")}`);
  });
}

function wentWell(outcome: Outcome): boolean {
  return outcome.status === 0 && outcome.stderr === "";
}

/** Every test of the program's TAP, and that the program came to its end. */
function takeIn(file: Test, outcome: Outcome): void {
  let notes: string[] = [];
  let planned = -1;
  let seen = 0;
  for (const line of outcome.stdout.split("\n")) {
    const [, not, name] = /^(not )?ok \d+ - (.*)$/.exec(line) ?? [];
    if (line.startsWith("# ")) notes.push(line.slice(2));
    else if (line.startsWith("1..")) planned = Number(line.slice(3));
    else if (name !== undefined) {
      seen++;
      if (not === undefined) file.pass(name);
      else file.fail(name, { notes });
      notes = [];
    }
  }
  const reached = planned === seen && seen > 0 && wentWell(outcome);
  if (reached) file.pass("the native program comes to its end");
  else
    file.fail("the native program comes to its end", {
      said: outcome.stderr,
      status: outcome.status,
      seen,
      planned,
      notes,
    });
}

async function runDriver(test: TestFile): Promise<void> {
  const name = test.path.replace(/\.test\.ts$/, "");
  const script = await bundle(root, test.path, `build/tool/${name}.mjs`);
  const options = { buffered: true, cwd: root };
  void t.spawn(process.execPath, [script], options, test.path);
}
