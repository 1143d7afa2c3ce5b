/** The bootmgr group: which installations and releases there are, and how the boots went. */
import { formatGuid, GUID_TEXT_LENGTH } from "../base/guid.ts";
import { BootSummary, ManifestSummary } from "../service/boot-records.ts";
import { MarkerChain } from "../service/marker-storage.ts";
import { Command } from "./command.ts";
import { writeDateTime } from "./date-text.ts";
import { writeManifestLine } from "./manifest-text.ts";
import { Session } from "./session.ts";

/** How many boots `bootmgr status` shows, unless all are asked for. */
const BOOTS_SHOWN = 8;
const DISK_COLUMN = 4;
const STAGES_COLUMN = 8;

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
  "bootmgr status [--all]\nShows for each installation the failures in a row, whether its boot records are whole, and the last 8 boots: why each was\nstarted, how far it came, when it reached its stages (milliseconds from the boot manager's start), and how it ended.\n  --all  every boot of the history, the last 72",
  "--all",
  runStatus,
);

class Scratch {
  readonly guid = new Uint8Array(GUID_TEXT_LENGTH);
  readonly manifest = new ManifestSummary();
  readonly boot = new BootSummary();
  readonly chain = new MarkerChain();
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
  const isAll = session.arguments.is(0, "--all");
  if (session.arguments.count() > (isAll ? 1 : 0)) {
    session.misuse("unknown argument");
    return;
  }
  const out = session.out;
  const records = session.bootRecords;
  const count = records.survey();
  if (count === 0) out.text("No installation of RayOS on any disk.\n");
  for (let i: u32 = 0; i < count; i++) {
    out.bytes(session.disks.name(records.disk(i)));
    out.text(": ");
    const problem = records.openHistory(i);
    if (problem !== "") {
      out.text(problem);
      out.text("\n");
      continue;
    }
    out.text(`${records.bootTotal()} boots, ${records.failureCount()} failed in a row\n`);
    writeChain(session);
    const shown = isAll ? records.bootCount() : u32(Math.min(records.bootCount(), BOOTS_SHOWN));
    for (let age: u32 = 0; age < shown; age++) {
      records.describeBoot(age, scratch.boot);
      writeBootLine(session, scratch.boot);
    }
  }
}

/** `    records: 12 whole, 0 damaged; boots: 5, each with its stages in order` */
function writeChain(session: Session): void {
  const out = session.out;
  const chain = scratch.chain;
  out.tab(DISK_COLUMN);
  if (!session.bootRecords.validateHistory(chain)) {
    out.text("records: the disk did not read\n");
    return;
  }
  out.text(`records: ${chain.wholeRecords} whole, ${chain.damagedRecords} damaged; boots: ${chain.boots}, `);
  if (chain.brokenBoots === 0) out.text("each with its stages in order");
  else out.text(`${chain.brokenBoots} with stages missing or out of order`);
  if (chain.clockJumps > 0) out.text(`; the clock went back ${chain.clockJumps} times`);
  out.text("\n");
}

/** `2026-01-06 14:30:00  release 1, try 1/3, default: Golden, ended: reboot`, and its stages below. */
function writeBootLine(session: Session, boot: BootSummary): void {
  const out = session.out;
  out.tab(DISK_COLUMN);
  writeDateTime(out, boot.startSeconds);
  out.text(`  release ${boot.manifestId}`);
  if (boot.fromRecoveryStore) out.text(" from the recovery partition");
  if (boot.isRescue) out.text(" in recovery mode");
  out.text(`, try ${boot.tryNumber}/${boot.tryMaximum}, `);
  out.text(boot.reason);
  out.text(": ");
  out.text(boot.stage);
  if (boot.ending === "") out.text(", running");
  else {
    out.text(", ended: ");
    out.text(boot.ending);
  }
  out.text("\n");
  writeStages(session, boot);
}

/** `kernel 512 ms, subsystems 900 ms, shell 910 ms, golden 950 ms`, as far as the boot came. */
function writeStages(session: Session, boot: BootSummary): void {
  const out = session.out;
  if (boot.kernelLoadedMs === 0) return;
  out.tab(STAGES_COLUMN);
  out.text(`kernel ${boot.kernelLoadedMs} ms`);
  if (boot.subsystemsReadyMs > 0) out.text(`, subsystems ${boot.subsystemsReadyMs} ms`);
  if (boot.shellReadyMs > 0) out.text(`, shell ${boot.shellReadyMs} ms`);
  if (boot.goldenMs > 0) out.text(`, golden ${boot.goldenMs} ms`);
  out.text("\n");
}
