/**
 * VerifyDialogue: `install --verify`: every installation that was asked for is read back, and each part gets its line.
 *
 * Writes to no disk. Started by `install --verify`.
 */
import { InstallationCheck, InstallationCheckState } from "../service/installation-check.ts";
import { verifiedPartName } from "../service/installation-verifier.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

const RESULT_COLUMN = 26;

export class VerifyDialogue implements Dialogue {
  constructor(readonly check: InstallationCheck) {}

  /** Chooses the disk. */
  begin(out: Output, disk: u32): void {
    out.text("Verifying ");
    out.bytes(this.check.disks.name(disk));
    out.text(".\n");
    this.check.begin(disk);
  }

  step(out: Output): DialogueState {
    const state = this.check.step();
    switch (state) {
      case InstallationCheckState.working:
        return DialogueState.working;
      case InstallationCheckState.tableDone:
        writeResult(out, "partition table", this.check.problem());
        return DialogueState.working;
      case InstallationCheckState.partDone:
        writeResult(out, verifiedPartName(this.check.part()), this.check.problem());
        return DialogueState.working;
      case InstallationCheckState.done:
        this.conclude(out);
        return DialogueState.done;
    }
  }

  question(): string {
    return "";
  }

  answer(line: Bytes): void {
    assert(line.length === 0, "a verification asks nothing");
  }

  cancel(): void {
    this.check.stop();
  }

  private conclude(out: Output): void {
    const problems = this.check.problemCount();
    const pending = this.check.pendingVersion();
    if (pending.length > 0) {
      out.text("An update to ");
      out.foreign(pending);
      out.text(" was cut short. The installed release starts as before; install --update finishes it.\n");
    }
    if (problems === 0) out.text(`Verified: ${this.check.objectCount()} objects, every checksum agrees.\n`);
    else out.text(`Verification FAILED: ${problems} of the parts above not good.\n`);
  }
}

function writeResult(out: Output, name: string, problem: string): void {
  out.text("  ");
  out.text(name);
  out.tab(RESULT_COLUMN);
  out.text(utf8(problem).length === 0 ? "good" : problem);
  out.text("\n");
}
