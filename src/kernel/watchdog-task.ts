/**
 * WatchdogTask: the main loop's sign of life, once a round, behind all other tasks: all of them had their turn.
 *
 * It also brings to the log what the watchdog said while the loop was silent. While an installation or an update runs the time-out is longer, and that is said.
 */
import { MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { WatchdogStage } from "../policy/watchdog-policy.ts";
import { Watchdog } from "../service/watchdog.ts";
import { InstallerUi } from "../shell/installer-ui.ts";
import { UpdateUi } from "../shell/update-ui.ts";
import { EventLoop, Task } from "./event-loop.ts";
import { KernelConsole } from "./kernel-console.ts";
import { takeReport } from "./watchdog-interrupts.ts";

export class WatchdogTask implements Task {
  private readonly line = new Uint8Array(MARKER_BYTES);

  constructor(
    private readonly watchdog: Watchdog,
    private readonly loop: EventLoop,
    private readonly installerUi: InstallerUi,
    private readonly updateUi: UpdateUi,
    private readonly console: KernelConsole,
  ) {}

  step(): boolean {
    this.watchdog.kick(this.loop.roundCount());
    const isWorking = this.installerUi.isInstalling() || this.updateUi.isUpdating();
    if (this.watchdog.setWorking(isWorking)) this.sayTimeout();
    this.logReport(WatchdogStage.soft);
    this.logReport(WatchdogStage.hard);
    return false;
  }

  /** The loop was silent, the policy wanted that only said, and here it is again. */
  private logReport(stage: WatchdogStage): void {
    const out = new TextWriter(bytesOf(this.line));
    if (takeReport(stage, out)) this.console.hear(out.written());
  }

  private sayTimeout(): void {
    const out = new TextWriter(bytesOf(this.line));
    out.text(`watchdog: the time-out is ${this.watchdog.timeoutSeconds()} s now`);
    this.console.emit(out.written());
  }
}
