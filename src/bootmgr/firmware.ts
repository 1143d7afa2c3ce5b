/**
 * The firmware as the boot manager sees it: time, chance, memory, variables, the medium it came from, and the ways to end.
 *
 * This file, `firmware-console.ts`, `firmware-disk.ts`, `firmware-timer.ts` and `other-loaders.ts` are the only callers of UEFI; whoever
 * calls them needs no word of its specification. Everything here works until `leaveFirmware` succeeded.
 */
import { sha256, SHA256_BYTES } from "../base/sha256.ts";
import { FrameBufferFormat, HANDOFF } from "../format/handoff.ts";
import {
  allocatePages,
  allocatePagesAt,
  connectEverything,
  disableFirmwareWatchdog,
  exitBootServices,
  exitToFirmware,
  freePages,
  getMemoryMap,
  MemoryMapFacts,
  pagesFor,
  stall,
} from "../../uefi/boot-services.ts";
import { devicePathOf } from "../../uefi/device-path.ts";
import { bootServicesEnded, systemTable } from "../../uefi/entry.ts";
import { FrameBufferFacts, PixelFormat, readFrameBuffer } from "../../uefi/graphics-output.ts";
import { bootDeviceHandle, bootFilePath } from "../../uefi/loaded-image.ts";
import { bytesAt } from "../../uefi/memory.ts";
import {
  cpuid,
  CpuidRegister,
  enterKernel,
  readCr4,
  readTsc,
  trampolineAddress,
} from "../../uefi/processor.ts";
import { fillRandom } from "../../uefi/random.ts";
import {
  getVariable,
  GLOBAL_VARIABLES,
  ResetKind,
  resetSystem,
  setVariable,
  VARIABLE_KEPT,
  wallSeconds,
} from "../../uefi/runtime-services.ts";
import { ABORTED, failed, statusName } from "../../uefi/status.ts";
import { ACPI_1_TABLE, ACPI_2_TABLE, configurationTable } from "../../uefi/system-table.ts";
import { MemoryMap } from "../format/firmware-memory.ts";

const MAP_BYTES = 65536;
const PAGE_BYTES = 4096n;
const HANDLE_SCRATCH_BYTES = 8192;
const EXTENDED_FEATURES = 0x8000_0001;
const HAS_NO_EXECUTE = 1 << 20;
const HAS_HUGE_PAGES = 1 << 26;
const FIVE_LEVEL_PAGING = 0x1000n;
/** EFI_OS_INDICATIONS_BOOT_TO_FW_UI. */
const BOOT_TO_SETUP = 1n;

class FirmwareState {
  tscAtStart: u64 = 0n;
  readonly map = new Uint8Array(MAP_BYTES);
  readonly handles = new Uint8Array(HANDLE_SCRATCH_BYTES);
}

const state = new FirmwareState();

/** The first call: notes the time, and turns off the reset that the firmware would do after five minutes in the menu. */
export function startFirmware(): void {
  state.tscAtStart = readTsc();
  disableFirmwareWatchdog();
}

/** Seconds since 1970, or 0 where the machine does not know. */
export function secondsNow(): u64 {
  return wallSeconds();
}

/** Fills `into` (32 bytes) with chance: the firmware's where it has some, mixed with the clocks in any case. */
export function gatherEntropy(into: Bytes): void {
  const pool = new Uint8Array(64);
  const mix = bytesOf(pool);
  fillRandom(mix.slice(0, SHA256_BYTES));
  mix.setU64le(32, readTsc());
  mix.setU64le(40, wallSeconds());
  mix.setU64le(48, state.tscAtStart);
  mix.setU64le(56, readTsc());
  sha256(mix, into);
}

/** Memory that lives on in the kernel: contiguous pages for `byteLength` bytes; the address, 0 where there is none. */
export function takeMemory(byteLength: u64): u64 {
  return allocatePages(pagesFor(byteLength));
}

/** The same at one address; false where it is not free. */
export function takeMemoryAt(address: u64, byteLength: u64): boolean {
  return allocatePagesAt(address, pagesFor(byteLength));
}

export function giveMemoryBack(address: u64, byteLength: u64): void {
  freePages(address, pagesFor(byteLength));
}

/** The memory at an address that `takeMemory` gave. */
export function memoryAt(address: u64, byteLength: u32): Bytes {
  return bytesAt(address, byteLength);
}

/** The bytes of the partition's device path that this program was read from; empty if it came from elsewhere. */
export function bootMediumPath(): Bytes {
  const handle = bootDeviceHandle();
  return handle === 0n ? bytesAt(0n, 0) : devicePathOf(handle);
}

/** The path of this program's file on that partition, as device path nodes. */
export function bootMediumFile(): Bytes {
  return bootFilePath();
}

/** Wakes every driver of the firmware: a fast boot leaves disks out. */
export function wakeAllDevices(): void {
  connectEverything(bytesOf(state.handles));
}

/** Reads a global variable to `into`; its length, -1 where it is missing, -2 where it is too long. */
export function readVariable(name: Bytes, into: Bytes): i32 {
  return getVariable(name, GLOBAL_VARIABLES, into);
}

/** Sets a global variable for good; false where the firmware refuses. */
export function keepVariable(name: Bytes, value: Bytes): boolean {
  return !failed(setVariable(name, GLOBAL_VARIABLES, VARIABLE_KEPT, value));
}

/** What the processor lacks that RayOS needs, as a sentence; empty where it has everything. */
export function processorFault(): string {
  if ((cpuid(EXTENDED_FEATURES, CpuidRegister.edx) & HAS_NO_EXECUTE) === 0) {
    return "RayOS needs a processor that can protect data from being executed (NX).";
  }
  if ((readCr4() & FIVE_LEVEL_PAGING) !== 0n) {
    return "The firmware runs with 57-bit addresses, which RayOS does not support. Please turn them off in its setup.";
  }
  return "";
}

/** Whether pages of 1 GiB exist. */
export function hasHugePages(): boolean {
  return (cpuid(EXTENDED_FEATURES, CpuidRegister.edx) & HAS_HUGE_PAGES) !== 0;
}

/** Writes what the machine is into a handoff: frame buffer, ACPI, system table, time at the start. */
export function describeMachine(record: Bytes): void {
  describeFrameBuffer(record);
  const acpi2 = configurationTable(ACPI_2_TABLE);
  HANDOFF.acpiRoot.set(record, acpi2 !== 0n ? acpi2 : configurationTable(ACPI_1_TABLE));
  HANDOFF.efiSystemTable.set(record, systemTable());
  HANDOFF.tscAtStart.set(record, state.tscAtStart);
}

/** Takes the memory map as it is now; false where it cannot be read. */
export function readMemoryMap(map: MemoryMap): boolean {
  const facts = new MemoryMapFacts();
  return takeMap(map, facts);
}

/**
 * Takes the last memory map and ends the boot services. The firmware may change its map while it is asked (a timer of its
 * own): then the key is old and one more try with a new map is due. False where it refuses twice.
 */
export function leaveFirmware(map: MemoryMap): boolean {
  const facts = new MemoryMapFacts();
  for (let tries: u32 = 0; tries < 2; tries++) {
    if (!takeMap(map, facts)) return false;
    if (!failed(exitBootServices(facts.key))) {
      bootServicesEnded();
      return true;
    }
  }
  return false;
}

/** The page on which the jump's last instructions stand: the kernel's page tables must show it as code. */
export function trampolinePage(): u64 {
  const address = trampolineAddress();
  return u64(address - (address % PAGE_BYTES));
}

/** Notes the time of the jump in the handoff. */
export function stampHandoff(record: Bytes): void {
  HANDOFF.tscAtHandoff.set(record, readTsc());
}

/** Jumps. Never returns. */
export function jumpToKernel(root: u64, entry: u64, handoff: u64): void {
  enterKernel(root, entry, handoff);
}

/** Starts the machine anew. Returns only where the firmware does not obey. */
export function reboot(): void {
  resetSystem(ResetKind.cold);
}

export function powerOff(): void {
  resetSystem(ResetKind.shutdown);
}

/** Starts the machine anew into the firmware's own menu; false where the firmware has none to enter. */
export function enterFirmwareSetup(): boolean {
  const cell = new Uint8Array(8);
  const value = bytesOf(cell);
  if (readVariable(utf8("OsIndicationsSupported"), value) !== 8) return false;
  if ((value.u64le(0) & BOOT_TO_SETUP) === 0n) return false;
  value.setU64le(0, BOOT_TO_SETUP);
  if (!keepVariable(utf8("OsIndications"), value)) return false;
  reboot();
  return true;
}

/** Ends the boot manager: the firmware goes on with its next boot option. */
export function giveUp(): void {
  exitToFirmware(ABORTED);
}

/** Holds the processor for so long. */
export function waitMs(milliseconds: u32): void {
  stall(BigInt(milliseconds) * 1000n);
}

/** The words for a status of the firmware. */
export function firmwareStatusText(status: u64): string {
  return statusName(status);
}

function takeMap(map: MemoryMap, facts: MemoryMapFacts): boolean {
  if (failed(getMemoryMap(bytesOf(state.map), facts))) return false;
  return map.take(bytesOf(state.map).slice(0, facts.mapBytes), facts.stride);
}

/** Pixels of 32 bits in one of the two usual orders; any other frame buffer is as good as none. */
function describeFrameBuffer(record: Bytes): void {
  const facts = new FrameBufferFacts();
  readFrameBuffer(facts);
  const isUsual = facts.format === PixelFormat.bgrx || facts.format === PixelFormat.rgbx;
  if (facts.width === 0 || !isUsual || facts.pixelsPerScanLine > 0xffff) return;
  const format = facts.format === PixelFormat.bgrx ? FrameBufferFormat.bgrx : FrameBufferFormat.rgbx;
  HANDOFF.frameBufferAddress.set(record, facts.base);
  HANDOFF.frameBufferBytes.set(record, facts.byteLength);
  HANDOFF.frameBufferWidth.set(record, facts.width);
  HANDOFF.frameBufferHeight.set(record, facts.height);
  HANDOFF.frameBufferStride.set(record, (facts.pixelsPerScanLine & 0xffff) * 4);
  HANDOFF.frameBufferFormat.set(record, format);
}
