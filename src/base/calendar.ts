/**
 * Calendar: seconds since 1970-01-01 00:00:00 UTC, and the fields by which people and clocks name the same moment.
 *
 * The Gregorian calendar from 1970 to 9999; clocks of machines (CMOS, UEFI) are read into a `CalendarTime` and never
 * believed before `secondsFromCalendar` accepted them.
 */
import { TextWriter } from "./text-writer.ts";

const SECONDS_PER_DAY = 86400;
const LAST_YEAR = 9999;
/** Days before each month in a year that is no leap year. */
const DAYS_BEFORE: readonly u16[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

export class CalendarTime {
  year: u16 = 1970;
  /** From 1. */
  month: u8 = 1;
  /** From 1. */
  day: u8 = 1;
  hour: u8 = 0;
  minute: u8 = 0;
  second: u8 = 0;
}

/** The seconds of a moment; 0 where its fields name none. */
export function secondsFromCalendar(time: CalendarTime): u64 {
  if (time.year < 1970 || time.year > LAST_YEAR || time.month < 1 || time.month > 12) return 0n;
  if (time.day < 1 || time.day > daysInMonth(time.year, time.month)) return 0n;
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return 0n;
  const days = daysBeforeYear(time.year) + daysBeforeMonth(time.year, time.month) + time.day - 1;
  const seconds = time.hour * 3600 + time.minute * 60 + time.second;
  return BigInt(days) * BigInt(SECONDS_PER_DAY) + BigInt(seconds);
}

/** Fills `into` with the fields of a moment; what lies behind the year 9999 becomes its last day. */
export function calendarFromSeconds(seconds: u64, into: CalendarTime): void {
  const lastDay = daysBeforeYear(LAST_YEAR) + 364;
  const days = seconds / BigInt(SECONDS_PER_DAY);
  let day: u32 = days > BigInt(lastDay) ? u32(lastDay) : u32(Number(days));
  let year: u16 = u16(1970 + Math.trunc(day / 366));
  while (year < LAST_YEAR && daysBeforeYear(year + 1) <= day) year++;
  day -= daysBeforeYear(year);
  let month: u8 = 1;
  while (month < 12 && daysBeforeMonth(year, u8(month + 1)) <= day) month++;
  const second = u32(Number(seconds % BigInt(SECONDS_PER_DAY)));
  into.year = year;
  into.month = month;
  into.day = u8(day - daysBeforeMonth(year, month) + 1);
  into.hour = u8(Math.trunc(second / 3600));
  into.minute = u8(Math.trunc(second / 60) % 60);
  into.second = u8(second % 60);
}

/** Writes `2026-01-06 14:30`. */
export function writeMinute(out: TextWriter, seconds: u64): void {
  const time = new CalendarTime();
  calendarFromSeconds(seconds, time);
  out.padded(time.year, 4);
  out.byte(0x2d);
  out.padded(time.month, 2);
  out.byte(0x2d);
  out.padded(time.day, 2);
  out.byte(0x20);
  out.padded(time.hour, 2);
  out.byte(0x3a);
  out.padded(time.minute, 2);
}

function isLeap(year: u32): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 to the first of January of a year from 1970 on. */
function daysBeforeYear(year: u16): u32 {
  const before = year - 1;
  const leapDays = Math.trunc(before / 4) - Math.trunc(before / 100) + Math.trunc(before / 400);
  // 477 leap days lie before 1970.
  return u32((year - 1970) * 365 + leapDays - 477);
}

function daysBeforeMonth(year: u16, month: u8): u32 {
  return DAYS_BEFORE[month - 1] + (month > 2 && isLeap(year) ? 1 : 0);
}

function daysInMonth(year: u16, month: u8): u32 {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
