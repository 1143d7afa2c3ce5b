/**
 * CrashKeeper: what a crash leaves behind: the artifact in its slot on the disk, and the failure in the boot records.
 *
 * The crash path calls `keep` once, interrupts off, in any state of the drivers: waiting no longer sleeps, and every controller is
 * reset before its next command. A disk that does not answer costs its deadline, nothing more, and is named. After a hang, which is to end
 * within 2 s of the watchdog's time-out, all disks together have `HANG_BUDGET_MS`: what no disk took by then stays in memory.
 *
 *     1. artifact → memory, which outlives the restart should no disk answer
 *     2. artifact → slot, flush       RAYOS_CRASH:ARTIFACT_SAVED:<kind>; memory forgets it
 *     3. failure → state ring         the commit point of "this boot failed, and why"
 *     4. where the policy wants it: the next boot is of the last known good
 *     5. the log's last entry of this boot: how it ended
 */
import { crashArtifactSaved, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { ioErrorName } from "../device/block-device.ts";
import type { Clock } from "../device/clock.ts";
import { abandonAhci } from "../driver/ahci/ahci.ts";
import { abandonNvme } from "../driver/nvme/nvme.ts";
import { forbidSleep, limitWaits } from "../driver/wait.ts";
import { crashCause, crashKind, CrashKind, crashKindName } from "../format/crash-artifact.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { BootEnding } from "../format/state-record.ts";
import { BootMarker } from "../service/boot-marker.ts";
import { CrashArtifacts } from "../service/crash-artifacts.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { PartitionManager } from "../service/partition-manager.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { Region } from "../storage/region.ts";
import { CrashMemory } from "./crash-memory.ts";
import { KernelConsole } from "./kernel-console.ts";

/** The rest of the 2 s is for the dump: 5 KiB of it pass a serial line of 115,200 baud in half a second. */
const HANG_BUDGET_MS = 1200;

export class CrashKeeper {
  private readonly region = new Region();
  private readonly line = new Uint8Array(MARKER_BYTES);

  constructor(
    private readonly artifacts: CrashArtifacts,
    private readonly marker: BootMarker,
    private readonly log: PersistentLog,
    private readonly memory: CrashMemory,
    private readonly clock: Clock,
    private readonly console: KernelConsole,
  ) {}

  /**
   * Crashes are kept where the log is: on the boot disk, which is `disk` of the registry, or unknown (-1). Where the log found its partition
   * unusable, perhaps somebody else's, nothing is written to it and a crash is only said.
   */
  attach(disks: DiskRegistry, partitions: PartitionManager, disk: i32): void {
    if (disk < 0 || !this.log.isDurable()) return;
    partitions.enumeratePartitions(disks.device(u32(disk)));
    if (!partitions.openRole(disks.device(u32(disk)), PartitionRole.log, this.region)) return;
    const opened = this.artifacts.open(this.region);
    if (opened.ok) return;
    this.console.lineOf("crash records: the log partition cannot be used: ", ioErrorName(opened.error));
  }

  /** Keeps the artifact and records the failure; whether the artifact is on the disk. Only the crash path calls this. */
  keep(artifact: Bytes, recoveryFollows: boolean): boolean {
    const kind = crashKind(artifact);
    forbidSleep();
    if (kind === CrashKind.watchdogSoft || kind === CrashKind.watchdogHard)
      limitWaits(this.clock, HANG_BUDGET_MS);
    abandonNvme();
    abandonAhci();
    const isInMemory = this.memory.put(artifact);
    const isSaved = this.save(artifact);
    if (isSaved) this.memory.clear();
    else if (isInMemory)
      this.console.line("crash records: the artifact stays in memory; the next boot puts it on its disk");
    const recorded = this.marker.recordFailure(
      endingOf(kind),
      crashCause(artifact),
      this.clock.unixSeconds(),
    );
    if (!recorded.ok) this.console.line("crash records: the failure is not recorded");
    else if (recoveryFollows) {
      const triggered = this.marker.triggerRecovery(this.clock.unixSeconds());
      if (!triggered.ok) this.console.line("crash records: recovery could not be asked for");
    }
    const logged = this.log.writeEnding(endingOf(kind));
    if (!logged.ok) this.console.line("crash records: the log does not say how this boot ended");
    return isSaved;
  }

  /** Puts an artifact into a slot, and says so; false, and said why, where it is not there. */
  save(artifact: Bytes): boolean {
    if (!this.artifacts.isOpen()) {
      this.console.line("crash records: no log partition; the artifact is not kept");
      return false;
    }
    const saved = this.artifacts.save(artifact);
    if (!saved.ok) {
      this.console.lineOf("crash records: the artifact is not kept: ", ioErrorName(saved.error));
      return false;
    }
    this.announce(crashKind(artifact), saved.value);
    return true;
  }

  /** Says of an artifact that it is on the disk. */
  announce(kind: CrashKind, id: u32): void {
    const out = new TextWriter(bytesOf(this.line));
    crashArtifactSaved(out, utf8(crashKindName(kind)));
    this.console.emit(out.written());
    out.clear();
    out.text(`It can be read later with: log crash ${id}`);
    this.console.emit(out.written());
  }
}

function endingOf(kind: CrashKind): BootEnding {
  switch (kind) {
    case CrashKind.watchdogSoft:
      return BootEnding.watchdogSoft;
    case CrashKind.watchdogHard:
      return BootEnding.watchdogHard;
    case CrashKind.none:
    case CrashKind.panic:
    case CrashKind.check:
    case CrashKind.exception:
      return BootEnding.panic;
    case CrashKind.watchdogChipset:
      return BootEnding.watchdogChipset;
    case CrashKind.reset:
      return BootEnding.reset;
  }
}
