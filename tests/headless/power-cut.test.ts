/**
 * The power is cut for real: QEMU is killed at twenty moments of installing, of writing the log, of taking snapshots and of updating, ten
 * on NVMe and ten on SATA, and the same disk is booted again by a new QEMU each time. Nothing needs help: an installation that was cut is
 * known for what it is and done again, or it boots; an installed disk boots to golden by itself, in the old release or in the new one and in
 * no mixture, all that its log had acknowledged is there, a snapshot that was acknowledged is listed, and every checksum agrees. An update
 * that is cut between its boot files and its commit point leaves the newer boot manager, which starts the old release; the store knows
 * whose it is.
 *
 * A moment is a number of write commands that the disk has taken, or something that was said. QEMU lets through so many writes a second
 * and no more, so that the moment is hit, give or take a write, however busy the host is.
 *
 * What a kill shows, and what not: QEMU's cache is the host's, which outlives the process, so what was written is there, flushed or
 * not. Only the tables of the disk's format (qcow2) are kept by QEMU itself until the guest flushes: what went to new places since then
 * is lost. Lost caches, other orders and torn writes are the simulator's business (`tests/sim/`).
 */
import { type Test, t } from "tap";
import { runOrFail } from "../../tools/child.ts";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { confirm, FIRST_DISK } from "../../tools/qemu/operator.ts";
import { hashFile, hashInFat, listPartitions } from "./support/judges.ts";
import { makeStick } from "./support/releases.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { INSTALL_DEADLINE_MS, powerOff, writesOf } from "./support/steps.ts";

const DISK_BYTES = 1024 ** 3 + 1024 ** 2;
const LAYER_DEADLINE_MS = 60_000;
const READING_DEADLINE_MS = 120_000;
const DRIVE = "disk0";
const WRITES_PER_SECOND = 25;
const OLD_VERSION = "0.1.0";
const NEW_VERSION = "0.2.1";
const NAME_QUESTION = "Type the disk's name in full: ";
/** The parts of `install --verify` that are files for the firmware, and where these are. */
const BOOT_FILES = {
  "removable boot path": "/EFI/BOOT/BOOTX64.EFI",
  "boot manager": "/EFI/rayos/rayboot.efi",
};
const VERIFIED_PARTS = 8;
/** Commands typed ahead, so that the cut comes in the midst of them: each writes one durable entry. */
const BURST = 40;

/** What the listing says of a disk that nobody has installed onto, and of one where an installation was cut. */
const EMPTY = "empty";
const UNFINISHED = "an unfinished installation of RayOS";

/** So many write commands since the operation was confirmed, or this on the serial line. */
type Moment = number | string;

interface Moments {
  readonly install: readonly Moment[];
  readonly log: readonly Moment[];
  readonly snapshot: readonly Moment[];
  readonly update: readonly Moment[];
}

/** The last one of an installation is behind its commit point: the disk boots from there on. */
const MOMENTS: Readonly<Record<Bus, Moments>> = {
  nvme: {
    install: [1, 76, "RAYOS_INSTALLER:PARTITION_CREATED:1:"],
    log: [1, 9],
    snapshot: [2, " is kept."],
    update: [3, 16, "RAYOS_UPDATE_OK:"],
  },
  ahci: {
    install: [12, 72, "RAYOS_INSTALLER:INSTALL_COMPLETE:"],
    log: [4, 14],
    snapshot: [1, 3],
    update: [9, 20, 24],
  },
};

const isInstalled = (said: string): boolean => said.includes("RAYOS_INSTALLER:INSTALL_COMPLETE:");
const isUpdated = (said: string): boolean => said.includes(`RAYOS_UPDATE_OK:${NEW_VERSION}`);

/** A disk under test, and what it has promised so far. */
interface Target {
  readonly disk: DiskDrive;
  readonly name: string;
  /** Markers that its boots have said while their log was on the disk, and how often. */
  readonly acknowledged: Map<string, number>;
  /** Labels of the snapshots whose making was said to be done. */
  readonly snapshots: string[];
}

// One after the other: both want the same stick of a newer release.
const stages = { nvme: new Stage("power-cut-nvme"), ahci: new Stage("power-cut-ahci") };
const newer = await makeStick(stages.nvme, NEW_VERSION);

t.jobs = 2;
void t.test("on nvme", { buffered: true }, (test) => cutThePower(test, "nvme"));
void t.test("on ahci", { buffered: true }, (test) => cutThePower(test, "ahci"));

async function cutThePower(test: Test, bus: Bus): Promise<void> {
  const stage = stages[bus];
  const moments = MOMENTS[bus];
  test.teardown(() => stage.strike());
  const file = stage.disk("target.qcow2");
  await makeLayer(stage, file, null);
  const disk: DiskDrive = { file, bus, format: "qcow2", serial: "RAYOSCUT" };
  const target: Target = { disk, name: FIRST_DISK[bus], acknowledged: new Map(), snapshots: [] };

  for (const [index, moment] of moments.install.entries())
    await cutInstallation(test, stage, target, moments.install[index - 1] ?? null, moment);
  const first = await bootWhole(test, stage, target, "installed");
  test.same(await verify(first, target), [], "installed: every checksum of the installation agrees");
  await first.ask("bootmgr set-timeout 1", PROMPT, ANSWER_DEADLINE_MS);
  await cutLog(test, first, target, moments.log[0]!);
  await cutLog(test, await bootAgain(test, stage, target, "log-1"), target, moments.log[1]!);
  await cutSnapshot(test, await bootAgain(test, stage, target, "log-2"), target, moments.snapshot[0]!);
  await cutSnapshot(test, await bootAgain(test, stage, target, "snapshot-1"), target, moments.snapshot[1]!);
  const last = await bootAgain(test, stage, target, "snapshot-2");
  remember(target, last);
  await powerOff(last);
  for (const moment of moments.update) await cutUpdate(test, stage, target, moment);
}

/** The stick boots, knows the disk for what `before` left it, and installs until the power goes. */
async function cutInstallation(
  test: Test,
  stage: Stage,
  target: Target,
  before: Moment | null,
  moment: Moment,
): Promise<void> {
  const machine = await bootStick(stage, target, stage.image, `install-${nameOf(moment)}`);
  const listing = await machine.ask("install --list-disks", PROMPT, ANSWER_DEADLINE_MS);
  const contents = /contents: (.*?)\r?\n/.exec(listing)?.[1] ?? listing;
  test.ok(contentsAfter(before).includes(contents), `after a cut at ${before} the disk holds: ${contents}`);
  const done = await killAt(machine, moment, isInstalled, () =>
    confirm(machine, `install --to ${target.name}`, NAME_QUESTION, target.name),
  );
  test.pass(`installing is cut at ${moment}, after ${done} writes`);
}

/** Nothing is durable before the first flush, which comes behind the first write. */
function contentsAfter(moment: Moment | null): string[] {
  if (moment === null) return [EMPTY];
  return moment === 1 ? [EMPTY, UNFINISHED] : [UNFINISHED];
}

async function cutLog(test: Test, machine: Machine, target: Target, moment: Moment): Promise<void> {
  const isOver = (said: string): boolean => said.split("RAYOS_WATCHDOG:KICK:").length > BURST;
  const done = await killAt(machine, moment, isOver, () => machine.type("watchdog kick\r".repeat(BURST)));
  test.pass(`the log is cut after ${done} writes`);
  remember(target, machine);
}

async function cutSnapshot(test: Test, machine: Machine, target: Target, moment: Moment): Promise<void> {
  // A label without the words that are waited for: what is typed comes back on the line.
  const label = `cut ${nameOf(moment)}`;
  const isOver = (said: string): boolean => /Snapshot \d+ is kept\./.test(said);
  const done = await killAt(machine, moment, isOver, () => machine.type(`recovery snapshot ${label}\r`));
  const isAcknowledged = isOver(machine.transcript);
  if (isAcknowledged) target.snapshots.push(label);
  test.pass(`a snapshot is cut after ${done} writes, ${isAcknowledged ? "" : "not "}acknowledged`);
  remember(target, machine);
}

/** Each update begins on the disk as it was before the first one, in a layer of its own. */
async function cutUpdate(test: Test, stage: Stage, target: Target, moment: Moment): Promise<void> {
  const file = stage.disk(`update-${nameOf(moment)}.qcow2`);
  await makeLayer(stage, file, target.disk.file);
  const own: Target = { ...target, disk: { ...target.disk, file } };
  const machine = await bootStick(stage, own, newer, `update-${nameOf(moment)}`);
  const done = await killAt(machine, moment, isUpdated, () =>
    confirm(machine, `install --update ${own.name}`, NAME_QUESTION, own.name),
  );
  const isAcknowledged = isUpdated(machine.transcript);
  test.pass(
    `an update is cut at ${moment}, after ${done} writes, ${isAcknowledged ? "" : "not "}acknowledged`,
  );
  const versions = await bootFileVersions(stage, file);
  const torn = [...versions].filter(([, version]) => version === undefined);
  test.same(torn, [], `each boot file is whole: ${[...versions.values()].join(", ")}`);
  await bootUpdated(test, stage, own, moment, isAcknowledged, versions);
}

/** The old release or the new one, as a whole. Where a boot file is newer than the release, the verification says so; every checksum agrees. */
async function bootUpdated(
  test: Test,
  stage: Stage,
  target: Target,
  moment: Moment,
  isAcknowledged: boolean,
  versions: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const machine = await bootWhole(test, stage, target, `updated-${nameOf(moment)}`);
  const [version] = /\d+\.\d+\.\d+/.exec(await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS)) ?? [""];
  const possible = isAcknowledged ? [NEW_VERSION] : [OLD_VERSION, NEW_VERSION];
  test.ok(possible.includes(version), `it is ${version}, one of ${possible.join(", ")}`);
  const list = await machine.ask("recovery list", PROMPT, ANSWER_DEADLINE_MS);
  const current = list.split("\n").filter((line) => line.includes("[current]"));
  test.ok(
    current.some((line) => line.includes(` ${version} `)),
    "and is the current one",
  );
  const newer = [...versions.values()].filter((each) => each !== version).length;
  test.same(await verify(machine, target), [], `every checksum agrees, with ${newer} newer boot files`);
  const isCutShort = machine.transcript.includes(`An update to ${NEW_VERSION} was cut short.`);
  if (newer > 0) test.ok(isCutShort, "and the verification says that an update was cut short");
  if (version === NEW_VERSION) test.ok(newer === 0 && !isCutShort, "the new release has its own boot files");
  await machine.stop();
}

/** Of which release each boot file is, by its hash; undefined: of neither. */
async function bootFileVersions(stage: Stage, file: string): Promise<Map<string, string | undefined>> {
  const raw = stage.disk("update.img");
  await runOrFail(stage.tools.qemuImg, ["convert", "-O", "raw", file, raw], {
    deadlineMs: READING_DEADLINE_MS,
  });
  const partition = listPartitions(raw).find((each) => each.name === "EFI system");
  if (partition === undefined) throw new Error("the disk has no EFI system partition");
  const known = new Map([
    [await hashFile(stage.paths.of(stage.paths.bootManager)), OLD_VERSION],
    [await hashFile(stage.paths.of(`build/releases/${NEW_VERSION}/stick.efi`)), NEW_VERSION],
  ]);
  return new Map(
    Object.entries(BOOT_FILES).map(([part, path]) => [part, known.get(hashInFat(raw, partition, path))]),
  );
}

/** What `install --verify` finds fault with, and what it says of it. */
async function verify(machine: Machine, target: Target): Promise<[string, string][]> {
  const said = await machine.ask(`install --verify ${target.name}`, PROMPT, READING_DEADLINE_MS);
  const parts = [...said.matchAll(/^ {2}(\S.*?) {2,}(\S.*?)\r?$/gm)].map((match): [string, string] => [
    match[1]!,
    match[2]!,
  ]);
  const faults = parts.filter(([, result]) => result !== "good");
  const isGood = said.includes("every checksum agrees");
  if (parts.length !== VERIFIED_PARTS || isGood !== (faults.length === 0))
    throw new Error(`the verification says something else than before:\n${said}`);
  return faults;
}

/** A layer over another disk file, or one over nothing. */
async function makeLayer(stage: Stage, file: string, base: string | null): Promise<void> {
  const words = base === null ? [file, String(DISK_BYTES)] : ["-b", base, "-F", "qcow2", file];
  await runOrFail(stage.tools.qemuImg, ["create", "-q", "-f", "qcow2", ...words], {
    deadlineMs: LAYER_DEADLINE_MS,
  });
}

/** From a stick up to the prompt; a key spares the menu's wait. */
async function bootStick(stage: Stage, target: Target, stick: string, name: string): Promise<Machine> {
  const machine = stage.start(name, { stick, disks: [target.disk] });
  await machine.waitFor(/Starts in \d+ s/, BOOT_DEADLINE_MS);
  machine.type("\r");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  return machine;
}

/** After a cut of an installed disk that ran. */
async function bootAgain(test: Test, stage: Stage, target: Target, name: string): Promise<Machine> {
  const machine = await bootWhole(test, stage, target, `after-${name}`);
  test.same(await verify(machine, target), [], `${name}: every checksum of the installation agrees`);
  test.match(
    machine.transcript,
    "Reason of the last restart: power lost",
    `${name}: it knows that the power went`,
  );
  return machine;
}

/** The disk alone, touched by nobody: it becomes golden by itself, and has everything that was acknowledged. */
async function bootWhole(test: Test, stage: Stage, target: Target, name: string): Promise<Machine> {
  const machine = stage.start(name, { disks: [target.disk] });
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.pass(`${name}: golden by itself`);
  const exported = await machine.ask("log export", PROMPT, READING_DEADLINE_MS);
  const kept = countMarkers(exported, / (RAYOS_\S+) seq=/g);
  const lost = [...target.acknowledged].filter(([marker, count]) => (kept.get(marker) ?? 0) < count);
  const total = [...target.acknowledged.values()].reduce((sum, count) => sum + count, 0);
  test.same(lost, [], `${name}: all ${total} acknowledged markers are in the log`);
  const log = await machine.ask("log validate", PROMPT, READING_DEADLINE_MS);
  test.match(log, /every checksum agrees|cut short by a power cut/, `${name}: the log validates`);
  test.notMatch(log, /damaged|missing entries/, `${name}: and lacks nothing`);
  const status = await machine.ask("bootmgr status", PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    status,
    /records: \d+ whole, 0 damaged; boots: \d+, each with its stages in order/,
    `${name}: and the chain of boots`,
  );
  const list = await machine.ask("recovery list", PROMPT, ANSWER_DEADLINE_MS);
  const forgotten = target.snapshots.filter((label) => !list.includes(`"${label}"`));
  test.same(forgotten, [], `${name}: all ${target.snapshots.length} acknowledged snapshots are there`);
  test.equal(list.match(/ store: \d+ entries/g)?.length, 2, `${name}: and both stores open`);
  return machine;
}

/**
 * Begins what is to be cut, and kills the machine at the moment; the number of write commands since. A moment that does not come before
 * all is over is none.
 */
async function killAt(
  machine: Machine,
  moment: Moment,
  isOver: (said: string) => boolean,
  begin: () => Promise<void> | void,
): Promise<number> {
  await slowDown(machine);
  const from = await writesOf(machine, DRIVE);
  const before = machine.transcript.length;
  await begin();
  let done = 0;
  if (typeof moment === "string") {
    await machine.waitFor(moment, INSTALL_DEADLINE_MS);
    done = (await writesOf(machine, DRIVE)) - from;
  }
  const deadline = Date.now() + INSTALL_DEADLINE_MS;
  while (typeof moment === "number" && done < moment) {
    const isLate = isOver(machine.transcript.slice(before)) || Date.now() > deadline;
    done = (await writesOf(machine, DRIVE)) - from;
    if (done < moment && isLate) throw new Error(`the disk took ${done} writes and no more, not ${moment}`);
  }
  await machine.stop();
  return done;
}

async function slowDown(machine: Machine): Promise<void> {
  const control = await machine.control();
  const limits = { bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: WRITES_PER_SECOND };
  await control.command("block_set_io_throttle", { device: DRIVE, ...limits });
}

/** What was said when the log was on the disk, up to the last whole line: each marker is durable before it is said. */
function remember(target: Target, machine: Machine): void {
  const from = machine.transcript.indexOf("RAYOS_LOG:INIT");
  if (from < 0) throw new Error("this boot had no log");
  for (const [marker, count] of countMarkers(machine.transcript.slice(from), /^(RAYOS_\S+)\r?\n/gm))
    target.acknowledged.set(marker, (target.acknowledged.get(marker) ?? 0) + count);
}

function countMarkers(text: string, pattern: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const match of text.matchAll(pattern)) counts.set(match[1]!, (counts.get(match[1]!) ?? 0) + 1);
  return counts;
}

/** For file names. */
function nameOf(moment: Moment): string {
  return String(moment)
    .replaceAll(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .replaceAll(" ", "-")
    .toLowerCase();
}
