// Intervals: which integers an expression may have as its value. Pure arithmetic on bounds; both ends belong to it.

import { isBroken } from "./sabotage.ts";

export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

export function interval(low: bigint, high: bigint): Interval {
  return { low, high };
}

export const SAFE = interval(-(2n ** 53n - 1n), 2n ** 53n - 1n);
export const I32 = interval(-(2n ** 31n), 2n ** 31n - 1n);
export const U32 = interval(0n, 2n ** 32n - 1n);
export const I64 = interval(-(2n ** 63n), 2n ** 63n - 1n);
export const U64 = interval(0n, 2n ** 64n - 1n);
export const I128 = interval(-(2n ** 127n), 2n ** 127n - 1n);

/** The range of each integer type. `bigint` as a parameter's type stands for what either 64-bit type holds. */
export const RANGES: Readonly<Record<string, Interval>> = {
  u8: interval(0n, 0xffn),
  u16: interval(0n, 0xffffn),
  u32: U32,
  i8: interval(-0x80n, 0x7fn),
  i16: interval(-0x8000n, 0x7fffn),
  i32: I32,
  number: SAFE,
  u64: U64,
  i64: I64,
  bigint: interval(I64.low, U64.high),
};

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.low <= inner.low && inner.high <= outer.high;
}

export function join(a: Interval | null, b: Interval | null): Interval | null {
  if (a === null) return b;
  if (b === null || isBroken("join")) return a;
  return interval(a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high);
}

/** The common part; where there is none (dead code), the first. */
export function meet(a: Interval, b: Interval): Interval {
  const low = a.low > b.low ? a.low : b.low;
  const high = a.high < b.high ? a.high : b.high;
  return low <= high ? interval(low, high) : a;
}

export function isSingle(a: Interval): boolean {
  return a.low === a.high;
}

function spanning(values: readonly bigint[]): Interval {
  let low = values[0]!;
  let high = low;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return interval(low, high);
}

function corners(a: Interval, b: Interval, operation: (x: bigint, y: bigint) => bigint): Interval {
  return spanning([
    operation(a.low, b.low),
    operation(a.low, b.high),
    operation(a.high, b.low),
    operation(a.high, b.high),
  ]);
}

/** Smallest 2^n − 1 that is no less than `value` (which is not negative). */
function maskOver(value: bigint): bigint {
  return (1n << BigInt(value.toString(2).length)) - 1n;
}

/** The interval of an exact operation, or `null` where a shift or power is too wide to say. */
export function calculate(operator: string, a: Interval, b: Interval): Interval | null {
  switch (operator) {
    case "+":
      return interval(a.low + b.low, a.high + b.high);
    case "-":
      return interval(a.low - b.high, a.high - b.low);
    case "*":
      return corners(a, b, (x, y) => x * y);
    case "/":
      return divide(a, b);
    case "%":
      return remainder(a, b);
    case "&":
      return and(a, b);
    case "|":
    case "^":
      return or(operator, a, b);
    case "<<":
      return b.low < 0n || b.high > 256n ? null : corners(a, b, (x, y) => x << y);
    case ">>":
      return b.low < 0n ? null : corners(a, b, (x, y) => x >> (y > 256n ? 256n : y));
    case "**":
      return b.low < 0n || b.high > 256n ? null : power(a, b);
    default:
      return null;
  }
}

function power(a: Interval, b: Interval): Interval | null {
  if (isSingle(a) && isSingle(b)) return interval(a.low ** b.low, a.low ** b.low);
  return a.low >= 0n ? corners(a, b, (x, y) => x ** y) : null;
}

/** Division truncates; the smallest divisors in size give the largest quotients. */
function divide(a: Interval, b: Interval): Interval {
  const divisors = [b.low, b.high, -1n, 1n].filter((x) => x !== 0n && x >= b.low && x <= b.high);
  if (divisors.length === 0) return a;
  return spanning(divisors.flatMap((divisor) => [a.low / divisor, a.high / divisor]).concat(spansZero(a)));
}

function spansZero(a: Interval): bigint[] {
  return a.low <= 0n && a.high >= 0n ? [0n] : [];
}

function remainder(a: Interval, b: Interval): Interval {
  if (isSingle(a) && isSingle(b) && b.low !== 0n) return interval(a.low % b.low, a.low % b.low);
  const largest = (b.high > -b.low ? b.high : -b.low) - 1n;
  const limit = largest < 0n ? 0n : largest;
  const low = a.low >= 0n ? 0n : a.low > -limit ? a.low : -limit;
  const high = a.high <= 0n ? 0n : a.high < limit ? a.high : limit;
  return interval(low, high);
}

function and(a: Interval, b: Interval): Interval {
  if (isSingle(a) && isSingle(b)) return interval(a.low & b.low, a.low & b.low);
  if (a.low >= 0n && b.low >= 0n) return interval(0n, a.high < b.high ? a.high : b.high);
  if (a.low >= 0n) return interval(0n, a.high);
  if (b.low >= 0n) return interval(0n, b.high);
  return interval(-maskOver(-(a.low < b.low ? a.low : b.low) - 1n) - 1n, maskOver(largest(a, b)));
}

function or(operator: string, a: Interval, b: Interval): Interval {
  if (isSingle(a) && isSingle(b)) {
    const value = operator === "|" ? a.low | b.low : a.low ^ b.low;
    return interval(value, value);
  }
  const mask = maskOver(largest(a, b));
  if (a.low >= 0n && b.low >= 0n) {
    return interval(operator === "|" ? (a.low > b.low ? a.low : b.low) : 0n, mask);
  }
  const lowest = a.low < b.low ? a.low : b.low;
  const reach = maskOver(-lowest - 1n);
  const bound = reach > mask ? reach : mask;
  return interval(-bound - 1n, bound);
}

function largest(a: Interval, b: Interval): bigint {
  const high = a.high > b.high ? a.high : b.high;
  return high < 0n ? 0n : high;
}

/** The value that `bits` bits hold after wrapping. */
export function wrapRange(bits: number, signed: boolean): Interval {
  const size = 1n << BigInt(bits);
  return signed ? interval(-(size / 2n), size / 2n - 1n) : interval(0n, size - 1n);
}
