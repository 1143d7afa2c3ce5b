/**
 * What ACPI's tables say about the machine: MADT, MCFG, HPET, FADT, and the \_S5 package (ACPI 6.4, 5.2.9, 5.2.12, 7.4.2).
 *
 * Each function takes a table that `parseTable` found sound and fills a record of its own. Lengths within a table are not
 * believed: a walk ends at the table's end or at an entry that cannot be. What does not fit into a record is left out.
 */
import { TABLE_HEADER_BYTES } from "./acpi.ts";

export const IO_APIC_LIMIT = 8;
export const OVERRIDE_LIMIT = 16;

const MADT_LOCAL_ADDRESS = 36;
const MADT_ENTRIES = 44;
const MADT_PROCESSOR = 0;
const MADT_IO_APIC = 1;
const MADT_OVERRIDE = 2;
const MADT_LOCAL_OVERRIDE = 5;

const MCFG_ENTRIES = 44;
const MCFG_ENTRY_BYTES = 16;
/** Physical addresses of x86-64 have 52 bits at most. */
const PHYSICAL_LIMIT: u64 = 0x10_0000_0000_0000n;
const HPET_ADDRESS = 40;

const GENERIC_ADDRESS_BYTES = 12;
const SPACE_MEMORY = 0;
const SPACE_PORT = 1;

const FLAG_RESET_REGISTER = 0x400;
const FLAG_REDUCED_HARDWARE = 0x10_0000;

/** An I/O APIC and the first of the system's lines that it carries. */
export class IoApicEntry {
  address: u32 = 0;
  firstLine: u32 = 0;
}

/** An ISA line that arrives elsewhere or otherwise than it used to. */
export class LineOverride {
  isaLine: u8 = 0;
  line: u32 = 0;
  activeLow: boolean = false;
  level: boolean = false;
}

/** The MADT: who carries interrupts. */
export class InterruptModel {
  localApicAddress: u64 = 0n;
  processorCount: u32 = 0;
  ioApicCount: u32 = 0;
  overrideCount: u32 = 0;
  readonly ioApics = fixedArray(IO_APIC_LIMIT, () => new IoApicEntry());
  readonly overrides = fixedArray(OVERRIDE_LIMIT, () => new LineOverride());
}

/** The MCFG's first segment of PCI Express configuration space; of address 0 where there is none. */
export class PciSpace {
  address: u64 = 0n;
  firstBus: u8 = 0;
  lastBus: u8 = 0;
}

/** A register somewhere: of address 0 where there is none. */
export class Register {
  isMemory: boolean = false;
  address: u64 = 0n;
}

/** The FADT: registers of the chipset. */
export class FixedHardware {
  dsdtAddress: u64 = 0n;
  smiCommand: u16 = 0;
  acpiEnable: u8 = 0;
  pm1Control: u16 = 0;
  pm1ControlB: u16 = 0;
  pmTimer: u16 = 0;
  /** The CMOS register that holds the century, or 0. */
  centuryIndex: u8 = 0;
  readonly reset = new Register();
  resetValue: u8 = 0;
  readonly sleepControl = new Register();
}

/** What \_S5 wants written to the sleep type fields of the two PM1 control registers. */
export class SoftOff {
  found: boolean = false;
  type: u8 = 0;
  typeB: u8 = 0;
}

/** Reads the MADT ("APIC"). False where it is too short to be one. */
export function parseMadt(table: Bytes, into: InterruptModel): boolean {
  if (table.length < MADT_ENTRIES) return false;
  into.localApicAddress = BigInt(table.u32le(MADT_LOCAL_ADDRESS));
  let at: u32 = MADT_ENTRIES;
  while (table.length - at >= 2) {
    const length = table.u8(at + 1);
    if (length < 2 || length > table.length - at) break;
    addMadtEntry(table.slice(at, length), into);
    at += length;
  }
  return true;
}

/** Reads the MCFG. False where it names no configuration space of segment 0. */
export function parseMcfg(table: Bytes, into: PciSpace): boolean {
  for (let at: u32 = MCFG_ENTRIES; table.length >= MCFG_ENTRY_BYTES + at; at += MCFG_ENTRY_BYTES) {
    const entry = table.slice(at, MCFG_ENTRY_BYTES);
    const address = entry.u64le(0);
    if (entry.u16le(8) !== 0 || entry.u8(10) > entry.u8(11) || address === 0n) continue;
    if (address >= PHYSICAL_LIMIT) continue;
    into.firstBus = entry.u8(10);
    into.lastBus = entry.u8(11);
    // The address is that of bus 0, whether the segment begins there or not.
    into.address = u64(address + BigInt(into.firstBus * 0x10_0000));
    return true;
  }
  return false;
}

/** The physical address of the HPET, or 0. */
export function parseHpet(table: Bytes): u64 {
  const register = new Register();
  readGenericAddress(table, HPET_ADDRESS, register);
  return register.isMemory ? register.address : 0n;
}

/** Reads the FADT ("FACP"). Older ones are shorter: what they lack stays 0. False where not even a DSDT is named. */
export function parseFadt(table: Bytes, into: FixedHardware): boolean {
  into.dsdtAddress = wordAt64(table, 140);
  if (into.dsdtAddress === 0n) into.dsdtAddress = BigInt(wordAt32(table, 40));
  if (into.dsdtAddress === 0n) return false;
  const flags = wordAt32(table, 112);
  if ((flags & FLAG_REDUCED_HARDWARE) === 0) {
    into.smiCommand = portFrom(BigInt(wordAt32(table, 48)));
    into.acpiEnable = byteAt(table, 52);
    into.pm1Control = portAt(table, 172, 64);
    into.pm1ControlB = portAt(table, 184, 68);
    into.pmTimer = byteAt(table, 91) === 4 ? portAt(table, 208, 76) : 0;
    into.centuryIndex = byteAt(table, 108);
  }
  if ((flags & FLAG_RESET_REGISTER) !== 0) {
    readGenericAddress(table, 116, into.reset);
    into.resetValue = byteAt(table, 128);
  }
  readGenericAddress(table, 244, into.sleepControl);
  return true;
}

/**
 * Looks for `Name (\_S5, Package () { type, typeB, … })` in a DSDT or SSDT, by its bytes: NameOp, the name, PackageOp, a length of 1 to
 * 4 bytes, the number of elements, the elements as constants (20.2.5). The rest of the language is not needed for that.
 */
export function findSoftOff(table: Bytes, into: SoftOff): boolean {
  const name = utf8("_S5_");
  for (let at: u32 = TABLE_HEADER_BYTES + 2; at + 8 <= table.length; at++) {
    if (table.u8(at) !== 0x5f || !table.slice(at, 4).equals(name)) continue;
    if (!isNamed(table, at) || table.u8(at + 4) !== 0x12) continue;
    const elements = at + 7 + (table.u8(at + 5) >>> 6);
    if (readPackage(table, elements, into)) return true;
  }
  return false;
}

function addMadtEntry(entry: Bytes, into: InterruptModel): void {
  const kind = entry.u8(0);
  if (kind === MADT_PROCESSOR && entry.length >= 8 && (entry.u32le(4) & 1) !== 0) into.processorCount++;
  if (kind === MADT_IO_APIC && entry.length >= 12 && into.ioApicCount < IO_APIC_LIMIT) {
    const apic = into.ioApics[into.ioApicCount];
    apic.address = entry.u32le(4);
    apic.firstLine = entry.u32le(8);
    into.ioApicCount++;
  }
  if (kind === MADT_OVERRIDE && entry.length >= 10 && into.overrideCount < OVERRIDE_LIMIT) {
    const override = into.overrides[into.overrideCount];
    const flags = entry.u16le(8);
    override.isaLine = entry.u8(3);
    override.line = entry.u32le(4);
    // Polarity in bits 0 and 1, trigger in 2 and 3: 3 is the unusual one, 1 and "as the bus has it" are ISA's own.
    override.activeLow = (flags & 3) === 3;
    override.level = ((flags >>> 2) & 3) === 3;
    into.overrideCount++;
  }
  if (kind === MADT_LOCAL_OVERRIDE && entry.length >= 12) into.localApicAddress = entry.u64le(4);
}

/** Whether a name is being defined here: NameOp before it, with or without the root's backslash. */
function isNamed(table: Bytes, at: u32): boolean {
  if (table.u8(at - 1) === 0x08) return true;
  return table.u8(at - 1) === 0x5c && table.u8(at - 2) === 0x08;
}

function readPackage(table: Bytes, from: u32, into: SoftOff): boolean {
  const first = constantAt(table, from);
  if (first < 0) return false;
  const second = constantAt(table, from + constantBytes(table, from));
  into.found = true;
  into.type = u8(first & 7);
  into.typeB = second < 0 ? u8(first & 7) : u8(second & 7);
  return true;
}

/** The value of a constant of one byte (ZeroOp, OneOp, BytePrefix), or -1. */
function constantAt(table: Bytes, at: u32): i16 {
  if (at + 1 >= table.length) return -1;
  const code = table.u8(at);
  if (code === 0x00 || code === 0x01) return code;
  return code === 0x0a ? table.u8(at + 1) : -1;
}

function constantBytes(table: Bytes, at: u32): u8 {
  return table.u8(at) === 0x0a ? 2 : 1;
}

/** A port by its extended register, or by its old one where that is empty or elsewhere. */
function portAt(table: Bytes, extendedAt: u16, plainAt: u16): u16 {
  const register = new Register();
  readGenericAddress(table, extendedAt, register);
  if (!register.isMemory && register.address !== 0n) return portFrom(register.address);
  return portFrom(BigInt(wordAt32(table, plainAt)));
}

function portFrom(address: u64): u16 {
  return address <= 0xffffn ? u16(Number(address)) : 0;
}

/** Reads a generic address (5.2.3.2): space 0, width 1, offset 2, access 3, address 4. Other spaces count as none. */
function readGenericAddress(table: Bytes, at: u16, into: Register): void {
  into.isMemory = false;
  into.address = 0n;
  if (table.length < GENERIC_ADDRESS_BYTES + at) return;
  const space = table.u8(at);
  if (space !== SPACE_MEMORY && space !== SPACE_PORT) return;
  into.isMemory = space === SPACE_MEMORY;
  into.address = table.u64le(at + 4);
}

function byteAt(table: Bytes, at: u16): u8 {
  return at < table.length ? table.u8(at) : 0;
}

function wordAt32(table: Bytes, at: u16): u32 {
  return table.length >= at + 4 ? table.u32le(at) : 0;
}

function wordAt64(table: Bytes, at: u16): u64 {
  return table.length >= at + 8 ? table.u64le(at) : 0n;
}
