/**
 * Confirmation: the two answers that stand before anything is destroyed. Facts → decision, no I/O.
 *
 * First the disk's name, typed in full; then a word that is made for this one question and shown on the screen, so that no script
 * and no habit can answer it. The order is kept here: the second question does not exist before the first was answered. Any
 * wrong answer ends the attempt, and a new one gets a new word. Used by the installer and by the shell's dangerous commands.
 */

/** Letters that are not mistaken for each other or for digits. */
const LETTERS: string = "abcdefghjkmnpqrstuvwxyz";
const LETTER_COUNT = 23;
export const WORD_LENGTH = 6;
/** Bytes of entropy for a word. */
export const WORD_ENTROPY_BYTES = 12;

export const enum ConfirmationStage {
  /** The name is to be typed. */
  name = 0,
  /** The word is to be typed. */
  word = 1,
  confirmed = 2,
  refused = 3,
}

export class Confirmation {
  private current: ConfirmationStage = ConfirmationStage.refused;
  private nameLength: u32 = 0;
  private readonly name = new Uint8Array(64);
  private readonly word = new Uint8Array(WORD_LENGTH);

  /** Starts over for a thing of this name (1 to 64 bytes); `entropy` has `WORD_ENTROPY_BYTES` fresh random bytes. */
  begin(name: Bytes, entropy: Bytes): void {
    assert(name.length > 0 && name.length <= 64);
    assert(entropy.length === WORD_ENTROPY_BYTES);
    bytesOf(this.name).slice(0, name.length).copyFrom(name);
    this.nameLength = name.length;
    for (let i: u32 = 0; i < WORD_LENGTH; i++) {
      // 65,536 is so much more than 23 that the letters are as good as equally likely.
      this.word[i] = utf8(LETTERS).u8(entropy.u16le(i * 2) % LETTER_COUNT);
    }
    this.current = ConfirmationStage.name;
  }

  stage(): ConfirmationStage {
    return this.current;
  }

  /** The word to show. Only at its stage: nobody sees it before the name was typed. */
  oneTimeWord(): Bytes {
    assert(this.current === ConfirmationStage.word);
    return bytesOf(this.word);
  }

  /** Takes a line as it was typed, without its end. Spaces around it count as nothing; case counts. */
  answer(line: Bytes): ConfirmationStage {
    const typed = trimmed(line);
    switch (this.current) {
      case ConfirmationStage.name:
        this.current = typed.equals(bytesOf(this.name).slice(0, this.nameLength))
          ? ConfirmationStage.word
          : ConfirmationStage.refused;
        break;
      case ConfirmationStage.word:
        this.current = typed.equals(bytesOf(this.word))
          ? ConfirmationStage.confirmed
          : ConfirmationStage.refused;
        // A word serves once.
        bytesOf(this.word).fill(0);
        break;
      case ConfirmationStage.confirmed:
      case ConfirmationStage.refused:
        // Nothing was asked: what is typed now confirms nothing.
        this.current = ConfirmationStage.refused;
        break;
    }
    return this.current;
  }

  /** Spends the confirmation: true once after both right answers, then false until the next. */
  take(): boolean {
    const isConfirmed = this.current === ConfirmationStage.confirmed;
    this.current = ConfirmationStage.refused;
    return isConfirmed;
  }
}

function trimmed(line: Bytes): Bytes {
  let from: u32 = 0;
  let end: u32 = line.length;
  while (from < end && line.u8(from) === 0x20) from++;
  while (end > from && line.u8(end - 1) === 0x20) end--;
  return line.slice(from, end - from);
}
