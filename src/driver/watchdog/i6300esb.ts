/**
 * The watchdog of Intel's 6300ESB (data sheet, chapter 16): an extra PCI function, which virtual machines offer as a device.
 *
 * Two stages of equal length; the second one's end resets the machine. Each write to its registers in memory is preceded by the two
 * words that unlock it.
 */
import type { WatchdogTimer } from "../../device/watchdog-timer.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";

const INTEL = 0x8086;
const DEVICE_ID = 0x25ab;

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

export class I6300Esb implements WatchdogTimer {
  private readonly registers = new Mmio();
  private device: PciFunction | null = null;

  /** Takes the function; false where it is another one, or has no registers. */
  start(candidate: PciFunction): boolean {
    if (candidate.vendorId !== INTEL || candidate.deviceId !== DEVICE_ID) return false;
    if (!candidate.mapBar(0, this.registers) || this.registers.length() < 16) return false;
    this.device = candidate;
    return true;
  }

  name(): string {
    return "Intel 6300ESB";
  }

  causedLastReset(): boolean {
    return (this.registers.read16(RELOAD) & TIMED_OUT) !== 0;
  }

  arm(timeoutMs: u32): boolean {
    const device = this.device;
    assert(device !== null);
    const steps = (BigInt(timeoutMs) * STEPS_PER_SECOND) / 1000n / STAGES;
    if (steps > TIMER_LIMIT) return false;
    this.disarm();
    device.configWrite8(CONFIGURATION, NO_INTERRUPT);
    this.unlock();
    this.registers.write32(TIMER_1, u32(Number(steps)));
    this.unlock();
    this.registers.write32(TIMER_2, u32(Number(steps)));
    this.unlock();
    this.registers.write16(RELOAD, TIMED_OUT + RELOAD_BIT);
    this.lock(LOCK_ENABLE);
    return true;
  }

  reload(): void {
    this.unlock();
    this.registers.write16(RELOAD, RELOAD_BIT);
  }

  disarm(): void {
    this.lock(0);
  }

  private lock(bits: u8): void {
    const device = this.device;
    assert(device !== null);
    device.configWrite8(LOCK, bits);
  }

  private unlock(): void {
    this.registers.write8(RELOAD, UNLOCK_1);
    this.registers.write8(RELOAD, UNLOCK_2);
  }
}
