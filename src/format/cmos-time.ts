/**
 * What the battery's clock (MC146818) shows, as seconds since 1970.
 *
 * The registers hold BCD or binary, 12 or 24 hours, as status register B says; the century stands in a byte that only the
 * firmware knows. What is no date is refused. Called by `machine/cmos-clock.ts` with bytes as the clock gave them.
 *
 *     0 second   1 minute   2 hour (bit 7: afternoon)   3 day   4 month   5 year of the century   6 century, or 0
 */

export const CMOS_TIME_BYTES = 7;

const STATUS_BINARY = 0x04;
const STATUS_24_HOURS = 0x02;
const AFTERNOON = 0x80;
const MONTH_DAYS: readonly u8[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const SECONDS_PER_DAY = 86400n;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_DAY = 719468;

/** Seconds since 1970-01-01 00:00:00 UTC, or 0 where the registers show no time between 1970 and 2199. */
export function unixFromCmos(registers: Bytes, status: u8): u64 {
  assert(registers.length === CMOS_TIME_BYTES);
  const second = decode(registers.u8(0), status);
  const minute = decode(registers.u8(1), status);
  const hour = decodeHour(registers.u8(2), status);
  const day = decode(registers.u8(3), status);
  const month = decode(registers.u8(4), status);
  const year = fullYear(decode(registers.u8(5), status), decode(registers.u8(6), status));
  if (second > 59 || minute > 59 || hour > 23 || month < 1 || month > 12 || day < 1) return 0n;
  if (year < 1970 || year > 2199 || day > MONTH_DAYS[month - 1]) return 0n;
  if (month === 2 && day === 29 && !isLeap(year)) return 0n;
  const seconds = hour * 3600 + minute * 60 + second;
  return u64(BigInt(dayNumber(year, month, day)) * SECONDS_PER_DAY + BigInt(seconds));
}

/** Days since 1970-01-01, counted in years that begin with March, so that the leap day is a year's last. */
function dayNumber(year: u16, month: u8, day: u8): u32 {
  const shifted: u32 = month > 2 ? year : year - 1;
  const monthFromMarch: u32 = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.trunc(shifted / 4) - Math.trunc(shifted / 100) + Math.trunc(shifted / 400);
  const dayOfYear = Math.trunc((153 * monthFromMarch + 2) / 5) + day - 1;
  return u32(shifted * 365 + leapDays + dayOfYear - EPOCH_DAY);
}

/** A clock without a century byte shows 1980 to 2079. */
function fullYear(yearOfCentury: u8, century: u8): u16 {
  if (century > 0) return century * 100 + yearOfCentury;
  return yearOfCentury >= 80 ? 1900 + yearOfCentury : 2000 + yearOfCentury;
}

function decodeHour(register: u8, status: u8): u8 {
  const hour = decode(register & 0x7f, status);
  if ((status & STATUS_24_HOURS) !== 0) return decode(register, status);
  if (hour < 1 || hour > 12) return 0xff;
  const afternoon = (register & AFTERNOON) !== 0 ? 12 : 0;
  return (hour === 12 ? 0 : hour) + afternoon;
}

/** A register's number; 255 where it is no BCD. */
function decode(register: u8, status: u8): u8 {
  if ((status & STATUS_BINARY) !== 0) return register;
  const tens = register >>> 4;
  const ones = register & 0xf;
  return tens > 9 || ones > 9 ? 0xff : u8(tens * 10 + ones);
}

function isLeap(year: u16): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
