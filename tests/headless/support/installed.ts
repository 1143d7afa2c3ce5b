// An installed disk for tests that begin where the installation ends. It is made once for a build, by the installer itself, and kept; each
// test gets a layer of its own above it, so that nothing it does reaches another.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runOrFail } from "../../../tools/child.ts";
import type { Bus, DiskDrive } from "../../../tools/qemu/command.ts";
import { makeDisk } from "../../../tools/qemu/disk-file.ts";
import { FIRST_DISK, install, powerOff } from "../../../tools/qemu/operator.ts";
import { BOOT_DEADLINE_MS, PROMPT, type Stage } from "./stage.ts";

export { powerOff };

const DISK_BYTES = 2 * 1024 ** 3;
const SERIAL = "RAYOSTARGET";
const LAYER_DEADLINE_MS = 60_000;
/** How long another test's installation is waited for, and how often somebody looks. */
const OTHERS_DEADLINE_MS = 900_000;
const LOOK_MS = 500;

/** A disk onto which RayOS was installed from the stick, never booted yet. */
export async function installDisk(stage: Stage, bus: Bus): Promise<DiskDrive> {
  const base = await keepBase(stage, bus);
  const file = stage.disk(`${bus}.qcow2`);
  const words = ["create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", file];
  await runOrFail(stage.tools.qemuImg, words, { deadlineMs: LAYER_DEADLINE_MS });
  return { file, bus, format: "qcow2", serial: SERIAL };
}

/** The installed disk of this build: one that is there, or one that another test is making, or a new one. */
async function keepBase(stage: Stage, bus: Bus): Promise<string> {
  const folder = stage.paths.of("build/headless-disks");
  const image = statSync(stage.image);
  const name = `${bus}-${image.size}-${Math.trunc(image.mtimeMs)}.img`;
  const base = join(folder, name);
  const lock = `${base}.making`;
  mkdirSync(folder, { recursive: true });
  const end = Date.now() + OTHERS_DEADLINE_MS;
  while (!existsSync(base)) {
    if (take(lock)) return make(stage, bus, base, lock);
    // Whoever made it may have been killed.
    if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > OTHERS_DEADLINE_MS)
      release(lock);
    if (Date.now() > end)
      throw new Error(`${lock} stands in the way: another test makes this disk, or was killed while it did`);
    await sleep(LOOK_MS);
  }
  return base;
}

async function make(stage: Stage, bus: Bus, base: string, lock: string): Promise<string> {
  try {
    forgetOlder(join(base, ".."), bus, base);
    await installOnto(stage, { file: lock + "/disk.img", bus, format: "raw", serial: SERIAL });
    renameSync(lock + "/disk.img", base);
  } finally {
    release(lock);
  }
  return base;
}

/** The disks of other builds. A machine that still runs on one keeps it open. */
function forgetOlder(folder: string, bus: Bus, base: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(bus) && name.endsWith(".img") && path !== base) rmSync(path, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function release(lock: string): void {
  rmSync(lock, { recursive: true, force: true });
}

/** Installs RayOS from the stick and switches off. */
async function installOnto(stage: Stage, disk: DiskDrive): Promise<void> {
  makeDisk(disk.file, DISK_BYTES);
  const machine = stage.start(`install-${disk.bus}`, { stick: stage.image, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const said = await install(machine, FIRST_DISK[disk.bus]);
  const complete = `RAYOS_INSTALLER:INSTALL_COMPLETE:${FIRST_DISK[disk.bus]}`;
  if (!said.includes(complete)) throw new Error(`the installation did not end well:\n${said}`);
  await powerOff(machine);
}
