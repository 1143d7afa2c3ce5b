/**
 * Falling back, by itself and never in circles, on an installed disk: three boots that vanish, and the fourth starts the last known
 * good; a release whose bytes were changed, and the next older one starts; a kernel whose bytes were changed, and its copy in the
 * recovery partition starts; nothing left that is whole, and the menu explains itself and waits.
 *
 * A boot vanishes as in a power cut: QEMU is killed at the kernel's first marker.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { confirmRestore, countOf, damage, install, powerOff } from "./support/steps.ts";
import { findPlaces } from "./support/stores.ts";

const DISK_BYTES = 1024 ** 3 + 1024 ** 2;
/** In the middle of a manifest's version, and of a kernel's first code. */
const INTO_MANIFEST = 40;
const INTO_KERNEL = 5000;
/** A machine that starts something unasked does so in less. */
const STAYS_MS = 12_000;

void t.test("on nvme", (test) => fallBack(test, "nvme"));
void t.test("on ahci", (test) => fallBack(test, "ahci"));

async function fallBack(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`recovery-golden-fallback-${bus}`);
  test.teardown(() => stage.strike());
  const file = stage.disk("target.img");
  makeDisk(file, DISK_BYTES);
  const disk: DiskDrive = { file, bus, format: "raw", serial: "RAYOSTARGET" };

  await makeReleases(stage, disk);
  await vanish(test, stage, disk);
  await startLastKnownGood(test, stage, disk);
  await startNewRelease(test, stage, disk);
  await startNextOlder(test, stage, disk);
  await startRecoveryCopy(test, stage, disk);
  await startHealed(test, stage, disk);
  await explainAndWait(test, stage, disk);
}

/** Release 1 is installed and becomes golden; release 2, another configuration, becomes the current one. */
async function makeReleases(stage: Stage, disk: DiskDrive): Promise<void> {
  const stick = stage.start("stick", { stick: stage.image, disks: [disk] });
  await stick.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await install(stick, disk.bus === "nvme" ? "nvme0" : "sata0");
  await powerOff(stick);
  const machine = await boot(stage, disk, "golden");
  await machine.ask("bootmgr set-timeout 1", PROMPT, ANSWER_DEADLINE_MS);
  await powerOff(machine);
}

/** Three boots of release 2 that never reach the shell. */
async function vanish(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  for (let number = 1; number <= 3; number++) {
    const machine = stage.start(`vanishing-${number}`, { disks: [disk] });
    await machine.waitFor("RAYOS_KERNEL_START", BOOT_DEADLINE_MS);
    await machine.stop();
    const said = machine.transcript;
    test.match(said, "RAYOS_BOOT_SELECT:release-2:default", `boot ${number} is of the current release`);
    test.match(said, `RAYOS_BOOTMGR:BOOT_ATTEMPT:${number}/3`, `and its try ${number} of 3`);
    test.match(said, `RAYOS_BOOT_MARKER:FAILURE_COUNT:${number - 1}`, `after ${number - 1} failures`);
    test.notMatch(said, "RAYOS_BOOT_MARKER:SHELL_READY", "it vanishes before its shell is ready");
  }
}

async function startLastKnownGood(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "fourth");
  const said = machine.transcript;
  test.match(
    said,
    "RAYOS_BOOT_SELECT:release-1:three-failures",
    "the fourth boot is of the last known good release, by itself",
  );
  test.match(said, "RAYOS_BOOTMGR:RECOVERY_FALLBACK:three-failures", "the fallback has its marker");
  test.match(said, "RAYOS_BOOT_MARKER:FAILURE_COUNT:3", "three failures are counted");
  test.match(said, "RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED", "recovery is triggered");
  test.match(said, "RAYOS_BOOT_MARKER:GOLDEN", "and the boot becomes golden");
  test.match(said, "RAYOS_ROLLBACK:2:1:three-failures", "with which the store goes back to it");
  const status = await machine.ask("recovery status", PROMPT, ANSWER_DEADLINE_MS);
  test.match(status, "last known good: release 1; failed boots in a row: 0", "the failures are forgiven");
  await machine.ask("bootmgr set-timeout 2", PROMPT, ANSWER_DEADLINE_MS);
  await powerOff(machine);
  test.equal(
    findPlaces(disk.file, "RayOS system", 3).currentId,
    3,
    "a new release 3 is made the current one",
  );
}

/** Release 3 is good: two golden releases are on the disk now. */
async function startNewRelease(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "release-3");
  test.match(
    machine.transcript,
    "RAYOS_BOOT_SELECT:release-3:default",
    "after the fallback the current release is started again",
  );
  test.match(machine.transcript, "RAYOS_BOOT_MARKER:GOLDEN", "it becomes golden");
  test.notMatch(machine.transcript, "RAYOS_ROLLBACK", "nothing is rolled back");
  await powerOff(machine);
  test.equal(
    findPlaces(disk.file, "RayOS recovery", 3).goldenId,
    3,
    "and has its copy in the recovery partition",
  );
}

async function startNextOlder(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  damage(disk.file, findPlaces(disk.file, "RayOS system", 3).manifest + INTO_MANIFEST, 1);
  damage(disk.file, findPlaces(disk.file, "RayOS recovery", 3).manifest + INTO_MANIFEST, 1);
  const machine = await boot(stage, disk, "next-older");
  const said = machine.transcript;
  test.match(
    said,
    "release-3 is skipped: ",
    "one byte of release 3 is changed: it is skipped, and that is said",
  );
  test.match(said, "release-3-recovery is skipped: ", "and so is its copy, changed as well");
  test.match(said, "RAYOS_BOOT_SELECT:release-1:checksum-mismatch", "the next older one is started");
  test.match(said, "RAYOS_BOOTMGR:RECOVERY_FALLBACK:checksum-mismatch", "with the reason");
  test.match(said, "RAYOS_ROLLBACK:3:1:checksum-mismatch", "and becomes the current one when it is golden");
  await powerOff(machine);
}

async function startRecoveryCopy(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  damage(disk.file, findPlaces(disk.file, "RayOS system", 1).kernel + INTO_KERNEL, 1);
  const machine = await boot(stage, disk, "recovery-copy");
  const said = machine.transcript;
  test.match(
    said,
    "release-1 is skipped: ",
    "one byte of the current kernel is changed: it is not started, and that is said",
  );
  test.match(
    said,
    "RAYOS_BOOT_SELECT:release-1-recovery:checksum-mismatch",
    "its copy in the recovery partition is",
  );
  test.match(said, "RAYOS_BOOTMGR:RECOVERY_FALLBACK:checksum-mismatch", "with the reason");
  test.match(said, "RAYOS_BOOT_MARKER:GOLDEN", "and becomes golden");
  const healed = await confirmRestore(machine, "recovery last-known-good", "1");
  test.match(
    machine.transcript,
    "it is brought back from the recovery partition",
    "recovery last-known-good offers that copy",
  );
  test.match(healed, "Restored: 1 is started by the next boot", "and after both answers brings it back");
  await powerOff(machine);
}

async function startHealed(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "healed");
  test.match(
    machine.transcript,
    "RAYOS_BOOT_SELECT:release-1:default",
    "what was brought back boots as if nothing had been",
  );
  await powerOff(machine);
}

async function explainAndWait(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  damage(disk.file, findPlaces(disk.file, "RayOS system", 1).kernel + INTO_KERNEL, 1);
  damage(disk.file, findPlaces(disk.file, "RayOS recovery", 1).kernel + INTO_KERNEL, 1);
  const machine = stage.start("nothing-whole", { disks: [disk] });
  await machine.waitFor(
    "No release and no snapshot matches its checksum. Please install anew",
    BOOT_DEADLINE_MS,
  );
  test.pass("with every kernel changed the menu explains itself");
  await sleep(STAYS_MS);
  test.equal(countOf(machine, "RAYOS_BOOTLOADER_START"), 1, "it waits: no reset, no loop");
  test.notMatch(machine.transcript, "RAYOS_BOOTMGR:BOOT_ATTEMPT", "and nothing is started");
  await machine.stop();
}

/** Boots from the disk alone, up to the prompt. */
async function boot(stage: Stage, disk: DiskDrive, name: string): Promise<Machine> {
  const machine = stage.start(name, { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  return machine;
}
