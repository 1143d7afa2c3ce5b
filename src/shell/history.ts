/**
 * History: the last lines that were run, oldest lost first, and a walk through them.
 *
 * A line that repeats the newest one is not kept twice, an empty one not at all. The line that was being typed when the
 * walk began is kept aside and comes back at its end. Owned by the line editor; answers to questions never get here.
 */
import { LINE_LIMIT } from "./line-buffer.ts";

export const HISTORY_LINES = 32;

class HistoryLine {
  length: u32 = 0;
  readonly text = new Uint8Array(LINE_LIMIT);

  keep(line: Bytes): void {
    bytesOf(this.text).slice(0, line.length).copyFrom(line);
    this.length = line.length;
  }

  view(): Bytes {
    return bytesOf(this.text).slice(0, this.length);
  }
}

export class History {
  private readonly lines = fixedArray(HISTORY_LINES, () => new HistoryLine());
  private readonly draft = new HistoryLine();
  private count: u32 = 0;
  /** The slot that the next line takes. */
  private next: u32 = 0;
  /** How many lines back the walk stands; 0 at the draft. */
  private back: u32 = 0;

  /** Keeps a line and ends the walk. */
  add(line: Bytes): void {
    this.back = 0;
    if (line.length === 0) return;
    if (this.count > 0 && this.line(1).equals(line)) return;
    this.lines[this.next].keep(line);
    this.next = (this.next + 1) % HISTORY_LINES;
    if (this.count < HISTORY_LINES) this.count++;
  }

  /** Ends the walk where a line is given up. */
  rewind(): void {
    this.back = 0;
  }

  /** Goes one line back; false at the oldest. `current` is what the editor holds. */
  older(current: Bytes): boolean {
    if (this.back >= this.count) return false;
    if (this.back === 0) this.draft.keep(current);
    this.back++;
    return true;
  }

  /** Goes one line forward, at last to the draft; false where the walk has not begun. */
  newer(): boolean {
    if (this.back === 0) return false;
    this.back--;
    return true;
  }

  /** The line at which the walk stands. */
  current(): Bytes {
    return this.back === 0 ? this.draft.view() : this.line(this.back);
  }

  private line(back: u32): Bytes {
    return this.lines[(this.next + HISTORY_LINES - back) % HISTORY_LINES].view();
  }
}
