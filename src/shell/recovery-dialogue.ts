/**
 * RecoveryDialogue: `recovery restore` and `recovery last-known-good`: another release becomes the one that boots, after both
 * confirmations.
 *
 * Invariant: nothing is written before the release's id and the one-time word were typed.
 */
import { TextWriter } from "../base/text-writer.ts";
import { Clock } from "../device/clock.ts";
import { Entropy } from "../device/entropy.ts";
import { Confirmation, ConfirmationStage, WORD_ENTROPY_BYTES } from "../policy/confirmation.ts";
import { Recovery } from "../service/recovery.ts";
import { writeDateTime } from "./date-text.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

const ID_BYTES = 16;

export class RecoveryDialogue implements Dialogue {
  private readonly confirmation = new Confirmation();
  private readonly entropyBytes = new Uint8Array(WORD_ENTROPY_BYTES);
  private readonly id = new Uint8Array(ID_BYTES);
  private manifestId: u32 = 0;

  constructor(
    readonly recovery: Recovery,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
  ) {}

  /** Says what is about to happen to the target that the service was aimed at. */
  begin(out: Output): void {
    const target = this.recovery.target;
    this.manifestId = target.manifestId;
    out.bytes(this.recovery.disks.name(this.recovery.disk()));
    out.text(target.isSnapshot ? ": snapshot " : ": release ");
    out.text(`${target.manifestId} of `);
    writeDateTime(out, target.createdSeconds);
    out.text(" will boot from now on. Every object of it matches its checksum.\n");
    if (target.fromRecovery) {
      out.text("The system store has no whole copy of it: it is brought back from the recovery partition.\n");
    }
    if (target.isBelowFloor) {
      out.text("It is OLDER than the oldest version that is booted by default: that bound goes down to it.\n");
    }
    const text = new TextWriter(bytesOf(this.id));
    text.integer(target.manifestId);
    this.entropy.fill(bytesOf(this.entropyBytes));
    this.confirmation.begin(text.written(), bytesOf(this.entropyBytes));
  }

  step(out: Output): DialogueState {
    switch (this.confirmation.stage()) {
      case ConfirmationStage.name:
        out.text("First confirmation: the id of what is restored.\n");
        return DialogueState.asking;
      case ConfirmationStage.word:
        out.text("Second confirmation: this word, once: ");
        out.bytes(this.confirmation.oneTimeWord());
        out.text("\n");
        return DialogueState.asking;
      case ConfirmationStage.refused:
        out.text("Not confirmed. Nothing was written.\n");
        return DialogueState.done;
      case ConfirmationStage.confirmed:
        if (this.confirmation.take()) this.restore(out);
        return DialogueState.done;
    }
  }

  question(): string {
    return this.confirmation.stage() === ConfirmationStage.name ? "Type the id: " : "Type the word: ";
  }

  answer(line: Bytes): void {
    this.confirmation.answer(line);
  }

  cancel(): void {
    // Spending the confirmation refuses it.
    this.confirmation.take();
  }

  private restore(out: Output): void {
    const fault = this.recovery.restore(this.clock.unixSeconds());
    if (fault === "") {
      out.text(`Restored: ${this.manifestId} is started by the next boot (reboot).\n`);
      return;
    }
    out.text("recovery: it could not be restored: ");
    out.text(fault);
    out.text("\n");
  }
}
