/**
 * The I/O APICs, which carry the lines of old devices (keyboard, serial port) to the processor, and the two 8259s, which
 * no longer do (Intel 82093AA).
 *
 * The kernel's main adds what the MADT lists; a driver then routes an ISA line to a vector that it claimed. Every other
 * line stays masked. PCI devices send messages and need none of this.
 */
import { localApicId } from "./apic.ts";
import { portWrite8 } from "./intrinsics.ts";
import { Mmio } from "./mmio.ts";

const IO_APIC_LIMIT = 8;
const ISA_LINES = 16;
const REGISTER_BYTES = 0x20;
const SELECT = 0x00;
const WINDOW = 0x10;
const VERSION = 0x01;
const FIRST_REDIRECTION = 0x10;

const MASKED = 0x1_0000;
const ACTIVE_LOW = 0x2000;
const LEVEL = 0x8000;
/** Delivered as a non-maskable interrupt; the vector means nothing then. */
const DELIVER_NMI = 0x400;

const PRIMARY_COMMAND = 0x20;
const PRIMARY_DATA = 0x21;
const SECONDARY_COMMAND = 0xa0;
const SECONDARY_DATA = 0xa1;

class IoApic {
  readonly registers = new Mmio();
  firstLine: u32 = 0;
  lineCount: u32 = 0;
}

/** What an ISA line really is: the MADT's overrides, or the line itself. */
class IsaLine {
  line: u32 = 0;
  activeLow: boolean = false;
  level: boolean = false;
}

class IoApics {
  readonly all = fixedArray(IO_APIC_LIMIT, () => new IoApic());
  count: u32 = 0;
  readonly isa = fixedArray(ISA_LINES, () => new IsaLine());
}

const apics = new IoApics();

/** Moves both 8259s' vectors out of the exceptions' way and masks all their lines (Intel 8259A, initialisation). */
export function maskLegacyControllers(): void {
  portWrite8(PRIMARY_COMMAND, 0x11);
  portWrite8(SECONDARY_COMMAND, 0x11);
  portWrite8(PRIMARY_DATA, 0x20);
  portWrite8(SECONDARY_DATA, 0x28);
  portWrite8(PRIMARY_DATA, 0x04);
  portWrite8(SECONDARY_DATA, 0x02);
  portWrite8(PRIMARY_DATA, 0x01);
  portWrite8(SECONDARY_DATA, 0x01);
  portWrite8(PRIMARY_DATA, 0xff);
  portWrite8(SECONDARY_DATA, 0xff);
  for (let i: u32 = 0; i < ISA_LINES; i++) apics.isa[i].line = i;
}

/** Takes an I/O APIC whose first input is the system's line `firstLine`, and masks all of it. */
export function addIoApic(physicalAddress: u64, firstLine: u32): void {
  if (apics.count >= IO_APIC_LIMIT) return;
  const apic = apics.all[apics.count];
  apics.count++;
  apic.registers.map(physicalAddress, REGISTER_BYTES);
  apic.firstLine = firstLine;
  apic.lineCount = ((readRegister(apic, VERSION) >>> 16) & 0xff) + 1;
  for (let input: u32 = 0; input < apic.lineCount; input++) writeRedirection(apic, input, MASKED);
}

/** Says that ISA line `isa` arrives at the system's line `line`. After `maskLegacyControllers`. */
export function overrideIsaLine(isa: u8, line: u32, activeLow: boolean, level: boolean): void {
  if (isa >= ISA_LINES) return;
  apics.isa[isa].line = line;
  apics.isa[isa].activeLow = activeLow;
  apics.isa[isa].level = level;
}

/** Has the system's line `line`, edge-triggered, raise an NMI. False where no I/O APIC has the line, or somebody else does. */
export function routeLineAsNmi(line: u32): boolean {
  for (let i: u32 = 0; i < apics.count; i++) {
    const apic = apics.all[i];
    if (line < apic.firstLine || line - apic.firstLine >= apic.lineCount) continue;
    const input = u32(line - apic.firstLine);
    if ((readRegister(apic, u32(FIRST_REDIRECTION + (input & 0xff) * 2)) & MASKED) === 0) return false;
    writeRedirection(apic, input, DELIVER_NMI);
    return true;
  }
  return false;
}

/** Raises nothing from the system's line `line` any more. */
export function maskLine(line: u32): void {
  for (let i: u32 = 0; i < apics.count; i++) {
    const apic = apics.all[i];
    if (line < apic.firstLine || line - apic.firstLine >= apic.lineCount) continue;
    writeRedirection(apic, u32(line - apic.firstLine), MASKED);
  }
}

/** The system's line at which ISA line `isa` arrives. */
export function lineOfIsa(isa: u8): u32 {
  assert(isa < ISA_LINES);
  return apics.isa[isa].line;
}

/** Has ISA line `isa` raise `vector`. False where no I/O APIC has the line: then the driver polls. */
export function routeIsaLine(isa: u8, vector: u8): boolean {
  assert(isa < ISA_LINES && vector >= 32);
  const line = apics.isa[isa];
  for (let i: u32 = 0; i < apics.count; i++) {
    const apic = apics.all[i];
    if (line.line < apic.firstLine || line.line - apic.firstLine >= apic.lineCount) continue;
    let entry: u32 = vector;
    if (line.activeLow) entry += ACTIVE_LOW;
    if (line.level) entry += LEVEL;
    writeRedirection(apic, u32(line.line - apic.firstLine), entry);
    return true;
  }
  return false;
}

/** Sets an input: the destination first, so that it is never unmasked with a wrong one. */
function writeRedirection(apic: IoApic, input: u32, entry: u32): void {
  assert(input < 256);
  writeRegister(apic, u32(FIRST_REDIRECTION + input * 2 + 1), localApicId() * 0x100_0000);
  writeRegister(apic, u32(FIRST_REDIRECTION + input * 2), entry);
}

function readRegister(apic: IoApic, index: u32): u32 {
  apic.registers.write32(SELECT, index);
  return apic.registers.read32(WINDOW);
}

function writeRegister(apic: IoApic, index: u32, value: u32): void {
  apic.registers.write32(SELECT, index);
  apic.registers.write32(WINDOW, value);
}
