/**
 * CrashHeir: what the boot before this one left in memory, taken to the disk.
 *
 * A crash whose disk did not answer is there whole. A boot that vanished without a word left what was known at its start; what is known
 * by now joins it: whether the chipset did it, and the last entries that its log has on the disk. Called once by the kernel's main, when
 * the log and the crash slots are open.
 */
import {
  ARTIFACT,
  crashKind,
  CrashKind,
  CRASH_LOG_ENTRIES,
  crashLogRoom,
  setCrashCause,
  setCrashLog,
} from "../format/crash-artifact.ts";
import { LogEntry } from "../format/log-entry.ts";
import { writeLogLine } from "../format/log-text.ts";
import { TextWriter } from "../base/text-writer.ts";
import { CrashArtifacts } from "../service/crash-artifacts.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { CrashKeeper } from "./crash-keeper.ts";
import { CrashMemory } from "./crash-memory.ts";
import { KernelConsole } from "./kernel-console.ts";

/** Looked through for those of the boot before: this one's stand behind them. */
const ENTRIES_SEARCHED = 256;
const LINE_FEED = 0x0a;
const RESET_CAUSE: string = "The machine was reset without a word: a triple fault, or its reset button";
const CHIPSET_CAUSE: string = "Watchdog: the chipset reset the machine, which did nothing any more";

export class CrashHeir {
  private readonly entry = new LogEntry();

  constructor(
    private readonly memory: CrashMemory,
    private readonly keeper: CrashKeeper,
    private readonly artifacts: CrashArtifacts,
    private readonly log: PersistentLog,
    private readonly console: KernelConsole,
  ) {}

  /** Keeps what was found. True where memory is free for this boot's own record: nothing was found, or a disk has it. */
  inherit(chipsetFired: boolean): boolean {
    if (!this.memory.hasFound()) return true;
    const artifact = this.memory.foundArtifact();
    if (this.isOnDisk(artifact)) {
      this.console.line("crash records: the disk took the record of the boot before this one after all");
      this.keeper.announce(crashKind(artifact), this.artifacts.idAt(0));
      return true;
    }
    if (crashKind(artifact) === CrashKind.reset) this.complete(artifact, chipsetFired);
    this.console.line("crash records: memory kept the record of the boot before this one");
    return this.keeper.save(artifact);
  }

  /** Whether a disk that had not answered put the artifact on itself after all. This boot's log has been flushed on it since. */
  private isOnDisk(artifact: Bytes): boolean {
    if (this.artifacts.count() === 0) return false;
    const read = this.artifacts.read(this.artifacts.idAt(0));
    return read.ok && read.value && this.artifacts.bootId().equals(ARTIFACT.bootId.of(artifact));
  }

  private complete(artifact: Bytes, chipsetFired: boolean): void {
    if (chipsetFired) ARTIFACT.kind.set(artifact, CrashKind.watchdogChipset);
    setCrashCause(artifact, utf8(chipsetFired ? CHIPSET_CAUSE : RESET_CAUSE));
    const bootId = ARTIFACT.bootId.of(artifact);
    const count = this.countEntries(bootId);
    const out = new TextWriter(crashLogRoom(artifact));
    let left: u32 = count;
    if (!this.log.getLastN(ENTRIES_SEARCHED).ok) return;
    while (left > 0 && this.readNext()) {
      if (!this.entry.bootId().equals(bootId)) continue;
      if (left <= CRASH_LOG_ENTRIES) {
        writeLogLine(out, this.entry);
        out.byte(LINE_FEED);
      }
      left--;
    }
    setCrashLog(artifact, out.written().length);
  }

  /** How many of the last entries are that boot's. */
  private countEntries(bootId: Bytes): u32 {
    let count: u32 = 0;
    if (!this.log.getLastN(ENTRIES_SEARCHED).ok) return 0;
    for (let i: u32 = 0; i < ENTRIES_SEARCHED && this.readNext(); i++) {
      if (this.entry.bootId().equals(bootId)) count++;
    }
    return count;
  }

  private readNext(): boolean {
    const read = this.log.next(this.entry);
    return read.ok && read.value;
  }
}
