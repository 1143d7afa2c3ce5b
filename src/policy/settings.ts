/**
 * Settings: what the text of a configuration means: facts → values, no I/O.
 *
 * Invariants: every value is one that its part of the system accepts; whatever is missing, or not understood, is the default, and
 * `complaint` names the first key of the second kind. Read by the kernel at every boot, and by the boot manager as far as it is
 * concerned.
 */
import {
  DEFAULT_MENU_SECONDS,
  KEY_LOG_LEVEL,
  KEY_MENU_SECONDS,
  KEY_WATCHDOG_ARMED,
  KEY_WATCHDOG_PREFIX,
  KEY_WATCHDOG_SECONDS,
  MAXIMUM_MENU_SECONDS,
  setting,
  settingBehind,
  settingNumber,
} from "../format/configuration.ts";
import { TextWriter } from "../base/text-writer.ts";
import { LogLevel, logLevelName } from "../format/log-entry.ts";
import {
  actionName,
  DEFAULT_TIMEOUT_SECONDS,
  isPolicySound,
  isTimeoutAllowed,
  LONGEST_TIMEOUT_SECONDS,
  STAGE_COUNT,
  stageFrom,
  stageName,
  StagePolicy,
  WatchdogAction,
  WatchdogPolicy,
} from "./watchdog-policy.ts";

const KEY_BYTES = 32;
const NOT_A_NUMBER = 0xffffffff;
const YES: string = "yes";
const NO: string = "no";
const RECOVERY_SUFFIX: string = "+recovery";

const LEVELS: readonly LogLevel[] = [
  LogLevel.fatal,
  LogLevel.error,
  LogLevel.warn,
  LogLevel.info,
  LogLevel.debug,
  LogLevel.trace,
];
const ACTIONS: readonly WatchdogAction[] = [
  WatchdogAction.none,
  WatchdogAction.report,
  WatchdogAction.reboot,
];

export class Settings {
  menuSeconds: u32 = DEFAULT_MENU_SECONDS;
  logLevel: LogLevel = LogLevel.info;
  isWatchdogArmed: boolean = true;
  readonly watchdog = new WatchdogPolicy();
  /** The key whose value is not understood; empty where all are. */
  complaint: string = "";
  private readonly defaults = new WatchdogPolicy();
  private readonly key = new Uint8Array(KEY_BYTES);

  /** Every value is the default. */
  reset(): void {
    this.menuSeconds = DEFAULT_MENU_SECONDS;
    this.logLevel = LogLevel.info;
    this.isWatchdogArmed = true;
    this.watchdog.copyFrom(this.defaults);
    this.complaint = "";
  }

  /** Takes what the text of a configuration says. */
  read(text: Bytes): void {
    this.reset();
    this.readMenu(text);
    this.readLog(text);
    this.readWatchdog(text);
  }

  private readMenu(text: Bytes): void {
    const seconds = settingNumber(text, KEY_MENU_SECONDS, NOT_A_NUMBER, MAXIMUM_MENU_SECONDS);
    if (seconds !== NOT_A_NUMBER) this.menuSeconds = seconds;
    else this.complainOf(text, KEY_MENU_SECONDS);
  }

  private readLog(text: Bytes): void {
    const name = setting(text, KEY_LOG_LEVEL);
    for (const level of LEVELS) {
      if (!name.equals(utf8(logLevelName(level)))) continue;
      this.logLevel = level;
      return;
    }
    this.complainOf(text, KEY_LOG_LEVEL);
  }

  private readWatchdog(text: Bytes): void {
    const armed = setting(text, KEY_WATCHDOG_ARMED);
    if (armed.equals(utf8(NO))) this.isWatchdogArmed = false;
    else if (!armed.equals(utf8(YES))) this.complainOf(text, KEY_WATCHDOG_ARMED);
    const seconds = settingNumber(text, KEY_WATCHDOG_SECONDS, NOT_A_NUMBER, LONGEST_TIMEOUT_SECONDS);
    if (seconds !== NOT_A_NUMBER && isTimeoutAllowed(seconds)) this.watchdog.timeoutSeconds = seconds;
    else this.complainOf(text, KEY_WATCHDOG_SECONDS);
    for (let i: u32 = 0; i < STAGE_COUNT; i++) this.readStage(text, i);
  }

  private readStage(text: Bytes, index: u32): void {
    const name = stageName(stageFrom(index));
    const stage = this.watchdog.stages[index];
    const key = new TextWriter(bytesOf(this.key));
    writeStageKey(key, name);
    const value = settingBehind(text, key.written());
    if (value.length === 0) return;
    const isTaken = takeStage(value, stage);
    if (isTaken && isPolicySound(this.watchdog)) return;
    stage.action = this.defaults.stages[index].action;
    stage.recoveryFollows = this.defaults.stages[index].recoveryFollows;
    this.complain(name);
  }

  /** Complains of a key only where there is a value. */
  private complainOf(text: Bytes, key: string): void {
    if (setting(text, key).length > 0) this.complain(key);
  }

  private complain(key: string): void {
    if (this.complaint === "") this.complaint = key;
  }
}

export function writeArmedLine(out: TextWriter, isArmed: boolean): void {
  out.text(`${KEY_WATCHDOG_ARMED} = ${isArmed ? YES : NO}\n`);
}

export function writeTimeoutLine(out: TextWriter, seconds: u32): void {
  out.text(`${KEY_WATCHDOG_SECONDS} = ${seconds}\n`);
}

export function writeStageLine(out: TextWriter, stage: StagePolicy, name: string): void {
  writeStageKey(out, name);
  out.text(` = ${actionName(stage.action)}`);
  if (stage.recoveryFollows) out.text(RECOVERY_SUFFIX);
  out.text("\n");
}

export function writeLogLine(out: TextWriter, level: LogLevel): void {
  out.text(`${KEY_LOG_LEVEL} = ${logLevelName(level)}\n`);
}

export function writeMenuLine(out: TextWriter, seconds: u32): void {
  out.text(`${KEY_MENU_SECONDS} = ${seconds}\n`);
}

function writeStageKey(out: TextWriter, stage: string): void {
  out.text(KEY_WATCHDOG_PREFIX);
  out.text(stage);
}

/** `reboot`, `report` or `none`, perhaps with `+recovery`; false where it is something else. */
function takeStage(value: Bytes, stage: StagePolicy): boolean {
  const suffix = utf8(RECOVERY_SUFFIX);
  const base: u32 = value.length > suffix.length ? value.length - suffix.length : 0;
  const follows = base > 0 && value.slice(base, suffix.length).equals(suffix);
  const name = follows ? value.slice(0, base) : value;
  for (const action of ACTIONS) {
    if (!name.equals(utf8(actionName(action)))) continue;
    stage.action = action;
    stage.recoveryFollows = follows;
    return true;
  }
  return false;
}
