import { BootMode, BootReason } from "../../../src/format/boot-reason.ts";
import {
  BootAction,
  BootCandidate,
  BootDecision,
  BootFacts,
  chooseBoot,
  NOT_GOLDEN,
} from "../../../src/policy/boot-choice.ts";
import { equal, isTrue, test } from "../harness.ts";

const facts = new BootFacts();
const decision = new BootDecision();

function add(manifestId: u32, versionNumber: u32, goldenRank: u8): BootCandidate {
  const candidate = facts.candidates[facts.candidateCount];
  candidate.manifestId = manifestId;
  candidate.versionNumber = versionNumber;
  candidate.goldenRank = goldenRank;
  candidate.isCurrent = false;
  candidate.isPrevious = false;
  candidate.fromRecoveryStore = false;
  candidate.damaged = false;
  candidate.fallbackTries = 0;
  facts.candidateCount++;
  return candidate;
}

/** 0: release 5, current. 1: release 4, previous and last known good. 2: golden before it. 3: the last known good's copy. */
function usual(failures: u32): void {
  facts.candidateCount = 0;
  facts.consecutiveFailures = failures;
  facts.currentFailures = failures;
  facts.rescueTries = 1;
  facts.versionFloor = 0;
  facts.onceManifestId = 0;
  facts.onceMode = BootMode.normal;
  facts.chosenIndex = -1;
  facts.chosenMode = BootMode.normal;
  const current = add(5, 50, NOT_GOLDEN);
  current.isCurrent = true;
  const previous = add(4, 40, 0);
  previous.isPrevious = true;
  add(3, 30, 1);
  const saved = add(4, 40, 0);
  saved.fromRecoveryStore = true;
}

function boots(index: u32, reason: BootReason): void {
  chooseBoot(facts, decision);
  isTrue(decision.action === BootAction.boot);
  equal(decision.index, index);
  isTrue(decision.reason === reason);
}

function waits(): void {
  chooseBoot(facts, decision);
  isTrue(decision.action === BootAction.menu);
  isTrue(utf8(decision.explanation).length > 20);
}

function fallbackTests(): void {
  test("after three consecutive failures the fourth boot is the last known good");
  usual(3);
  boots(1, BootReason.failures);

  test("a damaged last known good is replaced by its copy, then by the next older");
  facts.candidates[1].damaged = true;
  boots(3, BootReason.failures);
  facts.candidates[3].damaged = true;
  boots(2, BootReason.failures);

  test("each fallback is tried once, and after the last comes the menu: never a loop");
  usual(3);
  let boots3: u32 = 0;
  for (let i: u32 = 0; i < 20; i++) {
    chooseBoot(facts, decision);
    if (decision.action === BootAction.menu) break;
    boots3++;
    const id = facts.candidates[decision.index].manifestId;
    for (let k: u32 = 0; k < facts.candidateCount; k++) {
      if (facts.candidates[k].manifestId === id) facts.candidates[k].fallbackTries++;
    }
    facts.consecutiveFailures++;
  }
  equal(boots3, 2);
  waits();

  test("a current release with a bad checksum is skipped at once, with that reason");
  usual(0);
  facts.candidates[0].damaged = true;
  boots(1, BootReason.corrupt);
  facts.candidates[0].isCurrent = false;
  boots(1, BootReason.missing);

  test("marking one candidate after the other as damaged ends in the menu");
  usual(0);
  for (let i: u32 = 0; i < 4; i++) {
    chooseBoot(facts, decision);
    isTrue(decision.action === BootAction.boot);
    facts.candidates[decision.index].damaged = true;
  }
  waits();
  facts.candidateCount = 0;
  waits();
}

/** A current release that never was golden: 0 in the system store, 1 its copy in the recovery store. */
function fresh(failures: u32): void {
  usual(failures);
  facts.candidateCount = 0;
  add(5, 50, NOT_GOLDEN).isCurrent = true;
  add(5, 50, NOT_GOLDEN).fromRecoveryStore = true;
}

function lastResortTests(): void {
  test(
    "a release that never was golden, and is damaged, is started from its copy in the recovery partition, once",
  );
  fresh(0);
  facts.candidates[0].damaged = true;
  boots(1, BootReason.corrupt);
  isTrue(decision.mode === BootMode.normal);
  facts.candidates[1].fallbackTries = 1;
  waits();

  test("a known good one goes before that copy, and the copy before the previous release");
  fresh(0);
  add(4, 40, NOT_GOLDEN).isPrevious = true;
  facts.candidates[0].damaged = true;
  boots(1, BootReason.corrupt);
  add(3, 30, 0);
  boots(3, BootReason.corrupt);

  test("a copy of what is whole is the same bytes: it is not tried because the current one failed");
  fresh(3);
  waits();

  test("when nothing known good is left, recovery mode is entered once by itself, then the menu waits");
  fresh(3);
  facts.rescueTries = 0;
  boots(0, BootReason.failures);
  isTrue(decision.mode === BootMode.rescue);
  facts.candidates[0].damaged = true;
  facts.candidates[1].fallbackTries = 1;
  boots(1, BootReason.failures);
  isTrue(decision.mode === BootMode.rescue);
  facts.candidates[1].damaged = true;
  waits();
  fresh(3);
  waits();
  usual(3);
  facts.rescueTries = 0;
  boots(1, BootReason.failures);
  isTrue(decision.mode === BootMode.normal);

  test("a release that was just installed or restored has its own tries, however many boots failed before");
  usual(7);
  facts.currentFailures = 0;
  boots(0, BootReason.default);
  equal(decision.tryNumber, 1);
  facts.currentFailures = 2;
  boots(0, BootReason.default);
  equal(decision.tryNumber, 3);
}

function wishTests(): void {
  test("a boot asked for once goes before everything but the menu");
  usual(0);
  facts.onceManifestId = 3;
  boots(2, BootReason.once);
  equal(decision.tryMaximum, 1);
  facts.candidates[2].damaged = true;
  boots(0, BootReason.default);
  facts.onceManifestId = 77;
  boots(0, BootReason.default);
  facts.onceManifestId = 0;
  facts.onceMode = BootMode.rescue;
  boots(0, BootReason.recovery);
  isTrue(decision.mode === BootMode.rescue);
  facts.chosenIndex = 1;
  boots(1, BootReason.menu);
  isTrue(decision.mode === BootMode.normal);

  test("a person's choice starts whatever its history, but not with a bad checksum");
  usual(9);
  facts.chosenIndex = 0;
  boots(0, BootReason.menu);
  facts.candidates[0].damaged = true;
  waits();

  test("a release below the version floor is not started unasked, a known good one is");
  usual(0);
  facts.versionFloor = 60;
  boots(1, BootReason.belowFloor);
  facts.chosenIndex = 0;
  boots(0, BootReason.menu);
}

export function main(): void {
  test("the current release is tried three times, and the try is counted");
  for (let failures: u8 = 0; failures < 3; failures++) {
    usual(failures);
    boots(0, BootReason.default);
    equal(decision.tryNumber, failures + 1);
    equal(decision.tryMaximum, 3);
  }
  fallbackTests();
  lastResortTests();
  wishTests();
}
