/**
 * PCI: the functions on the bus and their configuration space.
 *
 * `scanPci` fills the table once at boot, by the memory-mapped configuration space that the firmware's MCFG table names
 * (PCI Express base specification 7.2.2), or by the ports 0xCF8/0xCFC where there is none (PCI 3.0, 3.2.2.3.2). Drivers
 * ask for `pciCount()` functions by `pciAt(index)`, never for a place on the bus. What the firmware assigned (BARs, bus
 * numbers) is kept. Messages of interrupts are set up in `pci-interrupts.ts`.
 *
 * The head of a function's configuration space:
 *
 *     00 vendor, device   04 command, status   08 revision, programming interface, subclass, class
 *     0c header type      10 six BARs          2c subsystem     34 first capability     3c interrupt line, pin
 */
import { portRead32, portWrite32, portWrite8 } from "./intrinsics.ts";
import { Mmio } from "./mmio.ts";
import { enableMessages, MessageSource } from "./pci-interrupts.ts";

export const PCI_FUNCTION_LIMIT = 128;
export const BAR_LIMIT = 6;

const CONFIG_ADDRESS = 0xcf8;
const CONFIG_DATA = 0xcfc;
/** Configuration bytes of a function by memory, and by ports. */
const FUNCTION_BYTES = 4096;
const BUS_BYTES = 0x10_0000;
const LEGACY_BYTES = 256;

const VENDOR = 0x00;
const COMMAND = 0x04;
const CLASS = 0x08;
const HEADER_TYPE = 0x0c;
const FIRST_BAR = 0x10;
const SUBSYSTEM = 0x2c;
const CAPABILITIES = 0x34;
const INTERRUPT_LINE = 0x3c;

const COMMAND_MEMORY = 0x2;
const COMMAND_BUS_MASTER = 0x4;
const COMMAND_NO_INTX = 0x400;
/** In the status half: a list of capabilities is there. */
const STATUS_CAPABILITIES = 0x10_0000;
/** A capability takes 4 bytes at least, so more than this is a loop. */
const CAPABILITY_STEPS = 48;
const NOBODY = 0xffff;

class PciBus {
  readonly functions = fixedArray(PCI_FUNCTION_LIMIT, () => new PciFunction());
  count: u32 = 0;
  /** Functions that found no place in the table. */
  dropped: u32 = 0;
  /** The memory-mapped configuration space of the buses from `firstBus`; of 0 bytes where ports are used. */
  readonly space = new Mmio();
  firstBus: u8 = 0;
  lastBus: u8 = 255;
}

/** One function of one device. An entry of the table, valid from `scanPci` on. */
export class PciFunction implements MessageSource {
  bus: u8 = 0;
  device: u8 = 0;
  function: u8 = 0;
  vendorId: u16 = 0;
  deviceId: u16 = 0;
  classCode: u8 = 0;
  subclass: u8 = 0;
  programmingInterface: u8 = 0;
  revision: u8 = 0;
  subsystemVendorId: u16 = 0;
  subsystemId: u16 = 0;
  /** The I/O line that the firmware says INTx is wired to; 255 where it is not. */
  interruptLine: u8 = 255;
  /** The driver that took it, or nothing. */
  driver: string = "";

  configRead32(offset: u32): u32 {
    return readConfig(this.bus, this.device, this.function, offset);
  }

  configWrite32(offset: u32, value: u32): void {
    writeConfig(this.bus, this.device, this.function, offset, value);
  }

  /** The 16 bits at an even offset. */
  configRead16(offset: u32): u16 {
    return u16((this.configRead32((offset & ~3) >>> 0) >>> ((offset & 2) * 8)) & 0xffff);
  }

  /** Writes 16 bits at an even offset, and the other half of their word as it was read. */
  configWrite16(offset: u32, value: u16): void {
    const aligned = (offset & ~3) >>> 0;
    const shift = (offset & 2) * 8;
    const kept = this.configRead32(aligned) & ~(0xffff << shift);
    this.configWrite32(aligned, (kept | (value << shift)) >>> 0);
  }

  /** Writes one byte alone: for registers whose neighbours mind being written. */
  configWrite8(offset: u32, value: u8): void {
    writeConfig8(this.bus, this.device, this.function, offset, value);
  }

  /** Whether base address `index` names I/O ports instead of memory. */
  barIsPort(index: u8): boolean {
    return (this.configRead32(barOffset(index)) & 1) !== 0;
  }

  /** Physical address, or first port, of base address `index`; 0 where the firmware assigned none. */
  barAddress(index: u8): u64 {
    const low = this.configRead32(barOffset(index));
    if ((low & 1) !== 0) return BigInt((low & ~3) >>> 0);
    const base = BigInt((low & ~15) >>> 0);
    if (!isWideBar(low) || index + 1 >= BAR_LIMIT) return base;
    return u64(base + BigInt(this.configRead32(barOffset(index) + 4)) * 0x1_0000_0000n);
  }

  /** The length in bytes of base address `index` (PCI 3.0, 6.2.5.1); 0 where there is none. Nothing may use the device meanwhile. */
  barBytes(index: u8): u64 {
    const offset = barOffset(index);
    const low = this.configRead32(offset);
    const command = this.configRead32(COMMAND) & 0xffff;
    this.configWrite32(COMMAND, (command & ~3) >>> 0);
    this.configWrite32(offset, 0xffff_ffff);
    const mask = this.configRead32(offset);
    this.configWrite32(offset, low);
    let high: u32 = 0xffff_ffff;
    if (isWideBar(low) && index + 1 < BAR_LIMIT) {
      const kept = this.configRead32(offset + 4);
      this.configWrite32(offset + 4, 0xffff_ffff);
      high = this.configRead32(offset + 4);
      this.configWrite32(offset + 4, kept);
    }
    this.configWrite32(COMMAND, command);
    if (mask === 0) return 0n;
    if ((low & 1) !== 0) return BigInt((~(mask & 0xfffc) + 1) & 0xffff);
    return BigInt.asUintN(64, ~(BigInt(high) * 0x1_0000_0000n + BigInt((mask & ~15) >>> 0)) + 1n);
  }

  /** Maps the registers of base address `index`. False where it is absent, a port, or larger than 256 MiB. */
  mapBar(index: u8, registers: Mmio): boolean {
    const address = this.barAddress(index);
    if (address === 0n || this.barIsPort(index)) return false;
    const bytes = this.barBytes(index);
    if (bytes === 0n || bytes > 0x1000_0000n) return false;
    this.setCommand(COMMAND_MEMORY);
    registers.map(address, u32(Number(bytes)));
    return true;
  }

  /** Lets the device answer at its BARs and read and write memory by itself. */
  enableBusMaster(): void {
    this.setCommand(COMMAND_MEMORY | COMMAND_BUS_MASTER);
  }

  /** Takes the device off memory: no DMA from here on. */
  disableBusMaster(): void {
    const command = this.configRead32(COMMAND) & 0xffff;
    this.configWrite32(COMMAND, (command & ~COMMAND_BUS_MASTER) >>> 0);
  }

  /**
   * Has the device raise `vector` by MSI-X (entry 0) or MSI, and turns INTx off. False if it can do neither; then the
   * driver polls. A vector comes from `claimVector` of `interrupts.ts`.
   */
  enableMessageInterrupt(vector: u8): boolean {
    if (!enableMessages(this, vector)) return false;
    this.setCommand(COMMAND_NO_INTX);
    return true;
  }

  /** The offset of the first capability with this id, or 0. */
  findCapability(id: u8): u8 {
    if ((this.configRead32(COMMAND) & STATUS_CAPABILITIES) === 0) return 0;
    let at: u8 = this.configRead32(CAPABILITIES) & 0xfc;
    for (let step: u32 = 0; step < CAPABILITY_STEPS && at >= 0x40; step++) {
      const head = this.configRead32(at);
      if ((head & 0xff) === id) return at;
      at = (head >>> 8) & 0xfc;
    }
    return 0;
  }

  private setCommand(bits: u16): void {
    const command = this.configRead32(COMMAND) & 0xffff;
    this.configWrite32(COMMAND, command | bits);
  }
}

const pci = new PciBus();

/** Says where the configuration space of buses `firstBus` to `lastBus` is mapped. Before `scanPci`; without it, ports are used. */
export function usePciSpace(physicalAddress: u64, firstBus: u8, lastBus: u8): void {
  assert(firstBus <= lastBus);
  pci.space.map(physicalAddress, (lastBus - firstBus + 1) * BUS_BYTES);
  pci.firstBus = firstBus;
  pci.lastBus = lastBus;
}

/** Finds every function. */
export function scanPci(): void {
  pci.count = 0;
  for (let bus: u32 = pci.firstBus; bus <= pci.lastBus; bus++) {
    for (let device: u8 = 0; device < 32; device++) scanDevice(u8(bus), device);
  }
}

/** How many functions there are. */
export function pciCount(): u32 {
  return pci.count;
}

/** Functions that the table had no room for. */
export function pciDropped(): u32 {
  return pci.dropped;
}

export function pciAt(index: u32): PciFunction {
  assert(index < pci.count);
  return pci.functions[index];
}

function scanDevice(bus: u8, device: u8): void {
  if ((readConfig(bus, device, 0, VENDOR) & 0xffff) === NOBODY) return;
  const many = (readConfig(bus, device, 0, HEADER_TYPE) & 0x80_0000) !== 0;
  const functions: u8 = many ? 8 : 1;
  for (let index: u8 = 0; index < functions; index++) {
    if ((readConfig(bus, device, index, VENDOR) & 0xffff) !== NOBODY) addFunction(bus, device, index);
  }
}

function addFunction(bus: u8, device: u8, index: u8): void {
  if (pci.count >= PCI_FUNCTION_LIMIT) {
    pci.dropped++;
    return;
  }
  const found = pci.functions[pci.count];
  pci.count++;
  found.bus = bus;
  found.device = device;
  found.function = index;
  const who = found.configRead32(VENDOR);
  found.vendorId = who & 0xffff;
  found.deviceId = who >>> 16;
  const what = found.configRead32(CLASS);
  found.classCode = what >>> 24;
  found.subclass = (what >>> 16) & 0xff;
  found.programmingInterface = (what >>> 8) & 0xff;
  found.revision = what & 0xff;
  const subsystem = found.configRead32(SUBSYSTEM);
  found.subsystemVendorId = subsystem & 0xffff;
  found.subsystemId = subsystem >>> 16;
  found.interruptLine = found.configRead32(INTERRUPT_LINE) & 0xff;
}

function barOffset(index: u8): u32 {
  assert(index < BAR_LIMIT);
  return FIRST_BAR + index * 4;
}

/** Whether a memory BAR takes 64 bits and so the next BAR too. */
function isWideBar(low: u32): boolean {
  return (low & 7) === 4;
}

/** Reads an aligned word; all ones where nobody answers or the space ends. */
function readConfig(bus: u8, device: u8, index: u8, offset: u32): u32 {
  assert(offset % 4 === 0 && offset < FUNCTION_BYTES);
  if (pci.space.length() > 0) return pci.space.read32(spaceOffset(bus, device, index, offset));
  if (offset >= LEGACY_BYTES) return 0xffff_ffff;
  portWrite32(CONFIG_ADDRESS, portAddress(bus, device, index, offset));
  return portRead32(CONFIG_DATA);
}

function writeConfig(bus: u8, device: u8, index: u8, offset: u32, value: u32): void {
  assert(offset % 4 === 0 && offset < FUNCTION_BYTES);
  if (pci.space.length() > 0) {
    pci.space.write32(spaceOffset(bus, device, index, offset), value);
    return;
  }
  if (offset >= LEGACY_BYTES) return;
  portWrite32(CONFIG_ADDRESS, portAddress(bus, device, index, offset));
  portWrite32(CONFIG_DATA, value);
}

function writeConfig8(bus: u8, device: u8, index: u8, offset: u32, value: u8): void {
  assert(offset < FUNCTION_BYTES);
  const aligned = (offset & ~3) >>> 0;
  if (pci.space.length() > 0) {
    pci.space.write8(u32(spaceOffset(bus, device, index, aligned) + (offset & 3)), value);
    return;
  }
  if (offset >= LEGACY_BYTES) return;
  portWrite32(CONFIG_ADDRESS, portAddress(bus, device, index, aligned));
  portWrite8(CONFIG_DATA + (offset & 3), value);
}

function spaceOffset(bus: u8, device: u8, index: u8, offset: u32): u32 {
  assert(bus >= pci.firstBus && bus <= pci.lastBus);
  return u32((bus - pci.firstBus) * BUS_BYTES + device * 0x8000 + index * FUNCTION_BYTES + offset);
}

function portAddress(bus: u8, device: u8, index: u8, offset: u32): u32 {
  return 0x8000_0000 + bus * 0x1_0000 + device * 0x800 + index * 0x100 + u32(offset & 0xfc);
}
