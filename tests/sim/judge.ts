/**
 * Judge: looks at a disk after a cut as the next boot does, and says what is wrong with it. Writes nothing.
 *
 * In this order: something can be booted, and it is what must be; every release that a root names is whole and of one version; golden ones and
 * snapshots are there; the ring counts failures right and its chain is valid; every acknowledged entry is in the log, once, in order.
 * What a cut left open is then certain: the expectation is settled to it (`Expectation.settle`).
 */
import { sha256 } from "../../src/base/sha256.ts";
import { LogEntry } from "../../src/format/log-entry.ts";
import { MANIFEST, MANIFEST_BYTES, OBJECT, objectAt } from "../../src/format/manifest.ts";
import { STATE } from "../../src/format/state-record.ts";
import {
  findReference,
  GOLDEN_LIMIT,
  goldenId,
  isGolden,
  REFERENCE,
  referenceAt,
  ROOT,
} from "../../src/format/store.ts";
import { DEFAULT_TRIES } from "../../src/policy/boot-choice.ts";
import { consecutiveFailures } from "../../src/policy/boot-history.ts";
import { DiskContents } from "../../src/policy/target-validation.ts";
import { MarkerChain } from "../../src/service/marker-storage.ts";
import { LogCondition } from "../../src/storage/log-region.ts";
import { ObjectStore } from "../../src/storage/object-store.ts";
import { StateCondition } from "../../src/storage/state-ring.ts";
import { Expectation, InstallPhase, MARK_LIMIT, MarkState } from "./expectation.ts";
import {
  bootStorage,
  handoff,
  installer,
  log,
  logRegion,
  parts,
  recoveryStore,
  release,
  room,
  system,
} from "./machine.ts";

/** So many entries from the end are read: more than any scenario writes. */
const LAST_ENTRIES = 96;

/** What is wrong; the number stands in messages with its name. */
export const enum Fault {
  none = 0,
  nothingBoots = 1,
  wrongChoice = 2,
  damagedRelease = 3,
  mixedRelease = 4,
  wrongCurrent = 5,
  goldenLost = 6,
  snapshotLost = 7,
  wrongFailureCount = 8,
  wrongBootCount = 9,
  brokenChain = 10,
  entryLost = 11,
  entryForeign = 12,
  entryTwice = 13,
  logDamaged = 14,
  notRecognised = 15,
  goldenTooEarly = 16,
  notRecovered = 17,
  silentFailure = 18,
  runaway = 19,
  damagedBoot = 20,
}

export class JudgeNotes {
  /** What was seen, for `settle`. */
  failures: u32 = 0;
  boots: u32 = 0;
  /** Of an installation under way: the old system was still there. */
  isOldSystem: boolean = false;
  /** The id of the installation that was on the disk before. */
  readonly oldInstallation = new Uint8Array(16);
  readonly seen = new Uint8Array(MARK_LIMIT);
  readonly entry = new LogEntry();
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly chain = new MarkerChain();
  readonly noId = new Uint8Array(16);
  readonly digest = new Uint8Array(32);
  readonly buffer = new Uint8Array(131072);
}

export const notes = new JudgeNotes();

/** A disk without RayOS: only where an installation was under way, which is then recognised. */
export function judgeAbsence(expected: Expectation): Fault {
  if (expected.install !== InstallPhase.begun) return Fault.nothingBoots;
  const contents = installer.survey(0);
  // Cut within its last step, the commit of the table, a disk without an older table has half a backup copy: that is no empty disk, and said to be damaged.
  const isKnown =
    contents === DiskContents.unfinished ||
    contents === DiskContents.emptyTable ||
    contents === DiskContents.damagedTable ||
    contents === DiskContents.blank;
  return isKnown ? Fault.none : Fault.notRecognised;
}

/** The choice that `look` made, the stores if they were changed, the ring. */
export function judgeSystem(expected: Expectation, areStoresNew: boolean): Fault {
  if (room.wasGoldenTooEarly) return Fault.goldenTooEarly;
  if (!handoff.hasChoice) return Fault.nothingBoots;
  const root = room.hasSystem ? system.root() : recoveryStore.root();
  notes.isOldSystem = ROOT.installationId.of(root).equals(bytesOf(notes.oldInstallation));
  if (expected.install === InstallPhase.begun && !notes.isOldSystem)
    expected.settleInstall(ROOT.currentId.get(root));
  if (expected.install === InstallPhase.done && notes.isOldSystem) return Fault.wrongCurrent;
  if (!isBootSound()) return Fault.damagedBoot;
  if (areStoresNew) {
    const fault = judgeStores(expected);
    if (fault !== Fault.none) return fault;
  }
  return judgeRing(expected);
}

/** What was chosen is proved once more, by another way than the choice took. */
function isBootSound(): boolean {
  if (room.sound.holds(handoff.manifestId, handoff.fromRecovery)) return true;
  const store = handoff.fromRecovery ? recoveryStore : system;
  const manifest = bytesOf(notes.manifest);
  if (!store.readManifest(handoff.manifestId, manifest).ok) return false;
  const version = MANIFEST.versionNumber.get(manifest);
  const count = MANIFEST.objectCount.get(manifest);
  for (let i: u32 = 0; i < count; i++) {
    const object = objectAt(manifest, i);
    const piece = store.readPiece(object, 0, bytesOf(notes.buffer));
    if (!piece.ok) return false;
    sha256(piece.value, bytesOf(notes.digest));
    if (!release.isOf(version, OBJECT.kind.get(object), bytesOf(notes.digest))) return false;
  }
  room.sound.keep(handoff.manifestId, handoff.fromRecovery);
  return true;
}

function judgeStores(expected: Expectation): Fault {
  if (!room.hasSystem) return Fault.damagedRelease;
  const root = system.root();
  const current = ROOT.currentId.get(root);
  if (current !== expected.current && current !== expected.nextCurrent) return Fault.wrongCurrent;
  const whole = judgeReleases(system, expected.damagedCopies);
  if (whole !== Fault.none) return whole;
  const copies = recoveryStore.isOpen() ? judgeReleases(recoveryStore, 0) : Fault.damagedRelease;
  if (copies !== Fault.none) return copies;
  if (!isGoldenKept(expected)) return Fault.goldenLost;
  for (let i: u32 = 0; i < expected.snapshotCount; i++) {
    const index = findReference(root, expected.snapshots[i]);
    if (index < 0 || REFERENCE.pinned.get(referenceAt(root, u32(index))) === 0) return Fault.snapshotLost;
  }
  return Fault.none;
}

/** Every manifest that a root names is whole, and so are its objects, all of the version that it says; but for those damaged on purpose. */
function judgeReleases(store: ObjectStore, damagedCopies: u32): Fault {
  const count = ROOT.manifestCount.get(store.root());
  let damaged: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const fault = judgeRelease(store, REFERENCE.manifestId.get(referenceAt(store.root(), i)));
    if (fault === Fault.damagedRelease && damaged < damagedCopies) damaged++;
    else if (fault !== Fault.none) return fault;
  }
  return Fault.none;
}

function judgeRelease(store: ObjectStore, manifestId: u32): Fault {
  const manifest = bytesOf(notes.manifest);
  const read = store.readManifest(manifestId, manifest);
  if (!read.ok) return Fault.damagedRelease;
  const version = MANIFEST.versionNumber.get(manifest);
  const objects = MANIFEST.objectCount.get(manifest);
  if (objects !== release.objectCount()) return Fault.mixedRelease;
  for (let at: u32 = 0; at < objects; at++) {
    const object = objectAt(manifest, at);
    if (!release.isOf(version, OBJECT.kind.get(object), OBJECT.sha256.of(object))) return Fault.mixedRelease;
    if (!store.verifyObject(object, bytesOf(room.scratch)).ok) return Fault.damagedRelease;
  }
  return Fault.none;
}

/** The newest golden one is what it must be, it has a copy, and there are as many as there were. */
function isGoldenKept(expected: Expectation): boolean {
  const newest = goldenId(system.root(), 0);
  if (newest !== expected.kept && newest !== expected.keepingNext) return false;
  if (expected.kept !== 0 && !isGolden(system.root(), expected.kept)) return false;
  if (expected.copied !== 0 && findReference(recoveryStore.root(), expected.copied) < 0) return false;
  let count: u32 = 0;
  for (let rank: u32 = 0; rank < GOLDEN_LIMIT; rank++) {
    const id = goldenId(system.root(), rank);
    if (id === 0) continue;
    if (findReference(system.root(), id) < 0) return false;
    count++;
  }
  return count >= expected.goldenCount;
}

function judgeRing(expected: Expectation): Fault {
  const record = bootStorage.record();
  if (!room.hasState || bootStorage.condition() !== StateCondition.good) return Fault.wrongFailureCount;
  notes.failures = consecutiveFailures(record, 0);
  notes.boots = STATE.bootTotal.get(record);
  let isRight: boolean = notes.failures === expected.failures;
  if (expected.isAttempting && notes.failures === expected.failures + 1) isRight = true;
  if (expected.isTurningGolden && notes.failures === 0) isRight = true;
  if (!isRight) return Fault.wrongFailureCount;
  const more: u32 = notes.boots < expected.boots ? 99 : u32(notes.boots - expected.boots);
  if (more > (expected.isAttempting ? 1 : 0)) return Fault.wrongBootCount;
  return judgeChoice(expected);
}

/** What is booted: the current one, after three failures the newest golden one, then the older ones, a try each. */
function judgeChoice(expected: Expectation): Fault {
  if (handoff.skipped > expected.damagedCopies) return Fault.damagedRelease;
  if (!room.hasSystem || expected.damagedCopies > 0) return Fault.none;
  const root = system.root();
  const failures = notes.failures;
  const wanted =
    failures < DEFAULT_TRIES ? ROOT.currentId.get(root) : goldenId(root, u32(failures - DEFAULT_TRIES));
  return handoff.manifestId === wanted ? Fault.none : Fault.wrongChoice;
}

/** Every record of the ring, and every boot in its history. */
export function judgeChain(): Fault {
  const validated = bootStorage.validate(bytesOf(notes.buffer), notes.chain);
  if (!validated.ok) return Fault.brokenChain;
  return notes.chain.damagedRecords === 0 && notes.chain.brokenBoots === 0 ? Fault.none : Fault.brokenChain;
}

/** The end of the log: every acknowledged entry once, in order, and none that nobody wrote. */
export function judgeLog(expected: Expectation): Fault {
  // The front of the log partition is where an installation that was agreed to keeps its progress.
  if (expected.install === InstallPhase.begun) return Fault.none;
  bytesOf(notes.seen).fill(0);
  log.create(parts, bytesOf(notes.noId));
  const attached = log.attach(logRegion);
  if (!attached.ok) return Fault.entryLost;
  if (attached.value !== LogCondition.good && attached.value !== LogCondition.empty) return Fault.entryLost;
  const fault = readMarks(expected);
  if (fault !== Fault.none) return fault;
  for (let mark: u32 = 1; mark <= expected.lastMark; mark++) {
    const isSeen = notes.seen[mark] !== 0;
    if (expected.mark(mark) === MarkState.must && !isSeen) return Fault.entryLost;
    if (expected.mark(mark) === MarkState.may) expected.settleMark(mark, isSeen);
  }
  return Fault.none;
}

function readMarks(expected: Expectation): Fault {
  if (!log.getLastN(LAST_ENTRIES).ok) return Fault.entryLost;
  let last: u32 = 0;
  for (let i: u32 = 0; i < LAST_ENTRIES; i++) {
    const read = log.next(notes.entry);
    if (!read.ok) return Fault.entryLost;
    if (!read.value) return Fault.none;
    if (!notes.entry.component().equals(utf8("sim"))) continue;
    const mark = markOf(notes.entry.details());
    if (mark === 0 || expected.mark(mark) === MarkState.unknown) return Fault.entryForeign;
    if (mark <= last) return Fault.entryTwice;
    last = mark;
    notes.seen[mark] = 1;
  }
  return Fault.none;
}

/** The whole log, all its files: nothing that was acknowledged is damaged. */
export function judgeWholeLog(): Fault {
  const health = log.validate();
  return health.ok && health.value.isWhole() ? Fault.none : Fault.logDamaged;
}

/** `m=17` is 17; anything else 0. */
function markOf(details: Bytes): u32 {
  if (details.length < 3 || details.length > 6 || !details.slice(0, 2).equals(utf8("m="))) return 0;
  let mark: u32 = 0;
  for (let i: u32 = 2; i < details.length; i++) {
    const digit = details.u8(i) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    mark = mark * 10 + digit;
  }
  return mark < MARK_LIMIT ? mark : 0;
}

export function faultName(fault: Fault): string {
  switch (fault) {
    case Fault.none:
      return "nothing";
    case Fault.nothingBoots:
      return "nothing can be booted";
    case Fault.wrongChoice:
      return "another release is booted than should be";
    case Fault.damagedRelease:
      return "a release is not whole";
    case Fault.mixedRelease:
      return "a release is a mixture of two";
    case Fault.wrongCurrent:
      return "the current release is neither the old nor the new one";
    case Fault.goldenLost:
      return "a golden release is lost";
    case Fault.snapshotLost:
      return "a snapshot is lost";
    case Fault.wrongFailureCount:
      return "failed boots are counted wrong";
    case Fault.wrongBootCount:
      return "boots are counted wrong";
    case Fault.brokenChain:
      return "the chain of boot markers is broken";
    case Fault.entryLost:
      return "an acknowledged entry is lost";
    case Fault.entryForeign:
      return "an entry is in the log that nobody wrote";
    case Fault.entryTwice:
      return "an entry is in the log twice, or out of order";
    case Fault.logDamaged:
      return "the log is damaged";
    case Fault.notRecognised:
      return "an installation that was cut short is not recognised";
    case Fault.goldenTooEarly:
      return "a boot is golden before its shell is ready";
    case Fault.notRecovered:
      return "the next boot does not become golden";
    case Fault.silentFailure:
      return "a failure is not reported";
    case Fault.runaway:
      return "the calls do not end";
    case Fault.damagedBoot:
      return "what is booted does not match its hash";
  }
}
