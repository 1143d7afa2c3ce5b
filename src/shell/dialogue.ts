/**
 * Dialogue: what a command starts when it is not done at once: it asks, or it works for a while, or both.
 *
 * The shell gives it a step whenever the event loop comes round, and a line whenever it asks. The command that started it
 * has long returned.
 */
import { Output } from "./output.ts";

export const enum DialogueState {
  /** Over; the shell takes the next command. */
  done = 0,
  /** Wants a line; `question` is its prompt. */
  asking = 1,
  /** Wants the next step, soon. */
  working = 2,
}

export interface Dialogue {
  /** Does a piece of work of some milliseconds and writes what there is to say. */
  step(out: Output): DialogueState;
  /** The prompt of the line that it wants. */
  question(): string;
  /** Takes the line. What follows from it is done by the next step. */
  answer(line: Bytes): void;
  /** Ctrl-C instead of a line. */
  cancel(): void;
}
