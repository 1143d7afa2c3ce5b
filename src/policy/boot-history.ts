/**
 * Boot history: what the state record's history says about success and failure. Facts → numbers, no I/O.
 *
 * A boot that never became golden counts as failed, whatever ended it, and so does one that became golden and crashed: or a
 * machine that always crashes in its first minute would never fall back. A rescue boot counts neither way. The boot manager asks before
 * it adds its own attempt (`fromAge` 0), the kernel while its boot is the newest (`fromAge` 1).
 */
import { BootReason } from "../format/boot-reason.ts";
import {
  BOOT,
  bootAt,
  BootEnding,
  bootEndingFrom,
  bootReason,
  BootStage,
  bootStage,
  STATE,
  wasRescue,
} from "../format/state-record.ts";
import { isTryOf } from "./tries.ts";

/** Failed boots in a row, from the boot `fromAge` boots ago back to the last good one. */
export function consecutiveFailures(record: Bytes, fromAge: u32): u32 {
  const count = STATE.historyCount.get(record);
  let failures: u32 = 0;
  for (let age: u32 = fromAge; age < count; age++) {
    const boot = bootAt(record, age);
    if (wasRescue(boot)) continue;
    if (!hasFailed(boot)) return failures;
    failures++;
  }
  return failures;
}

/** How often what a manifest of this series boots failed, for whatever reason it was started, since the last good boot. */
export function failuresOf(record: Bytes, fromAge: u32, manifestId: u32, series: u8): u32 {
  const count = STATE.historyCount.get(record);
  let failures: u32 = 0;
  for (let age: u32 = fromAge; age < count; age++) {
    const boot = bootAt(record, age);
    if (wasRescue(boot)) continue;
    if (!hasFailed(boot)) return failures;
    if (isTryOf(boot, manifestId, series)) failures++;
  }
  return failures;
}

/** How often recovery mode was entered by itself since the last good boot. */
export function rescueTries(record: Bytes, fromAge: u32): u32 {
  const count = STATE.historyCount.get(record);
  let tries: u32 = 0;
  for (let age: u32 = fromAge; age < count; age++) {
    const boot = bootAt(record, age);
    if (!wasRescue(boot)) {
      if (!hasFailed(boot)) return tries;
    } else if (wasFallback(boot)) tries++;
  }
  return tries;
}

/** How often a manifest was started as a fallback since the last good boot. */
export function fallbackTries(record: Bytes, fromAge: u32, manifestId: u32): u32 {
  const count = STATE.historyCount.get(record);
  let tries: u32 = 0;
  for (let age: u32 = fromAge; age < count; age++) {
    const boot = bootAt(record, age);
    if (wasRescue(boot)) continue;
    if (!hasFailed(boot)) return tries;
    if (BOOT.manifestId.get(boot) === manifestId && wasFallback(boot)) tries++;
  }
  return tries;
}

/** Whether a boot, over by now, failed. */
export function hasFailed(boot: Bytes): boolean {
  if (bootStage(boot) !== BootStage.golden) return true;
  switch (bootEndingFrom(BOOT.ending.get(boot))) {
    case BootEnding.none:
    case BootEnding.reboot:
    case BootEnding.powerOff:
    case BootEnding.reset:
    case BootEnding.powerLost:
      return false;
    case BootEnding.panic:
    case BootEnding.watchdogSoft:
    case BootEnding.watchdogHard:
    case BootEnding.watchdogChipset:
    case BootEnding.loadFailed:
      return true;
  }
}

/** Whether the boot was chosen because others had failed. */
export function wasFallback(boot: Bytes): boolean {
  switch (bootReason(boot)) {
    case BootReason.failures:
    case BootReason.corrupt:
    case BootReason.belowFloor:
    case BootReason.missing:
      return true;
    case BootReason.default:
    case BootReason.menu:
    case BootReason.once:
    case BootReason.recovery:
      return false;
  }
}
