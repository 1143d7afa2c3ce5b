/**
 * The boot processor: its segments, its task state with the stacks for exceptions, and the protections it has.
 *
 * Owns the GDT and the TSS. Called by the kernel's main: `loadProcessorTables` first of all, `protectProcessor` once the
 * kernel's own page tables are active (before that the firmware's pages might be marked as a user's).
 *
 *     GDT   00 null   08 code, 64 bits   10 data   18 TSS, two entries (Intel SDM volume 3, 3.4.5 and 8.2.3)
 */
import {
  addressOf,
  cpuid,
  CpuidRegister,
  loadGdt,
  loadTaskRegister,
  readCr0,
  readCr4,
  readRandom,
  writeCr0,
  writeCr4,
} from "./intrinsics.ts";
import { Stack, stackTop } from "./stacks.ts";

export const CODE_SELECTOR = 0x08;
const DATA_SELECTOR = 0x10;
const TSS_SELECTOR = 0x18;

const GDT_BYTES = 40;
const TSS_BYTES = 104;
const CODE_DESCRIPTOR: u64 = 0x00af_9b00_0000_ffffn;
const DATA_DESCRIPTOR: u64 = 0x00cf_9300_0000_ffffn;
/** Present, type 9: a TSS of 64 bits that is not busy. */
const TSS_TYPE: u64 = 0x89n;

/** Supervisor code cannot write to read-only pages. */
const CR0_WRITE_PROTECT: u64 = 0x1_0000n;
const CR4_GLOBAL_PAGES: u64 = 0x80n;
const CR4_UMIP: u64 = 0x800n;
const CR4_SMEP: u64 = 0x10_0000n;
const CR4_SMAP: u64 = 0x20_0000n;

const NAME_BYTES = 48;
const SPACE = 0x20;

class ProcessorTables {
  readonly gdt = new Uint8Array(GDT_BYTES);
  readonly tss = new Uint8Array(TSS_BYTES);
}

const tables = new ProcessorTables();

/** The processor's own segments and stacks instead of the firmware's. */
export function loadProcessorTables(): void {
  const tss = bytesOf(tables.tss);
  tss.setU64le(4, stackTop(Stack.main));
  setInterruptStack(tss, Stack.doubleFault);
  setInterruptStack(tss, Stack.nonMaskable);
  setInterruptStack(tss, Stack.machineCheck);
  setInterruptStack(tss, Stack.pageFault);
  // No map of permitted ports: it would begin behind the end.
  tss.setU16le(102, TSS_BYTES);
  const gdt = bytesOf(tables.gdt);
  gdt.setU64le(CODE_SELECTOR, CODE_DESCRIPTOR);
  gdt.setU64le(DATA_SELECTOR, DATA_DESCRIPTOR);
  describeTss(gdt, addressOf(tss));
  loadGdt(addressOf(gdt), GDT_BYTES, CODE_SELECTOR, DATA_SELECTOR);
  loadTaskRegister(TSS_SELECTOR);
}

/** Turns on what the processor has against a kernel's own mistakes: WP, SMEP, SMAP, UMIP. */
export function protectProcessor(): void {
  writeCr0(readCr0() | CR0_WRITE_PROTECT);
  if (cpuid(0, 0, CpuidRegister.eax) < 7) return;
  const ebx = cpuid(7, 0, CpuidRegister.ebx);
  const ecx = cpuid(7, 0, CpuidRegister.ecx);
  let cr4: u64 = readCr4() & ~CR4_GLOBAL_PAGES;
  if ((ebx & 0x80) !== 0) cr4 = cr4 | CR4_SMEP;
  if ((ebx & 0x10_0000) !== 0) cr4 = cr4 | CR4_SMAP;
  if ((ecx & 0x4) !== 0) cr4 = cr4 | CR4_UMIP;
  writeCr4(cr4);
}

/** Writes the processor's name as it gives it (CPUID leaves 0x80000002 to 4), without spaces around; its length. */
export function processorName(into: Bytes): u32 {
  const raw = new Uint8Array(NAME_BYTES);
  if (cpuid(0x8000_0000, 0, CpuidRegister.eax) < 0x8000_0004) return 0;
  for (let leaf: u32 = 0; leaf < 3; leaf++) {
    bytesOf(raw).setU32le(leaf * 16, cpuid(0x8000_0002 + leaf, 0, CpuidRegister.eax));
    bytesOf(raw).setU32le(leaf * 16 + 4, cpuid(0x8000_0002 + leaf, 0, CpuidRegister.ebx));
    bytesOf(raw).setU32le(leaf * 16 + 8, cpuid(0x8000_0002 + leaf, 0, CpuidRegister.ecx));
    bytesOf(raw).setU32le(leaf * 16 + 12, cpuid(0x8000_0002 + leaf, 0, CpuidRegister.edx));
  }
  let from: u32 = 0;
  while (from < NAME_BYTES && raw[from] === SPACE) from++;
  let length: u32 = 0;
  while (from + length < NAME_BYTES && length < into.length && raw[from + length] !== 0) {
    into.setU8(length, raw[from + length]);
    length++;
  }
  while (length > 0 && into.u8(length - 1) === SPACE) length--;
  return length;
}

/** A word from the processor's own source of randomness (RDRAND), or 0 where it has none. */
export function processorRandom(): u64 {
  if (cpuid(0, 0, CpuidRegister.eax) < 1) return 0n;
  return (cpuid(1, 0, CpuidRegister.ecx) & 0x4000_0000) === 0 ? 0n : readRandom();
}

function setInterruptStack(tss: Bytes, stack: Stack): void {
  const index: u32 = stack;
  assert(index >= 1 && index <= 7);
  tss.setU64le(36 + (index - 1) * 8, stackTop(stack));
}

/** A system descriptor of 16 bytes: limit, base in four pieces, type. */
function describeTss(gdt: Bytes, base: u64): void {
  const low = BigInt(TSS_BYTES - 1) | ((base & 0xff_ffffn) << 16n) | (TSS_TYPE << 40n);
  gdt.setU64le(TSS_SELECTOR, BigInt.asUintN(64, low | (((base >> 24n) & 0xffn) << 56n)));
  gdt.setU64le(TSS_SELECTOR + 8, base >> 32n);
}
