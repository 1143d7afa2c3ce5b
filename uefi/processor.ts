/**
 * The few things that the boot manager asks of the processor itself: its counter, its abilities, I/O ports, and the jump
 * into the kernel. Intrinsics; their bodies stand in `runtime-c/efi/`.
 */

/** The four registers that `cpuid` answers in. */
export const enum CpuidRegister {
  eax = 0,
  ebx = 1,
  ecx = 2,
  edx = 3,
}

export declare function readTsc(): u64;
export declare function cpuid(leaf: u32, register: CpuidRegister): u32;
export declare function readCr4(): u64;
export declare function portRead8(port: u16): u8;
export declare function portWrite8(port: u16, value: u8): void;
export declare function portRead16(port: u16): u16;
export declare function portWrite16(port: u16, value: u16): void;

/** Where the last instructions of `enterKernel` stand; they do not cross the end of a page. */
export declare function trampolineAddress(): u64;

/**
 * Leaves for good: turns interrupts off, switches to the page tables at `root` and jumps to `entry` with `handoff` in RDI.
 * The new tables must show the page of `trampolineAddress` in place and executable.
 */
export declare function enterKernel(root: u64, entry: u64, handoff: u64): void;
/** Stops the processor for good. */
export declare function haltForever(): void;
