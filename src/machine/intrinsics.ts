/**
 * What TypeScript cannot say: the processor's own instructions, each with its body in `runtime-c/kernel/intrinsics.c` or
 * `runtime-c/kernel/entry.asm`.
 *
 * Called by this room only. Nothing here checks anything: an address is taken as it is, and a wrong one is a page fault.
 * Loads, stores and port accesses are volatile: each happens once, at its width and in program order.
 */

/** The four registers that `cpuid` answers in. */
export const enum CpuidRegister {
  eax = 0,
  ebx = 1,
  ecx = 2,
  edx = 3,
}

/** Places of the kernel image that the linker and the assembler know (`linker/kernel.ld`, `entry.asm`). */
export const enum ImageMark {
  textStart = 0,
  textEnd = 1,
  rodataStart = 2,
  rodataEnd = 3,
  dataStart = 4,
  dataEnd = 5,
  /** The lowest of the stacks' guard pages; `STACK_STRIDE` further is the next. */
  stacksStart = 6,
  stacksEnd = 7,
  symbolsStart = 8,
  symbolsEnd = 9,
  /** The release that the image is of (`tools/build/release-source.ts`). */
  release = 10,
}

export declare function load8(address: u64): u8;
export declare function load16(address: u64): u16;
export declare function load32(address: u64): u32;
export declare function load64(address: u64): u64;
export declare function store8(address: u64, value: u8): void;
export declare function store16(address: u64, value: u16): void;
export declare function store32(address: u64, value: u32): void;
export declare function store64(address: u64, value: u64): void;

export declare function portRead8(port: u16): u8;
export declare function portRead16(port: u16): u16;
export declare function portRead32(port: u16): u32;
export declare function portWrite8(port: u16, value: u8): void;
export declare function portWrite16(port: u16, value: u16): void;
export declare function portWrite32(port: u16, value: u32): void;

/** A view of `length` bytes of virtual memory: the one cast from a number to memory. */
export declare function bytesAt(address: u64, length: u32): Bytes;
/** The virtual address of a view's first byte. */
export declare function addressOf(bytes: Bytes): u64;

/**
 * The state of a CRC-32 after `blocks`, a whole number of 16 bytes and at least one, by carry-less multiplication. Only where CPUID names
 * PCLMULQDQ and the registers of SSE are enabled; it uses those of them that callers do not keep, xmm0 to xmm3.
 */
export declare function foldCrc32(state: u32, blocks: Bytes): u32;

/** Every load and store before it is seen by devices before any after it. */
export declare function memoryFence(): void;

export declare function readMsr(index: u32): u64;
export declare function writeMsr(index: u32, value: u64): void;
export declare function readCr0(): u64;
export declare function writeCr0(value: u64): void;
/** The address that the last page fault was about. */
export declare function readCr2(): u64;
/** The physical address of the page tables' root. */
export declare function readCr3(): u64;
/** Changes the page tables and forgets every translation that is not global. */
export declare function writeCr3(value: u64): void;
export declare function readCr4(): u64;
export declare function writeCr4(value: u64): void;
export declare function cpuid(leaf: u32, subleaf: u32, register: CpuidRegister): u32;
/** The processor's counter of cycles. */
export declare function readTsc(): u64;
/** RDRAND; 0 where it has nothing to give after some tries. Only where CPUID names it. */
export declare function readRandom(): u64;
/** Everything written is in memory, whatever the caches held: for what a reset of the processor must not cost. */
export declare function writeBackCaches(): void;
/** Forgets the translation of the page that `address` lies in. */
export declare function invalidatePage(address: u64): void;

export declare function enableInterrupts(): void;
export declare function disableInterrupts(): void;
export declare function interruptsEnabled(): boolean;
/** Enables interrupts and halts as one step: an interrupt that is pending before it ends the halt at once. */
export declare function sleepUntilInterrupt(): void;
/** Stops the processor for good, interrupts off. */
export declare function haltForever(): void;
/** A hint within loops that wait. */
export declare function pauseProcessor(): void;
/** Raises the breakpoint exception (vector 3). */
export declare function breakpoint(): void;

/** Loads the table of segments and reloads every segment register: code from `codeSelector`, data from `dataSelector`. */
export declare function loadGdt(address: u64, byteLength: u16, codeSelector: u16, dataSelector: u16): void;
/** Loads the table of interrupts; one of 0 bytes makes the next exception a triple fault. */
export declare function loadIdt(address: u64, byteLength: u16): void;
export declare function loadTaskRegister(selector: u16): void;
/** The address of the assembler's entry for a vector. */
export declare function interruptStub(vector: u8): u64;

/** What the boot manager had in RDI at the jump: where the handoff stands. */
export declare function handoffAddress(): u64;
export declare function imageAddress(mark: ImageMark): u64;
/** The frame pointer (RBP) of the caller, from which its callers are found. */
export declare function framePointer(): u64;
