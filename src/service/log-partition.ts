/**
 * LogPartition: which disk the persistent log is on: the boot disk at first, any other that carries a log partition on demand.
 *
 * Invariants: a disk whose log partition cannot be used leaves the log where it was; the disk of the log is marked in the registry,
 * so that nobody installs over it. Used by the kernel at boot and by `log device`.
 */
import { ioErrorName } from "../device/block-device.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { Region } from "../storage/region.ts";
import { DiskRegistry, NO_DISK } from "./disk-registry.ts";
import { InstallationProgress } from "./installation-progress.ts";
import { PartitionManager } from "./partition-manager.ts";
import { logConditionText, LogError, PersistentLog } from "./persistent-log.ts";

export class LogPartition {
  private readonly first = new Region();
  private readonly second = new Region();
  /** Which of the two regions the log is on; the other is for the next try. */
  private isSecond: boolean = false;
  private current: u32 = NO_DISK;
  private tried: u32 = NO_DISK;
  private isNew: boolean = false;

  constructor(
    private readonly log: PersistentLog,
    private readonly disks: DiskRegistry,
    private readonly partitions: PartitionManager,
    private readonly progress: InstallationProgress,
  ) {}

  /** Takes the log to the log partition of a disk; what keeps it from that, or nothing. */
  open(disk: u32): string {
    const device = this.disks.device(disk);
    const region = this.isSecond ? this.first : this.second;
    this.partitions.enumeratePartitions(device);
    if (!this.partitions.openRole(device, PartitionRole.log, region)) return "the disk has no log partition";
    if (!device.isReadOnly()) {
      const settled = this.progress.settle(device, region.firstLba(), region.sectorCount());
      if (!settled.ok) return ioErrorName(settled.error);
    }
    // What waits belongs to the partition that the log was on.
    const flushed = this.log.flush();
    const wasDurable = flushed.ok && this.log.isDurable();
    const attached = this.log.attach(region);
    this.tried = disk;
    if (attached.ok && this.log.isDurable()) {
      this.isSecond = !this.isSecond;
      this.adopt();
      return "";
    }
    const problem = attached.ok ? logConditionText(attached.value) : ioErrorName(attached.error);
    if (wasDurable) this.goBack();
    return problem;
  }

  /** The disk that the log is on, or `NO_DISK`. */
  disk(): u32 {
    return this.log.isDurable() ? this.current : NO_DISK;
  }

  /** Whether the log went to another disk since the last call. */
  takeNew(): boolean {
    const isNew = this.isNew;
    this.isNew = false;
    return isNew;
  }

  /** The disk that was tried last: where there is no log in use, it is this one that `clear` would make one on. */
  triedDisk(): u32 {
    return this.tried;
  }

  /** Forgets all entries; a partition that held something else becomes a log. Only after both confirmations. */
  clear(): Result<void, LogError> {
    const wasDurable = this.log.isDurable();
    const cleared = this.log.clear();
    if (cleared.ok && !wasDurable && this.tried !== NO_DISK) this.adopt();
    return cleared;
  }

  private adopt(): void {
    this.current = this.tried;
    this.isNew = true;
    this.disks.markLogDisk(this.current);
  }

  /** To where the log was. Should that fail now, entries stay in memory. */
  private goBack(): void {
    const attached = this.log.attach(this.isSecond ? this.second : this.first);
    this.tried = this.current;
    if (!attached.ok) return;
  }
}
