/**
 * Mmio: a device's block of registers in memory, over which a layout says which stands where.
 *
 * A driver embeds one (`readonly registers = new Mmio()`) and maps it once, when it takes the device. Every access is
 * checked against the block's length, happens at exactly its width, and is uncached and in order. An access before `map`
 * traps, since the length is 0.
 */
import { bytesAt, load16, load32, load64, load8, store16, store32, store64, store8 } from "./intrinsics.ts";
import { mapDeviceMemory, MemoryType } from "./paging.ts";

export class Mmio {
  private base: u64 = 0n;
  private byteLength: u32 = 0;

  /** Takes the registers at a physical address: maps them uncached, where they are. */
  map(physicalAddress: u64, byteLength: u32): void {
    mapDeviceMemory(physicalAddress, BigInt(byteLength), MemoryType.uncached);
    this.base = physicalAddress;
    this.byteLength = byteLength;
  }

  /** The registers from `offset` of a block that is mapped: those of one port, one queue. */
  take(block: Mmio, offset: u32, byteLength: u32): void {
    assert(
      BigInt(offset) + BigInt(byteLength) <= BigInt(block.byteLength),
      "a part beyond the device's block",
    );
    this.base = u64(block.base + BigInt(offset));
    this.byteLength = byteLength;
  }

  /** How many bytes of registers there are; 0 before `map` and `take`. */
  length(): u32 {
    return this.byteLength;
  }

  read8(offset: u32): u8 {
    return load8(this.address(offset, 1));
  }

  read16(offset: u32): u16 {
    return load16(this.address(offset, 2));
  }

  read32(offset: u32): u32 {
    return load32(this.address(offset, 4));
  }

  read64(offset: u32): u64 {
    return load64(this.address(offset, 8));
  }

  write8(offset: u32, value: u8): void {
    store8(this.address(offset, 1), value);
  }

  write16(offset: u32, value: u16): void {
    store16(this.address(offset, 2), value);
  }

  write32(offset: u32, value: u32): void {
    store32(this.address(offset, 4), value);
  }

  write64(offset: u32, value: u64): void {
    store64(this.address(offset, 8), value);
  }

  private address(offset: u32, width: u8): u64 {
    assert(offset + width <= this.byteLength, "a register beyond the device's block");
    return u64(this.base + BigInt(offset));
  }
}

/** Maps a frame buffer where it is, for writes that may be combined, and returns a view of it. */
export function mapFrameBuffer(physicalAddress: u64, byteLength: u32): Bytes {
  mapDeviceMemory(physicalAddress, BigInt(byteLength), MemoryType.writeCombining);
  return bytesAt(physicalAddress, byteLength);
}
