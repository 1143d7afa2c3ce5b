import { utf16FromUtf8, utf8FromUtf16, Utf8Reader } from "../../../src/base/utf16.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly units = new Uint8Array(64);
  readonly text = new Uint8Array(64);
  readonly noise = new Uint8Array(4);
}

const scratch = new Scratch();

export function main(): void {
  test("text of one, two, three and four bytes a character survives the way to UTF-16 and back");
  survives("RayOS", 10);
  survives("Größe", 10);
  survives("日本語", 6);
  survives("a😀b", 8);
  survives("", 0);

  test("UTF-16 ends at its first NUL");
  const units = bytesOf(scratch.units);
  const text = bytesOf(scratch.text);
  units.fill(0);
  units.setU16le(0, 0x41);
  units.setU16le(4, 0x42);
  equal(utf8FromUtf16(units, text), 1);

  test("a lone surrogate becomes U+FFFD");
  units.setU16le(0, 0xd83d);
  units.setU16le(2, 0x41);
  units.setU16le(4, 0xde00);
  units.setU16le(6, 0xd83d);
  equal(utf8FromUtf16(units.slice(0, 8), text), 10);
  isTrue(text.slice(0, 10).equals(utf8("\uFFFDA\uFFFD\uFFFD")));

  test("bytes that are no UTF-8 become U+FFFD one by one");
  equal(pointsOf(0xc0, 0x80, 0x41), 3);
  equal(pointsOf(0xe0, 0x80, 0x80), 3);
  equal(pointsOf(0xed, 0xa0, 0x80), 3);
  equal(pointsOf(0xf5, 0x80, 0x80), 3);
  equal(pointsOf(0xe2, 0x82, 0x41), 3);
  equal(pointsOf(0x80, 0xc3, 0xa4), 2);

  test("what does not fit is left out whole");
  equal(utf16FromUtf8(utf8("a😀"), units.slice(0, 4)), 2);
  equal(utf16FromUtf8(utf8("abc"), units.slice(0, 5)), 4);
  units.setU16le(0, 0x20ac);
  units.setU16le(2, 0x41);
  equal(utf8FromUtf16(units.slice(0, 4), text.slice(0, 2)), 0);
  equal(utf8FromUtf16(units.slice(0, 3), text), 3);
}

function survives(value: string, unitBytes: u32): void {
  const units = bytesOf(scratch.units);
  const text = bytesOf(scratch.text);
  const length = utf16FromUtf8(utf8(value), units);
  equal(length, unitBytes);
  const back = utf8FromUtf16(units.slice(0, length), text);
  isTrue(text.slice(0, back).equals(utf8(value)));
}

/** How many code points three bytes are. */
function pointsOf(first: u8, second: u8, third: u8): u32 {
  const noise = bytesOf(scratch.noise);
  noise.setU8(0, first);
  noise.setU8(1, second);
  noise.setU8(2, third);
  const reader = new Utf8Reader(noise.slice(0, 3));
  let points: u32 = 0;
  while (!reader.atEnd()) {
    reader.next();
    points++;
  }
  return points;
}
