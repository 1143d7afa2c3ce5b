// The text on a machine's screen, read from a picture of it by the kernel's own font: what a person in front of it would read.

import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import "../../../transpiler/lib/prelude.ts";
import {
  drawFont,
  FIRST_GLYPH,
  GLYPH_COUNT,
  GLYPH_HEIGHT,
  GLYPH_WIDTH,
  glyphRow,
} from "../../../src/format/console-font.ts";
import type { Machine } from "../../../tools/qemu/machine.ts";

/** Above it a pixel is ink. */
const INK = 0x68;

/** The rows of the screen, each without the blanks at its end. The picture stays at `path`. */
export async function readScreen(machine: Machine, path: string): Promise<string[]> {
  await machine.screenshot(path);
  return textOf(PNG.sync.read(readFileSync(path)));
}

function textOf(picture: PNG): string[] {
  const glyphs = knownGlyphs();
  const rows: string[] = [];
  for (let top = 0; top + GLYPH_HEIGHT <= picture.height; top += GLYPH_HEIGHT) {
    let row = "";
    for (let left = 0; left + GLYPH_WIDTH <= picture.width; left += GLYPH_WIDTH)
      row += glyphs.get(cellAt(picture, left, top)) ?? "?";
    rows.push(row.trimEnd());
  }
  return rows;
}

/** Every glyph by its rows of bits. */
function knownGlyphs(): Map<string, string> {
  drawFont();
  const glyphs = new Map<string, string>();
  for (let code = FIRST_GLYPH; code < FIRST_GLYPH + GLYPH_COUNT; code++) {
    const rows = Array.from({ length: GLYPH_HEIGHT }, (_, row) => glyphRow(code, row));
    glyphs.set(rows.join(), String.fromCharCode(code));
  }
  return glyphs;
}

function cellAt(picture: PNG, left: number, top: number): string {
  const rows: number[] = [];
  for (let y = top; y < top + GLYPH_HEIGHT; y++) {
    let bits = 0;
    for (let x = left; x < left + GLYPH_WIDTH; x++)
      bits = bits * 2 + (picture.data[(y * picture.width + x) * 4]! > INK ? 1 : 0);
    rows.push(bits);
  }
  return rows.join();
}
