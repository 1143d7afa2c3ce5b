// The build: from TypeScript to build/rayboot.efi and build/rayos.elf. Both programs go side by side, one to a core.

import { basename, join } from "node:path";
import { existsSync, readdirSync } from "node:fs";
import { bundle } from "../bundle.mjs";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { compile } from "./compile.ts";
import { forgetContent } from "./freshness.ts";
import { generate } from "./generate.ts";
import { linkBootManager, linkKernel } from "./link.ts";
import * as programs from "./programs.ts";
import { reportStack, stackNeeds } from "./stack.ts";
import { writeSymbolSource } from "./symbols.ts";

/** Bundles the transpiler; returns its path. */
export function buildRayc(paths: Paths): Promise<string> {
  return bundle(paths.root, "transpiler/rayc.ts", "build/tool/rayc.mjs");
}

/** Builds both programs. */
export async function buildPrograms(paths: Paths, tools: Toolbox): Promise<void> {
  const rayc = await buildRayc(paths);
  const results = await Promise.allSettled([
    buildKernel(paths, tools, rayc),
    buildBootManager(paths, tools, rayc),
  ]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  for (const program of [programs.KERNEL, programs.BOOT_MANAGER])
    for (const line of checkStacks(paths, program)) console.error(line);
}

/**
 * The kernel is linked twice: its table of symbols is made of the first link, and stands where it moves no code. What the
 * debugger reads is of the second.
 */
async function buildKernel(paths: Paths, tools: Toolbox, rayc: string): Promise<void> {
  const objects = await buildObjects(paths, tools, rayc, programs.KERNEL);
  await linkKernel(paths, tools, objects, "debug", "build/obj/rayos/without-symbols.elf");
  const symbols = "build/obj/rayos/symbols.asm";
  writeSymbolSource(paths.of("build/obj/rayos/without-symbols.elf"), paths.of(symbols));
  forgetContent(paths.of(symbols));
  const table = await compile(paths, tools, {
    sources: [symbols],
    includeFolders: [],
    flags: [],
    assemblerFormat: programs.KERNEL.assemblerFormat,
    folder: "build/obj/rayos",
  });
  const all = [...objects, ...table];
  await linkKernel(paths, tools, all, "debug", "build/debug/rayos.elf");
  await linkKernel(paths, tools, all, "stripped", paths.kernel);
}

async function buildBootManager(paths: Paths, tools: Toolbox, rayc: string): Promise<void> {
  const objects = await buildObjects(paths, tools, rayc, programs.BOOT_MANAGER);
  await linkBootManager(paths, tools, objects, "debug", "build/debug/rayboot.efi");
  await linkBootManager(paths, tools, objects, "stripped", paths.bootManager);
}

/** Says what the program's stacks need at worst; more than there is fails the build. */
export function checkStacks(paths: Paths, program: programs.Program): string[] {
  const objects = ["runtime", "generated"].map((part) => `build/obj/${program.name}/${part}`);
  const calls = join(programs.generatedFolder(program), "calls.txt");
  return reportStack(program.name, stackNeeds(paths, calls, objects, program.stacks));
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
