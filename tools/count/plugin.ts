// The counting plugin of QEMU's translator, beside this file: built, told to a machine, and its marks read.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";

const PLUGIN = "build/tool/instructions.so";
const FLAGS: readonly string[] = ["-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"];

/** Builds the plugin. */
export async function buildPlugin(paths: Paths, tools: Toolbox): Promise<void> {
  mkdirSync(paths.of("build/tool"), { recursive: true });
  const args = [...FLAGS, "-o", PLUGIN, "tools/count/instructions.c"];
  await runOrFail(tools.clang, args, { cwd: paths.root, deadlineMs: 60_000 });
}

/** QEMU's words that let it count into `output`, which is made anew. */
export function countInto(paths: Paths, output: string): string[] {
  rmSync(paths.of(output), { force: true });
  return ["-plugin", paths.of(PLUGIN), "-d", "plugin", "-D", paths.of(output)];
}

export interface Mark {
  /** The digit of a mark; "end" when the machine ended. */
  readonly name: string;
  /** Instructions executed since power-on. */
  readonly executed: number;
}

/** All marks, in the order in which they were met. */
export function readMarks(paths: Paths, output: string): Mark[] {
  const text = readFileSync(paths.of(output), "utf8");
  return [...text.matchAll(/^(?:mark (.)|(end)) (\d+)$/gm)].map((match) => ({
    name: match[1] ?? match[2]!,
    executed: Number(match[3]),
  }));
}
