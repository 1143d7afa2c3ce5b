/** Where settings are kept: in the store of the installation that runs, so that they hold from the next boot on and come back with a restore. */
import { SettingChanges } from "../service/setting-changes.ts";
import { Session } from "./session.ts";

/** Opens the store of the installation that runs, or of the only one; false after a complaint. */
export function openOwn(session: Session): boolean {
  const records = session.bootRecords;
  const count = records.survey();
  for (let i: u32 = 0; i < count; i++) {
    const problem = records.openStore(i, false);
    if (problem !== "") {
      if (count === 1) session.complain(problem);
    } else if (count === 1 || records.isRunning()) {
      return true;
    }
  }
  if (count === 0) session.complain("no disk carries RayOS");
  else if (count > 1) session.complain("several disks carry RayOS, and none of them is the one that runs");
  return false;
}

/** Keeps what holds for this boot already; says whether it holds for the next ones too. A boot from a stick changes no disk. */
export function keepForNextBoots(session: Session, changes: SettingChanges): void {
  const out = session.out;
  const records = session.bootRecords;
  const count = records.survey();
  for (let i: u32 = 0; i < count; i++) {
    const opened = records.openStore(i, false);
    if (opened !== "" || !records.isRunning()) continue;
    const problem = records.changeSettings(changes, session.clock.unixSeconds());
    if (problem === "") {
      out.text("This is kept in the configuration.\n");
    } else {
      out.text("This holds until the next boot, and is not kept: ");
      out.text(problem);
      out.text("\n");
    }
    return;
  }
  out.text("This holds until the next boot: the installation that runs is on no disk that can be written.\n");
}
