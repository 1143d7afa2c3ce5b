/**
 * TwoAnswers: the two confirmations in front of whatever writes over something or restarts the machine: a name typed in full, then a
 * word that is made for this one question (`policy/confirmation.ts`).
 *
 * The one home of that conversation: a dialogue hands on its `question`, `answer` and `cancel`, and goes by what `step` says.
 * Invariant: `confirmed` is said once, and only after both right answers.
 */
import { Entropy } from "../device/entropy.ts";
import { Confirmation, ConfirmationStage, WORD_ENTROPY_BYTES } from "../policy/confirmation.ts";
import { Output } from "./output.ts";

export const enum AnswersState {
  /** The next line is an answer. */
  asking = 0,
  confirmed = 1,
  /** A wrong answer, or Ctrl-C; the user was told. */
  refused = 2,
}

export class TwoAnswers {
  private readonly confirmation = new Confirmation();
  private readonly entropyBytes = new Uint8Array(WORD_ENTROPY_BYTES);
  private introduction: string = "";
  private firstQuestion: string = "";
  private consolation: string = "";

  constructor(private readonly entropy: Entropy) {}

  /**
   * Starts over. `name` is what has to be typed first; `introduction` the line before that question, `firstQuestion` its prompt;
   * `consolation` the sentence behind "Not confirmed."
   */
  begin(name: Bytes, introduction: string, firstQuestion: string, consolation: string): void {
    this.introduction = introduction;
    this.firstQuestion = firstQuestion;
    this.consolation = consolation;
    this.entropy.fill(bytesOf(this.entropyBytes));
    this.confirmation.begin(name, bytesOf(this.entropyBytes));
  }

  step(out: Output): AnswersState {
    switch (this.confirmation.stage()) {
      case ConfirmationStage.name:
        out.text(this.introduction);
        out.text("\n");
        return AnswersState.asking;
      case ConfirmationStage.word:
        out.text("Second confirmation: this word, once: ");
        out.bytes(this.confirmation.oneTimeWord());
        out.text("\n");
        return AnswersState.asking;
      case ConfirmationStage.confirmed:
        if (this.confirmation.take()) return AnswersState.confirmed;
        break;
      case ConfirmationStage.refused:
        break;
    }
    out.text("Not confirmed. ");
    out.text(this.consolation);
    out.text("\n");
    return AnswersState.refused;
  }

  question(): string {
    return this.confirmation.stage() === ConfirmationStage.name ? this.firstQuestion : "Type the word: ";
  }

  answer(line: Bytes): void {
    this.confirmation.answer(line);
  }

  cancel(): void {
    // Spending the confirmation refuses it.
    this.confirmation.take();
  }
}
