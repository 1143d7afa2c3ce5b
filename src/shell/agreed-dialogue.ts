/**
 * AgreedDialogue: the conversation around a deed that writes over something: both confirmations (`TwoAnswers`), then the deed, and nothing else.
 *
 * Invariant: a deed is done at most once, and only after both right answers. Whoever owns a deed says what is about to happen, begins, and gives
 * the shell this dialogue.
 */
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";
import { AnswersState, TwoAnswers } from "./two-answers.ts";

/** What both answers agree to. */
export interface Deed {
  /** Does it at once, and says how it went. */
  perform(out: Output): void;
}

export class AgreedDialogue implements Dialogue {
  private deed: Deed | null = null;

  constructor(private readonly answers: TwoAnswers) {}

  /** Asks for `name` first; `introduction` and `question` stand in front of it, `consolation` behind a refusal (`TwoAnswers.begin`). */
  begin(deed: Deed, name: Bytes, introduction: string, question: string, consolation: string): void {
    this.deed = deed;
    this.answers.begin(name, introduction, question, consolation);
  }

  step(out: Output): DialogueState {
    switch (this.answers.step(out)) {
      case AnswersState.asking:
        return DialogueState.asking;
      case AnswersState.refused:
        this.deed = null;
        return DialogueState.done;
      case AnswersState.confirmed: {
        const deed = this.deed;
        this.deed = null;
        assert(deed !== null, "a deed was agreed to");
        deed.perform(out);
        return DialogueState.done;
      }
    }
  }

  question(): string {
    return this.answers.question();
  }

  answer(line: Bytes): void {
    this.answers.answer(line);
  }

  cancel(): void {
    this.answers.cancel();
  }
}
