/**
 * Judge: looks at a disk after a cut as the next boot does, and says what is wrong with it. Writes nothing.
 *
 * In this order: something can be booted, and it is what must be; every release that a root names is whole and of one version; golden ones and
 * snapshots are there; the ring counts failures right and its chain is valid; the boot files are those of a release, and `install --verify` finds
 * nothing; every acknowledged entry is in the log, once, in order.
 * What a cut left open is then certain: the expectation is settled to it (`Expectation.settle`).
 */
import { sha256 } from "../../src/base/sha256.ts";
import { LogEntry } from "../../src/format/log-entry.ts";
import {
  findObject,
  MANIFEST,
  MANIFEST_BYTES,
  OBJECT,
  objectAt,
  ObjectKind,
} from "../../src/format/manifest.ts";
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
import { BootMode } from "../../src/format/boot-reason.ts";
import { DEFAULT_TRIES, RESCUE_TRIES } from "../../src/policy/boot-choice.ts";
import { consecutiveFailures, rescueTries } from "../../src/policy/boot-history.ts";
import { DiskContents } from "../../src/policy/target-validation.ts";
import { BOOT_MANAGER_PATH, BootFiles, REMOVABLE_PATH } from "../../src/service/boot-files.ts";
import { InstallationCheckState } from "../../src/service/installation-check.ts";
import { VerifiedPart } from "../../src/service/installation-verifier.ts";
import { MarkerChain } from "../../src/service/marker-storage.ts";
import { LogCondition } from "../../src/storage/log-region.ts";
import { ObjectStore } from "../../src/storage/object-store.ts";
import { StateCondition } from "../../src/storage/state-ring.ts";
import { configured } from "./configured.ts";
import { Expectation, InstallPhase, MARK_LIMIT, MarkState } from "./expectation.ts";
import {
  bootRegion,
  bootStorage,
  check,
  handoff,
  INSTALLATION_LIMIT,
  installationId,
  installer,
  log,
  logRegion,
  parts,
  recoveryStore,
  release,
  room,
  system,
} from "./machine.ts";
import { UPDATED_VERSION } from "./release.ts";

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
  wrongBootFiles = 21,
  notVerified = 22,
}

export class JudgeNotes {
  readonly bootFiles = new BootFiles();
  readonly seen = new Uint8Array(MARK_LIMIT);
  readonly entry = new LogEntry();
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly parent = new Uint8Array(MANIFEST_BYTES);
  readonly chain = new MarkerChain();
  readonly noId = new Uint8Array(16);
  readonly digest = new Uint8Array(32);
  readonly buffer = new Uint8Array(131072);
}

export const notes = new JudgeNotes();

/**
 * A disk without RayOS: only while an installation was under way, and then it says so. Before the installation's record was durable nothing else of
 * the disk was touched: an empty one is empty still.
 */
export function judgeAbsence(expected: Expectation): Fault {
  const contents = installer.survey(0);
  switch (expected.install) {
    case InstallPhase.done:
      return Fault.nothingBoots;
    case InstallPhase.none:
    case InstallPhase.begun: {
      const isUntouched = contents === DiskContents.blank || contents === DiskContents.unfinished;
      return isUntouched && expected.current === 0 ? Fault.none : Fault.nothingBoots;
    }
    case InstallPhase.kept:
      return contents === DiskContents.unfinished ? Fault.none : Fault.notRecognised;
  }
}

/** The choice that `look` made, the stores and the boot files if they were changed, the ring. Settles what is certain by now. */
export function judgeSystem(expected: Expectation, areStoresNew: boolean): Fault {
  if (room.wasGoldenTooEarly) return Fault.goldenTooEarly;
  const root = room.hasSystem ? system.root() : recoveryStore.root();
  const installation = indexOfInstallation(ROOT.installationId.of(root));
  if (expected.install !== InstallPhase.none && expected.install !== InstallPhase.done) {
    if (installation === expected.installs + 1) expected.settleInstall(ROOT.currentId.get(root));
  }
  if (installation !== expected.installs) return Fault.wrongCurrent;
  if (handoff.hasChoice && !isBootSound()) return Fault.damagedBoot;
  if (areStoresNew) {
    const fault = judgeStores(expected);
    if (fault !== Fault.none) return fault;
  }
  return judgeRing(expected);
}

/** Which of the scenario's installations bears an id; a number that none has for a foreign one. */
function indexOfInstallation(id: Bytes): u32 {
  for (let index: u32 = 0; index < INSTALLATION_LIMIT; index++) {
    if (installationId(index).equals(id)) return index;
  }
  return INSTALLATION_LIMIT;
}

/** What the firmware starts: each of the two files is the old boot manager or the new one. */
export function judgeBootFiles(expected: Expectation): Fault {
  if (!notes.bootFiles.mount(bootRegion).ok) return Fault.wrongBootFiles;
  if (!isBootManager(expected, REMOVABLE_PATH)) return Fault.wrongBootFiles;
  return isBootManager(expected, BOOT_MANAGER_PATH) ? Fault.none : Fault.wrongBootFiles;
}

/**
 * What `install --verify` says: every checksum agrees, but for what was damaged on purpose. Where an installation was cut while it wrote the partition
 * table, one of its two copies may be torn, which is named until the table is written again.
 */
export function judgeVerification(expected: Expectation): Fault {
  let state: InstallationCheckState = InstallationCheckState.working;
  check.begin(0);
  while (state !== InstallationCheckState.done) {
    state = check.step();
    const isOfStore = state === InstallationCheckState.partDone && check.part() === VerifiedPart.systemStore;
    if (utf8(check.problem()).length === 0) continue;
    if (isOfStore && expected.isCurrentDamaged) continue;
    if (state === InstallationCheckState.tableDone && expected.mayTableBeTorn()) continue;
    check.stop();
    return Fault.notVerified;
  }
  return Fault.none;
}

function isBootManager(expected: Expectation, path: string): boolean {
  if (isFile(path, release.bootManager(expected.bootFiles))) return true;
  return expected.nextBootFiles !== 0 && isFile(path, release.bootManager(expected.nextBootFiles));
}

function isFile(path: string, content: Bytes): boolean {
  const same = notes.bootFiles.isSame(path, content, bytesOf(notes.buffer));
  return same.ok && same.value;
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
    if (!isOfRelease(store, OBJECT.kind.get(object), bytesOf(notes.digest), version)) return false;
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
  // What was damaged on purpose is so until it was mended, which may have been under way.
  if (expected.damagedCopies === 0) expected.isCurrentDamaged = false;
  else expected.isCurrentDamaged = judgeRelease(system, current) === Fault.damagedRelease;
  expected.settle(current, goldenId(root, 0));
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
    if (!isOfRelease(store, OBJECT.kind.get(object), OBJECT.sha256.of(object), version))
      return Fault.mixedRelease;
    if (!store.verifyObject(object, bytesOf(room.scratch)).ok) return Fault.damagedRelease;
  }
  return Fault.none;
}

/** Everything of a release is of its version, but a configuration that was changed, and that of an update: that is what was found, the parent's. */
function isOfRelease(store: ObjectStore, kind: u32, digest: Bytes, version: u32): boolean {
  const configuration: u32 = ObjectKind.configuration;
  if (kind === configuration && configured.isOne(digest)) return true;
  if (version < UPDATED_VERSION || kind !== configuration) return release.isOf(version, kind, digest);
  if (room.mayReplaceConfiguration && release.isOf(version, kind, digest)) return true;
  const parent = bytesOf(notes.parent);
  if (!store.readManifest(MANIFEST.parentId.get(bytesOf(notes.manifest)), parent).ok)
    return release.isConfiguration(digest);
  const index = findObject(parent, ObjectKind.configuration);
  return index >= 0 && OBJECT.sha256.of(objectAt(parent, u32(index))).equals(digest);
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
  if (!expected.settleRing(consecutiveFailures(record, 0), STATE.bootTotal.get(record)))
    return Fault.wrongFailureCount;
  if (rescueTries(record, 0) !== expected.rescues) return Fault.wrongFailureCount;
  return judgeChoice(expected);
}

/**
 * What is booted, worked out from what the run did: the current one, three times; then the golden ones, the newest first, a try each, but for
 * those that are damaged, of which the copy in the recovery partition is taken; then the one before the current one; then the current one in recovery
 * mode, once; then nothing: the menu waits.
 */
function judgeChoice(expected: Expectation): Fault {
  if (handoff.skipped > expected.damagedCopies) return Fault.damagedRelease;
  const root = system.root();
  const isDamaged = expected.isCurrentDamaged;
  let wanted: u32 = expected.current;
  let isCopy: boolean = false;
  if (isDamaged || expected.failuresOf(wanted) >= DEFAULT_TRIES) {
    wanted = 0;
    for (let rank: u32 = 0; rank < GOLDEN_LIMIT && wanted === 0; rank++) {
      const id = goldenId(root, rank);
      if (!expected.hasStoodIn(id)) wanted = id;
    }
    if (wanted === 0 && !expected.hasStoodIn(ROOT.previousId.get(root))) wanted = ROOT.previousId.get(root);
    isCopy = isDamaged && wanted === expected.current;
  }
  if (wanted === 0) return judgeLastResort(expected);
  if (!handoff.hasChoice) return Fault.nothingBoots;
  if (handoff.mode !== BootMode.normal) return Fault.wrongChoice;
  return handoff.manifestId === wanted && handoff.fromRecovery === isCopy ? Fault.none : Fault.wrongChoice;
}

/** Everything that may start by itself has failed. */
function judgeLastResort(expected: Expectation): Fault {
  if (expected.rescues >= RESCUE_TRIES) return handoff.hasChoice ? Fault.wrongChoice : Fault.none;
  if (!handoff.hasChoice) return Fault.nothingBoots;
  const isRight = handoff.mode === BootMode.rescue && handoff.manifestId === expected.current;
  return isRight ? Fault.none : Fault.wrongChoice;
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
  if (expected.isInstalling()) return Fault.none;
  bytesOf(notes.seen).fill(0);
  log.create(parts, bytesOf(notes.noId));
  const attached = log.attach(logRegion);
  if (!attached.ok) return Fault.entryLost;
  // The boot that opens the log for the first time takes away what an installation kept there: until then there is no entry.
  const isNew = attached.value === LogCondition.installation && expected.install === InstallPhase.done;
  if (attached.value !== LogCondition.good && attached.value !== LogCondition.empty && !isNew)
    return Fault.entryLost;
  const fault = isNew ? Fault.none : readMarks(expected);
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

/**
 * The whole log, all its files: nothing that was acknowledged is damaged, and what stood in the newest file before anything was done is there. Where a
 * full log was about to go on in its oldest file, that one's header may be torn; its entries are read all the same.
 */
export function judgeWholeLog(expected: Expectation): Fault {
  if (!log.isDurable()) return Fault.none;
  let fillings: u32 = 0;
  let more: boolean = true;
  log.export();
  while (more) {
    const read = log.next(notes.entry);
    if (!read.ok) return Fault.logDamaged;
    more = read.value;
    if (more && notes.entry.component().equals(utf8("fill"))) fillings++;
  }
  const health = log.health();
  if (health.damagedPlaces > 0 || health.missingEntries > 0n) return Fault.logDamaged;
  if (health.damagedHeaders > (expected.isRotating ? 1 : 0)) return Fault.logDamaged;
  return fillings === expected.fillings ? Fault.none : Fault.entryLost;
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
    case Fault.wrongBootFiles:
      return "the firmware finds no whole boot manager";
    case Fault.notVerified:
      return "the verification finds a checksum that does not agree";
  }
}
