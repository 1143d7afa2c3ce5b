/** What the shell sets for good, on an installed disk in memory that counts as the one that runs; and the history of boots. */
import { HANDOFF } from "../../../src/format/handoff.ts";
import { findObject, MANIFEST_BYTES, OBJECT, objectAt, ObjectKind } from "../../../src/format/manifest.ts";
import { PartitionRole } from "../../../src/format/partition-types.ts";
import { BOOT, BootStage } from "../../../src/format/state-record.ts";
import { BLOCK_BYTES, ROOT } from "../../../src/format/store.ts";
import { seriesOf } from "../../../src/policy/tries.ts";
import { MarkerStorage } from "../../../src/service/marker-storage.ts";
import { blockLba } from "../../../src/storage/object-store.ts";
import { Region } from "../../../src/storage/region.ts";
import { equal, isTrue, test } from "../harness.ts";
import {
  console,
  disk,
  install,
  installerBoot,
  marker,
  partitions,
  recovery,
  release,
} from "./shell-machine.ts";
import { start, type, typeShownWord, watchdog } from "./shell-machine.ts";
import { WatchdogPolicy } from "../../../src/policy/watchdog-policy.ts";

const GIB: u64 = 1073741824n;

class Scratch {
  readonly handoff = new Uint8Array(9664);
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly text = new Uint8Array(16384);
  readonly region = new Region();
  readonly storage = new MarkerStorage();
  readonly boot = new Uint8Array(52);
  readonly buffer = new Uint8Array(131072);
  readonly policy = new WatchdogPolicy();
}

const scratch = new Scratch();

export function main(): void {
  keeps();
  countsOn();
  comesBack();
  survivesDamage();
  notFromAStick();
  history();
  clearsHistory();
}

/** An installation on `file0`, which runs. */
function running(): void {
  start(512, 2n * GIB);
  install("install --to file0\r", "");
  isTrue(recovery.open() === "");
  const handoff = bytesOf(scratch.handoff);
  handoff.fill(0);
  HANDOFF.installationId.of(handoff).copyFrom(ROOT.installationId.of(recovery.system.root()));
  HANDOFF.bootId.of(handoff).fill(7);
  installerBoot.create(handoff);
  watchdog.setPolicy(scratch.policy);
  console.clear();
}

/** The configuration of the current release. */
function configuration(): Bytes {
  isTrue(recovery.open() === "");
  const manifest = bytesOf(scratch.manifest);
  isTrue(recovery.system.readManifest(ROOT.currentId.get(recovery.system.root()), manifest).ok);
  const object = objectAt(manifest, u32(findObject(manifest, ObjectKind.configuration)));
  const read = recovery.system.readObject(object, bytesOf(scratch.text));
  return read.ok ? read.value : utf8("");
}

function holds(text: string): boolean {
  return configuration().equals(utf8(text));
}

function keeps(): void {
  test("log level and the watchdog's settings are kept in the configuration, beside what is there");
  running();
  type("log level debug\r");
  isTrue(console.shows("The log keeps entries from DEBUG on.\nThis is kept in the configuration.\n"));
  isTrue(holds("boot.menu-seconds = 3\nlog.level = DEBUG\n"));
  type("watchdog policy hard report recovery\r");
  type("watchdog arm 60\r");
  isTrue(
    holds(
      "boot.menu-seconds = 3\nlog.level = DEBUG\nwatchdog.hard = report+recovery\nwatchdog.armed = yes\nwatchdog.timeout-seconds = 60\n",
    ),
  );
  type("watchdog disarm\r");
  type("log level info\r");
  isTrue(
    holds(
      "boot.menu-seconds = 3\nwatchdog.hard = report+recovery\nwatchdog.timeout-seconds = 60\nwatchdog.armed = no\nlog.level = INFO\n",
    ),
  );

  test("what says so already is not written again");
  isTrue(recovery.open() === "");
  const id = ROOT.currentId.get(recovery.system.root());
  disk.resetCounts();
  type("log level info\r");
  equal(disk.writes, 0);

  test("any number of changes in one boot finds a place");
  for (let i: u32 = 0; i < 40; i++) {
    type("log level warn\r");
    type("log level info\r");
  }
  isTrue(!console.shows("is not kept"));
  isTrue(recovery.open() === "");
  equal(ROOT.currentId.get(recovery.system.root()), id + 80);
}

/** The series of the current release, in which its tries are counted. */
function series(): u8 {
  isTrue(recovery.open() === "");
  const root = recovery.system.root();
  return seriesOf(root, ROOT.currentId.get(root));
}

function countsOn(): void {
  test("no change of the settings and no snapshot gives what boots other tries; a restore and an update do");
  running();
  const installed = series();
  isTrue(installed > 0);
  type("log level debug\r");
  type("watchdog arm 60\r");
  type("bootmgr set-timeout 9\r");
  isTrue(series() === installed);
  type("recovery snapshot kept\r");
  isTrue(series() === installed);
  isTrue(seriesOf(recovery.system.root(), 5) === installed);
  type("recovery restore 5\r");
  type("5\r");
  typeShownWord();
  const restored = series();
  isTrue(restored !== installed && restored > 0);
  type("log level info\r");
  isTrue(series() === restored);
  release.upgrade(2);
  console.clear();
  type("install --update file0\r");
  type("file0\r");
  typeShownWord();
  isTrue(console.shows("RAYOS_UPDATE_OK:0.2.0\n"));
  isTrue(series() !== restored && series() !== installed);
}

function comesBack(): void {
  test("a restore brings the settings of its time back");
  running();
  type("log level debug\r");
  type("recovery snapshot loud\r");
  type("log level error\r");
  type("bootmgr set-timeout 8\r");
  isTrue(holds("log.level = ERROR\nboot.menu-seconds = 8\n"));
  type("recovery restore 3\r");
  type("3\r");
  typeShownWord();
  isTrue(holds("boot.menu-seconds = 3\nlog.level = DEBUG\n"));
}

function survivesDamage(): void {
  test("a configuration that does not match its checksum gives way to the changed keys");
  running();
  isTrue(holds("boot.menu-seconds = 3\n"));
  const object = objectAt(
    bytesOf(scratch.manifest),
    u32(findObject(bytesOf(scratch.manifest), ObjectKind.configuration)),
  );
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.system, scratch.region));
  const block = bytesOf(scratch.buffer).slice(0, BLOCK_BYTES);
  const at = blockLba(scratch.region, OBJECT.firstBlock.get(object));
  isTrue(scratch.region.read(at, block).ok);
  block.setU8(3, (block.u8(3) ^ 1) & 0xff);
  isTrue(scratch.region.write(at, block).ok);
  type("log level debug\r");
  isTrue(console.shows("This is kept in the configuration."));
  isTrue(holds("log.level = DEBUG\n"));
}

function notFromAStick(): void {
  test("a boot from a stick changes no disk's configuration, and says so");
  running();
  const handoff = bytesOf(scratch.handoff);
  HANDOFF.installationId.of(handoff).fill(9);
  installerBoot.create(handoff);
  disk.resetCounts();
  type("log level debug\r");
  isTrue(
    console.shows(
      "This holds until the next boot: the installation that runs is on no disk that can be written.",
    ),
  );
  equal(disk.writes, 0);
}

/** Fills the state partition with noise. */
function makeNoise(): void {
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.state, scratch.region));
  bytesOf(scratch.buffer).fill(0x5a);
  for (let lba: u64 = 0n; lba < 2048n; lba = u64(lba + 256n))
    isTrue(scratch.region.write(lba, bytesOf(scratch.buffer)).ok);
}

function clearsHistory(): void {
  test("a state partition of noise is named and left alone, and made anew after two confirmations only");
  running();
  type("bootmgr clear-history\r");
  isTrue(console.shows("Every history of boots can be used. Nothing was written."));
  makeNoise();
  const installation = HANDOFF.installationId.of(bytesOf(scratch.handoff));
  isTrue(scratch.storage.open(scratch.region, bytesOf(scratch.buffer), installation).ok);
  isTrue(!scratch.storage.mayWrite());
  type("bootmgr status\r");
  isTrue(
    console.shows(
      "file0: the state partition holds something else, which is left alone (bootmgr clear-history)",
    ),
  );
  disk.resetCounts();
  type("bootmgr clear-history\r");
  type("file0\r");
  type("wrong\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  equal(disk.writes, 0);
  console.clear();
  type("bootmgr clear-history\r");
  type("file0\r");
  typeShownWord();
  isTrue(console.shows("The history is empty; the next boot is counted."));
  recordBoot(6, 1);
  console.clear();
  type("bootmgr status\r");
  isTrue(console.shows("file0: 1 boots, "));
}

/** A boot of the history, up to its shell. */
function recordBoot(id: u8, manifestId: u32): void {
  const boot = bytesOf(scratch.boot);
  boot.fill(0);
  BOOT.bootId.of(boot).fill(id);
  BOOT.manifestId.set(boot, manifestId);
  BOOT.tryNumber.set(boot, 1);
  BOOT.tryMaximum.set(boot, 3);
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.state, scratch.region));
  const installation = HANDOFF.installationId.of(bytesOf(scratch.handoff));
  isTrue(scratch.storage.open(scratch.region, bytesOf(scratch.buffer), installation).ok);
  marker.create(console, boot);
  isTrue(marker.attach(scratch.storage, true, 1767709800n).ok);
  isTrue(marker.markStage(BootStage.kernelLoaded, 500, 100n).ok);
  isTrue(marker.markStage(BootStage.subsystemsReady, 700, 100n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 750, 100n).ok);
}

function history(): void {
  test("bootmgr status tells each boot's stages and times, that one runs, and whether the records are whole");
  running();
  recordBoot(6, 1);
  recordBoot(7, 1);
  console.clear();
  type("bootmgr status\r");
  isTrue(console.shows("file0: 2 boots, 1 failed in a row\n"));
  isTrue(console.shows("    records: 9 whole, 0 damaged; boots: 2, each with its stages in order\n"));
  isTrue(
    console.shows(
      "release 1, try 1/3, default: ShellReady, running\n        kernel 500 ms, subsystems 700 ms, shell 750 ms\n",
    ),
  );
  isTrue(console.shows("release 1, try 1/3, default: ShellReady, ended: vanished\n"));

  test("--all shows the whole history, 72 boots");
  for (let i: u8 = 0; i < 75; i++) recordBoot(u8(i + 100), u32(1000 + i));
  console.clear();
  type("bootmgr status --all\r");
  // The one that runs has not failed yet; older ones than 72 are forgotten.
  isTrue(console.shows("file0: 77 boots, 71 failed in a row\n"));
  isTrue(console.shows("release 1074, "));
  isTrue(console.shows("release 1003, "));
  isTrue(!console.shows("release 1002, "));
}
