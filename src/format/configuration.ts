/**
 * The configuration object of a release: lines of `key = value` in UTF-8, `#` before a remark.
 *
 *     # how long the boot menu stands, in seconds
 *     boot.menu-seconds = 3
 *     log.level = INFO
 *     watchdog.armed = yes
 *     watchdog.timeout-seconds = 30
 *     # of each stage: reboot, report or none; with +recovery the next boot is of the last known good
 *     watchdog.soft = reboot
 *     watchdog.hard = reboot
 *     watchdog.chipset = reboot
 *
 * An object like any other: versioned with its manifest and restored with it. A line that is not understood is passed
 * over and kept (a newer release may understand it), a value that is missing or out of range is the default: a bad configuration
 * never keeps a machine from booting. What the values mean together says `policy/settings.ts`.
 */
import { TextWriter } from "../base/text-writer.ts";

/** A configuration is text written by people; a longer one is refused. */
export const CONFIGURATION_LIMIT_BYTES = 16384;

/** How long the menu waits for a key before it starts the default. */
export const KEY_MENU_SECONDS: string = "boot.menu-seconds";
export const DEFAULT_MENU_SECONDS = 3;
export const MAXIMUM_MENU_SECONDS = 600;

export const KEY_LOG_LEVEL: string = "log.level";
export const KEY_WATCHDOG_ARMED: string = "watchdog.armed";
export const KEY_WATCHDOG_SECONDS: string = "watchdog.timeout-seconds";
/** A stage's name follows. */
export const KEY_WATCHDOG_PREFIX: string = "watchdog.";

const LINE_FEED = 0x0a;
const EQUALS = 0x3d;
const SPACE = 0x20;

/** The number behind `key`, or `fallback` where there is none from 0 to `maximum`. */
export function settingNumber(text: Bytes, key: string, fallback: u32, maximum: u32): u32 {
  const value = setting(text, key);
  if (value.length === 0 || value.length > 9) return fallback;
  let number: u32 = 0;
  for (let i: u32 = 0; i < value.length; i++) {
    const digit = value.u8(i);
    if (digit < 0x30 || digit > 0x39) return fallback;
    number = u32((number % 100_000_000) * 10 + (digit - 0x30));
  }
  return number <= maximum ? number : fallback;
}

/** The value behind `key`, without spaces around it: the last line that names the key counts. Empty where none does. */
export function setting(text: Bytes, key: string): Bytes {
  return settingBehind(text, utf8(key));
}

/** Writes `text` with `changes` in it: lines that set a key anew give way, all others stay as they are. */
export function mergeSettings(text: Bytes, changes: Bytes, out: TextWriter): void {
  let start: u32 = 0;
  while (start < text.length) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end - start);
    if (!setsAnew(line, changes)) {
      out.bytes(line);
      out.byte(LINE_FEED);
    }
    start = u32(end + 1);
  }
  out.bytes(changes);
}

function setsAnew(line: Bytes, changes: Bytes): boolean {
  const equals = find(line, EQUALS);
  return equals < line.length && settingBehind(changes, trim(line.slice(0, equals))).length > 0;
}

/** The same for a key that is put together. */
export function settingBehind(text: Bytes, key: Bytes): Bytes {
  let found = text.slice(0, 0);
  let start: u32 = 0;
  while (start < text.length) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end - start);
    const equals = find(line, EQUALS);
    if (equals < line.length && trim(line.slice(0, equals)).equals(key)) {
      found = trim(line.slice(equals + 1, line.length - equals - 1));
    }
    start = u32(end + 1);
  }
  return found;
}

function lineEnd(text: Bytes, start: u32): u32 {
  return u32(start + find(text.slice(start, text.length - start), LINE_FEED));
}

/** Where the first such byte is; the length where there is none. */
function find(text: Bytes, byte: u8): u32 {
  for (let i: u32 = 0; i < text.length; i++) {
    if (text.u8(i) === byte) return i;
  }
  return text.length;
}

/** Without spaces, tabs and carriage returns at both ends. */
function trim(text: Bytes): Bytes {
  let from: u32 = 0;
  let to: u32 = text.length;
  while (from < to && text.u8(from) <= SPACE) from++;
  while (to > from && text.u8(to - 1) <= SPACE) to--;
  return text.slice(from, to - from);
}
