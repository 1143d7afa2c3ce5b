/** The recovery group: what there is to fall back to, and whether falling back is due. */
import { ManifestSummary } from "../service/boot-records.ts";
import { Command } from "./command.ts";
import { writeManifestLine } from "./manifest-text.ts";
import { Session } from "./session.ts";

/** So many failed boots in a row make the next one start the last known good. */
const FAILURES_TO_FALLBACK = 3;

export const RECOVERY_STATUS = new Command(
  "recovery status",
  "show failures and the last known good",
  "recovery status\nShows for each installation how many boots failed in a row, and which release is the last known good.",
  "",
  runStatus,
);
export const RECOVERY_LIST = new Command(
  "recovery list",
  "list what can be booted or restored",
  "recovery list\nLists the releases and snapshots in the system and in the recovery store of each installation.",
  "",
  runList,
);

class Scratch {
  readonly manifest = new ManifestSummary();
}

const scratch = new Scratch();

function runStatus(session: Session): void {
  if (!session.expectsNothing()) return;
  const out = session.out;
  const records = session.bootRecords;
  const count = records.survey();
  if (count === 0) out.text("No installation of RayOS on any disk.\n");
  for (let i: u32 = 0; i < count; i++) {
    out.bytes(session.disks.name(records.disk(i)));
    out.text(": ");
    const problem = records.openHistory(i);
    if (utf8(problem).length > 0) {
      out.text(problem);
      out.text("\n");
    } else {
      writeStatus(session);
    }
  }
}

function writeStatus(session: Session): void {
  const out = session.out;
  const records = session.bootRecords;
  const golden = records.goldenManifestId();
  if (golden === 0) out.text("no boot has become golden yet");
  else out.text(`last known good: release ${golden}`);
  const failures = records.failureCount();
  out.text(`; failed boots in a row: ${failures}`);
  if (failures >= FAILURES_TO_FALLBACK) out.text(", the next boot falls back");
  out.text("\n");
  const reason = records.lastFailure();
  if (failures > 0 && reason.length > 0) {
    out.text("    last failure: ");
    out.foreign(reason);
    out.text("\n");
  }
}

function runList(session: Session): void {
  if (!session.expectsNothing()) return;
  const out = session.out;
  const records = session.bootRecords;
  const count = records.survey();
  if (count === 0) out.text("No installation of RayOS on any disk.\n");
  for (let i: u32 = 0; i < count; i++) {
    listStore(session, i, false);
    listStore(session, i, true);
  }
}

function listStore(session: Session, index: u32, fromRecovery: boolean): void {
  const out = session.out;
  const records = session.bootRecords;
  out.bytes(session.disks.name(records.disk(index)));
  out.text(fromRecovery ? ", recovery store: " : ", system store: ");
  const problem = records.openStore(index, fromRecovery);
  if (utf8(problem).length > 0) {
    out.text(problem);
    out.text("\n");
    return;
  }
  out.text(`${records.manifestCount()} entries\n`);
  for (let m: u32 = 0; m < records.manifestCount(); m++) {
    records.describeManifest(m, scratch.manifest);
    writeManifestLine(out, scratch.manifest);
  }
}
