/**
 * EFI_PCI_IO_PROTOCOL (UEFI 2.10, section 14.4): a function on the PCI bus as the firmware's bus driver shows it.
 *
 * Configuration space and the registers behind base address 0, for what little the boot manager asks of a device itself. Gone with
 * the boot services.
 */
import { handlesOf, protocolOf } from "./boot-services.ts";
import { call4, call5, call6, Cell, load64 } from "./memory.ts";
import { failed } from "./status.ts";

const PCI_IO: string = "4CF5B200-68B8-4CA5-9EEC-B23E3F50029A";

const PROTOCOL = layout(160, {
  pollMemory: le64(0),
  pollPort: le64(8),
  readMemory: le64(16),
  writeMemory: le64(24),
  readPort: le64(32),
  writePort: le64(40),
  readConfiguration: le64(48),
  writeConfiguration: le64(56),
  copyMemory: le64(64),
  map: le64(72),
  unmap: le64(80),
  allocateBuffer: le64(88),
  freeBuffer: le64(96),
  flush: le64(104),
  getLocation: le64(112),
  attributes: le64(120),
  getBarAttributes: le64(128),
  setBarAttributes: le64(136),
  romSize: le64(144),
  romImage: le64(152),
});

/** How wide an access is: the numbers are the firmware's. */
export const enum PciWidth {
  byte = 0,
  word = 1,
  double = 2,
}

const ENABLE_ATTRIBUTES = 2n;
const MEMORY_ATTRIBUTE = 0x200n;
const FIRST_BAR = 0n;
const ONE = 1n;

/** Writes the handles of all functions to `into`, 8 bytes each; how many fitted. */
export function pciHandles(into: Bytes): u32 {
  return handlesOf(PCI_IO, into);
}

/** The interface of a handle, or 0. */
export function pciInterface(handle: u64): u64 {
  return protocolOf(handle, PCI_IO);
}

/** Reads 32 bits of a function's configuration; all ones where the firmware refuses. */
export function readPciConfiguration(pci: u64, offset: u32): u32 {
  const value = new Cell();
  const status = call5(
    member(pci, PROTOCOL.readConfiguration.offset),
    pci,
    BigInt(PciWidth.double),
    BigInt(offset),
    ONE,
    value.address(),
  );
  return failed(status) ? 0xffff_ffff : u32(Number(value.value() & 0xffff_ffffn));
}

/** Writes to a function's configuration; false where the firmware refuses. */
export function writePciConfiguration(pci: u64, width: PciWidth, offset: u32, value: u32): boolean {
  const cell = new Cell();
  cell.set(BigInt(value));
  const target = member(pci, PROTOCOL.writeConfiguration.offset);
  return !failed(call5(target, pci, BigInt(width), BigInt(offset), ONE, cell.address()));
}

/** Has the function answer at its registers in memory; false where the firmware refuses. */
export function enablePciMemory(pci: u64): boolean {
  return !failed(
    call4(member(pci, PROTOCOL.attributes.offset), pci, ENABLE_ATTRIBUTES, MEMORY_ATTRIBUTE, 0n),
  );
}

/** Reads a register behind base address 0; all ones where the firmware refuses. */
export function readPciRegister(pci: u64, width: PciWidth, offset: u32): u32 {
  const value = new Cell();
  const status = call6(
    member(pci, PROTOCOL.readMemory.offset),
    pci,
    BigInt(width),
    FIRST_BAR,
    BigInt(offset),
    ONE,
    value.address(),
  );
  return failed(status) ? 0xffff_ffff : u32(Number(value.value() & 0xffff_ffffn));
}

/** Writes a register behind base address 0; false where the firmware refuses. */
export function writePciRegister(pci: u64, width: PciWidth, offset: u32, value: u32): boolean {
  const cell = new Cell();
  cell.set(BigInt(value));
  const target = member(pci, PROTOCOL.writeMemory.offset);
  return !failed(call6(target, pci, BigInt(width), FIRST_BAR, BigInt(offset), ONE, cell.address()));
}

function member(pci: u64, offset: u32): u64 {
  return load64(u64(pci + BigInt(offset)));
}
