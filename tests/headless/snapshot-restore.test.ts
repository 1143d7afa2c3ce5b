/**
 * Keeping and going back, on an installed disk: a snapshot is made, another release becomes the current one, the snapshot is
 * restored after both answers, and after the reboot its manifest is the one that boots, with the configuration of its time. Then the
 * wish for one boot, and the last known good.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { confirmRestore, install, powerOff, writesOf } from "./support/steps.ts";
import { findPlaces } from "./support/stores.ts";

const DISK_BYTES = 1024 ** 3 + 1024 ** 2;
/** A root in two places of each end, and a manifest: what a snapshot may cost at most, in write commands. */
const SNAPSHOT_WRITES = 8;

void t.test("on nvme", (test) => keepAndGoBack(test, "nvme"));
void t.test("on ahci", (test) => keepAndGoBack(test, "ahci"));

async function keepAndGoBack(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`snapshot-restore-${bus}`);
  test.teardown(() => stage.strike());
  const file = stage.disk("target.img");
  makeDisk(file, DISK_BYTES);
  const disk: DiskDrive = { file, bus, format: "raw", serial: "RAYOSTARGET" };
  const name = bus === "nvme" ? "nvme0" : "sata0";
  const stick = stage.start("stick", { stick: stage.image, disks: [disk] });
  await stick.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await install(stick, name);
  await powerOff(stick);

  await snapshotAndChange(test, stage, disk);
  await refuseThenRestore(test, stage, disk, name);
  await bootSnapshot(test, stage, disk);
  await tryOnce(test, stage, disk);
}

/** Snapshot 2 of release 1; then release 5, with a menu of one second and other settings, is the current one. */
async function snapshotAndChange(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "first");
  const before = await writesOf(machine, "disk0");
  const made = await machine.ask("recovery snapshot before the change", PROMPT, ANSWER_DEADLINE_MS);
  test.match(made, "Snapshot 2 is kept.", "a snapshot is made");
  const cost = (await writesOf(machine, "disk0")) - before;
  test.ok(cost <= SNAPSHOT_WRITES, `at the cost of ${cost} writes: what it shares is not copied`);
  const listed = await machine.ask("recovery list", PROMPT, ANSWER_DEADLINE_MS);
  test.match(listed, /2\s+snapshot .*"before the change" \[pinned\]/, "the list shows it with its label");
  await machine.ask("bootmgr set-timeout 1", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("log level DEBUG", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("watchdog policy soft report", PROMPT, ANSWER_DEADLINE_MS);
  await powerOff(machine);
  test.equal(findPlaces(disk.file, "RayOS system", 5).currentId, 5, "release 5 is the current one");
}

async function refuseThenRestore(test: Test, stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const machine = await boot(stage, disk, "changed");
  test.match(machine.transcript, "RAYOS_BOOT_SELECT:release-5:default", "it boots");
  test.match(machine.transcript, "Starts in 1 s", "with its own configuration");
  test.match(
    await machine.ask("log level", PROMPT, ANSWER_DEADLINE_MS),
    "from DEBUG on",
    "the log's level among it",
  );
  const policy = await machine.ask("watchdog policy", PROMPT, ANSWER_DEADLINE_MS);
  test.match(policy, /soft +report/, "and what the watchdog does");
  const asked = await machine.ask("recovery restore 2", "Type the id: ", ANSWER_DEADLINE_MS);
  test.match(asked, `${name}: snapshot 2 of `, "what is restored is named");
  const refused = await machine.ask("3", PROMPT, ANSWER_DEADLINE_MS);
  test.match(refused, "Not confirmed. Nothing was written.", "a wrong id ends it");
  test.equal(findPlaces(disk.file, "RayOS system", 2).currentId, 5, "and nothing has changed on the disk");
  const said = await confirmRestore(machine, "recovery restore 2", "2");
  test.match(said, "RAYOS_ROLLBACK:5:2:restore", "after both answers the rollback has its marker");
  test.match(said, "Restored: 2 is started by the next boot", "and is said");
  machine.type("reboot\r");
  await machine.waitFor("RAYOS_BOOT_SELECT:snapshot-2:default", BOOT_DEADLINE_MS);
  test.pass("after the reboot the snapshot's manifest boots");
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  test.pass("and becomes golden");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await powerOff(machine);
}

async function bootSnapshot(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = await boot(stage, disk, "restored");
  test.match(machine.transcript, "Starts in 3 s", "the configuration of its time is back");
  const level = await machine.ask("log level", PROMPT, ANSWER_DEADLINE_MS);
  const policy = await machine.ask("watchdog policy", PROMPT, ANSWER_DEADLINE_MS);
  test.ok(level.includes("from INFO on") && /soft +reboot/.test(policy), "and so are log level and watchdog");
  await machine.ask("bootmgr set-default 5", PROMPT, ANSWER_DEADLINE_MS);
  const preview = await machine.ask("bootmgr recovery", PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    preview,
    "after three failed boots snapshot 2 of ",
    "bootmgr recovery says what a failing boot falls back to",
  );
  const wish = await machine.ask("bootmgr recovery --once", PROMPT, ANSWER_DEADLINE_MS);
  test.match(wish, "RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED", "the wish for the next boot has its marker");
  test.match(wish, "the next boot, that one alone: 2", "and is said");
  await powerOff(machine);
}

/** The wish holds for one boot, whatever is the default; then the last known good becomes the default. */
async function tryOnce(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const once = await boot(stage, disk, "once");
  test.match(once.transcript, "RAYOS_BOOT_SELECT:snapshot-2:once", "the next boot is of what was wished for");
  await powerOff(once);
  test.equal(findPlaces(disk.file, "RayOS system", 5).currentId, 5, "what boots by default stays");
  const machine = await boot(stage, disk, "default-again");
  test.match(machine.transcript, "RAYOS_BOOT_SELECT:release-5:default", "and boots after it");
  await machine.ask("bootmgr set-timeout 2", PROMPT, ANSWER_DEADLINE_MS);
  const said = await confirmRestore(machine, "recovery last-known-good", "5");
  test.match(
    said,
    "RAYOS_ROLLBACK:6:5:restore",
    "recovery last-known-good goes back to the newest golden release",
  );
  await powerOff(machine);
  const last = await boot(stage, disk, "last-known-good");
  test.match(last.transcript, "RAYOS_BOOT_SELECT:release-5:default", "which is the one that boots then");
  await powerOff(last);
}

/** Boots from the disk alone, up to the prompt. */
async function boot(stage: Stage, disk: DiskDrive, name: string): Promise<Machine> {
  const machine = stage.start(name, { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  return machine;
}
