/**
 * InstallationTarget: the chosen disk, what is on it, whether it may be taken, and the plan of its partitions.
 *
 * Reads, never writes. Invariant: plan and table belong to the disk that `validate` looked at last; whoever looks at another one
 * (a listing) validates again before installing.
 */
import { BlockDevice } from "../device/block-device.ts";
import { nameOfRole, PartitionRole } from "../format/partition-types.ts";
import {
  DiskLayout,
  LayoutRefusal,
  LayoutRequest,
  planDisk,
  PlannedPartition,
} from "../policy/disk-layout.ts";
import {
  DiskContents,
  TargetDecision,
  TargetFacts,
  TargetRefusal,
  TargetWarning,
} from "../policy/target-validation.ts";
import { validateTarget } from "../policy/target-validation.ts";
import { DiskRegistry } from "./disk-registry.ts";
import { InstallationProgress, InstallationStage } from "./installation-progress.ts";
import { PartitionManager } from "./partition-manager.ts";

export class InstallationTarget {
  readonly layout = new DiskLayout();
  readonly decision = new TargetDecision();
  private readonly facts = new TargetFacts();
  private readonly request = new LayoutRequest();
  private disk: u32 = 0;
  private refusedLayout: LayoutRefusal = LayoutRefusal.none;
  private foundUnfinished: boolean = false;

  constructor(
    readonly disks: DiskRegistry,
    readonly partitions: PartitionManager,
    private readonly progress: InstallationProgress,
  ) {}

  /** Looks at a disk and says what stands on it; `partitions` then holds its table. */
  survey(disk: u32, releaseBytes: u64): DiskContents {
    this.disk = disk;
    this.foundUnfinished = false;
    const contents = this.partitions.enumeratePartitions(this.device());
    // An installation that was cut short left an empty table or none, or half of the new one; where its record stands follows from the plan.
    const isDamaged = contents === DiskContents.damagedTable;
    if (contents !== DiskContents.blank && contents !== DiskContents.emptyTable && !isDamaged)
      return contents;
    if (!this.plan(false, releaseBytes)) return contents;
    this.foundUnfinished = this.hasProgressRecord();
    if (isDamaged && this.progress.foundStage() !== InstallationStage.writeTable)
      this.foundUnfinished = false;
    return this.foundUnfinished ? DiskContents.unfinished : contents;
  }

  /** Decides whether the disk may be taken and plans it. The answer stands in `decision` and `layoutRefusal`. */
  validate(disk: u32, wholeDisk: boolean, releaseBytes: u64): boolean {
    this.refusedLayout = LayoutRefusal.none;
    this.facts.contents = this.survey(disk, releaseBytes);
    this.facts.isBootDisk = this.disks.isBootDisk(disk);
    this.facts.isLogDisk = this.disks.isLogDisk(disk);
    this.facts.isReadOnly = this.device().isReadOnly();
    this.facts.sizeBytes = this.disks.sizeBytes(disk);
    this.facts.wholeDiskAsked = wholeDisk;
    validateTarget(this.facts, this.decision);
    if (this.decision.refusal !== TargetRefusal.none) return false;
    return this.plan(this.decision.intoFreeSpace, releaseBytes);
  }

  /** Why the plan is not possible, where that is the reason. */
  layoutRefusal(): LayoutRefusal {
    return this.refusedLayout;
  }

  contents(): DiskContents {
    return this.facts.contents;
  }

  /** Whether an old table has to give way before anything else is written. */
  replacesTable(): boolean {
    return this.decision.warning !== TargetWarning.none;
  }

  diskIndex(): u32 {
    return this.disk;
  }

  device(): BlockDevice {
    return this.disks.device(this.disk);
  }

  name(): Bytes {
    return this.disks.name(this.disk);
  }

  /** The planned partition of a role. Every plan of a target has all six. */
  part(role: PartitionRole): PlannedPartition {
    for (let i: u32 = 0; i < this.layout.partCount; i++) {
      if (this.layout.parts[i].role === role) return this.layout.parts[i];
    }
    unreachable("the plan lacks a partition");
  }

  /** Size of a planned partition. */
  partBytes(part: PlannedPartition): u64 {
    return u64(part.sectorCount * BigInt(this.device().sectorBytes()));
  }

  private plan(intoFreeSpace: boolean, releaseBytes: u64): boolean {
    const request = this.request;
    request.sectorBytes = this.device().sectorBytes();
    request.diskSectors = this.device().sectorCount();
    request.intoFreeSpace = intoFreeSpace;
    request.takenCount = 0;
    // Others' EFI system partitions stay as they are, byte for byte: RayOS makes its own.
    request.espSectors = 0n;
    // Three golden releases and one that is being written beside them.
    request.systemBytes = releaseBytes * 4n;
    request.recoveryBytes = releaseBytes * 4n;
    if (intoFreeSpace && !this.partitions.fillRequest(request)) {
      this.refusedLayout = LayoutRefusal.noSlots;
      return false;
    }
    const planned = planDisk(request, this.layout);
    this.refusedLayout = planned.ok ? LayoutRefusal.none : planned.error;
    return planned.ok;
  }

  private hasProgressRecord(): boolean {
    const log = this.part(PartitionRole.log);
    const found = this.progress.find(this.device(), log.firstLba, log.sectorCount);
    return found.ok && found.value;
  }
}

/** How a planned partition is called in the plan that the user sees. */
export function plannedPartName(part: PlannedPartition): string {
  return nameOfRole(part.role);
}
