/** The installer, through the shell as its user meets it, on disks in memory. */
import { test, isTrue, equal } from "../harness.ts";
import {
  console,
  disk,
  install,
  installer,
  log,
  logPartition,
  partitions,
  parts,
  release,
  start,
  type,
  typeShownWord,
} from "../shell/shell-machine.ts";
import { LogLevel } from "../../../src/format/log-entry.ts";
import { PartitionRole } from "../../../src/format/partition-types.ts";
import { Region } from "../../../src/storage/region.ts";
import { DiskContents } from "../../../src/policy/target-validation.ts";

const GIB: u64 = 1073741824n;

class Snapshot {
  readonly before = new Uint8Array(65536);
  readonly after = new Uint8Array(65536);
}

const snapshot = new Snapshot();
const logRegion = new Region();

/** Whether the first 64 KiB of the disk are as they were at `remember`. */
function remember(): void {
  const read = disk.read(0n, bytesOf(snapshot.before));
  assert(read.ok);
}

function isAsRemembered(): boolean {
  const read = disk.read(0n, bytesOf(snapshot.after));
  assert(read.ok);
  return bytesOf(snapshot.before).equals(bytesOf(snapshot.after));
}

export function main(): void {
  installsAndVerifies(512);
  installsAndVerifies(4096);
  refusals();
  wrongAnswers();
  existingInstallation();
  settings();
  failures();
  lastMoments();
  badSectorOfLog();
  restoring();
}

function installsAndVerifies(sectorBytes: u32): void {
  test("an empty disk is installed onto, verified, and carries every partition");
  start(sectorBytes, 4n * GIB);
  disk.resetCounts();
  install("install --to file0\r", "");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_BEGIN\n"));
  isTrue(console.shows("RayOS is installed on file0"));
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
  isTrue(console.shows("RAYOS_INSTALLER:PARTITION_CREATED:6:"));
  isTrue(disk.writes < 120);
  console.clear();
  type("install --verify file0\r");
  isTrue(console.shows("Verified: 6 objects, every checksum agrees."));
  type("install --list-disks\r");
  isTrue(console.shows("RAYOS_INSTALLER:DISK_DETECTED:file0:4294967296\n"));
  isTrue(console.shows("contents: RayOS\n"));
  type("bootmgr list\r");
  isTrue(console.shows("file0: installation "));
  isTrue(console.shows("[current]"));
  type("recovery list\r");
  isTrue(console.shows("file0, recovery store: 1 entries"));
}

function refusals(): void {
  test("the boot disk, a read-only disk and a small disk are refused, and nothing is written");
  start(512, 4n * GIB);
  disk.resetCounts();
  type("install --to file1\r");
  isTrue(console.shows("the running system was booted from this disk"));
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-is-boot-disk\n"));
  disk.readOnly = true;
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-is-read-only\n"));
  disk.clear(512, GIB - 512n);
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-too-small\n"));
  type("install --to file9\r");
  isTrue(console.shows("file9: no such disk"));
  equal(disk.writes, 0);

  test("a release whose bytes do not match their hashes is not installed");
  start(512, 4n * GIB);
  release.damage();
  install("install --to file0\r", "");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:check-release-checksum-mismatch\n"));
  isTrue(console.shows("Nothing was written."));
  equal(disk.writes, 0);
}

function wrongAnswers(): void {
  test("a wrong name, a wrong word and Ctrl-C leave the disk untouched");
  start(512, 4n * GIB);
  disk.resetCounts();
  type("install --to file0\r");
  type("file\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:not-confirmed\n"));
  console.clear();
  type("install --to file0\r");
  type("file0\r");
  type("wrong\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  console.clear();
  type("install --to file0\r");
  type("file0\r");
  type("\x03");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  isTrue(console.shows("rayos> "));
  equal(disk.writes, 0);
}

function existingInstallation(): void {
  test("an installation is replaced only after its own warning was answered");
  start(512, 4n * GIB);
  install("install --to file0\r", "");
  console.clear();
  remember();
  disk.resetCounts();
  type("install --to file0\r");
  isTrue(console.shows("WARNING: file0 holds RayOS"));
  type("yes\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  equal(disk.writes, 0);
  isTrue(isAsRemembered());
  console.clear();
  install("install --to file0\r", "overwrite");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
}

function settings(): void {
  test("the menu's time-out makes a new release that shares its objects, and the default can go back");
  start(512, 2n * GIB);
  install("install --to file0\r", "");
  console.clear();
  type("bootmgr set-timeout 9\r");
  isTrue(console.shows("The boot menu waits 9 s."));
  type("bootmgr list\r");
  isTrue(console.shows("1     release   2026-01-06 14:30:00   0.1.0 [previous]"));
  isTrue(console.shows("2     release   2026-01-06 14:30:00   0.1.0 [current]"));
  isTrue(holds("boot.menu-seconds = 9\n"));
  console.clear();
  type("bootmgr set-default 1\r");
  isTrue(console.shows("Release 1 is booted by default."));
  type("bootmgr list\r");
  isTrue(console.shows("1     release   2026-01-06 14:30:00   0.1.0 [current]"));
  type("install --verify file0\r");
  isTrue(console.shows("every checksum agrees"));
  type("bootmgr set-default 7\r");
  isTrue(console.shows("bootmgr set-default: there is no release or snapshot of this id"));
  type("bootmgr set-timeout 601\r");
  isTrue(console.shows("bootmgr set-timeout: wants a number of seconds from 0 to 600"));
}

/** Whether some block of the first MiBs of the system store starts with this text. */
function holds(text: string): boolean {
  const wanted = utf8(text);
  const sector = bytesOf(snapshot.after).slice(0, 4096);
  for (let block: u32 = 0; block < 512; block++) {
    const read = disk.read(133120n + BigInt(block) * 8n, sector);
    if (!read.ok) return false;
    if (sector.slice(0, wanted.length).equals(wanted)) return true;
  }
  return false;
}

/** Fails at each command of an installation in turn, here in steps of seven. */
function failures(): void {
  test("a disk that fails in the middle is reported and never shows an installation");
  let failed: u32 = 0;
  for (let at: u32 = 5; at < 140; at += 7) {
    start(512, 2n * GIB);
    type("install --to file0\r");
    type("file0\r");
    disk.failAt = at;
    typeShownWord();
    if (console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE")) continue;
    failed++;
    isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:"));
    isTrue(console.shows("install: failed: "));
    disk.failAt = 0;
    const contents = installer.survey(0);
    isTrue(contents !== DiskContents.others && contents !== DiskContents.damagedTable);
  }
  isTrue(failed > 10);
}

/** Fails at each of the last commands of an installation in turn, the new table's and those around it. */
function lastMoments(): void {
  test("however late a disk fails, it shows an unfinished installation or RayOS whole, with an empty log");
  start(512, 2n * GIB);
  type("install --to file0\r");
  type("file0\r");
  disk.resetCounts();
  typeShownWord();
  const commands: u32 = disk.reads + disk.writes + disk.flushes;
  let unfinished: u32 = 0;
  let whole: u32 = 0;
  for (let before: u32 = 0; before < 40; before++) {
    start(512, 2n * GIB);
    type("install --to file0\r");
    type("file0\r");
    disk.resetCounts();
    disk.failAt = commands - before;
    typeShownWord();
    disk.failAt = 0;
    if (console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE")) continue;
    const contents = installer.survey(0);
    if (contents === DiskContents.unfinished) {
      unfinished++;
      isTrue(console.shows("The disk does not boot RayOS."));
      continue;
    }
    isTrue(contents === DiskContents.rayos);
    whole++;
    isTrue(utf8(logPartition.open(0)).length === 0);
  }
  isTrue(unfinished > 10);
  isTrue(whole > 2);
}

/** The front of the log is where an installation's record would stand. */
function badSectorOfLog(): void {
  test("a bad sector at the front of the log partition does not keep the log from its disk");
  start(512, 2n * GIB);
  install("install --to file0\r", "");
  isTrue(utf8(logPartition.open(0)).length === 0);
  const written = log.write(LogLevel.info, utf8("test"), utf8("entry"), utf8("n=1"));
  isTrue(written.ok);
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.log, logRegion));
  disk.badLba = logRegion.firstLba();
  isTrue(utf8(logPartition.open(0)).length === 0);
}

function restoring(): void {
  test("an installation cut short is recognised, and done again it succeeds");
  start(512, 2n * GIB);
  type("install --to file0\r");
  type("file0\r");
  disk.failAt = 30;
  typeShownWord();
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:"));
  disk.failAt = 0;
  console.clear();
  type("install --list-disks\r");
  isTrue(console.shows("contents: an unfinished installation of RayOS"));
  install("install --to file0\r", "");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));

  test("the old partition table comes back byte for byte");
  start(512, 2n * GIB);
  remember();
  install("install --to file0\r", "");
  isTrue(!isAsRemembered());
  console.clear();
  type("install --restore-table file0\r");
  type("file0\r");
  typeShownWord();
  isTrue(console.shows("The old partition table is back."));
  isTrue(isAsRemembered());
  equal(parts.reboots, 0);
}
