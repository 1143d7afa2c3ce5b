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

/**
 * QEMU's words that let it count into `output`, which is made anew. Functions at `places` are marks too; `events` of QEMU's own tracing stand
 * among the marks as they come.
 */
export function countInto(
  paths: Paths,
  output: string,
  places: readonly bigint[] = [],
  events: readonly string[] = [],
): string[] {
  rmSync(paths.of(output), { force: true });
  const watched = places.map((address) => `,at=${address.toString(16)}`).join("");
  const log = ["plugin", ...events.map((event) => `trace:${event}`)].join(",");
  return ["-plugin", `${paths.of(PLUGIN)}${watched}`, "-d", log, "-D", paths.of(output)];
}

export interface Mark {
  /** The digit of a mark, the address of a function in hexadecimal, or "end" when the machine ended. */
  readonly name: string;
  /** Instructions executed since power-on. */
  readonly executed: number;
  /** Events traced before it. */
  readonly events: number;
}

/** All marks, in the order in which they were met. */
export function readMarks(paths: Paths, output: string): Mark[] {
  const marks: Mark[] = [];
  let events = 0;
  for (const line of readFileSync(paths.of(output), "utf8").split("\n")) {
    const match = /^(?:mark (.)|at ([0-9a-f]+)|(end)) (\d+)$/.exec(line);
    if (match === null) events += line === "" ? 0 : 1;
    else marks.push({ name: match[1] ?? match[2] ?? match[3]!, executed: Number(match[4]), events });
  }
  return marks;
}
