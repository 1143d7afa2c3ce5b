/**
 * FAT time stamps: local time in two 16-bit words, from 1980 to 2107, in steps of two seconds. RayOS writes UTC.
 *
 *     date: year - 1980 (7 bits), month (4), day (5)      time: hour (5), minute (6), second / 2 (5)
 */

const SECONDS_PER_DAY: u64 = 86400n;
/** Days from 1970-01-01 to 1980-01-01 and to 2108-01-01. */
const FIRST_DAY: u32 = 3652;
const END_DAY: u32 = 50403;
const DAYS_PER_YEAR = 365;
const MONTH_DAYS: readonly u8[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The date word for a time in seconds since 1970; times outside the years that FAT knows become the nearest one. */
export function fatDate(unixSeconds: u64): u16 {
  const day = fatDay(unixSeconds);
  let year: u32 = 0;
  let rest: u32 = day - FIRST_DAY;
  while (rest >= yearDays(year)) {
    rest -= yearDays(year);
    year++;
  }
  let month: u32 = 0;
  while (rest >= monthDays(year, month)) {
    rest -= monthDays(year, month);
    month++;
  }
  return u16(year * 512 + (month + 1) * 32 + rest + 1);
}

/** The time word for a time in seconds since 1970. */
export function fatTime(unixSeconds: u64): u16 {
  const second = Number(unixSeconds % SECONDS_PER_DAY);
  const hour = Math.trunc(second / 3600);
  const minute = Math.trunc(second / 60) % 60;
  return u16(hour * 2048 + minute * 32 + Math.trunc((second % 60) / 2));
}

function fatDay(unixSeconds: u64): u32 {
  const day = unixSeconds / SECONDS_PER_DAY;
  if (day < BigInt(FIRST_DAY)) return FIRST_DAY;
  if (day >= BigInt(END_DAY)) return END_DAY - 1;
  return u32(Number(day));
}

/** Years count from 1980. 2100 is no leap year. */
function isLeap(year: u32): boolean {
  return year % 4 === 0 && year !== 120;
}

function yearDays(year: u32): u32 {
  return isLeap(year) ? DAYS_PER_YEAR + 1 : DAYS_PER_YEAR;
}

function monthDays(year: u32, month: u32): u32 {
  const leapDay = month === 1 && isLeap(year) ? 1 : 0;
  return MONTH_DAYS[month] + leapDay;
}
