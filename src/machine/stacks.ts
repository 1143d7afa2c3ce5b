/**
 * The kernel's stacks: one to work on, and one each for the exceptions that must not trust it.
 *
 * They lie side by side at the end of the image (`entry.asm`), each above a guard page that is never mapped: whoever runs
 * out of stack meets a page fault, which has a stack of its own.
 *
 *     stacksStart ── guard │ main ── guard │ double fault ── guard │ NMI ── guard │ machine check ── guard │ page fault
 */
import { imageAddress, ImageMark } from "./intrinsics.ts";

/** From one guard page to the next. `entry.asm` says the same. */
export const STACK_STRIDE = 131072;
export const STACK_GUARD_BYTES = 4096;
export const STACK_COUNT = 5;

/** Which of the stacks; from `doubleFault` on also its number in the interrupt stack table. */
export const enum Stack {
  main = 0,
  doubleFault = 1,
  nonMaskable = 2,
  machineCheck = 3,
  pageFault = 4,
}

/** The address above a stack, where it begins to grow down. */
export function stackTop(stack: Stack): u64 {
  const index: u32 = stack;
  return u64(imageAddress(ImageMark.stacksStart) + BigInt((index + 1) * STACK_STRIDE));
}

/** Whether an address lies in one of the guard pages: somebody ran out of stack. */
export function isStackGuard(address: u64): boolean {
  const start = imageAddress(ImageMark.stacksStart);
  if (address < start || address >= imageAddress(ImageMark.stacksEnd)) return false;
  return u64(address - start) % BigInt(STACK_STRIDE) < BigInt(STACK_GUARD_BYTES);
}

/** Whether an address lies on a stack, so that reading it cannot fault. */
export function isOnStack(address: u64): boolean {
  const start = imageAddress(ImageMark.stacksStart);
  return address >= start && address < imageAddress(ImageMark.stacksEnd) && !isStackGuard(address);
}
