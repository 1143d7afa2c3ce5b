/** The kernel's own image, as the crash dump reads it: where its code lies, its symbols, and the frames on its stacks. */
import { bytesAt, imageAddress, ImageMark, load64 } from "./intrinsics.ts";
import { isOnStack } from "./stacks.ts";

const WORD: u64 = 8n;

/** One function's frame on the stack: where its caller's frame is, and where the caller goes on. */
export class StackFrame {
  framePointer: u64 = 0n;
  returnAddress: u64 = 0n;
}

/** The table of symbols (`format/symbol-table.ts`), which may be empty. */
export function imageSymbols(): Bytes {
  const from = imageAddress(ImageMark.symbolsStart);
  return bytesAt(from, u32(Number(imageAddress(ImageMark.symbolsEnd) - from)));
}

/** Whether an address is one of the kernel's code. */
export function isCode(address: u64): boolean {
  return address >= imageAddress(ImageMark.textStart) && address < imageAddress(ImageMark.textEnd);
}

/**
 * Reads the frame at `framePointer`. False where there is none: a backtrace ends at a pointer that lies on no stack, is
 * not aligned, or does not lead further up. Nothing else is read, so that a broken stack cannot fault again.
 */
export function readStackFrame(framePointer: u64, into: StackFrame): boolean {
  if (framePointer % WORD !== 0n || framePointer > 0xffff_ffff_ffff_fff0n - WORD) return false;
  if (!isOnStack(framePointer) || !isOnStack(u64(framePointer + WORD))) return false;
  into.framePointer = load64(framePointer);
  into.returnAddress = load64(u64(framePointer + WORD));
  return isCode(into.returnAddress);
}
