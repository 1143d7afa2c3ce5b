// The programs that are built, and with which flags: the kernel, the boot manager, and tests as processes of the host.

import type { Generation } from "./generate.ts";
import type { StackEntry } from "./stack.ts";

export interface Program {
  readonly name: string;
  readonly entry: string;
  readonly target: Generation["target"];
  /** What TypeScript cannot say: C and nasm of our own, each folder flat. */
  readonly runtimeFolder: string;
  readonly assemblerFormat: "elf64" | "win64";
  readonly flags: readonly string[];
  /** What may run on its stacks, and how large these are. */
  readonly stacks: readonly StackEntry[];
}

const RUNTIME_SHARED = "runtime-c/shared";

/** Every warning is an error. What a machine writes may hold what a person would have left out. */
const WARNINGS: readonly string[] = [
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wno-unused-parameter",
  "-Wno-unused-function",
];

const DEBUG: readonly string[] = ["-g", "-gdwarf-4", "-gno-column-info"];

/** Both images: nothing of a C library, no registers beside the general ones, and what hardens at little cost. */
export const FREESTANDING: readonly string[] = [
  "-std=gnu17",
  "-O2",
  "-ffreestanding",
  "-fno-strict-aliasing",
  "-fwrapv",
  "-mno-red-zone",
  "-fno-omit-frame-pointer",
  "-ffunction-sections",
  "-fdata-sections",
  "-ftrivial-auto-var-init=zero",
  "-fzero-call-used-regs=used-gpr",
  "-fcf-protection=branch",
  "-fstack-usage",
  ...DEBUG,
  ...WARNINGS,
];

/** `STACK_STRIDE` without `STACK_GUARD_BYTES` of src/machine/stacks.ts; tests/transpiler/stack.test.ts says that they agree. */
export const KERNEL_STACK_BYTES = 131072 - 4096;
/** `INTERRUPT_FRAME` of src/machine/interrupts.ts. */
export const INTERRUPT_FRAME_BYTES = 22 * 8;
/** With what the processor aligns. The return address counts with the callee. */
const INTERRUPT_BYTES = INTERRUPT_FRAME_BYTES + 16;
/** Half of the 128 KiB that UEFI grants (section 2.3.4); the other half is for the firmware that is called on top. */
const BOOT_STACK_BYTES = 65536;

const TRAPPED = ["ray_trap", "kernel_crash__crashByTrap"];
const INTERRUPTED = "machine_interrupts__interruptArrived";

export const KERNEL: Program = {
  name: "rayos",
  entry: "src/kernel/main.ts",
  target: "kernel",
  runtimeFolder: "runtime-c/kernel",
  assemblerFormat: "elf64",
  flags: [
    "--target=x86_64-unknown-none-elf",
    "-mcmodel=kernel",
    "-mgeneral-regs-only",
    "-fno-pic",
    "-mno-omit-leaf-frame-pointer",
    ...FREESTANDING,
  ],
  stacks: [
    {
      name: "main, an interrupt, an exception in it, and the crash that it ends in",
      functions: ["ray_main", INTERRUPTED, INTERRUPTED, ...TRAPPED],
      extraBytes: 2 * INTERRUPT_BYTES,
      limitBytes: KERNEL_STACK_BYTES,
    },
    {
      name: "double fault, NMI, machine check, page fault: each, an exception in it, and the crash",
      functions: [INTERRUPTED, INTERRUPTED, ...TRAPPED],
      extraBytes: 2 * INTERRUPT_BYTES,
      limitBytes: KERNEL_STACK_BYTES,
    },
  ],
};

export const BOOT_MANAGER: Program = {
  name: "rayboot",
  entry: "src/bootmgr/main.ts",
  target: "efi",
  runtimeFolder: "runtime-c/efi",
  assemblerFormat: "win64",
  flags: ["--target=x86_64-unknown-windows", "-fshort-wchar", "-mno-stack-arg-probe", ...FREESTANDING],
  stacks: [
    {
      name: "main, and the trap that it ends in",
      functions: ["efi_main", "ray_main", "ray_trap"],
      extraBytes: 0,
      limitBytes: BOOT_STACK_BYTES,
    },
  ],
};

const HOST: readonly string[] = [
  "-std=gnu17",
  "-O1",
  "-fno-strict-aliasing",
  "-fwrapv",
  ...DEBUG,
  ...WARNINGS,
];

/** A test: an ordinary process that AddressSanitizer and UndefinedBehaviorSanitizer watch. */
export const HOST_FLAGS: readonly string[] = [
  ...HOST,
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
];

/** A test that counts what it gets through: nothing watches, the checks of the language stay. */
export const SWIFT_FLAGS: readonly string[] = [...HOST, "-O2"];

/** A fuzz target: as a test, with what libFuzzer learns from. */
export const FUZZ_FLAGS: readonly string[] = [
  ...HOST,
  "-O2",
  "-fsanitize=address,undefined,fuzzer-no-link",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
];
export const FUZZ_LINK_FLAGS: readonly string[] = ["-fsanitize=address,undefined,fuzzer"];

/** A test that counts executed lines. */
export const COUNTED_FLAGS: readonly string[] = [...HOST, "--coverage"];

export function generatedFolder(program: Program): string {
  return `build/c/${program.name}`;
}

export function includeFolders(program: Program): string[] {
  return [generatedFolder(program), program.runtimeFolder, RUNTIME_SHARED];
}

export { RUNTIME_SHARED };
