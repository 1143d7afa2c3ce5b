/**
 * The watchdog's ears: the timer's tick and the non-maskable interrupt, and what follows when it falls silent.
 *
 * Owns who is to be told, and what was said while the main loop was silent. Both ears run in interrupts: they count, and return, or the
 * kernel is over. What they interrupted may be in the middle of a command to the disk, so whatever they say goes to no log: the main
 * loop's watchdog task brings it there when the loop is back (`takeReport`).
 */
import { MARKER_BYTES, watchdogTimeout } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { watchTicks } from "../machine/interrupts.ts";
import { hangReason, STAGE_COUNT, WatchdogPolicy, WatchdogStage } from "../policy/watchdog-policy.ts";
import { Watchdog, WatchdogVerdict } from "../service/watchdog.ts";
import { crashByWatchdog } from "./crash.ts";
import { KernelConsole } from "./kernel-console.ts";

class Listeners {
  watchdog: Watchdog | null = null;
  console: KernelConsole | null = null;
  readonly policy = new WatchdogPolicy();
  readonly line = new Uint8Array(MARKER_BYTES);
  /** Which stages have said something that no log has heard. */
  readonly unheard = fixedArray(STAGE_COUNT, () => false);
}

const listeners = new Listeners();

/** From here on every tick is the watchdog's. */
export function listenForSilence(watchdog: Watchdog, console: KernelConsole): void {
  listeners.watchdog = watchdog;
  listeners.console = console;
  watchTicks(hearTick);
}

function hearTick(frame: Bytes): void {
  const watchdog = listeners.watchdog;
  if (watchdog !== null) act(watchdog.onTick(), WatchdogStage.soft, watchdog, frame);
}

/** What `machine/watchdog-nmi.ts` is to call. */
export function hearNmi(frame: Bytes): void {
  const watchdog = listeners.watchdog;
  if (watchdog !== null) act(watchdog.onNmi(), WatchdogStage.hard, watchdog, frame);
}

/** A time-out of this stage that was reported, and that no log has heard of: writes its marker, once. */
export function takeReport(stage: WatchdogStage, out: TextWriter): boolean {
  if (!listeners.unheard[stage]) return false;
  listeners.unheard[stage] = false;
  watchdogTimeout(out, utf8(hangReason(stage)));
  return true;
}

function act(verdict: WatchdogVerdict, stage: WatchdogStage, watchdog: Watchdog, frame: Bytes): void {
  switch (verdict) {
    case WatchdogVerdict.alive:
      return;
    case WatchdogVerdict.report:
      report(stage);
      return;
    case WatchdogVerdict.stop:
      watchdog.getPolicy(listeners.policy);
      crashByWatchdog(
        frame,
        stage,
        watchdog.timeoutSeconds(),
        listeners.policy.stages[stage].recoveryFollows,
      );
      return;
  }
}

function report(stage: WatchdogStage): void {
  const console = listeners.console;
  if (console === null) return;
  const out = new TextWriter(bytesOf(listeners.line));
  watchdogTimeout(out, utf8(hangReason(stage)));
  console.emitUnheard(out.written());
  listeners.unheard[stage] = true;
}
