/**
 * The two ways to end, by ACPI and by what worked before it (ACPI 6.4, 4.8.3.6 reset register, 4.8.3.2.1 PM1 control).
 *
 * The kernel's main fills `PowerRegisters` from the FADT and the DSDT's \_S5 package. `reboot` tries the ACPI reset
 * register, the chipset's reset port 0xCF9, the keyboard controller's reset line, and a triple fault, each with time to
 * take effect. `powerOff` that finds no way says so by returning to nobody: the processor halts.
 */
import type { Power } from "../device/power.ts";
import {
  breakpoint,
  disableInterrupts,
  haltForever,
  loadIdt,
  pauseProcessor,
  portRead16,
  portRead8,
  portWrite16,
  portWrite8,
  store8,
} from "./intrinsics.ts";
import { mapDeviceMemory, MemoryType } from "./paging.ts";
import { stopNmi } from "./watchdog-nmi.ts";

/** Which space a register of ACPI lies in (5.2.3.2). */
export const enum RegisterSpace {
  none = 0,
  memory = 1,
  port = 2,
}

const SLEEP_ENABLE = 0x2000;
const SLEEP_TYPE_MASK = 0x1c00;
const ACPI_ENABLED = 0x1;
/** In the sleep control register of machines without PM1 registers. */
const REDUCED_SLEEP_ENABLE = 0x20;
const RESET_CONTROL = 0xcf9;
const KEYBOARD_STATUS = 0x64;
const KEYBOARD_INPUT_FULL = 0x02;
const KEYBOARD_RESET = 0xfe;
/** Some 100 ms of looks at a port. */
const PATIENCE = 100_000;

/** Where the machine's own registers for sleeping and resetting are. Zero where it has none. */
export class PowerRegisters {
  /** Ports of the PM1 control registers. */
  pm1Control: u16 = 0;
  pm1ControlB: u16 = 0;
  /** What is written to `smiCommand` to take the registers over from the firmware. */
  smiCommand: u16 = 0;
  acpiEnable: u8 = 0;
  /** Whether the DSDT names S5, and what it wants in the two registers. */
  hasSoftOff: boolean = false;
  softOffType: u8 = 0;
  softOffTypeB: u8 = 0;
  resetSpace: RegisterSpace = RegisterSpace.none;
  resetAddress: u64 = 0n;
  resetValue: u8 = 0;
  /** For machines without PM1 registers (hardware-reduced ACPI). */
  sleepSpace: RegisterSpace = RegisterSpace.none;
  sleepAddress: u64 = 0n;
}

export class AcpiPower implements Power {
  readonly registers = new PowerRegisters();

  /** Maps what lies in memory, now that it can be. After the registers were filled in, before either end. */
  prepare(): void {
    const found = this.registers;
    if (found.resetSpace === RegisterSpace.memory)
      mapDeviceMemory(found.resetAddress, 1n, MemoryType.uncached);
    if (found.sleepSpace === RegisterSpace.memory)
      mapDeviceMemory(found.sleepAddress, 1n, MemoryType.uncached);
    this.takeOver();
  }

  reboot(): void {
    disableInterrupts();
    stopNmi();
    writeRegister(this.registers.resetSpace, this.registers.resetAddress, this.registers.resetValue);
    wait();
    // A full reset of the platform: prepare, then go.
    portWrite8(RESET_CONTROL, 0x02);
    portWrite8(RESET_CONTROL, 0x0e);
    wait();
    resetByKeyboardController();
    wait();
    loadIdt(0n, 0);
    breakpoint();
    haltForever();
  }

  powerOff(): void {
    disableInterrupts();
    const found = this.registers;
    if (found.hasSoftOff && found.pm1Control !== 0) {
      enterSleep(found.pm1Control, found.softOffType);
      if (found.pm1ControlB !== 0) enterSleep(found.pm1ControlB, found.softOffTypeB);
    } else if (found.hasSoftOff) {
      const value = REDUCED_SLEEP_ENABLE + (found.softOffType & 7) * 4;
      writeRegister(found.sleepSpace, found.sleepAddress, u8(value));
    }
    wait();
    haltForever();
  }

  /** Where the firmware still holds the registers, asks for them (4.8.2.5). */
  private takeOver(): void {
    const found = this.registers;
    if (found.pm1Control === 0 || found.smiCommand === 0 || found.acpiEnable === 0) return;
    if ((portRead16(found.pm1Control) & ACPI_ENABLED) !== 0) return;
    portWrite8(found.smiCommand, found.acpiEnable);
    for (let look: u32 = 0; look < PATIENCE; look++) {
      if ((portRead16(found.pm1Control) & ACPI_ENABLED) !== 0) return;
      pauseProcessor();
    }
  }
}

/** Sleep type and enable bit in one write; the rest of the register stays. */
function enterSleep(port: u16, type: u8): void {
  const kept = portRead16(port) & ~(SLEEP_TYPE_MASK | SLEEP_ENABLE);
  portWrite16(port, u16((kept & 0xffff) + (type & 7) * 0x400 + SLEEP_ENABLE));
}

function writeRegister(space: RegisterSpace, address: u64, value: u8): void {
  switch (space) {
    case RegisterSpace.memory:
      store8(address, value);
      return;
    case RegisterSpace.port:
      if (address <= 0xffffn) portWrite8(u16(Number(address)), value);
      return;
    case RegisterSpace.none:
      return;
  }
}

/** Pulses the line that once ran from the 8042 to the processor's reset. */
function resetByKeyboardController(): void {
  for (let look: u32 = 0; look < PATIENCE; look++) {
    if ((portRead8(KEYBOARD_STATUS) & KEYBOARD_INPUT_FULL) === 0) break;
    pauseProcessor();
  }
  portWrite8(KEYBOARD_STATUS, KEYBOARD_RESET);
}

/** Time for a reset to arrive, without a clock: port 0x80 takes about a microsecond to write. */
function wait(): void {
  for (let i: u32 = 0; i < PATIENCE; i++) portWrite8(0x80, 0);
}
