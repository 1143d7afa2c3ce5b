/**
 * Time: nanoseconds since the start from the best counter that the machine has, and the time of day.
 *
 * The counter is, in this order: the TSC where it runs at one rate in every state (Intel SDM volume 3, 18.17.1), the HPET
 * (IA-PC HPET 1.0a), the ACPI power management timer (ACPI 6.4, 4.8.3.3), the TSC as it is. Ticks become nanoseconds by a
 * factor of 32.32 bits. Time of day is the CMOS clock's at start, and from there the counter's.
 *
 * Called by the kernel's main once (`useHpet`, `usePmTimer`, `start`); afterwards it is everybody's `Clock`.
 */
import type { Clock } from "../device/clock.ts";
import { Counter, measureHz } from "./counter-rate.ts";
import {
  cpuid,
  CpuidRegister,
  disableInterrupts,
  enableInterrupts,
  interruptsEnabled,
  portRead32,
  portRead8,
  portWrite8,
  readTsc,
} from "./intrinsics.ts";
import { Mmio } from "./mmio.ts";
import { readCmosClock } from "./cmos-clock.ts";

export const enum TimeSource {
  none = 0,
  tsc = 1,
  hpet = 2,
  pmTimer = 3,
}

const SECOND_NS = 1_000_000_000n;
/** Factors stay below 2^62 (one tick of a second), so that products with 64 bits stay below 2^127. */
const FACTOR_MASK: u64 = 0x3fff_ffff_ffff_ffffn;
const FEMTOSECONDS: u64 = 1_000_000_000_000_000n;

const HPET_BYTES = 0x400;
const HPET_PERIOD = 0x004;
const HPET_CONFIGURATION = 0x010;
const HPET_COUNTER = 0x0f0;
/** The longest period that the specification allows, 100 ns. */
const HPET_PERIOD_LIMIT = 100_000_000;

const PM_TIMER_HZ: u64 = 3_579_545n;
const PM_TIMER_MASK = 0xff_ffff;

/** Channel 2 of the 8254, which counts at 1.193182 MHz and whose gate and output stand in port 0x61. */
const PIT_HZ: u64 = 1_193_182n;
const PIT_CHANNEL_2 = 0x42;
const PIT_COMMAND = 0x43;
const PIT_GATE = 0x61;
const PIT_OUTPUT = 0x20;
const PIT_TICKS: u64 = 11_932n;

/** Looks at a counter that ought to move; each takes a tenth of a microsecond at least. */
const LOOK_LIMIT = 50_000_000;

/** The TSC as a counter. */
class TimeStampCounter implements Counter {
  ticks(): u64 {
    return readTsc();
  }
}

const timeStampCounter = new TimeStampCounter();

export class MachineClock implements Clock {
  private source: TimeSource = TimeSource.none;
  private readonly hpet = new Mmio();
  private hpetHz: u64 = 0n;
  private pmTimerPort: u16 = 0;
  private pmTimerLast: u32 = 0;
  private pmTimerTicks: u64 = 0n;
  private ticksAtStart: u64 = 0n;
  private rate: u64 = 0n;
  private tscRate: u64 = 0n;
  /** Nanoseconds per tick × 2^32. */
  private factor: u64 = 0n;
  private unixAtStart: u64 = 0n;

  /** Offers the HPET at a physical address, as its ACPI table says. False where it is none. */
  useHpet(physicalAddress: u64): boolean {
    this.hpet.map(physicalAddress, HPET_BYTES);
    const period = this.hpet.read32(HPET_PERIOD);
    if (period === 0 || period > HPET_PERIOD_LIMIT) return false;
    this.hpet.write64(HPET_CONFIGURATION, (this.hpet.read64(HPET_CONFIGURATION) & ~2n) | 1n);
    this.hpetHz = FEMTOSECONDS / BigInt(period);
    return true;
  }

  /** Offers the power management timer at an I/O port. */
  usePmTimer(port: u16): void {
    this.pmTimerPort = port;
  }

  /** Chooses the counter, measures the TSC, reads the time of day. `centuryIndex` is the FADT's, 0 where it names none. */
  start(centuryIndex: u8): void {
    this.choose(
      this.hpetHz > 0n ? TimeSource.hpet : this.pmTimerPort !== 0 ? TimeSource.pmTimer : TimeSource.none,
    );
    this.tscRate = this.source === TimeSource.none ? measureTscByPit() : measureHz(this, timeStampCounter);
    assert(this.tscRate > 0n, "the counter that ACPI names does not run");
    if (this.source === TimeSource.none || hasInvariantTsc()) this.choose(TimeSource.tsc);
    this.unixAtStart = readCmosClock(centuryIndex);
  }

  monotonicNs(): u64 {
    return u64((BigInt.asUintN(64, this.ticks() - this.ticksAtStart) * (this.factor & FACTOR_MASK)) >> 32n);
  }

  unixSeconds(): u64 {
    return this.unixSecondsAt(this.monotonicNs());
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    if (this.unixAtStart === 0n) return 0n;
    return u64(this.unixAtStart + monotonicNs / SECOND_NS);
  }

  /** Which counter it is. */
  timeSource(): TimeSource {
    return this.source;
  }

  /** Ticks of that counter in a second. */
  sourceHz(): u64 {
    return this.rate;
  }

  /** Ticks of the TSC in a second, as measured. */
  tscHz(): u64 {
    return this.tscRate;
  }

  private choose(source: TimeSource): void {
    this.source = source;
    if (source === TimeSource.none) return;
    this.rate =
      source === TimeSource.tsc ? this.tscRate : source === TimeSource.hpet ? this.hpetHz : PM_TIMER_HZ;
    assert(this.rate > 0n, "no counter of time runs");
    this.factor = (SECOND_NS * 0x1_0000_0000n) / this.rate;
    this.ticksAtStart = this.ticks();
  }

  private ticks(): u64 {
    switch (this.source) {
      case TimeSource.hpet:
        return this.hpet.read64(HPET_COUNTER);
      case TimeSource.pmTimer:
        return this.extendPmTimer();
      default:
        return readTsc();
    }
  }

  /** The timer has 24 bits and wraps every 4.7 s; the event loop asks for the time in every round, and so it is extended. */
  private extendPmTimer(): u64 {
    // The watchdog asks in the timer's interrupt: between reading the port and keeping what it said there is none.
    const wasEnabled = interruptsEnabled();
    disableInterrupts();
    const now: u32 = portRead32(this.pmTimerPort) & PM_TIMER_MASK;
    const passed = (now - this.pmTimerLast) & PM_TIMER_MASK;
    this.pmTimerLast = now;
    this.pmTimerTicks = u64(this.pmTimerTicks + BigInt(passed));
    const ticks = this.pmTimerTicks;
    if (wasEnabled) enableInterrupts();
    return ticks;
  }
}

/** Whether the TSC runs at one rate whatever the processor does. */
function hasInvariantTsc(): boolean {
  if (cpuid(0x8000_0000, 0, CpuidRegister.eax) < 0x8000_0007) return false;
  return (cpuid(0x8000_0007, 0, CpuidRegister.edx) & 0x100) !== 0;
}

/** The TSC's rate by one run of the 8254: 10 ms, mode 0, its output goes high at the end. */
function measureTscByPit(): u64 {
  const gate = portRead8(PIT_GATE);
  portWrite8(PIT_GATE, (gate & ~3) | 1);
  portWrite8(PIT_COMMAND, 0xb0);
  portWrite8(PIT_CHANNEL_2, u8(Number(PIT_TICKS & 0xffn)));
  portWrite8(PIT_CHANNEL_2, u8(Number(PIT_TICKS >> 8n)));
  const first = readTsc();
  for (let look: u32 = 0; look < LOOK_LIMIT; look++) {
    if ((portRead8(PIT_GATE) & PIT_OUTPUT) !== 0) break;
  }
  const passed = BigInt.asUintN(64, readTsc() - first);
  portWrite8(PIT_GATE, gate);
  return u64(passed * PIT_HZ) / PIT_TICKS;
}
