/**
 * The rate of a counter, measured against a clock.
 *
 * Between two instructions a hypervisor, an emulator or the firmware (SMM) may stop the processor for milliseconds. A rate that is
 * measured over such a gap on one side alone is wrong by orders of magnitude: a timer set by it would interrupt without end. So
 * each end of the measurement is the best of several readings, each between two looks at the clock: the one that took least.
 *
 * Called by `MachineClock` for the TSC and by the local APIC for its timer. Has no register of its own.
 */
import type { Clock } from "../device/clock.ts";

export interface Counter {
  /** Ticks, counted up. */
  ticks(): u64;
}

/** An error of a microsecond at either end is one part in 5,000. */
const MEASURE_NS = 5_000_000n;
const READINGS = 8;
/** Looks at a clock that ought to move; each takes a tenth of a microsecond at least. */
const LOOK_LIMIT = 50_000_000;
/** The time in units of 100 ns keeps the product within 64 bits. */
const UNIT_NS = 100n;
const UNITS_PER_SECOND = 10_000_000n;
/** Minutes at 4 GHz: more is no measurement. */
const TICK_LIMIT: u64 = 0x100_0000_0000n;

class Reading {
  atNs: u64 = 0n;
  ticks: u64 = 0n;
}

/** Ticks in a second. Takes some 5 ms; 0 where the clock or the counter does not run. */
export function measureHz(clock: Clock, counter: Counter): u64 {
  const first = new Reading();
  const last = new Reading();
  read(clock, counter, first);
  let now: u64 = clock.monotonicNs();
  const end = u64(first.atNs + MEASURE_NS);
  for (let look: u32 = 0; look < LOOK_LIMIT && now < end; look++) now = clock.monotonicNs();
  if (now < end) return 0n;
  read(clock, counter, last);
  const ticks = BigInt.asUintN(64, last.ticks - first.ticks);
  const passed = BigInt.asUintN(64, last.atNs - first.atNs) / UNIT_NS;
  if (passed === 0n || ticks > TICK_LIMIT) return 0n;
  return u64(ticks * UNITS_PER_SECOND) / passed;
}

/** The reading between the two nearest looks at the clock, and the time in their middle. */
function read(clock: Clock, counter: Counter, into: Reading): void {
  let leastNs: u64 = 0xffff_ffff_ffff_ffffn;
  for (let i: u32 = 0; i < READINGS; i++) {
    const before = clock.monotonicNs();
    const ticks = counter.ticks();
    const tookNs = BigInt.asUintN(64, clock.monotonicNs() - before);
    if (tookNs >= leastNs) continue;
    leastNs = tookNs;
    into.ticks = ticks;
    into.atNs = BigInt.asUintN(64, before + tookNs / 2n);
  }
}
