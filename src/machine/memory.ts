/**
 * The allocator of physical pages.
 *
 * Owns the stretches of RAM that the kernel's main gave it (`addFreeMemory`, from the handoff's memory map) and
 * hands out pages from the first that fits. Nothing is given back: all that lives is taken at boot, so there is nothing
 * to fragment. Called for page tables, for buffers of devices, and later for the guest's RAM.
 */

export const PAGE_BYTES = 4096;
const PAGE: u64 = 4096n;
/** As many as the handoff's memory map has entries. */
const REGION_LIMIT = 512;
/** Below 1 MiB lives what firmware, tables and old devices expect there. */
const LOWEST_ADDRESS: u64 = 0x10_0000n;

class FreeRegion {
  base: u64 = 0n;
  pages: u64 = 0n;
}

class PhysicalMemory {
  readonly regions = fixedArray(REGION_LIMIT, () => new FreeRegion());
  count: u32 = 0;
  totalPages: u64 = 0n;
  freePages: u64 = 0n;
}

const memory = new PhysicalMemory();

/** Gives the allocator a stretch of RAM that nobody uses. What lies below 1 MiB is left out. */
export function addFreeMemory(base: u64, pages: u64): void {
  const end = u64(base + pages * PAGE);
  const from: u64 = base < LOWEST_ADDRESS ? LOWEST_ADDRESS : base;
  if (from >= end) return;
  const added = u64(end - from) / PAGE;
  memory.totalPages = u64(memory.totalPages + added);
  memory.freePages = u64(memory.freePages + added);
  for (let i: u32 = 0; i < memory.count; i++) {
    const region = memory.regions[i];
    if (region.base + region.pages * PAGE !== from) continue;
    region.pages = u64(region.pages + added);
    return;
  }
  assert(memory.count < REGION_LIMIT, "the memory map has too many holes");
  const region = memory.regions[memory.count];
  region.base = from;
  region.pages = added;
  memory.count++;
}

/** The address of `pages` contiguous pages, not zeroed; traps when no stretch has so many left. */
export function allocatePages(pages: u32): u64 {
  const wanted = BigInt(pages);
  for (let i: u32 = 0; i < memory.count; i++) {
    const region = memory.regions[i];
    if (region.pages < wanted) continue;
    const address = region.base;
    region.base = u64(region.base + wanted * PAGE);
    region.pages = u64(region.pages - wanted);
    memory.freePages = u64(memory.freePages - wanted);
    return address;
  }
  unreachable("no memory is left for a buffer");
}

/** RAM that was ever given to the allocator. */
export function totalMemoryBytes(): u64 {
  return u64(memory.totalPages * PAGE);
}

/** RAM that is still free. */
export function freeMemoryBytes(): u64 {
  return u64(memory.freePages * PAGE);
}
