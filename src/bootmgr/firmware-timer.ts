/**
 * ChipsetTimer: the chipset's watchdog, armed by the boot manager for the way into the kernel.
 *
 * The firmware's own watchdog ends with its boot services, and the kernel arms the chipset's once it knows the bus: between the two a
 * kernel that hangs at its first instruction would stand for ever. The kernel takes the timer over (`src/driver/watchdog/`), which is
 * the same one: an extra device comes before the chipset's own, here as there. A caller of UEFI, as `firmware.ts` is.
 *
 *     find → causedLastReset → arm → (the jump, or disarm where the firmware does not let go)
 */
import { load32, store32 } from "../../uefi/memory.ts";
import {
  enablePciMemory,
  pciHandles,
  pciInterface,
  PciWidth,
  readPciConfiguration,
  readPciRegister,
  writePciConfiguration,
  writePciRegister,
} from "../../uefi/pci-io.ts";
import { portRead16, portWrite16 } from "../../uefi/processor.ts";
import { armEsb, disarmEsb, esbCausedReset, EsbRegisters, isEsb } from "../format/i6300esb.ts";
import {
  armTco,
  disarmTco,
  isTcoBridge,
  TCO_NO_REBOOT,
  TCO_PM_BASE,
  TCO_ROOT_COMPLEX_BASE,
  tcoCausedReset,
  tcoControlAddress,
  tcoFirstPort,
  TcoPorts,
} from "../format/tco.ts";

const HANDLE_BYTES = 8;
/** More functions than the kernel's own table has. */
const FUNCTION_LIMIT = 256;
const HANDLES_BYTES = 2048;
const VENDOR = 0x00;

/** Which timer there is. */
const enum TimerKind {
  none = 0,
  extra = 1,
  tco = 2,
}

class FirmwareRegisters implements EsbRegisters {
  pci: u64 = 0n;

  read16(offset: u32): u16 {
    return readPciRegister(this.pci, PciWidth.word, offset) & 0xffff;
  }

  write8(offset: u32, value: u8): void {
    writePciRegister(this.pci, PciWidth.byte, offset, value);
  }

  write16(offset: u32, value: u16): void {
    writePciRegister(this.pci, PciWidth.word, offset, value);
  }

  write32(offset: u32, value: u32): void {
    writePciRegister(this.pci, PciWidth.double, offset, value);
  }

  configure8(offset: u32, value: u8): void {
    writePciConfiguration(this.pci, PciWidth.byte, offset, value);
  }
}

class FirmwarePorts implements TcoPorts {
  first: u16 = 0;

  read16(register: u8): u16 {
    return portRead16(u16(this.first + register));
  }

  write16(register: u8, value: u16): void {
    portWrite16(u16(this.first + register), value);
  }
}

export class ChipsetTimer {
  private kind: TimerKind = TimerKind.none;
  private readonly registers = new FirmwareRegisters();
  private readonly ports = new FirmwarePorts();
  private readonly handles = new Uint8Array(HANDLES_BYTES);

  /** Looks for a timer on the bus. A machine without one is no fault. */
  find(): void {
    this.kind = TimerKind.none;
    const handles = bytesOf(this.handles);
    const count = pciHandles(handles);
    for (let i: u32 = 0; i < count && i < FUNCTION_LIMIT; i++) {
      const pci = pciInterface(handles.u64le(i * HANDLE_BYTES));
      if (pci === 0n) continue;
      const who = readPciConfiguration(pci, VENDOR);
      if (isEsb(who & 0xffff, who >>> 16) && enablePciMemory(pci)) {
        this.registers.pci = pci;
        this.kind = TimerKind.extra;
      } else if (this.kind === TimerKind.none && isTcoBridge(who & 0xffff, who >>> 16) && this.takeTco(pci)) {
        this.kind = TimerKind.tco;
      }
    }
  }

  /** Whether a timer caused the last reset; `arm` forgets it. */
  causedLastReset(): boolean {
    switch (this.kind) {
      case TimerKind.none:
        return false;
      case TimerKind.extra:
        return esbCausedReset(this.registers);
      case TimerKind.tco:
        return tcoCausedReset(this.ports);
    }
  }

  /** The machine is reset after so long, unless the kernel takes the timer over. False where there is none, or none that counts so far. */
  arm(timeoutMs: u32): boolean {
    switch (this.kind) {
      case TimerKind.none:
        return false;
      case TimerKind.extra:
        return armEsb(this.registers, timeoutMs);
      case TimerKind.tco:
        return armTco(this.ports, timeoutMs);
    }
  }

  /** The kernel was not entered after all: nobody is rebooted out of the menu. */
  disarm(): void {
    if (this.kind === TimerKind.extra) disarmEsb(this.registers);
    if (this.kind === TimerKind.tco) disarmTco(this.ports);
  }

  /** Whether the bridge's timer can reset the machine: ports on, and NO_REBOOT can be cleared. */
  private takeTco(pci: u64): boolean {
    const first = tcoFirstPort(readPciConfiguration(pci, TCO_PM_BASE));
    const control = tcoControlAddress(readPciConfiguration(pci, TCO_ROOT_COMPLEX_BASE));
    if (first === 0 || control === 0n) return false;
    store32(control, (load32(control) & ~TCO_NO_REBOOT) >>> 0);
    if ((load32(control) & TCO_NO_REBOOT) !== 0) return false;
    this.ports.first = first;
    return true;
  }
}
