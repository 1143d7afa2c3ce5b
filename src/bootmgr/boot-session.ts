/**
 * BootSession: one installation on its way to a started kernel: its history, its candidates, the decision, the attempt.
 *
 * Owns the facts and the decision of the policy, the manifest that was chosen and proved, and the marker storage. Choosing
 * another installation in the menu opens the session anew. Invariant: `manifest` is the proved manifest of the decision's
 * candidate whenever the decision is to boot.
 */
import {
  bootmgrBootAttempt,
  bootmgrRecoveryFallback,
  bootmgrSelected,
  bootSelect,
  MARKER_BYTES,
} from "../base/markers.ts";
import { GUID_BYTES, makeRandomGuid } from "../base/guid.ts";
import { TextWriter } from "../base/text-writer.ts";
import { bootReasonName } from "../format/boot-reason.ts";
import { MANIFEST_BYTES, ManifestKind } from "../format/manifest.ts";
import { findReference, REFERENCE, referenceAt } from "../format/store.ts";
import { BOOT, bootAt, BootEnding, bootEndingFrom, STATE } from "../format/state-record.ts";
import { beginFacts, listCandidates } from "../policy/boot-candidates.ts";
import { BootAction, BootCandidate, BootDecision, BootFacts, chooseBoot } from "../policy/boot-choice.ts";
import { wasFallback } from "../policy/boot-history.ts";
import { silentEnding } from "../policy/watchdog-policy.ts";
import { BootMarker } from "../service/boot-marker.ts";
import { MarkerStorage } from "../service/marker-storage.ts";
import { ObjectStore, storeErrorText } from "../storage/object-store.ts";
import { StateCondition } from "../storage/state-ring.ts";
import { CrashMemory } from "./crash-memory.ts";
import { Installation, writeInstallationId } from "./discovery.ts";
import { gatherEntropy, memoryAt, secondsNow, takeMemory } from "./firmware.ts";
import { FirmwareConsole } from "./firmware-console.ts";

/** Read at once when the state ring is opened. */
const RING_SCRATCH_BYTES = 131072;
const LINE_BYTES = 256;
const ENTROPY_BYTES = 32;

export class BootSession {
  readonly facts = new BootFacts();
  readonly decision = new BootDecision();
  readonly manifestBytes = new Uint8Array(MANIFEST_BYTES);
  readonly bootId = new Uint8Array(GUID_BYTES);
  private readonly storage = new MarkerStorage();
  private readonly marker = new BootMarker();
  private readonly boot = new Uint8Array(52);
  /** Why the last entry that was skipped was, for the menu; empty where none was. */
  skipReason: string = "";
  /** Whether the chipset's watchdog caused this start. */
  chipsetFired: boolean = false;
  private memory: CrashMemory | null = null;
  private installation: Installation | null = null;
  private hasRecord: boolean = false;
  private scratchAddress: u64 = 0n;

  /** What the machine says about the end before this start; before the first `open`. */
  learnEnd(chipsetFired: boolean, memory: CrashMemory): void {
    this.chipsetFired = chipsetFired;
    this.memory = memory;
  }

  /** Takes up an installation: reads its history and lists what it could start. */
  open(installation: Installation, console: FirmwareConsole): void {
    this.installation = installation;
    this.skipReason = "";
    this.hasRecord = this.openStorage(installation, console);
    const record = this.storage.record();
    if (this.hasRecord) this.noteLastEnd(record);
    beginFacts(this.facts, record, this.hasRecord);
    if (installation.store.isOpen()) {
      listCandidates(this.facts, installation.store.root(), false, record, this.hasRecord);
    }
    if (installation.recoveryStore.isOpen()) {
      listCandidates(this.facts, installation.recoveryStore.root(), true, record, this.hasRecord);
    }
  }

  chosenInstallation(): Installation {
    const installation = this.installation;
    assert(installation !== null);
    return installation;
  }

  /** Decides, and proves the manifest of what was decided; one that does not match is passed over for the next. */
  decide(console: FirmwareConsole): void {
    chooseBoot(this.facts, this.decision);
    while (this.decision.action === BootAction.boot) {
      const read = this.storeOf(this.candidate()).readManifest(this.candidate().manifestId, this.manifest());
      if (read.ok) return;
      this.dismiss(storeErrorText(read.error), console);
    }
  }

  /** What was decided cannot be started, for a reason that is said: decides for the next that may, known good ones first. */
  selectRecoveryTarget(reason: string, console: FirmwareConsole): void {
    this.dismiss(reason, console);
    this.decide(console);
  }

  /** Chooses a candidate as a person does, and decides. */
  choose(index: u32, console: FirmwareConsole): void {
    this.facts.chosenIndex = i32(index);
    this.decide(console);
  }

  candidate(): BootCandidate {
    return this.facts.candidates[this.decision.index];
  }

  manifest(): Bytes {
    return bytesOf(this.manifestBytes);
  }

  storeOf(candidate: BootCandidate): ObjectStore {
    const installation = this.chosenInstallation();
    return candidate.fromRecoveryStore ? installation.recoveryStore : installation.store;
  }

  /** When a candidate's manifest was made, in seconds since 1970. */
  createdSeconds(candidate: BootCandidate): u64 {
    return REFERENCE.createdSeconds.get(this.reference(candidate));
  }

  /** Gives this boot its id, new and random, and writes down which boot it is. */
  identifyBoot(): void {
    const boot = bytesOf(this.boot);
    const entropy = new Uint8Array(ENTROPY_BYTES);
    gatherEntropy(bytesOf(entropy));
    bytesOf(this.bootId).copyFrom(bytesOf(entropy).slice(0, GUID_BYTES));
    makeRandomGuid(bytesOf(this.bootId));
    boot.fill(0);
    BOOT.bootId.of(boot).copyFrom(bytesOf(this.bootId));
    BOOT.manifestId.set(boot, this.candidate().manifestId);
    BOOT.reason.set(boot, this.decision.reason);
    BOOT.mode.set(boot, this.decision.mode);
    BOOT.tryNumber.set(boot, this.decision.tryNumber);
    BOOT.tryMaximum.set(boot, this.decision.tryMaximum);
    BOOT.fromRecoveryStore.set(boot, this.candidate().fromRecoveryStore ? 1 : 0);
    BOOT.series.set(boot, this.candidate().series);
  }

  /** Says what was selected and why, and makes the attempt durable: the last step before the kernel is entered. Whether it is counted. */
  recordBootAttempt(console: FirmwareConsole): boolean {
    this.emitSelection(console);
    this.marker.create(console, bytesOf(this.boot));
    if (!this.hasRecord) {
      if (!this.chosenInstallation().isUsb) {
        console.write(utf8("This boot is not counted: the state partition cannot be used.\n"));
      }
      return false;
    }
    const seconds = secondsNow();
    const attached = this.marker.attach(this.storage, false, seconds);
    const begun = this.marker.beginAttempt(bytesOf(this.boot), seconds);
    if (attached.ok && begun.ok) return true;
    console.write(utf8("This boot is not counted: the state partition cannot be written.\n"));
    return false;
  }

  /**
   * The newest boot may have ended without a word. What is known of it now joins its record, with which it becomes durable when the next
   * attempt does.
   */
  private noteLastEnd(record: Bytes): void {
    const memory = this.memory;
    if (memory === null || STATE.historyCount.get(record) === 0) return;
    const last = bootAt(record, 0);
    if (bootEndingFrom(BOOT.ending.get(last)) !== BootEnding.none) return;
    BOOT.ending.set(last, silentEnding(this.chipsetFired, memory.leftBy(BOOT.bootId.of(last))));
  }

  private dismiss(reason: string, console: FirmwareConsole): void {
    this.candidate().damaged = true;
    this.skipReason = reason;
    const line = new Uint8Array(LINE_BYTES);
    const out = new TextWriter(bytesOf(line));
    this.writeEntryName(out);
    out.text(" is skipped: ");
    out.text(reason);
    console.writeLine(out);
    chooseBoot(this.facts, this.decision);
  }

  /** Whether the state partition could be read. Noise in it, or a newer version, is named; it costs the count, not the boot. */
  private openStorage(installation: Installation, console: FirmwareConsole): boolean {
    // What the kernel cannot call a success must not be counted as a failure either: three starts of a stick, and it would refuse.
    if (installation.isUsb) {
      console.write(utf8("The kernel has no driver for this stick: its boots are not counted.\n"));
      return false;
    }
    if (!installation.hasState) {
      console.write(utf8("There is no RayOS state partition: failed boots cannot be counted.\n"));
      return false;
    }
    if (this.scratchAddress === 0n) this.scratchAddress = takeMemory(BigInt(RING_SCRATCH_BYTES));
    if (this.scratchAddress === 0n) return false;
    const scratch = memoryAt(this.scratchAddress, RING_SCRATCH_BYTES);
    const opened = this.storage.open(installation.stateRegion, scratch, bytesOf(installation.installationId));
    if (!opened.ok) {
      console.write(utf8("The RayOS state partition cannot be read: failed boots cannot be counted.\n"));
      return false;
    }
    if (this.storage.condition() === StateCondition.empty) {
      console.write(utf8("The RayOS state partition is empty: the history of boots begins with this one.\n"));
    }
    if (this.storage.condition() === StateCondition.damaged) {
      console.write(utf8("The RayOS state partition is damaged: the history of boots begins anew.\n"));
    }
    if (this.storage.condition() === StateCondition.foreign) {
      console.write(
        utf8(
          "The RayOS state partition holds something else, which is left alone: failed boots cannot be counted.\n",
        ),
      );
      return false;
    }
    if (this.storage.condition() === StateCondition.newer) {
      console.write(
        utf8("The RayOS state partition is of a newer version: failed boots cannot be counted.\n"),
      );
      return false;
    }
    return true;
  }

  private emitSelection(console: FirmwareConsole): void {
    const line = new Uint8Array(MARKER_BYTES);
    const name = new Uint8Array(64);
    const out = new TextWriter(bytesOf(line));
    const text = new TextWriter(bytesOf(name));
    const reason = utf8(bootReasonName(this.decision.reason));
    writeInstallationId(text, this.chosenInstallation());
    bootmgrSelected(out, text.written());
    console.emitWritten(out);
    text.clear();
    this.writeEntryName(text);
    bootSelect(out, text.written(), reason);
    console.emitWritten(out);
    if (wasFallback(bytesOf(this.boot))) {
      bootmgrRecoveryFallback(out, reason);
      console.emitWritten(out);
    }
    bootmgrBootAttempt(out, this.decision.tryNumber, this.decision.tryMaximum);
    console.emitWritten(out);
  }

  /** What the decision's entry is called in markers and messages. */
  private writeEntryName(out: TextWriter): void {
    const candidate = this.candidate();
    const isRelease = REFERENCE.kind.get(this.reference(candidate)) === ManifestKind.release;
    out.text(isRelease ? "release" : "snapshot");
    out.text(`-${candidate.manifestId}`);
    if (candidate.fromRecoveryStore) out.text("-recovery");
  }
  /** How the root of its store names a candidate. */
  private reference(candidate: BootCandidate): Bytes {
    const root = this.storeOf(candidate).root();
    const index = findReference(root, candidate.manifestId);
    assert(index >= 0);
    return referenceAt(root, u32(index));
  }
}
