/** The recovery commands as their user meets them, on an installed disk in memory. */
import { BootMode } from "../../../src/format/boot-reason.ts";
import { PartitionRole } from "../../../src/format/partition-types.ts";
import { BOOT, BootStage, STATE } from "../../../src/format/state-record.ts";
import { ROOT } from "../../../src/format/store.ts";
import { MarkerStorage } from "../../../src/service/marker-storage.ts";
import { RecoverySnapshot } from "../../../src/service/snapshot.ts";
import { Region } from "../../../src/storage/region.ts";
import { StoreWriter } from "../../../src/storage/store-writer.ts";
import { equal, isTrue, test } from "../harness.ts";
import { console, disk, install, marker, recovery, start, type, typeShownWord } from "./shell-machine.ts";

const GIB: u64 = 1073741824n;

class Scratch {
  readonly snapshots = new RecoverySnapshot();
  readonly storage = new MarkerStorage();
  readonly region = new Region();
  readonly writer = new StoreWriter();
  readonly boot = new Uint8Array(52);
  readonly buffer = new Uint8Array(131072);
}

const scratch = new Scratch();

export function main(): void {
  snapshots();
  restores();
  refuses();
  lastKnownGood();
  wishes();
}

/** An installation whose release 1 is golden, as after its first boot. */
function installed(): void {
  start(512, 4n * GIB);
  install("install --to file0\r", "");
  isTrue(recovery.open() === "");
  isTrue(scratch.snapshots.promote(recovery.system, 1, false, utf8("test"), 5n, console).ok);
  console.clear();
}

function current(): u32 {
  isTrue(recovery.open() === "");
  return ROOT.currentId.get(recovery.system.root());
}

/** The boot of release 1 that runs, recorded on the disk up to its shell. */
function recordBoot(): void {
  const boot = bytesOf(scratch.boot);
  boot.fill(0);
  boot.setU8(0, 7);
  BOOT.manifestId.set(boot, 1);
  recovery.partitions.enumeratePartitions(disk);
  isTrue(recovery.partitions.openRole(disk, PartitionRole.state, scratch.region));
  isTrue(
    scratch.storage.open(
      scratch.region,
      bytesOf(scratch.buffer),
      ROOT.installationId.of(recovery.system.root()),
    ).ok,
  );
  marker.create(console, boot);
  isTrue(marker.attach(scratch.storage, true, 100n).ok);
  isTrue(marker.markStage(BootStage.kernelLoaded, 10, 100n).ok);
  isTrue(marker.markStage(BootStage.subsystemsReady, 20, 100n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 30, 100n).ok);
}

function snapshots(): void {
  test("recovery snapshot keeps the current release under its label, and the list shows it");
  installed();
  type("recovery snapshot before the update\r");
  isTrue(console.shows("Snapshot 2 is kept.\n"));
  type("recovery list\r");
  isTrue(console.shows('0.1.0 "before the update" [pinned]\n'));
  equal(current(), 1);

  test("a label that does not fit, and an option that nobody knows, keep nothing");
  type("recovery snapshot 0123456789012345678901234567890123456789012345678901234567890123\r");
  isTrue(console.shows("recovery snapshot: the label is longer than 63 characters\n"));
  type("recovery snapshot --now\r");
  isTrue(console.shows("recovery snapshot: unknown option\n"));
  console.clear();
  type("recovery list\r");
  isTrue(!console.shows("    3 "));
}

function restores(): void {
  test("recovery restore asks for the id and a word, then the other one boots");
  installed();
  type("recovery snapshot\r");
  type("recovery restore 2\r");
  isTrue(console.shows("file0: snapshot 2 of "));
  isTrue(!console.shows("OLDER"));
  type("2\r");
  isTrue(!console.shows("RAYOS_ROLLBACK"));
  typeShownWord();
  isTrue(console.shows("RAYOS_ROLLBACK:1:2:restore\n"));
  isTrue(console.shows("Restored: 2 is started by the next boot (reboot).\n"));
  equal(current(), 2);

  test("what is the current one already is not restored");
  console.clear();
  type("recovery restore 2\r");
  isTrue(console.shows("2 is the current one already, and whole. Nothing was written.\n"));
}

function refuses(): void {
  test("a wrong id, a wrong word and Ctrl-C write nothing");
  installed();
  type("recovery snapshot\r");
  disk.resetCounts();
  type("recovery restore 2\r");
  type("3\r");
  isTrue(console.shows("Not confirmed. Nothing was written.\n"));
  type("recovery restore 2\r");
  type("2\r");
  type("nonsense\r");
  type("recovery restore 2\r");
  type("2\r\x03");
  equal(disk.writes, 0);
  equal(current(), 1);
  isTrue(!console.shows("RAYOS_ROLLBACK"));

  test("no id, no number and an id that nobody has are refused with a sentence");
  console.clear();
  type("recovery restore\r");
  isTrue(
    console.shows("recovery restore: wants the id of a release or snapshot\nUsage: recovery restore <id>\n"),
  );
  type("recovery restore 99\r");
  isTrue(console.shows("recovery restore: there is no release or snapshot of this id\n"));
  type("recovery restore -1\r");
  type("recovery restore 1 2\r");
  equal(disk.writes, 0);
  start(512, 4n * GIB);
  type("recovery snapshot\r");
  isTrue(console.shows("recovery snapshot: no disk carries RayOS\n"));
  type("recovery last-known-good\r");
  isTrue(console.shows("recovery last-known-good: no disk carries RayOS\n"));
}

function lastKnownGood(): void {
  test("recovery last-known-good goes back to the newest golden release, after both answers");
  installed();
  type("bootmgr set-timeout 9\r");
  equal(current(), 2);
  type("recovery last-known-good\r");
  isTrue(console.shows("file0: release 1 of "));
  type("1\r");
  typeShownWord();
  isTrue(console.shows("RAYOS_ROLLBACK:2:1:restore\n"));
  equal(current(), 1);

  test("where it is the current one nothing is asked");
  console.clear();
  type("recovery last-known-good\r");
  isTrue(console.shows("1 is the current one already, and whole. Nothing was written.\n"));

  test("a release below the version floor is said to be so before the first answer");
  type("recovery snapshot\r");
  isTrue(recovery.open() === "");
  raiseFloor();
  console.clear();
  type("recovery restore 3\r");
  isTrue(
    console.shows(
      "It is OLDER than the oldest version that is booted by default: that bound goes down to it.\n",
    ),
  );
  type("\x03");
}

/** The store's floor, as a newer release would have left it: above everything. */
function raiseFloor(): void {
  isTrue(scratch.writer.begin(recovery.system).ok);
  ROOT.versionFloor.set(scratch.writer.draft(), 9);
  isTrue(scratch.writer.commit(6n).ok);
}

function wishes(): void {
  test("bootmgr recovery says what a failing boot falls back to");
  installed();
  type("bootmgr set-timeout 9\r");
  console.clear();
  type("bootmgr recovery\r");
  isTrue(console.shows("file0: after three failed boots release 1 of "));
  isTrue(!console.shows("the next boot, that one alone"));

  test("bootmgr recovery --once is durable in the state record before it is said");
  recordBoot();
  isTrue(marker.markGolden(40, 100n).ok);
  console.clear();
  type("bootmgr recovery --once\r");
  isTrue(console.shows("RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED\n"));
  isTrue(console.shows("    the next boot, that one alone: 1\n"));
  isTrue(
    scratch.storage.open(scratch.region, bytesOf(scratch.buffer), bytesOf(scratch.boot).slice(0, 16)).ok,
  );
  equal(STATE.onceManifestId.get(scratch.storage.record()), 1);
  equal(STATE.onceMode.get(scratch.storage.record()), BootMode.normal);

  test("arguments that nobody knows are refused");
  type("bootmgr recovery now\r");
  isTrue(console.shows("bootmgr recovery: unknown argument\nUsage: bootmgr recovery [--once]\n"));
}
