/**
 * What TypeScript cannot say: memory at an address, and calls through a pointer to a function.
 *
 * Intrinsics; their bodies stand in `runtime-c/efi/intrinsics.c`. Nothing here checks an address. Called by the bindings
 * of this folder, which read the firmware's tables with them, and by the boot manager's firmware files for buffers.
 */

export declare function load16(address: u64): u16;
export declare function load32(address: u64): u32;
export declare function load64(address: u64): u64;
export declare function store32(address: u64, value: u32): void;
export declare function store64(address: u64, value: u64): void;

/** A view of `length` bytes of memory: the one cast from a number to memory. */
export declare function bytesAt(address: u64, length: u32): Bytes;
/** The address of a view's first byte. */
export declare function addressOf(bytes: Bytes): u64;

/** Calls the function at an address with UEFI's calling convention; what it returns is a status as a rule. */
export declare function call1(target: u64, a: u64): u64;
export declare function call2(target: u64, a: u64, b: u64): u64;
export declare function call3(target: u64, a: u64, b: u64, c: u64): u64;
export declare function call4(target: u64, a: u64, b: u64, c: u64, d: u64): u64;
export declare function call5(target: u64, a: u64, b: u64, c: u64, d: u64, e: u64): u64;
export declare function call6(target: u64, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64): u64;

/** Room for one value of up to 64 bits that the firmware writes through a pointer. */
export class Cell {
  private readonly storage = new Uint8Array(8);

  address(): u64 {
    return addressOf(bytesOf(this.storage));
  }

  value(): u64 {
    return bytesOf(this.storage).u64le(0);
  }

  set(value: u64): void {
    bytesOf(this.storage).setU64le(0, value);
  }
}
