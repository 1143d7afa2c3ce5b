/** The recovery commands that change something: keep the current release, go back to another one. */
import { TextWriter } from "../base/text-writer.ts";
import { Command } from "./command.ts";
import { Session } from "./session.ts";

/** What a manifest has room for. */
const LABEL_LIMIT = 63;

export const RECOVERY_SNAPSHOT = new Command(
  "recovery snapshot",
  "keep the current release under a name",
  "recovery snapshot [<label>]\nKeeps the current release, with its configuration, as a snapshot that stays whatever comes.\nThe label is what the lists call it: up to 63 characters, spaces allowed.",
  "",
  runSnapshot,
);
export const RECOVERY_RESTORE = new Command(
  "recovery restore",
  "go back to a release or snapshot",
  "recovery restore <id>\nMakes a release or snapshot (recovery list shows the ids) the one that boots, after two confirmations.\nIts checksums are proved first; a damaged one is brought back from the recovery partition.",
  "",
  runRestore,
);
export const RECOVERY_LAST_KNOWN_GOOD = new Command(
  "recovery last-known-good",
  "go back to the last known good release",
  "recovery last-known-good\nMakes the newest release whose boot reached the shell, and whose checksums match, the one that boots, after two\nconfirmations.",
  "",
  runLastKnownGood,
);

class Scratch {
  readonly label = new Uint8Array(LABEL_LIMIT);
}

const scratch = new Scratch();

function runSnapshot(session: Session): void {
  const words = session.arguments;
  if (words.isOption(0)) {
    session.misuse("unknown option");
    return;
  }
  const label = new TextWriter(bytesOf(scratch.label));
  for (let i: u32 = 0; i < words.count(); i++) {
    if (i > 0) label.text(" ");
    label.bytes(words.word(i));
  }
  if (label.truncated()) {
    session.misuse("the label is longer than 63 characters");
    return;
  }
  const recovery = session.recoveryDialogue.recovery;
  const unopened = recovery.open();
  const problem =
    unopened !== "" ? unopened : recovery.createSnapshot(label.written(), session.clock.unixSeconds());
  if (problem !== "") session.complain(problem);
  else session.out.text(`Snapshot ${recovery.snapshotId} is kept.\n`);
}

function runRestore(session: Session): void {
  const id = session.arguments.number(0);
  if (session.arguments.count() !== 1 || id < 1) {
    session.misuse("wants the id of a release or snapshot");
    return;
  }
  const recovery = session.recoveryDialogue.recovery;
  const problem = recovery.open();
  proceed(session, problem !== "" ? problem : recovery.aim(u32(id)));
}

function runLastKnownGood(session: Session): void {
  if (!session.expectsNothing()) return;
  const recovery = session.recoveryDialogue.recovery;
  const problem = recovery.open();
  proceed(session, problem !== "" ? problem : recovery.aimAtLastKnownGood());
}

/** Complains, or goes on to the confirmations for what the service was aimed at. */
function proceed(session: Session, problem: string): void {
  const target = session.recoveryDialogue.recovery.target;
  if (problem !== "") {
    session.complain(problem);
  } else if (target.isCurrent && !target.fromRecovery) {
    session.out.text(`${target.manifestId} is the current one already, and whole. Nothing was written.\n`);
  } else {
    session.recoveryDialogue.begin(session.out);
    session.start(session.recoveryDialogue.agreed);
  }
}
