/**
 * LineBuffer: the text of one line and the cursor in it. No drawing, no keys.
 *
 * Invariants: `cursor() <= length() <= LINE_LIMIT`; the text is printable ASCII. Owned by the line editor.
 */

/** Longer lines are refused as a whole: half a command is never run. */
export const LINE_LIMIT = 1000;
const SPACE = 0x20;

export class LineBuffer {
  private readonly storage = new Uint8Array(LINE_LIMIT);
  private used: u32 = 0;
  private at: u32 = 0;

  text(): Bytes {
    return bytesOf(this.storage).slice(0, this.used);
  }

  length(): u32 {
    return this.used;
  }

  cursor(): u32 {
    return this.at;
  }

  clear(): void {
    this.used = 0;
    this.at = 0;
  }

  /** Makes `text` the line, the cursor behind it; what exceeds the limit is left out. */
  set(text: Bytes): void {
    const length = u32(Math.min(text.length, LINE_LIMIT));
    bytesOf(this.storage).slice(0, length).copyFrom(text.slice(0, length));
    this.used = length;
    this.at = length;
  }

  /** Puts a character at the cursor; false where the line is full. */
  insert(character: u8): boolean {
    if (this.used >= LINE_LIMIT) return false;
    const all = bytesOf(this.storage);
    const behind: u32 = this.used - this.at;
    all.slice(this.at + 1, behind).copyFrom(all.slice(this.at, behind));
    all.setU8(this.at, character);
    this.used++;
    this.at++;
    return true;
  }

  /** Moves the cursor, at most to the end. */
  moveTo(position: u32): void {
    this.at = u32(Math.min(position, this.used));
  }

  /** Deletes from `from` to `to`, which is behind it or the same; the cursor is then at `from`. */
  delete(from: u32, to: u32): void {
    assert(from <= to && to <= this.used);
    const all = bytesOf(this.storage);
    const behind: u32 = this.used - to;
    all.slice(from, behind).copyFrom(all.slice(to, behind));
    this.used = from + behind;
    this.at = from;
  }

  /** Where the word before the cursor starts. */
  wordStart(): u32 {
    let position: u32 = this.at;
    while (position > 0 && this.storage[position - 1] === SPACE) position--;
    while (position > 0 && this.storage[position - 1] !== SPACE) position--;
    return position;
  }

  /** Where the word behind the cursor ends. */
  wordEnd(): u32 {
    let position: u32 = this.at;
    while (position < this.used && this.storage[position] === SPACE) position++;
    while (position < this.used && this.storage[position] !== SPACE) position++;
    return position;
  }
}
