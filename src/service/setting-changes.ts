/** SettingChanges: lines for a configuration, put together by the shell's commands and merged by `BootSettings`. */
import { TextWriter } from "../base/text-writer.ts";
import { LogLevel } from "../format/log-entry.ts";
import {
  writeArmedLine,
  writeLogLine,
  writeMenuLine,
  writeStageLine,
  writeTimeoutLine,
} from "../policy/settings.ts";
import { stageFrom, stageName, WatchdogPolicy } from "../policy/watchdog-policy.ts";

/** All keys that RayOS knows have room. */
const LINES_BYTES = 512;

export class SettingChanges {
  private readonly bytes = new Uint8Array(LINES_BYTES);
  private length: u32 = 0;

  /** The lines of the setting that was put last. */
  lines(): Bytes {
    return bytesOf(this.bytes).slice(0, this.length);
  }

  putMenuSeconds(seconds: u32): void {
    const out = new TextWriter(bytesOf(this.bytes));
    writeMenuLine(out, seconds);
    this.keep(out);
  }

  putLogLevel(level: LogLevel): void {
    const out = new TextWriter(bytesOf(this.bytes));
    writeLogLine(out, level);
    this.keep(out);
  }

  /** Armed, with this time-out. */
  putArmed(timeoutSeconds: u32): void {
    const out = new TextWriter(bytesOf(this.bytes));
    writeArmedLine(out, true);
    writeTimeoutLine(out, timeoutSeconds);
    this.keep(out);
  }

  putDisarmed(): void {
    const out = new TextWriter(bytesOf(this.bytes));
    writeArmedLine(out, false);
    this.keep(out);
  }

  /** What one stage of the watchdog does. */
  putStage(policy: WatchdogPolicy, index: u32): void {
    const out = new TextWriter(bytesOf(this.bytes));
    writeStageLine(out, policy.stages[index], stageName(stageFrom(index)));
    this.keep(out);
  }

  private keep(out: TextWriter): void {
    assert(!out.truncated(), "all keys have room");
    this.length = out.written().length;
  }
}
