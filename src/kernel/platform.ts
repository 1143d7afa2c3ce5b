/**
 * Platform: what ACPI says, handed to the parts of the machine that it is about.
 *
 * The bridge between `format/acpi-hardware.ts`, which knows tables, and `machine/`, which knows registers. Every function
 * is one step of the kernel's main.
 */
import type { Clock } from "../device/clock.ts";
import { FixedHardware, Register } from "../format/acpi-hardware.ts";
import { AcpiPower, RegisterSpace } from "../machine/acpi-power.ts";
import { enableLocalApic, startTimer } from "../machine/apic.ts";
import { enableInterrupts } from "../machine/intrinsics.ts";
import { claimVectorFor, SPURIOUS_VECTOR, TIMER_VECTOR } from "../machine/interrupts.ts";
import { addIoApic, maskLegacyControllers, overrideIsaLine, routeIsaLine } from "../machine/io-apic.ts";
import { scanPci, usePciSpace } from "../machine/pci.ts";
import { COM1_LINE, SerialPort } from "../machine/serial.ts";
import { MachineClock } from "../machine/time.ts";
import { AcpiTables } from "./acpi-tables.ts";

/** Wake-ups a second: what bounds every sleep. */
const TICKS_PER_SECOND = 100;

/** The ways to restart and to switch off. */
export function preparePower(power: AcpiPower, tables: AcpiTables): void {
  const into = power.registers;
  const fixed: FixedHardware = tables.fixed;
  into.pm1Control = fixed.pm1Control;
  into.pm1ControlB = fixed.pm1ControlB;
  into.smiCommand = fixed.smiCommand;
  into.acpiEnable = fixed.acpiEnable;
  into.hasSoftOff = tables.softOff.found;
  into.softOffType = tables.softOff.type;
  into.softOffTypeB = tables.softOff.typeB;
  into.resetSpace = spaceOf(fixed.reset);
  into.resetAddress = fixed.reset.address;
  into.resetValue = fixed.resetValue;
  into.sleepSpace = spaceOf(fixed.sleepControl);
  into.sleepAddress = fixed.sleepControl.address;
  power.prepare();
}

/** The local APIC on, every line of the I/O APICs and the 8259s masked. Interrupts stay off. */
export function prepareInterrupts(tables: AcpiTables): void {
  maskLegacyControllers();
  enableLocalApic(SPURIOUS_VECTOR);
  const model = tables.interrupts;
  for (let i: u32 = 0; i < model.ioApicCount; i++) {
    addIoApic(BigInt(model.ioApics[i].address), model.ioApics[i].firstLine);
  }
  for (let i: u32 = 0; i < model.overrideCount; i++) {
    const override = model.overrides[i];
    overrideIsaLine(override.isaLine, override.line, override.activeLow, override.level);
  }
}

/** Time runs. */
export function startClock(clock: MachineClock, tables: AcpiTables): void {
  if (tables.fixed.pmTimer !== 0) clock.usePmTimer(tables.fixed.pmTimer);
  if (tables.hpetAddress !== 0n && !clock.useHpet(tables.hpetAddress)) tables.hpetAddress = 0n;
  clock.start(tables.fixed.centuryIndex);
}

/** The tick runs, and interrupts are on from here. */
export function startTicking(clock: Clock): void {
  startTimer(clock, TIMER_VECTOR, TICKS_PER_SECOND);
  enableInterrupts();
}

/** A byte on the serial line is taken as it comes. Where no I/O APIC has its line, the event loop polls at every tick. */
export function wakeOnSerial(serial: SerialPort): void {
  if (routeIsaLine(COM1_LINE, claimVectorFor(serial))) serial.enableReceiveInterrupt();
}

/** Every function on the bus. */
export function findPciFunctions(tables: AcpiTables): void {
  const space = tables.pciSpace;
  if (space.address !== 0n) usePciSpace(space.address, space.firstBus, space.lastBus);
  scanPci();
}

function spaceOf(register: Register): RegisterSpace {
  if (register.address === 0n) return RegisterSpace.none;
  return register.isMemory ? RegisterSpace.memory : RegisterSpace.port;
}
