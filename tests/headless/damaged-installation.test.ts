/**
 * An installed disk that is hurt, one way at a time: the boot manager says what is wrong and takes what is still whole, or stays
 * in its menu with an explanation. It never starts what does not match its checksum, never goes round in a loop, never resets.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import type { DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { judgeTable, listPartitions, type Partition } from "./support/judges.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { copyDisk, countOf, damage, damageBackupTable, damagePrimaryTable } from "./support/steps.ts";
import { findBytes, install, powerOff, readBytes, writeBytes } from "./support/steps.ts";

const MEBIBYTE = 1_048_576;
const DISK_BYTES = 1024 * MEBIBYTE;
/** Objects of a store stand behind its roots and manifests, in a fresh one not far. */
const OBJECTS_AT = 130 * 4096;
const SEARCHED_BYTES = 16 * MEBIBYTE;
/** How the kernel begins, as every ELF file of 64 bits does; and a byte well within it. */
const KERNEL_HEAD = Buffer.from("\x7fELF\x02\x01\x01", "latin1");
const WITHIN_KERNEL = 100_000;
const STORE_HEAD_BYTES = 8192;
/** A machine that resets comes back to the boot manager in less. */
const STAYS_MS = 12_000;
/** Ends the menu: Power off is its last entry. */
const KEY_END = "\x1b[F";

const stage = new Stage("damaged-installation");
const whole = stage.disk("whole.img");

void t.test("an installed disk that is hurt", async (test) => {
  test.teardown(() => stage.strike());
  await prepare();
  await test.test("the kernel of the system store", hurtSystemKernel);
  await test.test("the kernel of both stores", hurtBothKernels);
  await test.test("an EFI system partition without a store", hurtStores);
  await test.test("a state partition of noise", hurtState);
  await test.test("the first copy of the partition table, on a disk that nobody can mend", hurtPrimaryTable);
  await test.test("either copy of the partition table, on a disk that can be mended", hurtEitherTable);
  await test.test("both copies of the partition table", hurtBothTables);
});

async function prepare(): Promise<void> {
  makeDisk(whole, DISK_BYTES);
  const machine = stage.start("stick", { stick: stage.image, disks: [driveOf(whole)] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await install(machine, "nvme0");
  await powerOff(machine);
}

async function hurtSystemKernel(test: Test): Promise<void> {
  const disk = hurtCopy("system-kernel", (file) => hurtKernel(file, "RayOS system"));
  const machine = stage.start("system-kernel", { disks: [driveOf(disk)] });
  await machine.waitFor("release-1 is skipped: its kernel does not match its checksum", BOOT_DEADLINE_MS);
  test.pass("the boot manager names the release and what is wrong with it");
  await machine.waitFor("RAYOS_BOOT_SELECT:release-1-recovery:checksum-mismatch", ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  test.pass("its copy in the recovery store starts by itself, and turns golden");
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  test.notMatch(machine.transcript, "is not kept for recovery", "which its store remembers");
  test.equal(countOf(machine, "RAYOS_BOOTLOADER_START"), 1, "all without a reset");
  await machine.stop();
}

async function hurtBothKernels(test: Test): Promise<void> {
  const disk = hurtCopy("both-kernels", (file) => {
    hurtKernel(file, "RayOS system");
    hurtKernel(file, "RayOS recovery");
  });
  const machine = stage.start("both-kernels", { disks: [driveOf(disk)] });
  await machine.waitFor(
    "release-1-recovery is skipped: its kernel does not match its checksum",
    BOOT_DEADLINE_MS,
  );
  await machine.waitFor("No release and no snapshot matches its checksum", ANSWER_DEADLINE_MS);
  const [, digit] = /(\d)  Boot Recovery \(Snapshot [^)]*\), recovery copy/.exec(machine.transcript) ?? [];
  await machine.waitFor("Arrow keys", ANSWER_DEADLINE_MS);
  machine.type(digit ?? "");
  await machine.waitFor("The chosen entry does not match its checksum", ANSWER_DEADLINE_MS);
  await machine.waitFor("Arrow keys", ANSWER_DEADLINE_MS);
  test.pass("a copy that is damaged too is not started either, not even when it is chosen");
  await staysInMenu(test, machine);
}

async function hurtStores(test: Test): Promise<void> {
  const disk = hurtCopy("stores", (file) => {
    for (const name of ["RayOS system", "RayOS recovery"]) {
      const part = partitionOf(file, name);
      // Its roots stand at both ends.
      writeBytes(file, part.from, Buffer.alloc(STORE_HEAD_BYTES));
      writeBytes(file, part.from + part.length - STORE_HEAD_BYTES, Buffer.alloc(STORE_HEAD_BYTES));
    }
  });
  const machine = stage.start("stores", { disks: [driveOf(disk)] });
  await machine.waitFor("system partition: there is no object store", BOOT_DEADLINE_MS);
  test.pass("a partition without a store is named");
  await machine.waitFor("No installation of RayOS was found on any disk.", BOOT_DEADLINE_MS);
  test.match(
    machine.transcript,
    "RAYOS_BOOTMGR:DISCOVERED:0_installations",
    "no installation is found, and the menu says so",
  );
  await staysInMenu(test, machine);
}

async function hurtState(test: Test): Promise<void> {
  const noise = Buffer.alloc(MEBIBYTE, "This is somebody's. ");
  const disk = hurtCopy("state", (file) => writeBytes(file, partitionOf(file, "RayOS state").from, noise));
  const machine = stage.start("state", { disks: [driveOf(disk)] });
  await machine.waitFor(
    "The RayOS state partition holds something else, which is left alone",
    BOOT_DEADLINE_MS,
  );
  test.pass("the boot manager names it");
  await machine.waitFor("or holds something else: this boot is not recorded", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.notMatch(machine.transcript, "RAYOS_BOOT_MARKER:GOLDEN", "what is not recorded is not golden");
  await powerOff(machine);
  const kept = readBytes(disk, partitionOf(disk, "RayOS state").from, MEBIBYTE);
  test.ok(kept.equals(noise), "and it is byte for byte as it was");
}

/**
 * The firmware mends what it can before it looks for a boot manager, and does not start from a disk that it cannot mend. So this
 * one is read-only, and the boot manager comes from the stick.
 */
async function hurtPrimaryTable(test: Test): Promise<void> {
  const disk = hurtCopy("primary-table", damagePrimaryTable);
  const machine = stage.start("primary-table", {
    stick: stage.image,
    disks: [{ ...driveOf(disk), readOnly: true }],
  });
  await machine.waitFor(
    "the first copy of the partition table is damaged, the second one is used",
    BOOT_DEADLINE_MS,
  );
  test.pass("the boot manager says which copy it uses");
  await machine.waitFor("Starts in ", ANSWER_DEADLINE_MS);
  const [, digit] = /(\d)  RayOS on the disk of 1024 MiB/.exec(machine.transcript) ?? [];
  test.ok(digit !== undefined, "the menu offers the installation");
  machine.type(digit ?? "");
  await machine.waitFor("This boot is not counted: the state partition cannot be written", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(machine.transcript, "RAYOS_BOOT_MARKER:SHELL_READY", "which starts");
  test.match(
    machine.transcript,
    "this boot is not recorded: the state partition cannot be written",
    "and says that its record was not kept",
  );
  test.notMatch(machine.transcript, "RAYOS_BOOT_MARKER:GOLDEN", "so this boot is not golden");
  test.notMatch(machine.transcript, "RAYOS_BOOTMGR:BOOT_SUCCESS", "nor a success");
  await machine.stop();
}

async function hurtEitherTable(test: Test): Promise<void> {
  for (const [name, hurt] of [
    ["first", damagePrimaryTable],
    ["second", damageBackupTable],
  ] as const) {
    const disk = hurtCopy(`${name}-table`, hurt);
    const machine = stage.start(`${name}-table`, { disks: [driveOf(disk)] });
    await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
    await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
    test.equal(await powerOff(machine), 0, `RayOS starts from a disk whose ${name} copy was damaged`);
    test.match(judgeTable(disk).text, "No problems found", "and by then the table is whole again");
  }
}

/** Such a disk starts nothing; with the stick beside it, it must not be taken for RayOS, nor for an empty disk. */
async function hurtBothTables(test: Test): Promise<void> {
  const disk = hurtCopy("both-tables", (file) => {
    damagePrimaryTable(file);
    damageBackupTable(file);
  });
  const machine = stage.start("both-tables", { stick: stage.image, disks: [driveOf(disk)] });
  await machine.waitFor("is left out: both copies of its partition table are damaged", BOOT_DEADLINE_MS);
  test.pass("the boot manager says that it leaves the disk out");
  await machine.waitFor("RAYOS_BOOTMGR:DISCOVERED:1_installations", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const said = await machine.ask("install --to nvme0", PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    said,
    "RAYOS_INSTALLER:INSTALL_FAILED:target-holds-other-data",
    "it is no target unless all of it is given up",
  );
  await machine.stop();
}

/** No reset, no kernel; and the menu still does what it is told. */
async function staysInMenu(test: Test, machine: Machine): Promise<void> {
  await sleep(STAYS_MS);
  test.equal(countOf(machine, "RAYOS_BOOTLOADER_START"), 1, "it stays there: no reset, no loop");
  test.notMatch(machine.transcript, "RAYOS_KERNEL_START", "and nothing is started");
  machine.type(KEY_END);
  await sleep(1000);
  machine.type("\r");
  test.equal(await machine.waitForExit(ANSWER_DEADLINE_MS), 0, "its entry Power off does so");
}

function driveOf(file: string): DiskDrive {
  return { file, bus: "nvme", format: "raw", serial: "RAYOSHURT" };
}

function hurtCopy(name: string, hurt: (file: string) => void): string {
  const copy = copyDisk(whole, stage.disk(`${name}.img`));
  hurt(copy);
  return copy;
}

function partitionOf(file: string, name: string): Partition {
  const found = listPartitions(file).find((each) => each.name === name);
  if (found === undefined) throw new Error(`the installed disk has no partition ${name}`);
  return found;
}

/** Turns around one byte of the kernel that a store holds. */
function hurtKernel(file: string, name: string): void {
  const part = partitionOf(file, name);
  const at = findBytes(file, KERNEL_HEAD, part.from + OBJECTS_AT, SEARCHED_BYTES);
  if (at < 0) throw new Error(`${name} does not hold a kernel`);
  damage(file, at + WITHIN_KERNEL, 1);
}
