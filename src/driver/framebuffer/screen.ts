/**
 * Screen: the console on the firmware's frame buffer.
 *
 * Owns the mapping of the frame buffer and a shadow of what each cell of it shows. Video memory is written, never read: it
 * is slow to read by orders of magnitude. After each write only the cells that differ from the shadow are painted, so that
 * scrolling costs what changes and not what moves.
 *
 * Text is light grey, so both byte orders of a pixel look alike; screens that are very wide get pixels of double size. It
 * takes no lock and no memory once it is started, and may be written to after any fault of the kernel.
 */
import { Console } from "../../device/console.ts";
import { drawFont, GLYPH_HEIGHT, GLYPH_WIDTH, glyphRow } from "../../format/console-font.ts";
import { Terminal } from "../../format/terminal.ts";
import { COLUMN_LIMIT, ROW_LIMIT } from "../../format/text-grid.ts";
import { mapFrameBuffer } from "../../machine/mmio.ts";

const PIXEL_BYTES = 4;
/** From this width on, pixels are doubled. */
const DOUBLED_FROM_WIDTH = 2560;
const LARGEST_SIDE = 16384;
/** In the shadow: light and dark are exchanged, for the cursor. */
const INVERTED = 0x80;
/** What no cell shows, since no character has the code 0: the cell is to be painted, whatever it holds. */
const NOT_PAINTED = INVERTED;

/** Two pixels, the left one in the lower half. */
const NONE: u64 = 0n;
const RIGHT: u64 = 0x00d0_d0d0_0000_0000n;
const LEFT: u64 = 0x0000_0000_00d0_d0d0n;
const BOTH: u64 = 0x00d0_d0d0_00d0_d0d0n;
const PIXEL_PAIRS: readonly u64[] = [NONE, RIGHT, LEFT, BOTH];

export class Screen implements Console {
  private pixels: Bytes = utf8("");
  private strideBytes: u32 = 0;
  /** 1 or 2. */
  private scale: u8 = 1;
  private readonly terminal = new Terminal();
  private readonly shadow = new Uint8Array(COLUMN_LIMIT * ROW_LIMIT);

  /**
   * Takes a frame buffer of 32-bit pixels. `strideBytes` from one row to the next. False where there is none that text
   * fits on; then `write` does nothing.
   */
  start(physicalAddress: u64, byteLength: u64, width: u32, height: u32, strideBytes: u32): boolean {
    if (physicalAddress === 0n || width > LARGEST_SIDE || height > LARGEST_SIDE) return false;
    if (strideBytes < width * PIXEL_BYTES || strideBytes > LARGEST_SIDE * PIXEL_BYTES) return false;
    if (BigInt(height) * BigInt(strideBytes) > byteLength) return false;
    this.scale = width >= DOUBLED_FROM_WIDTH ? 2 : 1;
    const columns = Math.trunc(width / (GLYPH_WIDTH * this.scale));
    const rows = Math.trunc(height / (GLYPH_HEIGHT * this.scale));
    if (columns === 0 || rows === 0) return false;
    this.strideBytes = strideBytes;
    this.pixels = mapFrameBuffer(physicalAddress, u32(Number(BigInt(height) * BigInt(strideBytes))));
    this.pixels.fill(0);
    drawFont();
    this.terminal.grid.resize(columns, rows);
    this.repaint();
    return true;
  }

  /** Whether there is a screen. */
  isPresent(): boolean {
    return this.pixels.length > 0;
  }

  write(text: Bytes): void {
    if (!this.isPresent()) return;
    this.terminal.write(text);
    this.paintChanges();
  }

  /** A screen has no keys. */
  poll(): i16 {
    return -1;
  }

  /** Paints every cell, whatever somebody else may have painted. */
  repaint(): void {
    if (!this.isPresent()) return;
    this.shadow.fill(NOT_PAINTED);
    this.paintRows(0, this.terminal.grid.rowCount());
  }

  private paintChanges(): void {
    this.paintRows(this.terminal.grid.changedFrom(), this.terminal.grid.changedEnd());
    this.terminal.grid.settle();
  }

  private paintRows(from: u16, end: u16): void {
    const grid = this.terminal.grid;
    for (let row: u16 = from; row < end; row++) {
      for (let column: u16 = 0; column < grid.columnCount(); column++) {
        const isCursor = row === grid.cursorRow() && column === grid.cursorColumn();
        const code = grid.characterAt(row, column);
        const wanted: u8 = isCursor ? code | INVERTED : code;
        const at = row * COLUMN_LIMIT + column;
        if (this.shadow[at] === wanted) continue;
        this.shadow[at] = wanted;
        this.paintCell(row, column, wanted);
      }
    }
  }

  private paintCell(row: u16, column: u16, shown: u8): void {
    const flipped: u8 = shown >= INVERTED ? 0xff : 0;
    const left = column * GLYPH_WIDTH * this.scale * PIXEL_BYTES;
    const top = row * GLYPH_HEIGHT * this.scale;
    for (let line: u8 = 0; line < GLYPH_HEIGHT; line++) {
      const bits = (glyphRow(shown & ~INVERTED & 0xff, line) ^ flipped) & 0xff;
      const y = u16(top + line * this.scale);
      if (this.scale === 1) this.paintLine(y, left, bits);
      else this.paintDoubledLine(y, left, bits);
    }
  }

  private paintLine(y: u16, left: u32, bits: u8): void {
    const line = this.pixels.slice(y * this.strideBytes + left, GLYPH_WIDTH * PIXEL_BYTES);
    line.setU64le(0, PIXEL_PAIRS[bits >>> 6]);
    line.setU64le(8, PIXEL_PAIRS[(bits >>> 4) & 3]);
    line.setU64le(16, PIXEL_PAIRS[(bits >>> 2) & 3]);
    line.setU64le(24, PIXEL_PAIRS[bits & 3]);
  }

  private paintDoubledLine(y: u16, left: u32, bits: u8): void {
    const upper = this.pixels.slice(y * this.strideBytes + left, GLYPH_WIDTH * PIXEL_BYTES * 2);
    const lower = this.pixels.slice((y + 1) * this.strideBytes + left, GLYPH_WIDTH * PIXEL_BYTES * 2);
    for (let column: u8 = 0; column < GLYPH_WIDTH; column++) {
      const pair: u64 = ((bits >>> (7 - column)) & 1) === 1 ? BOTH : NONE;
      upper.setU64le(column * 8, pair);
      lower.setU64le(column * 8, pair);
    }
  }
}
