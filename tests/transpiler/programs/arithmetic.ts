// Arithmetic of every width: exact, wrapped, divided, shifted; values chosen at the edges of the types.

import { big, number, yes } from "./support/output.ts";

const BYTES: readonly u8[] = [0, 1, 2, 127, 128, 200, 254, 255];
const WORDS: readonly u32[] = [0, 1, 2, 31, 32, 33, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const SIGNED: readonly i32[] = [0, 1, -1, 7, -7, 0x7fffffff, -0x80000000, -0x7fffffff];
const WIDE: readonly u64[] = [
  0n,
  1n,
  3n,
  0xffffffffn,
  0x100000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffffffffffffffffn,
];
const DEEP: readonly i64[] = [0n, 1n, -1n, 5n, -5n, 0x7fffffffffffffffn, -0x8000000000000000n, -0x100000000n];

export function bytes(): void {
  for (const a of BYTES) {
    for (const b of BYTES) {
      number(a + b);
      number(a - b);
      number(a * b);
      number((a + b) & 0xff);
      number((a - b) & 0xff);
      number(a ^ b);
      number(a | (b << 8));
      if (b !== 0) number(Math.trunc(a / b));
      if (b !== 0) number(a % b);
    }
  }
}

export function words(): void {
  for (const a of WORDS) {
    for (const b of WORDS) {
      number(a + b);
      number(a - b);
      number((a + b) >>> 0);
      number((a - b) >>> 0);
      number((a + b) | 0);
      number((a - b) | 0);
      number(Math.imul(a, b));
      number(a & b);
      number(a | b);
      number(a ^ b);
      number((a | b) >>> 0);
      number(~a);
      number(a << (b & 31));
      number(a >>> (b & 31));
      number(a >> (b & 31));
      number(a << b);
      number(a >>> b);
      number(a >> b);
      number(Math.min(a, b));
      number(Math.max(a, b));
      number(Math.clz32(a));
      yes(a < b);
      if (b !== 0) {
        number(Math.trunc(a / b));
        number((a / b) >>> 0);
        number((a / b) | 0);
        number(a % b);
      }
    }
  }
}

export function signed(): void {
  for (const a of SIGNED) {
    for (const b of SIGNED) {
      number(a + b);
      number(a - b);
      number((a + b) | 0);
      number((a - b) | 0);
      number((a + b) >>> 0);
      number(Math.imul(a, b));
      number(a & b);
      number(a | b);
      number(a ^ b);
      number(a << b);
      number(a >> b);
      number(a >>> b);
      number(-a);
      number(~a);
      number(Math.abs(a));
      yes(a < b);
      yes(a === b);
      if (b !== 0) {
        number(Math.trunc(a / b));
        number((a / b) | 0);
        number((a / b) >>> 0);
        number(a % b);
      }
    }
  }
}

/** Values of signed and unsigned types meet: C would compare and add them as unsigned. */
export function mixed(): void {
  for (const a of WORDS) {
    for (const b of SIGNED) {
      number(a + b);
      number(a - b);
      number(b - a);
      yes(a < b);
      yes(a >= b);
      yes(a === b);
      number(a & b);
      number(a ^ b);
      number((a + b) >>> 0);
      number(Math.min(a, b));
      number(Math.max(a, b));
      if (b !== 0) number(Math.trunc(a / b));
      if (a !== 0) number(b % a);
    }
  }
}

export function wide(): void {
  for (const a of WIDE) {
    for (const b of WIDE) {
      big((a + b) >> 1n);
      big((a + b) & 1n);
      big((a - b) >> 1n);
      big((a - b) & 1n);
      big(BigInt.asUintN(64, a + b));
      big(BigInt.asUintN(64, a - b));
      big(BigInt.asUintN(64, a * b));
      big(BigInt.asIntN(64, a * b));
      big(BigInt.asUintN(32, a * b));
      big(BigInt.asIntN(8, a - b));
      big(a & b);
      big(a | b);
      big(a ^ b);
      big(BigInt.asUintN(64, ~a));
      big(BigInt.asUintN(64, -a));
      big(a >> (b & 63n));
      big(BigInt.asUintN(64, a << (b & 63n)));
      yes(a < b);
      if (b !== 0n) big(a / b);
      if (b !== 0n) big(a % b);
    }
  }
}

export function deep(): void {
  for (const a of DEEP) {
    for (const b of DEEP) {
      big((a + b) >> 1n);
      big((a + b) & 1n);
      big((a - b) >> 1n);
      big((a - b) & 1n);
      big(BigInt.asIntN(64, a + b));
      big(BigInt.asIntN(64, a * b));
      big(BigInt.asUintN(64, a * b));
      big(BigInt.asUintN(16, a));
      big(a & b);
      big(a | b);
      big(a ^ b);
      big(~a);
      big(-a);
      big(a >> (b & 63n));
      yes(a < b);
      yes(a >= b);
    }
  }
}

/** Unsigned and signed of 64 bits meet. */
export function wideMixed(): void {
  for (const a of WIDE) {
    for (const b of DEEP) {
      big((a + b) >> 1n);
      big((a + b) & 1n);
      big((a - b) >> 1n);
      big((a - b) & 1n);
      yes(a < b);
      yes(a === b);
      yes(b > a);
      big(a & b);
      big(BigInt.asUintN(64, a ^ b));
      big(a | b);
    }
  }
}

export function conversions(): void {
  for (const a of WORDS) {
    big(BigInt(a));
    big(BigInt(a) << 20n);
    big(BigInt(a) * 0xffffffffn);
    number(Number(BigInt(a) >> 4n));
  }
  for (const a of SIGNED) {
    big(BigInt(a));
    big(BigInt.asUintN(64, BigInt(a)));
    big(BigInt.asUintN(32, BigInt(a)));
  }
  for (const a of WIDE) number(Number(a & 0xfffffffffffffn));
}

/** Constants at the left of shifts, and folded expressions. */
export function constants(): void {
  for (const n of BYTES) {
    number(0xffffffff >> n);
    number(0xffffffff >>> n);
    number(0x80000000 >> n);
    number(-1 >>> n);
    number(1 << n);
    number(0xdeadbeef & n);
    number(~0xffffffff ^ n);
    number((-2) ** 31 + n);
    number(2 ** 31 - n);
  }
  number(0xffffffff >> 4);
  number(1 << 31);
  number((1 << 31) >>> 0);
  number(-7 % 3);
  number(Math.trunc(-7 / 2));
  number((-7 / 2) | 0);
  number(-9007199254740991);
  number(2 ** 52 - 1 + 2 ** 52);
  big(-(2n ** 63n));
  big(2n ** 64n - 1n);
  big(-7n / 2n);
  big(-7n % 3n);
}

/** Several operators deep: intermediate values beyond 32 bits must not wrap. */
export function chains(): void {
  for (const a of WORDS) {
    for (const b of SIGNED) {
      number(a + a - b);
      number(a + a - (b + b) + 1);
      number((a * 3 + b * 5) >>> 0);
      number((a * 1000 - b) | 0);
      number(Math.trunc((a + a) / 3));
      number((a + 1) % 7);
      number((b - 1) % 7);
      number(a * 65535 + 65535);
      number(b * 4096 - 4096);
      number((a - b) & 0xffff);
      number(((a << 5) ^ (a >>> 27) ^ b) >>> 0);
      yes(a - 1 < b + 1);
      yes(a + a > 0xffffffff);
    }
  }
}

/** Shifts whose result fits though 1 shifted as far would not. */
export function farShifts(): void {
  for (const a of DEEP) {
    for (const n of WIDE) {
      big(BigInt.asIntN(64, (a & 1n) << (n & 63n)));
      big(((a & 1n) - 1n) << (n & 63n));
      big((((a & 7n) << (n & 63n)) >> (n & 63n)) & 7n);
      big(BigInt.asUintN(64, (a & 0xffn) << (n & 127n)));
    }
  }
}
