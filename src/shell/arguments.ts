/**
 * Arguments: a line cut into words at its spaces.
 *
 * Owns a copy of the line, so that a command may go on asking questions while its arguments stay. There is no quoting:
 * nothing that RayOS names has a space in it. The table takes a command's own words away with `skip`; what remains is
 * counted from 0.
 */
import { LINE_LIMIT } from "./line-buffer.ts";

export const WORD_LIMIT = 16;
const SPACE = 0x20;
const DASH = 0x2d;
const DIGIT_ZERO = 0x30;
/** Ten digits may exceed 32 bits; what `number` accepts is less. */
const NUMBER_DIGITS = 9;

export class Arguments {
  private readonly storage = new Uint8Array(LINE_LIMIT);
  private readonly starts = new Uint32Array(WORD_LIMIT);
  private readonly lengths = new Uint32Array(WORD_LIMIT);
  private words: u32 = 0;
  private skipped: u32 = 0;

  /** Takes a line; false where it has too many words. */
  parse(line: Bytes): boolean {
    this.words = 0;
    this.skipped = 0;
    const length = u32(Math.min(line.length, LINE_LIMIT));
    bytesOf(this.storage).slice(0, length).copyFrom(line.slice(0, length));
    let at: u32 = 0;
    while (true) {
      while (at < length && this.storage[at] === SPACE) at++;
      if (at === length) return true;
      if (this.words === WORD_LIMIT) return false;
      const start: u32 = at;
      while (at < length && this.storage[at] !== SPACE) at++;
      this.starts[this.words] = start;
      this.lengths[this.words] = at - start;
      this.words++;
    }
  }

  /** How many words there are behind the skipped ones. */
  count(): u32 {
    return this.words - this.skipped;
  }

  /** The word at `index`: valid until the next `parse`. */
  word(index: u32): Bytes {
    assert(index < this.count());
    const at: u32 = index + this.skipped;
    return bytesOf(this.storage).slice(this.starts[at], this.lengths[at]);
  }

  /** Whether there is a word at `index` and it is `text`. */
  is(index: u32, text: string): boolean {
    return index < this.count() && this.word(index).equals(utf8(text));
  }

  /** Whether any word is `text`. */
  has(text: string): boolean {
    for (let i: u32 = 0; i < this.count(); i++) {
      if (this.is(i, text)) return true;
    }
    return false;
  }

  /** Whether there is a word at `index` and it starts with a dash. */
  isOption(index: u32): boolean {
    return index < this.count() && this.word(index).u8(0) === DASH;
  }

  /** The number at `index`, of at most nine digits, or -1 where there is none. */
  number(index: u32): i32 {
    if (index >= this.count()) return -1;
    const word = this.word(index);
    if (word.length > NUMBER_DIGITS) return -1;
    let value: u32 = 0;
    for (let i: u32 = 0; i < word.length; i++) {
      const digit = word.u8(i) - DIGIT_ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = (Math.imul(value, 10) + digit) >>> 0;
    }
    return i32(value);
  }

  /** Takes the first `count` of the remaining words away. */
  skip(count: u32): void {
    assert(count <= this.count());
    this.skipped += count;
  }
}
