/**
 * The run-time library of checked JavaScript: what `runtime-c/shared/ray.h` is to C, under the same names.
 *
 * A number is a double that holds an exact integer, a view is a typed array (mostly a subarray of another), a struct is an
 * object. Every check takes the file and line that a trap names.
 */
import { realpathSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

export type TrapKind = "range" | "index" | "null" | "assert" | "unreachable" | "divide";

/** Ends the program. `message` is that of an assertion, or "". */
export class RayTrap extends Error {
  readonly kind: TrapKind;
  readonly file: string;
  readonly line: number;

  constructor(kind: TrapKind, file: string, line: number, message: string) {
    super(`trap ${kind} at ${file}:${line}${message === "" ? "" : ": "}${message}`);
    this.kind = kind;
    this.file = file;
    this.line = line;
  }
}

export function trap(kind: TrapKind, file: string, line: number, message = ""): never {
  throw new RayTrap(kind, file, line, message);
}

// ---- checks ----

export function narrow<T extends number | bigint>(value: T, low: T, high: T, file: string, line: number): T {
  if (value < low || value > high) trap("range", file, line);
  return value;
}

/** What the compiler took for certain. Where it was wrong, no other side of the program traps. */
export function audit<T extends number | bigint>(value: T, low: T, high: T, file: string, line: number): T {
  if (!(value >= low && value <= high))
    trap("unreachable", file, line, `${value} is not in ${low} to ${high}`);
  return value;
}

/** The same for the class of what a union refers to. */
export function member<T>(value: T, wanted: new () => T, file: string, line: number): T {
  if (value !== null && !(value instanceof wanted))
    trap("unreachable", file, line, `this is no ${wanted.name}`);
  return value;
}

export function nonzero<T extends number | bigint>(value: T, file: string, line: number): T {
  if (value == 0) trap("divide", file, line);
  return value;
}

export function nonNull<T>(value: T | null, file: string, line: number): T {
  return value === null ? trap("null", file, line) : value;
}

export function index(at: number, length: number, file: string, line: number): number {
  if (at < 0 || at >= length) trap("index", file, line);
  return at;
}

// ---- bytes ----

export const NO_BYTES = new Uint8Array(0);

/** Checks that `width` bytes from `at` lie within `bytes`. */
function within(bytes: Uint8Array, at: number, width: number, file: string, line: number): number {
  if (at < 0 || width < 0 || at + width > bytes.length) trap("index", file, line);
  return at;
}

export function bytes_u8(bytes: Uint8Array, at: number, file: string, line: number): number {
  return bytes[within(bytes, at, 1, file, line)]!;
}

export function bytes_u16le(bytes: Uint8Array, at: number, file: string, line: number): number {
  within(bytes, at, 2, file, line);
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function bytes_u32le(bytes: Uint8Array, at: number, file: string, line: number): number {
  within(bytes, at, 4, file, line);
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function bytes_u64le(bytes: Uint8Array, at: number, file: string, line: number): bigint {
  within(bytes, at, 8, file, line);
  return viewOf(bytes).getBigUint64(at, true);
}

export function bytes_u16be(bytes: Uint8Array, at: number, file: string, line: number): number {
  within(bytes, at, 2, file, line);
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function bytes_u32be(bytes: Uint8Array, at: number, file: string, line: number): number {
  within(bytes, at, 4, file, line);
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function bytes_u64be(bytes: Uint8Array, at: number, file: string, line: number): bigint {
  within(bytes, at, 8, file, line);
  return viewOf(bytes).getBigUint64(at, false);
}

export function bytes_set_u8(bytes: Uint8Array, at: number, value: number, file: string, line: number): void {
  bytes[within(bytes, at, 1, file, line)] = value;
}

export function bytes_set_u16le(
  bytes: Uint8Array,
  at: number,
  value: number,
  file: string,
  line: number,
): void {
  within(bytes, at, 2, file, line);
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
}

export function bytes_set_u32le(
  bytes: Uint8Array,
  at: number,
  value: number,
  file: string,
  line: number,
): void {
  within(bytes, at, 4, file, line);
  viewOf(bytes).setUint32(at, value, true);
}

export function bytes_set_u64le(
  bytes: Uint8Array,
  at: number,
  value: bigint,
  file: string,
  line: number,
): void {
  within(bytes, at, 8, file, line);
  viewOf(bytes).setBigUint64(at, value, true);
}

export function bytes_set_u16be(
  bytes: Uint8Array,
  at: number,
  value: number,
  file: string,
  line: number,
): void {
  within(bytes, at, 2, file, line);
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function bytes_set_u32be(
  bytes: Uint8Array,
  at: number,
  value: number,
  file: string,
  line: number,
): void {
  within(bytes, at, 4, file, line);
  viewOf(bytes).setUint32(at, value, false);
}

export function bytes_set_u64be(
  bytes: Uint8Array,
  at: number,
  value: bigint,
  file: string,
  line: number,
): void {
  within(bytes, at, 8, file, line);
  viewOf(bytes).setBigUint64(at, value, false);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function bytes_slice(
  bytes: Uint8Array,
  from: number,
  length: number,
  file: string,
  line: number,
): Uint8Array {
  within(bytes, from, length, file, line);
  return bytes.subarray(from, from + length);
}

export const span = bytes_slice;

export function bytes_fill(bytes: Uint8Array, value: number): void {
  bytes.fill(value);
}

export function bytes_copy(target: Uint8Array, source: Uint8Array, file: string, line: number): void {
  if (target.length !== source.length) trap("index", file, line);
  target.set(source);
}

export function bytes_equal(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

const constantTexts = new Map<string, Uint8Array>();

/** A string's bytes stand in one place, as those of a C literal do. */
export function utf8(text: string): Uint8Array {
  const known = constantTexts.get(text);
  if (known !== undefined) return known;
  const bytes = new TextEncoder().encode(text);
  constantTexts.set(text, bytes);
  return bytes;
}

// ---- arrays ----

export function filled<T>(length: number, value: T): T[] {
  return Object.seal(new Array<T>(length).fill(value));
}

export function made<T>(length: number, make: () => T): T[] {
  return Object.seal(Array.from({ length }, make));
}

// ---- running ----

let output: (bytes: Uint8Array) => void = writeOut;

export function print(text: Uint8Array): void {
  output(text);
}

/** Runs `program` and tells what it trapped at, or `null`. What it prints goes to `write`. */
export function execute(program: () => void, write: (bytes: Uint8Array) => void): RayTrap | null {
  output = write;
  try {
    program();
    return null;
  } catch (error) {
    if (error instanceof RayTrap) return error;
    throw error;
  } finally {
    output = writeOut;
  }
}

/** Runs `program` if the module at `url` is what Node was started with: prints its trap and ends with status 70. */
export function run(url: string, program: () => void): void {
  const started = process.argv[1];
  if (started === undefined || url !== pathToFileURL(realpathSync(started)).href) return;
  const trapped = execute(program, writeOut);
  flush();
  if (trapped === null) return;
  writeAll(2, Buffer.from(`${trapped.message}\n`));
  process.exitCode = 70;
}

const pending = Buffer.alloc(64 * 1024);
let pendingLength = 0;

function writeOut(bytes: Uint8Array): void {
  if (bytes.length > pending.length - pendingLength) flush();
  if (bytes.length > pending.length) return writeAll(1, bytes);
  pending.set(bytes, pendingLength);
  pendingLength += bytes.length;
}

function flush(): void {
  writeAll(1, pending.subarray(0, pendingLength));
  pendingLength = 0;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
