/** The install group: one command whose first argument says what to do. */
import { NO_DISK } from "../service/disk-registry.ts";
import { PartitionFacts } from "../service/partition-manager.ts";
import { Command } from "./command.ts";
import { writeDiskContents, writeDiskHead } from "./disk-text.ts";
import { Session } from "./session.ts";

const WHOLE_DISK: string = "--whole-disk";

export const INSTALL = new Command(
  "install",
  "install RayOS onto a disk of this machine",
  "install --list-disks | --to <disk> [--whole-disk] | --update [<disk>] | --verify [<disk>] | --restore-table <disk>\n  --list-disks            lists the disks and what is on them\n  --to <disk>             installs, after a plan and two confirmations; other systems stay\n  --whole-disk            with --to: takes the whole disk and erases what is on it, after a warning\n  --update [<disk>]       puts the newer release of this stick beside the installed one; nothing else is touched\n  --verify [<disk>]       reads an installation back and compares all checksums\n  --restore-table <disk>  puts back the partition table that the disk had before RayOS",
  "--list-disks --to --whole-disk --update --verify --restore-table",
  runInstall,
);

class Scratch {
  readonly facts = new PartitionFacts();
}

const scratch = new Scratch();

function runInstall(session: Session): void {
  const words = session.arguments;
  if (words.count() === 0 || words.is(0, "--list-disks")) {
    if (words.count() <= 1) listDisks(session);
    else session.misuse("too many arguments");
  } else if (words.is(0, "--to") || words.is(0, WHOLE_DISK)) {
    installTo(session);
  } else if (words.is(0, "--update")) {
    update(session);
  } else if (words.is(0, "--verify")) {
    verify(session);
  } else if (words.is(0, "--restore-table")) {
    restoreTable(session);
  } else {
    session.misuse("unknown argument");
  }
}

function listDisks(session: Session): void {
  const out = session.out;
  const installer = session.installerUi.installer;
  const disks = session.disks;
  // The markers are lines of their own: they come before the listing, not within it.
  out.flush();
  installer.enumerateDisks();
  if (disks.count() === 0) out.text("No disks.\n");
  for (let i: u32 = 0; i < disks.count(); i++) {
    writeDiskHead(out, disks, i);
    const contents = installer.survey(i);
    writeDiskContents(out, disks.device(i), installer.target.partitions, contents, scratch.facts);
  }
  if (disks.count() > 0) out.text("To install: install --to <disk>\n");
}

/** `--to <disk>`, with `--whole-disk` before or behind it. */
function installTo(session: Session): void {
  const words = session.arguments;
  const wholeDisk = words.has(WHOLE_DISK);
  const first: u32 = words.is(0, WHOLE_DISK) ? 1 : 0;
  const expected: u32 = wholeDisk ? 3 : 2;
  if (!words.is(first, "--to") || words.count() !== expected) {
    session.misuse("--to wants the name of one disk");
    return;
  }
  const disk = diskAt(session, first + 1);
  if (disk === NO_DISK) return;
  if (session.installerUi.begin(session.out, disk, wholeDisk)) session.start(session.installerUi);
}

function update(session: Session): void {
  const words = session.arguments;
  if (words.count() > 2) {
    session.misuse("--update takes one disk at most");
    return;
  }
  const disk = words.count() === 2 ? diskAt(session, 1) : findInstalled(session);
  if (disk === NO_DISK) return;
  if (session.updateUi.begin(session.out, disk)) session.start(session.updateUi);
}

function verify(session: Session): void {
  const words = session.arguments;
  if (words.count() > 2) {
    session.misuse("--verify takes one disk at most");
    return;
  }
  const disk = words.count() === 2 ? diskAt(session, 1) : findInstalled(session);
  if (disk === NO_DISK) return;
  if (!session.verifyDialogue.check.isInstalled(disk)) {
    session.complain("there is no RayOS on this disk");
    return;
  }
  session.verifyDialogue.begin(session.out, disk);
  session.start(session.verifyDialogue);
}

function restoreTable(session: Session): void {
  if (session.arguments.count() !== 2) {
    session.misuse("--restore-table wants the name of one disk");
    return;
  }
  const disk = diskAt(session, 1);
  if (disk === NO_DISK) return;
  if (session.restoreDialogue.begin(session.out, disk)) session.start(session.restoreDialogue.agreed);
}

/** The disk that the word at `index` names, or `NO_DISK` after a complaint. */
function diskAt(session: Session, index: u32): u32 {
  const disk = session.disks.find(session.arguments.word(index));
  if (disk !== NO_DISK) return disk;
  session.out.foreign(session.arguments.word(index));
  session.out.text(": no such disk (install --list-disks lists them)\n");
  return NO_DISK;
}

/** The boot disk if it carries RayOS; else the only disk that does; else `NO_DISK` after a complaint. */
function findInstalled(session: Session): u32 {
  let found: u32 = NO_DISK;
  let count: u32 = 0;
  for (let i: u32 = 0; i < session.disks.count(); i++) {
    if (!session.verifyDialogue.check.isInstalled(i)) continue;
    if (session.disks.isBootDisk(i)) return i;
    found = i;
    count++;
  }
  if (count === 1) return found;
  session.complain(count === 0 ? "no disk carries RayOS" : "several disks carry RayOS: say which one");
  return NO_DISK;
}
