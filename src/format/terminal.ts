/**
 * Terminal: what bytes mean to a text screen (ECMA-48, as far as the shell's line editor uses it).
 *
 *     characters    printable ASCII; any other character of UTF-8 is shown as the unknown one
 *     controls      BS  HT  LF (a new line, as everywhere in RayOS)  CR
 *     ESC [ n …     A B C D  cursor up, down, right, left    G  to column    H  to row, column
 *                   J K  erase in display, in line           @ P  insert, delete characters
 *
 * Everything else, colours included, is taken and has no effect: an unknown sequence never appears as text.
 */
import { UNKNOWN_GLYPH } from "./console-font.ts";
import { TextGrid } from "./text-grid.ts";

const PARAMETER_LIMIT = 4;
/** Larger numbers mean nothing on any screen. */
const PARAMETER_MAXIMUM = 9999;
const TAB_COLUMNS = 8;

const BACKSPACE = 0x08;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESCAPE = 0x1b;
const DELETE = 0x7f;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const SEMICOLON = 0x3b;
const OPEN_BRACKET = 0x5b;

const enum State {
  text = 0,
  /** Behind an ESC. */
  escape = 1,
  /** Behind ESC [. */
  sequence = 2,
}

export class Terminal {
  readonly grid = new TextGrid();
  private state: State = State.text;
  private readonly parameters = new Uint16Array(PARAMETER_LIMIT);
  private parameterCount: u8 = 0;

  /** Shows `text`. A character or a sequence may be divided between two calls. */
  write(text: Bytes): void {
    for (const byte of span(text, 0, text.length)) this.take(byte);
  }

  private take(byte: u8): void {
    switch (this.state) {
      case State.text:
        this.takeText(byte);
        break;
      case State.escape:
        if (byte === OPEN_BRACKET) this.beginSequence();
        else this.state = State.text;
        break;
      case State.sequence:
        this.takeSequence(byte);
        break;
    }
  }

  private takeText(byte: u8): void {
    if (byte >= 0x20 && byte < DELETE) this.grid.put(byte);
    else if (byte >= 0xc0) this.grid.put(UNKNOWN_GLYPH);
    else if (byte === ESCAPE) this.state = State.escape;
    else this.control(byte);
  }

  /** Bytes 80 to bf continue a character that was shown already. */
  private control(byte: u8): void {
    const column = this.grid.cursorColumn();
    switch (byte) {
      case BACKSPACE:
        this.toColumn(column > 0 ? column - 1 : 0);
        break;
      case TAB:
        this.toColumn((Math.trunc(column / TAB_COLUMNS) + 1) * TAB_COLUMNS);
        break;
      case LINE_FEED:
        this.grid.lineFeed();
        this.toColumn(0);
        break;
      case CARRIAGE_RETURN:
        this.toColumn(0);
        break;
      default:
        break;
    }
  }

  private beginSequence(): void {
    this.state = State.sequence;
    this.parameterCount = 0;
    this.parameters.fill(0);
  }

  private takeSequence(byte: u8): void {
    if (byte >= DIGIT_0 && byte <= DIGIT_9) {
      this.addDigit(byte - DIGIT_0);
    } else if (byte === SEMICOLON) {
      if (this.parameterCount < PARAMETER_LIMIT) this.parameterCount++;
    } else if (byte === ESCAPE) {
      this.state = State.escape;
    } else if (byte >= 0x40) {
      this.state = State.text;
      this.execute(byte);
    }
  }

  private addDigit(digit: u8): void {
    if (this.parameterCount >= PARAMETER_LIMIT) return;
    const value = this.parameters[this.parameterCount] * 10 + digit;
    this.parameters[this.parameterCount] = u16(Math.min(value, PARAMETER_MAXIMUM));
  }

  /** A number of the sequence; 1 where it is missing or 0. */
  private count(index: u8): u16 {
    const value = this.parameters[index];
    return value === 0 ? 1 : value;
  }

  private execute(final: u8): void {
    const row = this.grid.cursorRow();
    const column = this.grid.cursorColumn();
    const count = this.count(0);
    switch (final) {
      case 0x40: // @
        this.grid.insertCells(count);
        break;
      case 0x41: // A
        this.grid.moveTo(row > count ? row - count : 0, column);
        break;
      case 0x42: // B
        this.grid.moveTo(row + count, column);
        break;
      case 0x43: // C
        this.toColumn(column + count);
        break;
      case 0x44: // D
        this.toColumn(column > count ? column - count : 0);
        break;
      case 0x47: // G
        this.toColumn(count - 1);
        break;
      case 0x48: // H
        this.grid.moveTo(count - 1, this.count(1) - 1);
        break;
      case 0x4a: // J
        this.eraseInDisplay(this.parameters[0]);
        break;
      case 0x4b: // K
        this.eraseInLine(row, this.parameters[0]);
        break;
      case 0x50: // P
        this.grid.deleteCells(count);
        break;
      default:
        break;
    }
  }

  private toColumn(column: u32): void {
    this.grid.moveTo(this.grid.cursorRow(), column);
  }

  /** 0: from the cursor on; 1: up to the cursor; 2: all. */
  private eraseInLine(row: u16, part: u16): void {
    const from: u16 = part === 0 ? this.grid.cursorColumn() : 0;
    const end: u16 = part === 1 ? this.grid.cursorColumn() + 1 : this.grid.columnCount();
    this.grid.eraseCells(row, from, end);
  }

  private eraseInDisplay(part: u16): void {
    const current = this.grid.cursorRow();
    for (let row: u16 = 0; row < this.grid.rowCount(); row++) {
      const isWhole = part === 2 || (part === 0 && row > current) || (part === 1 && row < current);
      if (isWhole) this.grid.eraseCells(row, 0, this.grid.columnCount());
    }
    if (part < 2) this.eraseInLine(current, part);
  }
}
