// The native sides of `bench rayc`: each program twice as a process, once of C that rayc wrote from the subset, with all
// its checks, once of C that a person wrote without any. Same compiler, same flags, same driver.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRayc } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { generate } from "../build/generate.ts";
import { FREESTANDING, RUNTIME_SHARED } from "../build/programs.ts";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { testTool } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { PROGRAMS, type BenchProgram } from "./programs.ts";

export const FOLDER = "build/bench";
export const SOURCES = "tests/bench";
const ENTRY = `${FOLDER}/all.ts`;
const DEADLINE_MS = 600_000;

export type Side = "rayc" | "c";

/** What one side gave: its result and the checksum of what it wrote, and the best of its times. */
export interface Measured {
  readonly answer: string;
  readonly bestNs: number;
}

/** A module that reaches every program, so that one run of rayc serves them all. */
export function writeEntry(paths: Paths): void {
  const imports = PROGRAMS.map(
    ({ name }) => `import { run as ${name.replace("-", "_")} } from "../../${SOURCES}/subset/${name}.ts";`,
  );
  mkdirSync(paths.of(FOLDER), { recursive: true });
  writeFileSync(paths.of(ENTRY), [...imports, "", "export function main(): void {}", ""].join("\n"));
}

/** Checked JavaScript of all programs; the folder, relative to the root. */
export async function generateScripts(paths: Paths): Promise<string> {
  const folder = `${FOLDER}/js`;
  await generate(paths, await buildRayc(paths), { entry: ENTRY, target: "host", emit: "js", folder });
  return folder;
}

/** Builds both sides of every program. */
export async function buildSides(paths: Paths, tools: Toolbox): Promise<void> {
  const folder = `${FOLDER}/c`;
  const wanted = { entry: ENTRY, target: "host", emit: "c", folder } as const;
  const generated = await generate(paths, await buildRayc(paths), wanted);
  const modules = await objectsOf(
    paths,
    tools,
    generated.filter((name) => name.endsWith(".c")),
    "rayc",
    [],
  );
  const table = await objectsOf(paths, tools, [`${SOURCES}/c/crc32-table.c`], "c", []);
  for (const program of PROGRAMS) {
    const driver = `${SOURCES}/c/driver.c`;
    const names = [`-DSUBSET_RUN=${symbolOf(program)}`];
    const adapted = await objectsOf(paths, tools, [driver], `rayc/${program.name}`, names);
    await link(paths, tools, [...adapted, ...modules], executableOf("rayc", program));
    const own = await objectsOf(
      paths,
      tools,
      [driver, `${SOURCES}/c/${program.name}.c`],
      `c/${program.name}`,
      [],
    );
    await link(paths, tools, [...own, ...table], executableOf("c", program));
  }
}

/** What rayc calls its function, in C and in JavaScript. */
export function symbolOf(program: BenchProgram): string {
  return `tests_bench_subset_${program.name.replace("-", "_")}__run`;
}

function executableOf(side: Side, program: BenchProgram): string {
  return `${FOLDER}/${side}-${program.name}`;
}

function objectsOf(
  paths: Paths,
  tools: Toolbox,
  sources: readonly string[],
  folder: string,
  more: readonly string[],
): Promise<string[]> {
  return compile(paths, tools, {
    sources,
    includeFolders: [`${FOLDER}/c`, `${SOURCES}/c`, RUNTIME_SHARED],
    // The flags of the images, but with the C library's functions: by hand one writes memcpy and means a move.
    flags: [...FREESTANDING.filter((flag) => flag !== "-ffreestanding"), ...more],
    assemblerFormat: "elf64",
    folder: join(FOLDER, "obj", folder),
  });
}

async function link(paths: Paths, tools: Toolbox, objects: readonly string[], output: string): Promise<void> {
  const args = [`-fuse-ld=${tools.ldElf}`, "-Wl,--gc-sections", "-o", output, ...objects];
  await runOrFail(tools.clang, args, { cwd: paths.root, deadlineMs: DEADLINE_MS });
}

/** Instructions of one run, as callgrind counts them. */
export async function countInstructions(paths: Paths, side: Side, program: BenchProgram): Promise<number> {
  const output = `${FOLDER}/callgrind.${side}-${program.name}`;
  const tool = ["--tool=callgrind", "--toggle-collect=measured", `--callgrind-out-file=${output}`, "-q"];
  const args = [...tool, executableOf(side, program), "count", ...argumentsOf(program), "0"];
  await runOrFail(testTool("valgrind"), args, { cwd: paths.root, deadlineMs: DEADLINE_MS });
  const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(paths.of(output), "utf8"));
  if (total === null) throw new Failure(`callgrind wrote no sum for ${program.name}.`);
  return Number(total[1]);
}

export function argumentsOf(program: BenchProgram): string[] {
  return [`${FOLDER}/${program.name}.input`, String(program.workBytes)];
}

export async function timeSide(
  paths: Paths,
  side: Side,
  program: BenchProgram,
  milliseconds: number,
): Promise<Measured> {
  const args = ["time", ...argumentsOf(program), String(milliseconds)];
  return measuredFrom(
    await runOrFail(paths.of(executableOf(side, program)), args, {
      cwd: paths.root,
      deadlineMs: DEADLINE_MS,
    }),
  );
}

/** What drivers print: result, checksum, best time. */
export function measuredFrom(output: string): Measured {
  const [result, checksum, best] = output.trim().split(" ");
  return { answer: `${result} ${checksum}`, bestNs: Number(best) };
}
