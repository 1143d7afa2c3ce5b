/**
 * From the stick onto a disk, and from that disk alone: the whole way that a user goes, once onto NVMe, once onto SATA, and onto sectors of 4096 bytes.
 *
 * Then others judge the disk: sgdisk, fsck.vfat, e2fsck, and a stock Linux that mounts what RayOS made.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import {
  hashFile,
  hashInFat,
  judgeExt4,
  judgeFat,
  judgeTable,
  listPartitions,
  type Partition,
} from "./support/judges.ts";
import { askLinux, partitionsByLinux } from "./support/linux-judge.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

const DISK_BYTES = 2 * 1024 ** 3;
const INSTALL_DEADLINE_MS = 300_000;
const PARTITIONS = ["EFI system", "RayOS system", "RayOS recovery", "RayOS state", "RayOS log", "RayOS data"];

t.jobs = 2;
void t.test("onto nvme", { buffered: true }, (test) => installAndJudge(test, "nvme", 512));
void t.test("onto ahci", { buffered: true }, (test) => installAndJudge(test, "ahci", 512));
void t.test("onto nvme with sectors of 4096 bytes", { buffered: true }, (test) =>
  installAndJudge(test, "nvme", 4096),
);

async function installAndJudge(test: Test, bus: Bus, sectorBytes: 512 | 4096): Promise<void> {
  const stage = new Stage(`bootmgr-install-verify-${bus}-${sectorBytes}`);
  test.teardown(() => stage.strike());
  const [target, other] = [stage.disk("target.img"), stage.disk("other.img")];
  makeDisk(target, DISK_BYTES);
  makeDisk(other, DISK_BYTES);
  const disks: DiskDrive[] = [
    { file: target, bus, format: "raw", serial: "RAYOSTARGET", sectorBytes },
    { file: other, bus: bus === "nvme" ? "ahci" : "nvme", format: "raw", serial: "RAYOSOTHER" },
  ];
  const name = bus === "nvme" ? "nvme0" : "sata0";
  const untouched = await hashFile(target);

  const machine = stage.start("stick", { stick: stage.image, disks });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.match(machine.transcript, "RAYOS_INSTALLER:BOOT:USB", "the boot from the stick is recognised");
  await listDisks(test, machine);
  await refuseWrongAnswers(test, machine, name);
  test.equal(await hashFile(target), untouched, "wrong answers left the disk byte for byte as it was");
  await install(test, machine, name);
  await powerOff(test, machine);
  test.equal(await hashFile(other), untouched, "the other disk is byte for byte as it was");

  await bootInstalled(test, stage, disks[0]!, name);
  // sgdisk takes every file for a disk of 512-byte sectors.
  if (sectorBytes === 512) judgeTableOf(test, target);
  judgeFileSystems(test, stage, target, await judgeByLinux(test, stage, disks[0]!));
}

async function listDisks(test: Test, machine: Machine): Promise<void> {
  const listing = await machine.ask("install --list-disks", PROMPT, ANSWER_DEADLINE_MS);
  test.match(listing, /nvme0 .*serial RAYOS/, "the NVMe disk is listed with its serial number");
  test.match(listing, /sata0 .*serial RAYOS/, "the SATA disk is listed with its serial number");
  test.match(listing, `RAYOS_INSTALLER:DISK_DETECTED:nvme0:${DISK_BYTES}`, "the NVMe disk has its marker");
  test.match(listing, `RAYOS_INSTALLER:DISK_DETECTED:sata0:${DISK_BYTES}`, "the SATA disk has its marker");
}

async function refuseWrongAnswers(test: Test, machine: Machine, name: string): Promise<void> {
  await machine.ask(`install --to ${name}`, "Type the disk's name in full: ", ANSWER_DEADLINE_MS);
  const wrongName = await machine.ask("another", PROMPT, ANSWER_DEADLINE_MS);
  test.match(wrongName, "Nothing was written", "a wrong name ends it");
  test.match(wrongName, "RAYOS_INSTALLER:INSTALL_FAILED:not-confirmed", "with its marker");
  await machine.ask(`install --to ${name}`, "Type the disk's name in full: ", ANSWER_DEADLINE_MS);
  await machine.ask(name, "Type the word: ", ANSWER_DEADLINE_MS);
  const wrongWord = await machine.ask("zzzzzz1", PROMPT, ANSWER_DEADLINE_MS);
  test.match(wrongWord, "Nothing was written", "a wrong word ends it");
}

async function install(test: Test, machine: Machine, name: string): Promise<void> {
  const before = await writesOf(machine);
  await machine.ask(`install --to ${name}`, "Type the disk's name in full: ", ANSWER_DEADLINE_MS);
  machine.type(`${name}\r`);
  const [, word] = await machine.waitFor(/this word, once: ([a-z]{6})/, ANSWER_DEADLINE_MS);
  await machine.waitFor("Type the word: ", ANSWER_DEADLINE_MS);
  const said = await machine.ask(word!, PROMPT, INSTALL_DEADLINE_MS);
  test.match(said, "RAYOS_INSTALLER:INSTALL_BEGIN", "the installation begins after both answers");
  test.equal(
    said.match(/RAYOS_INSTALLER:PARTITION_CREATED:/g)?.length,
    PARTITIONS.length,
    "a marker for each partition",
  );
  test.match(said, "100 %", "the progress bar reaches its end");
  test.match(said, `RAYOS_INSTALLER:INSTALL_COMPLETE:${name}`, "the installation is complete");
  test.match(
    said,
    "RAYOS_WATCHDOG:ARMED:30\r",
    "the watchdog says its usual time-out before the prompt comes back",
  );
  test.comment(`disk writes of the installation: ${(await writesOf(machine)) - before}`);
}

/** Write commands that the target has taken so far. */
async function writesOf(machine: Machine): Promise<number> {
  const control = await machine.control();
  const all = (await control.command("query-blockstats")) as {
    device?: string;
    qdev?: string;
    stats: { wr_operations: number };
  }[];
  return all.find((each) => each.device === "disk0")?.stats.wr_operations ?? 0;
}

async function powerOff(test: Test, machine: Machine): Promise<void> {
  machine.type("poweroff\r");
  test.equal(await machine.waitForExit(ANSWER_DEADLINE_MS), 0, "poweroff switches the machine off");
}

async function bootInstalled(test: Test, stage: Stage, disk: DiskDrive, name: string): Promise<void> {
  const machine = stage.start("installed", { disks: [disk] });
  await machine.waitFor("RayOS boot manager", BOOT_DEADLINE_MS);
  test.pass("the menu appears");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const stages = ["KERNEL_LOADED", "SUBSYSTEMS_READY", "SHELL_READY", "GOLDEN"].map(
    (each) => `RAYOS_BOOT_MARKER:${each}`,
  );
  if (!machine.transcript.includes(stages[3]!)) await machine.waitFor(stages[3]!, ANSWER_DEADLINE_MS);
  const places = stages.map((marker) => machine.transcript.indexOf(marker));
  test.ok(
    places.every((place, index) => place > (places[index - 1] ?? -1)),
    "all boot markers up to GOLDEN, in order",
  );
  const verified = await machine.ask("install --verify", PROMPT, INSTALL_DEADLINE_MS);
  test.match(verified, "every checksum agrees", "install --verify passes");
  const refused = await machine.ask(`install --to ${name}`, PROMPT, ANSWER_DEADLINE_MS);
  test.match(refused, "Nothing was written", "the disk that it was booted from is refused as a target");
  await powerOff(test, machine);
}

function judgeTableOf(test: Test, disk: string): void {
  test.match(judgeTable(disk).text, "No problems found", "sgdisk -v finds nothing");
  const partitions = listPartitions(disk);
  test.same(
    partitions.map((each) => each.name),
    PARTITIONS,
    "the partitions are those of the plan, in its order",
  );
  const data = partitions[5];
  if (data === undefined) return;
  const ext4 = judgeExt4(disk, data);
  test.equal(ext4.status, 0, "e2fsck -fn finds nothing in the data partition as RayOS made it", {
    said: ext4.text,
  });
}

/** What a stock Linux makes of the disk; returns the partitions that it sees. */
async function judgeByLinux(test: Test, stage: Stage, disk: DiskDrive): Promise<Partition[]> {
  const said = await askLinux(stage, disk);
  const partitions = partitionsByLinux(said);
  test.equal(partitions.length, PARTITIONS.length, "a stock Linux sees all partitions");
  test.match(said, "JUDGE vfat mounted", "it mounts the EFI system partition");
  const hash = hashInFat(stage.image, listPartitions(stage.image)[0]!, "/EFI/BOOT/BOOTX64.EFI");
  test.match(said, hash, "in which it finds the stick's boot manager, byte for byte");
  test.match(said, "JUDGE ext4 mounted", "it mounts the data partition");
  test.match(said, "JUDGE ext4 written", "and writes to it");
  return partitions;
}

function judgeFileSystems(test: Test, stage: Stage, disk: string, partitions: readonly Partition[]): void {
  const [esp, data] = [partitions[0], partitions[5]];
  if (esp === undefined || data === undefined) return;
  const fat = judgeFat(disk, esp, stage.disk("esp.img"));
  test.equal(fat.status, 0, "fsck.vfat -n finds nothing", { said: fat.text });
  const ext4 = judgeExt4(disk, data);
  test.equal(ext4.status, 0, "e2fsck -fn finds nothing after Linux has written to the data partition", {
    said: ext4.text,
  });
}
