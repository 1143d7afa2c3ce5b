/**
 * LogClearDialogue: `log clear`, after both confirmations: the word `log`, then a one-time word.
 *
 * Invariant: nothing is forgotten, and no partition that holds something else becomes a log, before both were typed.
 */
import { DiskRegistry, NO_DISK } from "../service/disk-registry.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { AgreedDialogue, Deed } from "./agreed-dialogue.ts";
import { Output } from "./output.ts";

export class LogClearDialogue implements Deed {
  constructor(
    private readonly log: PersistentLog,
    private readonly partition: LogPartition,
    private readonly disks: DiskRegistry,
    readonly agreed: AgreedDialogue,
  ) {}

  begin(out: Output): void {
    const introduction = "First confirmation: the word log.";
    this.explain(out);
    this.agreed.begin(this, utf8("log"), introduction, "Type log to go on: ", "Nothing was forgotten.");
  }

  perform(out: Output): void {
    const cleared = this.partition.clear();
    if (cleared.ok) out.text("The log is empty.\n");
    else if (this.log.isDurable()) out.text("log clear: the disk failed; the log may be as it was\n");
    else out.text("The entries in memory are forgotten; there is no log partition that can be used.\n");
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
  }
}
