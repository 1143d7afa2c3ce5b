// The fuzz targets as programs: one in checked JavaScript that takes every target, and for each target a native one, in which
// libFuzzer watches the coverage, ASan the memory and UBSan the arithmetic.
//
// A target is a module of tests/fuzz/targets/ in the subset that exports `prepare` (the base images, made once) and
// `takeInput` (one input, and what became of it into a digest). All of them are one program of rayc's, compiled once.

import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { buildRayc } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { contentHash, isFresh, keyOf, markFresh, replaceFile, toolIdentity } from "../build/freshness.ts";
import { generate } from "../build/generate.ts";
import { FUZZ_FLAGS, FUZZ_LINK_FLAGS, RUNTIME_SHARED } from "../build/programs.ts";
import { inParallel, runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";

const TARGETS = "tests/fuzz/targets";
const RUNTIME = "runtime-c/fuzz/fuzz.c";
const LINK_DEADLINE_MS = 300_000;
export const FUZZ_FOLDER = "build/fuzz";
/** A target with a fault, for the test of the fuzzer itself. */
export const PLANTED = "planted";

export interface FuzzPrograms {
  /** Each target's native program, relative to the root. */
  readonly natives: ReadonlyMap<string, string>;
  /** The folder of the checked JavaScript, relative to the root. */
  readonly scripts: string;
}

/** The names of all targets but the planted one. */
export function fuzzTargets(paths: Paths): string[] {
  const names = readdirSync(paths.of(TARGETS)).filter((name) => name.endsWith(".ts"));
  return names
    .map((name) => basename(name, ".ts"))
    .filter((name) => name !== PLANTED)
    .sort();
}

/** Builds what is not fresh of the programs of these targets. */
export async function buildFuzzPrograms(
  paths: Paths,
  tools: Toolbox,
  targets: readonly string[],
): Promise<FuzzPrograms> {
  const all = [...fuzzTargets(paths), PLANTED];
  const entry = join(FUZZ_FOLDER, "entry.ts");
  mkdirSync(paths.of(FUZZ_FOLDER), { recursive: true });
  replaceFile(paths.of(entry), entryText(all));
  const rayc = await buildRayc(paths);
  const common = { entry, target: "host" as const };
  const [generated] = await Promise.all([
    generate(paths, rayc, { ...common, emit: "c", folder: join(FUZZ_FOLDER, "c") }),
    generate(paths, rayc, { ...common, emit: "js", folder: join(FUZZ_FOLDER, "js") }),
  ]);
  const objects = await compile(paths, tools, {
    sources: generated.filter((name) => name.endsWith(".c")),
    includeFolders: [join(FUZZ_FOLDER, "c"), RUNTIME_SHARED],
    flags: FUZZ_FLAGS,
    assemblerFormat: "elf64",
    folder: join(FUZZ_FOLDER, "objects"),
  });
  const natives = await inParallel(
    targets,
    2,
    async (target) => [target, await link(paths, tools, objects, target)] as const,
  );
  return { natives: new Map(natives), scripts: join(FUZZ_FOLDER, "js") };
}

/** The program that knows every target; `main` names them all, so that none is left out, and calls none. */
function entryText(targets: readonly string[]): string {
  const imports = targets.map(
    (name) =>
      `import { prepare as prepare_${name}, takeInput as take_${name} } from "../../${TARGETS}/${name}.ts";`,
  );
  const functions = targets.flatMap((name) => [
    `export function begin_${name}(): void {\n  prepare_${name}();\n}`,
    `export function run_${name}(input: Bytes): u32 {`,
    `  digest.begin();\n  take_${name}(input, digest);\n  return digest.result();\n}`,
  ]);
  const mentions = targets.map((name) => `    begin_${name}();\n    digest.number(run_${name}(utf8("")));`);
  return [
    "// Every fuzz target.",
    'import { Digest } from "../../tests/fuzz/support/digest.ts";',
    ...imports,
    "class Wish {\n  isAll: boolean = false;\n}",
    "const wish = new Wish();",
    "const digest = new Digest();",
    ...functions,
    "export function main(): void {",
    "  if (wish.isAll) {",
    ...mentions,
    "  }",
    "}",
    "",
  ].join("\n");
}

async function link(
  paths: Paths,
  tools: Toolbox,
  objects: readonly string[],
  target: string,
): Promise<string> {
  const [shim] = await compile(paths, tools, {
    sources: [RUNTIME],
    includeFolders: [join(FUZZ_FOLDER, "c"), RUNTIME_SHARED],
    flags: [
      ...FUZZ_FLAGS,
      `-DFUZZ_BEGIN=build_fuzz_entry__begin_${target}`,
      `-DFUZZ_RUN=build_fuzz_entry__run_${target}`,
    ],
    assemblerFormat: "elf64",
    folder: join(FUZZ_FOLDER, "shims", target),
  });
  const output = join(FUZZ_FOLDER, "programs", target);
  const args = [...FUZZ_LINK_FLAGS, `-fuse-ld=${tools.ldElf}`, "-o", output, shim!, ...objects];
  const key = keyOf([
    toolIdentity(tools.clang),
    ...args,
    ...[shim!, ...objects].map((name) => contentHash(paths.of(name))),
  ]);
  if (!isFresh(paths.of(output), key)) {
    mkdirSync(paths.of(FUZZ_FOLDER, "programs"), { recursive: true });
    await runOrFail(tools.clang, args, { cwd: paths.root, deadlineMs: LINK_DEADLINE_MS });
    markFresh(paths.of(output), key);
  }
  return output;
}
