/**
 * WatchdogTimer: a timer outside the processor that resets the machine unless it is reloaded: the last stage of the watchdog,
 * which needs nothing of the kernel to be alive. Fulfilled by the chipset drivers in `driver/watchdog`.
 */

export interface WatchdogTimer {
  /** What it is called in listings. */
  name(): string;
  /** Whether this timer caused the last reset. Asked once, before the first `arm`, which forgets it. */
  causedLastReset(): boolean;
  /** Starts to count, or counts anew: the machine is reset `timeoutMs` after the last reload. False where it cannot. */
  arm(timeoutMs: u32): boolean;
  /** Counts from the beginning again. */
  reload(): void;
  /** Stops. */
  disarm(): void;
}
