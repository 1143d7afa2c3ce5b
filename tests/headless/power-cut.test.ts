/**
 * The power is cut for real: QEMU is killed at twenty moments of installing, of booting, of writing the log and of taking snapshots, ten on
 * NVMe and ten on SATA, and the same disk is booted again each time. Nothing needs help: an installation that was cut is known for what it
 * is and done again; an installed disk boots to golden by itself, all that its log had acknowledged is there, every checksum agrees, and
 * a snapshot that was acknowledged is listed and whole.
 *
 * A moment is a number of write commands that the disk has taken, so that it does not depend on how busy the host is. The disk is a layer
 * (qcow2) whose tables QEMU keeps in memory until the guest flushes: what was written into new places and not flushed goes with the
 * process, as it would with a drive's own cache; what is overwritten in place stays. Orders and torn writes beyond that are the
 * simulator's business (`tests/unit/simulated-disk.ts`).
 */
import { type Test, t } from "tap";
import { runOrFail } from "../../tools/child.ts";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import {
  confirmInstallation,
  INSTALL_DEADLINE_MS,
  powerOff,
  untilPrompt,
  writesOf,
} from "./support/steps.ts";

const DISK_BYTES = 2 * 1024 ** 3;
const LAYER_DEADLINE_MS = 60_000;
const READING_DEADLINE_MS = 120_000;
const DRIVE = "disk0";
/** Write commands behind the second confirmation: the first of all, the table's copy, files of the boot partition, the stores. */
const INSTALL_MOMENTS: Readonly<Record<Bus, readonly number[]>> = {
  nvme: [1, 12, 60, 80],
  ahci: [3, 30, 70, 90],
};
/** Behind the boot manager's: the log's begin, the stages, the turn to golden with its copy for recovery. */
const FIRST_BOOT_MOMENTS: Readonly<Record<Bus, readonly number[]>> = { nvme: [2, 6], ahci: [4, 9] };
const LOG_MOMENTS: Readonly<Record<Bus, readonly number[]>> = { nvme: [1, 9], ahci: [4, 14] };
const SNAPSHOT_MOMENTS: Readonly<Record<Bus, readonly number[]>> = { nvme: [1, 3], ahci: [2, 4] };
/** Where each of them would be over. */
const isInstalled = (said: string): boolean => said.includes("RAYOS_INSTALLER:INSTALL_COMPLETE");
const isReady = (said: string): boolean => said.includes("RAYOS_READY");
const isKept = (said: string): boolean => /Snapshot \d+ is kept\./.test(said);
const isWritten = (said: string): boolean => said.split("RAYOS_WATCHDOG:KICK:").length > BURST;
/** Typed ahead, so that the cut comes in the midst of them: each writes one durable entry. */
const BURST = 40;

interface Cut {
  readonly disk: DiskDrive;
  readonly name: string;
  readonly bus: Bus;
  /** Markers that the boots so far have said with their log on the disk, and how often: what was acknowledged. */
  readonly acknowledged: Map<string, number>;
  snapshots: number;
}

for (const bus of ["nvme"] as const) {
  void t.test(`on ${bus}`, (test) => cutThePower(test, bus));
}

async function cutThePower(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`power-cut-${bus}`);
  test.teardown(() => stage.strike());
  const file = stage.disk("target.qcow2");
  await runOrFail(stage.tools.qemuImg, ["create", "-q", "-f", "qcow2", file, String(DISK_BYTES)], {
    deadlineMs: LAYER_DEADLINE_MS,
  });
  const disk: DiskDrive = { file, bus, format: "qcow2", serial: "RAYOSCUT" };
  const cut: Cut = {
    disk,
    name: bus === "nvme" ? "nvme0" : "sata0",
    bus,
    acknowledged: new Map(),
    snapshots: 0,
  };
  for (const moment of INSTALL_MOMENTS[bus]) await cutInstallation(test, stage, cut, moment);
  await finishInstallation(test, stage, cut);
  for (const moment of FIRST_BOOT_MOMENTS[bus]) await cutFirstBoot(test, stage, cut, moment);
  for (const moment of LOG_MOMENTS[bus]) await cutLog(test, stage, cut, moment);
  for (const moment of SNAPSHOT_MOMENTS[bus]) await cutSnapshot(test, stage, cut, moment);
  const machine = await bootWhole(test, stage, cut, "at last");
  await powerOff(machine);
}

async function cutInstallation(test: Test, stage: Stage, cut: Cut, moment: number): Promise<void> {
  const machine = await bootStick(test, stage, cut, `install-${moment}`);
  await confirmInstallation(machine, `install --to ${cut.name}`, cut.name);
  const done = await killAtWrite(machine, moment, isInstalled);
  test.notMatch(
    machine.transcript,
    "RAYOS_INSTALLER:INSTALL_COMPLETE",
    `installing is cut after ${done} writes`,
  );
}

/** The stick boots, and knows what is on the disk: nothing yet, or an installation that was begun. */
async function bootStick(test: Test, stage: Stage, cut: Cut, name: string): Promise<Machine> {
  const machine = stage.start(name, { stick: stage.image, disks: [cut.disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const listing = await machine.ask("install --list-disks", PROMPT, ANSWER_DEADLINE_MS);
  const text = /an unfinished installation of RayOS|empty|no partition table/.exec(listing)?.[0] ?? listing;
  test.match(text, /unfinished|empty|no partition/, `the disk holds: ${text}`);
  return machine;
}

async function finishInstallation(test: Test, stage: Stage, cut: Cut): Promise<void> {
  const machine = stage.start("install-whole", { stick: stage.image, disks: [cut.disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const listing = await machine.ask("install --list-disks", PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    listing,
    "an unfinished installation of RayOS",
    "an installation that was cut is known for what it is",
  );
  await confirmInstallation(machine, `install --to ${cut.name}`, cut.name);
  const said = await untilPrompt(machine, INSTALL_DEADLINE_MS);
  test.match(said, `RAYOS_INSTALLER:INSTALL_COMPLETE:${cut.name}`, "and can be done again");
  await powerOff(machine);
}

async function cutFirstBoot(test: Test, stage: Stage, cut: Cut, moment: number): Promise<void> {
  const machine = stage.start(`boot-${moment}`, { disks: [cut.disk] });
  await machine.waitFor("RAYOS_KERNEL_START", BOOT_DEADLINE_MS);
  const done = await killAtWrite(machine, moment, isReady);
  test.pass(`a boot is cut after ${done} writes of the kernel`);
  remember(cut, machine);
}

/** An installed disk boots to golden by itself, and has everything that was acknowledged. */
async function bootWhole(test: Test, stage: Stage, cut: Cut, name: string): Promise<Machine> {
  const machine = stage.start(name.replaceAll(" ", "-"), { disks: [cut.disk] });
  await machine.waitFor("Reason of the last restart: power lost", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const kept = countMarkers(
    await machine.ask("log export", PROMPT, READING_DEADLINE_MS),
    /(RAYOS_\S+) seq=/g,
  );
  const lost = [...cut.acknowledged].filter(([marker, count]) => (kept.get(marker) ?? 0) < count);
  const total = [...cut.acknowledged.values()].reduce((sum, count) => sum + count, 0);
  test.same(lost, [], `${name}: golden by itself; all ${total} acknowledged markers are in the log`);
  test.match(
    await machine.ask("log validate", PROMPT, READING_DEADLINE_MS),
    /every checksum agrees|cut short by a power cut/,
    "the log validates",
  );
  test.notMatch(machine.unread(), /damaged|missing entries/, "and lacks nothing");
  const list = await machine.ask("recovery list", PROMPT, ANSWER_DEADLINE_MS);
  const found = [...list.matchAll(/snapshot/gi)].length;
  test.ok(found >= cut.snapshots, `every snapshot that was acknowledged is there (${cut.snapshots})`);
  test.notMatch(list, /damaged|corrupt/, "and both stores are whole");
  return machine;
}

async function cutLog(test: Test, stage: Stage, cut: Cut, moment: number): Promise<void> {
  const machine = await bootWhole(test, stage, cut, `before log ${moment}`);
  machine.type("watchdog kick\r".repeat(BURST));
  const done = await killAtWrite(machine, moment, isWritten);
  test.pass(`the log is cut after ${done} writes`);
  remember(cut, machine);
}

async function cutSnapshot(test: Test, stage: Stage, cut: Cut, moment: number): Promise<void> {
  const machine = await bootWhole(test, stage, cut, `before snapshot ${moment}`);
  machine.type("recovery snapshot cut\r");
  const done = await killAtWrite(machine, moment, isKept);
  const isAcknowledged = isKept(machine.transcript);
  if (isAcknowledged) cut.snapshots++;
  test.pass(
    `a snapshot is cut after ${done} writes, ${isAcknowledged ? "acknowledged" : "not acknowledged yet"}`,
  );
  remember(cut, machine);
}

/** The power goes when the disk has taken so many more write commands, or when what it was to come into is over; how many it had taken. */
async function killAtWrite(
  machine: Machine,
  moment: number,
  isOver: (said: string) => boolean,
): Promise<number> {
  const from = await writesOf(machine, DRIVE);
  const deadline = Date.now() + INSTALL_DEADLINE_MS;
  let done = 0;
  while (done < moment && !isOver(machine.transcript)) {
    if (Date.now() > deadline) throw new Error(`the disk took ${done} writes and no more, not ${moment}`);
    done = (await writesOf(machine, DRIVE)) - from;
  }
  await machine.stop();
  return done;
}

/** What was said when the log was on the disk, up to the last whole line: each marker is durable before it is said. */
function remember(cut: Cut, machine: Machine): void {
  const from = machine.transcript.indexOf("RAYOS_LOG:INIT");
  if (from < 0) return;
  const said = countMarkers(machine.transcript.slice(from), /^(RAYOS_\S+)\r\n/gm);
  for (const [marker, count] of said)
    cut.acknowledged.set(marker, (cut.acknowledged.get(marker) ?? 0) + count);
}

function countMarkers(text: string, pattern: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const match of text.matchAll(pattern)) counts.set(match[1]!, (counts.get(match[1]!) ?? 0) + 1);
  return counts;
}
