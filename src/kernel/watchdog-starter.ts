/**
 * WatchdogStarter: the watchdog's beginning: armed by default, with what stages the machine has, and told why it started again.
 */
import { bootModeFrom } from "../format/boot-reason.ts";
import { findWatchdogTimer } from "../driver/watchdog/watchdog.ts";
import { startNmi } from "../machine/watchdog-nmi.ts";
import { DEFAULT_TIMEOUT_SECONDS, rebootReason, rebootReasonName } from "../policy/watchdog-policy.ts";
import { BootFailureRecord, BootMarker, MarkerTimestamp } from "../service/boot-marker.ts";
import { Watchdog } from "../service/watchdog.ts";
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
  start(mode: u8, hpetAddress: u64): void {
    this.watchdog.create(this.console, bootModeFrom(mode));
    this.watchdog.useNmi(startNmi(hpetAddress, hearNmi));
    this.watchdog.start(DEFAULT_TIMEOUT_SECONDS);
    this.watchdog.setWorking(true);
    listenForSilence(this.watchdog, this.console);
  }

  /** The bus is scanned: a timer of the chipset becomes the last stage. */
  findChipset(): void {
    const timer = findWatchdogTimer();
    if (timer === null) return;
    this.chipsetFired = timer.causedLastReset();
    this.watchdog.useChipset(timer);
  }

  /** The boot records are read: how did the boot before this one end? */
  learnReason(): void {
    this.marker.describeFailures(this.failures);
    const hasPrevious = this.marker.describeBoot(1, this.previous);
    const reason = rebootReason(hasPrevious, this.failures.lastEnding, this.chipsetFired);
    this.watchdog.noteRebootReason(reason);
    this.console.lineOf("Reason of the last restart: ", rebootReasonName(reason));
  }
}
