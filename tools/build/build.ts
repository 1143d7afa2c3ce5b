// The build: from TypeScript to build/rayboot.efi and build/rayos.elf. Both programs go side by side, one to a core.

import { basename, join } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { bundle } from "../bundle.mjs";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { compile } from "./compile.ts";
import { forgetContent, replaceFile } from "./freshness.ts";
import { generate } from "./generate.ts";
import { linkBootManager, linkKernel } from "./link.ts";
import * as programs from "./programs.ts";
import { ownVersion, writeReleaseSource } from "./release-source.ts";
import {
  calleesIn,
  framesIn,
  reportStack,
  runtimeNeed,
  stackNeeds,
  type Callees,
  type Frames,
} from "./stack.ts";
import { writeSymbolSource } from "./symbols.ts";

/** What the stacks need at worst, a line an entry. */
export const STACKS = "build/stack.txt";

/** One rayc for the whole run, by checkout: whoever edits it meanwhile does not mix two in one result. */
const bundles = new Map<string, Promise<string>>();

/** Bundles the plugin for editors, which starts the rayc beside it. */
export function buildEditorPlugin(paths: Paths): Promise<string> {
  return bundle(paths.root, "transpiler/editor/plugin.ts", "build/tool/editor.cjs");
}

/** Bundles the transpiler; returns its path. */
export function buildRayc(paths: Paths): Promise<string> {
  const known = bundles.get(paths.root);
  if (known !== undefined) return known;
  const bundled = bundle(paths.root, "transpiler/rayc.ts", "build/tool/rayc.mjs");
  bundles.set(paths.root, bundled);
  return bundled;
}

/** Builds both programs. */
export async function buildPrograms(paths: Paths, tools: Toolbox): Promise<void> {
  const rayc = await buildRayc(paths);
  const results = await Promise.allSettled([
    buildKernel(paths, tools, rayc),
    buildBootManager(paths, tools, rayc),
  ]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  const lines = [programs.KERNEL, programs.BOOT_MANAGER].flatMap((program) => checkStacks(paths, program));
  replaceFile(paths.of(STACKS), `${lines.join("\n")}\n`);
}

/** Says what a built program's stacks need at worst; more than there is fails the build. */
export function checkStacks(paths: Paths, program: programs.Program): string[] {
  const { frames, runtime, callees } = stackFacts(paths, program);
  return reportStack(program.name, stackNeeds(frames, callees, program.stacks, runtimeNeed(runtime)));
}

/** What the stacks of a built program are counted from. */
export interface StackFacts {
  readonly frames: Frames;
  /** Those of C that people wrote: of the run-time's objects, and of headers. What they call is in no graph. */
  readonly runtime: Frames;
  readonly callees: Callees;
}

export function stackFacts(paths: Paths, program: programs.Program): StackFacts {
  const [ours, generated] = ["runtime", "generated"].map((part) =>
    framesIn(paths, [`build/obj/${program.name}/${part}`]),
  );
  const callees = calleesIn(readFileSync(paths.of(programs.generatedFolder(program), "calls.txt"), "utf8"));
  const ofHeaders = [...generated!].filter(([name]) => !callees.has(name));
  return {
    frames: new Map([...generated!, ...ours!]),
    runtime: new Map([...ours!, ...ofHeaders]),
    callees,
  };
}

async function buildKernel(paths: Paths, tools: Toolbox, rayc: string): Promise<void> {
  const objects = await buildObjects(paths, tools, rayc, programs.KERNEL);
  await linkRelease(paths, tools, objects, {
    version: ownVersion(paths),
    folder: "build/obj/rayos",
    debug: "build/debug/rayos.elf",
    kernel: paths.kernel,
  });
}

/** Links the kernel that is built as another release: the same code under another version, for tests of updates. */
export async function buildRelease(paths: Paths, tools: Toolbox, version: string): Promise<ReleaseFiles> {
  const folder = `build/releases/${version}`;
  const files = { version, folder, debug: `${folder}/rayos-debug.elf`, kernel: `${folder}/rayos.elf` };
  await linkRelease(
    paths,
    tools,
    await buildObjects(paths, tools, await buildRayc(paths), programs.KERNEL),
    files,
  );
  return files;
}

/** Where a release's kernel is made, relative to the root. */
export interface ReleaseFiles {
  readonly version: string;
  /** For what is made on the way. */
  readonly folder: string;
  readonly debug: string;
  readonly kernel: string;
}

/**
 * The kernel is linked twice: its table of symbols is made of the first link, and stands where it moves no code. What the
 * debugger reads is of the second.
 */
async function linkRelease(
  paths: Paths,
  tools: Toolbox,
  code: readonly string[],
  files: ReleaseFiles,
): Promise<void> {
  const release = `${files.folder}/release.asm`;
  writeReleaseSource(paths.of(release), files.version);
  const objects = [...code, ...(await assemble(paths, tools, release, files.folder))];
  const first = `${files.folder}/without-symbols.elf`;
  await linkKernel(paths, tools, objects, "debug", first);
  const symbols = `${files.folder}/symbols.asm`;
  writeSymbolSource(paths.of(first), paths.of(symbols));
  const all = [...objects, ...(await assemble(paths, tools, symbols, files.folder))];
  await linkKernel(paths, tools, all, "debug", files.debug);
  await linkKernel(paths, tools, all, "stripped", files.kernel);
}

function assemble(paths: Paths, tools: Toolbox, source: string, folder: string): Promise<string[]> {
  forgetContent(paths.of(source));
  const { assemblerFormat } = programs.KERNEL;
  return compile(paths, tools, { sources: [source], includeFolders: [], flags: [], assemblerFormat, folder });
}

async function buildBootManager(paths: Paths, tools: Toolbox, rayc: string): Promise<void> {
  const objects = await buildObjects(paths, tools, rayc, programs.BOOT_MANAGER);
  await linkBootManager(paths, tools, objects, "debug", "build/debug/rayboot.efi");
  await linkBootManager(paths, tools, objects, "stripped", paths.bootManager);
}

/** Everything of a program as objects: what rayc wrote, and the run-time in C and nasm. */
async function buildObjects(
  paths: Paths,
  tools: Toolbox,
  rayc: string,
  program: programs.Program,
): Promise<string[]> {
  const folder = programs.generatedFolder(program);
  const generated = await generate(paths, rayc, {
    entry: program.entry,
    target: program.target,
    emit: "c",
    folder,
  });
  const common = {
    includeFolders: programs.includeFolders(program),
    flags: program.flags,
    assemblerFormat: program.assemblerFormat,
  };
  const [ours, runtime] = [
    generated.filter((name) => name.endsWith(".c")),
    runtimeSources(paths, program.runtimeFolder),
  ];
  return [
    ...(await compile(paths, tools, {
      ...common,
      sources: runtime,
      folder: `build/obj/${program.name}/runtime`,
    })),
    ...(await compile(paths, tools, {
      ...common,
      sources: ours,
      folder: `build/obj/${program.name}/generated`,
    })),
  ];
}

/** The C and nasm sources of a folder of the run-time and of what all targets share. */
export function runtimeSources(paths: Paths, folder: string): string[] {
  return [folder, programs.RUNTIME_SHARED].flatMap((each) => {
    const names = existsSync(paths.of(each)) ? readdirSync(paths.of(each)).sort() : [];
    return names.filter((name) => /\.(c|asm)$/.test(basename(name))).map((name) => join(each, name));
  });
}
