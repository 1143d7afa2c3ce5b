/**
 * LogReadingDialogue: `log export` and `log validate`: the whole log, some entries a step, so that the system stays alive meanwhile.
 */
import { TextWriter } from "../base/text-writer.ts";
import { LOG_LINE_LIMIT } from "../service/log-names.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

const LINES_PER_STEP = 16;
const CHECKS_PER_STEP = 256;

export class LogReadingDialogue implements Dialogue {
  private isExport: boolean = true;
  private readonly line = new Uint8Array(LOG_LINE_LIMIT);

  constructor(private readonly log: PersistentLog) {}

  /** Every entry as a line. */
  beginExport(): void {
    this.isExport = true;
    this.log.export();
  }

  /** Every entry checked, and what was found at the end. */
  beginValidation(): void {
    this.isExport = false;
    this.log.export();
  }

  step(out: Output): DialogueState {
    const writer = new TextWriter(bytesOf(this.line));
    const limit: u32 = this.isExport ? LINES_PER_STEP : CHECKS_PER_STEP;
    for (let i: u32 = 0; i < limit; i++) {
      writer.clear();
      const line = this.log.nextLine(writer);
      if (!line.ok) {
        out.text("log: the disk cannot be read further\n");
        return DialogueState.done;
      }
      if (!line.value) {
        this.finish(out);
        return DialogueState.done;
      }
      if (!this.isExport) continue;
      out.foreign(writer.written());
      out.text("\n");
    }
    return DialogueState.working;
  }

  question(): string {
    return "";
  }

  answer(line: Bytes): void {
    assert(line.length === 0, "nothing was asked");
  }

  cancel(): void {
    unreachable("nothing was asked");
  }

  /** An export says nothing behind its last line, unless something is wrong. */
  private finish(out: Output): void {
    const health = this.log.health();
    if (this.isExport && health.isWhole()) return;
    out.text(`log: ${health.entries} entries on the disk in ${this.log.fileCount()} files`);
    if (health.isWhole()) out.text(", every checksum agrees");
    if (health.damagedPlaces > 0) out.text(`; damaged places: ${health.damagedPlaces}`);
    if (health.missingEntries > 0n) out.text(`; missing entries: ${health.missingEntries}`);
    if (health.damagedHeaders > 0) out.text(`; damaged headers: ${health.damagedHeaders}`);
    if (health.tornPlaces > 0)
      out.text(`; cut short by a power cut and never acknowledged: ${health.tornPlaces}`);
    out.text("\n");
  }
}
