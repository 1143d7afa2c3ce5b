/**
 * The watchdog of Intel's 6300ESB (data sheet, chapter 16): an extra PCI function, which virtual machines offer as a device.
 *
 * Two stages of equal length; the second one's end resets the machine. Each write to its registers in memory is preceded by the two
 * words that unlock it. Here are the registers and the order of accesses; who reaches them, and how, is the business of
 * `EsbRegisters`: the kernel by its driver, the boot manager through the firmware.
 */

const INTEL = 0x8086;
const DEVICE_ID = 0x25ab;
/** How many bytes of registers the function has at least. */
export const ESB_REGISTER_BYTES = 16;

const TIMER_1 = 0x00;
const TIMER_2 = 0x04;
const RELOAD = 0x0c;
const UNLOCK_1 = 0x80;
const UNLOCK_2 = 0x86;
const RELOAD_BIT = 0x100;
/** The timer ended the last run of the machine; written with a one, it is cleared. */
const TIMED_OUT = 0x200;
/** In configuration space. */
const CONFIGURATION = 0x60;
const LOCK = 0x68;
/** The first stage's end raises no interrupt; a step is about a millisecond. */
const NO_INTERRUPT = 0x03;
const LOCK_ENABLE = 0x02;
const STAGES: u64 = 2n;
const TIMER_LIMIT: u64 = 0xf_ffffn;
/** 32,768 cycles of the 33 MHz of PCI are 993 µs: so many steps are a thousand milliseconds. */
const STEPS_PER_SECOND: u64 = 1007n;

/** The function's registers in memory, and a byte of its configuration. */
export interface EsbRegisters {
  read16(offset: u32): u16;
  write8(offset: u32, value: u8): void;
  write16(offset: u32, value: u16): void;
  write32(offset: u32, value: u32): void;
  configure8(offset: u32, value: u8): void;
}

/** Whether a PCI function is this timer. */
export function isEsb(vendorId: u16, deviceId: u16): boolean {
  return vendorId === INTEL && deviceId === DEVICE_ID;
}

/** Whether the timer caused the last reset; `armEsb` forgets it. */
export function esbCausedReset(registers: EsbRegisters): boolean {
  return (registers.read16(RELOAD) & TIMED_OUT) !== 0;
}

/** Starts the timer anew: the machine is reset after `timeoutMs`. False where it cannot count so far. */
export function armEsb(registers: EsbRegisters, timeoutMs: u32): boolean {
  const steps = (BigInt(timeoutMs) * STEPS_PER_SECOND) / 1000n / STAGES;
  if (steps > TIMER_LIMIT) return false;
  disarmEsb(registers);
  registers.configure8(CONFIGURATION, NO_INTERRUPT);
  unlock(registers);
  registers.write32(TIMER_1, u32(Number(steps)));
  unlock(registers);
  registers.write32(TIMER_2, u32(Number(steps)));
  unlock(registers);
  registers.write16(RELOAD, TIMED_OUT + RELOAD_BIT);
  registers.configure8(LOCK, LOCK_ENABLE);
  return true;
}

export function reloadEsb(registers: EsbRegisters): void {
  unlock(registers);
  registers.write16(RELOAD, RELOAD_BIT);
}

export function disarmEsb(registers: EsbRegisters): void {
  registers.configure8(LOCK, 0);
}

function unlock(registers: EsbRegisters): void {
  registers.write8(RELOAD, UNLOCK_1);
  registers.write8(RELOAD, UNLOCK_2);
}
