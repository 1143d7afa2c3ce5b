/**
 * Scenarios: which disks at rest there are, and what is done to them: every operation, and every one after every one.
 *
 * A scenario's number is `disk × 100 + first × 10 + second`. On every disk a RayOS runs, but for the blank one, onto which one is installed from a stick.
 */
import { LogLevel } from "../../src/format/log-entry.ts";
import { makeManifest, ManifestKind, setVersion } from "../../src/format/manifest.ts";
import {
  appendObject,
  findObject,
  MANIFEST,
  OBJECT,
  objectAt,
  ObjectKind,
} from "../../src/format/manifest.ts";
import { PartitionRole } from "../../src/format/partition-types.ts";
import { GOLDEN_LIMIT, goldenId, ROOT } from "../../src/format/store.ts";
import { STATE } from "../../src/format/state-record.ts";
import { DEFAULT_TRIES } from "../../src/policy/boot-choice.ts";
import { consecutiveFailures } from "../../src/policy/boot-history.ts";
import { beginSeries } from "../../src/policy/tries.ts";
import { objectKindName } from "../../src/service/installation-source.ts";
import { StoreWriter } from "../../src/storage/store-writer.ts";
import { configured } from "./configured.ts";
import { DiskMark } from "./crash-disk.ts";
import { Expectation } from "./expectation.ts";
import {
  attempt,
  bootStorage,
  disk,
  handoff,
  installationId,
  log,
  look,
  parts,
  powerOn,
  recovery,
  release,
  room,
  run,
  runToShell,
  startMarks,
  system,
  systemRegion,
} from "./machine.ts";
import { installOnly, NONE, Operation, OPERATIONS, restoreTargets } from "./operations.ts";
import { INSTALLED_VERSION } from "./release.ts";

/** The least disk: 1 GiB, of which the simulator keeps what is not zero. */
const DISK_BYTES: u64 = 1073741824n;
const SECTOR_BYTES = 512;
const WIDE_SECTOR_BYTES = 4096;
/** Entries that stand behind those of the preparation, so that the judge reads none of them. */
const FILLING = 128;
const FILLING_GROUP = 16;
/** The current release and the snapshot of it. */
const WOUNDS = 2;
export const DISKS = 6;
export const FIRST_MARK = 256;
export const RECOVERY_MARK = 512;

export const enum SimDisk {
  /** Three golden releases, a snapshot; golden runs. */
  settled = 0,
  /** A new release that failed twice, runs for the third time, and is not golden: the next boot falls back. The log's last file, the ring's last slots. */
  shaken = 1,
  blank = 2,
  /** The kernel of the current release is damaged in the system store: it boots from the recovery partition. */
  wounded = 3,
  /** The settled one, with sectors of 4096 bytes. */
  wide = 4,
  /** A new release that failed three times, and of the known good ones all but the last: that one runs, and is not golden. The next boot is of recovery mode, the one behind it waits in the menu. */
  hopeless = 5,
}

export class Preparation {
  readonly writer = new StoreWriter();
  readonly manifest = new Uint8Array(4096);
  readonly digest = new Uint8Array(32);
  readonly start = new DiskMark();
  /** The facts at rest, before the operations. */
  readonly atRest = new Expectation();
}

export const preparation = new Preparation();

/** Makes a disk and what stands on it durable. */
export function prepareDisk(kind: SimDisk): void {
  parts.seed(17);
  disk.make(kind === SimDisk.wide ? WIDE_SECTOR_BYTES : SECTOR_BYTES, DISK_BYTES);
  powerOn();
  bytesOf(room.installations).fill(0);
  if (kind === SimDisk.blank) {
    disk.settle();
    return;
  }
  assert(installOnly());
  for (let version: u32 = 1; version <= 3; version++) {
    addRelease(version);
    assert(boot());
  }
  assert(recovery.open() === "");
  assert(recovery.createSnapshot(utf8("kept"), parts.unixSeconds()) === "");
  restoreTargets.first = recovery.snapshotId;
  restoreTargets.second = goldenId(recovery.system.root(), 1);
  if (kind === SimDisk.shaken) shake();
  if (kind === SimDisk.hopeless) failAll();
  installationId(0).copyFrom(ROOT.installationId.of(recovery.system.root()));
  fillLog();
  if (kind === SimDisk.wounded) wound();
  disk.settle();
}

/** A boot up to golden. */
function boot(): boolean {
  powerOn();
  startMarks(1);
  if (!look() || !handoff.hasChoice) return false;
  attempt();
  return run();
}

/** A newer release that fails twice; a log that has come to its last file and a ring that has come to its last slots. */
function shake(): void {
  for (let i: u32 = 0; i < 45; i++) assert(boot());
  for (let file: u32 = 1; file < 127; file++) assert(log.rotate().ok);
  // At the front of the file, where the next one must not begin.
  fillLog();
  addRelease(5);
  for (let i: u32 = 0; i < 2; i++) {
    powerOn();
    assert(look() && handoff.hasChoice);
    attempt();
    runToShell();
  }
}

/** A newer release vanishes three times; then each of the known good ones, but for the last. */
function failAll(): void {
  addRelease(5);
  for (let i: u32 = 0; i + 1 < DEFAULT_TRIES + GOLDEN_LIMIT; i++) {
    powerOn();
    assert(look() && handoff.hasChoice);
    attempt();
  }
}

/** A bit of the current kernel turns around; going back to the current release mends it. */
function wound(): void {
  const manifest = bytesOf(preparation.manifest);
  const store = recovery.system;
  const current = ROOT.currentId.get(store.root());
  assert(store.readManifest(current, manifest).ok);
  const kernel = objectAt(manifest, u32(findObject(manifest, ObjectKind.kernel)));
  assert(recovery.partitions.openRole(disk, PartitionRole.system, systemRegion));
  disk.flip(u64(systemRegion.firstLba() * 512n + BigInt(OBJECT.firstBlock.get(kernel)) * 4096n + 77n), 3);
  restoreTargets.first = current;
  restoreTargets.second = current;
}

function fillLog(): void {
  for (let i: u32 = 0; i < FILLING; i++) {
    log.append(LogLevel.info, utf8("fill"), utf8("filling"), utf8(""));
    if (i % FILLING_GROUP === FILLING_GROUP - 1) assert(log.flush().ok);
  }
}

/** A release beside the others, current from now on. */
function addRelease(version: u32): void {
  const manifest = bytesOf(preparation.manifest);
  const writer = preparation.writer;
  release.make(version);
  assert(recovery.open() === "" && writer.begin(recovery.system).ok);
  makeManifest(manifest, writer.takeManifestId(), ManifestKind.release, parts.unixSeconds());
  setVersion(manifest, version, utf8("0"));
  for (let index: u32 = 0; index < release.objectCount(); index++) {
    const kind = release.objectKind(index);
    const bytes = release.objectBytes(index);
    const entry = appendObject(manifest, utf8(objectKindName(kind)), kind);
    assert(writer.beginObject(BigInt(bytes.length)).ok && writer.appendObject(bytes).ok);
    assert(writer.finishObject(entry, bytesOf(room.scratch)).ok);
  }
  assert(writer.addManifest(manifest, false).ok);
  ROOT.previousId.set(writer.draft(), ROOT.currentId.get(writer.draft()));
  ROOT.currentId.set(writer.draft(), MANIFEST.manifestId.get(manifest));
  beginSeries(writer.draft(), MANIFEST.manifestId.get(manifest));
  assert(writer.commit(parts.unixSeconds()).ok);
}

/** The system runs, and operations may begin; its facts are in `atRest`. */
export function startSystem(kind: SimDisk): void {
  parts.seed(99);
  powerOn();
  startMarks(1);
  preparation.atRest.clear();
  room.installs = 0;
  room.mayReplaceConfiguration = false;
  configured.clear();
  if (kind !== SimDisk.blank) {
    assert(look() && handoff.hasChoice);
    attempt();
    if (kind === SimDisk.shaken || kind === SimDisk.hopeless) runToShell();
    else assert(run());
    assert(look());
    noteRest(kind);
  }
  disk.mark(preparation.start);
  startMarks(FIRST_MARK);
}

function noteRest(kind: SimDisk): void {
  const atRest = preparation.atRest;
  const record = bootStorage.record();
  const root = system.root();
  atRest.begin(ROOT.currentId.get(root), goldenId(root, 0), STATE.bootTotal.get(record));
  // The new release of the shaken disk, which runs; on the hopeless one the known good ones too, the last of which runs.
  const failures = consecutiveFailures(record, 0);
  for (let i: u32 = 0; i < failures; i++)
    atRest.addFailure(i < DEFAULT_TRIES ? atRest.current : goldenId(root, u32(i - DEFAULT_TRIES)));
  atRest.bootFiles = INSTALLED_VERSION;
  atRest.fillings = kind === SimDisk.shaken ? 2 * FILLING : FILLING;
  atRest.copied = goldenId(root, 0);
  atRest.goldenCount = 3;
  atRest.damagedCopies = kind === SimDisk.wounded ? WOUNDS : 0;
  atRest.isCurrentDamaged = kind === SimDisk.wounded;
  if (kind !== SimDisk.wounded) atRest.addSnapshot(restoreTargets.first);
  for (let mark: u32 = 1; mark < room.nextMark; mark++) atRest.settleMark(mark, true);
  atRest.lastMark = room.nextMark - 1;
}

/** Whether a number is that of a scenario. */
export function isScenario(number: u32): boolean {
  const kind: u32 = u32(Math.trunc(number / 100));
  const first: u32 = u32(Math.trunc(number / 10)) % 10;
  const second: u32 = number % 10;
  if (kind >= DISKS || first >= OPERATIONS || first === NONE || second >= OPERATIONS) return false;
  if (kind === SimDisk.blank) return first === Operation.install;
  if (kind === SimDisk.wounded) return isForWounded(first, second);
  // What the sectors' size makes of an operation does not depend on the one before it; the boot behind it is one more.
  if (kind === SimDisk.wide) return second === NONE || second === Operation.mark;
  if (kind === SimDisk.hopeless && first === Operation.mark && second === Operation.mark) return false;
  // Installing over a disk is the same whatever runs on it.
  return kind === SimDisk.settled || (first !== Operation.install && second !== Operation.install);
}

/** What is damaged there is mended or restarted; a snapshot of it, or other settings, would only name the damaged kernel once more. */
function isForWounded(first: u32, second: u32): boolean {
  if (second === Operation.install || second === Operation.snapshot) return false;
  if (second === Operation.configure) return false;
  return first === Operation.restore || first === Operation.mark || first === Operation.update;
}

export function diskOf(scenario: u32): SimDisk {
  switch (Math.trunc(scenario / 100)) {
    case 0:
      return SimDisk.settled;
    case 1:
      return SimDisk.shaken;
    case 2:
      return SimDisk.blank;
    case 3:
      return SimDisk.wounded;
    case 4:
      return SimDisk.wide;
    default:
      return SimDisk.hopeless;
  }
}
