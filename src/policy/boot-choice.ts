/**
 * Boot choice: which entry is started next, and why. Facts → decision, no I/O; the boot manager does what it says.
 *
 * The order of reasons: what somebody asked for in the menu; a boot asked for once; the current release, up to three times; then
 * the last known good, and older ones, once each, then the recovery partition's copy of what the system store has damaged, then the
 * previous release; then whatever is whole in recovery mode, once. After the last of them comes the menu with an explanation: it
 * waits, and starts nothing by itself, so that failing recovery never loops. When an entry's checksum turns out bad, the boot manager
 * marks it `damaged` and asks again; each question marks one more, so the questions end.
 */
import { BootMode, BootReason } from "../format/boot-reason.ts";

export const CANDIDATE_LIMIT = 128;
/** Tries of the current release before the fallback. */
export const DEFAULT_TRIES = 3;
export const NOT_GOLDEN = 255;
/** Tries of each fallback. */
export const FALLBACK_TRIES = 1;
/** How often recovery mode is entered by itself before the menu. */
export const RESCUE_TRIES = 1;

/** One manifest in one store, as `boot-candidates.ts` lists them: of equal ones that of the system store first. */
export class BootCandidate {
  manifestId: u32 = 0;
  versionNumber: u32 = 0;
  isCurrent: boolean = false;
  isPrevious: boolean = false;
  /** 0 for the last known good, then 1, 2; `NOT_GOLDEN` for the others. */
  goldenRank: u8 = NOT_GOLDEN;
  fromRecoveryStore: boolean = false;
  /** Its checksum, or that of an object, does not match, or it cannot be read. */
  damaged: boolean = false;
  /** How often it was started as a fallback since the last golden boot (`fallbackTries`). */
  fallbackTries: u32 = 0;
  /** Whose tries its boots are (`tries.ts`). */
  series: u8 = 0;
  /** A known good manifest of its store differs from it in settings at most: it is of the same series. */
  bootsKnownGood: boolean = false;
}

export class BootFacts {
  candidateCount: u32 = 0;
  readonly candidates = fixedArray(CANDIDATE_LIMIT, () => new BootCandidate());
  /** Of whatever was started. */
  consecutiveFailures: u32 = 0;
  /** Those of what boots by default: a release that was just installed, or restored, has its own three tries; changed settings give none. */
  currentFailures: u32 = 0;
  /** How often recovery mode was entered by itself since the last golden boot. */
  rescueTries: u32 = 0;
  /** Releases of a lower version are not started unasked, unless they are known good, or are so with other settings. */
  versionFloor: u32 = 0;
  /** Wanted for this one boot; 0 for none. */
  onceManifestId: u32 = 0;
  onceMode: BootMode = BootMode.normal;
  /** Somebody chose this candidate in the menu; -1 for nobody. */
  chosenIndex: i32 = -1;
  chosenMode: BootMode = BootMode.normal;
}

export const enum BootAction {
  boot = 0,
  /** Show the menu with the decision's text, and wait for a person. */
  menu = 1,
}

export class BootDecision {
  action: BootAction = BootAction.menu;
  /** Of `BootFacts.candidates`. */
  index: u32 = 0;
  reason: BootReason = BootReason.default;
  mode: BootMode = BootMode.normal;
  tryNumber: u8 = 1;
  tryMaximum: u8 = 1;
  /** For the menu: what went wrong, in a sentence. Empty where nothing did. */
  explanation: string = "";
}

/** Fills `decision` from `facts`. */
export function chooseBoot(facts: BootFacts, decision: BootDecision): void {
  decision.mode = BootMode.normal;
  decision.tryNumber = 1;
  decision.tryMaximum = 1;
  decision.explanation = "";
  if (facts.chosenIndex >= 0) {
    decideChosen(facts, decision);
    return;
  }
  if (decideOnce(facts, decision)) return;
  if (facts.currentFailures < DEFAULT_TRIES && decideCurrent(facts, decision)) return;
  if (decideFallback(facts, decision)) return;
  if (facts.rescueTries < RESCUE_TRIES && decideRescue(facts, decision)) return;
  decision.action = BootAction.menu;
  decision.explanation = whyNothing(facts);
}

/** What a person chose is started whatever its history; only a bad checksum stands against it. */
function decideChosen(facts: BootFacts, decision: BootDecision): void {
  const index = u32(facts.chosenIndex);
  assert(index < facts.candidateCount);
  if (facts.candidates[index].damaged) {
    decision.action = BootAction.menu;
    decision.explanation = "The chosen entry does not match its checksum. Please choose another one.";
    return;
  }
  decideFor(decision, index, BootReason.menu);
  decision.mode = facts.chosenMode;
}

/** A manifest on trial, or the current one in rescue mode. A wish that cannot be fulfilled is dropped. */
function decideOnce(facts: BootFacts, decision: BootDecision): boolean {
  if (facts.onceManifestId === 0 && facts.onceMode === BootMode.normal) return false;
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    const isWanted =
      facts.onceManifestId === 0 ? candidate.isCurrent : candidate.manifestId === facts.onceManifestId;
    if (isWanted && !candidate.damaged) {
      decideFor(decision, i, facts.onceMode === BootMode.rescue ? BootReason.recovery : BootReason.once);
      decision.mode = facts.onceMode;
      return true;
    }
  }
  return false;
}

function decideCurrent(facts: BootFacts, decision: BootDecision): boolean {
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    if (!candidate.isCurrent || candidate.damaged || isBelowFloor(facts, candidate)) continue;
    decideFor(decision, i, BootReason.default);
    decision.tryNumber = u8(facts.currentFailures + 1);
    decision.tryMaximum = DEFAULT_TRIES;
    return true;
  }
  return false;
}

/** The newest known good one that still has a try; then the copy of what is damaged; then the previous release. */
function decideFallback(facts: BootFacts, decision: BootDecision): boolean {
  let found: i32 = newestGolden(facts);
  if (found < 0) found = copyOfDamagedCurrent(facts);
  if (found < 0) found = previousRelease(facts);
  if (found < 0) return false;
  decideFor(decision, u32(found), whyNotCurrent(facts));
  decision.tryMaximum = FALLBACK_TRIES;
  return true;
}

function newestGolden(facts: BootFacts): i32 {
  let found: i32 = -1;
  let best: u8 = NOT_GOLDEN;
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    if (!mayFallBackTo(facts.candidates[i]) || facts.candidates[i].goldenRank >= best) continue;
    found = i32(i);
    best = facts.candidates[i].goldenRank;
  }
  return found;
}

/** A current release that never became golden, and is damaged, has a copy in the recovery partition since it was installed. */
function copyOfDamagedCurrent(facts: BootFacts): i32 {
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    if (!candidate.fromRecoveryStore || !mayFallBackTo(candidate) || isBelowFloor(facts, candidate)) continue;
    if (isCurrentDamaged(facts, candidate.manifestId)) return i32(i);
  }
  return -1;
}

function isCurrentDamaged(facts: BootFacts, manifestId: u32): boolean {
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    if (candidate.isCurrent && candidate.manifestId === manifestId) return candidate.damaged;
  }
  return false;
}

function previousRelease(facts: BootFacts): i32 {
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    if (candidate.isPrevious && mayFallBackTo(candidate) && !isBelowFloor(facts, candidate)) return i32(i);
  }
  return -1;
}

function mayFallBackTo(candidate: BootCandidate): boolean {
  return !candidate.damaged && candidate.fallbackTries < FALLBACK_TRIES;
}

/** Recovery mode by itself: of the current release, or of the first that is whole. What fails with everything may run with little. */
function decideRescue(facts: BootFacts, decision: BootDecision): boolean {
  let found: i32 = -1;
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    const candidate = facts.candidates[i];
    if (candidate.damaged || isBelowFloor(facts, candidate)) continue;
    if (found < 0 || candidate.isCurrent) found = i32(i);
  }
  if (found < 0) return false;
  decideFor(decision, u32(found), whyNotCurrent(facts));
  decision.mode = BootMode.rescue;
  decision.tryMaximum = RESCUE_TRIES;
  return true;
}

function whyNotCurrent(facts: BootFacts): BootReason {
  if (facts.currentFailures >= DEFAULT_TRIES) return BootReason.failures;
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    if (!facts.candidates[i].isCurrent) continue;
    return facts.candidates[i].damaged ? BootReason.corrupt : BootReason.belowFloor;
  }
  return BootReason.missing;
}

function decideFor(decision: BootDecision, index: u32, reason: BootReason): void {
  decision.action = BootAction.boot;
  decision.index = index;
  decision.reason = reason;
}

function isBelowFloor(facts: BootFacts, candidate: BootCandidate): boolean {
  if (candidate.goldenRank !== NOT_GOLDEN || candidate.bootsKnownGood) return false;
  return candidate.versionNumber < facts.versionFloor;
}

function whyNothing(facts: BootFacts): string {
  if (facts.candidateCount === 0) {
    return "No release and no snapshot of RayOS was found on this disk.";
  }
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    if (!facts.candidates[i].damaged) {
      return "Every release and snapshot that may start by itself has failed. Please choose one, or install anew.";
    }
  }
  return "No release and no snapshot matches its checksum. Please install anew; the data partition is not touched.";
}
