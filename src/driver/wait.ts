/**
 * Wait: how a driver lets time pass until its device has answered, and no longer than it may.
 *
 * Every loop that waits for hardware has this form, so that none is endless and each looks once more after its deadline,
 * since the processor may have been elsewhere meanwhile:
 *
 *     wait.begin(TIMEOUT_MS);
 *     while (wait.goesOn()) {
 *       if (the device has answered) return ok();
 *       wait.rest(the device would raise an interrupt);
 *     }
 *     return err(IoError.timeout);
 *
 * The processor sleeps between two looks only where an interrupt ends the sleep and the kernel's main said that it may
 * (`allowSleep`, once the timer ticks). The crash writer forbids it again; then every driver polls and needs no interrupt. Where the restart
 * may not be late, it also says how long all waits that follow may take together (`limitWaits`).
 */
import { Clock } from "../device/clock.ts";
import { interruptTotal, sleepSince } from "../machine/interrupts.ts";
import { pauseProcessor } from "../machine/intrinsics.ts";

const NANOSECONDS_IN_MILLISECOND: u64 = 1_000_000n;

const NEVER_NS: u64 = 0xffff_ffff_ffff_ffffn;

class CommonRules {
  maySleep: boolean = false;
  /** When every wait is over, whatever its own time-out. */
  lastMomentNs: u64 = NEVER_NS;
}

const rules = new CommonRules();

/** From here on waiting may halt the processor. Interrupts are enabled, and the timer ticks. */
export function allowSleep(): void {
  rules.maySleep = true;
}

/** From here on every driver polls. */
export function forbidSleep(): void {
  rules.maySleep = false;
}

/** From here on all waits together have `budgetMs`. Behind it each still looks at its device, once, and gives up. */
export function limitWaits(clock: Clock, budgetMs: u32): void {
  rules.lastMomentNs = u64(clock.monotonicNs() + BigInt(budgetMs) * NANOSECONDS_IN_MILLISECOND);
}

export class Wait {
  private clock: Clock | null = null;
  private timeoutNs: u64 = 0n;
  /** Counted from the second rest. Most waits end before it, and a look at the clock costs as much as one at the device. */
  private deadlineNs: u64 = 0n;
  private rests: u8 = 0;
  private isLate: boolean = true;
  private isOver: boolean = true;
  private seenInterrupts: u32 = 0;

  /** Says which clock measures; before the first `begin`. */
  useClock(clock: Clock): void {
    this.clock = clock;
  }

  /** Starts to wait, at most `timeoutMs` from the end of the second rest. */
  begin(timeoutMs: u32): void {
    this.timeoutNs = BigInt(timeoutMs) * NANOSECONDS_IN_MILLISECOND;
    this.rests = 0;
    this.isLate = false;
    this.isOver = false;
  }

  /** Whether to look at the device (once more). The look behind the deadline is the last one. */
  goesOn(): boolean {
    if (this.isOver) return false;
    this.isOver = this.isLate;
    this.seenInterrupts = interruptTotal();
    return true;
  }

  /** Passes the time until the next look. `isWoken`: the device raises an interrupt when it has something to say. */
  rest(isWoken: boolean): void {
    if (this.isOver) return;
    if (isWoken && rules.maySleep) sleepSince(this.seenInterrupts);
    else pauseProcessor();
    this.countRest();
  }

  /** Whether the device was given time since `begin`: one that has only just been asked is not suspected yet. */
  hasRested(): boolean {
    return this.rests > 0;
  }

  /** The first rest, with which most waits end, asks no clock; with the second the time begins to count. */
  private countRest(): void {
    if (this.rests === 2) this.isLate = this.now() >= this.deadlineNs;
    else if (this.rests === 1) this.setDeadline();
    if (this.rests < 2) this.rests++;
  }

  private setDeadline(): void {
    const own = u64(this.now() + this.timeoutNs);
    this.deadlineNs = own < rules.lastMomentNs ? own : rules.lastMomentNs;
  }

  private now(): u64 {
    const clock = this.clock;
    assert(clock !== null, "waiting without a clock");
    return clock.monotonicNs();
  }
}
