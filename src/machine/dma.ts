/**
 * Memory that devices read and write.
 *
 * RAM is mapped where it is (physical X at virtual X), the kernel's image in one piece high up; so every view that lies
 * within one buffer is contiguous for a device, and its address is found by arithmetic. Buffers are taken at boot and
 * never given back. The processor's caches are coherent with PCI: no flush is needed, only `dmaFence` where a device must
 * see memory before a register.
 */
import { addressOf, bytesAt, memoryFence } from "./intrinsics.ts";
import { allocatePages, PAGE_BYTES } from "./memory.ts";
import { physicalFromVirtual } from "./paging.ts";

/** A buffer of its own: page-aligned, contiguous, zeroed. Traps when the machine has no memory left for it. */
export function dmaAllocate(byteLength: u32): Bytes {
  assert(byteLength > 0);
  const pages: u32 = Math.trunc((byteLength + PAGE_BYTES - 1) / PAGE_BYTES);
  const buffer = bytesAt(allocatePages(pages), byteLength);
  buffer.fill(0);
  return buffer;
}

/** Where a device finds the first byte of `view`; the others follow. */
export function physicalAddress(view: Bytes): u64 {
  return physicalFromVirtual(addressOf(view));
}

/** What was written to memory before is seen by devices before what is written after. */
export function dmaFence(): void {
  memoryFence();
}
