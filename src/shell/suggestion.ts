/**
 * The nearest word to a mistyped one, by edit distance (insertions, deletions, replacements, exchanged neighbours count 1).
 */

/** Longer words are not compared. */
const WORD_LIMIT = 32;
const ROW = WORD_LIMIT + 1;

class Rows {
  readonly beforeLast = new Uint8Array(ROW);
  readonly last = new Uint8Array(ROW);
  readonly current = new Uint8Array(ROW);
}

const rows = new Rows();

/** The word at hand and the nearest one so far. */
export class Suggestion {
  private typed: Bytes = utf8("");
  private distance: u32 = 0;
  private nearest: string = "";

  /** Starts anew for a word; its bytes must stay until `found`. */
  begin(typed: Bytes): void {
    this.typed = typed;
    // A third of the word may be wrong, and at least one character; "xy" suggests nothing sensible otherwise.
    this.distance = u32(Math.max(1, Math.trunc(typed.length / 3))) + 1;
    this.nearest = "";
  }

  /** Compares with a word that exists. */
  offer(word: string): void {
    const found = editDistance(this.typed, utf8(word));
    if (found >= this.distance) return;
    this.distance = found;
    this.nearest = word;
  }

  /** The nearest word that was near enough, or an empty text. */
  found(): string {
    return this.nearest;
  }
}

/** How many edits lead from one word to the other; 255 where one of them is too long. */
export function editDistance(source: Bytes, target: Bytes): u32 {
  if (source.length > WORD_LIMIT || target.length > WORD_LIMIT) return 255;
  for (let j: u32 = 0; j <= target.length; j++) rows.last[j] = u8(j);
  for (let i: u32 = 1; i <= source.length; i++) {
    rows.current[0] = u8(i);
    for (let j: u32 = 1; j <= target.length; j++) {
      rows.current[j] = u8(cell(source, target, i, j));
    }
    bytesOf(rows.beforeLast).copyFrom(bytesOf(rows.last));
    bytesOf(rows.last).copyFrom(bytesOf(rows.current));
  }
  return rows.last[target.length];
}

function cell(source: Bytes, target: Bytes, i: u32, j: u32): u32 {
  const same = source.u8(i - 1) === target.u8(j - 1);
  const replaced = rows.last[j - 1] + (same ? 0 : 1);
  const least = u32(Math.min(replaced, Math.min(rows.last[j] + 1, rows.current[j - 1] + 1)));
  if (i < 2 || j < 2) return least;
  const exchanged = source.u8(i - 1) === target.u8(j - 2) && source.u8(i - 2) === target.u8(j - 1);
  return exchanged ? u32(Math.min(least, rows.beforeLast[j - 2] + 1)) : least;
}
