/**
 * A newer release, from a stick onto an installed disk: it boots, becomes golden, and the configuration is as it was. Then one that breaks
 * as soon as it runs from the disk: three crashes, and the release before it is back by itself.
 *
 * The sticks carry the same code under other versions; the broken one has every checksum right.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { makeBrokenStick, makeStick } from "./support/releases.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { confirmUpdate, countOf, install, powerOff } from "./support/steps.ts";
import { findPlaces } from "./support/stores.ts";

const DISK_BYTES = 1024 ** 3 + 1024 ** 2;
/** Runs at every boot from a disk but those of recovery mode, and at none from a stick; too large to stand in place of its call. */
const BROKEN_FUNCTION = "kernel_settings_keeper__SettingsKeeper_read";

void t.test("on nvme", (test) => updateAndFallBack(test, "nvme"));
void t.test("on ahci", (test) => updateAndFallBack(test, "ahci"));

async function updateAndFallBack(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`update-rollback-${bus}`);
  test.teardown(() => stage.strike());
  const good = await makeStick(stage, "0.2.0");
  const broken = await makeBrokenStick(stage, "0.3.0", BROKEN_FUNCTION);
  const file = stage.disk("target.img");
  makeDisk(file, DISK_BYTES);
  const disk: DiskDrive = { file, bus, format: "raw", serial: "RAYOSTARGET" };
  const name = bus === "nvme" ? "nvme0" : "sata0";

  await installAndConfigure(stage, disk, name);
  await update(test, stage, disk, name, good);
  await bootUpdated(test, stage, disk);
  await updateToBroken(stage, disk, name, broken);
  await fallBack(test, stage, disk);
}

/** Release 1 of version 0.1.0 is golden; release 3 is the same with another configuration. */
async function installAndConfigure(stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const stick = stage.start("stick", { stick: stage.image, disks: [disk] });
  await stick.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await install(stick, name);
  await powerOff(stick);
  const machine = await boot(stage, disk, "golden");
  await machine.ask("bootmgr set-timeout 1", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("log level DEBUG", PROMPT, ANSWER_DEADLINE_MS);
  await powerOff(machine);
}

async function update(test: Test, stage: Stage, disk: DiskDrive, name: string, stick: string): Promise<void> {
  const machine = stage.start("update", { stick, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const asked = await machine.ask("install --update", "Type the disk's name in full: ", ANSWER_DEADLINE_MS);
  test.match(
    asked,
    `${name}: RayOS 0.1.0 (release 3) is updated to 0.2.0`,
    "the plan says from which version to which",
  );
  await machine.ask("no", PROMPT, ANSWER_DEADLINE_MS);
  test.equal(
    findPlaces(disk.file, "RayOS system", 3).currentId,
    3,
    "a wrong answer leaves the installed release",
  );
  const said = await confirmUpdate(machine, name);
  test.match(
    said,
    /RAYOS_UPDATE_BEGIN:0\.2\.0\r?\n[^]*RAYOS_UPDATE_OK:0\.2\.0\r?\n/,
    "both markers of the update, in order",
  );
  const verified = await machine.ask(`install --verify ${name}`, PROMPT, ANSWER_DEADLINE_MS);
  test.match(verified, "every checksum agrees", "what was written verifies, the new boot manager included");
  await powerOff(machine);
}

async function bootUpdated(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "updated");
  const said = machine.transcript;
  test.match(said, "RAYOS_BOOT_SELECT:release-4:default", "the new release boots");
  test.match(said, "Starts in 1 s", "with the boot menu's time-out as it was");
  test.match(said, "RAYOS_BOOT_MARKER:GOLDEN", "and becomes golden");
  test.match(await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS), "0.2.0", "it is of the new version");
  test.match(
    await machine.ask("log level", PROMPT, ANSWER_DEADLINE_MS),
    "from DEBUG on",
    "the log's level is as it was",
  );
  await powerOff(machine);
}

async function updateToBroken(stage: Stage, disk: DiskDrive, name: string, stick: string): Promise<void> {
  const machine = stage.start("update-broken", { stick, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await confirmUpdate(machine, name);
  await powerOff(machine);
}

/** One run of QEMU: the machine restarts itself after every crash. */
async function fallBack(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = stage.start("broken", { disks: [disk] });
  for (let number = 1; number <= 3; number++) {
    await machine.waitFor(`RAYOS_BOOTMGR:BOOT_ATTEMPT:${number}/3`, BOOT_DEADLINE_MS);
    await machine.waitFor("RAYOS_CRASH:ARTIFACT_SAVED:", BOOT_DEADLINE_MS);
  }
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const said = machine.transcript;
  test.equal(
    countOf(machine, "RAYOS_BOOT_SELECT:release-5:default"),
    3,
    "the new release is tried three times, and crashes each time",
  );
  test.match(
    said,
    "RAYOS_BOOT_SELECT:release-4:three-failures",
    "the fourth boot is of the release before it, by itself",
  );
  test.match(said, "RAYOS_ROLLBACK:5:4:three-failures", "it becomes golden, and with it the current one");
  test.match(await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS), "0.2.0", "the version before is back");
  test.match(
    await machine.ask("log level", PROMPT, ANSWER_DEADLINE_MS),
    "from DEBUG on",
    "with its configuration",
  );
  test.match(
    await machine.ask("recovery status", PROMPT, ANSWER_DEADLINE_MS),
    "failed boots in a row: 0",
    "and nothing is left to fear",
  );
  const status = await machine.ask("bootmgr status", PROMPT, ANSWER_DEADLINE_MS);
  test.equal(
    [...status.matchAll(/release 5, try [123]\/3, default: KernelLoaded, ended: panic/g)].length,
    3,
    "bootmgr status tells of the three crashes",
  );
  test.match(status, "three-failures: Golden, running", "and of the boot that runs");
  await powerOff(machine);
}

/** Boots from the disk alone, up to the prompt. */
async function boot(stage: Stage, disk: DiskDrive, name: string): Promise<Machine> {
  const machine = stage.start(name, { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  return machine;
}
