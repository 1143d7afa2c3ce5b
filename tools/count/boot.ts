// Counting a boot: the plugin beside this file writes down how many instructions were executed whenever it meets a mark,
// and when the machine is stopped, which is as soon as the prompt was seen. From the stick, and from disks that the
// installer made; what is counted there is the second boot, since the first one keeps its release as golden.

import { mkdirSync, rmSync } from "node:fs";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import { writeImage } from "../image/image.ts";
import type { Paths } from "../paths.ts";
import type { DiskDrive } from "../qemu/command.ts";
import { makeDisk } from "../qemu/disk-file.ts";
import { Machine, type MachinePlan } from "../qemu/machine.ts";
import { BOOT_DEADLINE_MS, FIRST_DISK, install, powerOff, PROMPT } from "../qemu/operator.ts";
import { buildPlugin, countInto, type Mark, readMarks } from "./plugin.ts";

const COUNTS = "build/run/instructions.txt";
/** An image whose menu does not wait: the countdown is no work. */
const IMAGE = "build/run/bench.img";
const SETTINGS = "boot.menu-seconds=0\n";
export const DISK_BYTES = 2 * 1024 ** 3;
/** A boot that is counted runs several times slower. */
const COUNTED_DEADLINE_MS = 300_000;
const MILLION = 1_000_000;

export const MEDIA = ["stick", "nvme", "ahci"] as const;
export type Medium = (typeof MEDIA)[number];

/** What a boot may cost in executed instructions; the firmware's own, on behalf of the boot manager, are among them. */
const LIMITS = { toKernel: 40 * MILLION, toPrompt: 100 * MILLION } as const;

interface Count {
  readonly toRayboot: number;
  readonly toKernel: number;
  readonly toPrompt: number;
}

/** Counts one boot from each medium and prints it; whether all are within the limits. */
export async function benchBoot(paths: Paths, tools: Toolbox, media: readonly Medium[]): Promise<boolean> {
  mkdirSync(paths.of("build/run"), { recursive: true });
  await buildPlugin(paths, tools);
  await writeBenchImage(paths, tools);
  console.log("executed instructions   firmware   rayboot.efi, to the jump   rayos.elf, to the prompt");
  let within = true;
  for (const medium of media) {
    const count = await countMedium(paths, tools, medium);
    print(medium, count);
    within &&= count.toKernel <= LIMITS.toKernel && count.toPrompt <= LIMITS.toPrompt;
  }
  console.log(
    `limits                                        ${inMillions(LIMITS.toKernel)}                     ${inMillions(LIMITS.toPrompt)}`,
  );
  return within;
}

/** The image that `prepareDisk` installs from. */
export async function writeBenchImage(paths: Paths, tools: Toolbox): Promise<void> {
  await writeImage(paths, tools, IMAGE, SETTINGS);
}

async function countMedium(paths: Paths, tools: Toolbox, medium: Medium): Promise<Count> {
  if (medium === "stick") return countBoot(paths, tools, medium, { stick: paths.of(IMAGE) });
  const file = paths.of(`build/run/bench-${medium}.disk`);
  const disk: DiskDrive = { file, bus: medium, format: "raw", serial: "RAYOSBENCH" };
  try {
    makeDisk(file, DISK_BYTES);
    await prepareDisk(paths, tools, disk);
    return await countBoot(paths, tools, medium, { disks: [disk] });
  } finally {
    rmSync(file, { force: true });
  }
}

/** Installs onto the disk and boots from it once. */
export async function prepareDisk(paths: Paths, tools: Toolbox, disk: DiskDrive): Promise<void> {
  const transcriptFile = paths.of(`build/run/bench-${disk.bus}-install.log`);
  await operate(tools, { stick: paths.of(IMAGE), disks: [disk], transcriptFile }, async (machine) => {
    await install(machine, FIRST_DISK[disk.bus]);
    await powerOff(machine);
  });
  await operate(tools, { disks: [disk], transcriptFile }, async (machine) => {
    if (!machine.transcript.includes("RAYOS_BOOT_MARKER:GOLDEN"))
      await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
    await powerOff(machine);
  });
}

/** A machine from power-on to the prompt, `work` with it, and its end. */
export async function operate(
  tools: Toolbox,
  plan: MachinePlan,
  work: (machine: Machine) => Promise<void>,
): Promise<void> {
  const machine = Machine.start(tools, plan);
  try {
    await machine.waitFor(PROMPT, COUNTED_DEADLINE_MS);
    await work(machine);
  } finally {
    await machine.stop();
  }
}

async function countBoot(
  paths: Paths,
  tools: Toolbox,
  medium: Medium,
  plan: Omit<MachinePlan, "transcriptFile">,
): Promise<Count> {
  const transcriptFile = paths.of(`build/run/bench-${medium}.log`);
  await operate(tools, { ...plan, transcriptFile, extra: countInto(paths, COUNTS) }, async (machine) => {
    await (await machine.control()).command("quit");
    await machine.waitForExit(10_000);
  });
  const marks = readMarks(paths, COUNTS);
  const [start, jump, end] = [at(marks, "1"), at(marks, "2"), at(marks, "end")];
  return { toRayboot: start, toKernel: jump - start, toPrompt: end - jump };
}

function at(marks: readonly Mark[], name: string): number {
  const mark = marks.find((each) => each.name === name);
  if (mark === undefined)
    throw new Failure(`Nothing was counted at mark ${name}: the boot did not come so far.`);
  return mark.executed;
}

function print(medium: Medium, count: Count): void {
  const columns = [inMillions(count.toRayboot), inMillions(count.toKernel), inMillions(count.toPrompt)];
  console.log(
    `${medium.padEnd(21)} ${columns[0]}            ${columns[1]}                     ${columns[2]}`,
  );
}

function inMillions(count: number): string {
  return `${(count / MILLION).toFixed(1).padStart(8)} M`;
}
