/**
 * The standard library of the subset, instead of TypeScript's own (`noLib`).
 *
 * What the subset lacks (JSON, setTimeout, Date, ...) is missing here, so that an ordinary editor shows it as an
 * ordinary error. What RayOS adds to JavaScript stands in `ray.d.ts`.
 */

interface Object {}
interface Function {}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {}
interface Boolean {}
interface Number {}
interface RegExp {}
interface String {}
interface Symbol {}

interface SymbolConstructor {
  readonly iterator: unique symbol;
}
declare var Symbol: SymbolConstructor;

interface IteratorYieldResult<T> {
  done?: false;
  value: T;
}
interface IteratorReturnResult<T> {
  done: true;
  value: T;
}
type IteratorResult<T, R = unknown> = IteratorYieldResult<T> | IteratorReturnResult<R>;
interface Iterator<T, R = unknown, N = unknown> {
  next(...parameters: [] | [N]): IteratorResult<T, R>;
}
interface Iterable<T, R = unknown, N = unknown> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<T, R = unknown, N = unknown> extends Iterator<T, R, N> {
  [Symbol.iterator](): IterableIterator<T, R, N>;
}

/** A constant table: `const PRIMES: readonly u32[] = [2, 3, 5];` */
interface ReadonlyArray<T> {
  readonly length: u32;
  readonly [index: number]: T;
  [Symbol.iterator](): IterableIterator<T>;
}
/** Only as the type of a literal; nothing of the subset grows. */
interface Array<T> {
  readonly length: u32;
  [index: number]: T;
  [Symbol.iterator](): IterableIterator<T>;
}
interface TemplateStringsArray extends ReadonlyArray<string> {}
type Readonly<T> = { readonly [P in keyof T]: T[P] };

interface TypedArray<T> {
  readonly length: u32;
  [index: number]: T;
  fill(value: T): this;
  [Symbol.iterator](): IterableIterator<T>;
}
interface Uint8Array extends TypedArray<u8> {
  readonly __element?: "u8";
}
interface Uint16Array extends TypedArray<u16> {
  readonly __element?: "u16";
}
interface Uint32Array extends TypedArray<u32> {
  readonly __element?: "u32";
}
interface Int8Array extends TypedArray<i8> {
  readonly __element?: "i8";
}
interface Int16Array extends TypedArray<i16> {
  readonly __element?: "i16";
}
interface Int32Array extends TypedArray<i32> {
  readonly __element?: "i32";
}
interface BigUint64Array extends TypedArray<u64> {
  readonly __element?: "u64";
}
interface BigInt64Array extends TypedArray<i64> {
  readonly __element?: "i64";
}
declare var Uint8Array: { new (length: number): Uint8Array };
declare var Uint16Array: { new (length: number): Uint16Array };
declare var Uint32Array: { new (length: number): Uint32Array };
declare var Int8Array: { new (length: number): Int8Array };
declare var Int16Array: { new (length: number): Int16Array };
declare var Int32Array: { new (length: number): Int32Array };
declare var BigUint64Array: { new (length: number): BigUint64Array };
declare var BigInt64Array: { new (length: number): BigInt64Array };

interface Math {
  abs(x: number): number;
  clz32(x: number): u8;
  imul(a: number, b: number): i32;
  max(a: number, b: number): number;
  min(a: number, b: number): number;
  trunc(x: number): number;
}
declare var Math: Math;

interface BigInt {}
interface BigIntConstructor {
  (value: number): bigint;
  asUintN(bits: number, value: bigint): u64;
  asIntN(bits: number, value: bigint): i64;
}
declare var BigInt: BigIntConstructor;
declare var Number: { (value: bigint): number };
