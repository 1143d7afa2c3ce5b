/** The kernel's own image: which release it is of, and, for the crash dump, its code, its symbols and the frames on its stacks. */
import { findFunction, hasSymbols, offsetInFunction } from "../format/symbol-table.ts";
import { bytesAt, imageAddress, ImageMark, load32, load64, load8 } from "./intrinsics.ts";
import { isOnStack } from "./stacks.ts";

const WORD: u64 = 8n;
const ENDBR64 = 0xfa1e_0ff3;
const RET = 0xc3;
const PUSH_RBP = 0x55;
/** The release stands in the image as a number of 32 bits and a text that zeros fill up. */
const RELEASE_TEXT_AT = 4n;
const RELEASE_TEXT_BYTES = 32;

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

/** The version of this release as people read it: put into the image when it is linked (`tools/build/release-source.ts`). */
export function imageVersionText(): Bytes {
  const text = bytesAt(u64(imageAddress(ImageMark.release) + RELEASE_TEXT_AT), RELEASE_TEXT_BYTES);
  let length: u32 = 0;
  while (length < RELEASE_TEXT_BYTES && text.u8(length) !== 0) length++;
  return text.slice(0, length);
}

/** The version as a number that grows with every release: a thousand steps a place. */
export function imageVersionNumber(): u32 {
  return load32(imageAddress(ImageMark.release));
}

/** The kernel's code: what tells one build from another. */
export function imageCode(): Bytes {
  const from = imageAddress(ImageMark.textStart);
  return bytesAt(from, u32(Number(imageAddress(ImageMark.textEnd) - from)));
}

/** Whether an address is one of the kernel's code. */
export function isCode(address: u64): boolean {
  return address >= imageAddress(ImageMark.textStart) && address < imageAddress(ImageMark.textEnd);
}

/**
 * Where the function at `address` goes back to, if its frame does not say so: it makes none, or was stopped before that stood or after it was
 * gone. Then the return address is on top of the stack, or below the pushed RBP. 0 where the frame says it, or nobody knows. A function with a
 * frame begins by pushing RBP, perhaps behind ENDBR64, and its last instruction is RET.
 */
export function returnAddressBesideFrame(address: u64, stackPointer: u64): u64 {
  const symbols = imageSymbols();
  const index = hasSymbols(symbols) ? findFunction(symbols, address) : -1;
  if (index < 0) return 0n;
  const start = u64(address - BigInt(offsetInFunction(symbols, u32(index), address)));
  if (!isCode(start)) return 0n;
  const first: u64 = load32(start) === ENDBR64 ? u64(start + 4n) : start;
  if (load8(first) !== PUSH_RBP || address <= first || load8(address) === RET)
    return codeOnStack(stackPointer);
  return address === first + 1n ? codeOnStack(u64(stackPointer + WORD)) : 0n;
}

/** The address of code that stands at `at`, or 0. */
function codeOnStack(at: u64): u64 {
  if (at % WORD !== 0n || !isOnStack(at)) return 0n;
  const found = load64(at);
  return isCode(found) ? found : 0n;
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
