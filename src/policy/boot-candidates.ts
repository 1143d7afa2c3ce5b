/**
 * Boot candidates: the manifests of a disk's two stores and its history, as facts for `chooseBoot`. No I/O.
 *
 * The boot manager calls `beginFacts`, then `listCandidates` for the system store and, if there is one, for the recovery store. Which
 * manifest is current and how low a version may be is the system store's word; the recovery store's counts where there is none. The release
 * of an update that was cut short is none of them.
 */
import { bootModeFrom } from "../format/boot-reason.ts";
import { GOLDEN_LIMIT, goldenId, isPending, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { STATE } from "../format/state-record.ts";
import { BootCandidate, BootFacts, CANDIDATE_LIMIT, NOT_GOLDEN, RESCUE_TRIES } from "./boot-choice.ts";
import { consecutiveFailures, failuresOf, fallbackTries, rescueTries } from "./boot-history.ts";
import { seriesOf } from "./tries.ts";

/** Empties the facts. `hasRecord` is false where the state ring had nothing to say: then nothing has failed. */
export function beginFacts(facts: BootFacts, record: Bytes, hasRecord: boolean): void {
  facts.candidateCount = 0;
  facts.versionFloor = 0;
  facts.chosenIndex = -1;
  facts.consecutiveFailures = hasRecord ? consecutiveFailures(record, 0) : 0;
  facts.currentFailures = 0;
  // What cannot be counted is not tried by itself: a rescue that crashes would come again and again.
  facts.rescueTries = hasRecord ? rescueTries(record, 0) : RESCUE_TRIES;
  facts.onceManifestId = hasRecord ? STATE.onceManifestId.get(record) : 0;
  facts.onceMode = bootModeFrom(hasRecord ? STATE.onceMode.get(record) : 0);
}

/** Adds the manifests that a store's root names. */
export function listCandidates(
  facts: BootFacts,
  root: Bytes,
  fromRecoveryStore: boolean,
  record: Bytes,
  hasRecord: boolean,
): void {
  // A recovery store alone decides what is current; beside a system store it only has copies.
  const decides = !fromRecoveryStore || facts.candidateCount === 0;
  if (decides) facts.versionFloor = ROOT.versionFloor.get(root);
  // From the newest reference to the oldest.
  for (let i: u32 = ROOT.manifestCount.get(root); i > 0; i--) {
    if (facts.candidateCount >= CANDIDATE_LIMIT) return;
    const reference = referenceAt(root, i - 1);
    // It may want a boot manager that is not there yet.
    if (isPending(reference)) continue;
    const id = REFERENCE.manifestId.get(reference);
    const candidate = facts.candidates[facts.candidateCount];
    candidate.manifestId = id;
    candidate.versionNumber = REFERENCE.versionNumber.get(reference);
    candidate.isCurrent = decides && id === ROOT.currentId.get(root);
    candidate.isPrevious = decides && id === ROOT.previousId.get(root);
    candidate.series = REFERENCE.series.get(reference);
    if (candidate.isCurrent && hasRecord) facts.currentFailures = failuresOf(record, 0, id, candidate.series);
    candidate.goldenRank = goldenRank(root, id);
    candidate.bootsKnownGood = isGoldenSeries(root, candidate.series);
    candidate.fromRecoveryStore = fromRecoveryStore;
    candidate.damaged = false;
    candidate.fallbackTries = hasRecord ? fallbackTries(record, 0, id) : 0;
    facts.candidateCount++;
  }
}

/** The candidate of a manifest, of the system store if it has it, or -1. */
export function findCandidate(facts: BootFacts, manifestId: u32): i32 {
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate: BootCandidate = facts.candidates[i];
    if (candidate.manifestId === manifestId) return i32(i);
  }
  return -1;
}

function goldenRank(root: Bytes, manifestId: u32): u8 {
  for (let rank: u8 = 0; rank < GOLDEN_LIMIT; rank++) {
    if (goldenId(root, rank) === manifestId) return rank;
  }
  return NOT_GOLDEN;
}

/** Whether one of the golden manifests is of this series; what bears no series is of none. */
function isGoldenSeries(root: Bytes, series: u8): boolean {
  if (series === 0) return false;
  for (let rank: u8 = 0; rank < GOLDEN_LIMIT; rank++) {
    if (seriesOf(root, goldenId(root, rank)) === series) return true;
  }
  return false;
}
