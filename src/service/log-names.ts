/** The log's levels by the names that people type, for the shell. */
import { LogLevel, logLevelName } from "../format/log-entry.ts";
import { LOG_LINE_BYTES } from "../format/log-text.ts";

/** Room for the line of any entry. */
export const LOG_LINE_LIMIT = LOG_LINE_BYTES;

const LEVELS: readonly LogLevel[] = [
  LogLevel.fatal,
  LogLevel.error,
  LogLevel.warn,
  LogLevel.info,
  LogLevel.debug,
  LogLevel.trace,
];

const CASE_BIT = 0x20;

/** Whether a level has this name, in capitals or not. */
export function isLogLevel(name: Bytes): boolean {
  for (const level of LEVELS) {
    if (isSameWord(name, logLevelName(level))) return true;
  }
  return false;
}

/** The level of this name, which `isLogLevel` accepted. */
export function logLevelByName(name: Bytes): LogLevel {
  for (const level of LEVELS) {
    if (isSameWord(name, logLevelName(level))) return level;
  }
  return LogLevel.info;
}

export function logLevelText(level: LogLevel): string {
  return logLevelName(level);
}

function isSameWord(typed: Bytes, name: string): boolean {
  const wanted = utf8(name);
  if (typed.length !== wanted.length) return false;
  for (let i: u32 = 0; i < wanted.length; i++) {
    if ((typed.u8(i) & ~CASE_BIT) !== wanted.u8(i)) return false;
  }
  return true;
}
