import {
  CalendarTime,
  calendarFromSeconds,
  secondsFromCalendar,
  writeMinute,
} from "../../../src/base/calendar.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

function secondsOf(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8): u64 {
  const time = new CalendarTime();
  time.year = year;
  time.month = month;
  time.day = day;
  time.hour = hour;
  time.minute = minute;
  time.second = second;
  return secondsFromCalendar(time);
}

function testKnownMoments(): void {
  test("moments that other clocks know too");
  equalBig(secondsOf(1970, 1, 1, 0, 0, 0), 0n);
  equalBig(secondsOf(2000, 2, 29, 12, 0, 0), 951825600n);
  equalBig(secondsOf(2026, 1, 6, 14, 30, 0), 1767709800n);
  equalBig(secondsOf(2038, 1, 19, 3, 14, 7), 0x7fff_ffffn);
  equalBig(secondsOf(9999, 12, 31, 23, 59, 59), 253402300799n);
}

function testRefusals(): void {
  test("fields that name no moment are 0");
  equalBig(secondsOf(1969, 12, 31, 0, 0, 0), 0n);
  equalBig(secondsOf(2025, 2, 29, 0, 0, 0), 0n);
  equalBig(secondsOf(2100, 2, 29, 0, 0, 0), 0n);
  equalBig(secondsOf(2024, 4, 31, 0, 0, 0), 0n);
  equalBig(secondsOf(2024, 0, 1, 0, 0, 0), 0n);
  equalBig(secondsOf(2024, 13, 1, 0, 0, 0), 0n);
  equalBig(secondsOf(2024, 1, 0, 0, 0, 0), 0n);
  equalBig(secondsOf(2024, 1, 1, 24, 0, 0), 0n);
  equalBig(secondsOf(2024, 1, 1, 0, 60, 0), 0n);
  equalBig(secondsOf(2024, 1, 1, 0, 0, 60), 0n);
}

function testEveryDay(): void {
  test("every day of four centuries comes back as it went, and follows the one before");
  const time = new CalendarTime();
  let day: u8 = 0;
  for (let i: u32 = 0; i < 146097; i++) {
    const seconds: u64 = BigInt(i) * 86400n + 43199n;
    calendarFromSeconds(seconds, time);
    if (secondsFromCalendar(time) !== seconds) equal(i, 0xffffffff);
    if (time.day !== 1 && time.day !== day + 1) equal(i, 0xfffffffe);
    day = time.day;
  }
  equal(time.year, 2369);
  equal(time.month, 12);
  equal(time.day, 31);
  equal(time.hour, 11);
}

function testText(): void {
  test("the text of a menu entry");
  const buffer = new Uint8Array(32);
  const out = new TextWriter(bytesOf(buffer));
  writeMinute(out, 1767709859n);
  isTrue(out.written().equals(utf8("2026-01-06 14:30")));
  test("a time beyond all years stays in the last one");
  out.clear();
  writeMinute(out, 0xffff_ffff_ffff_ffffn);
  isTrue(out.written().slice(0, 10).equals(utf8("9999-12-31")));
}

export function main(): void {
  testKnownMoments();
  testRefusals();
  testEveryDay();
  testText();
}
