/** The font: the pictures become the right bits. */
import { test, isTrue, equal } from "../harness.ts";
import {
  drawFont,
  FIRST_GLYPH,
  GLYPH_COUNT,
  GLYPH_HEIGHT,
  glyphRow,
  UNKNOWN_GLYPH,
} from "../../../src/format/console-font.ts";

export function main(): void {
  drawFont();
  test("a letter has the rows of its picture");
  equal(glyphRow(0x54, 1), 0);
  equal(glyphRow(0x54, 2), 0x7e);
  equal(glyphRow(0x54, 3), 0x18);
  equal(glyphRow(0x54, 10), 0x18);
  equal(glyphRow(0x54, 11), 0);
  equal(glyphRow(0x4d, 4), 0xfe);
  test("a blank is empty, every other character is not");
  for (let code: u8 = FIRST_GLYPH; code < FIRST_GLYPH + GLYPH_COUNT; code++)
    isTrue(pixels(code) > 0 === (code !== 0x20));
  test("no two characters look alike");
  for (let one: u8 = FIRST_GLYPH; one < FIRST_GLYPH + GLYPH_COUNT; one++) {
    for (let other: u8 = FIRST_GLYPH; other < one; other++) isTrue(!looksLike(one, other));
  }
  test("characters leave the last column free for the next one");
  for (let code: u8 = FIRST_GLYPH; code < FIRST_GLYPH + GLYPH_COUNT; code++) {
    for (let row: u8 = 0; row < GLYPH_HEIGHT; row++) isTrue((glyphRow(code, row) & 1) === 0);
  }
  test("what has no picture is shown as the unknown one");
  isTrue(looksLike(0x00, UNKNOWN_GLYPH));
  isTrue(looksLike(0x80, UNKNOWN_GLYPH));
  isTrue(looksLike(0xff, UNKNOWN_GLYPH));
}

function pixels(code: u8): u32 {
  let count: u32 = 0;
  for (let row: u8 = 0; row < GLYPH_HEIGHT; row++) {
    for (let bit: u8 = 0; bit < 8; bit++) count += (glyphRow(code, row) >>> bit) & 1;
  }
  return count;
}

function looksLike(one: u8, other: u8): boolean {
  for (let row: u8 = 0; row < GLYPH_HEIGHT; row++) {
    if (glyphRow(one, row) !== glyphRow(other, row)) return false;
  }
  return true;
}
