/**
 * What RayOS adds to JavaScript: exact integers, views over bytes, fixed arrays, results and layouts.
 *
 * Every name here is a global. In Node `prelude.ts` defines it; in C `runtime-c/shared/ray.h` does.
 */

type u8 = number & { readonly __int?: "u8" };
type u16 = number & { readonly __int?: "u8" | "u16" };
type u32 = number & { readonly __int?: "u8" | "u16" | "u32" };
type i8 = number & { readonly __int?: "i8" };
type i16 = number & { readonly __int?: "i8" | "i16" | "u8" };
type i32 = number & { readonly __int?: "i8" | "i16" | "i32" | "u8" | "u16" };
type u64 = bigint & { readonly __big?: "u64" };
type i64 = bigint & { readonly __big?: "i64" };

/** Checking conversions: the value unchanged, or the trap `range`. */
declare function u8(value: number): u8;
declare function u16(value: number): u16;
declare function u32(value: number): u32;
declare function i8(value: number): i8;
declare function i16(value: number): i16;
declare function i32(value: number): i32;
declare function u64(value: bigint): u64;
declare function i64(value: bigint): i64;

/** Traps when `condition` is false; on in every build. */
declare function assert(condition: boolean, message?: string): asserts condition;
/** Traps: a place that cannot be reached. */
declare function unreachable(message?: string): never;

/** An expected outcome: a value, or an error that the caller must look at. */
type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
declare function ok(): { readonly ok: true; readonly value: void };
declare function ok<T>(value: T): { readonly ok: true; readonly value: T };
declare function err<E>(error: E): { readonly ok: false; readonly error: E };

/** `N` elements of `T` in place: numbers, booleans, enums, references or embedded structs. */
interface FixedArray<T, N extends number> {
  readonly length: N;
  [index: number]: T;
  [Symbol.iterator](): IterableIterator<T>;
}
/** The only way to make one; `make` is a constant, or `() => new T()`. */
declare function fixedArray<T, const N extends number>(length: N, make: () => T): FixedArray<T, N>;

/** Copies every field of `source` into `target`, both of the same class. */
declare function copy<T extends object>(target: T, source: T): void;

/** A view of bytes: where they start and how many there are. Every access is checked against the length (trap `index`). */
declare class Bytes {
  private constructor();
  readonly length: u32;
  u8(at: number): u8;
  u16le(at: number): u16;
  u32le(at: number): u32;
  u64le(at: number): u64;
  u16be(at: number): u16;
  u32be(at: number): u32;
  u64be(at: number): u64;
  setU8(at: number, value: u8): void;
  setU16le(at: number, value: u16): void;
  setU32le(at: number, value: u32): void;
  setU64le(at: number, value: u64): void;
  setU16be(at: number, value: u16): void;
  setU32be(at: number, value: u32): void;
  setU64be(at: number, value: u64): void;
  /** The view of `length` bytes that starts at `from`. */
  slice(from: number, length: number): Bytes;
  fill(value: u8): void;
  /** Copies all of `source`, which has this view's length. They may overlap. */
  copyFrom(source: Bytes): void;
  /** Same length and same bytes. */
  equals(other: Bytes): boolean;
  [Symbol.iterator](): IterableIterator<u8>;
}
/** The view of a whole array. */
declare function bytesOf(array: Uint8Array): Bytes;
/** The UTF-8 bytes of a string; only for reading. */
declare function utf8(text: string): Bytes;
/** `length` bytes of `source` from `from`, checked once, then indexed and iterated. */
declare function span(source: Bytes, from: number, length: number): Uint8Array;

/**
 * A layout: what stands where in a record on disk, on a wire or in a device.
 * The fields follow each other without gap or overlap and fill `byteLength`; anything else is a compile error.
 */
declare function layout<const F extends object>(byteLength: u32, fields: F): F & { readonly byteLength: u32 };
interface ScalarField<T> {
  readonly offset: u32;
  get(record: Bytes | RegisterBlock): T;
  set(record: Bytes | RegisterBlock, value: T): void;
}
/**
 * A device's registers: each access is one of exactly this width, in the order of the program. What has these methods
 * serves, whether or not it says so; layouts call them.
 */
interface RegisterBlock {
  read8(offset: u32): u8;
  read16(offset: u32): u16;
  read32(offset: u32): u32;
  read64(offset: u32): u64;
  write8(offset: u32, value: u8): void;
  write16(offset: u32, value: u16): void;
  write32(offset: u32, value: u32): void;
  write64(offset: u32, value: u64): void;
}
interface OctetsField {
  readonly offset: u32;
  readonly byteLength: u32;
  /** The field's bytes within the record. */
  of(record: Bytes): Bytes;
}
declare function at8(offset: u32): ScalarField<u8>;
declare function le16(offset: u32): ScalarField<u16>;
declare function le32(offset: u32): ScalarField<u32>;
declare function le64(offset: u32): ScalarField<u64>;
declare function be16(offset: u32): ScalarField<u16>;
declare function be32(offset: u32): ScalarField<u32>;
declare function be64(offset: u32): ScalarField<u64>;
declare function octets(offset: u32, byteLength: u32): OctetsField;

/** Writes bytes to the standard output: programs of the host target (tests, tools) only. */
declare function print(text: Bytes): void;
