/**
 * The periodic NMI: a heartbeat that arrives with interrupts off, for the watchdog's second stage.
 *
 * Timer 0 of the HPET (IA-PC HPET 1.0a, 2.3.8) or, where there is none that may, channel 0 of the 8254, each through the I/O APIC with
 * delivery mode NMI (Intel 82093AA, 3.2.4) to the boot processor. Neither serves anything else: the clock only reads the HPET's
 * counter, and uses channel 2 of the 8254. An NMI that the chipset raises for an error (port 0x61) is not the heartbeat's and goes
 * the way of exceptions.
 */
import { ExceptionHandler, passException, watchNmi } from "./interrupts.ts";
import { portRead8, portWrite8 } from "./intrinsics.ts";
import { lineOfIsa, maskLine, routeLineAsNmi } from "./io-apic.ts";
import { Mmio } from "./mmio.ts";

const HPET_BYTES = 0x400;
const HPET_PERIOD = 0x004;
const HPET_CONFIGURATION = 0x010;
const HPET_COUNTER = 0x0f0;
const TIMER_CONFIGURATION = 0x100;
const TIMER_ROUTES = 0x104;
const TIMER_COMPARATOR = 0x108;

const HPET_RUNS = 0x1;
const TIMER_ENABLE = 0x4;
const TIMER_PERIODIC = 0x8;
const TIMER_CAN_BE_PERIODIC = 0x10;
const TIMER_SET_VALUE = 0x40;
const TIMER_32_BITS = 0x100;
const ROUTE_SHIFT = 9;
const FEMTOSECONDS: u64 = 1_000_000_000_000_000n;
/** The longest period of the counter that the specification allows, 100 ns. */
const HPET_PERIOD_LIMIT = 100_000_000;
const BEATS_PER_SECOND: u64 = 10n;
const SECOND_NS: u64 = 1_000_000_000n;

/** Channel 0 counts down from 65,536 at 1.193182 MHz, again and again: 18.2 times a second. */
const PIT_CHANNEL_0 = 0x40;
const PIT_COMMAND = 0x43;
const PIT_RATE_GENERATOR = 0x34;
const PIT_PERIOD_NS: u64 = 54_925_400n;
const PIT_LINE = 0;
/** Below are the lines of old devices. */
const FIRST_PCI_LINE = 16;
const LAST_LINE = 31;

const SYSTEM_CONTROL = 0x61;
/** An error on the bus, or of memory. */
const CHIPSET_ERROR = 0xc0;

class Heartbeat {
  readonly hpet = new Mmio();
  /** The line that it arrives at, or -1 where there is none. */
  line: i32 = -1;
  watcher: ExceptionHandler = passException;
}

const heartbeat = new Heartbeat();

/**
 * Starts the heartbeat: `watcher` hears it from here on. `hpetAddress` is 0 where ACPI names no HPET. Returns its period in
 * nanoseconds, or 0 where neither timer has a line to the processor.
 */
export function startNmi(hpetAddress: u64, watcher: ExceptionHandler): u64 {
  heartbeat.watcher = watcher;
  watchNmi(hearNmi);
  if (hpetAddress !== 0n && startHpet(hpetAddress)) return SECOND_NS / BEATS_PER_SECOND;
  return startPit() ? PIT_PERIOD_NS : 0n;
}

/** Ends the heartbeat, before the machine restarts: the firmware's first instructions have no place for an NMI to go to. */
export function stopNmi(): void {
  if (heartbeat.line < 0) return;
  maskLine(u32(heartbeat.line));
  if (heartbeat.hpet.length() > 0) heartbeat.hpet.write32(TIMER_CONFIGURATION, 0);
  heartbeat.line = -1;
}

function hearNmi(frame: Bytes): void {
  if ((portRead8(SYSTEM_CONTROL) & CHIPSET_ERROR) !== 0) {
    passException(frame);
    return;
  }
  const watcher = heartbeat.watcher;
  watcher(frame);
}

/** Sets timer 0 up and its line: one of PCI's, which nobody here uses, the highest first; or that of the 8254, whose place it takes. */
function startHpet(address: u64): boolean {
  const hpet = heartbeat.hpet;
  hpet.map(address, HPET_BYTES);
  const period = hpet.read32(HPET_PERIOD);
  const mayBe = hpet.read32(TIMER_CONFIGURATION) & TIMER_CAN_BE_PERIODIC;
  if (period === 0 || period > HPET_PERIOD_LIMIT || mayBe === 0) return false;
  if ((hpet.read32(HPET_CONFIGURATION) & HPET_RUNS) === 0) return false;
  const ticks = FEMTOSECONDS / BigInt(period) / BEATS_PER_SECOND;
  const line = routeHpet(hpet.read32(TIMER_ROUTES));
  if (line < 0) return false;
  heartbeat.line = line;
  beginBeats(hpet, u32(line), u32(Number(ticks & 0x7fff_ffffn)));
  return true;
}

/** The line that now raises an NMI, of those that `routes` has a bit for, or -1. */
function routeHpet(routes: u32): i32 {
  for (let line: u32 = LAST_LINE; line >= FIRST_PCI_LINE; line--) {
    if (((routes >>> line) & 1) !== 0 && routeLineAsNmi(line)) return i32(line);
  }
  const legacy = lineOfIsa(PIT_LINE);
  if (legacy > LAST_LINE || ((routes >>> legacy) & 1) === 0) return -1;
  return routeLineAsNmi(legacy) ? i32(legacy) : -1;
}

/** The first comparator value, then the period, then the interrupt (2.3.9.2.2). */
function beginBeats(hpet: Mmio, line: u32, ticks: u32): void {
  const mode = TIMER_PERIODIC + TIMER_32_BITS + (line & 31) * (1 << ROUTE_SHIFT);
  hpet.write32(TIMER_CONFIGURATION, mode + TIMER_SET_VALUE);
  hpet.write32(TIMER_COMPARATOR, (hpet.read32(HPET_COUNTER) + ticks) >>> 0);
  hpet.write32(TIMER_COMPARATOR, ticks);
  hpet.write32(TIMER_CONFIGURATION, mode + TIMER_ENABLE);
}

function startPit(): boolean {
  const line = lineOfIsa(PIT_LINE);
  if (!routeLineAsNmi(line)) return false;
  heartbeat.line = i32(line);
  portWrite8(PIT_COMMAND, PIT_RATE_GENERATOR);
  portWrite8(PIT_CHANNEL_0, 0);
  portWrite8(PIT_CHANNEL_0, 0);
  return true;
}
