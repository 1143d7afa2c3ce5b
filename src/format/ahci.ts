/**
 * AHCI: registers, command lists and tables as bytes, no I/O (Serial ATA AHCI 1.3.1 specification).
 *
 * What a port finds in memory, all of it little endian:
 *
 *     command list     32 headers of 32 bytes      what a slot is about, where its table is
 *     received FIS     256 bytes                   what the disk sent, as it came
 *     command table    0 the command, a register FIS of 20 bytes    128 one region of memory (16 bytes)
 *
 * Memory of one call is contiguous, so that one region of up to 4 MiB names all of it.
 */

/** The host's registers in BAR 5 (section 3.1); the ports' stand behind them. */
export const AHCI_REGISTERS = layout(0x100, {
  capabilities: le32(0x00),
  globalControl: le32(0x04),
  interruptStatus: le32(0x08),
  portsImplemented: le32(0x0c),
  version: le32(0x10),
  coalescing: octets(0x14, 8),
  enclosure: octets(0x1c, 8),
  capabilities2: le32(0x24),
  handoffControl: le32(0x28),
  reserved0: octets(0x2c, 0xd4),
});

/** A port's registers (section 3.3). */
export const PORT_REGISTERS = layout(0x80, {
  commandListBase: le32(0x00),
  commandListBaseHigh: le32(0x04),
  receivedBase: le32(0x08),
  receivedBaseHigh: le32(0x0c),
  interruptStatus: le32(0x10),
  interruptEnable: le32(0x14),
  command: le32(0x18),
  reserved0: le32(0x1c),
  taskFile: le32(0x20),
  signature: le32(0x24),
  linkStatus: le32(0x28),
  linkControl: le32(0x2c),
  linkError: le32(0x30),
  active: le32(0x34),
  issue: le32(0x38),
  reserved1: octets(0x3c, 0x44),
});

export const AHCI_PORT_LIMIT = 32;
/** Where the registers of a port stand in BAR 5. */
export function portRegistersAt(index: u8): u32 {
  return AHCI_REGISTERS.byteLength + index * PORT_REGISTERS.byteLength;
}

/** CAP (section 3.1.1). */
export const CAPABILITY_STAGGERED_SPIN_UP = 0x0800_0000;
export const CAPABILITY_NCQ = 0x4000_0000;
export const CAPABILITY_64_BIT = 0x8000_0000;
/** CAP2, BOHC: the firmware gives the controller away (sections 3.1.10, 3.1.11). */
export const CAPABILITY2_HANDOFF = 0x1;
export const HANDOFF_FIRMWARE_OWNS = 0x1;
export const HANDOFF_WE_OWN = 0x2;
/** GHC (section 3.1.2). */
export const CONTROL_RESET = 0x1;
export const CONTROL_INTERRUPTS = 0x2;
export const CONTROL_AHCI = 0x8000_0000;

/** PxCMD (section 3.3.7). */
export const COMMAND_START = 0x1;
export const COMMAND_SPIN_UP = 0x2;
export const COMMAND_POWER_ON = 0x4;
export const COMMAND_RECEIVE = 0x10;
export const COMMAND_RECEIVE_RUNNING = 0x4000;
export const COMMAND_LIST_RUNNING = 0x8000;
export const COMMAND_ACTIVE_LINK = 0x1000_0000;
export const COMMAND_LINK_MASK = 0xf000_0000;

/** PxIS: the disk could not carry a command out; the host or the link failed (section 3.3.5). */
export const EVENT_TASK_FILE_ERROR = 0x4000_0000;
export const EVENT_ANY_ERROR = 0x7900_0000;
/** PxIE: the disk sent registers or bits, the link changed, something failed. */
export const EVENTS_WANTED = 0x7d40_004f;

/** PxSSTS, PxSCTL (sections 3.3.10, 3.3.11). */
export const LINK_DETECTION_MASK = 0xf;
export const LINK_ABSENT = 0x0;
export const LINK_UP = 0x3;
export const LINK_CONTROL_RESET = 0x301;
export const LINK_CONTROL_IDLE = 0x300;

/** PxSIG of a disk; ATAPI drives and port multipliers have others. */
export const SIGNATURE_ATA = 0x0000_0101;

export const COMMAND_LIST_BYTES = 1024;
export const RECEIVED_BYTES = 256;
export const COMMAND_TABLE_BYTES = 256;
export const AHCI_TRANSFER_LIMIT_BYTES = 0x10_0000;

const HEADER = layout(32, {
  /** Bits 4:0: words of 32 bits of the command FIS; bit 6: data goes to the disk. */
  flags: le16(0),
  regionCount: le16(2),
  transferredBytes: le32(4),
  table: le64(8),
  reserved0: octets(16, 16),
});

/** Register FIS, host to device (Serial ATA 3.0, section 10.3.4). */
const COMMAND_FIS = layout(20, {
  type: at8(0),
  /** Bit 7: this is a command. */
  flags: at8(1),
  command: at8(2),
  features: at8(3),
  lbaLow: octets(4, 3),
  device: at8(7),
  lbaHigh: octets(8, 3),
  featuresHigh: at8(11),
  count: le16(12),
  isochronous: at8(14),
  control: at8(15),
  reserved0: octets(16, 4),
});

const REGION_AT = 128;
const REGION = layout(16, {
  address: le64(0),
  reserved0: le32(8),
  /** Bytes less one. */
  lastByte: le32(12),
});

const FIS_HOST_TO_DEVICE = 0x27;
const FIS_IS_COMMAND = 0x80;
const FIS_WORDS = 5;
const HEADER_WRITE = 0x40;
/** The address is an LBA. */
const DEVICE_LBA = 0x40;
const TAG_SHIFT = 3;

/** The header of `slot` within a command list. */
export function commandHeader(list: Bytes, slot: u8): Bytes {
  return list.slice(slot * HEADER.byteLength, HEADER.byteLength);
}

/** Says that the command in the table at `tableAddress` moves no data. */
export function writeHeader(header: Bytes, tableAddress: u64): void {
  header.fill(0);
  HEADER.flags.set(header, FIS_WORDS);
  HEADER.table.set(header, tableAddress);
}

/** Adds `lengthBytes` of memory at `address` to the command: both even. */
export function writeRegion(
  header: Bytes,
  table: Bytes,
  isWrite: boolean,
  address: u64,
  lengthBytes: u32,
): void {
  assert(address % 2n === 0n && lengthBytes % 2 === 0);
  assert(lengthBytes > 0 && lengthBytes <= AHCI_TRANSFER_LIMIT_BYTES);
  HEADER.flags.set(header, isWrite ? FIS_WORDS | HEADER_WRITE : FIS_WORDS);
  HEADER.regionCount.set(header, 1);
  const region = table.slice(REGION_AT, REGION.byteLength);
  region.fill(0);
  REGION.address.set(region, address);
  REGION.lastByte.set(region, lengthBytes - 1);
}

/** A command with a 48-bit address: DMA, flush, identify, stand by (which ignore `lba` and `sectors`). */
export function writeCommand(table: Bytes, command: u8, lba: u64, sectors: u32): void {
  const fis = beginFis(table, command, lba);
  COMMAND_FIS.count.set(fis, sectors & 0xffff);
}

/** A queued read or write, whose tag is its slot: the sectors are counted where the features stand (ACS-3, section 7.23). */
export function writeQueuedCommand(table: Bytes, command: u8, lba: u64, sectors: u32, slot: u8): void {
  const fis = beginFis(table, command, lba);
  COMMAND_FIS.features.set(fis, sectors & 0xff);
  COMMAND_FIS.featuresHigh.set(fis, (sectors >>> 8) & 0xff);
  COMMAND_FIS.count.set(fis, slot << TAG_SHIFT);
}

function beginFis(table: Bytes, command: u8, lba: u64): Bytes {
  assert(lba < 0x1_0000_0000_0000n);
  const fis = table.slice(0, COMMAND_FIS.byteLength);
  fis.fill(0);
  COMMAND_FIS.type.set(fis, FIS_HOST_TO_DEVICE);
  COMMAND_FIS.flags.set(fis, FIS_IS_COMMAND);
  COMMAND_FIS.command.set(fis, command);
  COMMAND_FIS.device.set(fis, DEVICE_LBA);
  setLba(COMMAND_FIS.lbaLow.of(fis), u32(Number(lba & 0xff_ffffn)));
  setLba(COMMAND_FIS.lbaHigh.of(fis), u32(Number(lba >> 24n)));
  return fis;
}

function setLba(field: Bytes, value: u32): void {
  field.setU8(0, value & 0xff);
  field.setU8(1, (value >>> 8) & 0xff);
  field.setU8(2, (value >>> 16) & 0xff);
}
