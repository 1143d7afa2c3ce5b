/**
 * TextGrid: the characters of a text screen and its cursor, without any pixel.
 *
 * The rows form a ring, so that scrolling moves none of them. Who paints asks which rows may have changed since it asked
 * last (`changedFrom`, `changedEnd`) and compares them with what it painted; nobody ever reads the screen back.
 *
 * As on a VT100, the cursor stays in the last column after a character was put there; the next one starts a new row.
 */

export const COLUMN_LIMIT = 256;
export const ROW_LIMIT = 128;
const SPACE = 0x20;

export class TextGrid {
  private columns: u16 = 1;
  private rows: u16 = 1;
  /** Which row of the ring is shown at the top. */
  private top: u16 = 0;
  private column: u16 = 0;
  private row: u16 = 0;
  /** The last column was written, so that the next character goes to the next row. */
  private isAtEnd: boolean = false;
  private dirtyFrom: u16 = 0;
  private dirtyEnd: u16 = 0;
  private readonly cells = new Uint8Array(COLUMN_LIMIT * ROW_LIMIT);

  /** Makes it an empty screen of this size; what exceeds the limits is not used. */
  resize(columns: u32, rows: u32): void {
    assert(columns >= 1 && rows >= 1);
    this.columns = u16(Math.min(columns, COLUMN_LIMIT));
    this.rows = u16(Math.min(rows, ROW_LIMIT));
    this.top = 0;
    this.cells.fill(SPACE);
    this.moveTo(0, 0);
    this.touchAll();
  }

  columnCount(): u16 {
    return this.columns;
  }

  rowCount(): u16 {
    return this.rows;
  }

  cursorColumn(): u16 {
    return this.column;
  }

  cursorRow(): u16 {
    return this.row;
  }

  characterAt(row: u16, column: u16): u8 {
    return this.cells[this.rowStart(row) + column];
  }

  /** The first row that may have changed. */
  changedFrom(): u16 {
    return this.dirtyFrom;
  }

  /** The row behind the last that may have changed; not above `changedFrom` if none has. */
  changedEnd(): u16 {
    return this.dirtyEnd;
  }

  /** What changed was painted. */
  settle(): void {
    this.dirtyFrom = this.rows;
    this.dirtyEnd = 0;
  }

  /** Puts a character where the cursor is, and moves it on. */
  put(code: u8): void {
    if (this.isAtEnd) {
      this.lineFeed();
      this.column = 0;
      this.isAtEnd = false;
    }
    this.cells[this.rowStart(this.row) + this.column] = code;
    this.touch(this.row);
    if (this.column + 1 < this.columns) this.column++;
    else this.isAtEnd = true;
  }

  /** One row down; at the bottom everything moves up, and a free row comes in. */
  lineFeed(): void {
    this.touch(this.row);
    if (this.row + 1 < this.rows) {
      this.row++;
      this.touch(this.row);
      return;
    }
    this.top = (this.top + 1) % this.rows;
    this.eraseCells(this.row, 0, this.columns);
    this.touchAll();
  }

  /** Moves the cursor; beyond an edge it stays at the edge. */
  moveTo(row: u32, column: u32): void {
    this.touch(this.row);
    this.row = u16(Math.min(row, this.rows - 1));
    this.column = u16(Math.min(column, this.columns - 1));
    this.isAtEnd = false;
    this.touch(this.row);
  }

  /** Empties the columns from `from` up to `end` of a row. */
  eraseCells(row: u16, from: u16, end: u16): void {
    const start = this.rowStart(row);
    for (let column: u16 = from; column < end && column < this.columns; column++)
      this.cells[start + column] = SPACE;
    this.touch(row);
  }

  /** Moves what is right of the cursor `count` columns to the left, over what stands there. */
  deleteCells(count: u32): void {
    const start = this.rowStart(this.row);
    for (let column: u16 = this.column; column < this.columns; column++) {
      const source = column + count;
      this.cells[start + column] = source < this.columns ? this.cells[start + source] : SPACE;
    }
    this.touch(this.row);
  }

  /** Moves what is at and right of the cursor `count` columns to the right; what leaves the row is lost. */
  insertCells(count: u32): void {
    const start = this.rowStart(this.row);
    for (let column: u16 = this.columns; column > this.column; column--) {
      const target = column - 1;
      const isKept = target >= this.column + count;
      this.cells[start + target] = isKept ? this.cells[start + target - count] : SPACE;
    }
    this.touch(this.row);
  }

  private rowStart(row: u16): u16 {
    assert(row < this.rows);
    return ((this.top + row) % this.rows) * COLUMN_LIMIT;
  }

  private touch(row: u16): void {
    if (row < this.dirtyFrom) this.dirtyFrom = row;
    if (row >= this.dirtyEnd) this.dirtyEnd = row + 1;
  }

  private touchAll(): void {
    this.dirtyFrom = 0;
    this.dirtyEnd = this.rows;
  }
}
