import { BootMode, BootReason } from "../../../src/format/boot-reason.ts";
import {
  BOOT,
  BootEnding,
  BootStage,
  makeStateRecord,
  pushBoot,
  STATE,
} from "../../../src/format/state-record.ts";
import { appendReference, makeRoot, REFERENCE, ROOT, setGolden } from "../../../src/format/store.ts";
import { beginFacts, findCandidate, listCandidates } from "../../../src/policy/boot-candidates.ts";
import {
  BootAction,
  BootDecision,
  BootFacts,
  chooseBoot,
  NOT_GOLDEN,
} from "../../../src/policy/boot-choice.ts";
import { consecutiveFailures, fallbackTries } from "../../../src/policy/boot-history.ts";
import { setSeries } from "../../../src/policy/tries.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly facts = new BootFacts();
  readonly decision = new BootDecision();
  readonly record = new Uint8Array(4096);
  readonly system = new Uint8Array(4096);
  readonly recovery = new Uint8Array(4096);
  readonly id = new Uint8Array(16);
}

const scratch = new Scratch();
const facts = scratch.facts;

/** A root with the manifests 1 to `count`, of the versions 10, 20, … */
function rootOf(root: Bytes, count: u16): void {
  makeRoot(root, bytesOf(scratch.id), bytesOf(scratch.id), 1000);
  for (let id: u16 = 1; id <= count; id++) {
    const reference = appendReference(root);
    REFERENCE.manifestId.set(reference, id);
    REFERENCE.versionNumber.set(reference, id * 10);
  }
}

/** System: 1 to 4, current 4, previous 3, golden 3, 1. Recovery: 1 to 3, golden 3, 1. */
function usual(): void {
  makeStateRecord(bytesOf(scratch.record), bytesOf(scratch.id));
  const system = bytesOf(scratch.system);
  rootOf(system, 4);
  ROOT.currentId.set(system, 4);
  ROOT.previousId.set(system, 3);
  setGolden(system, 3, 1, 0);
  const recovery = bytesOf(scratch.recovery);
  rootOf(recovery, 3);
  ROOT.currentId.set(recovery, 3);
  setGolden(recovery, 3, 1, 0);
}

function gather(withSystem: boolean): void {
  beginFacts(facts, bytesOf(scratch.record), true);
  if (withSystem) listCandidates(facts, bytesOf(scratch.system), false, bytesOf(scratch.record), true);
  listCandidates(facts, bytesOf(scratch.recovery), true, bytesOf(scratch.record), true);
}

function addBoot(manifestId: u32, stage: BootStage, reason: BootReason): Bytes {
  const boot = pushBoot(bytesOf(scratch.record));
  BOOT.manifestId.set(boot, manifestId);
  BOOT.stage.set(boot, stage);
  BOOT.reason.set(boot, reason);
  return boot;
}

/** Chooses and records a boot that vanishes; the id of what was booted, 0 for the menu. */
function bootAndVanish(): u32 {
  gather(true);
  chooseBoot(facts, scratch.decision);
  if (scratch.decision.action === BootAction.menu) return 0;
  const id = facts.candidates[scratch.decision.index].manifestId;
  BOOT.mode.set(addBoot(id, BootStage.booting, scratch.decision.reason), scratch.decision.mode);
  return id;
}

export function main(): void {
  candidateTests();
  countingTests();
}

function candidateTests(): void {
  test("the manifests of both stores become candidates, the newest first");
  usual();
  gather(true);
  equal(facts.candidateCount, 7);
  const first = facts.candidates[0];
  isTrue(first.manifestId === 4 && first.isCurrent && first.goldenRank === NOT_GOLDEN);
  const second = facts.candidates[1];
  isTrue(second.manifestId === 3 && second.isPrevious && second.goldenRank === 0);
  isTrue(facts.candidates[4].fromRecoveryStore && facts.candidates[4].manifestId === 3);
  isTrue(!facts.candidates[4].isCurrent);
  equal(findCandidate(facts, 1), 3);
  equal(findCandidate(facts, 9), -1);

  test("with the system store gone the recovery store decides");
  gather(false);
  equal(facts.candidateCount, 3);
  isTrue(facts.candidates[0].isCurrent);
  chooseBoot(facts, scratch.decision);
  isTrue(scratch.decision.action === BootAction.boot && scratch.decision.index === 0);

  test(
    "below the version floor a known good release boots, and so it does with other settings; a stranger does not",
  );
  usual();
  const root = bytesOf(scratch.system);
  ROOT.versionFloor.set(root, 50);
  for (let id: u32 = 3; id <= 4; id++) setSeries(root, id, 7);
  gather(true);
  chooseBoot(facts, scratch.decision);
  isTrue(scratch.decision.index === 0 && scratch.decision.reason === BootReason.default);
  setSeries(root, 4, 8);
  gather(true);
  chooseBoot(facts, scratch.decision);
  isTrue(scratch.decision.index === 1 && scratch.decision.reason === BootReason.belowFloor);

  test(
    "boots that all vanish: the current three times, each golden once, the previous never again, recovery mode once, then the menu",
  );
  usual();
  equal(bootAndVanish(), 4);
  equal(bootAndVanish(), 4);
  equal(bootAndVanish(), 4);
  equal(bootAndVanish(), 3);
  equal(bootAndVanish(), 1);
  equal(bootAndVanish(), 4);
  isTrue(scratch.decision.mode === BootMode.rescue);
  for (let i: u32 = 0; i < 5; i++) equal(bootAndVanish(), 0);
}

/** Goes on with the history that was left. */
function countingTests(): void {
  test("a good boot in between starts the counting anew");
  addBoot(1, BootStage.golden, BootReason.menu);
  equal(bootAndVanish(), 4);
  equal(consecutiveFailures(bytesOf(scratch.record), 0), 1);
  equal(fallbackTries(bytesOf(scratch.record), 0, 3), 0);

  test(
    "a golden boot that the chipset had to reset has failed; one that lost its power, or was reset, has not",
  );
  BOOT.ending.set(addBoot(1, BootStage.golden, BootReason.menu), BootEnding.powerLost);
  equal(consecutiveFailures(bytesOf(scratch.record), 0), 0);
  BOOT.ending.set(addBoot(1, BootStage.golden, BootReason.menu), BootEnding.reset);
  equal(consecutiveFailures(bytesOf(scratch.record), 0), 0);
  BOOT.ending.set(addBoot(1, BootStage.golden, BootReason.menu), BootEnding.watchdogChipset);
  equal(consecutiveFailures(bytesOf(scratch.record), 0), 1);

  test("rescue boots count neither way");
  BOOT.mode.set(addBoot(4, BootStage.shellReady, BootReason.recovery), BootMode.rescue);
  equal(consecutiveFailures(bytesOf(scratch.record), 0), 1);

  test(
    "what fails is counted for each manifest; recovery mode that somebody asked for is not one that came by itself",
  );
  addBoot(4, BootStage.shellReady, BootReason.default);
  gather(true);
  equal(facts.currentFailures, 1);
  equal(facts.rescueTries, 0);
  ROOT.currentId.set(bytesOf(scratch.system), 2);
  gather(true);
  equal(facts.consecutiveFailures, 2);
  equal(facts.currentFailures, 0);

  test("a wish for one boot comes from the record; a ring that says nothing has no failures");
  STATE.onceManifestId.set(bytesOf(scratch.record), 2);
  gather(true);
  equal(facts.onceManifestId, 2);
  beginFacts(facts, bytesOf(scratch.record), false);
  equal(facts.consecutiveFailures, 0);
  equal(facts.onceManifestId, 0);
}
