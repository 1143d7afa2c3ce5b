/**
 * What the battery's clock (MC146818) shows, as seconds since 1970.
 *
 * The registers hold BCD or binary, 12 or 24 hours, as status register B says; the century stands in a byte that only the
 * firmware knows. What is no date is refused. Called by `machine/cmos-clock.ts` with bytes as the clock gave them.
 *
 *     0 second   1 minute   2 hour (bit 7: afternoon)   3 day   4 month   5 year of the century   6 century, or 0
 */
import { CalendarTime, secondsFromCalendar } from "../base/calendar.ts";

export const CMOS_TIME_BYTES = 7;

const STATUS_BINARY = 0x04;
const STATUS_24_HOURS = 0x02;
const AFTERNOON = 0x80;
/** No register of a clock that runs decodes to this. */
const INVALID = 0xff;

/** Seconds since 1970-01-01 00:00:00 UTC, or 0 where the registers show no time from 1970 on. */
export function unixFromCmos(registers: Bytes, status: u8): u64 {
  assert(registers.length === CMOS_TIME_BYTES);
  const time = new CalendarTime();
  time.second = decode(registers.u8(0), status);
  time.minute = decode(registers.u8(1), status);
  time.hour = decodeHour(registers.u8(2), status);
  time.day = decode(registers.u8(3), status);
  time.month = decode(registers.u8(4), status);
  const year = decode(registers.u8(5), status);
  if (year > 99) return 0n;
  time.year = fullYear(year, decode(registers.u8(6), status));
  return secondsFromCalendar(time);
}

/** A clock without a century byte shows 1980 to 2079. */
function fullYear(yearOfCentury: u8, century: u8): u16 {
  if (century > 0) return century * 100 + yearOfCentury;
  return yearOfCentury >= 80 ? 1900 + yearOfCentury : 2000 + yearOfCentury;
}

function decodeHour(register: u8, status: u8): u8 {
  if ((status & STATUS_24_HOURS) !== 0) return decode(register, status);
  const hour = decode(register & 0x7f, status);
  if (hour < 1 || hour > 12) return INVALID;
  const noon = (register & AFTERNOON) !== 0 ? 12 : 0;
  return (hour === 12 ? 0 : hour) + noon;
}

/** A register's number; `INVALID` where it is no BCD. */
function decode(register: u8, status: u8): u8 {
  if ((status & STATUS_BINARY) !== 0) return register;
  const tens = register >>> 4;
  const ones = register & 0xf;
  return tens > 9 || ones > 9 ? INVALID : u8(tens * 10 + ones);
}
