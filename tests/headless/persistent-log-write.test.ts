/**
 * The log over the ends of the system, once on NVMe and once on SATA: what was said before the machine lost its power is there in
 * the next boot, and so is how the boot before ended.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { listPartitions } from "./support/judges.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { install, powerOff, readBytes, writeBytes } from "./support/steps.ts";

const DISK_BYTES = 2 * 1024 ** 3;
const MIB = 1024 ** 2;
const READING_DEADLINE_MS = 120_000;
/** 128 MiB without the crash slots. */
const CAPACITY_BYTES = 127 * MIB;
const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|mono:\d+\.\d{6}) (FATAL|ERROR|WARN|INFO|DEBUG|TRACE) \S+ \S+ .*\bseq=\d+ boot=[0-9a-f]{8}\s*$/;

for (const bus of ["nvme", "ahci"] as const) {
  void t.test(`on ${bus}`, (test) => keepLog(test, bus));
}

async function keepLog(test: Test, bus: Bus): Promise<void> {
  const stage = new Stage(`persistent-log-write-${bus}`);
  test.teardown(() => stage.strike());
  const file = stage.disk("target.img");
  makeDisk(file, DISK_BYTES);
  const disk: DiskDrive = { file, bus, format: "raw", serial: "RAYOSLOG" };
  const name = bus === "nvme" ? "nvme0" : "sata0";
  await fromStick(test, stage, disk, name);
  await killed(test, stage, disk, name);
  await afterwards(test, stage, disk);
  await emptied(test, stage, disk);
  await foreign(test, stage, disk);
  await moved(test, stage, disk, name);
}

/** Without a log partition in use, the log is in memory and says so. */
async function fromStick(test: Test, stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const machine = stage.start("stick", { stick: stage.image, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(
    machine.transcript,
    "entries stay in memory",
    "a boot from the stick says that its log is in memory",
  );
  const shown = await machine.ask("log show", PROMPT, ANSWER_DEADLINE_MS);
  test.match(shown, /INFO kernel RAYOS_READY seq=\d+/, "log show shows it all the same");
  await install(machine, name);
  await powerOff(machine);
}

/** The first boot from the disk: the log is made, and the power is cut as soon as the last marker was seen. */
async function killed(test: Test, stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const machine = stage.start("killed", { disks: [disk] });
  await machine.waitFor(`RAYOS_LOG:INIT:${name}:${CAPACITY_BYTES}`, BOOT_DEADLINE_MS);
  test.pass("the log is opened on its partition, which has its marker");
  await machine.waitFor(/RAYOS_LOG:WRITTEN:\d+_entries/, ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_READY", BOOT_DEADLINE_MS);
  await machine.stop();
  test.notMatch(machine.transcript, "The last boot ended", "a new log knows of no boot before");
}

async function afterwards(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = stage.start("afterwards", { disks: [disk] });
  await machine.waitFor("The last boot ended: vanished", BOOT_DEADLINE_MS);
  test.pass("the next boot knows that the last one vanished");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const lines = await exportLog(machine);
  test.same(
    lines.filter((line) => !LINE.test(line)),
    [],
    "every exported line has the specified form",
  );
  const boots = bootsOf(lines);
  test.equal(boots.length, 2, "the entries of two boots are there");
  const first = lines.filter((line) => line.includes(`boot=${boots[0]}`));
  for (const marker of [
    "RAYOS_BOOTLOADER_START",
    "RAYOS_KERNEL_START",
    "RAYOS_BOOT_MARKER:GOLDEN",
    "RAYOS_READY",
  ]) {
    test.ok(
      first.some((line) => line.includes(` ${marker} `)),
      `${marker} of the killed boot is in the log`,
    );
  }
  const sequences = lines.map((line) => Number(/seq=(\d+)/.exec(line)![1]));
  test.ok(
    sequences.every((sequence, index) => index === 0 || sequence > sequences[index - 1]!),
    "sequences rise",
  );
  test.match(
    await machine.ask("log validate", PROMPT, READING_DEADLINE_MS),
    "every checksum agrees",
    "log validate finds nothing",
  );
  await changeLevel(test, machine);
  const starts = machine.transcript.length;
  machine.type("reboot\r");
  await machine.waitFor("The last boot ended: reboot", BOOT_DEADLINE_MS);
  test.match(
    machine.transcript.slice(starts),
    /RAYOS_LOG:WRITTEN:\d+_entries/,
    "the number of entries is said at the end",
  );
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await clear(test, machine);
  await powerOff(machine);
}

async function changeLevel(test: Test, machine: Machine): Promise<void> {
  test.match(
    await machine.ask("log level", PROMPT, ANSWER_DEADLINE_MS),
    "from INFO on",
    "log level shows the level",
  );
  test.match(
    await machine.ask("log level LOUD", PROMPT, ANSWER_DEADLINE_MS),
    "wants a level",
    "a level that is none is refused",
  );
  test.match(
    await machine.ask("log level warn", PROMPT, ANSWER_DEADLINE_MS),
    "from WARN on",
    "log level sets it",
  );
  test.match(
    await machine.ask("log level info", PROMPT, ANSWER_DEADLINE_MS),
    "from INFO on",
    "and back, since the next boot has it too",
  );
}

async function clear(test: Test, machine: Machine): Promise<void> {
  await machine.ask("log clear", "Type log to go on: ", ANSWER_DEADLINE_MS);
  test.match(
    await machine.ask("yes", PROMPT, ANSWER_DEADLINE_MS),
    "Nothing was forgotten",
    "a wrong answer forgets nothing",
  );
  test.match(
    (await exportLog(machine)).join("\n"),
    "RAYOS_BOOT_MARKER:GOLDEN",
    "the entries are still there",
  );
  await confirmClear(machine);
  test.notMatch(
    (await exportLog(machine)).join("\n"),
    "RAYOS_BOOT_MARKER:GOLDEN",
    "after both confirmations they are forgotten",
  );
}

async function confirmClear(machine: Machine): Promise<void> {
  await machine.ask("log clear", "Type log to go on: ", ANSWER_DEADLINE_MS);
  machine.type("log\r");
  const [, word] = await machine.waitFor(/this word, once: ([a-z]{6})/, ANSWER_DEADLINE_MS);
  await machine.waitFor("Type the word: ", ANSWER_DEADLINE_MS);
  await machine.ask(word!, PROMPT, ANSWER_DEADLINE_MS);
}

/** What was forgotten stays forgotten, and the orderly end is known. */
async function emptied(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = stage.start("emptied", { disks: [disk] });
  await machine.waitFor("The last boot ended: power-off", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const lines = await exportLog(machine);
  const golden = lines.filter((line) => line.includes("RAYOS_BOOT_MARKER:GOLDEN"));
  test.equal(golden.length, 1, "of all boots only this one's turn to golden is in the log");
  await powerOff(machine);
}

/** Something else on the log partition: named, not written, and made a log by two confirmations. */
async function foreign(test: Test, stage: Stage, disk: DiskDrive): Promise<void> {
  const partition = listPartitions(disk.file).find((each) => each.name === "RayOS log");
  if (partition === undefined) throw new Error("the disk has no log partition");
  const noise = Buffer.alloc(MIB, "This is somebody's. ");
  writeBytes(disk.file, partition.from, noise);
  const machine = stage.start("foreign", { disks: [disk] });
  await machine.waitFor(
    "log: entries stay in memory: it holds something that is no log of RayOS",
    BOOT_DEADLINE_MS,
  );
  test.pass("a log partition with something else on it is named");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS);
  test.ok(readBytes(disk.file, partition.from, MIB).equals(noise), "and left byte for byte as it is");
  await confirmClear(machine);
  test.match(
    await machine.ask("log validate", PROMPT, READING_DEADLINE_MS),
    "every checksum agrees",
    "two confirmations make it a log",
  );
  await powerOff(machine);
}

/** A boot whose own medium has no driver keeps its log on another disk, by name; nobody installs over it meanwhile. */
async function moved(test: Test, stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const machine = stage.start("moved", { stick: stage.image, disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(
    await machine.ask(`log device ${name}`, PROMPT, ANSWER_DEADLINE_MS),
    `The log is on ${name}`,
    "log device takes the log there",
  );
  await machine.waitFor(`RAYOS_LOG:INIT:${name}:${CAPACITY_BYTES}`, ANSWER_DEADLINE_MS);
  const lines = await exportLog(machine);
  test.match(lines.join("\n"), /RAYOS_INSTALLER:BOOT:USB/, "what waited in memory went there too");
  test.equal(bootsOf(lines).length, 2, "behind the entries of the boot before");
  const refused = await machine.ask(`install --to ${name} --whole-disk`, PROMPT, ANSWER_DEADLINE_MS);
  test.match(refused, "the log of the running system is on this disk", "that disk is refused as a target");
  await powerOff(machine);
}

async function exportLog(machine: Machine): Promise<string[]> {
  const text = await machine.ask("log export", PROMPT, READING_DEADLINE_MS);
  return text
    .split("\n")
    .map((line) => line.replace(/\r/g, ""))
    .filter((line) => / seq=\d+/.test(line));
}

/** The ids of the boots, in the order of their entries. */
function bootsOf(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => /boot=([0-9a-f]{8})/.exec(line)![1]!))];
}
