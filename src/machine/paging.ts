/**
 * The kernel's own page tables: who may do what with which page (AMD64 manual volume 2, 5.3; Intel SDM volume 3, 4.5).
 *
 * Invariants: nothing is both writable and executable. The image lies at `IMAGE_BASE` with the permissions of its
 * sections; each stack has an unmapped page below it. RAM is mapped where it is, without the image; devices where they
 * are, once a driver asks. Page 0 is never mapped, so that a null reference is a page fault. Everything belongs to the
 * kernel: no user pages, one root, never freed.
 *
 *     0000_0000_0000_1000 …   RAM (read, write)        devices (read, write, uncached or write-combining)
 *     ffff_ffff_8000_0000     text (read, execute) · rodata (read) · data, bss (read, write) · stacks with guards
 *
 * Called by the kernel's main once (`beginPaging`, `mapRam`, `mapImage`, `activatePaging`), then by `Mmio.map`.
 */
import {
  cpuid,
  CpuidRegister,
  imageAddress,
  ImageMark,
  invalidatePage,
  load64,
  readCr4,
  readMsr,
  store64,
  writeCr3,
  writeMsr,
} from "./intrinsics.ts";
import { allocatePages } from "./memory.ts";
import { STACK_COUNT, STACK_GUARD_BYTES, STACK_STRIDE } from "./stacks.ts";

/** How the processor may treat accesses to a device's memory. */
export const enum MemoryType {
  /** One access after the other, each at its width: registers. */
  uncached = 0,
  /** Writes may be gathered: frame buffers. */
  writeCombining = 1,
}

/** Where the image lies, from its first byte on; `linker/kernel.ld` says the same. */
export const IMAGE_BASE: u64 = 0xffff_ffff_8000_0000n;

const PAGE: u64 = 4096n;
const ENTRIES_BYTES: u64 = 8n;
/** Entries of a table are chosen by 9 bits of the address, the lowest 12 stay within the page. */
const INDEX_BITS = 9;
const PAGE_BITS = 12;

const PRESENT: u64 = 0x1n;
const WRITABLE: u64 = 0x2n;
/** With `CACHE_DISABLE` it chooses one of the first four entries of the page attribute table. */
const WRITE_THROUGH: u64 = 0x8n;
const CACHE_DISABLE: u64 = 0x10n;
const LARGE: u64 = 0x80n;
const NO_EXECUTE: u64 = 0x8000_0000_0000_0000n;
const ADDRESS_MASK: u64 = 0x000f_ffff_ffff_f000n;

const PAT_MSR = 0x277;
/** As after reset (write-back, write-through, uncached-minus, uncached, twice), but entry 1 is write-combining. */
const PAT_VALUE: u64 = 0x0007_0406_0007_0106n;
const CR4_LA57: u64 = 0x1000n;
const EFER_MSR = 0xc000_0080;
const EFER_NO_EXECUTE: u64 = 0x800n;

class AddressSpace {
  root: u64 = 0n;
  /** 4, or 5 where the firmware chose so; that cannot be changed in long mode. */
  levels: u8 = 4;
  /** The highest level at which an entry may be a page: 2 (2 MiB) or 3 (1 GiB). */
  largestLevel: u8 = 2;
  /** `NO_EXECUTE` where the processor knows it, else 0. */
  noExecute: u64 = 0n;
  /** Where the image lies in physical memory, in one piece. */
  imagePhysical: u64 = 0n;
  /** How many bits a physical address has. */
  physicalBits: u8 = 36;
  active: boolean = false;
}

const space = new AddressSpace();

/** Starts empty tables. `imagePhysical` is where the boot manager put the image. */
export function beginPaging(imagePhysical: u64): void {
  space.levels = (readCr4() & CR4_LA57) !== 0n ? 5 : 4;
  const extended = cpuid(0x8000_0001, 0, CpuidRegister.edx);
  space.largestLevel = (extended & 0x400_0000) !== 0 ? 3 : 2;
  if ((extended & 0x10_0000) !== 0) {
    space.noExecute = NO_EXECUTE;
    writeMsr(EFER_MSR, readMsr(EFER_MSR) | EFER_NO_EXECUTE);
  }
  if (cpuid(0x8000_0000, 0, CpuidRegister.eax) >= 0x8000_0008) {
    space.physicalBits = u8(Math.min(cpuid(0x8000_0008, 0, CpuidRegister.eax) & 0xff, 52));
  }
  space.imagePhysical = imagePhysical;
  space.root = newTable();
}

/** Maps RAM where it is: readable and writable. Page 0 is left out. */
export function mapRam(base: u64, pages: u64): void {
  const end = u64(base + pages * PAGE);
  const from: u64 = base < PAGE ? PAGE : base;
  if (from < end) mapRange(from, from, u64(end - from), WRITABLE | space.noExecute);
}

/** Maps the image's sections, each with its own permissions, and the stacks above their guard pages. */
export function mapImage(): void {
  mapSection(imageAddress(ImageMark.textStart), imageAddress(ImageMark.textEnd), 0n);
  mapSection(imageAddress(ImageMark.rodataStart), imageAddress(ImageMark.rodataEnd), space.noExecute);
  mapSection(imageAddress(ImageMark.dataStart), imageAddress(ImageMark.dataEnd), WRITABLE | space.noExecute);
  const stacks = imageAddress(ImageMark.stacksStart);
  for (let i: u32 = 0; i < STACK_COUNT; i++) {
    const guard = stacks + BigInt(i * STACK_STRIDE);
    mapSection(
      u64(guard + BigInt(STACK_GUARD_BYTES)),
      u64(guard + BigInt(STACK_STRIDE)),
      WRITABLE | space.noExecute,
    );
  }
}

/** The processor changes over to these tables. */
export function activatePaging(): void {
  writeMsr(PAT_MSR, PAT_VALUE);
  writeCr3(space.root);
  space.active = true;
}

/** Maps a device where it is, in whole pages, readable and writable and never executable. May be asked for again. */
export function mapDeviceMemory(physicalAddress: u64, byteLength: u64, type: MemoryType): void {
  assert(space.active && byteLength > 0n);
  const from = physicalAddress & ~(PAGE - 1n);
  const end = (physicalAddress + byteLength + PAGE - 1n) & ~(PAGE - 1n);
  assert(end <= 0x10_0000_0000_0000n && from >= PAGE, "a device at an impossible address");
  const caching = type === MemoryType.uncached ? WRITE_THROUGH | CACHE_DISABLE : WRITE_THROUGH;
  mapRange(u64(from), u64(from), u64(end - from), WRITABLE | caching | space.noExecute);
}

/**
 * Makes memory that the firmware named readable, where it is, if it is not yet. False where no memory can be: then the
 * address is not to be followed.
 */
export function mapFirmwareMemory(address: u64, byteLength: u32): boolean {
  const limit = BigInt.asUintN(64, 1n << BigInt(space.physicalBits));
  if (address < PAGE || address >= limit || limit - address < BigInt(byteLength)) return false;
  let page: u64 = u64(address - (address % PAGE));
  while (page < address + BigInt(byteLength)) {
    if (!isPresent(page)) mapRange(page, page, PAGE, space.noExecute);
    page = u64(page + PAGE);
  }
  return true;
}

/** The physical address behind a virtual one that is RAM or image. */
export function physicalFromVirtual(address: u64): u64 {
  if (address < IMAGE_BASE) return address;
  return u64(space.imagePhysical + (address - IMAGE_BASE));
}

function mapSection(from: u64, end: u64, flags: u64): void {
  if (from < end) mapRange(from, physicalFromVirtual(from), u64(end - from), flags);
}

/** Maps whole pages, by the largest that fit. */
function mapRange(virtual: u64, physical: u64, byteLength: u64, flags: u64): void {
  assert(virtual % PAGE === 0n && physical % PAGE === 0n);
  const whole = ((byteLength + PAGE - 1n) / PAGE) * PAGE;
  let done: u64 = 0n;
  while (done < whole) {
    done = u64(done + mapPage(u64(virtual + done), u64(physical + done), u64(whole - done), flags));
  }
}

/** Maps one page of at most `left` bytes and returns its size. */
function mapPage(virtual: u64, physical: u64, left: u64, flags: u64): u64 {
  let table: u64 = space.root;
  for (let level: u8 = space.levels; level > 1; level--) {
    const at = entryAddress(table, virtual, level);
    const entry = load64(at);
    const size = pageBytes(level);
    const isTable = (entry & PRESENT) !== 0n && (entry & LARGE) === 0n;
    if (level <= space.largestLevel && !isTable && left >= size && (virtual | physical) % size === 0n) {
      putEntry(at, physical | flags | LARGE | PRESENT, virtual);
      return size;
    }
    table = isTable ? entry & ADDRESS_MASK : splitEntry(at, entry, level);
  }
  putEntry(entryAddress(table, virtual, 1), physical | flags | PRESENT, virtual);
  return PAGE;
}

/** Puts a table where there was nothing, or a large page, which the table's entries then map as before. */
function splitEntry(at: u64, entry: u64, level: u8): u64 {
  const table = newTable();
  if ((entry & PRESENT) !== 0n) {
    const size = pageBytes(u8(level - 1));
    const kept = level === 2 ? entry & ~LARGE : entry;
    for (let i: u64 = 0n; i < 512n; i++) store64(u64(table + i * ENTRIES_BYTES), u64(kept + i * size));
  }
  // Permissions are those of the last entry on the way; the ones above allow everything.
  store64(at, table | PRESENT | WRITABLE);
  return table;
}

function putEntry(at: u64, value: u64, virtual: u64): void {
  store64(at, value);
  if (space.active) invalidatePage(virtual);
}

function isPresent(virtual: u64): boolean {
  let table: u64 = space.root;
  for (let level: u8 = space.levels; level > 0; level--) {
    const entry = load64(entryAddress(table, virtual, level));
    if ((entry & PRESENT) === 0n) return false;
    if ((entry & LARGE) !== 0n && level > 1) return true;
    table = entry & ADDRESS_MASK;
  }
  return true;
}

function newTable(): u64 {
  const table = allocatePages(1);
  for (let at: u64 = 0n; at < PAGE; at += ENTRIES_BYTES) store64(u64(table + at), 0n);
  return table;
}

function entryAddress(table: u64, virtual: u64, level: u8): u64 {
  const index = (virtual >> BigInt(PAGE_BITS + INDEX_BITS * (level - 1))) & 511n;
  return u64(table + index * ENTRIES_BYTES);
}

/** How much an entry of this level maps: 4 KiB, 2 MiB, 1 GiB, … */
function pageBytes(level: u8): u64 {
  assert(level >= 1 && level <= 5);
  return BigInt.asUintN(64, 1n << BigInt(PAGE_BITS + INDEX_BITS * (level - 1)));
}
