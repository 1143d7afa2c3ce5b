/** The log group: what happened, in this boot and in those before it. */
import { TextWriter } from "../base/text-writer.ts";
import { isLogLevel, LOG_LINE_LIMIT, logLevelByName, logLevelText } from "../service/log-names.ts";
import { NO_DISK } from "../service/disk-registry.ts";
import { SettingChanges } from "../service/setting-changes.ts";
import { Command } from "./command.ts";
import { Session } from "./session.ts";
import { keepForNextBoots } from "./setting-keeping.ts";

const SHOWN_DEFAULT = 20;
const SHOWN_LIMIT = 1000;
const BENCH_DEFAULT = 1000;
const BENCH_LIMIT = 100000;

export const LOG_SHOW = new Command(
  "log show",
  "show the newest log entries",
  "log show [<n>]\nShows the newest 20 entries of the log, or as many as asked for, up to 1000.",
  "",
  runShow,
);
export const LOG_EXPORT = new Command(
  "log export",
  "write the whole log as text",
  "log export\nWrites every entry as a line: <time> <level> <component> <event> key=value ...",
  "",
  runExport,
);
export const LOG_VALIDATE = new Command(
  "log validate",
  "check every entry of the log",
  "log validate\nReads the whole log and checks every entry and every file's header. Writes nothing to the disk.",
  "",
  runValidate,
);
export const LOG_LEVEL = new Command(
  "log level",
  "show or set which entries are kept",
  "log level [TRACE|DEBUG|INFO|WARN|ERROR|FATAL]\nKeeps entries of this level and graver ones, from now on and in later boots.",
  "",
  runLevel,
);
export const LOG_CLEAR = new Command(
  "log clear",
  "forget all log entries",
  "log clear\nForgets all entries, after two confirmations. Crash artifacts stay.",
  "",
  runClear,
);

export const LOG_DEVICE = new Command(
  "log device",
  "show or set the disk of the log",
  "log device [<disk>]\nShows which disk the log is on, or takes it to another that has a log partition, until the next boot.",
  "",
  runDevice,
);

export const LOG_BENCH = new Command(
  "log bench",
  "for tests: measure how fast entries become durable",
  "log bench [--groups] [<n>]\nWrites 1000 entries, or as many as asked for, up to 100000, one by one or in groups of 32, and says\nhow many a second the disk takes. The entries stay in the log.",
  "--groups",
  runBench,
);

class Scratch {
  readonly line = new Uint8Array(LOG_LINE_LIMIT);
  readonly changes = new SettingChanges();
}

const scratch = new Scratch();

function runShow(session: Session): void {
  const asked = session.arguments.number(0);
  const isDefault = session.arguments.count() === 0;
  if (!isDefault && (session.arguments.count() > 1 || asked < 1 || asked > SHOWN_LIMIT)) {
    session.misuse("wants a number of entries from 1 to 1000");
    return;
  }
  const found = session.log.getLastN(isDefault ? SHOWN_DEFAULT : u32(asked));
  if (!found.ok) {
    session.complain("the log cannot be read");
    return;
  }
  const out = new TextWriter(bytesOf(scratch.line));
  while (true) {
    out.clear();
    const line = session.log.nextLine(out);
    if (!line.ok) session.complain("the log cannot be read further");
    if (!line.ok || !line.value) break;
    session.out.foreign(out.written());
    session.out.text("\n");
  }
  if (!session.log.isDurable())
    session.out.text("These entries are in memory only: there is no log partition in use.\n");
}

function runExport(session: Session): void {
  if (!session.expectsNothing()) return;
  session.logReading.beginExport();
  session.start(session.logReading);
}

function runValidate(session: Session): void {
  if (!session.expectsNothing()) return;
  if (!session.log.isDurable()) {
    session.complain("there is no log partition in use");
    return;
  }
  session.logReading.beginValidation();
  session.start(session.logReading);
}

function runLevel(session: Session): void {
  const out = session.out;
  if (session.arguments.count() === 0) {
    out.text("The log keeps entries from ");
    out.text(logLevelText(session.log.level()));
    out.text(" on.\n");
    return;
  }
  if (session.arguments.count() !== 1 || !isLogLevel(session.arguments.word(0))) {
    session.misuse("wants a level");
    return;
  }
  const level = logLevelByName(session.arguments.word(0));
  session.log.setLevel(level);
  out.text("The log keeps entries from ");
  out.text(logLevelText(level));
  out.text(" on.\n");
  scratch.changes.putLogLevel(level);
  keepForNextBoots(session, scratch.changes);
}

function runDevice(session: Session): void {
  if (session.arguments.count() > 1) {
    session.misuse("wants the name of one disk");
    return;
  }
  if (session.arguments.count() === 1 && !moveLog(session)) return;
  const disk = session.logPartition.disk();
  if (disk === NO_DISK) {
    session.out.text("The log is in memory only.\n");
    return;
  }
  session.out.text("The log is on ");
  session.out.bytes(session.disks.name(disk));
  session.out.text(`, ${session.log.usedPercent()} % used, in ${session.log.fileCount()} files.\n`);
}

/** Takes the log to the disk that is named; false after a complaint. */
function moveLog(session: Session): boolean {
  const disk = session.disks.find(session.arguments.word(0));
  const problem = disk === NO_DISK ? "there is no such disk" : session.logPartition.open(disk);
  if (utf8(problem).length === 0) return true;
  session.complain(problem);
  return false;
}

function runClear(session: Session): void {
  if (!session.expectsNothing()) return;
  session.logClearing.begin(session.out);
  session.start(session.logClearing.agreed);
}

function runBench(session: Session): void {
  const isGrouped = session.arguments.is(0, "--groups");
  if (isGrouped) session.arguments.skip(1);
  const asked = session.arguments.number(0);
  const isDefault = session.arguments.count() === 0;
  if (!isDefault && (session.arguments.count() > 1 || asked < 1 || asked > BENCH_LIMIT)) {
    session.misuse("wants a number of entries from 1 to 100000");
    return;
  }
  if (!session.log.isDurable()) {
    session.complain("there is no log partition in use");
    return;
  }
  session.logBench.begin(isDefault ? BENCH_DEFAULT : u32(asked), isGrouped);
  session.start(session.logBench);
}
