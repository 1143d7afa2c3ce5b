/**
 * Watchdog policy: how long each stage waits, what it does then, and why the machine started again. Facts → decision, no I/O.
 *
 * The safe default: every stage restarts the machine 30 s after the last sign of life, and whether the next boot is one of
 * recovery is left to the count of failed boots. Work that may take long has a longer time-out, and so has a rescue.
 */
import { BootMode } from "../format/boot-reason.ts";
import { CrashKind } from "../format/crash-artifact.ts";
import { BootEnding } from "../format/state-record.ts";

export const DEFAULT_TIMEOUT_SECONDS = 30;
/** A round of the event loop may take a tenth of a second and a disk some seconds; less would be a trap. */
export const LEAST_TIMEOUT_SECONDS = 2;
/** The chipset's timer counts no further than 20 minutes. */
export const LONGEST_TIMEOUT_SECONDS = 1200;
/** While the kernel starts its drivers, and while an installation runs. */
export const WORK_TIMEOUT_SECONDS = 300;
/** Nobody is rebooted out of a rescue while he reads. */
export const RESCUE_TIMEOUT_SECONDS = 1200;
/** The chipset's timer waits so much longer: the stages that can say what happened come first. */
const CHIPSET_MARGIN_MS = 600;

/** Who found the hang. */
export const enum WatchdogStage {
  /** The timer's interrupt. */
  soft = 0,
  /** The non-maskable interrupt: the timer's no longer arrives. */
  hard = 1,
  /** The chipset, which resets the machine without a word. */
  chipset = 2,
}

export const STAGE_COUNT = 3;

export const enum WatchdogAction {
  /** The stage is off. */
  none = 0,
  /** Say it once, and go on waiting. */
  report = 1,
  /** Keep the crash artifact, record the failure, restart. */
  reboot = 2,
}

/** What one stage does. */
export class StagePolicy {
  action: WatchdogAction = WatchdogAction.reboot;
  /** Whether the next boot is of the last known good, at once instead of after the third failure. */
  recoveryFollows: boolean = false;
}

export class WatchdogPolicy {
  timeoutSeconds: u32 = DEFAULT_TIMEOUT_SECONDS;
  readonly stages = fixedArray(STAGE_COUNT, () => new StagePolicy());

  copyFrom(other: WatchdogPolicy): void {
    this.timeoutSeconds = other.timeoutSeconds;
    for (let i: u32 = 0; i < STAGE_COUNT; i++) {
      this.stages[i].action = other.stages[i].action;
      this.stages[i].recoveryFollows = other.stages[i].recoveryFollows;
    }
  }
}

/** Why the machine started again. */
export const enum RebootReason {
  /** There was no boot before, or nobody remembers. */
  unknown = 0,
  clean = 1,
  panic = 2,
  watchdogSoft = 3,
  watchdogHard = 4,
  watchdogChipset = 5,
  /** It neither ended nor crashed, and its memory lost what was in it. */
  powerLost = 6,
  loadFailed = 7,
  /** It was reset without a word, and its memory kept what was in it. */
  reset = 8,
}

export function isTimeoutAllowed(seconds: u32): boolean {
  return seconds >= LEAST_TIMEOUT_SECONDS && seconds <= LONGEST_TIMEOUT_SECONDS;
}

/** Whether a policy makes sense: a time-out in its bounds; the chipset can only reset, and nobody is left to record a wish. */
export function isPolicySound(policy: WatchdogPolicy): boolean {
  if (!isTimeoutAllowed(policy.timeoutSeconds)) return false;
  const chipset = policy.stages[WatchdogStage.chipset];
  return chipset.action !== WatchdogAction.report && !chipset.recoveryFollows;
}

/** The time-out that holds now: of the policy, or the longer one that the moment needs. */
export function effectiveTimeoutSeconds(policy: WatchdogPolicy, isWorking: boolean, mode: BootMode): u32 {
  let seconds: u32 = policy.timeoutSeconds;
  if (isWorking && seconds < WORK_TIMEOUT_SECONDS) seconds = WORK_TIMEOUT_SECONDS;
  if (mode === BootMode.rescue && seconds < RESCUE_TIMEOUT_SECONDS) seconds = RESCUE_TIMEOUT_SECONDS;
  return seconds;
}

/** How long the chipset's timer waits for a time-out. */
export function chipsetTimeoutMs(timeoutSeconds: u32): u32 {
  assert(timeoutSeconds <= LONGEST_TIMEOUT_SECONDS);
  return timeoutSeconds * 1000 + CHIPSET_MARGIN_MS;
}

/**
 * How a boot ended that could not record it: by what it left in memory, which a machine that lost its power does not keep (`none` then), and
 * by the chipset, which knows whether its timer did it. A crash that was left there came before whatever ended the crash path.
 */
export function silentEnding(chipsetFired: boolean, left: CrashKind): BootEnding {
  switch (left) {
    case CrashKind.none:
      return chipsetFired ? BootEnding.watchdogChipset : BootEnding.powerLost;
    case CrashKind.reset:
    case CrashKind.watchdogChipset:
      return chipsetFired ? BootEnding.watchdogChipset : BootEnding.reset;
    case CrashKind.watchdogSoft:
      return BootEnding.watchdogSoft;
    case CrashKind.watchdogHard:
      return BootEnding.watchdogHard;
    case CrashKind.panic:
    case CrashKind.check:
    case CrashKind.exception:
      return BootEnding.panic;
  }
}

/** Why the machine started again: how the boot before this one ended (where one is recorded), and what the chipset says. */
export function rebootReason(hasPrevious: boolean, ending: BootEnding, chipsetFired: boolean): RebootReason {
  if (hasPrevious) {
    switch (ending) {
      case BootEnding.reboot:
      case BootEnding.powerOff:
        return RebootReason.clean;
      case BootEnding.panic:
        return RebootReason.panic;
      case BootEnding.watchdogSoft:
        return RebootReason.watchdogSoft;
      case BootEnding.watchdogHard:
        return RebootReason.watchdogHard;
      case BootEnding.loadFailed:
        return RebootReason.loadFailed;
      case BootEnding.watchdogChipset:
        return RebootReason.watchdogChipset;
      case BootEnding.reset:
        return RebootReason.reset;
      case BootEnding.powerLost:
        return RebootReason.powerLost;
      case BootEnding.none:
        break;
    }
  }
  if (chipsetFired) return RebootReason.watchdogChipset;
  return hasPrevious ? RebootReason.powerLost : RebootReason.unknown;
}

/** The same by what a crash left, where no boot was recorded. */
export function reasonOfCrash(kind: CrashKind): RebootReason {
  switch (kind) {
    case CrashKind.none:
      return RebootReason.unknown;
    case CrashKind.panic:
    case CrashKind.check:
    case CrashKind.exception:
      return RebootReason.panic;
    case CrashKind.watchdogSoft:
      return RebootReason.watchdogSoft;
    case CrashKind.watchdogHard:
      return RebootReason.watchdogHard;
    case CrashKind.watchdogChipset:
      return RebootReason.watchdogChipset;
    case CrashKind.reset:
      return RebootReason.reset;
  }
}

/** How a boot that a stage ends is recorded. */
export function endingOf(stage: WatchdogStage): BootEnding {
  return stage === WatchdogStage.soft ? BootEnding.watchdogSoft : BootEnding.watchdogHard;
}

/** The hang's name, in the marker and in the record. */
export function hangReason(stage: WatchdogStage): string {
  switch (stage) {
    case WatchdogStage.soft:
      return "main-loop-stopped";
    case WatchdogStage.hard:
      return "interrupts-off";
    case WatchdogStage.chipset:
      return "processor-dead";
  }
}

export function stageName(stage: WatchdogStage): string {
  switch (stage) {
    case WatchdogStage.soft:
      return "soft";
    case WatchdogStage.hard:
      return "hard";
    case WatchdogStage.chipset:
      return "chipset";
  }
}

export function stageFrom(index: u32): WatchdogStage {
  if (index === 0) return WatchdogStage.soft;
  return index === 1 ? WatchdogStage.hard : WatchdogStage.chipset;
}

export function actionName(action: WatchdogAction): string {
  switch (action) {
    case WatchdogAction.none:
      return "none";
    case WatchdogAction.report:
      return "report";
    case WatchdogAction.reboot:
      return "reboot";
  }
}

export function rebootReasonName(reason: RebootReason): string {
  switch (reason) {
    case RebootReason.unknown:
      return "unknown";
    case RebootReason.clean:
      return "clean";
    case RebootReason.panic:
      return "panic";
    case RebootReason.watchdogSoft:
      return "watchdog (soft: the main loop stopped)";
    case RebootReason.watchdogHard:
      return "watchdog (hard: interrupts were off)";
    case RebootReason.watchdogChipset:
      return "watchdog (chipset: the processor was dead)";
    case RebootReason.powerLost:
      return "power lost";
    case RebootReason.loadFailed:
      return "the boot manager could not start the kernel";
    case RebootReason.reset:
      return "reset without a word (a triple fault, or the reset button)";
  }
}
