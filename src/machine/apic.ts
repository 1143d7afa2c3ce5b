/**
 * The boot processor's local APIC, in xAPIC mode, and its timer (Intel SDM volume 3, chapter 11).
 *
 * Owns its registers. `enableLocalApic` comes before any device may interrupt; `startTimer` needs a clock that runs, with
 * which the timer's own rate is measured. The timer is periodic: it ends every sleep of the event loop within a tick, and
 * counting its vector tells whether interrupts arrive at all.
 */
import type { Clock } from "../device/clock.ts";
import { Counter, measureHz } from "./counter-rate.ts";
import { readMsr, writeMsr } from "./intrinsics.ts";
import { Mmio } from "./mmio.ts";

const BASE_MSR = 0x1b;
const BASE_ENABLE: u64 = 0x800n;
const BASE_X2APIC: u64 = 0x400n;
const BASE_ADDRESS: u64 = 0x000f_ffff_ffff_f000n;
const REGISTER_BYTES = 0x400;

const ID = 0x20;
const TASK_PRIORITY = 0x80;
const END_OF_INTERRUPT = 0xb0;
const SPURIOUS = 0xf0;
const COMMAND_LOW = 0x300;
const TIMER_ENTRY = 0x320;
const THERMAL_ENTRY = 0x330;
const COUNTER_ENTRY = 0x340;
const LINT0_ENTRY = 0x350;
const LINT1_ENTRY = 0x360;
const ERROR_ENTRY = 0x370;
const TIMER_INITIAL = 0x380;
const TIMER_CURRENT = 0x390;
const TIMER_DIVIDE = 0x3e0;

const SOFTWARE_ENABLE = 0x100;
const MASKED = 0x1_0000;
const PERIODIC = 0x2_0000;
/** Delivery as a non-maskable interrupt: what the board wires to LINT1. */
const DELIVER_NMI = 0x400;
/** An interrupt command to the processor that gives it. */
const TO_SELF = 0x4_0000;
const DIVIDE_BY_16 = 0x3;
const COUNTER_LIMIT = 0xffff_ffff;

/** The masked timer on its way down, as a counter. */
class TimerCounter implements Counter {
  ticks(): u64 {
    return BigInt(COUNTER_LIMIT - registers.read32(TIMER_CURRENT));
  }
}

const registers = new Mmio();
const counter = new TimerCounter();

/** Turns the APIC on with everything masked but NMI. `spuriousVector` is what a withdrawn interrupt arrives as. */
export function enableLocalApic(spuriousVector: u8): void {
  const base = leaveX2Apic(readMsr(BASE_MSR));
  writeMsr(BASE_MSR, base | BASE_ENABLE);
  registers.map(base & BASE_ADDRESS, REGISTER_BYTES);
  registers.write32(TASK_PRIORITY, 0);
  registers.write32(TIMER_ENTRY, MASKED);
  registers.write32(THERMAL_ENTRY, MASKED);
  registers.write32(COUNTER_ENTRY, MASKED);
  registers.write32(LINT0_ENTRY, MASKED);
  registers.write32(LINT1_ENTRY, DELIVER_NMI);
  registers.write32(ERROR_ENTRY, MASKED);
  registers.write32(SPURIOUS, SOFTWARE_ENABLE + spuriousVector);
}

/** Who the boot processor is on the bus of interrupts. */
export function localApicId(): u8 {
  return registers.read32(ID) >>> 24;
}

/** Tells the APIC that the interrupt it delivered last was taken. */
export function endOfInterrupt(): void {
  registers.write32(END_OF_INTERRUPT, 0);
}

/** Raises an interrupt on this processor, as a device would. */
export function interruptSelf(vector: u8): void {
  registers.write32(COMMAND_LOW, TO_SELF + vector);
}

/** Raises `vector` `ticksPerSecond` times a second, once interrupts are on. Returns the timer's rate in Hz, divided by 16. */
export function startTimer(clock: Clock, vector: u8, ticksPerSecond: u16): u64 {
  assert(ticksPerSecond > 0);
  registers.write32(TIMER_DIVIDE, DIVIDE_BY_16);
  const rate = measureRate(clock);
  const period = rate / BigInt(ticksPerSecond);
  assert(period > 0n && period <= 0xffff_ffffn, "the local APIC's timer does not run");
  registers.write32(TIMER_ENTRY, PERIODIC + vector);
  registers.write32(TIMER_INITIAL, u32(Number(period)));
  return rate;
}

/** Counts the masked timer down for a while. */
function measureRate(clock: Clock): u64 {
  registers.write32(TIMER_ENTRY, MASKED);
  registers.write32(TIMER_INITIAL, COUNTER_LIMIT);
  const rate = measureHz(clock, counter);
  registers.write32(TIMER_INITIAL, 0);
  return rate;
}

/** Some firmware hands over in x2APIC mode, which is left by way of off (11.12.5). */
function leaveX2Apic(base: u64): u64 {
  if ((base & BASE_X2APIC) === 0n) return base;
  const off = base & ~(BASE_X2APIC | BASE_ENABLE);
  writeMsr(BASE_MSR, off);
  return off;
}
