/**
 * LineEditor: one line on a terminal, with cursor, history and a window where it is wider than the screen.
 *
 * Takes bytes, keeps the line (`LineBuffer`), draws it, and says when something is for the shell to decide. Drawing uses
 * what every terminal and the frame-buffer console know: `\r`, `ESC [ K`, `ESC [ n D`, and to clear the screen
 * `ESC [ H ESC [ J`. A character typed at the end is echoed as it is, without any sequence, so that a transcript reads well.
 *
 * Invariants: a line that was too long or held noise is reported, never handed on; what is shown fits into one row.
 * Owned by the shell.
 */
import { History } from "./history.ts";
import { Key, KeyDecoder } from "./key-decoder.ts";
import { LineBuffer } from "./line-buffer.ts";
import { Output } from "./output.ts";

/** What a byte led to. */
export const enum EditorEvent {
  none = 0,
  /** Enter: `line` is complete. */
  accepted = 1,
  /** Ctrl-C: the line is given up. */
  interrupted = 2,
  /** Tab: the shell may `insert` or `redraw`. */
  complete = 3,
  /** Enter after more characters than a line takes; `lostCharacters` says how many. */
  tooLong = 4,
  /** Enter after bytes that are no text; `noiseBytes` says how many. */
  noise = 5,
}

const SCREEN_COLUMNS = 80;
const LEAST_WINDOW = 20;
const COUNT_LIMIT: u32 = 0x7fffffff;

export class LineEditor {
  private readonly decoder = new KeyDecoder();
  private readonly buffer = new LineBuffer();
  private readonly history = new History();
  private prompt: string = "";
  private remembers: boolean = true;
  /** The first character that is shown. */
  private from: u32 = 0;
  private lost: u32 = 0;
  private noise: u32 = 0;

  constructor(private readonly out: Output) {}

  /** Starts a line behind `prompt`. `remembers` where history is offered and the line goes into it. */
  begin(prompt: string, remembers: boolean): void {
    this.prompt = prompt;
    this.remembers = remembers;
    this.buffer.clear();
    this.from = 0;
    this.lost = 0;
    this.noise = 0;
    this.out.text(prompt);
  }

  /** The line as it stands; after `accepted` it is valid until the next `begin`. */
  line(): Bytes {
    return this.buffer.text();
  }

  cursor(): u32 {
    return this.buffer.cursor();
  }

  lostCharacters(): u32 {
    return this.lost;
  }

  noiseBytes(): u32 {
    return this.noise;
  }

  /** Takes the next byte that was typed. */
  take(byte: u8): EditorEvent {
    const key = this.decoder.take(byte);
    switch (key) {
      case Key.none:
        return EditorEvent.none;
      case Key.character:
        this.type(this.decoder.character());
        return EditorEvent.none;
      case Key.noise:
        if (this.noise < COUNT_LIMIT) this.noise++;
        return EditorEvent.none;
      case Key.enter:
        return this.accept();
      case Key.interrupt:
        this.out.text("^C\n");
        this.history.rewind();
        return EditorEvent.interrupted;
      case Key.complete:
        return EditorEvent.complete;
      default:
        this.edit(key);
        return EditorEvent.none;
    }
  }

  /** Puts text at the cursor, as if it had been typed. */
  insert(text: Bytes): void {
    for (let i: u32 = 0; i < text.length; i++) this.type(text.u8(i));
  }

  /** Draws prompt and line anew, as after something else was written. */
  redraw(): void {
    this.placeWindow();
    this.out.text("\r");
    this.out.text(this.prompt);
    const shown = u32(Math.min(this.buffer.length() - this.from, this.windowLength()));
    this.out.bytes(this.buffer.text().slice(this.from, shown));
    this.out.text("\x1b[K");
    this.moveLeft(u32(this.from + shown - this.buffer.cursor()));
  }

  private type(character: u8): void {
    const atEnd = this.buffer.cursor() === this.buffer.length();
    if (!this.buffer.insert(character)) {
      if (this.lost < COUNT_LIMIT) this.lost++;
      return;
    }
    if (atEnd && this.buffer.length() - this.from <= this.windowLength()) this.out.byte(character);
    else this.redraw();
  }

  private accept(): EditorEvent {
    this.out.text("\n");
    if (this.lost > 0) return EditorEvent.tooLong;
    if (this.noise > 0) return EditorEvent.noise;
    if (this.remembers) this.history.add(this.buffer.text());
    return EditorEvent.accepted;
  }

  /** The keys that change the line or the cursor. */
  private edit(key: Key): void {
    const cursor = this.buffer.cursor();
    const length = this.buffer.length();
    if (key === Key.backspace && cursor > 0) this.buffer.delete(cursor - 1, cursor);
    else if (key === Key.deleteForward && cursor < length) this.buffer.delete(cursor, cursor + 1);
    else if (key === Key.killToEnd) this.buffer.delete(cursor, length);
    else if (key === Key.killToStart) this.buffer.delete(0, cursor);
    else if (key === Key.killWord) this.buffer.delete(this.buffer.wordStart(), cursor);
    else if (key === Key.up || key === Key.down) this.walk(key === Key.up);
    else if (key === Key.clearScreen) this.out.text("\x1b[H\x1b[J");
    else this.move(key);
    this.redraw();
  }

  private move(key: Key): void {
    const cursor = this.buffer.cursor();
    if (key === Key.left && cursor > 0) this.buffer.moveTo(cursor - 1);
    else if (key === Key.right) this.buffer.moveTo(cursor + 1);
    else if (key === Key.home) this.buffer.moveTo(0);
    else if (key === Key.end) this.buffer.moveTo(this.buffer.length());
    else if (key === Key.wordLeft) this.buffer.moveTo(this.buffer.wordStart());
    else if (key === Key.wordRight) this.buffer.moveTo(this.buffer.wordEnd());
  }

  private walk(older: boolean): void {
    if (!this.remembers) return;
    const moved = older ? this.history.older(this.buffer.text()) : this.history.newer();
    if (moved) this.buffer.set(this.history.current());
  }

  /** Shifts the window by half its length where the cursor has left it. */
  private placeWindow(): void {
    const window = this.windowLength();
    const half = u32(Math.trunc(window / 2));
    const cursor = this.buffer.cursor();
    if (cursor < this.from) this.from = cursor > half ? cursor - half : 0;
    if (cursor - this.from > window) this.from = cursor - half;
  }

  /** How many characters are shown: the last column stays free, so that no terminal wraps. */
  private windowLength(): u32 {
    const taken = utf8(this.prompt).length + 1;
    return taken + LEAST_WINDOW < SCREEN_COLUMNS ? SCREEN_COLUMNS - taken : LEAST_WINDOW;
  }

  private moveLeft(columns: u32): void {
    if (columns > 0) this.out.text(`\x1b[${columns}D`);
  }
}
