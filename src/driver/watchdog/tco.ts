/**
 * The TCO timer of Intel's chipsets from ICH6 to the 9 series (ICH9 data sheet, 13.9): the watchdog that most PCs and q35 have.
 *
 * It counts down in steps of 0.6 s and resets the machine at the second expiry, unless the board forbids it (NO_REBOOT). Its ports
 * stand 0x60 above the power management base, which the LPC bridge knows; NO_REBOOT lies in the bridge's registers in memory.
 */
import type { WatchdogTimer } from "../../device/watchdog-timer.ts";
import { portRead16, portWrite16 } from "../../machine/intrinsics.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";

const INTEL = 0x8086;
/** The first and the last device id of the LPC bridges whose timer is this one: ICH9 and ICH10, series 5 to 9. */
const FIRST_ID: readonly u16[] = [0x2912, 0x3a14, 0x3b00, 0x1c40, 0x1e40, 0x8c40, 0x8cc0];
const LAST_ID: readonly u16[] = [0x2919, 0x3a1a, 0x3b1f, 0x1c5f, 0x1e5f, 0x8c5f, 0x8cdf];

const PM_BASE = 0x40;
const PM_BASE_MASK = 0xff80;
const ROOT_COMPLEX_BASE = 0xf0;
const ROOT_COMPLEX_ENABLED = 0x1;
const ROOT_COMPLEX_MASK = 0xffff_c000;
const GENERAL_CONTROL = 0x3410;
const NO_REBOOT = 0x20;

const TCO_AT = 0x60;
const RELOAD = 0x00;
const STATUS_1 = 0x04;
const STATUS_2 = 0x06;
const CONTROL_1 = 0x08;
const TIMER = 0x12;
const TIMEOUT = 0x08;
/** Set by the second expiry, and kept over the reset that follows it. Written with ones, they are cleared. */
const SECOND_TIMEOUT = 0x02;
const BOOT_STATUS = 0x04;
const HALT = 0x0800;
const TICK_MS = 600;
/** Two expiries, each of so many ticks; the hardware takes no fewer than 2. */
const EXPIRIES = 2;
const TICKS_LEAST = 2;
const TICKS_LIMIT = 0x3ff;

export class TcoTimer implements WatchdogTimer {
  private base: u16 = 0;

  /** Takes the timer of an LPC bridge. False where the bridge is of another kind, its ports are off, or the board forbids the reset. */
  start(bridge: PciFunction, registers: Mmio): boolean {
    if (!isKnown(bridge)) return false;
    const base = bridge.configRead32(PM_BASE) & PM_BASE_MASK;
    const root = bridge.configRead32(ROOT_COMPLEX_BASE);
    if (base === 0 || (root & ROOT_COMPLEX_ENABLED) === 0) return false;
    registers.map(BigInt((root & ROOT_COMPLEX_MASK) >>> 0) + BigInt(GENERAL_CONTROL), 4);
    registers.write32(0, (registers.read32(0) & ~NO_REBOOT) >>> 0);
    if ((registers.read32(0) & NO_REBOOT) !== 0) return false;
    this.base = u16(base + TCO_AT);
    return true;
  }

  name(): string {
    return "Intel TCO";
  }

  causedLastReset(): boolean {
    return (portRead16(this.at(STATUS_2)) & SECOND_TIMEOUT) !== 0;
  }

  arm(timeoutMs: u32): boolean {
    const ticks = Math.trunc(timeoutMs / (TICK_MS * EXPIRIES)) + 1;
    if (ticks > TICKS_LIMIT) return false;
    this.disarm();
    portWrite16(this.at(STATUS_1), TIMEOUT);
    portWrite16(this.at(STATUS_2), SECOND_TIMEOUT + BOOT_STATUS);
    portWrite16(this.at(TIMER), ticks < TICKS_LEAST ? TICKS_LEAST : u16(ticks));
    this.reload();
    portWrite16(this.at(CONTROL_1), portRead16(this.at(CONTROL_1)) & ~HALT & 0xffff);
    return (portRead16(this.at(CONTROL_1)) & HALT) === 0;
  }

  /** Any value reloads. The expiry that may have been is forgotten too, or the next one would be the second. */
  reload(): void {
    portWrite16(this.at(STATUS_1), TIMEOUT);
    portWrite16(this.at(RELOAD), 1);
  }

  disarm(): void {
    portWrite16(this.at(CONTROL_1), (portRead16(this.at(CONTROL_1)) | HALT) & 0xffff);
  }

  private at(register: u8): u16 {
    assert(this.base !== 0);
    return u16(this.base + register);
  }
}

function isKnown(bridge: PciFunction): boolean {
  if (bridge.vendorId !== INTEL) return false;
  for (let i: u32 = 0; i < FIRST_ID.length; i++) {
    if (bridge.deviceId >= FIRST_ID[i] && bridge.deviceId <= LAST_ID[i]) return true;
  }
  return false;
}
