/** The bootmgr commands that change something: `bootmgr set-default` and `bootmgr set-timeout`. */
import { Command } from "./command.ts";
import { Session } from "./session.ts";

/** The boot manager takes no longer time-out. */
const TIMEOUT_LIMIT_SECONDS = 600;

export const BOOTMGR_SET_DEFAULT = new Command(
  "bootmgr set-default",
  "choose the release that is booted",
  "bootmgr set-default <id>\nMakes a release or snapshot (bootmgr list shows the ids) the one that is booted by default.",
  "",
  runSetDefault,
);
export const BOOTMGR_SET_TIMEOUT = new Command(
  "bootmgr set-timeout",
  "set how long the boot menu stands",
  "bootmgr set-timeout <sec>\nSets how long the boot menu waits for a key, 0 to 600 seconds.",
  "",
  runSetTimeout,
);

function runSetDefault(session: Session): void {
  const id = session.arguments.number(0);
  if (session.arguments.count() !== 1 || id < 1) {
    session.misuse("wants the id of a release or snapshot");
    return;
  }
  if (!openOwn(session)) return;
  const records = session.bootRecords;
  if (records.isBelowFloor(u32(id))) {
    session.complain("this release is older than the oldest that is booted by default");
    return;
  }
  const problem = records.setDefault(u32(id), session.clock.unixSeconds());
  if (utf8(problem).length > 0) session.complain(problem);
  else session.out.text(`Release ${id} is booted by default.\n`);
}

function runSetTimeout(session: Session): void {
  const seconds = session.arguments.number(0);
  if (session.arguments.count() !== 1 || seconds < 0 || seconds > TIMEOUT_LIMIT_SECONDS) {
    session.misuse("wants a number of seconds from 0 to 600");
    return;
  }
  if (!openOwn(session)) return;
  const problem = session.bootRecords.setMenuSeconds(u32(seconds), session.clock.unixSeconds());
  if (utf8(problem).length > 0) session.complain(problem);
  else session.out.text(`The boot menu waits ${seconds} s.\n`);
}

/** Opens the store of the installation that runs, or of the only one; false after a complaint. */
function openOwn(session: Session): boolean {
  const records = session.bootRecords;
  const count = records.survey();
  for (let i: u32 = 0; i < count; i++) {
    const problem = records.openStore(i, false);
    if (utf8(problem).length > 0) {
      if (count === 1) session.complain(problem);
    } else if (count === 1 || records.isRunning()) {
      return true;
    }
  }
  if (count === 0) session.complain("no disk carries RayOS");
  else if (count > 1) session.complain("several disks carry RayOS, and none of them is the one that runs");
  return false;
}
