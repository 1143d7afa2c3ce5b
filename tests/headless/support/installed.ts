// An installed disk for tests that begin where the installation ends: made once by the installer itself, then copied.

import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, type Stage } from "./stage.ts";
import type { Bus, DiskDrive } from "../../../tools/qemu/command.ts";
import { makeDisk } from "../../../tools/qemu/disk-file.ts";
import type { Machine } from "../../../tools/qemu/machine.ts";

const DISK_BYTES = 2 * 1024 ** 3;
const INSTALL_DEADLINE_MS = 300_000;

/** Installs RayOS from the stick onto a new disk and switches off. */
export async function installDisk(stage: Stage, bus: Bus): Promise<DiskDrive> {
  const disk: DiskDrive = { file: stage.disk(`${bus}.img`), bus, format: "raw", serial: "RAYOSTARGET" };
  makeDisk(disk.file, DISK_BYTES);
  const name = bus === "nvme" ? "nvme0" : "sata0";
  const machine = stage.start(`install-${bus}`, { stick: stage.image, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await machine.ask(`install --to ${name}`, "Type the disk's name in full: ", ANSWER_DEADLINE_MS);
  machine.type(`${name}\r`);
  const [, word] = await machine.waitFor(/this word, once: ([a-z]{6})/, ANSWER_DEADLINE_MS);
  await machine.waitFor("Type the word: ", ANSWER_DEADLINE_MS);
  machine.type(`${word!}\r`);
  await machine.waitFor(`RAYOS_INSTALLER:INSTALL_COMPLETE:${name}`, INSTALL_DEADLINE_MS);
  await machine.waitFor(PROMPT, INSTALL_DEADLINE_MS);
  await powerOff(machine);
  return disk;
}

/** Switches off from the prompt. */
export async function powerOff(machine: Machine): Promise<void> {
  machine.type("poweroff\r");
  await machine.waitForExit(ANSWER_DEADLINE_MS);
}
