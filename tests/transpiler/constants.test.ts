// Module constants: what rayc works out of random expressions, and writes into C and checked JavaScript, is what Node makes of them.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Constants } from "./generator/constants.ts";
import { Random } from "./generator/random.ts";
import { compile, findRoot } from "./support/compiler.ts";
import { runAll } from "./support/differential.ts";

const COUNT = 600;
/** Of these many something is worked out; of the others the compiler sees that they divide by zero, or are out of their range. */
const FEWEST = COUNT / 2;
const PART = 50;
const OUTPUT = "../../../tests/transpiler/programs/support/output.ts";

/** Others than those of every run: `RAYOS_CONSTANTS=70000 node build.mjs test transpiler constants`. */
const seed = Number(process.env["RAYOS_CONSTANTS"] ?? "1");
const root = findRoot();
const folder = `build/test-transpiler/constants-${process.pid}`;

/** Writes a module of constants, without those that are refused, and the functions that print them; how many are left. */
function writeAccepted(file: string): number {
  const constants = new Constants(new Random(seed));
  const declarations = new Map<string, string>();
  for (let index = 0; index < COUNT; index++) {
    const name = `C${index}`;
    declarations.set(name, constants.declaration(name));
  }
  for (;;) {
    const printed = constants.names.filter(({ name }) => declarations.has(name));
    const lines = [
      `import { big, number, yes } from "${OUTPUT}";`,
      Constants.head(),
      ...declarations.values(),
      ...parts(printed.map(({ name, kind }) => `  ${kind}(${name});`)),
    ];
    const text = `${lines.join("\n")}\n`;
    writeFileSync(join(root, file), text);
    const { diagnostics } = compile(root, file);
    const own = diagnostics.filter((one) => one.file === file);
    if (diagnostics.length === 0) return printed.length;
    for (const { line } of own) declarations.delete(/^const (C\d+)/.exec(text.split("\n")[line - 1]!)![1]!);
  }
}

/** A program for every few of them: what one prints is compared as a whole. */
function parts(lines: readonly string[]): string[] {
  const all = Array.from({ length: Math.ceil(lines.length / PART) }, (_, at) =>
    lines.slice(at * PART, (at + 1) * PART),
  );
  return all.flatMap((some, at) => [
    "",
    `export function ${at === 0 ? "main" : `part${at}`}(): void {`,
    ...some,
    "}",
  ]);
}

t.setTimeout(600_000);
mkdirSync(join(root, folder), { recursive: true });
const file = `${folder}/constants.ts`;
const count = writeAccepted(file);
t.ok(count >= FEWEST, `of ${COUNT} from seed ${seed} ${count} are accepted`);
const verdicts = await runAll(root, [file], join(root, folder, "run"));
for (const { name, differences, checked } of verdicts) {
  for (const text of differences) t.comment(`${name}: ${text}`);
  t.ok(differences.length === 0 && checked.trap === "", `${name} prints what Node does`, {
    at: null,
    stack: "",
  });
}
t.equal(verdicts.length, Math.ceil(count / PART), "all of them are printed");
if (t.passing()) rmSync(join(root, folder), { recursive: true, force: true });
