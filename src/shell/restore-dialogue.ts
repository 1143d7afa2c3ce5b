/**
 * RestoreDialogue: `install --restore-table`: puts a disk's old partition table back, after both confirmations.
 *
 * Invariant: nothing is written before the disk's name and the one-time word were typed.
 */
import { DiskRegistry } from "../service/disk-registry.ts";
import { RestoreRefusal, restoreRefusalText, TableRestorer } from "../service/table-restorer.ts";
import { AgreedDialogue, Deed } from "./agreed-dialogue.ts";
import { Output } from "./output.ts";

export class RestoreDialogue implements Deed {
  constructor(
    private readonly restorer: TableRestorer,
    private readonly disks: DiskRegistry,
    readonly agreed: AgreedDialogue,
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
    const introduction = "First confirmation: the disk's name.";
    this.agreed.begin(
      this,
      this.disks.name(disk),
      introduction,
      "Type the disk's name in full: ",
      "Nothing was written.",
    );
    return true;
  }

  perform(out: Output): void {
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
