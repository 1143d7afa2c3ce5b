/**
 * WatchdogTask: the main loop's sign of life, once a round, behind all other tasks: all of them had their turn.
 *
 * While an installation or an update runs the time-out is longer, and that is said.
 */
import { TextWriter } from "../base/text-writer.ts";
import { Watchdog } from "../service/watchdog.ts";
import { InstallerUi } from "../shell/installer-ui.ts";
import { UpdateUi } from "../shell/update-ui.ts";
import { EventLoop, Task } from "./event-loop.ts";
import { KernelConsole } from "./kernel-console.ts";

const LINE_BYTES = 80;

export class WatchdogTask implements Task {
  private readonly line = new Uint8Array(LINE_BYTES);

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
    return false;
  }

  private sayTimeout(): void {
    const out = new TextWriter(bytesOf(this.line));
    out.text(`watchdog: the time-out is ${this.watchdog.timeoutSeconds()} s now`);
    this.console.emit(out.written());
  }
}
