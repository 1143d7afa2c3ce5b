// Constants: what expressions of constants come to before the program runs, beside the same with values that nobody knows.

import { big, number, word, yes } from "./support/output.ts";

const THREE = 3;
const IS_BIG: boolean = THREE > 2;
const IS_NEITHER: boolean = !IS_BIG || THREE >= 4;
const IS_BOTH: boolean = IS_BIG && !(THREE < 1);
const LOW: u32 = Math.imul(THREE, -7) >>> 0;
const PRODUCT: i32 = Math.imul(0x1234_5678, 0x7654_3211);
const SUM: u32 = (Math.max(THREE, 7) + 1) * 2 - Math.min(3, THREE);
const NEGATED: i32 = -Math.max(THREE, 7);
const COMPLEMENT: i32 = ~Math.max(THREE, 7);
const MASKED: u8 = Math.max(THREE, 7) & 6;
const SHIFTED: i32 = Math.max(THREE, 7) << 29;
const UNSIGNED: u32 = (-Math.max(THREE, 7) | 0) >>> 1;
const HALF: u8 = Math.trunc(Math.max(THREE, 7) / 2);
const REST: u8 = Math.max(THREE, 7) % 4;
const ALL: u64 = BigInt.asUintN(64, BigInt(-Math.max(THREE, 7)));
const CHECKED: u8 = u8(Math.max(THREE, 200));
const ZEROS: u8 = Math.clz32(Math.abs(-THREE));
const CHOSEN: u8 = THREE > 2 ? 9 : 300;
const SIZE_NAME: string = THREE > 2 ? "big" : "small";
const IS_NAMED: boolean = SIZE_NAME === "big";
const TABLE: readonly u8[] = [Math.min(4, THREE), MASKED];
const SECOND: u8 = TABLE[1];
const LENGTH: u32 = TABLE.length;

class Part {
  constructor(
    readonly size: u8,
    readonly isLarge: boolean,
  ) {}
}

const part = new Part(Math.max(THREE, 6), THREE > 4);
const parts = fixedArray(Math.min(THREE, 9), () => new Part(Math.abs(-5), true));
const room = new Uint8Array(Math.max(THREE, 9));
let changing: u8 = Math.abs(-THREE);

function withDefault(value: u8 = Math.min(THREE, 2)): u8 {
  return value;
}

/** 3, which the compiler does not know. */
function three(): u8 {
  changing = 3;
  return changing;
}

export function integers(): void {
  number(LOW);
  number(PRODUCT);
  number(SUM);
  number(NEGATED);
  number(COMPLEMENT);
  number(MASKED);
  number(SHIFTED);
  number(UNSIGNED);
  number(HALF);
  number(REST);
  big(ALL);
  number(CHECKED);
  number(ZEROS);
  number(CHOSEN);
  number(SECOND);
  number(LENGTH);
}

export function sameAsCalculated(): void {
  const value = three();
  const seven: u8 = Math.max(value, 7);
  yes(LOW === Math.imul(value, -7) >>> 0);
  yes(PRODUCT === Math.imul(0x1234_5675 + value, 0x7654_3211));
  yes(SUM === (seven + 1) * 2 - Math.min(3, value));
  yes(NEGATED === -seven);
  yes(COMPLEMENT === ~seven);
  yes(MASKED === (seven & 6));
  yes(SHIFTED === seven << 29);
  yes(UNSIGNED === (-seven | 0) >>> 1);
  yes(HALF === Math.trunc(seven / 2));
  yes(REST === seven % 4);
  yes(ALL === BigInt.asUintN(64, BigInt(-seven)));
  yes(ZEROS === Math.clz32(Math.abs(-value)));
}

export function truths(): void {
  yes(IS_BIG);
  yes(IS_NEITHER);
  yes(IS_BOTH);
  yes(IS_NAMED);
  word(SIZE_NAME);
}

export function within(): void {
  number(part.size);
  yes(part.isLarge);
  number(parts.length);
  number(parts[2].size);
  number(room.length);
  number(withDefault());
  number(changing);
}
