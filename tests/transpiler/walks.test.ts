// Walks through views with variable bounds: what rayc concludes of them, and leaves unchecked, against checked JavaScript, which
// keeps the checks and asks every integer for the interval that rayc takes it to lie in.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Random } from "./generator/random.ts";
import { walk, walksHead } from "./generator/walks.ts";
import { compile, findRoot } from "./support/compiler.ts";
import { runAll } from "./support/differential.ts";

const WALKS = 150;
/** So many seeds are left out at most: the compiler sees that a value of theirs is never within its type. */
const REFUSED = WALKS / 10;
const TIMEOUT_MS = 600_000;
const OUTPUT = "../../../tests/transpiler/programs/support/output.ts";

/** Others than those of every run: `RAYOS_WALKS=70000 node build.mjs test transpiler walks`. */
const first = Number(process.env["RAYOS_WALKS"] ?? "1");
const root = findRoot();

t.setTimeout(TIMEOUT_MS);

await t.test(
  `walks ${first} to ${first + WALKS - 1} have one outcome`,
  { timeout: TIMEOUT_MS },
  async (t) => {
    const folder = `build/test-transpiler/walks-${process.pid}`;
    const walks = new Map<string, string>();
    for (let seed = first; seed < first + WALKS; seed++)
      walks.set(`walk${seed}`, walk(new Random(seed), `walk${seed}`));
    const file = writeAccepted(folder, walks);
    t.ok(walks.size >= WALKS - REFUSED, `${walks.size} of ${WALKS} are accepted`);
    const verdicts = await runAll(root, [file], join(root, folder, "run"));
    for (const { name, differences } of verdicts) {
      for (const text of differences) t.comment(`${name}: ${text}`);
      if (differences.length > 0) t.fail(`${name} has one outcome`, { at: null, stack: "" });
    }
    const trapped = verdicts.filter(({ checked }) => checked.trap !== "").length;
    t.equal(verdicts.length, walks.size, `all of them run; ${trapped} trap`);
    t.ok(trapped > 20 && trapped < walks.size - 20, "some trap, and some come to their end");
    if (t.passing()) rmSync(join(root, folder), { recursive: true, force: true });
  },
);

/** Writes the walks into one file, without those in which the compiler finds a fault; the file, relative to the root. */
function writeAccepted(folder: string, walks: Map<string, string>): string {
  const [file, trial] = [`${folder}/walks.ts`, `${folder}/trial.ts`];
  mkdirSync(join(root, folder), { recursive: true });
  for (;;) {
    const text = walksHead(OUTPUT) + [...walks.values()].join("\n");
    writeFileSync(join(root, file), text);
    writeFileSync(join(root, trial), trialOf(walks));
    const { diagnostics } = compile(root, trial);
    if (diagnostics.length === 0) return file;
    const lines = text.split("\n");
    for (const { line } of diagnostics) walks.delete(walkAt(lines, line));
  }
}

/** A program that reaches every walk. */
function trialOf(walks: ReadonlyMap<string, string>): string {
  const names = [...walks.keys()];
  const calls = names.map((name) => `  ${name}();`);
  return [
    `import { ${names.join(", ")} } from "./walks.ts";`,
    "export function main(): void {",
    ...calls,
    "}",
    "",
  ].join("\n");
}

/** The walk that a line stands in. */
function walkAt(lines: readonly string[], line: number): string {
  for (let at = line - 1; at >= 0; at--) {
    const name = /^export function (\w+)/.exec(lines[at]!)?.[1];
    if (name !== undefined) return name;
  }
  throw new Error(`line ${line} of the walks is refused`);
}
