/**
 * Session: what a command works with: its arguments, its output, and the parts of the system that commands ask or change.
 *
 * One for all consoles together, made by the kernel's main out of what it has. A command that is not done at once leaves a
 * dialogue here, which the shell then runs.
 */
import { Clock } from "../device/clock.ts";
import { MachineFacts } from "../device/machine-facts.ts";
import { Power } from "../device/power.ts";
import { BootRecords } from "../service/boot-records.ts";
import { CrashArtifacts } from "../service/crash-artifacts.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { RecoveryBoot } from "../service/recovery-boot.ts";
import { Watchdog } from "../service/watchdog.ts";
import { Arguments } from "./arguments.ts";
import { Dialogue } from "./dialogue.ts";
import { FaultDialogue } from "./fault-dialogue.ts";
import { HistoryDialogue } from "./history-dialogue.ts";
import { InstallerUi } from "./installer-ui.ts";
import { LogBenchDialogue } from "./log-bench-dialogue.ts";
import { LogClearDialogue } from "./log-clear-dialogue.ts";
import { LogReadingDialogue } from "./log-reading-dialogue.ts";
import { Output } from "./output.ts";
import { RecoveryDialogue } from "./recovery-dialogue.ts";
import { RestoreDialogue } from "./restore-dialogue.ts";
import { UpdateUi } from "./update-ui.ts";
import { VerifyDialogue } from "./verify-dialogue.ts";

export class Session {
  readonly arguments = new Arguments();
  /** What goes on after the command returned. */
  dialogue: Dialogue | null = null;
  private commandName: string = "";
  private commandUsage: string = "";

  constructor(
    readonly out: Output,
    readonly clock: Clock,
    readonly power: Power,
    readonly facts: MachineFacts,
    readonly disks: DiskRegistry,
    readonly bootRecords: BootRecords,
    readonly installerUi: InstallerUi,
    readonly updateUi: UpdateUi,
    readonly verifyDialogue: VerifyDialogue,
    readonly restoreDialogue: RestoreDialogue,
    readonly faultDialogue: FaultDialogue,
    readonly watchdog: Watchdog,
    readonly crashes: CrashArtifacts,
    readonly log: PersistentLog,
    readonly logPartition: LogPartition,
    readonly logReading: LogReadingDialogue,
    readonly logClearing: LogClearDialogue,
    readonly logBench: LogBenchDialogue,
    readonly recoveryDialogue: RecoveryDialogue,
    readonly recoveryBoot: RecoveryBoot,
    readonly historyDialogue: HistoryDialogue,
  ) {}

  /** Says which command is about to run. */
  enter(name: string, usage: string): void {
    this.commandName = name;
    this.commandUsage = usage;
  }

  /** Writes one line that says what is wrong, in the command's name. */
  complain(problem: string): void {
    this.out.text(this.commandName);
    this.out.text(": ");
    this.out.text(problem);
    this.out.text("\n");
  }

  /** Complains and shows how the command is used. */
  misuse(problem: string): void {
    this.complain(problem);
    this.out.text("Usage: ");
    this.out.text(this.commandUsage);
    this.out.text("\n");
  }

  /** Whether there are no arguments; complains where there are. */
  expectsNothing(): boolean {
    if (this.arguments.count() === 0) return true;
    this.misuse("takes no arguments");
    return false;
  }

  /** Goes on with a dialogue when the command returns. */
  start(dialogue: Dialogue): void {
    this.dialogue = dialogue;
  }
}
