/** Intel's 6300ESB as the kernel reaches it: registers mapped, configuration by PCI. What they mean is `format/i6300esb.ts`. */
import type { WatchdogTimer } from "../../device/watchdog-timer.ts";
import {
  armEsb,
  disarmEsb,
  ESB_REGISTER_BYTES,
  esbCausedReset,
  EsbRegisters,
  isEsb,
  reloadEsb,
} from "../../format/i6300esb.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";

class MappedRegisters implements EsbRegisters {
  readonly mapped = new Mmio();
  device: PciFunction | null = null;

  read16(offset: u32): u16 {
    return this.mapped.read16(offset);
  }

  write8(offset: u32, value: u8): void {
    this.mapped.write8(offset, value);
  }

  write16(offset: u32, value: u16): void {
    this.mapped.write16(offset, value);
  }

  write32(offset: u32, value: u32): void {
    this.mapped.write32(offset, value);
  }

  configure8(offset: u32, value: u8): void {
    const device = this.device;
    assert(device !== null);
    device.configWrite8(offset, value);
  }
}

export class I6300Esb implements WatchdogTimer {
  private readonly registers = new MappedRegisters();

  /** Takes the function; false where it is another one, or has no registers. */
  start(candidate: PciFunction): boolean {
    if (!isEsb(candidate.vendorId, candidate.deviceId)) return false;
    const mapped = this.registers.mapped;
    if (!candidate.mapBar(0, mapped) || mapped.length() < ESB_REGISTER_BYTES) return false;
    this.registers.device = candidate;
    return true;
  }

  name(): string {
    return "Intel 6300ESB";
  }

  causedLastReset(): boolean {
    return esbCausedReset(this.registers);
  }

  arm(timeoutMs: u32): boolean {
    return armEsb(this.registers, timeoutMs);
  }

  reload(): void {
    reloadEsb(this.registers);
  }

  disarm(): void {
    disarmEsb(this.registers);
  }
}
