/** The bootmgr group: which installations and releases there are, and how the boots went. */
import { formatGuid, GUID_TEXT_LENGTH } from "../base/guid.ts";
import { BootSummary, ManifestSummary } from "../service/boot-records.ts";
import { Command } from "./command.ts";
import { writeDateTime } from "./date-text.ts";
import { writeManifestLine } from "./manifest-text.ts";
import { Session } from "./session.ts";

/** How many boots `bootmgr status` shows. */
const BOOTS_SHOWN = 8;
const DISK_COLUMN = 4;

export const BOOTMGR = new Command(
  "bootmgr",
  "show what the boot manager would offer",
  "bootmgr\nLists the installations of RayOS on all disks with their releases; the same as bootmgr list.",
  "",
  runList,
);
export const BOOTMGR_LIST = new Command(
  "bootmgr list",
  "list installations and releases",
  "bootmgr list\nLists the installations of RayOS on all disks with their releases and snapshots.",
  "",
  runList,
);
export const BOOTMGR_STATUS = new Command(
  "bootmgr status",
  "show the last boots and how they ended",
  "bootmgr status\nShows for each installation the failures in a row and the last boots.",
  "",
  runStatus,
);

class Scratch {
  readonly guid = new Uint8Array(GUID_TEXT_LENGTH);
  readonly manifest = new ManifestSummary();
  readonly boot = new BootSummary();
}

const scratch = new Scratch();

function runList(session: Session): void {
  if (!session.expectsNothing()) return;
  const records = session.bootRecords;
  const count = records.survey();
  if (count === 0) session.out.text("No installation of RayOS on any disk.\n");
  for (let i: u32 = 0; i < count; i++) {
    const problem = records.openStore(i, false);
    writeHead(session, i, problem);
    if (utf8(problem).length > 0) continue;
    for (let m: u32 = 0; m < records.manifestCount(); m++) {
      records.describeManifest(m, scratch.manifest);
      writeManifestLine(session.out, scratch.manifest);
    }
  }
}

/** `nvme0: installation 8689130C-… (running)` */
function writeHead(session: Session, index: u32, problem: string): void {
  const out = session.out;
  const records = session.bootRecords;
  out.bytes(session.disks.name(records.disk(index)));
  if (utf8(problem).length > 0) {
    out.text(": the system store is damaged: ");
    out.text(problem);
  } else {
    formatGuid(records.installationId(), bytesOf(scratch.guid));
    out.text(": installation ");
    out.bytes(bytesOf(scratch.guid));
    if (records.isRunning()) out.text(" (running)");
  }
  out.text("\n");
}

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
      continue;
    }
    out.text(`${records.bootTotal()} boots, ${records.failureCount()} failed in a row\n`);
    const shown = u32(Math.min(records.bootCount(), BOOTS_SHOWN));
    for (let age: u32 = 0; age < shown; age++) {
      records.describeBoot(age, scratch.boot);
      writeBootLine(session, scratch.boot);
    }
  }
}

/** `2026-01-06 14:30:00  release 1, try 1/3, default: Golden, 812 ms to the shell, reboot` */
function writeBootLine(session: Session, boot: BootSummary): void {
  const out = session.out;
  out.tab(DISK_COLUMN);
  writeDateTime(out, boot.startSeconds);
  out.text(`  release ${boot.manifestId}, try ${boot.tryNumber}/${boot.tryMaximum}, `);
  out.text(boot.reason);
  out.text(": ");
  out.text(boot.stage);
  if (boot.shellReadyMs > 0) out.text(`, ${boot.shellReadyMs} ms to the shell`);
  out.text(", ended: ");
  out.text(boot.ending);
  out.text("\n");
}
