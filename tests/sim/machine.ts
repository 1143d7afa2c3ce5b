/**
 * The machine of the simulator: one disk, and on it the real services, wired as the boot manager's and the kernel's mains wire them.
 *
 *     look → attempt ═ jump ═ run → operations …
 *
 * `look` is what the boot manager does before it writes anything, and reads nothing but the disk; `attempt` is its last act; `run` is the kernel up
 * to golden. Nothing is carried over from one to the next but what the handoff carries: a cut may fall anywhere in between.
 */
import { TextWriter } from "../../src/base/text-writer.ts";
import { Clock } from "../../src/device/clock.ts";
import { Entropy } from "../../src/device/entropy.ts";
import { MarkerSink } from "../../src/device/marker-sink.ts";
import { BootReason } from "../../src/format/boot-reason.ts";
import { LogLevel } from "../../src/format/log-entry.ts";
import { findObject, MANIFEST_BYTES, objectAt, ObjectKind } from "../../src/format/manifest.ts";
import { PartitionRole } from "../../src/format/partition-types.ts";
import { BOOT, bootAt, BootEnding, bootEndingFrom, BootStage, STATE } from "../../src/format/state-record.ts";
import { ROOT } from "../../src/format/store.ts";
import { beginFacts, listCandidates } from "../../src/policy/boot-candidates.ts";
import { BootMode } from "../../src/format/boot-reason.ts";
import { CrashKind } from "../../src/format/crash-artifact.ts";
import { BootAction, BootDecision, BootFacts, chooseBoot } from "../../src/policy/boot-choice.ts";
import { silentEnding } from "../../src/policy/watchdog-policy.ts";
import { BootMarker, MarkerError } from "../../src/service/boot-marker.ts";
import { DiskRegistry } from "../../src/service/disk-registry.ts";
import { GoldenKeeper } from "../../src/service/golden-keeper.ts";
import { InstallationCheck } from "../../src/service/installation-check.ts";
import { InstallationProgress } from "../../src/service/installation-progress.ts";
import { InstallationTarget } from "../../src/service/installation-target.ts";
import { InstallationRegions, InstallationVerifier } from "../../src/service/installation-verifier.ts";
import { InstallationWriter } from "../../src/service/installation-writer.ts";
import { Installer } from "../../src/service/installer.ts";
import { LogPartition } from "../../src/service/log-partition.ts";
import { MarkerStorage } from "../../src/service/marker-storage.ts";
import { PartitionManager } from "../../src/service/partition-manager.ts";
import { PersistentLog } from "../../src/service/persistent-log.ts";
import { Recovery } from "../../src/service/recovery.ts";
import { ReleaseUpdate } from "../../src/service/release-update.ts";
import { LogReader } from "../../src/storage/log-reader.ts";
import { LogRegion } from "../../src/storage/log-region.ts";
import { LogWriter } from "../../src/storage/log-writer.ts";
import { ObjectStore } from "../../src/storage/object-store.ts";
import { Region } from "../../src/storage/region.ts";
import { CrashDisk, Trace } from "./crash-disk.ts";
import { Fact, Journal } from "./journal.ts";
import { SimRelease } from "./release.ts";

const SCRATCH_BYTES = 131072;
const BOOT_BYTES = 52;
/** That of the disk at rest, and one for each operation. */
export const INSTALLATION_LIMIT = 3;

/** Time that passes by itself, chance from a seed, markers that are counted. */
export class SimParts implements Clock, Entropy, MarkerSink {
  markers: u32 = 0;
  private random: u32 = 1;
  private nanoseconds: u64 = 0n;

  /** The same seed, the same machine. */
  seed(seed: u32): void {
    this.random = seed;
    this.nanoseconds = 1000000000n;
  }

  monotonicNs(): u64 {
    this.nanoseconds = u64(this.nanoseconds + 1000000n);
    return this.nanoseconds;
  }

  unixSeconds(): u64 {
    return 1767709800n;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return 1767709800n;
  }

  fill(target: Bytes): void {
    for (let i: u32 = 0; i < target.length; i++) {
      this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
      target.setU8(i, this.random >>> 24);
    }
  }

  emit(line: Bytes): void {
    if (line.length > 0) this.markers++;
  }
}

/** What `look` chose, and the handoff carries. */
export class Handoff {
  hasChoice: boolean = false;
  manifestId: u32 = 0;
  series: u8 = 0;
  reason: BootReason = BootReason.default;
  mode: BootMode = BootMode.normal;
  fromRecovery: boolean = false;
  /** How many entries were passed over, since they did not prove true. */
  skipped: u32 = 0;
  readonly boot = new Uint8Array(BOOT_BYTES);
}

/** A manifest in one of the stores that was found whole. */
export class Proof {
  private manifestId: u32 = 0;
  private fromRecovery: boolean = false;

  clear(): void {
    this.manifestId = 0;
  }

  holds(manifestId: u32, fromRecovery: boolean): boolean {
    return manifestId !== 0 && this.manifestId === manifestId && this.fromRecovery === fromRecovery;
  }

  keep(manifestId: u32, fromRecovery: boolean): void {
    this.manifestId = manifestId;
    this.fromRecovery = fromRecovery;
  }
}

/** What lies around. */
export class Room {
  readonly scratch = new Uint8Array(SCRATCH_BYTES);
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly text = new Uint8Array(64);
  readonly noId = new Uint8Array(16);
  /** The ids of the installations: that of the disk at rest, then those that operations put over it. */
  readonly installations = new Uint8Array(16 * INSTALLATION_LIMIT);
  installs: u32 = 0;
  /** An update said that it does not keep the configuration. */
  mayReplaceConfiguration: boolean = false;
  /** What keeps the log from its partition. */
  logProblem: string = "";
  /** The mark of the next entry in the log. */
  nextMark: u32 = 1;
  /** Whether the system's store and the ring were found. */
  hasSystem: boolean = false;
  hasState: boolean = false;
  /** Proved since the last `look`, by the boot manager's way and by the judge's: the same bytes need not be hashed again. */
  readonly proved = new Proof();
  readonly sound = new Proof();
  /** Whether the boot manager made the attempt of this boot durable. */
  isAttemptKept: boolean = false;
  /** Whether a boot that had not reached the shell was let to call itself golden. */
  wasGoldenTooEarly: boolean = false;
}

export const disk = new CrashDisk();
export const parts = new SimParts();
export const release = new SimRelease();
export const room = new Room();
export const handoff = new Handoff();
/** What is traced: an operation, then the recovery from its cut; and what was acknowledged meanwhile. */
export const operationTrace = new Trace();
export const recoveryTrace = new Trace();
export const operationJournal = new Journal(disk, operationTrace);
export const recoveryJournal = new Journal(disk, recoveryTrace);

export const registry = new DiskRegistry();
export const partitions = new PartitionManager(parts);
export const systemRegion = new Region();
export const recoveryRegion = new Region();
export const stateRegion = new Region();
export const logRegion = new Region();
export const bootRegion = new Region();

// The boot manager's.
export const system = new ObjectStore();
export const recoveryStore = new ObjectStore();
export const bootStorage = new MarkerStorage();
const bootMarker = new BootMarker();
const facts = new BootFacts();
const decision = new BootDecision();

// The kernel's.
const files = new LogRegion();
const logWriter = new LogWriter(files);
const logReader = new LogReader(files);
export const log = new PersistentLog(files, logWriter, logReader);
const progress = new InstallationProgress();
const logPartition = new LogPartition(log, registry, partitions, progress);
export const storage = new MarkerStorage();
export const marker = new BootMarker();
const keeper = new GoldenKeeper(partitions, parts);
export const recovery = new Recovery(registry, partitions, parts);

// The installer's.
const target = new InstallationTarget(registry, partitions, progress);
const regions = new InstallationRegions();
const verifier = new InstallationVerifier(regions);
export const installationWriter = new InstallationWriter(release, regions, partitions, parts);
export const installer = new Installer(
  target,
  release,
  progress,
  installationWriter,
  regions,
  verifier,
  parts,
  parts,
);
const updateRegions = new InstallationRegions();
const checkRegions = new InstallationRegions();
const checker = new InstallationVerifier(checkRegions);
export const check = new InstallationCheck(registry, partitions, checkRegions, checker);
export const update = new ReleaseUpdate(registry, partitions, updateRegions, release, parts, parts);

/** Power on: the disk under its name. */
export function powerOn(): void {
  registry.clear();
  registry.add(disk);
}

/** The id of one of the installations. */
export function installationId(index: u32): Bytes {
  return bytesOf(room.installations).slice(index * 16, 16);
}

/** Notes a fact in the journal that is open. */
export function note(fact: Fact, value: u32): void {
  operationJournal.note(fact, value);
  recoveryJournal.note(fact, value);
}

/** Finds RayOS on the disk and chooses what to boot; false where there is no RayOS. Writes nothing. */
export function look(): boolean {
  room.proved.clear();
  room.sound.clear();
  partitions.enumeratePartitions(disk);
  room.hasSystem = partitions.openRole(disk, PartitionRole.system, systemRegion);
  room.hasState = partitions.openRole(disk, PartitionRole.state, stateRegion);
  const hasRecovery = partitions.openRole(disk, PartitionRole.recovery, recoveryRegion);
  if (!partitions.openRole(disk, PartitionRole.log, logRegion)) logRegion.close();
  if (!partitions.openRole(disk, PartitionRole.efiSystem, bootRegion)) bootRegion.close();
  system.close();
  recoveryStore.close();
  room.hasSystem = room.hasSystem && system.open(systemRegion).ok;
  const hasCopies = hasRecovery && recoveryStore.open(recoveryRegion).ok;
  if (!room.hasSystem && !hasCopies) return false;
  choose();
  return true;
}

/** The same for a disk whose partitions and stores are as they were at the last `look`: only the ring is read anew. */
export function lookAtRing(): void {
  choose();
}

function choose(): void {
  const root = room.hasSystem ? system.root() : recoveryStore.root();
  const installation = ROOT.installationId.of(root);
  if (room.hasState) room.hasState = bootStorage.open(stateRegion, bytesOf(room.scratch), installation).ok;
  if (room.hasState) room.hasState = bootStorage.mayWrite();
  const record = bootStorage.record();
  if (room.hasState) noteLastEnd(record);
  beginFacts(facts, record, room.hasState);
  if (room.hasSystem) listCandidates(facts, system.root(), false, record, room.hasState);
  if (recoveryStore.isOpen()) listCandidates(facts, recoveryStore.root(), true, record, room.hasState);
  chooseBoot(facts, decision);
  handoff.skipped = 0;
  while (decision.action === BootAction.boot && !isProved()) {
    facts.candidates[decision.index].damaged = true;
    handoff.skipped++;
    chooseBoot(facts, decision);
  }
  handoff.hasChoice = decision.action === BootAction.boot;
  if (!handoff.hasChoice) return;
  const candidate = facts.candidates[decision.index];
  handoff.manifestId = candidate.manifestId;
  handoff.series = candidate.series;
  handoff.reason = decision.reason;
  handoff.mode = decision.mode;
  handoff.fromRecovery = candidate.fromRecoveryStore;
}

/** A boot that ended without a word lost its power; that joins its record with the next attempt. */
function noteLastEnd(record: Bytes): void {
  if (STATE.historyCount.get(record) === 0) return;
  const last = bootAt(record, 0);
  if (bootEndingFrom(BOOT.ending.get(last)) !== BootEnding.none) return;
  BOOT.ending.set(last, silentEnding(false, CrashKind.none));
}

/** Reads what would be booted, as the boot manager does: the manifest, the kernel and the configuration, each against its hash. */
function isProved(): boolean {
  const candidate = facts.candidates[decision.index];
  if (room.proved.holds(candidate.manifestId, candidate.fromRecoveryStore)) return true;
  const store = candidate.fromRecoveryStore ? recoveryStore : system;
  const manifest = bytesOf(room.manifest);
  if (!store.readManifest(candidate.manifestId, manifest).ok) return false;
  if (!isObjectProved(store, manifest, ObjectKind.kernel)) return false;
  if (!isObjectProved(store, manifest, ObjectKind.configuration)) return false;
  room.proved.keep(candidate.manifestId, candidate.fromRecoveryStore);
  return true;
}

function isObjectProved(store: ObjectStore, manifest: Bytes, kind: ObjectKind): boolean {
  const index = findObject(manifest, kind);
  if (index < 0) return false;
  return store.readObject(objectAt(manifest, u32(index)), bytesOf(room.scratch)).ok;
}

/** The attempt, durable before the jump. A ring that does not take it costs the count, not the boot. */
export function attempt(): void {
  const boot = bytesOf(handoff.boot);
  boot.fill(0);
  parts.fill(BOOT.bootId.of(boot));
  BOOT.manifestId.set(boot, handoff.manifestId);
  BOOT.series.set(boot, handoff.series);
  BOOT.reason.set(boot, handoff.reason);
  BOOT.mode.set(boot, handoff.mode);
  BOOT.tryNumber.set(boot, decision.tryNumber);
  BOOT.tryMaximum.set(boot, decision.tryMaximum);
  BOOT.fromRecoveryStore.set(boot, handoff.fromRecovery ? 1 : 0);
  bootMarker.create(parts, boot);
  note(isRescue() ? Fact.rescueBegins : Fact.attemptBegins, handoff.manifestId);
  const attached = bootMarker.attach(bootStorage, false, parts.unixSeconds());
  const begun = bootMarker.beginAttempt(boot, parts.unixSeconds());
  room.isAttemptKept = attached.ok && begun.ok;
  if (room.isAttemptKept) noteAttempt();
}

function isRescue(): boolean {
  return handoff.mode === BootMode.rescue;
}

function noteAttempt(): void {
  note(isRescue() ? Fact.rescue : Fact.attempt, handoff.manifestId);
}

/** The kernel, from its entry up to golden and what a golden boot leaves in the stores; false where it did not become golden. */
export function run(): boolean {
  runToShell();
  return turnGolden();
}

/** The kernel, from its entry to its prompt. */
export function runToShell(): void {
  const seconds = parts.unixSeconds();
  log.create(parts, BOOT.bootId.of(bytesOf(handoff.boot)));
  // What waited in the memory of the boot before is gone with it.
  waiting.first = room.nextMark;
  appendMark();
  marker.create(parts, bytesOf(handoff.boot));
  reach(BootStage.kernelLoaded, 10);
  partitions.enumeratePartitions(disk);
  attachLog();
  flushMarks();
  const hasRing = partitions.openRole(disk, PartitionRole.state, stateRegion);
  if (hasRing && storage.open(stateRegion, bytesOf(room.scratch), bytesOf(room.noId)).ok) {
    keepBoot(seconds);
  }
  reach(BootStage.subsystemsReady, 20);
  if (isGoldenTooEarly()) room.wasGoldenTooEarly = true;
  reach(BootStage.shellReady, 30);
}

/** The kernel's part of the record: it adopts a boot whose attempt the boot manager could not keep. */
function keepBoot(seconds: u64): void {
  const attached = marker.attach(storage, true, seconds);
  if (!attached.ok) marker.detach();
  else if (!room.isAttemptKept) noteAttempt();
}

/** A disk that cannot be read leaves the log in memory. */
function attachLog(): void {
  room.logProblem = logPartition.open(0);
}

/** Whether a boot that has not reached the shell may call itself golden. */
function isGoldenTooEarly(): boolean {
  const marked = marker.markGolden(25, parts.unixSeconds());
  return marked.ok || marked.error !== MarkerError.outOfOrder;
}

function turnGolden(): boolean {
  note(Fact.goldenBegins, handoff.manifestId);
  const marked = marker.markGolden(40, parts.unixSeconds());
  writeMark();
  if (!marked.ok) return false;
  note(Fact.golden, handoff.manifestId);
  const isFallback = handoff.reason === BootReason.failures || handoff.reason === BootReason.corrupt;
  if (isFallback) note(Fact.currentBegins, handoff.manifestId);
  note(Fact.keepingBegins, handoff.manifestId);
  const problem = keeper.keep(
    disk,
    handoff.manifestId,
    handoff.reason,
    handoff.fromRecovery,
    parts.unixSeconds(),
  );
  if (problem !== "") return true;
  note(Fact.keeping, handoff.manifestId);
  if (isFallback) note(Fact.current, handoff.manifestId);
  return true;
}

/** A stage, its entry in the log first, as the kernel's markers are. A ring that fails costs the record, not the stage. */
function reach(stage: BootStage, atMs: u32): void {
  writeMark();
  const marked = marker.markStage(stage, atMs, parts.unixSeconds());
  if (marked.ok || marked.error !== MarkerError.storage) return;
  marker.detach();
  assert(marker.markStage(stage, atMs, parts.unixSeconds()).ok);
}

/** An entry that is durable when this returns true. */
export function writeMark(): boolean {
  const mark = room.nextMark;
  note(Fact.logging, mark);
  const written = log.write(LogLevel.info, utf8("sim"), utf8("mark"), markText());
  if (!written.ok) return false;
  // Whatever waited before it went with it.
  noteWaiting();
  return true;
}

/** An entry that waits for the next `flushMarks`. */
export function appendMark(): void {
  note(Fact.logging, room.nextMark);
  log.append(LogLevel.info, utf8("sim"), utf8("mark"), markText());
}

export function flushMarks(): boolean {
  const flushed = log.flush();
  if (!flushed.ok) return false;
  noteWaiting();
  return true;
}

class Waiting {
  /** The first mark that was not acknowledged yet. */
  first: u32 = 1;
}

const waiting = new Waiting();

function noteWaiting(): void {
  for (let mark: u32 = waiting.first; mark < room.nextMark; mark++) note(Fact.logged, mark);
  waiting.first = room.nextMark;
}

/** From here on entries bear marks from `mark` on. */
export function startMarks(mark: u32): void {
  room.nextMark = mark;
  waiting.first = mark;
}

function markText(): Bytes {
  const out = new TextWriter(bytesOf(room.text));
  out.text(`m=${room.nextMark}`);
  room.nextMark++;
  return out.written();
}

/** This boot ends as it should. */
export function endBoot(): void {
  const ended = log.writeEnding(BootEnding.reboot);
  const recorded = marker.endBoot(BootEnding.reboot, parts.unixSeconds());
  if (!ended.ok || !recorded.ok) return;
}
