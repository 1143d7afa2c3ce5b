// A unit test as two programs: checked JavaScript for Node, and a native process under the sanitizers. Both print TAP, and
// they must print the same.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildRayc, runtimeSources } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { contentHash, isFresh, keyOf, markFresh, replaceFile, toolIdentity } from "../build/freshness.ts";
import { generate } from "../build/generate.ts";
import { COUNTED_FLAGS, HOST_FLAGS, RUNTIME_SHARED, SWIFT_FLAGS } from "../build/programs.ts";
import { type Outcome, run, runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";

const LINK_DEADLINE_MS = 120_000;
const RUN_DEADLINE_MS = 300_000;
const HOST_RUNTIME = "runtime-c/host";

export interface UnitProgram {
  /** Relative to the root. */
  readonly native: string;
  readonly script: string;
}

/** Where everything made from a test file goes, relative to the root. */
export function unitFolder(test: string): string {
  return join("build/tests", test.replace(/^tests\/unit\//, "").replace(/\.test\.ts$/, ""));
}

/** Has rayc write the sources of these tests, in one process; each `buildUnitTest` waits for its own alone. */
export function prepareUnitTests(paths: Paths, rayc: string, tests: readonly string[]): void {
  for (const test of tests) generateBoth(paths, rayc, test).catch(() => {}); // said by whoever waits for it
}

/** Makes both programs of one test file, leaving out what is fresh. */
export async function buildUnitTest(paths: Paths, tools: Toolbox, test: string): Promise<UnitProgram> {
  const folder = unitFolder(test);
  const [generated] = await generateBoth(paths, await buildRayc(paths), test);
  const native = await buildNative(paths, tools, folder, generated, "watched");
  return { native, script: join(folder, "js/main.mjs") };
}

/** The C and the checked JavaScript of a test. */
function generateBoth(paths: Paths, rayc: string, test: string): Promise<[string[], string[]]> {
  const folder = unitFolder(test);
  const entry = join(folder, "entry.ts");
  writeUnitEntry(paths, test, entry);
  const common = { entry, target: "host" as const };
  return Promise.all([
    generate(paths, rayc, { ...common, emit: "c", folder: join(folder, "c") }),
    generate(paths, rayc, { ...common, emit: "js", folder: join(folder, "js") }),
  ]);
}

/** The same test as a process that counts how often each line is executed; relative to the root. */
export async function buildCountedTest(paths: Paths, tools: Toolbox, test: string): Promise<string> {
  const folder = unitFolder(test);
  const entry = join(folder, "entry.ts");
  writeUnitEntry(paths, test, entry);
  const wanted = { entry, target: "host", emit: "c", folder: join(folder, "c") } as const;
  return buildNative(paths, tools, folder, await generate(paths, await buildRayc(paths), wanted), "counted");
}

/** What is counted lies beside its object, so such an object belongs to one test. */
const VARIANTS = {
  watched: { flags: HOST_FLAGS, link: ["-fsanitize=address,undefined"], shared: true },
  swift: { flags: SWIFT_FLAGS, link: [], shared: true },
  counted: { flags: COUNTED_FLAGS, link: ["--coverage"], shared: false },
} as const;

/** Compiles and links what rayc made of a test; relative to the root. */
export async function buildNative(
  paths: Paths,
  tools: Toolbox,
  folder: string,
  generated: readonly string[],
  variant: keyof typeof VARIANTS,
): Promise<string> {
  const { flags, link, shared } = VARIANTS[variant];
  const objects = await compile(paths, tools, {
    sources: [...generated.filter((name) => name.endsWith(".c")), ...runtimeSources(paths, HOST_RUNTIME)],
    includeFolders: [join(folder, "c"), HOST_RUNTIME, RUNTIME_SHARED],
    flags,
    assemblerFormat: "elf64",
    folder: join(folder, variant),
    ...(shared ? { sharedAs: "build/c/host" } : {}),
  });
  const native = join(folder, variant, "program");
  await linkNative(paths, tools, objects, link, native);
  return native;
}

/** The program around a test file: its checks, then the plan. */
export function writeUnitEntry(paths: Paths, test: string, entry: string): void {
  const up = entry
    .split("/")
    .slice(1)
    .map(() => "..")
    .join("/");
  const text = [
    `// ${test} as a program.`,
    `import { finish } from "${up}/tests/unit/harness.ts";`,
    `import { main as checks } from "${up}/${test}";`,
    "",
    "export function main(): void {",
    "  checks();",
    "  finish();",
    "}",
    "",
  ].join("\n");
  mkdirSync(paths.of(entry, ".."), { recursive: true });
  replaceFile(paths.of(entry), text);
}

async function linkNative(
  paths: Paths,
  tools: Toolbox,
  objects: readonly string[],
  flags: readonly string[],
  output: string,
): Promise<void> {
  const args = [...flags, `-fuse-ld=${tools.ldElf}`, "-o", output, ...objects];
  const key = keyOf([
    toolIdentity(tools.clang),
    ...args,
    ...objects.map((name) => contentHash(paths.of(name))),
  ]);
  if (isFresh(paths.of(output), key)) return;
  await runOrFail(tools.clang, args, { cwd: paths.root, deadlineMs: LINK_DEADLINE_MS });
  markFresh(paths.of(output), key);
}

export function runNative(
  paths: Paths,
  program: UnitProgram,
  deadlineMs = RUN_DEADLINE_MS,
): Promise<Outcome> {
  const environment = {
    ...process.env,
    ASAN_OPTIONS: "detect_stack_use_after_return=1:detect_leaks=0",
    UBSAN_OPTIONS: "print_stacktrace=1",
  };
  return run(paths.of(program.native), [], { cwd: paths.root, deadlineMs, environment });
}

export function runScript(
  paths: Paths,
  program: UnitProgram,
  deadlineMs = RUN_DEADLINE_MS,
): Promise<Outcome> {
  return run(process.execPath, [paths.of(program.script)], { cwd: paths.root, deadlineMs });
}
