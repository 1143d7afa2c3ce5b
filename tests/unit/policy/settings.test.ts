import { TextWriter } from "../../../src/base/text-writer.ts";
import { LogLevel } from "../../../src/format/log-entry.ts";
import {
  Settings,
  writeArmedLine,
  writeLogLine,
  writeMenuLine,
  writeStageLine,
} from "../../../src/policy/settings.ts";
import { writeTimeoutLine } from "../../../src/policy/settings.ts";
import { WatchdogAction, WatchdogPolicy, WatchdogStage } from "../../../src/policy/watchdog-policy.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly settings = new Settings();
  readonly policy = new WatchdogPolicy();
  readonly text = new Uint8Array(512);
}

const scratch = new Scratch();
const settings = scratch.settings;

function read(text: string): void {
  settings.read(utf8(text));
}

function complainsOf(text: string, key: string): void {
  read(text);
  isTrue(settings.complaint === key);
  isTrue(settings.isWatchdogArmed && settings.logLevel === LogLevel.info);
  equal(settings.menuSeconds, 3);
  equal(settings.watchdog.timeoutSeconds, 30);
  isTrue(settings.watchdog.stages[0].action === WatchdogAction.reboot);
}

export function main(): void {
  test("without a word the defaults hold, and nothing is complained of");
  complainsOf("", "");
  complainsOf("something.newer = 7\n# a remark\n", "");

  test("every key has its value");
  read(
    "boot.menu-seconds = 0\nlog.level = DEBUG\nwatchdog.armed = no\nwatchdog.timeout-seconds = 60\nwatchdog.soft = report\nwatchdog.hard = reboot+recovery\nwatchdog.chipset = none\n",
  );
  isTrue(settings.complaint === "");
  equal(settings.menuSeconds, 0);
  isTrue(settings.logLevel === LogLevel.debug);
  isTrue(!settings.isWatchdogArmed);
  equal(settings.watchdog.timeoutSeconds, 60);
  isTrue(settings.watchdog.stages[WatchdogStage.soft].action === WatchdogAction.report);
  isTrue(settings.watchdog.stages[WatchdogStage.hard].recoveryFollows);
  isTrue(settings.watchdog.stages[WatchdogStage.chipset].action === WatchdogAction.none);

  test("a value that is not understood, or that its part would refuse, is the default, and its key is named");
  complainsOf("boot.menu-seconds = 601\n", "boot.menu-seconds");
  complainsOf("log.level = LOUD\n", "log.level");
  complainsOf("watchdog.armed = perhaps\n", "watchdog.armed");
  complainsOf("watchdog.timeout-seconds = 1\n", "watchdog.timeout-seconds");
  complainsOf("watchdog.timeout-seconds = 1201\n", "watchdog.timeout-seconds");
  complainsOf("watchdog.soft = bark\n", "soft");
  complainsOf("watchdog.chipset = report\n", "chipset");
  complainsOf("watchdog.chipset = reboot+recovery\n", "chipset");
  complainsOf("watchdog.hard = +recovery\n", "hard");

  test("what is written is read back");
  const out = new TextWriter(bytesOf(scratch.text));
  scratch.policy.stages[1].action = WatchdogAction.report;
  scratch.policy.stages[1].recoveryFollows = true;
  writeMenuLine(out, 9);
  writeLogLine(out, LogLevel.trace);
  writeArmedLine(out, false);
  writeTimeoutLine(out, 77);
  writeStageLine(out, scratch.policy.stages[1], "hard");
  settings.read(out.written());
  isTrue(settings.complaint === "");
  equal(settings.menuSeconds, 9);
  isTrue(settings.logLevel === LogLevel.trace && !settings.isWatchdogArmed);
  equal(settings.watchdog.timeoutSeconds, 77);
  isTrue(
    settings.watchdog.stages[1].action === WatchdogAction.report &&
      settings.watchdog.stages[1].recoveryFollows,
  );
}
