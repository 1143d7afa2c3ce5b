// Deliberately broken builds: each is made from a copy of the sources with one fault in it, built natively, and has to be caught by the named
// check of one scenario within a minute. A fault that can no longer be put in, since its text is gone, is a failed test too.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import t from "tap";
import { buildRayc } from "../../../tools/build/build.ts";
import { runOrFail } from "../../../tools/child.ts";
import { Toolbox } from "../../../tools/environment.ts";
import { Paths } from "../../../tools/paths.ts";
import { writeSimEntry } from "../../../tools/testing/sim-program.ts";
import { buildNative, runNative, writeUnitEntry } from "../../../tools/testing/unit-program.ts";
import { type Mutant, MUTANTS } from "./table.ts";

/** From the start of its program on. */
const SECONDS_TO_CATCH = 60;
const GENERATION_DEADLINE_MS = 600_000;
const FOLDERS = ["src", "tests/sim", "tests/unit"] as const;

const paths = new Paths(process.env["RAYOS_ROOT"] ?? process.cwd());
const tools = new Toolbox();
const rayc = await buildRayc(paths);

t.setTimeout(1_500_000);
t.jobs = 2;
/** One of the table alone: RAYOS_MUTANT=3 node build.mjs test sim mutants. */
const only = process.env["RAYOS_MUTANT"];
for (const [index, mutant] of MUTANTS.entries()) {
  if (only !== undefined && only !== `${index}`) continue;
  void t.test(`caught: ${mutant.name}`, { buffered: true }, async (t) => {
    const tree = `build/mutants/${index}`;
    rmSync(paths.of(tree), { recursive: true, force: true });
    if (!t.ok(breakSources(mutant, tree), `the fault can be put into ${mutant.file}`)) return;
    const native = await build(mutant, tree);
    const start = process.hrtime.bigint();
    const outcome = await runNative(paths, { native, script: "" }, SECONDS_TO_CATCH * 1000);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    t.match(outcome.stdout, mutant.caughtBy, "the check that has to catch it does", {
      said: outcome.stderr.slice(-2000),
    });
    t.match(outcome.stdout, /^not ok /m, "and the test fails");
    if (!t.passing()) t.comment(`again: RAYOS_MUTANT=${index} node build.mjs test sim mutants`);
    t.comment(`${mutant.name}: caught in ${seconds.toFixed(1)} s`);
    rmSync(paths.of(tree), { recursive: true, force: true });
  });
}

/** A copy of the sources with the fault in it; false where its text does not stand there once. */
function breakSources(mutant: Mutant, tree: string): boolean {
  for (const folder of FOLDERS) cpSync(paths.of(folder), paths.of(tree, folder), { recursive: true });
  mkdirSync(paths.of(tree, "transpiler"), { recursive: true });
  symlinkSync(paths.of("transpiler/lib"), paths.of(tree, "transpiler/lib"));
  const file = paths.of(tree, mutant.file);
  const parts = readFileSync(file, "utf8").split(mutant.text);
  if (parts.length !== 2) return false;
  writeFileSync(file, parts.join(mutant.replacement));
  return true;
}

/** rayc runs in the copy, so that everything but the broken module is what it is elsewhere, and its object is there already. */
async function build(mutant: Mutant, tree: string): Promise<string> {
  const copy = new Paths(paths.of(tree));
  const name = basename(mutant.test, ".test.ts");
  const entry = join("build", name, "native.ts");
  mkdirSync(dirname(copy.of(entry)), { recursive: true });
  if (mutant.wishes === undefined) writeUnitEntry(copy, mutant.test, entry);
  else writeSimEntry(copy, mutant.test, entry, [mutant.wishes]);
  const output = join(tree, "c");
  const args = [rayc, entry, "--target", "host", "--emit", "c", "--out-dir", paths.of(output)];
  await runOrFail(process.execPath, args, { cwd: copy.root, deadlineMs: GENERATION_DEADLINE_MS });
  const generated = readFileSync(paths.of(output, "files.txt"), "utf8").split("\n");
  const sources = generated.filter((file) => file !== "").map((file) => join(output, file));
  return buildNative(paths, tools, tree, sources, "swift");
}
