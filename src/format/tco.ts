/**
 * The TCO timer of Intel's chipsets from ICH6 to the 9 series (ICH9 data sheet, 13.9): the watchdog that most PCs and q35 have.
 *
 * It counts down in steps of 0.6 s and resets the machine at the second expiry, unless the board forbids it (NO_REBOOT). Its ports
 * stand 0x60 above the power management base, which the LPC bridge knows; NO_REBOOT lies in the bridge's registers in memory.
 * Here are the registers and the order of accesses; who reaches them, and how, is the business of `TcoPorts`: the kernel by its
 * driver, the boot manager while the firmware still runs.
 */

const INTEL = 0x8086;
/** The first and the last device id of the LPC bridges whose timer is this one: ICH9 and ICH10, series 5 to 9. */
const FIRST_ID: readonly u16[] = [0x2912, 0x3a14, 0x3b00, 0x1c40, 0x1e40, 0x8c40, 0x8cc0];
const LAST_ID: readonly u16[] = [0x2919, 0x3a1a, 0x3b1f, 0x1c5f, 0x1e5f, 0x8c5f, 0x8cdf];

/** In the bridge's configuration: the power management base, and the base of its registers in memory. */
export const TCO_PM_BASE = 0x40;
export const TCO_ROOT_COMPLEX_BASE = 0xf0;
/** Among those registers, and the bit by which the board forbids the reset. */
export const TCO_NO_REBOOT = 0x20;

const PM_BASE_MASK = 0xff80;
const ROOT_COMPLEX_ENABLED = 0x1;
const ROOT_COMPLEX_MASK = 0xffff_c000;
const GENERAL_CONTROL = 0x3410;
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

/** The timer's ports, from its first one on. */
export interface TcoPorts {
  read16(register: u8): u16;
  write16(register: u8, value: u16): void;
}

/** Whether a PCI function is an LPC bridge with this timer. */
export function isTcoBridge(vendorId: u16, deviceId: u16): boolean {
  if (vendorId !== INTEL) return false;
  for (let i: u32 = 0; i < FIRST_ID.length; i++) {
    if (deviceId >= FIRST_ID[i] && deviceId <= LAST_ID[i]) return true;
  }
  return false;
}

/** The timer's first port, by what the bridge says at `TCO_PM_BASE`; 0 where its ports are off. */
export function tcoFirstPort(pmBase: u32): u16 {
  const base = pmBase & PM_BASE_MASK;
  return base === 0 ? 0 : u16(base + TCO_AT);
}

/** The address of the register with NO_REBOOT, by what the bridge says at `TCO_ROOT_COMPLEX_BASE`; 0 where it is off. */
export function tcoControlAddress(rootComplexBase: u32): u64 {
  if ((rootComplexBase & ROOT_COMPLEX_ENABLED) === 0) return 0n;
  return BigInt((rootComplexBase & ROOT_COMPLEX_MASK) >>> 0) + BigInt(GENERAL_CONTROL);
}

/** Whether the timer caused the last reset; `armTco` forgets it. */
export function tcoCausedReset(ports: TcoPorts): boolean {
  return (ports.read16(STATUS_2) & SECOND_TIMEOUT) !== 0;
}

/** Starts the timer anew: the machine is reset after `timeoutMs`, in whole steps. False where it cannot count so far, or does not run. */
export function armTco(ports: TcoPorts, timeoutMs: u32): boolean {
  const ticks = Math.trunc(timeoutMs / (TICK_MS * EXPIRIES)) + 1;
  if (ticks > TICKS_LIMIT) return false;
  disarmTco(ports);
  ports.write16(STATUS_1, TIMEOUT);
  ports.write16(STATUS_2, SECOND_TIMEOUT + BOOT_STATUS);
  ports.write16(TIMER, ticks < TICKS_LEAST ? TICKS_LEAST : u16(ticks));
  reloadTco(ports);
  ports.write16(CONTROL_1, ports.read16(CONTROL_1) & ~HALT & 0xffff);
  return (ports.read16(CONTROL_1) & HALT) === 0;
}

/** Any value reloads. The expiry that may have been is forgotten too, or the next one would be the second. */
export function reloadTco(ports: TcoPorts): void {
  ports.write16(STATUS_1, TIMEOUT);
  ports.write16(RELOAD, 1);
}

export function disarmTco(ports: TcoPorts): void {
  ports.write16(CONTROL_1, (ports.read16(CONTROL_1) | HALT) & 0xffff);
}
