/**
 * The battery's clock (MC146818): seconds to years in the CMOS memory behind ports 0x70 and 0x71.
 *
 * Read once, at start. It is taken as UTC, which is how RayOS sets it. Two equal readings are believed, each taken while
 * no update runs; what they mean is `format/cmos-time.ts`' matter.
 */
import { CMOS_TIME_BYTES, unixFromCmos } from "../format/cmos-time.ts";
import { portRead8, portWrite8 } from "./intrinsics.ts";

const INDEX = 0x70;
const DATA = 0x71;

/** Where second, minute, hour, day, month and year of the century stand. */
const REGISTERS: readonly u8[] = [0x00, 0x02, 0x04, 0x07, 0x08, 0x09];
const CENTURY_AT = 6;
const STATUS_A = 0x0a;
const STATUS_B = 0x0b;
const UPDATE_RUNS = 0x80;
/** An update takes 2 ms, a look at least a microsecond. */
const LOOK_LIMIT = 100_000;
const TRIES = 5;

/** Seconds since 1970-01-01 00:00:00 UTC, or 0. `centuryIndex` is the FADT's: the register of the century, 0 where there is none. */
export function readCmosClock(centuryIndex: u8): u64 {
  const first = new Uint8Array(CMOS_TIME_BYTES);
  const second = new Uint8Array(CMOS_TIME_BYTES);
  for (let attempt: u8 = 0; attempt < TRIES; attempt++) {
    take(bytesOf(first), centuryIndex);
    take(bytesOf(second), centuryIndex);
    if (bytesOf(first).equals(bytesOf(second))) return unixFromCmos(bytesOf(first), readRegister(STATUS_B));
  }
  return 0n;
}

function take(into: Bytes, centuryIndex: u8): void {
  for (let look: u32 = 0; look < LOOK_LIMIT; look++) {
    if ((readRegister(STATUS_A) & UPDATE_RUNS) === 0) break;
  }
  for (let i: u32 = 0; i < CENTURY_AT; i++) into.setU8(i, readRegister(REGISTERS[i]));
  into.setU8(CENTURY_AT, centuryIndex === 0 ? 0 : readRegister(centuryIndex & 0x7f));
}

/** Bit 7 of the index would turn NMIs off; it stays clear. */
function readRegister(index: u8): u8 {
  portWrite8(INDEX, index & 0x7f);
  return portRead8(DATA);
}
