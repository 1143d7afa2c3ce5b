// Counting a boot: the plugin beside this file writes down the count whenever a mark is executed; the prompt has no mark of
// its own and is the moment at which the machine is stopped, found by waiting at it.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { Machine } from "../qemu/machine.ts";

const PLUGIN = "build/tool/instructions.so";
const COUNTS = "build/run/instructions.txt";
const PROMPT_DEADLINE_MS = 300_000;
const MILLION = 1_000_000;

/** The digits that the marks of the two programs carry. */
const MARKS: readonly (readonly [string, string])[] = [
  ["1", "first instruction of rayboot.efi"],
  ["2", "jump to the kernel"],
  ["3", "entry of the kernel"],
  ["4", "prompt"],
];

/** Boots the stick once and prints what was executed up to each mark, and between them. */
export async function benchBoot(paths: Paths, tools: Toolbox): Promise<void> {
  mkdirSync(paths.of("build/run"), { recursive: true });
  const flags = ["-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"];
  await runOrFail(tools.clang, [...flags, "-o", PLUGIN, "tools/count/instructions.c"], {
    cwd: paths.root,
    deadlineMs: 60_000,
  });
  rmSync(paths.of(COUNTS), { force: true });
  const machine = Machine.start(tools, {
    stick: paths.of(paths.image),
    transcriptFile: paths.of("build/run/bench.log"),
    extra: ["-plugin", paths.of(PLUGIN), "-d", "plugin", "-D", paths.of(COUNTS)],
  });
  try {
    await machine.waitFor("rayos> ", PROMPT_DEADLINE_MS);
    const control = await machine.control();
    await control.command("quit");
    await machine.waitForExit(10_000);
  } finally {
    await machine.stop();
  }
  print(readFileSync(paths.of(COUNTS), "utf8"));
}

function print(counts: string): void {
  let before: number | null = null;
  for (const [digit, name] of MARKS) {
    const found = new RegExp(`^mark ${digit} (\\d+)$`, "m").exec(counts);
    if (found === null) continue;
    const at = Number(found[1]) / MILLION;
    const since = before === null ? "" : `   ${(at - before).toFixed(1)} M since the one above`;
    console.log(`${name.padEnd(34)} ${at.toFixed(1).padStart(8)} M${since}`);
    before = at;
  }
  if (before === null) throw new Failure("No mark was executed: the boot manager did not start.");
  const end = /^end (\d+)$/m.exec(counts);
  if (end !== null) console.log(`${"machine stopped at the prompt".padEnd(34)} ${(Number(end[1]) / MILLION).toFixed(1).padStart(8)} M`);
}
