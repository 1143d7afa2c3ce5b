/** Intel's TCO timer as the kernel reaches it: by its I/O ports. What they mean is `format/tco.ts`. */
import type { WatchdogTimer } from "../../device/watchdog-timer.ts";
import {
  armTco,
  disarmTco,
  isTcoBridge,
  reloadTco,
  TCO_NO_REBOOT,
  TCO_PM_BASE,
  TCO_ROOT_COMPLEX_BASE,
  tcoCausedReset,
  tcoControlAddress,
  tcoFirstPort,
  TcoPorts,
} from "../../format/tco.ts";
import { portRead16, portWrite16 } from "../../machine/intrinsics.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";

class MachinePorts implements TcoPorts {
  first: u16 = 0;

  read16(register: u8): u16 {
    return portRead16(this.at(register));
  }

  write16(register: u8, value: u16): void {
    portWrite16(this.at(register), value);
  }

  private at(register: u8): u16 {
    assert(this.first !== 0);
    return u16(this.first + register);
  }
}

export class TcoTimer implements WatchdogTimer {
  private readonly ports = new MachinePorts();

  /** Takes the timer of an LPC bridge. False where the bridge is of another kind, its ports are off, or the board forbids the reset. */
  start(bridge: PciFunction, registers: Mmio): boolean {
    if (!isTcoBridge(bridge.vendorId, bridge.deviceId)) return false;
    const first = tcoFirstPort(bridge.configRead32(TCO_PM_BASE));
    const control = tcoControlAddress(bridge.configRead32(TCO_ROOT_COMPLEX_BASE));
    if (first === 0 || control === 0n) return false;
    registers.map(control, 4);
    registers.write32(0, (registers.read32(0) & ~TCO_NO_REBOOT) >>> 0);
    if ((registers.read32(0) & TCO_NO_REBOOT) !== 0) return false;
    this.ports.first = first;
    return true;
  }

  name(): string {
    return "Intel TCO";
  }

  causedLastReset(): boolean {
    return tcoCausedReset(this.ports);
  }

  arm(timeoutMs: u32): boolean {
    return armTco(this.ports, timeoutMs);
  }

  reload(): void {
    reloadTco(this.ports);
  }

  disarm(): void {
    disarmTco(this.ports);
  }
}
