/**
 * WatchdogStarter: the watchdog's beginning: armed by default, with what stages the machine has, and told why it started again.
 */
import { bootModeFrom } from "../format/boot-reason.ts";
import { crashKind } from "../format/crash-artifact.ts";
import { HANDOFF } from "../format/handoff.ts";
import { findWatchdogTimer } from "../driver/watchdog/watchdog.ts";
import { startNmi } from "../machine/watchdog-nmi.ts";
import {
  DEFAULT_TIMEOUT_SECONDS,
  reasonOfCrash,
  RebootReason,
  rebootReason,
  rebootReasonName,
} from "../policy/watchdog-policy.ts";
import { BootFailureRecord, BootMarker, MarkerTimestamp } from "../service/boot-marker.ts";
import { Watchdog } from "../service/watchdog.ts";
import { CrashMemory } from "./crash-memory.ts";
import { KernelConsole } from "./kernel-console.ts";
import { hearNmi, listenForSilence } from "./watchdog-interrupts.ts";

export class WatchdogStarter {
  private readonly failures = new BootFailureRecord();
  private readonly previous = new MarkerTimestamp();
  private chipsetFired: boolean = false;

  constructor(
    private readonly watchdog: Watchdog,
    private readonly marker: BootMarker,
    private readonly console: KernelConsole,
  ) {}

  /**
   * Arms it, once the timer ticks. Until the main loop goes round its time-out is that of long work: drivers start. `hpetAddress` is 0
   * where ACPI names none.
   */
  start(handoff: Bytes, hpetAddress: u64): void {
    this.chipsetFired = HANDOFF.chipsetFired.get(handoff) !== 0;
    this.watchdog.create(this.console, bootModeFrom(HANDOFF.mode.get(handoff)));
    this.watchdog.useNmi(startNmi(hpetAddress, hearNmi));
    this.watchdog.setWorking(true);
    this.watchdog.start(DEFAULT_TIMEOUT_SECONDS);
    listenForSilence(this.watchdog, this.console);
  }

  /** The drivers run and the main loop begins: the time-out is the policy's. */
  endStart(): void {
    this.watchdog.setWorking(false);
  }

  /** The bus is scanned: a timer of the chipset becomes the last stage. */
  findChipset(): void {
    const timer = findWatchdogTimer();
    if (timer === null) return;
    // Where the boot manager armed the timer, it asked before, and the timer has forgotten.
    if (timer.causedLastReset()) this.chipsetFired = true;
    this.watchdog.useChipset(timer);
  }

  /** Whether the chipset's timer caused this start. */
  didChipsetFire(): boolean {
    return this.chipsetFired;
  }

  /** The boot records are read: how did the boot before this one end? Where nobody recorded it, memory may know. */
  learnReason(memory: CrashMemory): void {
    this.marker.describeFailures(this.failures);
    const hasPrevious = this.marker.describeBoot(1, this.previous);
    let reason: RebootReason = rebootReason(hasPrevious, this.failures.lastEnding, this.chipsetFired);
    if (reason === RebootReason.unknown && memory.hasFound())
      reason = reasonOfCrash(crashKind(memory.foundArtifact()));
    this.watchdog.noteRebootReason(reason);
    this.console.lineOf("Reason of the last restart: ", rebootReasonName(reason));
  }
}
