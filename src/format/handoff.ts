/**
 * The handoff: the one record that the boot manager gives the kernel.
 *
 * The boot manager writes it (`beginHandoff`, the fields of `HANDOFF`, `addMemory`, `addPayload`, `sealHandoff`) into
 * memory that it marks as `MemoryKind.handoff`; the kernel reads it once (`parseHandoff`) before it believes anything in
 * it. Little endian; physical addresses; every length in bytes unless its name says otherwise; 0 where something is
 * absent. `docs/PROTOCOL.md` describes the jump around it.
 *
 *       0  magic "RAYHANDF"   version   recordBytes   crc32       ← the CRC covers everything behind it
 *      20  how much stands in the three tables, ids, the choice, the medium
 *     120  frame buffer, ACPI, kernel image, page tables, serial line, log, times, entropy, firmware
 *     320  devicePath          256 bytes of text
 *     576  payloads             16 × 56
 *    1472  memory              512 × 16, ascending, without overlap
 *    9664  end
 *
 * What stands before the CRC is compared with its only right values, so that no flipped bit passes.
 */
import { crc32 } from "../base/crc32.ts";

/** "RAYHANDF", read big endian. */
export const HANDOFF_MAGIC = 0x5241_5948_414e_4446n;
export const HANDOFF_VERSION = 1;
export const MEMORY_LIMIT = 512;
export const PAYLOAD_LIMIT = 16;
export const DEVICE_PATH_LIMIT = 256;
const PAGE_BYTES = 4096n;
/** Where the CRC's own cover begins: behind its field. */
const COVER_FROM = 20;

export const HANDOFF = layout(9664, {
  magic: be64(0),
  version: le32(8),
  recordBytes: le32(12),
  crc: le32(16),
  memoryCount: le32(20),
  /** Random, new with every boot; log entries, crash artifacts and boot records carry it. */
  bootId: octets(24, 16),
  installationId: octets(40, 16),
  /** The manifest (release or snapshot) of the object store that was loaded. */
  manifestId: le32(56),
  /** A `BootReason`. */
  reason: at8(60),
  /** 1 at the first try. */
  tryNumber: at8(61),
  tryMaximum: at8(62),
  /** A `BootMode`. */
  mode: at8(63),
  /** 1 if the boot medium hangs on USB. */
  mediumIsUsb: at8(64),
  /** 1 if the objects came from the recovery partition. */
  fromRecoveryStore: at8(65),
  /** Whether the chipset's watchdog caused the last reset, as the boot manager saw it before it armed the timer; 1 if it did. */
  chipsetFired: at8(66),
  /** The series of the manifest, whose try this boot is; 0 for none. */
  series: at8(67),
  /** The chipset's watchdog runs, and resets the machine so many seconds after the jump; 0 where it does not run. */
  watchdogSeconds: le16(68),
  reserved2: le16(70),
  diskGuid: octets(72, 16),
  espPartitionGuid: octets(88, 16),
  systemPartitionGuid: octets(104, 16),
  frameBufferAddress: le64(120),
  frameBufferBytes: le64(128),
  frameBufferWidth: le32(136),
  frameBufferHeight: le32(140),
  /** Bytes from one row to the next. */
  frameBufferStride: le32(144),
  /** A `FrameBufferFormat`. */
  frameBufferFormat: le32(148),
  /** The ACPI root pointer (RSDP). */
  acpiRoot: le64(152),
  kernelBase: le64(160),
  kernelBytes: le64(168),
  /** What CR3 holds at the jump. */
  pageTableRoot: le64(176),
  /** The virtual address at which the page tables show physical address 0; 0 if they show it in place. */
  physicalMapBase: le64(184),
  /** First I/O port of a 16550, 0x3f8 as a rule. */
  serialPort: le16(192),
  serialPortCount: le16(194),
  payloadCount: le32(196),
  /** The boot manager's own text, UTF-8, a line per `\n`. */
  logAddress: le64(200),
  logBytes: le32(208),
  devicePathLength: le32(212),
  /** Time of day at the jump, UTC. */
  unixSeconds: le64(216),
  /** The processor's counter when the boot manager started, and at the jump. */
  tscAtStart: le64(224),
  tscAtHandoff: le64(232),
  entropy: octets(240, 32),
  /** For the runtime services; the firmware's memory stays mapped in place. */
  efiSystemTable: le64(272),
  /** A stretch of memory that outlives a restart (`crash-memory.ts`); 0 where there is none. */
  crashMemoryAddress: le64(280),
  reserved1: octets(288, 32),
  devicePath: octets(320, 256),
  payloads: octets(576, 896),
  memory: octets(1472, 8192),
});

const MEMORY_ENTRY = layout(16, {
  base: le64(0),
  /** Of 4 KiB. */
  pages: le32(8),
  /** A `MemoryKind`. */
  kind: le32(12),
});

const PAYLOAD_ENTRY = layout(56, {
  /** A `PayloadKind`. */
  kind: le32(0),
  reserved0: le32(4),
  address: le64(8),
  sizeBytes: le64(16),
  sha256: octets(24, 32),
});

/** What may be done with a stretch of physical memory. Whatever stands in no entry is not RAM. */
export const enum MemoryKind {
  reserved = 0,
  /** Free from the first instruction of the kernel. */
  usable = 1,
  /** Boot services and boot manager: free once the kernel stands on its own stack, tables and handoff copy. */
  reclaimable = 2,
  kernel = 3,
  pageTables = 4,
  /** This record and the log text. */
  handoff = 5,
  payload = 6,
  /** Free once the ACPI tables were read. */
  acpiTables = 7,
  acpiNvs = 8,
  /** The firmware's runtime services: stays as and where it is. */
  runtimeCode = 9,
  runtimeData = 10,
  mmio = 11,
  unusable = 12,
  /** What outlives a restart: the kernel's to read and write, never to hand out. */
  crashMemory = 13,
}

/** The byte order of a pixel of 32 bits, from the lowest address up. */
export const enum FrameBufferFormat {
  none = 0,
  bgrx = 1,
  rgbx = 2,
}

export const enum PayloadKind {
  none = 0,
  /** The boot manager's EFI file, which an installation writes onto the next disk. */
  bootManager = 1,
  kernel = 2,
  configuration = 3,
  guestKernel = 4,
  guestInitrd = 5,
  guestDisk = 6,
}

export const enum HandoffError {
  badMagic = 1,
  badVersion = 2,
  badLength = 3,
  badCrc = 4,
  /** The CRC is right, but a count or an address is not: the writer is at fault. */
  badContent = 5,
}

/** Empties `record` (of `HANDOFF.byteLength` bytes) and names it a handoff. */
export function beginHandoff(record: Bytes): void {
  assert(record.length === HANDOFF.byteLength);
  record.fill(0);
  HANDOFF.magic.set(record, HANDOFF_MAGIC);
  HANDOFF.version.set(record, HANDOFF_VERSION);
  HANDOFF.recordBytes.set(record, HANDOFF.byteLength);
}

/**
 * Adds a stretch of memory behind the last one, with which it is joined if they touch and are of one kind.
 * False if the table is full, or if the stretch is empty, out of order or longer than 2^32 - 1 pages.
 */
export function addMemory(record: Bytes, base: u64, pages: u64, kind: MemoryKind): boolean {
  const count = HANDOFF.memoryCount.get(record);
  if (pages === 0n || pages > 0xffff_ffffn || base % PAGE_BYTES !== 0n) return false;
  if (base + pages * PAGE_BYTES > 0xffff_ffff_ffff_ffffn) return false;
  if (count > 0) {
    const end = memoryEnd(record, count - 1);
    if (base < end) return false;
    const joined = BigInt(memoryPages(record, count - 1)) + pages;
    if (base === end && memoryKind(record, count - 1) === kind && joined <= 0xffff_ffffn) {
      MEMORY_ENTRY.pages.set(memoryEntry(record, count - 1), u32(Number(joined)));
      return true;
    }
  }
  if (count >= MEMORY_LIMIT) return false;
  const entry = memoryEntry(record, count);
  MEMORY_ENTRY.base.set(entry, base);
  MEMORY_ENTRY.pages.set(entry, u32(Number(pages)));
  MEMORY_ENTRY.kind.set(entry, kind);
  HANDOFF.memoryCount.set(record, count + 1);
  return true;
}

/** Adds a payload that lies in memory; `sha256` has 32 bytes. False if the table is full. */
export function addPayload(
  record: Bytes,
  kind: PayloadKind,
  address: u64,
  sizeBytes: u64,
  sha256: Bytes,
): boolean {
  const count = HANDOFF.payloadCount.get(record);
  if (count >= PAYLOAD_LIMIT) return false;
  const entry = payloadEntry(record, count);
  PAYLOAD_ENTRY.kind.set(entry, kind);
  PAYLOAD_ENTRY.address.set(entry, address);
  PAYLOAD_ENTRY.sizeBytes.set(entry, sizeBytes);
  PAYLOAD_ENTRY.sha256.of(entry).copyFrom(sha256);
  HANDOFF.payloadCount.set(record, count + 1);
  return true;
}

/** Sets the boot medium's device path as text; what is longer than `DEVICE_PATH_LIMIT` is cut off. */
export function setDevicePath(record: Bytes, text: Bytes): void {
  const length: u32 = text.length <= DEVICE_PATH_LIMIT ? text.length : DEVICE_PATH_LIMIT;
  HANDOFF.devicePath.of(record).slice(0, length).copyFrom(text.slice(0, length));
  HANDOFF.devicePathLength.set(record, length);
}

/** The last step: nothing is changed after it, or the kernel refuses the record. */
export function sealHandoff(record: Bytes): void {
  HANDOFF.crc.set(record, coveredCrc(record));
}

/** Checks a record from its magic to its last table and returns a view of exactly its bytes. */
export function parseHandoff(record: Bytes): Result<Bytes, HandoffError> {
  if (record.length < COVER_FROM) return err(HandoffError.badLength);
  if (HANDOFF.magic.get(record) !== HANDOFF_MAGIC) return err(HandoffError.badMagic);
  if (HANDOFF.version.get(record) !== HANDOFF_VERSION) return err(HandoffError.badVersion);
  if (HANDOFF.recordBytes.get(record) !== HANDOFF.byteLength) return err(HandoffError.badLength);
  if (record.length < HANDOFF.byteLength) return err(HandoffError.badLength);
  const exact = record.slice(0, HANDOFF.byteLength);
  if (HANDOFF.crc.get(exact) !== coveredCrc(exact)) return err(HandoffError.badCrc);
  if (!contentIsSound(exact)) return err(HandoffError.badContent);
  return ok(exact);
}

/** The sentence for an error, for a machine that can say nothing else. */
export function handoffErrorText(error: HandoffError): string {
  switch (error) {
    case HandoffError.badMagic:
      return "the record from the boot manager does not begin with RAYHANDF";
    case HandoffError.badVersion:
      return "the boot manager is of another version than the kernel";
    case HandoffError.badLength:
      return "the record from the boot manager has a wrong length";
    case HandoffError.badCrc:
      return "the record from the boot manager is damaged: its CRC does not match";
    case HandoffError.badContent:
      return "the record from the boot manager contradicts itself";
  }
}

/** The boot medium's device path as text. */
export function devicePathText(record: Bytes): Bytes {
  return HANDOFF.devicePath.of(record).slice(0, HANDOFF.devicePathLength.get(record));
}

/** Physical address at which a stretch of memory starts. */
export function memoryBase(record: Bytes, index: u32): u64 {
  return MEMORY_ENTRY.base.get(memoryEntry(record, index));
}

/** Its length in pages of 4 KiB. */
export function memoryPages(record: Bytes, index: u32): u32 {
  return MEMORY_ENTRY.pages.get(memoryEntry(record, index));
}

/** The first address behind it. */
export function memoryEnd(record: Bytes, index: u32): u64 {
  return u64(memoryBase(record, index) + BigInt(memoryPages(record, index)) * PAGE_BYTES);
}

/** Its kind; a number that this version does not know is `reserved`. */
export function memoryKind(record: Bytes, index: u32): MemoryKind {
  return memoryKindFrom(MEMORY_ENTRY.kind.get(memoryEntry(record, index)));
}

/** The index of the first payload of this kind, or -1. */
export function findPayload(record: Bytes, kind: PayloadKind): i32 {
  const count = HANDOFF.payloadCount.get(record);
  for (let i: u32 = 0; i < count; i++) {
    const found: u32 = kind;
    if (PAYLOAD_ENTRY.kind.get(payloadEntry(record, i)) === found) return i32(i);
  }
  return -1;
}

export function payloadAddress(record: Bytes, index: u32): u64 {
  return PAYLOAD_ENTRY.address.get(payloadEntry(record, index));
}

export function payloadSizeBytes(record: Bytes, index: u32): u64 {
  return PAYLOAD_ENTRY.sizeBytes.get(payloadEntry(record, index));
}

/** The 32 bytes that the payload hashed to when it was loaded. */
export function payloadSha256(record: Bytes, index: u32): Bytes {
  return PAYLOAD_ENTRY.sha256.of(payloadEntry(record, index));
}

function memoryEntry(record: Bytes, index: u32): Bytes {
  assert(index < MEMORY_LIMIT);
  return HANDOFF.memory.of(record).slice(index * MEMORY_ENTRY.byteLength, MEMORY_ENTRY.byteLength);
}

function payloadEntry(record: Bytes, index: u32): Bytes {
  assert(index < PAYLOAD_LIMIT);
  return HANDOFF.payloads.of(record).slice(index * PAYLOAD_ENTRY.byteLength, PAYLOAD_ENTRY.byteLength);
}

function coveredCrc(record: Bytes): u32 {
  return crc32(record.slice(COVER_FROM, HANDOFF.byteLength - COVER_FROM));
}

/** Counts within their tables, memory in order, the try within its maximum. */
function contentIsSound(record: Bytes): boolean {
  if (HANDOFF.memoryCount.get(record) > MEMORY_LIMIT) return false;
  if (HANDOFF.payloadCount.get(record) > PAYLOAD_LIMIT) return false;
  if (HANDOFF.devicePathLength.get(record) > DEVICE_PATH_LIMIT) return false;
  if (HANDOFF.tryNumber.get(record) > HANDOFF.tryMaximum.get(record)) return false;
  let end: u64 = 0n;
  const count = HANDOFF.memoryCount.get(record);
  for (let i: u32 = 0; i < count; i++) {
    const base = memoryBase(record, i);
    const bytes = BigInt(memoryPages(record, i)) * PAGE_BYTES;
    if (base % PAGE_BYTES !== 0n || base < end || bytes === 0n) return false;
    if (base + bytes > 0xffff_ffff_ffff_ffffn) return false;
    end = u64(base + bytes);
  }
  return true;
}

function memoryKindFrom(value: u32): MemoryKind {
  switch (value) {
    case 1:
      return MemoryKind.usable;
    case 2:
      return MemoryKind.reclaimable;
    case 3:
      return MemoryKind.kernel;
    case 4:
      return MemoryKind.pageTables;
    case 5:
      return MemoryKind.handoff;
    case 6:
      return MemoryKind.payload;
    case 7:
      return MemoryKind.acpiTables;
    case 8:
      return MemoryKind.acpiNvs;
    case 9:
      return MemoryKind.runtimeCode;
    case 10:
      return MemoryKind.runtimeData;
    case 11:
      return MemoryKind.mmio;
    case 12:
      return MemoryKind.unusable;
    case 13:
      return MemoryKind.crashMemory;
    default:
      return MemoryKind.reserved;
  }
}
