/**
 * Disks that cannot be taken, or not without care, all in one machine: each is refused with its reason and without a write; a
 * partition table with one broken copy is named, mended by the installation, and what others have on the disk stays.
 */
import { randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { type Test, t } from "tap";
import { testTool } from "../../tools/environment.ts";
import type { DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { judgeTable, listPartitions } from "./support/judges.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import {
  damageBackupTable,
  damagePrimaryTable,
  install,
  powerOff,
  readBytes,
  writeBytes,
  writesOf,
} from "./support/steps.ts";

const MEBIBYTE = 1_048_576;
const DISK_BYTES = 2048 * MEBIBYTE;
const FOREIGN_MIB = 300;
/** A disk with 128 partitions is among those that are listed. */
const LISTING_DEADLINE_MS = 60_000;
const FOREIGN_FROM = MEBIBYTE;

/** A disk that is refused: its place, what is typed, the reason in the marker, and the sentence for the user. */
interface Refusal {
  readonly drive: string;
  readonly name: string;
  readonly reason: string;
  readonly sentence: string;
}

const REFUSALS: readonly Refusal[] = [
  { drive: "disk0", name: "nvme0", reason: "target-too-small", sentence: "smaller than 1 GiB" },
  {
    drive: "disk2",
    name: "sata0",
    reason: "no-room-for-the-layout",
    sentence: "RayOS needs 641.0 MiB, there are",
  },
  {
    drive: "disk3",
    name: "sata1",
    reason: "no-room-for-the-layout",
    sentence: "the partition table has too few empty slots. Nothing",
  },
  {
    drive: "disk6",
    name: "sata4",
    reason: "target-holds-other-data",
    sentence: "--whole-disk erases everything",
  },
];

void t.test("disks that are no good targets", async (test) => {
  const stage = new Stage("unsuitable-targets");
  test.teardown(() => stage.strike());
  const files = ["small", "read-only", "full", "slots", "primary", "backup", "both"].map((name) =>
    stage.disk(`${name}.img`),
  );
  const [primary, backup, both] = files.slice(4) as [string, string, string];
  files.forEach((file, index) => makeDisk(file, index === 0 ? DISK_BYTES / 4 : DISK_BYTES));
  partition(files[2]!, ["-n", "1:0:0"]);
  partition(files[3]!, Array.from({ length: 128 }, (_, index) => ["-n", `${index + 1}:0:+1M`]).flat());
  for (const file of [primary, backup, both])
    partition(file, ["-n", `1:2048:+${FOREIGN_MIB}M`, "-c", "1:somebody else's"]);
  const others = new Map([primary, backup].map((file) => [file, writeForeignData(file)]));

  const disks = files.map((file, index): DiskDrive => {
    return {
      file,
      bus: index < 2 ? "nvme" : "ahci",
      format: "raw",
      serial: `BAD${index}`,
      readOnly: index === 1,
    };
  });
  const machine = stage.start("stick", { stick: stage.image, disks });
  // The firmware mends a broken first copy by itself: the disks are hurt when it is done.
  await machine.waitFor("Starts in ", BOOT_DEADLINE_MS);
  machine.type(" ");
  await machine.waitFor("Arrow keys", ANSWER_DEADLINE_MS);
  for (const file of [primary, both]) damagePrimaryTable(file);
  for (const file of [backup, both]) damageBackupTable(file);
  machine.type("\r");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  checkStick(test, machine);

  const listing = await machine.ask("install --list-disks", PROMPT, LISTING_DEADLINE_MS);
  test.match(listing, "(the first copy of the table is damaged)", "a broken first copy is named");
  test.match(listing, "(the second copy of the table is damaged", "a broken second copy is named");
  test.match(listing, "contents: a damaged partition table", "a table broken in both copies is named");
  for (const refusal of REFUSALS) await checkRefusal(test, machine, refusal);
  await checkReadOnly(test, machine);
  for (const name of ["sata2", "sata3"]) {
    test.match(
      await install(machine, name),
      `RAYOS_INSTALLER:INSTALL_COMPLETE:${name}`,
      `RayOS goes beside others on ${name}`,
    );
  }
  test.equal(await powerOff(machine), 0, "poweroff switches the machine off");
  for (const file of [primary, backup]) checkMended(test, file, others.get(file)!);
});

/** The kernel cannot write the stick, so nothing may say that this boot was recorded. */
function checkStick(test: Test, machine: Machine): void {
  test.match(machine.transcript, "this boot is not recorded", "a boot that is not recorded says so");
  test.match(machine.transcript, "RAYOS_BOOT_MARKER:SHELL_READY", "it reaches its shell");
  test.notMatch(machine.transcript, "RAYOS_BOOT_MARKER:GOLDEN", "but is not called golden");
  test.notMatch(machine.transcript, "RAYOS_BOOTMGR:BOOT_SUCCESS", "nor a success");
}

async function checkRefusal(test: Test, machine: Machine, refusal: Refusal): Promise<void> {
  const before = await writesOf(machine, refusal.drive);
  const said = await machine.ask(`install --to ${refusal.name}`, PROMPT, ANSWER_DEADLINE_MS);
  test.match(said, `RAYOS_INSTALLER:INSTALL_FAILED:${refusal.reason}`, `${refusal.name}: ${refusal.reason}`);
  test.match(said, refusal.sentence, "with a sentence that says why");
  test.match(said, "Nothing was written", "and that nothing was written");
  test.equal(await writesOf(machine, refusal.drive), before, "and nothing was");
}

/** This NVMe disk does not tell that it is read-only; its first write does. */
async function checkReadOnly(test: Test, machine: Machine): Promise<void> {
  const said = await install(machine, "nvme1");
  test.match(
    said,
    /RAYOS_INSTALLER:INSTALL_FAILED:save-table-\S+/,
    "a disk that refuses its first write fails the installation",
  );
  test.match(said, "The disk does not boot RayOS", "with a sentence that says how things stand");
  test.match(await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS), /RayOS \d/, "and the shell goes on");
}

function checkMended(test: Test, file: string, other: Buffer): void {
  test.match(judgeTable(file).text, "No problems found", "afterwards sgdisk -v finds nothing");
  test.equal(listPartitions(file).length, 7, "the partitions of RayOS stand beside the other one");
  test.ok(
    readBytes(file, FOREIGN_FROM, MEBIBYTE).equals(other),
    "whose first MiB is byte for byte as it was",
  );
  const end = FOREIGN_FROM + (FOREIGN_MIB - 1) * MEBIBYTE;
  test.ok(readBytes(file, end, MEBIBYTE).equals(other), "and so is its last");
}

function partition(file: string, args: readonly string[]): void {
  const outcome = spawnSync(testTool("sgdisk"), [...args, file], { encoding: "utf8" });
  if (outcome.status !== 0) throw new Error(`sgdisk: ${outcome.stdout}${outcome.stderr}`);
}

/** Fills the first and the last MiB of the other system's partition. */
function writeForeignData(file: string): Buffer {
  const data = randomBytes(MEBIBYTE);
  writeBytes(file, FOREIGN_FROM, data);
  writeBytes(file, FOREIGN_FROM + (FOREIGN_MIB - 1) * MEBIBYTE, data);
  return data;
}
