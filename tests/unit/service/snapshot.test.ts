import { MarkerSink } from "../../../src/device/marker-sink.ts";
import {
  appendObject,
  labelText,
  makeManifest,
  MANIFEST,
  ManifestKind,
  objectAt,
  ObjectKind,
  setVersion,
} from "../../../src/format/manifest.ts";
import { BLOCK_BYTES, goldenId, ROOT } from "../../../src/format/store.ts";
import { RecoverySnapshot, SnapshotEntry } from "../../../src/service/snapshot.ts";
import { ObjectStore, StoreError } from "../../../src/storage/object-store.ts";
import { StoreWriter } from "../../../src/storage/store-writer.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

const KERNEL_BYTES = 300000;
const SYSTEM_BYTES = 4194304;
/** Room for three kernels of 74 blocks and the configuration, not for four. */
const RECOVERY_BYTES = 1589248;

class LastLine implements MarkerSink {
  count: u32 = 0;
  private length: u32 = 0;
  private readonly line = new Uint8Array(256);

  emit(line: Bytes): void {
    bytesOf(this.line).slice(0, line.length).copyFrom(line);
    this.length = line.length;
    this.count++;
  }

  is(expected: string): boolean {
    return bytesOf(this.line).slice(0, this.length).equals(utf8(expected));
  }
}

class Scratch {
  readonly systemDisk = new SimulatedDisk();
  readonly recoveryDisk = new SimulatedDisk();
  readonly system = new ObjectStore();
  readonly recovery = new ObjectStore();
  readonly writer = new StoreWriter();
  readonly snapshots = new RecoverySnapshot();
  readonly sink = new LastLine();
  readonly entry = new SnapshotEntry();
  readonly manifest = new Uint8Array(4096);
  readonly data = new Uint8Array(303104);
  readonly buffer = new Uint8Array(65536);
  readonly id = new Uint8Array(16);
}

const scratch = new Scratch();
const system = scratch.system;
const recovery = scratch.recovery;
const snapshots = scratch.snapshots;

function buffer(): Bytes {
  return bytesOf(scratch.buffer);
}

function fillData(seed: u32, length: u32): Bytes {
  const data = bytesOf(scratch.data).slice(0, length);
  let state: u32 = (seed * 91 + 7) >>> 0;
  for (let i: u32 = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    data.setU8(i, state >>> 24);
  }
  return data;
}

function fresh(): void {
  scratch.systemDisk.make(512, SYSTEM_BYTES);
  scratch.recoveryDisk.make(512, RECOVERY_BYTES);
  isTrue(system.create(scratch.systemDisk, bytesOf(scratch.id), bytesOf(scratch.id), 1n).ok);
  isTrue(recovery.create(scratch.recoveryDisk, bytesOf(scratch.id), bytesOf(scratch.id), 1n).ok);
}

function addObject(object: Bytes, data: Bytes): void {
  isTrue(scratch.writer.beginObject(BigInt(data.length)).ok);
  isTrue(scratch.writer.appendObject(data).ok);
  isTrue(scratch.writer.finishObject(object, buffer()).ok);
}

/** Installs a release of this version and makes it current; its id. */
function addRelease(version: u32): u32 {
  isTrue(scratch.writer.begin(system).ok);
  const manifest = bytesOf(scratch.manifest);
  const id = scratch.writer.takeManifestId();
  makeManifest(manifest, id, ManifestKind.release, BigInt(version));
  setVersion(manifest, version, utf8("1.0"));
  addObject(appendObject(manifest, utf8("kernel"), ObjectKind.kernel), fillData(version, KERNEL_BYTES));
  addObject(appendObject(manifest, utf8("settings"), ObjectKind.configuration), fillData(0, 5000));
  isTrue(scratch.writer.addManifest(manifest, false).ok);
  const draft = scratch.writer.draft();
  ROOT.previousId.set(draft, ROOT.currentId.get(draft));
  ROOT.currentId.set(draft, id);
  isTrue(scratch.writer.commit(1n).ok);
  return id;
}

function promote(id: u32, becomesCurrent: boolean): boolean {
  return snapshots.promote(system, id, becomesCurrent, utf8("three-failures"), 5n, scratch.sink).ok;
}

function current(store: ObjectStore): u32 {
  return ROOT.currentId.get(store.root());
}

function reopen(store: ObjectStore, disk: SimulatedDisk): boolean {
  disk.restart();
  return store.open(disk).ok;
}

function flip(disk: SimulatedDisk, at: u32): void {
  disk.image().setU8(at, (disk.image().u8(at) ^ 1) & 0xff);
}

function snapshotTests(): void {
  test("a snapshot costs one block, is pinned, and names the same objects under its label");
  fresh();
  const release = addRelease(1);
  isTrue(scratch.writer.begin(system).ok);
  const taken = scratch.writer.takenBlocks();
  scratch.systemDisk.restart();
  const made = snapshots.create(system, utf8("before the trip"), 77n);
  isTrue(made.ok && made.value === 2);
  equal(scratch.systemDisk.writes, 3);
  isTrue(scratch.writer.begin(system).ok);
  equalBig(scratch.writer.takenBlocks(), taken);
  isTrue(system.readManifest(2, bytesOf(scratch.manifest)).ok);
  isTrue(labelText(bytesOf(scratch.manifest)).equals(utf8("before the trip")));
  equal(MANIFEST.parentId.get(bytesOf(scratch.manifest)), release);
  equal(snapshots.count(system), 2);
  snapshots.list(system, 0, scratch.entry);
  isTrue(scratch.entry.manifestId === 2 && scratch.entry.isSnapshot && scratch.entry.isPinned);
  isTrue(!scratch.entry.isCurrent && scratch.entry.createdSeconds === 77n);

  test("a pinned snapshot outlives every later release, an unpinned one goes");
  for (let version: u32 = 2; version <= 9; version++) isTrue(promote(addRelease(version), true));
  isTrue(snapshots.verify(system, 2, buffer()).ok);
  isTrue(snapshots.setPinned(system, 2, false, 9n).ok);
  isTrue(promote(addRelease(10), true));
  const gone = snapshots.verify(system, 2, buffer());
  isTrue(!gone.ok && gone.error === StoreError.noManifest);
}

function goldenTests(): void {
  test("three golden manifests roll, the version floor rises with them, and golden again writes nothing");
  fresh();
  for (let version: u32 = 1; version <= 4; version++) isTrue(promote(addRelease(version), true));
  equal(goldenId(system.root(), 0), 4);
  equal(goldenId(system.root(), 2), 2);
  equal(ROOT.versionFloor.get(system.root()), 4);
  const gone = snapshots.verify(system, 1, buffer());
  isTrue(!gone.ok && gone.error === StoreError.noManifest);
  scratch.systemDisk.restart();
  isTrue(promote(4, true));
  equal(scratch.systemDisk.writes, 0);

  test("a fallback that turned golden becomes current, and that is said; a trial does not");
  const bad = addRelease(5);
  const before = scratch.sink.count;
  isTrue(promote(3, false));
  equal(current(system), bad);
  equal(scratch.sink.count, before);
  isTrue(promote(4, true));
  equal(current(system), 4);
  isTrue(scratch.sink.is("RAYOS_ROLLBACK:5:4:three-failures"));
  equal(ROOT.previousId.get(system.root()), bad);

  test("a restore is three writes at most, proves every object first, and may pass the version floor");
  scratch.systemDisk.restart();
  isTrue(snapshots.restore(system, 3, 6n, buffer(), scratch.sink).ok);
  equal(scratch.systemDisk.writes, 2);
  isTrue(scratch.sink.is("RAYOS_ROLLBACK:4:3:restore"));
  equal(ROOT.versionFloor.get(system.root()), 3);
  isTrue(system.readManifest(4, bytesOf(scratch.manifest)).ok);
  const block = bytesOf(scratch.manifest).u32le(256 + 104);
  flip(scratch.systemDisk, block * BLOCK_BYTES + 5);
  isTrue(reopen(system, scratch.systemDisk));
  const damaged = snapshots.restore(system, 4, 6n, buffer(), scratch.sink);
  isTrue(!damaged.ok && damaged.error === StoreError.corrupt);
  equal(current(system), 3);
}

function copy(id: u32): boolean {
  return snapshots.copyToRecovery(system, recovery, id, 8n, buffer()).ok;
}

function recoveryTests(): void {
  test("the recovery store has copies of its own of the last three, in a partition with room for three");
  fresh();
  for (let version: u32 = 1; version <= 4; version++) {
    const id = addRelease(version);
    isTrue(promote(id, true) && copy(id));
  }
  isTrue(reopen(recovery, scratch.recoveryDisk));
  equal(goldenId(recovery.root(), 0), 4);
  equal(goldenId(recovery.root(), 1), 3);
  equal(goldenId(recovery.root(), 2), 2);
  isTrue(snapshots.verify(recovery, 4, buffer()).ok && snapshots.verify(recovery, 3, buffer()).ok);
  scratch.recoveryDisk.restart();
  isTrue(copy(4));
  equal(scratch.recoveryDisk.writes, 0);

  test("a manifest whose objects are damaged comes back from the recovery store");
  isTrue(system.readManifest(4, bytesOf(scratch.manifest)).ok);
  const block = objectAt(bytesOf(scratch.manifest), 0).u32le(104);
  flip(scratch.systemDisk, block * BLOCK_BYTES);
  isTrue(reopen(system, scratch.systemDisk));
  isTrue(!snapshots.verify(system, 4, buffer()).ok);
  isTrue(snapshots.restoreFromRecovery(recovery, system, 4, 9n, buffer(), scratch.sink).ok);
  isTrue(reopen(system, scratch.systemDisk));
  isTrue(snapshots.verify(system, 4, buffer()).ok);
  equal(current(system), 4);

  test("a damaged manifest is not copied over");
  fresh();
  const id = addRelease(1);
  flip(scratch.systemDisk, 130 * BLOCK_BYTES + 50000);
  isTrue(reopen(system, scratch.systemDisk));
  const refused = snapshots.copyToRecovery(system, recovery, id, 8n, buffer());
  isTrue(!refused.ok && refused.error === StoreError.corrupt);
  equal(ROOT.manifestCount.get(recovery.root()), 0);
}

function modeOf(number: u32): CutMode {
  switch (number) {
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    case 4:
      return CutMode.onlyLast;
    case 5:
      return CutMode.everySecond;
    default:
      return CutMode.nothing;
  }
}

/** Two golden releases, both copied; the third is cut while it is promoted and copied. False if there was nothing left to cut. */
function cutPromotion(cutAt: u32, mode: CutMode, cutsRecovery: boolean): boolean {
  fresh();
  for (let version: u32 = 1; version <= 3; version++) {
    const id = addRelease(version);
    isTrue(promote(id, true) && copy(id));
  }
  const id = addRelease(4);
  scratch.systemDisk.restart();
  scratch.recoveryDisk.restart();
  const disk = cutsRecovery ? scratch.recoveryDisk : scratch.systemDisk;
  disk.cutAt = cutAt;
  disk.cutMode = mode;
  if (promote(id, true)) copy(id);
  if (!disk.isCut()) return false;
  isTrue(reopen(system, scratch.systemDisk) && reopen(recovery, scratch.recoveryDisk));
  wholeOrOld(system);
  wholeOrOld(recovery);
  // Again, from the beginning: it succeeds.
  isTrue(promote(id, true) && copy(id));
  isTrue(snapshots.verify(recovery, id, buffer()).ok);
  return true;
}

/** Everything that the root calls golden is whole, and the newest is 3 or 4. */
function wholeOrOld(store: ObjectStore): void {
  const newest = goldenId(store.root(), 0);
  isTrue(newest === 3 || newest === 4);
  for (let rank: u32 = 0; rank < 3; rank++) {
    const id = goldenId(store.root(), rank);
    if (id !== 0) isTrue(snapshots.verify(store, id, buffer()).ok);
  }
}

function cutTests(): void {
  test(
    "a power cut at every write and flush of a promotion leaves golden snapshots that are whole, in both stores",
  );
  let places: u32 = 0;
  // Every second way: the store's own tests go through all of them.
  for (let mode: u32 = 0; mode < CUT_MODES; mode += 2) {
    let cutAt: u32 = 0;
    while (cutAt < 40 && cutPromotion(cutAt, modeOf(mode), false)) cutAt++;
    places += cutAt;
    cutAt = 0;
    while (cutAt < 40 && cutPromotion(cutAt, modeOf(mode), true)) cutAt++;
    places += cutAt;
  }
  isTrue(places > 30);
}

export function main(): void {
  snapshotTests();
  goldenTests();
  recoveryTests();
  cutTests();
}
