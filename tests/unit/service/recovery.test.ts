/** Recovery over an installed disk in memory: keeping, proving, going back; and what the boot manager would fall back to. */
import { PartitionRole } from "../../../src/format/partition-types.ts";
import {
  findObject,
  MANIFEST,
  MANIFEST_BYTES,
  OBJECT,
  objectAt,
  ObjectKind,
} from "../../../src/format/manifest.ts";
import { BLOCK_BYTES, findReference, REFERENCE, referenceAt, ROOT } from "../../../src/format/store.ts";
import { RecoveryBoot } from "../../../src/service/recovery-boot.ts";
import { RecoverySnapshot } from "../../../src/service/snapshot.ts";
import { blockLba } from "../../../src/storage/object-store.ts";
import { Region } from "../../../src/storage/region.ts";
import { StoreWriter } from "../../../src/storage/store-writer.ts";
import { equal, isTrue, test } from "../harness.ts";
import { console, disk, disks, install, marker, recovery, start } from "../shell/shell-machine.ts";

const GIB: u64 = 1073741824n;

class Scratch {
  readonly region = new Region();
  readonly snapshots = new RecoverySnapshot();
  readonly writer = new StoreWriter();
  readonly boot = new RecoveryBoot(recovery, marker);
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly block = new Uint8Array(BLOCK_BYTES);
  readonly buffer = new Uint8Array(65536);
}

const scratch = new Scratch();
const boot = scratch.boot;

export function main(): void {
  opens();
  keeps();
  proves();
  findsLastKnownGood();
  lowersTheFloor();
  survivesFaults();
  previews();
}

/** An installation whose release 1 is golden, as after its first boot. */
function installed(): void {
  start(512, 4n * GIB);
  install("install --to file0\r", "");
  isTrue(recovery.open() === "");
  promote(1);
}

/** A boot of this manifest turned golden: both stores know it as the newest. */
function promote(id: u32): void {
  const buffer = bytesOf(scratch.buffer);
  isTrue(scratch.snapshots.promote(recovery.system, id, false, utf8("test"), 5n, console).ok);
  isTrue(scratch.snapshots.copyToRecovery(recovery.system, recovery.recovery, id, 5n, buffer).ok);
}

/** The current release again under a new id and version, current and golden; its id. */
function release(version: u32): u32 {
  const manifest = bytesOf(scratch.manifest);
  const before = ROOT.currentId.get(recovery.system.root());
  isTrue(recovery.system.readManifest(before, manifest).ok);
  isTrue(scratch.writer.begin(recovery.system).ok);
  const id = scratch.writer.takeManifestId();
  MANIFEST.manifestId.set(manifest, id);
  MANIFEST.versionNumber.set(manifest, version);
  isTrue(scratch.writer.addManifest(manifest, false).ok);
  ROOT.previousId.set(scratch.writer.draft(), before);
  ROOT.currentId.set(scratch.writer.draft(), id);
  isTrue(scratch.writer.commit(5n).ok);
  promote(id);
  return id;
}

function current(): u32 {
  return ROOT.currentId.get(recovery.system.root());
}

/** Turns one bit of a block of a store around. */
function flip(role: PartitionRole, block: u32): void {
  recovery.partitions.enumeratePartitions(disk);
  isTrue(recovery.partitions.openRole(disk, role, scratch.region));
  const bytes = bytesOf(scratch.block);
  isTrue(scratch.region.read(blockLba(scratch.region, block), bytes).ok);
  bytes.setU8(40, (bytes.u8(40) ^ 1) & 0xff);
  isTrue(scratch.region.write(blockLba(scratch.region, block), bytes).ok);
}

function flipManifest(role: PartitionRole, id: u32): void {
  const root = role === PartitionRole.system ? recovery.system.root() : recovery.recovery.root();
  flip(role, REFERENCE.block.get(referenceAt(root, u32(findReference(root, id)))));
}

function flipKernel(role: PartitionRole, id: u32): void {
  const store = role === PartitionRole.system ? recovery.system : recovery.recovery;
  const manifest = bytesOf(scratch.manifest);
  isTrue(store.readManifest(id, manifest).ok);
  flip(role, OBJECT.firstBlock.get(objectAt(manifest, u32(findObject(manifest, ObjectKind.kernel)))));
}

function opens(): void {
  test("without an installation nothing opens, and it is said why");
  start(512, 4n * GIB);
  isTrue(recovery.open() === "no disk carries RayOS");

  test("the only installation is taken, and of several the one that runs");
  installed();
  equal(recovery.disk(), 0);
  disks.clear();
  disks.add(disk);
  disks.add(disk);
  isTrue(recovery.open() === "several disks carry RayOS, and none of them is the one that runs");
  disks.markBootDisk(1);
  isTrue(recovery.open() === "");
  equal(recovery.disk(), 1);

  test("of two disks that are copies of each other nobody chooses, unless it is known which one runs");
  disks.markBootDisk(0);
  isTrue(recovery.open() === "several disks bear the same installation: detach the copies");
  disks.markRunningDisk(0);
  isTrue(recovery.open() === "");
  equal(recovery.disk(), 0);
}

function keeps(): void {
  test("a snapshot gets an id of its own, stays current what was, and can be aimed at");
  installed();
  isTrue(recovery.createSnapshot(utf8("before"), 9n) === "");
  equal(recovery.snapshotId, 2);
  equal(current(), 1);
  isTrue(recovery.aim(2) === "");
  isTrue(recovery.target.isSnapshot && !recovery.target.isCurrent && !recovery.target.fromRecovery);

  test("what was aimed at becomes the current one, with its marker, also for whoever looks anew");
  console.clear();
  isTrue(recovery.restore(10n) === "");
  isTrue(console.shows("RAYOS_ROLLBACK:1:2:restore\n"));
  isTrue(recovery.open() === "");
  equal(current(), 2);
}

function proves(): void {
  test("an id that nobody has cannot be aimed at");
  installed();
  isTrue(recovery.aim(77) === "there is no release or snapshot of this id");
  equal(recovery.target.manifestId, 0);

  test("a damaged kernel is brought back from the recovery partition");
  flipKernel(PartitionRole.system, 1);
  isTrue(recovery.aim(1) === "");
  isTrue(recovery.target.fromRecovery && recovery.target.isCurrent);
  isTrue(recovery.restore(11n) === "");
  isTrue(recovery.open() === "");
  isTrue(recovery.aim(1) === "");
  isTrue(!recovery.target.fromRecovery);

  test("damaged in both stores it is refused");
  flipKernel(PartitionRole.system, 1);
  flipKernel(PartitionRole.recovery, 1);
  isTrue(recovery.aim(1) === "the checksum does not match");
  equal(recovery.target.manifestId, 0);
}

function findsLastKnownGood(): void {
  test("before the first golden boot there is no last known good");
  start(512, 4n * GIB);
  install("install --to file0\r", "");
  isTrue(recovery.open() === "");
  const hasGolden = recovery.aimAtLastKnownGood() === "";
  isTrue(!hasGolden);

  test("the newest golden one is taken; damaged everywhere, the next older");
  installed();
  equal(release(1), 2);
  isTrue(recovery.aimAtLastKnownGood() === "");
  equal(recovery.target.manifestId, 2);
  flipManifest(PartitionRole.system, 2);
  isTrue(recovery.aimAtLastKnownGood() === "");
  isTrue(recovery.target.manifestId === 2 && recovery.target.fromRecovery);
  flipManifest(PartitionRole.recovery, 2);
  isTrue(recovery.aimAtLastKnownGood() === "");
  equal(recovery.target.manifestId, 1);
  isTrue(recovery.restore(12n) === "");
  equal(current(), 1);
}

function lowersTheFloor(): void {
  test("a release below the version floor is known as such, and restoring it lowers the floor");
  installed();
  equal(release(5), 2);
  equal(ROOT.versionFloor.get(recovery.system.root()), 5);
  isTrue(recovery.aim(1) === "");
  isTrue(recovery.target.isBelowFloor);
  isTrue(recovery.restore(13n) === "");
  equal(ROOT.versionFloor.get(recovery.system.root()), 1);
  isTrue(recovery.aim(2) === "");
  isTrue(!recovery.target.isBelowFloor);
}

/** Restores with the disk failing from command `n` on: the old or the new state, whole, and never success without it. */
function survivesFaults(): void {
  test(
    "a disk that fails at any command of a restore leaves the old state or the new one, and success is true",
  );
  installed();
  equal(release(1), 2);
  let failing: u32 = 0;
  let succeeded: boolean = false;
  while (!succeeded) {
    failing++;
    isTrue(recovery.open() === "");
    isTrue(recovery.aim(1) === "");
    disk.resetCounts();
    disk.failAt = failing;
    succeeded = recovery.restore(14n) === "";
    disk.failAt = 0;
    isTrue(recovery.open() === "");
    isTrue(!succeeded || current() === 1);
    isTrue(recovery.aim(1) === "" && recovery.aim(2) === "");
    if (current() === 1 && !succeeded) restoreTwo();
    assert(failing < 200, "a restore has fewer commands");
  }
  isTrue(failing > 8);
}

function restoreTwo(): void {
  isTrue(recovery.aim(2) === "");
  isTrue(recovery.restore(15n) === "");
}

function previews(): void {
  test("the preview says what the policy says: the newest golden, its copy, the next older, the menu");
  installed();
  equal(release(1), 2);
  isTrue(boot.look() === "");
  isTrue(boot.manifestId === 2 && !boot.fromRecovery && boot.damagedCount === 0);
  flipManifest(PartitionRole.system, 2);
  isTrue(boot.look() === "");
  isTrue(boot.manifestId === 2 && boot.fromRecovery && boot.damagedCount === 1);
  flipManifest(PartitionRole.recovery, 2);
  isTrue(boot.look() === "");
  isTrue(boot.manifestId === 1 && !boot.fromRecovery);
  flipKernel(PartitionRole.system, 1);
  isTrue(boot.look() === "");
  isTrue(boot.manifestId === 1 && boot.fromRecovery);
  flipKernel(PartitionRole.recovery, 1);
  isTrue(boot.look() === "");
  equal(boot.manifestId, 0);
  equal(boot.damagedCount, 4);
  isTrue(utf8(boot.explanation).length > 0);

  test("a wish without a recorded boot is refused");
  isTrue(
    boot.requestOnce(1n) === "this boot is not recorded on the disk, so nothing can be asked of the next one",
  );
}
