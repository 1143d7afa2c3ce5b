/**
 * The last entry of a boot: how it ended. Written as the very last thing of an orderly end or by the crash path, and read by the next
 * boot: where it is missing, the boot vanished (power cut, triple fault, reset).
 */
import { TextWriter } from "../base/text-writer.ts";
import { LogEntry } from "../format/log-entry.ts";
import { BootEnding, bootEndingName } from "../format/state-record.ts";

export const ENDING_COMPONENT: string = "kernel";
export const ENDING_EVENT: string = "boot-ended";
/** Room for the details. */
export const ENDING_BYTES = 64;

const ENDINGS: readonly BootEnding[] = [
  BootEnding.reboot,
  BootEnding.powerOff,
  BootEnding.panic,
  BootEnding.watchdogSoft,
  BootEnding.watchdogHard,
];

/** Writes the details of such an entry: `how=reboot`. */
export function writeEnding(out: TextWriter, ending: BootEnding): void {
  out.text("how=");
  out.text(bootEndingName(ending));
}

/** What an entry says about the end of its boot; `none` where it says nothing about it. */
export function endingOf(entry: LogEntry): BootEnding {
  if (!entry.component().equals(utf8(ENDING_COMPONENT))) return BootEnding.none;
  if (!entry.event().equals(utf8(ENDING_EVENT))) return BootEnding.none;
  const room = new Uint8Array(ENDING_BYTES);
  const out = new TextWriter(bytesOf(room));
  for (const ending of ENDINGS) {
    out.clear();
    writeEnding(out, ending);
    if (entry.details().equals(out.written())) return ending;
  }
  return BootEnding.none;
}
