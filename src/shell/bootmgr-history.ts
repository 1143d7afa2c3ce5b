/** `bootmgr clear-history`: a state partition that cannot be used is made anew. */
import { Command } from "./command.ts";
import { Session } from "./session.ts";

export const BOOTMGR_CLEAR_HISTORY = new Command(
  "bootmgr clear-history",
  "make an unusable history of boots anew",
  "bootmgr clear-history\nMakes a state partition that holds something else, or records of a newer version, an empty history of boots, after two\nconfirmations. Boots cannot be counted before. A history that can be used is left alone.",
  "",
  runClearHistory,
);

function runClearHistory(session: Session): void {
  if (!session.expectsNothing()) return;
  const records = session.bootRecords;
  const count = records.survey();
  for (let i: u32 = 0; i < count; i++) {
    const problem = records.openHistory(i);
    if (!records.isHistoryClosed()) continue;
    session.historyDialogue.begin(session.out, i, problem);
    session.start(session.historyDialogue.agreed);
    return;
  }
  session.out.text("Every history of boots can be used. Nothing was written.\n");
}
