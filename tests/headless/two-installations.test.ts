/**
 * Two disks of one machine, both installed from one stick with the same release, then started together without it: the boot
 * manager finds both, tells them apart, starts the first by itself and the second when it is chosen; both turn golden.
 *
 * Then, on pc, the first disk beside a copy of itself: the same ids twice, which is said; the one that runs is the one that is written.
 *
 * On q35 the NVMe disk has sectors of 4096 bytes, the SATA disk such sectors behind a logical size of 512 (QEMU's IDE knows no
 * other); on pc both disks and their controllers are the usual ones.
 */
import { type Test, t } from "tap";
import type { DiskDrive, MachineType } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { hashFile } from "./support/judges.ts";
import { copyDisk, install, INSTALL_DEADLINE_MS, powerOff } from "./support/steps.ts";

const DISK_BYTES = 1024 ** 3;
/** How the boot manager names a disk in its menu, and the digit in front. */
const OTHER_ENTRY = /(\d)  RayOS on the disk of 1024 MiB \(([0-9A-F]{8})\)/;

for (const machine of ["q35", "pc"] as const) {
  void t.test(`on ${machine}`, (test) => installTwice(test, machine));
}

async function installTwice(test: Test, type: MachineType): Promise<void> {
  const stage = new Stage(`two-installations-${type}`);
  test.teardown(() => stage.strike());
  const large = type === "q35";
  const disks: DiskDrive[] = [
    {
      file: stage.disk("nvme.img"),
      bus: "nvme",
      format: "raw",
      serial: "RAYOSNVME",
      sectorBytes: large ? 4096 : 512,
    },
    {
      ...{ file: stage.disk("sata.img"), bus: "ahci", format: "raw", serial: "RAYOSSATA" },
      deviceOptions: large ? "physical_block_size=4096" : "physical_block_size=512",
    },
  ];
  for (const disk of disks) makeDisk(disk.file, DISK_BYTES);
  const installing = stage.start("stick", { machine: type, stick: stage.image, disks });
  await installing.waitFor(PROMPT, BOOT_DEADLINE_MS);
  for (const name of ["nvme0", "sata0"]) {
    const said = await install(installing, name);
    test.match(said, `RAYOS_INSTALLER:INSTALL_COMPLETE:${name}`, `RayOS is installed on ${name}`);
  }
  test.equal(await powerOff(installing), 0, "poweroff switches the machine off");
  await bootBoth(test, stage, type, disks);
  if (type === "pc") await bootBesideCopy(test, stage, type, disks[0]!);
}

async function bootBesideCopy(test: Test, stage: Stage, type: MachineType, first: DiskDrive): Promise<void> {
  const copy: DiskDrive = {
    ...{
      file: copyDisk(first.file, stage.disk("copy.img")),
      bus: "ahci",
      format: "raw",
      serial: "RAYOSCOPY",
    },
  };
  const before = await hashFile(copy.file);
  const machine = stage.start("copy", { machine: type, disks: [first, copy] });
  await machine.waitFor("Two disks bear the same RayOS installation", BOOT_DEADLINE_MS);
  test.pass("a copy of the disk is named");
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  const kept = await machine.ask("recovery snapshot beside a copy", PROMPT, ANSWER_DEADLINE_MS);
  test.match(kept, /Snapshot \d+ is kept\./, "the one that runs boots to golden, and is known for it");
  test.equal(await powerOff(machine), 0, "poweroff switches the machine off");
  test.equal(await hashFile(copy.file), before, "and nothing was written to the other");
}

async function bootBoth(
  test: Test,
  stage: Stage,
  type: MachineType,
  disks: readonly DiskDrive[],
): Promise<void> {
  const machine = stage.start("both", { machine: type, disks });
  await machine.waitFor("RAYOS_BOOTMGR:DISCOVERED:2_installations", BOOT_DEADLINE_MS);
  test.pass("both installations are discovered");
  const first = await bootEntry(test, "the first disk");
  test.match(
    await machine.ask("install --verify nvme0", PROMPT, INSTALL_DEADLINE_MS),
    "every checksum agrees",
    "verified on NVMe",
  );
  machine.type("reboot\r");
  await machine.waitFor("RAYOS_BOOTLOADER_START", BOOT_DEADLINE_MS);
  const [, digit] = await machine.waitFor(OTHER_ENTRY, ANSWER_DEADLINE_MS);
  await machine.waitFor("Starts in ", ANSWER_DEADLINE_MS);
  machine.type(digit!);
  const second = await bootEntry(test, "the other one, chosen in the menu");
  test.not(second, first, "which is another installation");
  test.notMatch(
    machine.transcript,
    "Two disks bear the same RayOS installation",
    "so nothing is taken for a copy",
  );
  test.match(
    await machine.ask("install --verify sata0", PROMPT, INSTALL_DEADLINE_MS),
    "every checksum agrees",
    "verified on SATA",
  );
  test.equal(await powerOff(machine), 0, "poweroff switches the machine off");

  /** Up to the prompt; the id of the installation that was selected. */
  async function bootEntry(within: Test, what: string): Promise<string> {
    const [, id] = await machine.waitFor(/RAYOS_BOOTMGR:SELECTED:(\S+)/, BOOT_DEADLINE_MS);
    await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
    await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
    within.pass(`${what} starts and turns golden`);
    return id!;
  }
}
