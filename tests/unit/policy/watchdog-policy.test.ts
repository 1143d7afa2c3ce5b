/** Watchdog policy: bounds, what is sound, what the moment needs, and why the machine started again. */
import { BootMode } from "../../../src/format/boot-reason.ts";
import { CrashKind } from "../../../src/format/crash-artifact.ts";
import { BootEnding } from "../../../src/format/state-record.ts";
import {
  chipsetTimeoutMs,
  DEFAULT_TIMEOUT_SECONDS,
  effectiveTimeoutSeconds,
  endingOf,
  isPolicySound,
  isTimeoutAllowed,
  reasonOfCrash,
  rebootReason,
  RebootReason,
  RESCUE_TIMEOUT_SECONDS,
  silentEnding,
  WatchdogAction,
  WatchdogPolicy,
  WatchdogStage,
  WORK_TIMEOUT_SECONDS,
} from "../../../src/policy/watchdog-policy.ts";
import { equal, isTrue, test } from "../harness.ts";

const policy = new WatchdogPolicy();
const other = new WatchdogPolicy();

export function main(): void {
  checkDefaults();
  checkMoments();
  checkReasons();
}

function checkDefaults(): void {
  test("by default every stage restarts the machine after 30 s");
  equal(policy.timeoutSeconds, 30);
  for (let i: u32 = 0; i < 3; i++) {
    isTrue(policy.stages[i].action === WatchdogAction.reboot);
    isTrue(!policy.stages[i].recoveryFollows);
  }
  isTrue(isPolicySound(policy));

  test("a time-out of less than 2 s or more than 20 minutes is refused");
  isTrue(!isTimeoutAllowed(0));
  isTrue(!isTimeoutAllowed(1));
  isTrue(isTimeoutAllowed(2));
  isTrue(isTimeoutAllowed(1200));
  isTrue(!isTimeoutAllowed(1201));
  policy.timeoutSeconds = 1;
  isTrue(!isPolicySound(policy));
  policy.timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;

  test("the chipset can neither report nor ask for recovery");
  policy.stages[WatchdogStage.chipset].action = WatchdogAction.report;
  isTrue(!isPolicySound(policy));
  policy.stages[WatchdogStage.chipset].action = WatchdogAction.none;
  isTrue(isPolicySound(policy));
  policy.stages[WatchdogStage.chipset].recoveryFollows = true;
  isTrue(!isPolicySound(policy));
  policy.stages[WatchdogStage.chipset].recoveryFollows = false;

  test("a policy is copied whole");
  policy.timeoutSeconds = 77;
  policy.stages[WatchdogStage.hard].recoveryFollows = true;
  other.copyFrom(policy);
  equal(other.timeoutSeconds, 77);
  isTrue(other.stages[WatchdogStage.hard].recoveryFollows);
  isTrue(other.stages[WatchdogStage.chipset].action === WatchdogAction.none);
}

function checkMoments(): void {
  test("long work and a rescue lengthen the time-out, and never shorten it");
  policy.timeoutSeconds = 30;
  equal(effectiveTimeoutSeconds(policy, false, BootMode.normal), 30);
  equal(effectiveTimeoutSeconds(policy, true, BootMode.normal), WORK_TIMEOUT_SECONDS);
  equal(effectiveTimeoutSeconds(policy, false, BootMode.rescue), RESCUE_TIMEOUT_SECONDS);
  equal(effectiveTimeoutSeconds(policy, true, BootMode.rescue), RESCUE_TIMEOUT_SECONDS);
  policy.timeoutSeconds = 1000;
  equal(effectiveTimeoutSeconds(policy, true, BootMode.normal), 1000);

  test("the chipset waits longer than the stages that can say something, and less than 2 s longer");
  for (let seconds: u32 = 2; seconds <= 1200; seconds++) {
    const ms = chipsetTimeoutMs(seconds);
    isTrue(ms > seconds * 1000 && ms < seconds * 1000 + 2000);
  }
}

function checkReasons(): void {
  test("the reason follows from how the boot before ended");
  isTrue(rebootReason(true, BootEnding.reboot, false) === RebootReason.clean);
  isTrue(rebootReason(true, BootEnding.powerOff, false) === RebootReason.clean);
  isTrue(rebootReason(true, BootEnding.panic, false) === RebootReason.panic);
  isTrue(rebootReason(true, BootEnding.watchdogSoft, false) === RebootReason.watchdogSoft);
  isTrue(rebootReason(true, BootEnding.watchdogHard, false) === RebootReason.watchdogHard);
  isTrue(rebootReason(true, BootEnding.loadFailed, false) === RebootReason.loadFailed);

  test("a boot that vanished lost its power, unless the chipset says that it was its timer");
  isTrue(rebootReason(true, BootEnding.none, false) === RebootReason.powerLost);
  isTrue(rebootReason(true, BootEnding.none, true) === RebootReason.watchdogChipset);

  test("what was recorded counts more than the chipset, and without a record only the chipset knows");
  isTrue(rebootReason(true, BootEnding.panic, true) === RebootReason.panic);
  isTrue(rebootReason(false, BootEnding.none, false) === RebootReason.unknown);
  isTrue(rebootReason(false, BootEnding.none, true) === RebootReason.watchdogChipset);

  test("an end without a word was the chipset's, or a reset where memory was kept, or the power's");
  isTrue(silentEnding(true, CrashKind.reset) === BootEnding.watchdogChipset);
  isTrue(silentEnding(true, CrashKind.none) === BootEnding.watchdogChipset);
  isTrue(silentEnding(false, CrashKind.reset) === BootEnding.reset);
  isTrue(silentEnding(false, CrashKind.none) === BootEnding.powerLost);
  isTrue(rebootReason(true, silentEnding(true, CrashKind.reset), false) === RebootReason.watchdogChipset);
  isTrue(rebootReason(true, silentEnding(false, CrashKind.reset), false) === RebootReason.reset);
  isTrue(rebootReason(true, silentEnding(false, CrashKind.none), false) === RebootReason.powerLost);

  test("a crash that no disk took, but memory did, is what ended the boot, whatever ended the crash path");
  isTrue(silentEnding(false, CrashKind.check) === BootEnding.panic);
  isTrue(silentEnding(true, CrashKind.panic) === BootEnding.panic);
  isTrue(silentEnding(true, CrashKind.watchdogHard) === BootEnding.watchdogHard);

  test("where no boot is recorded, what a crash left in memory says why");
  isTrue(reasonOfCrash(CrashKind.check) === RebootReason.panic);
  isTrue(reasonOfCrash(CrashKind.watchdogHard) === RebootReason.watchdogHard);
  isTrue(reasonOfCrash(CrashKind.reset) === RebootReason.reset);

  test("the stages' endings are recorded apart");
  isTrue(endingOf(WatchdogStage.soft) === BootEnding.watchdogSoft);
  isTrue(endingOf(WatchdogStage.hard) === BootEnding.watchdogHard);
}
