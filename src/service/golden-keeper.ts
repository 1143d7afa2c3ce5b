/**
 * GoldenKeeper: what a golden boot leaves in the object stores of its disk (specification, sections 3 and 5).
 *
 * The manifest that was booted becomes the newest of the three golden ones in the system store, and the recovery partition
 * gets its own copy of it; a copy that was booted from there is golden there. After a fallback it also becomes the current one. Where all of that is so already nothing is written.
 * Every step is one transaction of its store: a power cut leaves the old state or the new one. What goes wrong is returned as a
 * sentence: the boot is golden by its state record even so. Called by the kernel's main.
 */
import { BlockDevice } from "../device/block-device.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { BootReason, bootReasonName } from "../format/boot-reason.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { ObjectStore, storeErrorText } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { PartitionManager } from "./partition-manager.ts";
import { RecoverySnapshot } from "./snapshot.ts";

const SCRATCH_BYTES = 262144;

export class GoldenKeeper {
  private readonly snapshot = new RecoverySnapshot();
  private readonly system = new ObjectStore();
  private readonly recovery = new ObjectStore();
  private readonly systemRegion = new Region();
  private readonly recoveryRegion = new Region();
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);

  constructor(
    private readonly partitions: PartitionManager,
    private readonly markers: MarkerSink,
  ) {}

  /**
   * The boot of `manifestId`, chosen for `reason`, from this disk turned golden; `fromRecoveryStore` says which store it came from. What
   * could not be kept, or nothing.
   */
  keep(
    device: BlockDevice,
    manifestId: u32,
    reason: BootReason,
    fromRecoveryStore: boolean,
    seconds: u64,
  ): string {
    this.partitions.enumeratePartitions(device);
    const problem = this.promote(device, manifestId, reason, seconds);
    // What was booted from the recovery store is golden there, whatever the system store still has of it.
    if (problem !== "" && !fromRecoveryStore) return problem;
    const lack = this.openStore(device, PartitionRole.recovery, this.recoveryRegion, this.recovery);
    if (lack !== "") return lack;
    const scratch = bytesOf(this.scratch);
    const kept = fromRecoveryStore
      ? this.snapshot.promote(this.recovery, manifestId, false, utf8(""), seconds, this.markers)
      : this.snapshot.copyToRecovery(this.system, this.recovery, manifestId, seconds, scratch);
    return kept.ok ? problem : storeErrorText(kept.error);
  }

  private promote(device: BlockDevice, manifestId: u32, reason: BootReason, seconds: u64): string {
    const problem = this.openStore(device, PartitionRole.system, this.systemRegion, this.system);
    if (problem !== "") return problem;
    const promoted = this.snapshot.promote(
      this.system,
      manifestId,
      isFallback(reason),
      utf8(bootReasonName(reason)),
      seconds,
      this.markers,
    );
    return promoted.ok ? "" : storeErrorText(promoted.error);
  }

  private openStore(device: BlockDevice, role: PartitionRole, region: Region, store: ObjectStore): string {
    if (!this.partitions.openRole(device, role, region)) return "the boot disk lacks a store";
    const opened = store.open(region);
    return opened.ok ? "" : storeErrorText(opened.error);
  }
}

/** Whether the boot manager chose this manifest because the current one fails. */
function isFallback(reason: BootReason): boolean {
  return reason === BootReason.failures || reason === BootReason.corrupt;
}
