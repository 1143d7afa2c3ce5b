/**
 * RecoveryDialogue: `recovery restore` and `recovery last-known-good`: another release becomes the one that boots, after both
 * confirmations.
 *
 * Invariant: nothing is written before the release's id and the one-time word were typed.
 */
import { TextWriter } from "../base/text-writer.ts";
import { Clock } from "../device/clock.ts";
import { Recovery } from "../service/recovery.ts";
import { AgreedDialogue, Deed } from "./agreed-dialogue.ts";
import { writeDateTime } from "./date-text.ts";
import { Output } from "./output.ts";

const ID_BYTES = 16;

export class RecoveryDialogue implements Deed {
  private readonly id = new Uint8Array(ID_BYTES);
  private manifestId: u32 = 0;

  constructor(
    readonly recovery: Recovery,
    private readonly clock: Clock,
    readonly agreed: AgreedDialogue,
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
      out.text(
        "It is OLDER than the oldest version that is booted by default: that bound goes down to it.\n",
      );
    }
    const text = new TextWriter(bytesOf(this.id));
    text.integer(target.manifestId);
    const introduction = "First confirmation: the id of what is restored.";
    this.agreed.begin(this, text.written(), introduction, "Type the id: ", "Nothing was written.");
  }

  perform(out: Output): void {
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
