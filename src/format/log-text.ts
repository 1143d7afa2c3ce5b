/**
 * The log as text: a line an entry, as the specification has it.
 *
 *     2026-01-06T14:30:00Z INFO boot_marker RAYOS_BOOT_MARKER:GOLDEN seq=17 boot=5be1c2d0
 *     mono:1.204511 WARN disks message text="…" seq=3 boot=5be1c2d0
 *
 * The time is `mono:` and seconds since the boot's start where the time of day was not known. `boot` is the front of the boot's id.
 */
import { calendarFromSeconds, CalendarTime } from "../base/calendar.ts";
import { TextWriter } from "../base/text-writer.ts";
import { LogEntry, logLevelName } from "./log-entry.ts";

/** Room for the longest line. */
export const LOG_LINE_BYTES = 640;
const NANOSECONDS_IN_MICROSECOND: u64 = 1000n;
const MICROSECONDS: u64 = 1_000_000n;
const SPACE = 0x20;

/** Writes the line of an entry, without its end. */
export function writeLogLine(out: TextWriter, entry: LogEntry): void {
  if (entry.unixSeconds() === 0n) writeMonotonic(out, entry.monotonicNs());
  else writeTime(out, entry.unixSeconds());
  out.byte(SPACE);
  out.text(logLevelName(entry.level()));
  out.byte(SPACE);
  out.bytes(entry.component());
  out.byte(SPACE);
  out.bytes(entry.event());
  if (entry.details().length > 0) {
    out.byte(SPACE);
    out.bytes(entry.details());
  }
  out.text(` seq=${entry.sequence()} boot=`);
  for (let i: u32 = 0; i < 4; i++) out.hex(BigInt(entry.bootId().u8(i)), 2);
}

/** Writes `2026-01-06T14:30:00Z`. */
export function writeTime(out: TextWriter, seconds: u64): void {
  const time = new CalendarTime();
  calendarFromSeconds(seconds, time);
  out.padded(time.year, 4);
  out.byte(0x2d);
  out.padded(time.month, 2);
  out.byte(0x2d);
  out.padded(time.day, 2);
  out.text("T");
  out.padded(time.hour, 2);
  out.byte(0x3a);
  out.padded(time.minute, 2);
  out.byte(0x3a);
  out.padded(time.second, 2);
  out.text("Z");
}

/** Writes `mono:1.204511`. */
function writeMonotonic(out: TextWriter, nanoseconds: u64): void {
  const microseconds = nanoseconds / NANOSECONDS_IN_MICROSECOND;
  out.text("mono:");
  out.bigInteger(microseconds / MICROSECONDS);
  out.text(".");
  out.padded(u32(Number(microseconds % MICROSECONDS)), 6);
}
