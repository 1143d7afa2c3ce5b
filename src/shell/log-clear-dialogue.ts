/**
 * LogClearDialogue: `log clear`, after both confirmations: the word `log`, then a one-time word.
 *
 * Invariant: nothing is forgotten, and no partition that holds something else becomes a log, before both were typed.
 */
import { DiskRegistry, NO_DISK } from "../service/disk-registry.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";
import { AnswersState, TwoAnswers } from "./two-answers.ts";

export class LogClearDialogue implements Dialogue {
  private hasExplained: boolean = false;

  constructor(
    private readonly log: PersistentLog,
    private readonly partition: LogPartition,
    private readonly disks: DiskRegistry,
    private readonly answers: TwoAnswers,
  ) {}

  begin(): void {
    const introduction = "First confirmation: the word log.";
    this.hasExplained = false;
    this.answers.begin(utf8("log"), introduction, "Type log to go on: ", "Nothing was forgotten.");
  }

  step(out: Output): DialogueState {
    if (!this.hasExplained) this.explain(out);
    switch (this.answers.step(out)) {
      case AnswersState.asking:
        return DialogueState.asking;
      case AnswersState.refused:
        return DialogueState.done;
      case AnswersState.confirmed:
        this.clear(out);
        return DialogueState.done;
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

  private explain(out: Output): void {
    this.hasExplained = true;
    const foreign = this.log.foreignCondition();
    if (utf8(foreign).length === 0) {
      out.text("All log entries of this and of earlier boots will be forgotten.\n");
    } else {
      out.text("The log partition of ");
      if (this.partition.triedDisk() !== NO_DISK) out.bytes(this.disks.name(this.partition.triedDisk()));
      out.text(" is not in use: ");
      out.text(foreign);
      out.text(". It will be made an empty log; what it holds is lost.\n");
    }
  }

  private clear(out: Output): void {
    const cleared = this.partition.clear();
    if (cleared.ok) out.text("The log is empty.\n");
    else if (this.log.isDurable()) out.text("log clear: the disk failed; the log may be as it was\n");
    else out.text("The entries in memory are forgotten; there is no log partition that can be used.\n");
  }
}
