/**
 * GoldenKeeper: what a golden boot leaves in the object stores of its disk (specification, sections 3 and 5).
 *
 * The manifest that was booted becomes the newest of the three golden ones in the system store, and the recovery partition
 * gets its own copy of it. After a fallback it also becomes the current one. Where all of that is so already nothing is written.
 * Every step is one transaction of its store: a power cut leaves the old state or the new one. A store that cannot be written costs a
 * line on the console: the boot is golden by its state record.
 */
import type { BlockDevice } from "../device/block-device.ts";
import { BootReason, bootReasonFrom, bootReasonName } from "../format/boot-reason.ts";
import { HANDOFF } from "../format/handoff.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { PartitionManager } from "../service/partition-manager.ts";
import { RecoverySnapshot } from "../service/snapshot.ts";
import { ObjectStore, StoreError, storeErrorText } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { KernelConsole } from "./kernel-console.ts";

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
    private readonly console: KernelConsole,
  ) {}

  /** The boot of `handoff`, from this disk, turned golden. */
  keep(device: BlockDevice, handoff: Bytes, seconds: u64): void {
    this.partitions.enumeratePartitions(device);
    if (!this.openStore(device, PartitionRole.system, this.systemRegion, this.system)) return;
    const reason = bootReasonFrom(HANDOFF.reason.get(handoff));
    const manifestId = HANDOFF.manifestId.get(handoff);
    const promoted = this.snapshot.promote(
      this.system,
      manifestId,
      isFallback(reason),
      utf8(bootReasonName(reason)),
      seconds,
      this.console,
    );
    if (!promoted.ok) {
      this.complain(promoted.error);
      return;
    }
    if (!this.openStore(device, PartitionRole.recovery, this.recoveryRegion, this.recovery)) return;
    const scratch = bytesOf(this.scratch);
    const copied = this.snapshot.copyToRecovery(this.system, this.recovery, manifestId, seconds, scratch);
    if (!copied.ok) this.complain(copied.error);
  }

  private openStore(device: BlockDevice, role: PartitionRole, region: Region, store: ObjectStore): boolean {
    if (!this.partitions.openRole(device, role, region)) {
      this.console.line("golden: the boot disk lacks a store; this boot is not kept for recovery");
      return false;
    }
    const opened = store.open(region);
    if (!opened.ok) this.complain(opened.error);
    return opened.ok;
  }

  private complain(error: StoreError): void {
    this.console.lineOf("golden: this boot is not kept for recovery: ", storeErrorText(error));
  }
}

/** Whether the boot manager chose this manifest because the current one fails. */
function isFallback(reason: BootReason): boolean {
  return reason === BootReason.failures || reason === BootReason.corrupt;
}
