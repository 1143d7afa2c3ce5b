// The screen as text: a picture of the machine, read cell by cell with the kernel's own font. And its keyboard, as QEMU's PS/2 model
// is typed on.

import "../../../transpiler/lib/prelude.ts";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  drawFont,
  FIRST_GLYPH,
  GLYPH_COUNT,
  GLYPH_HEIGHT,
  GLYPH_WIDTH,
  glyphRow,
} from "../../../src/format/console-font.ts";
import type { Machine } from "../../../tools/qemu/machine.ts";
import { parsePpm } from "../../../tools/qemu/picture.ts";

const LIGHT = 0x60;
const LOOK_AGAIN_MS = 200;
/** The keyboard's own queue is short. */
const BETWEEN_KEYS_MS = 30;
const KEYS: Readonly<Record<string, string>> = { " ": "spc", "-": "minus", "\r": "ret" };

/** The rows of text that the screen shows, without spaces at their ends. */
export async function readScreen(machine: Machine, folder: string): Promise<string[]> {
  const file = join(folder, "screen.ppm");
  await (await machine.control()).command("screendump", { filename: file });
  const picture = parsePpm(readFileSync(file));
  rmSync(file);
  const rows: string[] = [];
  for (let top = 0; top + GLYPH_HEIGHT <= picture.height; top += GLYPH_HEIGHT) {
    let row = "";
    for (let left = 0; left + GLYPH_WIDTH <= picture.width; left += GLYPH_WIDTH) {
      row += characterOf((x, y) => picture.data[((top + y) * picture.width + left + x) * 4]! >= LIGHT);
    }
    rows.push(row.trimEnd());
  }
  return rows;
}

/** Waits until the screen shows the pattern; the rows in which it does, joined by line ends, go to the match. */
export async function waitForScreen(
  machine: Machine,
  folder: string,
  wanted: RegExp,
  deadlineMs: number,
): Promise<RegExpExecArray> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const text = (await readScreen(machine, folder)).join("\n").trimEnd();
    const match = wanted.exec(text);
    if (match !== null) return match;
    if (Date.now() >= end)
      throw new Error(`the screen does not show ${wanted} within ${deadlineMs / 1000} s, but:\n${text}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Types on the keyboard: small letters, digits, space, dash and `\r`. */
export async function typeKeys(machine: Machine, text: string): Promise<void> {
  const control = await machine.control();
  for (const character of text) {
    const key = KEYS[character] ?? character;
    await control.command("send-key", { keys: [{ type: "qcode", data: key }] });
    await sleep(BETWEEN_KEYS_MS);
  }
}

/** A cell that matches no picture, upright or inverted (under the cursor), is a question mark. */
function characterOf(isSet: (x: number, y: number) => boolean): string {
  const rows = Array.from({ length: GLYPH_HEIGHT }, (_, y) =>
    Array.from({ length: GLYPH_WIDTH }, (_, x): number => (isSet(x, y) ? 0x80 >> x : 0)).reduce(
      (all, bit) => all | bit,
      0,
    ),
  );
  return glyphs().get(rows.join()) ?? glyphs().get(rows.map((row) => row ^ 0xff).join()) ?? "?";
}

let known: Map<string, string> | null = null;

function glyphs(): Map<string, string> {
  if (known !== null) return known;
  drawFont();
  known = new Map();
  for (let code = FIRST_GLYPH; code < FIRST_GLYPH + GLYPH_COUNT - 1; code++) {
    const rows = Array.from({ length: GLYPH_HEIGHT }, (_, line) => glyphRow(code, line));
    known.set(rows.join(), String.fromCharCode(code));
  }
  return known;
}
