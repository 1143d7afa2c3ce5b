/**
 * LogClearDialogue: `log clear`, after both confirmations: the word `log`, then a one-time word.
 *
 * Invariant: nothing is forgotten, and no partition that holds something else becomes a log, before both were typed.
 */
import { Entropy } from "../device/entropy.ts";
import { Confirmation, ConfirmationStage, WORD_ENTROPY_BYTES } from "../policy/confirmation.ts";
import { DiskRegistry, NO_DISK } from "../service/disk-registry.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

export class LogClearDialogue implements Dialogue {
  private readonly confirmation = new Confirmation();
  private readonly entropyBytes = new Uint8Array(WORD_ENTROPY_BYTES);

  constructor(
    private readonly log: PersistentLog,
    private readonly partition: LogPartition,
    private readonly disks: DiskRegistry,
    private readonly entropy: Entropy,
  ) {}

  begin(): void {
    this.entropy.fill(bytesOf(this.entropyBytes));
    this.confirmation.begin(utf8("log"), bytesOf(this.entropyBytes));
  }

  step(out: Output): DialogueState {
    switch (this.confirmation.stage()) {
      case ConfirmationStage.name:
        this.explain(out);
        return DialogueState.asking;
      case ConfirmationStage.word:
        out.text("Second confirmation: this word, once: ");
        out.bytes(this.confirmation.oneTimeWord());
        out.text("\n");
        return DialogueState.asking;
      case ConfirmationStage.refused:
        out.text("Not confirmed. Nothing was forgotten.\n");
        return DialogueState.done;
      case ConfirmationStage.confirmed:
        if (this.confirmation.take()) this.clear(out);
        return DialogueState.done;
    }
  }

  question(): string {
    return this.confirmation.stage() === ConfirmationStage.name ? "Type log to go on: " : "Type the word: ";
  }

  answer(line: Bytes): void {
    this.confirmation.answer(line);
  }

  cancel(): void {
    // Spending the confirmation refuses it.
    this.confirmation.take();
  }

  private explain(out: Output): void {
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
    out.text("First confirmation: the word log.\n");
  }

  private clear(out: Output): void {
    const cleared = this.partition.clear();
    if (cleared.ok) out.text("The log is empty.\n");
    else if (this.log.isDurable()) out.text("log clear: the disk failed; the log may be as it was\n");
    else out.text("The entries in memory are forgotten; there is no log partition that can be used.\n");
  }
}
