// An installed disk for tests that begin where the installation ends: made once by the installer itself, then copied.

import type { Bus, DiskDrive } from "../../../tools/qemu/command.ts";
import { makeDisk } from "../../../tools/qemu/disk-file.ts";
import { FIRST_DISK, install, powerOff } from "../../../tools/qemu/operator.ts";
import { BOOT_DEADLINE_MS, PROMPT, type Stage } from "./stage.ts";

export { powerOff };

const DISK_BYTES = 2 * 1024 ** 3;

/** Installs RayOS from the stick onto a new disk and switches off. */
export async function installDisk(stage: Stage, bus: Bus): Promise<DiskDrive> {
  const disk: DiskDrive = { file: stage.disk(`${bus}.img`), bus, format: "raw", serial: "RAYOSTARGET" };
  makeDisk(disk.file, DISK_BYTES);
  const machine = stage.start(`install-${bus}`, { stick: stage.image, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const said = await install(machine, FIRST_DISK[bus]);
  const complete = `RAYOS_INSTALLER:INSTALL_COMPLETE:${FIRST_DISK[bus]}`;
  if (!said.includes(complete)) throw new Error(`the installation did not end well:\n${said}`);
  await powerOff(machine);
  return disk;
}
