/** The bootmgr commands that change something: `bootmgr set-default` and `bootmgr set-timeout`. */
import { SettingChanges } from "../service/setting-changes.ts";
import { Command } from "./command.ts";
import { Session } from "./session.ts";
import { openOwn } from "./setting-keeping.ts";

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

class Scratch {
  readonly changes = new SettingChanges();
}

const scratch = new Scratch();

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
  scratch.changes.putMenuSeconds(u32(seconds));
  const problem = session.bootRecords.changeSettings(scratch.changes, session.clock.unixSeconds());
  if (utf8(problem).length > 0) session.complain(problem);
  else session.out.text(`The boot menu waits ${seconds} s.\n`);
}
