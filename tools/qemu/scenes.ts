// Scenes for `run`: a kept disk in the state from which one thing can be looked at by hand. What is missing is made first, by an
// operator at the serial line; what is there stays as it is.

import { existsSync, renameSync, rmSync } from "node:fs";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import type { Bus, DiskDrive } from "./command.ts";
import { makeDisk } from "./disk-file.ts";
import { Machine, type MachinePlan } from "./machine.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, FIRST_DISK, install, powerOff, PROMPT } from "./operator.ts";

export const SCENES = ["installer", "bootmgr", "recovery"] as const;
export type SceneName = (typeof SCENES)[number];

export interface Scene {
  readonly disk: DiskDrive;
  /** What to try, for whoever sits in front of it. */
  readonly hint: string;
}

const DISK_BYTES = 4 * 1024 ** 3;

export function isScene(name: string): name is SceneName {
  return SCENES.some((scene) => scene === name);
}

export async function prepareScene(paths: Paths, tools: Toolbox, name: SceneName, bus: Bus): Promise<Scene> {
  const disk: DiskDrive = {
    file: paths.of(`build/run/${name}-${bus}.img`),
    bus,
    format: "raw",
    serial: `RAYOS-${name}`,
  };
  try {
    if (name === "installer") return installerScene(disk);
    if (!existsSync(disk.file)) await makeInstalled(paths, tools, disk, name === "recovery");
    return name === "recovery" ? recoveryScene(disk) : bootmgrScene(disk);
  } catch (fault) {
    throw new Failure(fault instanceof Error ? fault.message : String(fault));
  }
}

function installerScene(disk: DiskDrive): Scene {
  if (!existsSync(disk.file)) makeDisk(disk.file, DISK_BYTES);
  const target = FIRST_DISK[disk.bus];
  const hint = `Try: install --list-disks, then install --to ${target} (or install --update where RayOS is on it already).`;
  return { disk, hint };
}

function bootmgrScene(disk: DiskDrive): Scene {
  return {
    disk,
    hint: "The boot menu shows itself first. Then try: bootmgr list, bootmgr status, bootmgr set-timeout 10.",
  };
}

function recoveryScene(disk: DiskDrive): Scene {
  const hint =
    "The boot menu offers the snapshot and recovery mode. Then try: recovery list, recovery restore 2, log crashes.";
  return { disk, hint };
}

/** An installed disk that was booted once; with a snapshot, a changed configuration and a crash where there is to be something to recover. */
async function makeInstalled(paths: Paths, tools: Toolbox, disk: DiskDrive, isHurt: boolean): Promise<void> {
  const unfinished = { ...disk, file: `${disk.file}.new` };
  rmSync(unfinished.file, { force: true });
  makeDisk(unfinished.file, DISK_BYTES);
  console.error(`Installing RayOS on ${disk.file} first: a minute.`);
  await attend(paths, tools, { stick: paths.of(paths.image), disks: [unfinished] }, async (machine) => {
    await install(machine, FIRST_DISK[disk.bus]);
  });
  await attend(paths, tools, { disks: [unfinished] }, async (machine) => {
    if (!isHurt) return;
    await machine.ask("recovery snapshot before the change", PROMPT, ANSWER_DEADLINE_MS);
    await machine.ask("bootmgr set-timeout 30", PROMPT, ANSWER_DEADLINE_MS);
    await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
    machine.type("panic\r");
    await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  });
  renameSync(unfinished.file, disk.file);
}

type Plan = Omit<MachinePlan, "transcriptFile">;

async function attend(
  paths: Paths,
  tools: Toolbox,
  plan: Plan,
  work: (machine: Machine) => Promise<void>,
): Promise<void> {
  const machine = Machine.start(tools, { ...plan, transcriptFile: paths.of("build/run/scene.log") });
  try {
    await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
    await work(machine);
    await powerOff(machine);
  } finally {
    await machine.stop();
  }
}
