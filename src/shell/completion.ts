/**
 * Completion: what could come next on a line, for the Tab key.
 *
 * Candidates are the next word of a command, its options, and the names of disks behind an option that wants one. What all of them
 * begin with is inserted; several are listed. Knows the table, changes nothing. Called by the shell.
 */
import { Command } from "./command.ts";
import { Session } from "./session.ts";

const WORD_BYTES = 64;
const SPACE = 0x20;
/** Candidates are listed up to here. */
const LISTED_LIMIT = 32;

export class Completion {
  /** What is typed of the word at the cursor. */
  private prefix: Bytes = utf8("");
  private matches: u32 = 0;
  private commonLength: u32 = 0;
  private readonly common = new Uint8Array(WORD_BYTES);
  private readonly starts = new Uint32Array(LISTED_LIMIT);
  private readonly lengths = new Uint32Array(LISTED_LIMIT);
  private readonly listed = new Uint8Array(LISTED_LIMIT * WORD_BYTES);

  /** Collects the candidates for `text`, the line up to the cursor. */
  complete(session: Session, commands: readonly Command[], text: Bytes): void {
    this.matches = 0;
    this.commonLength = 0;
    let start: u32 = text.length;
    while (start > 0 && text.u8(start - 1) !== SPACE) start--;
    this.prefix = text.slice(start, text.length - start);
    const before = text.slice(0, start);
    for (const command of commands) {
      this.offerNameWord(utf8(command.name), before);
      if (startsWith(before, utf8(command.name)) && before.length > utf8(command.name).length) {
        this.offerOptions(utf8(command.options));
      }
    }
    if (wantsDisk(before)) {
      for (let i: u32 = 0; i < session.disks.count(); i++) this.offer(session.disks.name(i));
    }
  }

  /** How many candidates there are. */
  count(): u32 {
    return this.matches;
  }

  /** What all candidates go on with behind what is typed; empty where they differ at once. */
  rest(): Bytes {
    if (this.commonLength <= this.prefix.length) return utf8("");
    return bytesOf(this.common).slice(this.prefix.length, this.commonLength - this.prefix.length);
  }

  /** A candidate, for a listing. */
  candidate(index: u32): Bytes {
    return bytesOf(this.listed).slice(this.starts[index], this.lengths[index]);
  }

  /** How many of them `candidate` knows. */
  listedCount(): u32 {
    return u32(Math.min(this.matches, LISTED_LIMIT));
  }

  /** Offers the word of a command's name that follows `before`, if `before` is how the name begins. */
  private offerNameWord(name: Bytes, before: Bytes): void {
    if (before.length >= name.length || !startsWith(name, before)) return;
    let end: u32 = before.length;
    while (end < name.length && name.u8(end) !== SPACE) end++;
    this.offer(name.slice(before.length, end - before.length));
  }

  private offerOptions(options: Bytes): void {
    let at: u32 = 0;
    while (at < options.length) {
      let end: u32 = at;
      while (end < options.length && options.u8(end) !== SPACE) end++;
      this.offer(options.slice(at, end - at));
      at = end + 1;
    }
  }

  private offer(word: Bytes): void {
    if (word.length > WORD_BYTES || !startsWith(word, this.prefix) || this.isListed(word)) return;
    const common = bytesOf(this.common);
    if (this.matches === 0) {
      common.slice(0, word.length).copyFrom(word);
      this.commonLength = word.length;
    } else {
      let same: u32 = 0;
      while (same < this.commonLength && same < word.length && common.u8(same) === word.u8(same)) same++;
      this.commonLength = same;
    }
    if (this.matches < LISTED_LIMIT) {
      const start = this.matches * WORD_BYTES;
      bytesOf(this.listed).slice(start, word.length).copyFrom(word);
      this.starts[this.matches] = start;
      this.lengths[this.matches] = word.length;
    }
    this.matches++;
  }

  private isListed(word: Bytes): boolean {
    for (let i: u32 = 0; i < this.listedCount(); i++) {
      if (this.candidate(i).equals(word)) return true;
    }
    return false;
  }
}

function startsWith(text: Bytes, beginning: Bytes): boolean {
  if (beginning.length > text.length) return false;
  return text.slice(0, beginning.length).equals(beginning);
}

/** Whether the last word of `before` is an option behind which a disk is named. */
function wantsDisk(before: Bytes): boolean {
  return (
    endsWith(before, "--to ") ||
    endsWith(before, "--update ") ||
    endsWith(before, "--verify ") ||
    endsWith(before, "--restore-table ")
  );
}

function endsWith(text: Bytes, ending: string): boolean {
  const bytes = utf8(ending);
  if (bytes.length > text.length) return false;
  return text.slice(text.length - bytes.length, bytes.length).equals(bytes);
}
