/**
 * Watchdog: notices that the main loop no longer goes round, in three stages, and says what is to be done (specification, section 4).
 *
 *     main loop ── kick(rounds) ──►  silence = 0, the chipset's timer reloaded
 *     timer interrupt ── onTick ──►  silence grows  ─┐
 *     NMI, interrupts off ── onNmi ►  silence grows  ─┴─ beyond the time-out: onTimeout → the crash path
 *     chipset ── no reload ───────►  reset; the next boot asks `causedLastReset`
 *
 * Invariants: only progress of the main loop is a sign of life: a kick with a count of rounds that was seen before is none, whoever
 * makes it. Silence is the sum of what passed between ticks, each at most `STALL_LIMIT_NS`: a machine that as a whole stood still
 * (its host was busy) was not silent. A stage fires once.
 * `onTick` and `onNmi` run in interrupts: they touch numbers only. Used by the kernel's main loop, its interrupts and the shell.
 */
import { MARKER_BYTES, watchdogArmed, watchdogKick } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { Clock } from "../device/clock.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { WatchdogTimer } from "../device/watchdog-timer.ts";
import { BootMode } from "../format/boot-reason.ts";
import {
  chipsetTimeoutMs,
  effectiveTimeoutSeconds,
  isPolicySound,
  isTimeoutAllowed,
  RebootReason,
  WatchdogAction,
  WatchdogPolicy,
  WatchdogStage,
} from "../policy/watchdog-policy.ts";

const SECOND_NS: u64 = 1_000_000_000n;
/** Longer than the longest honest gap between two ticks. */
const STALL_LIMIT_NS: u64 = 500_000_000n;
/** The chipset's timer is reloaded so often and no more: a port costs a microsecond. */
const RELOAD_NS: u64 = 200_000_000n;

/** What an interrupt has to do about the silence. */
export const enum WatchdogVerdict {
  alive = 0,
  /** The stage is to say so, and nothing else. */
  report = 1,
  /** The kernel is over. */
  stop = 2,
}

export class Watchdog {
  private readonly policy = new WatchdogPolicy();
  private chipset: WatchdogTimer | null = null;
  private sink: MarkerSink | null = null;
  private reason: RebootReason = RebootReason.unknown;
  private mode: BootMode = BootMode.normal;
  private armed: boolean = false;
  private working: boolean = false;
  private chipsetRuns: boolean = false;
  /** Rounds of the main loop at the last kick. */
  private rounds: u64 = 0n;
  private kicks: u64 = 0n;
  private silenceNs: u64 = 0n;
  private lastTickNs: u64 = 0n;
  private ticks: u32 = 0;
  private ticksAtNmi: u32 = 0;
  private nmiPeriodNs: u64 = 0n;
  private reloadedNs: u64 = 0n;
  private hasFired: boolean = false;
  private readonly line = new Uint8Array(MARKER_BYTES);

  constructor(private readonly clock: Clock) {}

  /** Not armed yet. `mode` is how much of the system this boot starts: a rescue has a longer time-out. */
  create(sink: MarkerSink, mode: BootMode): void {
    this.sink = sink;
    this.mode = mode;
    this.armed = false;
    this.working = false;
    this.hasFired = false;
  }

  /** The machine has an NMI of this period for the second stage. */
  useNmi(periodNs: u64): void {
    this.nmiPeriodNs = periodNs;
  }

  /** The machine has this timer for the third stage, which begins at once. */
  useChipset(chipset: WatchdogTimer): void {
    this.chipset = chipset;
    if (this.armed) this.restart();
  }

  /** Arms all stages that the policy wants, or changes the time-out of armed ones. False where the seconds are out of bounds. */
  start(timeoutSeconds: u32): boolean {
    if (!isTimeoutAllowed(timeoutSeconds)) return false;
    this.policy.timeoutSeconds = timeoutSeconds;
    this.armed = true;
    this.hasFired = false;
    this.restart();
    this.sayArmed();
    return true;
  }

  /** Ends all stages. */
  disarm(): void {
    this.armed = false;
    this.stopChipset();
  }

  /** The main loop went round: `rounds` is how often it did so far. A number that was told before proves nothing and counts for nothing. */
  kick(rounds: u64): void {
    if (rounds === this.rounds) return;
    this.rounds = rounds;
    this.kicks = u64(this.kicks + 1n);
    this.silenceNs = 0n;
    if (!this.chipsetRuns) return;
    const now = this.clock.monotonicNs();
    if (now - this.reloadedNs >= RELOAD_NS) this.reloadChipset(now);
  }

  /** Says how often the main loop was heard of. On the shell's command, for tests: a marker at every round would drown the rest. */
  sayKicks(): void {
    const out = new TextWriter(bytesOf(this.line));
    watchdogKick(out, this.kicks);
    this.emit(out);
  }

  /** In the timer's interrupt. */
  onTick(): WatchdogVerdict {
    this.ticks = (this.ticks + 1) >>> 0;
    if (!this.armed) return WatchdogVerdict.alive;
    const now = this.clock.monotonicNs();
    const passed: u64 = now > this.lastTickNs ? u64(now - this.lastTickNs) : 0n;
    this.lastTickNs = now;
    this.silenceNs = u64(this.silenceNs + (passed < STALL_LIMIT_NS ? passed : STALL_LIMIT_NS));
    return this.onTimeout(WatchdogStage.soft);
  }

  /** In the non-maskable interrupt. It counts only where the timer's interrupt has stopped. */
  onNmi(): WatchdogVerdict {
    const isTicking = this.ticks !== this.ticksAtNmi;
    this.ticksAtNmi = this.ticks;
    if (!this.armed || isTicking) return WatchdogVerdict.alive;
    this.silenceNs = u64(this.silenceNs + this.nmiPeriodNs);
    return this.onTimeout(WatchdogStage.hard);
  }

  /** How long nothing was heard of the main loop, in milliseconds; what the machine as a whole stood still is not in it. */
  silenceMs(): u64 {
    return this.silenceNs / 1_000_000n;
  }

  /** What the stage has to do now: nothing within the time-out, then what the policy says, once. */
  onTimeout(stage: WatchdogStage): WatchdogVerdict {
    if (this.hasFired || this.silenceNs < BigInt(this.timeoutSeconds()) * SECOND_NS)
      return WatchdogVerdict.alive;
    const action = this.policy.stages[stage].action;
    if (action === WatchdogAction.none) return WatchdogVerdict.alive;
    this.hasFired = true;
    return action === WatchdogAction.reboot ? WatchdogVerdict.stop : WatchdogVerdict.report;
  }

  /**
   * The crash path goes on alone, interrupts off, and has the whole time-out once more: if it too falls silent, the NMI ends it, or the
   * chipset. It calls this again while it waits for a person to read.
   */
  yieldToCrash(): void {
    this.hasFired = false;
    this.silenceNs = 0n;
    if (!this.chipsetRuns) return;
    const chipset = this.chipset;
    if (chipset !== null) chipset.reload();
  }

  /** Takes over a policy; false, and nothing changed, where it is not sound. */
  setPolicy(policy: WatchdogPolicy): boolean {
    if (!isPolicySound(policy)) return false;
    const before = this.timeoutSeconds();
    this.policy.copyFrom(policy);
    if (!this.armed) return true;
    this.restart();
    if (before !== this.timeoutSeconds()) this.sayArmed();
    return true;
  }

  /** The policy that holds: a copy. */
  getPolicy(into: WatchdogPolicy): void {
    into.copyFrom(this.policy);
  }

  /** Something that may take long has begun or ended. True if that changed the time-out of an armed watchdog, which its marker says. */
  setWorking(isWorking: boolean): boolean {
    if (isWorking === this.working) return false;
    const before = this.timeoutSeconds();
    this.working = isWorking;
    if (!this.armed) return false;
    this.restart();
    if (before === this.timeoutSeconds()) return false;
    this.sayArmed();
    return true;
  }

  isArmed(): boolean {
    return this.armed;
  }

  /** The time-out that holds now. */
  timeoutSeconds(): u32 {
    return effectiveTimeoutSeconds(this.policy, this.working, this.mode);
  }

  kickCount(): u64 {
    return this.kicks;
  }

  /** Whether a stage is there and on. */
  isStageOn(stage: WatchdogStage): boolean {
    if (!this.armed || this.policy.stages[stage].action === WatchdogAction.none) return false;
    if (stage === WatchdogStage.hard) return this.nmiPeriodNs > 0n;
    return stage === WatchdogStage.soft || this.chipsetRuns;
  }

  /** Whether the machine has what the stage needs. */
  hasStage(stage: WatchdogStage): boolean {
    if (stage === WatchdogStage.hard) return this.nmiPeriodNs > 0n;
    return stage === WatchdogStage.soft || this.chipset !== null;
  }

  /** What the chipset's timer is called. */
  chipsetName(): string {
    const chipset = this.chipset;
    return chipset === null ? "none" : chipset.name();
  }

  noteRebootReason(reason: RebootReason): void {
    this.reason = reason;
  }

  /** Why the machine started again. Known once the boot records are read. */
  getLastRebootReason(): RebootReason {
    return this.reason;
  }

  /** Counts from now, by the time-out that holds now. */
  private restart(): void {
    const now = this.clock.monotonicNs();
    this.lastTickNs = now;
    this.silenceNs = 0n;
    const chipset = this.chipset;
    if (chipset === null) return;
    if (this.policy.stages[WatchdogStage.chipset].action === WatchdogAction.none) {
      this.stopChipset();
      return;
    }
    this.chipsetRuns = chipset.arm(chipsetTimeoutMs(this.timeoutSeconds()));
    this.reloadedNs = now;
  }

  /** The time-out that holds from now on. */
  private sayArmed(): void {
    const out = new TextWriter(bytesOf(this.line));
    watchdogArmed(out, this.timeoutSeconds());
    this.emit(out);
  }

  private reloadChipset(now: u64): void {
    const chipset = this.chipset;
    if (chipset !== null) chipset.reload();
    this.reloadedNs = now;
  }

  private stopChipset(): void {
    const chipset = this.chipset;
    if (chipset !== null && this.chipsetRuns) chipset.disarm();
    this.chipsetRuns = false;
  }

  private emit(out: TextWriter): void {
    const sink = this.sink;
    if (sink !== null) sink.emit(out.written());
  }
}
