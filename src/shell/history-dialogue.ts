/**
 * HistoryDialogue: `bootmgr clear-history`: a state partition that holds something else, or records of a newer version, becomes an
 * empty history, after both confirmations.
 *
 * Invariant: nothing is written before the disk's name and the one-time word were typed; a history that can be used is not cleared.
 */
import { Clock } from "../device/clock.ts";
import { BootRecords } from "../service/boot-records.ts";
import { AgreedDialogue, Deed } from "./agreed-dialogue.ts";
import { Output } from "./output.ts";

export class HistoryDialogue implements Deed {
  private installation: u32 = 0;

  constructor(
    private readonly records: BootRecords,
    private readonly clock: Clock,
    readonly agreed: AgreedDialogue,
  ) {}

  /** Begins with an installation that `survey` found, of which `problem` says why its history cannot be used. */
  begin(out: Output, installation: u32, problem: string): void {
    this.installation = installation;
    const name = this.records.disks.name(this.records.disk(installation));
    out.bytes(name);
    out.text(": ");
    out.text(problem);
    out.text(
      ".\nThe state partition will be made an empty history; what it holds is lost. Nothing else is touched.\n",
    );
    const introduction = "First confirmation: the disk's name.";
    this.agreed.begin(this, name, introduction, "Type the disk's name in full: ", "Nothing was written.");
  }

  perform(out: Output): void {
    const fault = this.records.clearHistory(this.installation, this.clock.unixSeconds());
    if (fault === "") {
      out.text("The history is empty; the next boot is counted.\n");
      return;
    }
    out.text("bootmgr: the history could not be cleared: ");
    out.text(fault);
    out.text("\n");
  }
}
