/**
 * The table of all commands, how a line finds its row, and `help`, which lists the rows.
 *
 * A row may have several words; the row with the most words that begin the line wins, so that `bootmgr list` is not `bootmgr` with an
 * argument. Called by the shell and by completion.
 */
import { Arguments } from "./arguments.ts";
import { BOOTMGR, BOOTMGR_LIST, BOOTMGR_STATUS } from "./bootmgr-commands.ts";
import { BOOTMGR_CLEAR_HISTORY } from "./bootmgr-history.ts";
import { BOOTMGR_RECOVERY } from "./bootmgr-recovery.ts";
import { BOOTMGR_SET_DEFAULT, BOOTMGR_SET_TIMEOUT } from "./bootmgr-settings.ts";
import { Command } from "./command.ts";
import { LOG_CRASH, LOG_CRASHES } from "./crash-commands.ts";
import { INSTALL } from "./install-commands.ts";
import {
  LOG_BENCH,
  LOG_CLEAR,
  LOG_DEVICE,
  LOG_EXPORT,
  LOG_LEVEL,
  LOG_SHOW,
  LOG_VALIDATE,
} from "./log-commands.ts";
import { RECOVERY_LAST_KNOWN_GOOD, RECOVERY_RESTORE, RECOVERY_SNAPSHOT } from "./recovery-actions.ts";
import { RECOVERY_LIST, RECOVERY_STATUS } from "./recovery-commands.ts";
import { Session } from "./session.ts";
import { Suggestion } from "./suggestion.ts";
import { DATE, DISKS, HANG, MEM, PANIC, PCI, POWEROFF, REBOOT, VERSION } from "./system-commands.ts";
import {
  WATCHDOG_ARM,
  WATCHDOG_DISARM,
  WATCHDOG_KICK,
  WATCHDOG_POLICY,
  WATCHDOG_STATUS,
} from "./watchdog-commands.ts";

export const HELP = new Command(
  "help",
  "list the commands",
  "help [<command>]\nLists all commands, or shows how one is used, as <command> --help does.",
  "",
  runHelp,
);

/** In the order of `help`. */
export const COMMANDS: readonly Command[] = [
  HELP,
  VERSION,
  DISKS,
  PCI,
  MEM,
  DATE,
  REBOOT,
  POWEROFF,
  INSTALL,
  BOOTMGR,
  BOOTMGR_LIST,
  BOOTMGR_STATUS,
  BOOTMGR_SET_DEFAULT,
  BOOTMGR_SET_TIMEOUT,
  BOOTMGR_RECOVERY,
  BOOTMGR_CLEAR_HISTORY,
  RECOVERY_STATUS,
  RECOVERY_LIST,
  RECOVERY_SNAPSHOT,
  RECOVERY_RESTORE,
  RECOVERY_LAST_KNOWN_GOOD,
  LOG_SHOW,
  LOG_EXPORT,
  LOG_VALIDATE,
  LOG_LEVEL,
  LOG_DEVICE,
  LOG_CLEAR,
  LOG_CRASHES,
  LOG_CRASH,
  WATCHDOG_STATUS,
  WATCHDOG_ARM,
  WATCHDOG_DISARM,
  WATCHDOG_KICK,
  WATCHDOG_POLICY,
  LOG_BENCH,
  PANIC,
  HANG,
];

const SUMMARY_COLUMN = 28;
const SPACE = 0x20;

const suggestion = new Suggestion();

/** The row that the words mean, or none. */
export function findCommand(words: Arguments): Command | null {
  let best: Command | null = null;
  let bestWords: u32 = 0;
  for (const command of COMMANDS) {
    const count = wordCount(command.name);
    if (count > bestWords && beginsWith(words, command.name)) {
      best = command;
      bestWords = count;
    }
  }
  return best;
}

/** Says that there is no such command, and which there is. */
export function refuseUnknown(session: Session): void {
  const out = session.out;
  const words = session.arguments;
  if (groupExists(words.word(0))) {
    if (!words.is(1, "--help")) {
      out.foreign(words.word(0));
      out.text(words.count() === 1 ? ": which one?\n" : ": no such subcommand\n");
    }
    listGroup(session, words.word(0));
    return;
  }
  out.foreign(words.word(0));
  out.text(": unknown command");
  suggestion.begin(words.word(0));
  for (const command of COMMANDS) suggestion.offer(command.name);
  if (utf8(suggestion.found()).length > 0) {
    out.text("; did you mean ");
    out.text(suggestion.found());
    out.text("?");
  }
  out.text(" (help lists all)\n");
}

/** Shows how a command is used; for the name of a group, how each of its commands is. */
export function writeUsage(session: Session, command: Command): void {
  session.out.text("Usage: ");
  session.out.text(command.usage);
  session.out.text("\n");
}

/** How many words a row's name has. */
export function wordCount(name: string): u32 {
  const bytes = utf8(name);
  let count: u32 = 1;
  for (let i: u32 = 0; i < bytes.length; i++) {
    if (bytes.u8(i) === SPACE) count++;
  }
  return count;
}

function runHelp(session: Session): void {
  if (session.arguments.count() === 0) {
    for (const command of COMMANDS) writeSummary(session, command);
    session.out.text("Every command answers --help.\n");
    return;
  }
  const command = findCommand(session.arguments);
  if (command === null) refuseUnknown(session);
  else writeUsage(session, command);
}

function writeSummary(session: Session, command: Command): void {
  session.out.text("  ");
  session.out.text(command.name);
  session.out.tab(SUMMARY_COLUMN);
  session.out.text(command.summary);
  session.out.text("\n");
}

/** Lists the rows whose first word is `group`. */
function listGroup(session: Session, group: Bytes): void {
  for (const command of COMMANDS) {
    if (firstWord(command.name).equals(group)) writeSummary(session, command);
  }
}

function groupExists(word: Bytes): boolean {
  for (const command of COMMANDS) {
    if (firstWord(command.name).equals(word)) return true;
  }
  return false;
}

function firstWord(name: string): Bytes {
  const bytes = utf8(name);
  let end: u32 = 0;
  while (end < bytes.length && bytes.u8(end) !== SPACE) end++;
  return bytes.slice(0, end);
}

/** Whether the words of the line begin with those of `name`. */
function beginsWith(words: Arguments, name: string): boolean {
  const bytes = utf8(name);
  let at: u32 = 0;
  let index: u32 = 0;
  while (at < bytes.length) {
    let end: u32 = at;
    while (end < bytes.length && bytes.u8(end) !== SPACE) end++;
    if (index >= words.count() || !words.word(index).equals(bytes.slice(at, end - at))) return false;
    index++;
    at = end + 1;
  }
  return true;
}
