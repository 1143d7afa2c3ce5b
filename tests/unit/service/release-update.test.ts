/** `install --update`, through the shell as its user meets it, and with the power going at every write of the store. */
import { crc32 } from "../../../src/base/crc32.ts";
import {
  MANIFEST_BYTES,
  MANIFEST,
  OBJECT,
  findObject,
  objectAt,
  ObjectKind,
} from "../../../src/format/manifest.ts";
import { PartitionRole } from "../../../src/format/partition-types.ts";
import { ROOT } from "../../../src/format/store.ts";
import { beginFacts, listCandidates } from "../../../src/policy/boot-candidates.ts";
import { BootFacts } from "../../../src/policy/boot-choice.ts";
import { BOOT_MANAGER_PATH, BootFiles } from "../../../src/service/boot-files.ts";
import { InstallationRegions } from "../../../src/service/installation-verifier.ts";
import { ReleaseUpdate, UpdateState } from "../../../src/service/release-update.ts";
import { ReleaseWriter } from "../../../src/service/release-writer.ts";
import { RecoverySnapshot } from "../../../src/service/snapshot.ts";
import { ObjectStore } from "../../../src/storage/object-store.ts";
import { Region } from "../../../src/storage/region.ts";
import { equal, isTrue, test } from "../harness.ts";
import {
  console,
  disk,
  disks,
  install,
  partitions,
  parts,
  recovery,
  release,
} from "../shell/shell-machine.ts";
import { start, type, typeShownWord } from "../shell/shell-machine.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

const GIB: u64 = 1073741824n;
const COMPARED_BYTES = 1048576;
const STORE_BYTES = 3145728;

class Scratch {
  readonly region = new Region();
  readonly snapshots = new RecoverySnapshot();
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly before = new Uint8Array(MANIFEST_BYTES);
  readonly compared = new Uint8Array(COMPARED_BYTES);
  readonly buffer = new Uint8Array(65536);
  readonly simulated = new SimulatedDisk();
  readonly pristine = new Uint8Array(STORE_BYTES);
  readonly store = new ObjectStore();
  readonly writer = new ReleaseWriter();
  readonly id = new Uint8Array(16);
  readonly facts = new BootFacts();
  readonly files = new BootFiles();
}

const scratch = new Scratch();
const regions = new InstallationRegions();
const cutUpdate = new ReleaseUpdate(disks, partitions, regions, release, parts, console);

export function main(): void {
  updates();
  keepsTheRest();
  refuses();
  warns();
  survivesFaults();
  leavesPending();
  survivesPowerCuts();
}

function installed(): void {
  start(512, 2n * GIB);
  install("install --to file0\r", "");
  console.clear();
}

/** Both confirmations; the warning's word before them where there is one. */
function update(warningWord: string): void {
  type("install --update file0\r");
  if (warningWord !== "") {
    type(warningWord);
    type("\r");
  }
  type("file0\r");
  typeShownWord();
}

function current(): u32 {
  isTrue(recovery.open() === "");
  return ROOT.currentId.get(recovery.system.root());
}

/** What the first MiB of a partition adds up to. */
function sumOf(role: PartitionRole): u32 {
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, role, scratch.region));
  isTrue(scratch.region.read(0n, bytesOf(scratch.compared)).ok);
  return crc32(bytesOf(scratch.compared));
}

function updates(): void {
  test("a newer release becomes the current one, whole, and the installed one the previous");
  installed();
  release.upgrade(2);
  update("");
  isTrue(console.shows("file0: RayOS 0.1.0 (release 1) is updated to 0.2.0, "));
  isTrue(console.shows("RAYOS_UPDATE_BEGIN:0.2.0\n"));
  isTrue(console.shows("RAYOS_UPDATE_OK:0.2.0\n"));
  isTrue(console.shows("file0 starts RayOS 0.2.0 from now on."));
  equal(current(), 2);
  equal(ROOT.previousId.get(recovery.system.root()), 1);
  equal(ROOT.versionFloor.get(recovery.system.root()), 0);
  isTrue(recovery.aim(2) === "");
  isTrue(recovery.aim(1) === "");

  test(
    "the boot files are those of the newer release, and only those and the system store verify against it",
  );
  console.clear();
  type("install --verify file0\r");
  isTrue(console.shows("every checksum agrees"));

  test("going back leaves the newer boot manager, which verifies as that of a release that is kept");
  type("recovery restore 1\r");
  type("1\r");
  typeShownWord();
  equal(current(), 1);
  console.clear();
  type("install --verify file0\r");
  isTrue(console.shows("every checksum agrees"));

  test("one that is no release's is a mismatch");
  release.upgrade(3);
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.efiSystem, scratch.region));
  isTrue(scratch.files.mount(scratch.region).ok);
  isTrue(scratch.files.write(BOOT_MANAGER_PATH, release.objectBytes(0), 0n, bytesOf(scratch.buffer)).ok);
  console.clear();
  type("install --verify file0\r");
  isTrue(console.shows("boot manager            checksum-mismatch\n"));
  isTrue(console.shows("Verification FAILED: 1 "));
}

function keepsTheRest(): void {
  test("configuration, recovery store, boot records, log and data stay as they are, byte for byte");
  installed();
  type("bootmgr set-timeout 9\r");
  const recoverySum = sumOf(PartitionRole.recovery);
  const stateSum = sumOf(PartitionRole.state);
  const logSum = sumOf(PartitionRole.log);
  const dataSum = sumOf(PartitionRole.data);
  release.upgrade(2);
  update("");
  isTrue(console.shows("RAYOS_UPDATE_OK:0.2.0\n"));
  equal(current(), 3);
  equal(sumOf(PartitionRole.recovery), recoverySum);
  equal(sumOf(PartitionRole.state), stateSum);
  equal(sumOf(PartitionRole.log), logSum);
  equal(sumOf(PartitionRole.data), dataSum);
  isTrue(recovery.open() === "");
  isTrue(recovery.system.readManifest(3, bytesOf(scratch.manifest)).ok);
  isTrue(recovery.system.readManifest(2, bytesOf(scratch.before)).ok);
  const kept = objectOf(bytesOf(scratch.manifest), ObjectKind.configuration);
  const old = objectOf(bytesOf(scratch.before), ObjectKind.configuration);
  isTrue(OBJECT.sha256.of(kept).equals(OBJECT.sha256.of(old)));
  equal(OBJECT.firstBlock.get(kept), OBJECT.firstBlock.get(old));
  equal(MANIFEST.parentId.get(bytesOf(scratch.manifest)), 2);

  test("the same release is refused, and nothing is written");
  disk.resetCounts();
  console.clear();
  type("install --update file0\r");
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:same-release\n"));
  equal(disk.writes, 0);
}

function objectOf(manifest: Bytes, kind: ObjectKind): Bytes {
  return objectAt(manifest, u32(findObject(manifest, kind)));
}

function refuses(): void {
  test("wrong answers and Ctrl-C write nothing");
  installed();
  release.upgrade(2);
  disk.resetCounts();
  type("install --update\r");
  type("file1\r");
  isTrue(console.shows("Not confirmed. Nothing was written.\n"));
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:not-confirmed\n"));
  type("install --update file0\r");
  type("file0\r");
  type("wrong\r");
  type("install --update file0\r");
  type("\x03");
  equal(disk.writes, 0);
  isTrue(!console.shows("RAYOS_UPDATE_BEGIN"));

  test("a release that is not whole in memory is not written");
  release.damage();
  console.clear();
  update("");
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:check-release-checksum-mismatch\n"));
  isTrue(console.shows("The installed release starts as before."));
  equal(disk.writes, 0);

  test("without a release, without an installation, on a read-only disk: refused with its reason");
  installed();
  release.objects = 0;
  type("install --update file0\r");
  isTrue(console.shows("this boot brought no release: start the machine from a stick with the newer one"));
  release.make();
  release.upgrade(2);
  type("install --update file1\r");
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:no-installation\n"));
  disk.readOnly = true;
  type("install --update file0\r");
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:disk-is-read-only\n"));
  disk.readOnly = false;

  test("a system store without a whole root is refused, and said to be damaged");
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.system, scratch.region));
  const end: u64 = scratch.region.sectorCount() - 16n;
  for (let half: u32 = 0; half < 2; half++) {
    const at: u64 = half === 0 ? 0n : end;
    isTrue(scratch.region.read(at, bytesOf(scratch.buffer).slice(0, 8192)).ok);
    for (let byte: u32 = 100; byte < 8192; byte += 4096)
      scratch.buffer[byte] = (scratch.buffer[byte] ^ 1) & 0xff;
    isTrue(scratch.region.write(at, bytesOf(scratch.buffer).slice(0, 8192)).ok);
  }
  console.clear();
  type("install --update file0\r");
  isTrue(console.shows("the system store cannot be used: every copy of the object store's root is damaged"));
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:damaged-store\n"));
}

function warns(): void {
  test("an older release below the version floor is refused");
  installed();
  release.upgrade(3);
  update("");
  isTrue(recovery.open() === "");
  isTrue(scratch.snapshots.promote(recovery.system, 2, false, utf8("test"), 5n, console).ok);
  release.upgrade(2);
  console.clear();
  type("install --update file0\r");
  isTrue(console.shows("RAYOS_UPDATE_ERR:0.2.0:below-version-floor\n"));
  equal(current(), 2);

  test("one that is older, but below no floor, wants an answer of its own first");
  installed();
  release.upgrade(3);
  update("");
  release.upgrade(2);
  console.clear();
  type("install --update file0\r");
  isTrue(console.shows("WARNING: 0.2.0 is OLDER than what is installed."));
  type("yes\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  equal(current(), 2);
  update("replace");
  isTrue(console.shows("RAYOS_UPDATE_OK:0.2.0\n"));
  equal(current(), 3);

  test("and so do other bytes under the installed version");
  release.flavour();
  console.clear();
  update("replace");
  isTrue(console.shows("WARNING: 0.2.0 is installed already, with other bytes"));
  isTrue(console.shows("RAYOS_UPDATE_OK:0.2.0\n"));
  equal(current(), 4);
}

/** Fails at each command of an update in turn. */
function survivesFaults(): void {
  test(
    "a disk that fails at any command of an update leaves the installed release or the new one, and success is true",
  );
  installed();
  release.upgrade(2);
  let failed: u32 = 0;
  let mismatches: u32 = 0;
  let version: u32 = 1;
  for (let at: u32 = 1; at < 400 && version === 1; at++) {
    console.clear();
    type("install --update file0\r");
    type("file0\r");
    disk.failAt = at;
    typeShownWord();
    disk.failAt = 0;
    const isDone = console.shows("RAYOS_UPDATE_OK:0.2.0\n");
    isTrue(isDone || console.shows("RAYOS_UPDATE_ERR:0.2.0:"));
    if (!verifies()) mismatches++;
    isTrue(recovery.aim(current()) === "");
    version = recovery.target.versionNumber;
    isTrue(version === 1 || version === 2);
    if (isDone) isTrue(version === 2);
    else failed++;
  }
  isTrue(failed > 20);
  equal(version, 2);

  test("after each of them every checksum of the installation agrees, those of the boot files included");
  equal(mismatches, 0);
}

/** An update to 0.`version`.0 that is cut off with its boot files written, and its commit not. */
function cutBeforeCommit(version: u32): void {
  release.upgrade(version);
  isTrue(cutUpdate.aim(0));
  cutUpdate.begin();
  while (cutUpdate.stageText() !== "commit" && cutUpdate.step() === UpdateState.working) continue;
  isTrue(cutUpdate.stageText() === "commit");
}

function verifies(): boolean {
  console.clear();
  type("install --verify file0\r");
  return console.shows("every checksum agrees");
}

function manifestCount(): u32 {
  isTrue(recovery.open() === "");
  return ROOT.manifestCount.get(recovery.system.root());
}

function leavesPending(): void {
  test("what an update leaves that is cut between its boot files and its commit verifies, and is named");
  installed();
  cutBeforeCommit(2);
  equal(current(), 1);
  isTrue(verifies());
  isTrue(console.shows("An update to 0.2.0 was cut short. The installed release starts as before; "));
  type("recovery list\r");
  isTrue(console.shows("0.2.0 [update cut short]\n"));

  test("it is not started and not gone back to, and stays over changes of the settings");
  console.clear();
  type("recovery restore 2\r");
  isTrue(console.shows("the update to this release was cut short: install --update finishes it"));
  type("bootmgr set-default 2\r");
  equal(current(), 1);
  beginFacts(scratch.facts, bytesOf(scratch.manifest), false);
  listCandidates(scratch.facts, recovery.system.root(), false, bytesOf(scratch.manifest), false);
  equal(scratch.facts.candidateCount, 1);
  equal(scratch.facts.candidates[0].manifestId, 1);
  for (let seconds: u32 = 1; seconds <= 5; seconds++) {
    parts.unixTime = 1767709800n + BigInt(seconds);
    type(seconds % 2 === 0 ? "bootmgr set-timeout 4\r" : "bootmgr set-timeout 5\r");
  }
  isTrue(verifies());
  // The current one, the one before it, and the release of the update.
  equal(manifestCount(), 3);

  test("one that is cut short again and again takes one place; another one has its own until an update ends");
  for (let turn: u32 = 0; turn < 3; turn++) cutBeforeCommit(2);
  equal(manifestCount(), 3);
  cutBeforeCommit(3);
  equal(manifestCount(), 4);
  isTrue(verifies());

  test("an update that comes to its end clears away what others left");
  release.upgrade(4);
  console.clear();
  update("");
  isTrue(console.shows("RAYOS_UPDATE_OK:0.4.0\n"));
  equal(manifestCount(), 2);
  isTrue(verifies());
  isTrue(!console.shows("was cut short"));
}

/** A store with release 0.1.0 on the disk that can lose its power. */
function makeStore(): void {
  release.make();
  scratch.simulated.make(512, STORE_BYTES);
  openRegions();
  const id = bytesOf(scratch.id);
  id.fill(7);
  isTrue(scratch.writer.begin(regions.system, release, id, id, 1n).ok);
  for (let step: u32 = 0; step < 20; step++) {
    const stepped = scratch.writer.step(release, bytesOf(scratch.buffer));
    if (!stepped.ok || !stepped.value) break;
  }
  isTrue(scratch.writer.commit().ok);
  bytesOf(scratch.pristine).copyFrom(scratch.simulated.image());
  release.upgrade(2);
}

/** The store on the simulated disk; the EFI system partition of the installed one, whose file system is tested elsewhere. */
function openRegions(): void {
  partitions.enumeratePartitions(disk);
  isTrue(partitions.openRole(disk, PartitionRole.efiSystem, regions.efiSystem));
  isTrue(regions.system.open(scratch.simulated, 0n, scratch.simulated.sectorCount()).ok);
}

/** One update, cut at a change of the store, or whole where that number is not reached; whether it says that it succeeded. */
function runCut(cutAt: u32, mode: CutMode): boolean {
  scratch.simulated.image().copyFrom(bytesOf(scratch.pristine));
  scratch.simulated.restart();
  openRegions();
  isTrue(cutUpdate.survey());
  cutUpdate.begin();
  scratch.simulated.cutAt = cutAt;
  scratch.simulated.cutMode = mode;
  let state: UpdateState = UpdateState.working;
  while (state === UpdateState.working) state = cutUpdate.step();
  return state === UpdateState.done;
}

function survivesPowerCuts(): void {
  test(
    "a power cut at every write and flush of an update leaves the installed release or the new one, each whole",
  );
  installed();
  makeStore();
  isTrue(runCut(0xffffffff, CutMode.nothing));
  const changes = scratch.simulated.changeCount();
  isTrue(changes > 6);
  let news: u32 = 0;
  let olds: u32 = 0;
  for (let at: u32 = 0; at < changes; at++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
      console.clear();
      const isDone = runCut(at, modeOf(mode));
      scratch.simulated.restart();
      openRegions();
      isTrue(scratch.store.open(regions.system).ok);
      const id = ROOT.currentId.get(scratch.store.root());
      isTrue(id === 1 || id === 2);
      isTrue(!isDone || id === 2);
      isTrue(scratch.snapshots.verify(scratch.store, id, bytesOf(scratch.buffer)).ok);
      // The installed release is there in any case.
      isTrue(scratch.snapshots.verify(scratch.store, 1, bytesOf(scratch.buffer)).ok);
      if (id === 2) news++;
      else olds++;
    }
  }
  isTrue(news > 0 && olds > news);
}

function modeOf(index: u32): CutMode {
  switch (index) {
    case 0:
      return CutMode.nothing;
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    case 4:
      return CutMode.onlyLast;
    default:
      return CutMode.everySecond;
  }
}
