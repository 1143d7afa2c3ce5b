// A test of the simulator as two programs, like a unit test; but natively it goes on, behind what both do, to many more states.
// How many is set by the program's entry, which is made here: fields of `wishes` (tests/sim/wishes.ts).

import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { buildRayc } from "../build/build.ts";
import { replaceFile } from "../build/freshness.ts";
import { generate } from "../build/generate.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { buildNative, type UnitProgram } from "./unit-program.ts";

/** Fields of `wishes` and what they are set to. */
export type SimWishes = Readonly<Record<string, number>>;

/** The rounds that both programs do, and those that the native one does after them. */
export interface SimSize {
  readonly both: readonly SimWishes[];
  readonly native: readonly SimWishes[];
}

/** How much `npm test` does, by the test's name. */
export const SIM_SIZES: Readonly<Record<string, SimSize>> = {
  crash: {
    both: [
      { every: 400, scenario: 7 },
      { every: 400, scenario: 47 },
    ],
    native: [{ every: 12 }],
  },
  damage: {
    both: [
      { flips: 1, every: 509 },
      { flips: 2, every: 4093 },
      { flips: 3, every: 2039 },
      { every: 5, scenario: 37 },
    ],
    native: [{}],
  },
};

/** Printed between what both programs do and what only the native one does. */
export const SIM_SEAM = "# from here on natively alone\n";

/** Whether a test of the simulator is a program of the subset: the others drive such programs. */
export function isSimProgram(test: string): boolean {
  return basename(test, ".test.ts") in SIM_SIZES;
}

/** Makes both programs of a test of the simulator. */
export async function buildSimTest(paths: Paths, tools: Toolbox, test: string): Promise<UnitProgram> {
  const name = basename(test, ".test.ts");
  const size = SIM_SIZES[name]!;
  const folder = join("build/tests/sim", name);
  const entry = join(folder, "script.ts");
  writeSimEntry(paths, test, entry, size.both);
  const rayc = await buildRayc(paths);
  const [native] = await Promise.all([
    buildSimNative(paths, tools, test, folder, size.both, size.native),
    generate(paths, rayc, { entry, target: "host", emit: "js", folder: join(folder, "js") }),
  ]);
  return { native, script: join(folder, "js/main.mjs") };
}

/** Makes the native program of a test alone, which does these rounds; relative to the root. */
export async function buildSimNative(
  paths: Paths,
  tools: Toolbox,
  test: string,
  folder: string,
  rounds: readonly SimWishes[],
  more: readonly SimWishes[],
): Promise<string> {
  const entry = join(folder, "native.ts");
  writeSimEntry(paths, test, entry, rounds, more);
  const rayc = await buildRayc(paths);
  const generated = await generate(paths, rayc, {
    entry,
    target: "host",
    emit: "c",
    folder: join(folder, "c"),
  });
  return buildNative(paths, tools, folder, generated, "watched");
}

/** The program around a test: for each round its wishes, then the checks; at the end the plan. */
export function writeSimEntry(
  paths: Paths,
  test: string,
  entry: string,
  rounds: readonly SimWishes[],
  more: readonly SimWishes[] = [],
): void {
  const up = entry
    .split("/")
    .slice(1)
    .map(() => "..")
    .join("/");
  const text = [
    `// ${test} as a program.`,
    `import { conclude, finish } from "${up}/tests/unit/harness.ts";`,
    `import { main as checks } from "${up}/${test}";`,
    `import { wishes } from "${up}/tests/sim/wishes.ts";`,
    "",
    "export function main(): void {",
    ...rounds.flatMap(roundLines),
    ...(more.length > 0 ? [`  print(utf8(${JSON.stringify(SIM_SEAM)}));`] : []),
    ...more.flatMap(roundLines),
    "  finish();",
    "}",
    "",
  ].join("\n");
  mkdirSync(paths.of(entry, ".."), { recursive: true });
  replaceFile(paths.of(entry), text);
}

function roundLines(round: SimWishes): string[] {
  const fields = Object.entries(round).map(([name, value]) => `  wishes.${name} = ${value};`);
  return ["  wishes.reset();", ...fields, "  checks();", "  conclude();"];
}
