// Counting a boot: the plugin beside this file writes down how many instructions were executed whenever it meets a mark,
// and when the machine is stopped, which is as soon as the prompt was seen.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import { writeImage } from "../image/image.ts";
import type { Paths } from "../paths.ts";
import { Machine } from "../qemu/machine.ts";

const PLUGIN = "build/tool/instructions.so";
const COUNTS = "build/run/instructions.txt";
/** An image whose menu does not wait: the countdown is no work. */
const IMAGE = "build/run/bench.img";
const SETTINGS = "boot.menu-seconds=0\n";
const PROMPT_DEADLINE_MS = 300_000;
const MILLION = 1_000_000;

/** The lines of the plugin's output, and what each stands for. The prompt has no mark: the machine is stopped there. */
const MOMENTS: readonly (readonly [RegExp, string])[] = [
  [/^mark 1 (\d+)$/m, "first instruction of rayboot.efi"],
  [/^mark 2 (\d+)$/m, "jump to the kernel"],
  [/^end (\d+)$/m, "stopped at the prompt"],
];

/** Boots the stick once and prints what was executed up to each moment, and between them. */
export async function benchBoot(paths: Paths, tools: Toolbox): Promise<void> {
  mkdirSync(paths.of("build/run"), { recursive: true });
  const flags = ["-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"];
  await runOrFail(tools.clang, [...flags, "-o", PLUGIN, "tools/count/instructions.c"], {
    cwd: paths.root,
    deadlineMs: 60_000,
  });
  rmSync(paths.of(COUNTS), { force: true });
  await writeImage(paths, tools, IMAGE, SETTINGS);
  const machine = Machine.start(tools, {
    stick: paths.of(IMAGE),
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
  for (const [pattern, name] of MOMENTS) {
    const found = pattern.exec(counts);
    if (found === null) throw new Failure(`Nothing was counted for "${name}": the boot did not come so far.`);
    const at = Number(found[1]) / MILLION;
    const since = before === null ? "" : `   ${(at - before).toFixed(1).padStart(6)} M since the one above`;
    console.log(`${name.padEnd(34)} ${at.toFixed(1).padStart(8)} M${since}`);
    before = at;
  }
}
