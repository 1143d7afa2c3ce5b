/** `bootmgr recovery`: what would be started if the current release failed, and the wish to start it next time. */
import { Command } from "./command.ts";
import { writeDateTime } from "./date-text.ts";
import { Session } from "./session.ts";

export const BOOTMGR_RECOVERY = new Command(
  "bootmgr recovery",
  "show what a failing boot falls back to",
  "bootmgr recovery [--once]\nShows what the boot manager starts by itself after three failed boots. Reads every object of it.\n  --once  the next boot, that one alone, is of the last known good release; what boots by default stays",
  "--once",
  runRecovery,
);

function runRecovery(session: Session): void {
  const words = session.arguments;
  const isWish = words.is(0, "--once");
  if (words.count() > 1 || (words.count() === 1 && !isWish)) {
    session.misuse("unknown argument");
    return;
  }
  if (isWish) {
    session.out.flush();
    const refused = session.recoveryBoot.requestOnce(session.clock.unixSeconds());
    if (refused !== "") {
      session.complain(refused);
      return;
    }
  }
  const problem = session.recoveryBoot.look();
  if (problem !== "") session.complain(problem);
  else report(session);
}

function report(session: Session): void {
  const out = session.out;
  const boot = session.recoveryBoot;
  out.bytes(session.disks.name(boot.recovery.disk()));
  out.text(": after three failed boots ");
  if (boot.manifestId === 0) {
    out.text("the menu waits: ");
    out.text(boot.explanation);
  } else {
    out.text(boot.isSnapshot ? "snapshot " : "release ");
    out.text(`${boot.manifestId} of `);
    writeDateTime(out, boot.createdSeconds);
    out.text(boot.fromRecovery ? " is started from the recovery partition" : " is started");
    out.text(boot.isRescue ? ", in recovery mode." : ".");
  }
  out.text("\n");
  if (boot.damagedCount > 0) {
    out.text(`    passed over because the checksum does not match: ${boot.damagedCount}\n`);
  }
  if (boot.onceManifestId > 0) {
    out.text(`    the next boot, that one alone: ${boot.onceManifestId}\n`);
  } else if (boot.onceIsRescue) {
    out.text("    the next boot, that one alone: the current release in recovery mode\n");
  }
}
