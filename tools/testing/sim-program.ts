// A test of the simulator as three programs. Two are those of a unit test, checked JavaScript and a native process under the sanitizers, and do a
// little of it, the same; the third is native without sanitizers, some twenty times as quick, and goes through all of it.
// How much is set by the program's entry, which is made here: fields of `wishes` (tests/sim/wishes.ts).

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

/** The rounds that the watched programs do, and those of the swift one. */
export interface SimSize {
  readonly watched: readonly SimWishes[];
  readonly swift: readonly SimWishes[];
}

/** `watched` for both of a unit test's programs, `swift` for the third. */
export interface SimPrograms {
  readonly watched: UnitProgram;
  /** Relative to the root. */
  readonly swift: string;
}

/** How much `npm test` does, by the test's name. */
export const SIM_SIZES: Readonly<Record<string, SimSize>> = {
  crash: {
    watched: [
      { every: 400, scenario: 7 },
      { every: 400, scenario: 47 },
    ],
    swift: [{ every: 3, least: 100_000 }],
  },
  damage: {
    watched: [
      { flips: 1, every: 509 },
      { flips: 2, every: 4093 },
      { flips: 3, every: 2039 },
      { every: 5, scenario: 37 },
    ],
    swift: [{}],
  },
};

/** Whether a test of the simulator is such programs: the others drive them. */
export function isSimProgram(test: string): boolean {
  return basename(test, ".test.ts") in SIM_SIZES;
}

/** Makes the three programs of a test of the simulator. */
export async function buildSimTest(paths: Paths, tools: Toolbox, test: string): Promise<SimPrograms> {
  const name = basename(test, ".test.ts");
  const size = SIM_SIZES[name]!;
  const folder = join("build/tests/sim", name);
  const entry = join(folder, "entry.ts");
  writeSimEntry(paths, test, entry, size.watched);
  const rayc = await buildRayc(paths);
  const common = { entry, target: "host" as const };
  const [generated] = await Promise.all([
    generate(paths, rayc, { ...common, emit: "c", folder: join(folder, "c") }),
    generate(paths, rayc, { ...common, emit: "js", folder: join(folder, "js") }),
  ]);
  const [native, swift] = await Promise.all([
    buildNative(paths, tools, folder, generated, "watched"),
    buildSwiftSim(paths, tools, test, join(folder, "all"), size.swift),
  ]);
  return { watched: { native, script: join(folder, "js/main.mjs") }, swift };
}

/** Makes the swift program of a test alone, which does these rounds; relative to the root. */
export async function buildSwiftSim(
  paths: Paths,
  tools: Toolbox,
  test: string,
  folder: string,
  rounds: readonly SimWishes[],
): Promise<string> {
  const entry = join(folder, "native.ts");
  writeSimEntry(paths, test, entry, rounds);
  const wanted = { entry, target: "host", emit: "c", folder: join(folder, "c") } as const;
  return buildNative(paths, tools, folder, await generate(paths, await buildRayc(paths), wanted), "swift");
}

/** The program around a test: for each round its wishes, then the checks; at the end the plan. */
export function writeSimEntry(paths: Paths, test: string, entry: string, rounds: readonly SimWishes[]): void {
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
