/** Times of day for people: seconds since 1970 → `2026-01-06 14:30:00`, UTC, by the Gregorian calendar. */
import { Output } from "./output.ts";

const SECONDS_PER_DAY: u64 = 86400n;
/** Days from 0000-03-01 to 1970-01-01. Counting years from March puts the leap day at the end of one. */
const EPOCH_DAYS: u32 = 719468;
/** Of 400 years. */
const ERA_DAYS = 146097;
/** The last second of the year 9999. */
const LAST_SECOND: u64 = 253402300799n;

/** Writes the date and the time, without a zone; `unknown` for 0, which is what a clock says that does not know. */
export function writeDateTime(out: Output, unixSeconds: u64): void {
  if (unixSeconds === 0n) {
    out.text("unknown");
    return;
  }
  const bounded: u64 = unixSeconds > LAST_SECOND ? LAST_SECOND : unixSeconds;
  writeDate(out, u32(Number(bounded / SECONDS_PER_DAY)));
  const second = u32(Number(bounded % SECONDS_PER_DAY));
  out.text(" ");
  out.padded(u32(Math.trunc(second / 3600)), 2);
  out.text(":");
  out.padded(u32(Math.trunc(second / 60) % 60), 2);
  out.text(":");
  out.padded(second % 60, 2);
}

/** Fliegel and van Flandern's way, in the form of years that begin in March. */
function writeDate(out: Output, daysSince1970: u32): void {
  const day = daysSince1970 + EPOCH_DAYS;
  const era = Math.trunc(day / ERA_DAYS);
  const dayOfEra = day % ERA_DAYS;
  const leapDays = Math.trunc(dayOfEra / 1460) - Math.trunc(dayOfEra / 36524) + Math.trunc(dayOfEra / 146096);
  const yearOfEra = Math.trunc((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.trunc(yearOfEra / 4) - Math.trunc(yearOfEra / 100));
  // Five months from March on have 153 days, always.
  const monthFromMarch = Math.trunc((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.trunc((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  out.padded(u32(year), 4);
  out.text("-");
  out.padded(u32(month), 2);
  out.text("-");
  out.padded(u32(dayOfMonth), 2);
}
