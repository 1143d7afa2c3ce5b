/** Scan codes become the bytes that a terminal would send. */
import { test, isTrue, equal } from "../harness.ts";
import { Ps2Keys } from "../../../src/format/ps2-keys.ts";

const keys = new Ps2Keys();

const LEFT_SHIFT = 0x2a;
const CONTROL = 0x1d;
const ALT = 0x38;
const CAPS_LOCK = 0x3a;
const KEY_A = 0x1e;
const KEY_1 = 0x02;

export function main(): void {
  characters();
  shiftAndCaps();
  controlAndAlt();
  extended();
  overflow();
}

/** A key goes down and comes up again. */
function strike(code: u8): void {
  keys.take(code);
  keys.take(code | 0x80);
}

function strikeExtended(code: u8): void {
  keys.take(0xe0);
  keys.take(code);
  keys.take(0xe0);
  keys.take(code | 0x80);
}

/** What was typed is exactly `expected`. */
function typed(expected: Bytes): boolean {
  for (const byte of span(expected, 0, expected.length)) {
    if (keys.poll() !== byte) return false;
  }
  return keys.poll() === -1;
}

function characters(): void {
  test("letters, digits and signs; a key that comes up says nothing");
  strike(KEY_A);
  strike(KEY_1);
  strike(0x35);
  strike(0x39);
  strike(0x29);
  strike(0x2b);
  strike(0x56);
  isTrue(typed(utf8("a1/ `\\\\")));
  test("Enter is CR, Backspace is DEL, Tab and Escape are themselves");
  strike(0x1c);
  strike(0x0e);
  strike(0x0f);
  strike(0x01);
  isTrue(typed(utf8("\r\u007f\t\u001b")));
  test("the key pad gives digits and signs");
  strike(0x47);
  strike(0x52);
  strike(0x53);
  strike(0x37);
  strike(0x4e);
  isTrue(typed(utf8("70.*+")));
  test("codes that no key has say nothing");
  strike(0x00);
  strike(0x54);
  strike(0x7f);
  strike(0x45);
  isTrue(typed(utf8("")));
}

function shiftAndCaps(): void {
  test("Shift holds as long as it is down");
  keys.take(LEFT_SHIFT);
  strike(KEY_A);
  strike(KEY_1);
  strike(0x29);
  keys.take(LEFT_SHIFT | 0x80);
  strike(KEY_A);
  isTrue(typed(utf8("A!~a")));
  test("two shifts: the second one holds when the first comes up");
  keys.take(LEFT_SHIFT);
  keys.take(0x36);
  keys.take(LEFT_SHIFT | 0x80);
  strike(KEY_A);
  keys.take(0xb6);
  strike(KEY_A);
  isTrue(typed(utf8("Aa")));
  test("Caps Lock is for letters, and Shift undoes it");
  strike(CAPS_LOCK);
  isTrue(keys.isCapsLockOn());
  strike(KEY_A);
  strike(KEY_1);
  keys.take(LEFT_SHIFT);
  strike(KEY_A);
  keys.take(LEFT_SHIFT | 0x80);
  strike(CAPS_LOCK);
  strike(KEY_A);
  isTrue(typed(utf8("A1aa")));
  isTrue(!keys.isCapsLockOn());
}

function controlAndAlt(): void {
  test("Ctrl makes control characters of letters, and leaves the rest");
  keys.take(CONTROL);
  strike(KEY_A);
  strike(0x2e);
  strike(KEY_1);
  strike(0x0e);
  keys.take(CONTROL | 0x80);
  equal(keys.poll(), 1);
  equal(keys.poll(), 3);
  isTrue(typed(utf8("1\u007f")));
  test("Alt puts an ESC before");
  keys.take(ALT);
  strike(0x30);
  keys.take(ALT | 0x80);
  isTrue(typed(utf8("\u001bb")));
}

function extended(): void {
  test("arrows, Home, End, Delete and the pages are ANSI sequences");
  strikeExtended(0x48);
  strikeExtended(0x50);
  strikeExtended(0x4d);
  strikeExtended(0x4b);
  isTrue(typed(utf8("\u001b[A\u001b[B\u001b[C\u001b[D")));
  strikeExtended(0x47);
  strikeExtended(0x4f);
  strikeExtended(0x53);
  strikeExtended(0x49);
  strikeExtended(0x51);
  isTrue(typed(utf8("\u001b[H\u001b[F\u001b[3~\u001b[5~\u001b[6~")));
  test("the shift that an arrow brings along is nobody's");
  keys.take(0xe0);
  keys.take(LEFT_SHIFT);
  strikeExtended(0x48);
  strike(KEY_A);
  isTrue(typed(utf8("\u001b[Aa")));
  test("function keys, and the key pad's Enter and slash");
  strike(0x3b);
  strike(0x44);
  strike(0x58);
  strikeExtended(0x1c);
  strikeExtended(0x35);
  isTrue(typed(utf8("\u001bOP\u001b[21~\u001b[24~\r/")));
  test("Pause says nothing and leaves nothing behind");
  keys.take(0xe1);
  keys.take(0x1d);
  keys.take(0x45);
  keys.take(0xe1);
  keys.take(0x9d);
  keys.take(0xc5);
  strike(KEY_A);
  isTrue(typed(utf8("a")));
}

function overflow(): void {
  test("what does not fit is lost, whole sequences at a time");
  for (let i: u32 = 0; i < 62; i++) strike(KEY_A);
  strikeExtended(0x48);
  strike(KEY_1);
  for (let i: u32 = 0; i < 62; i++) equal(keys.poll(), 0x61);
  isTrue(typed(utf8("1")));
  for (let i: u32 = 0; i < 100; i++) strike(KEY_A);
  let count: u32 = 0;
  while (keys.poll() >= 0) count++;
  equal(count, 64);
}
