/**
 * RecoveryBoot: what the boot manager would start if the current release failed three times, found by the policy that the boot
 * manager itself asks, and the wish to start the last known good one next time (specification, sections 3 and 5).
 *
 * `look` reads and writes nothing. The wish goes into the state record through the marker of the boot that runs: the record has one
 * writer. The next attempt spends it. Called by `bootmgr recovery`.
 */
import { PartitionRole } from "../format/partition-types.ts";
import { ManifestKind } from "../format/manifest.ts";
import { findReference, REFERENCE, referenceAt } from "../format/store.ts";
import { beginFacts, listCandidates } from "../policy/boot-candidates.ts";
import { BootAction, BootDecision, BootFacts, chooseBoot, DEFAULT_TRIES } from "../policy/boot-choice.ts";
import { BootMode } from "../format/boot-reason.ts";
import { Region } from "../storage/region.ts";
import { StateCondition, StateRing } from "../storage/state-ring.ts";
import { BootMarker, MarkerError } from "./boot-marker.ts";
import { Recovery } from "./recovery.ts";

const RING_SCRATCH_BYTES = 131072;

export class RecoveryBoot {
  /** What a fallback would start; 0 for nothing. */
  manifestId: u32 = 0;
  versionNumber: u32 = 0;
  createdSeconds: u64 = 0n;
  isSnapshot: boolean = false;
  fromRecovery: boolean = false;
  /** It would be started in recovery mode. */
  isRescue: boolean = false;
  /** Why a fallback would start nothing, in a sentence. */
  explanation: string = "";
  /** Entries that a fallback would pass over because their checksums do not match. */
  damagedCount: u32 = 0;
  /** What the next boot, that one alone, was asked to start: 0 for no wish, unless it is a rescue. */
  onceManifestId: u32 = 0;
  onceIsRescue: boolean = false;
  private readonly facts = new BootFacts();
  private readonly decision = new BootDecision();
  private readonly region = new Region();
  private readonly ring = new StateRing();
  private readonly scratch = new Uint8Array(RING_SCRATCH_BYTES);

  constructor(
    readonly recovery: Recovery,
    private readonly marker: BootMarker,
  ) {}

  /** Looks at the disk anew; what is wrong with it, or nothing. */
  look(): string {
    const problem = this.recovery.open();
    if (problem !== "") return problem;
    this.gatherFacts(this.openRing());
    this.decide();
    return "";
  }

  /**
   * The next boot, that one alone, is of the last known good release; without one, a rescue of the current one. Durable when it
   * returns nothing; else what went wrong. Emits that recovery was triggered.
   */
  requestOnce(seconds: u64): string {
    const requested = this.marker.triggerRecovery(seconds);
    if (requested.ok) return "";
    return requested.error === MarkerError.noStorage
      ? "this boot is not recorded on the disk, so nothing can be asked of the next one"
      : "the state partition cannot be written";
  }

  /** Whether the ring has a record that can be used. */
  private openRing(): boolean {
    const recovery = this.recovery;
    const device = recovery.disks.device(recovery.disk());
    if (!recovery.partitions.openRole(device, PartitionRole.state, this.region)) return false;
    const opened = this.ring.open(this.region, bytesOf(this.scratch));
    return opened.ok && this.ring.condition() === StateCondition.good;
  }

  /** The facts as the boot manager would have them after three boots that vanished. */
  private gatherFacts(hasRecord: boolean): void {
    const facts = this.facts;
    const record = this.ring.record();
    beginFacts(facts, record, hasRecord);
    this.onceManifestId = facts.onceManifestId;
    this.onceIsRescue = facts.onceMode === BootMode.rescue;
    facts.onceManifestId = 0;
    facts.onceMode = BootMode.normal;
    listCandidates(facts, this.recovery.system.root(), false, record, hasRecord);
    if (this.recovery.recovery.isOpen()) {
      listCandidates(facts, this.recovery.recovery.root(), true, record, hasRecord);
    }
    facts.consecutiveFailures = DEFAULT_TRIES;
    facts.currentFailures = DEFAULT_TRIES;
  }

  /** Asks the policy until what it says is whole: each question marks one more as damaged, so the questions end. */
  private decide(): void {
    this.manifestId = 0;
    this.damagedCount = 0;
    chooseBoot(this.facts, this.decision);
    while (this.decision.action === BootAction.boot) {
      const candidate = this.facts.candidates[this.decision.index];
      const recovery = this.recovery;
      const store = candidate.fromRecoveryStore ? recovery.recovery : recovery.system;
      const proved = recovery.prove(store, candidate.manifestId);
      if (proved.ok) {
        const index = findReference(store.root(), candidate.manifestId);
        this.describe(referenceAt(store.root(), u32(index)), candidate.fromRecoveryStore);
        this.isRescue = this.decision.mode === BootMode.rescue;
        return;
      }
      candidate.damaged = true;
      this.damagedCount++;
      chooseBoot(this.facts, this.decision);
    }
    this.explanation = this.decision.explanation;
  }

  private describe(reference: Bytes, fromRecovery: boolean): void {
    this.manifestId = REFERENCE.manifestId.get(reference);
    this.versionNumber = REFERENCE.versionNumber.get(reference);
    this.createdSeconds = REFERENCE.createdSeconds.get(reference);
    this.isSnapshot = REFERENCE.kind.get(reference) === ManifestKind.snapshot;
    this.fromRecovery = fromRecovery;
    this.explanation = "";
  }
}
