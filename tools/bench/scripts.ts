// The other sides of `bench rayc`, all of them in Node: the same sources as checked JavaScript and as they are, and what
// AssemblyScript makes of the same programs in its own dialect.

import { mkdirSync, writeFileSync } from "node:fs";
import { bundle } from "../bundle.mjs";
import { runOrFail } from "../child.ts";
import type { Paths } from "../paths.ts";
import {
  argumentsOf,
  FOLDER,
  generateScripts,
  type Measured,
  measuredFrom,
  SOURCES,
  symbolOf,
} from "./native.ts";
import type { BenchProgram } from "./programs.ts";

const DEADLINE_MS = 600_000;
const RUNNER = "build/tool/bench-runner.mjs";

export type ScriptSide = "checked" | "raw" | "wasm";

/** Makes all sides of these programs. */
export async function buildScripts(paths: Paths, programs: readonly BenchProgram[]): Promise<void> {
  await bundle(paths.root, "tools/bench/runner.ts", RUNNER);
  const folder = paths.of(await generateScripts(paths));
  for (const side of ["checked", "raw"]) mkdirSync(paths.of(FOLDER, side), { recursive: true });
  for (const program of programs) {
    writeFileSync(paths.of(moduleOf("checked", program)), checkedModule(program, folder));
    const entry = `${FOLDER}/raw/${program.name}.ts`;
    writeFileSync(paths.of(entry), rawModule(program));
    await bundle(paths.root, entry, moduleOf("raw", program));
    await compileAssemblyScript(paths, program);
  }
}

function moduleOf(side: ScriptSide, program: BenchProgram): string {
  return side === "wasm" ? `${FOLDER}/${program.name}.wasm` : `${FOLDER}/${side}/${program.name}.mjs`;
}

function checkedModule(program: BenchProgram, folder: string): string {
  const symbol = symbolOf(program);
  return [
    `import { program } from "${folder}/main.mjs";`,
    `import { ${symbol} } from "${folder}/${symbol.replace("__run", "")}.mjs";`,
    "",
    "export function prepare(input, work) {",
    "  program();",
    `  return () => ${symbol}(input, work);`,
    "}",
    "",
  ].join("\n");
}

function rawModule(program: BenchProgram): string {
  return [
    `import "../../../transpiler/lib/prelude.ts";`,
    `import { run } from "../../../${SOURCES}/subset/${program.name}.ts";`,
    "",
    "export function prepare(input: Uint8Array, work: Uint8Array): () => number {",
    "  const [from, to] = [bytesOf(input), bytesOf(work)];",
    "  return () => run(from, to);",
    "}",
    "",
  ].join("\n");
}

async function compileAssemblyScript(paths: Paths, program: BenchProgram): Promise<void> {
  const source = `${SOURCES}/assemblyscript/${program.name}.ts`;
  const options = ["-O3", "--noAssert", "--runtime", "stub", "--outFile", moduleOf("wasm", program)];
  const compiler = paths.of("node_modules/assemblyscript/bin/asc.js");
  await runOrFail(process.execPath, [compiler, source, ...options], {
    cwd: paths.root,
    deadlineMs: DEADLINE_MS,
  });
}

export async function timeScript(
  paths: Paths,
  side: ScriptSide,
  program: BenchProgram,
  milliseconds: number,
): Promise<Measured> {
  // Without more room for inlining, V8 gives up within the larger functions of checked JavaScript.
  const options = side === "checked" ? ["--max-inlined-bytecode-size-cumulative=50000"] : [];
  const args = [...options, RUNNER, moduleOf(side, program), ...argumentsOf(program), String(milliseconds)];
  return measuredFrom(await runOrFail(process.execPath, args, { cwd: paths.root, deadlineMs: DEADLINE_MS }));
}
