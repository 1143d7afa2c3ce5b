/**
 * RestoreDialogue: `install --restore-table`: puts a disk's old partition table back, after both confirmations.
 *
 * Invariant: nothing is written before the disk's name and the one-time word were typed.
 */
import { Entropy } from "../device/entropy.ts";
import { Confirmation, ConfirmationStage, WORD_ENTROPY_BYTES } from "../policy/confirmation.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { RestoreRefusal, restoreRefusalText, TableRestorer } from "../service/table-restorer.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

export class RestoreDialogue implements Dialogue {
  private readonly confirmation = new Confirmation();
  private readonly entropyBytes = new Uint8Array(WORD_ENTROPY_BYTES);

  constructor(
    private readonly restorer: TableRestorer,
    private readonly disks: DiskRegistry,
    private readonly entropy: Entropy,
  ) {}

  /** Looks for the saved table; false, and said why, where there is none to be put back. */
  begin(out: Output, disk: u32): boolean {
    const refusal = this.restorer.find(disk);
    if (refusal !== RestoreRefusal.none) {
      out.text("install: ");
      out.bytes(this.disks.name(disk));
      out.text(": ");
      out.text(restoreRefusalText(refusal));
      out.text(". Nothing was written.\n");
      return false;
    }
    out.text("The partition table that ");
    out.bytes(this.disks.name(disk));
    out.text(" had before RayOS will be put back. RayOS will no longer start from this disk.\n");
    this.entropy.fill(bytesOf(this.entropyBytes));
    this.confirmation.begin(this.disks.name(disk), bytesOf(this.entropyBytes));
    return true;
  }

  step(out: Output): DialogueState {
    switch (this.confirmation.stage()) {
      case ConfirmationStage.name:
        out.text("First confirmation: the disk's name.\n");
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
    return this.confirmation.stage() === ConfirmationStage.name
      ? "Type the disk's name in full: "
      : "Type the word: ";
  }

  answer(line: Bytes): void {
    this.confirmation.answer(line);
  }

  cancel(): void {
    // Spending the confirmation refuses it.
    this.confirmation.take();
  }

  private restore(out: Output): void {
    const fault = this.restorer.restore();
    if (utf8(fault).length === 0) {
      out.text("The old partition table is back.\n");
      return;
    }
    out.text("install: the table could not be put back: ");
    out.text(fault);
    out.text("\n");
  }
}
