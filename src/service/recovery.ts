/**
 * Recovery: what a person may do with the releases and snapshots of one installation: keep one, go back to one (specification,
 * sections 5 and 6).
 *
 *     open → createSnapshot
 *     open → aim | aimAtLastKnownGood → restore
 *
 * The installation is that of the disk which the system was booted from, or the only one. What is restored is proved first, object by
 * object, in the system store and then in the recovery partition; the first whole copy is taken. Aiming writes nothing, and `restore`
 * writes only what was aimed at. Called by the shell, which asks twice in between.
 */
import { MarkerSink } from "../device/marker-sink.ts";
import { ManifestKind } from "../format/manifest.ts";
import { PartitionRole } from "../format/partition-types.ts";
import {
  findReference,
  GOLDEN_LIMIT,
  goldenId,
  isPendingManifest,
  REFERENCE,
  referenceAt,
  ROOT,
} from "../format/store.ts";
import { DiskContents } from "../policy/target-validation.ts";
import { ObjectStore, StoreError, storeErrorText } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { DiskRegistry, NO_DISK } from "./disk-registry.ts";
import { PartitionManager } from "./partition-manager.ts";
import { RecoverySnapshot } from "./snapshot.ts";

/** Whole blocks; large is fast. */
const SCRATCH_BYTES = 131072;

/** Why a release is not made the current one that lacks its boot files. */
export const PENDING: string = "the update to this release was cut short: install --update finishes it";

/** What `restore` would make the current one. */
export class RecoveryTarget {
  manifestId: u32 = 0;
  versionNumber: u32 = 0;
  createdSeconds: u64 = 0n;
  isSnapshot: boolean = false;
  isCurrent: boolean = false;
  /** It is older than what is booted by default; restoring it lowers the version floor. */
  isBelowFloor: boolean = false;
  /** The system store has no whole copy: it comes from the recovery partition. */
  fromRecovery: boolean = false;
}

export class Recovery {
  readonly target = new RecoveryTarget();
  /** The id of the snapshot that was made last. */
  snapshotId: u32 = 0;
  readonly system = new ObjectStore();
  readonly recovery = new ObjectStore();
  private readonly systemRegion = new Region();
  private readonly recoveryRegion = new Region();
  private readonly snapshots = new RecoverySnapshot();
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);
  private chosen: u32 = NO_DISK;

  constructor(
    readonly disks: DiskRegistry,
    readonly partitions: PartitionManager,
    private readonly markers: MarkerSink,
  ) {}

  /** Finds the installation and opens its stores; what is wrong, or nothing. Without a recovery store the system store alone counts. */
  open(): string {
    this.target.manifestId = 0;
    const problem = this.choose();
    if (problem !== "") return problem;
    const device = this.disks.device(this.chosen);
    this.partitions.enumeratePartitions(device);
    if (!this.partitions.openRole(device, PartitionRole.system, this.systemRegion)) {
      return "the system partition is missing";
    }
    if (!this.partitions.openRole(device, PartitionRole.recovery, this.recoveryRegion)) {
      this.recoveryRegion.close();
    }
    return this.openStores();
  }

  /** The disk of the installation. Only after `open` found nothing wrong. */
  disk(): u32 {
    assert(this.chosen !== NO_DISK);
    return this.chosen;
  }

  /** Keeps the current release as a snapshot that stays, at the cost of one block; what went wrong, or nothing. */
  createSnapshot(label: Bytes, seconds: u64): string {
    const created = this.snapshots.create(this.system, label, seconds);
    if (!created.ok) return storeErrorText(created.error);
    this.snapshotId = created.value;
    return "";
  }

  /** Turns to a release or snapshot and proves it; why it cannot be restored, or nothing. */
  aim(manifestId: u32): string {
    this.target.manifestId = 0;
    const inSystem = has(this.system, manifestId);
    const inRecovery = has(this.recovery, manifestId);
    if (!inSystem && !inRecovery) return "there is no release or snapshot of this id";
    if (isPendingManifest(this.system.root(), manifestId)) return PENDING;
    let fault: StoreError = StoreError.noManifest;
    if (inSystem) {
      const proved = this.prove(this.system, manifestId);
      if (proved.ok) {
        this.describe(this.system, manifestId);
        return "";
      }
      fault = proved.error;
    }
    if (inRecovery) {
      const proved = this.prove(this.recovery, manifestId);
      if (proved.ok) {
        this.describe(this.recovery, manifestId);
        return "";
      }
      fault = proved.error;
    }
    return storeErrorText(fault);
  }

  /** Turns to the newest golden one of which a whole copy exists; why there is none, or nothing. */
  aimAtLastKnownGood(): string {
    let problem: string = "no boot has become golden yet";
    for (let rank: u32 = 0; rank < 2 * GOLDEN_LIMIT; rank++) {
      const id = this.goldenAt(rank);
      if (id === 0) continue;
      problem = this.aim(id);
      if (problem === "") return "";
    }
    return problem;
  }

  /** Makes what was aimed at the current one, in one transaction; what went wrong, or nothing. Emits the rollback. */
  restore(seconds: u64): string {
    assert(this.target.manifestId !== 0, "something was aimed at");
    const id = this.target.manifestId;
    this.target.manifestId = 0;
    // Between the aim and this lie two answers of a person: whatever was written meanwhile counts.
    const problem = this.openStores();
    if (problem !== "") return problem;
    const scratch = bytesOf(this.scratch);
    const restored = this.target.fromRecovery
      ? this.snapshots.restoreFromRecovery(this.recovery, this.system, id, seconds, scratch, this.markers)
      : this.snapshots.restore(this.system, id, seconds, scratch, this.markers);
    return restored.ok ? "" : storeErrorText(restored.error);
  }

  /** Proves a manifest and its objects in one of the two stores. Reads all of it. */
  prove(store: ObjectStore, manifestId: u32): Result<void, StoreError> {
    return this.snapshots.verify(store, manifestId, bytesOf(this.scratch));
  }

  /** The disk that the system runs from, if it carries RayOS; else the only one that does. Of disks that look the same nobody chooses. */
  private choose(): string {
    this.chosen = NO_DISK;
    let found: u32 = 0;
    let bootDisks: u32 = 0;
    for (let i: u32 = 0; i < this.disks.count(); i++) {
      const contents = this.partitions.enumeratePartitions(this.disks.device(i));
      if (contents !== DiskContents.rayos && contents !== DiskContents.rayosBesideOthers) continue;
      if (this.disks.isRunningDisk(i)) {
        this.chosen = i;
        return "";
      }
      if (this.disks.isBootDisk(i)) {
        bootDisks++;
        this.chosen = i;
      } else if (bootDisks === 0) {
        this.chosen = i;
      }
      found++;
    }
    if (bootDisks === 1) return "";
    if (bootDisks > 1) {
      this.chosen = NO_DISK;
      return "several disks bear the same installation: detach the copies";
    }
    if (found === 0) return "no disk carries RayOS";
    if (found === 1) return "";
    this.chosen = NO_DISK;
    return "several disks carry RayOS, and none of them is the one that runs";
  }

  private openStores(): string {
    const system = this.system.open(this.systemRegion);
    this.recovery.close();
    if (this.recoveryRegion.sectorCount() > 0n) {
      const recovery = this.recovery.open(this.recoveryRegion);
      // What is closed has nothing: the listing says why.
      if (!recovery.ok) this.recovery.close();
    }
    return system.ok ? "" : storeErrorText(system.error);
  }

  private describe(store: ObjectStore, manifestId: u32): void {
    const target = this.target;
    const root = this.system.root();
    const reference = referenceAt(store.root(), u32(findReference(store.root(), manifestId)));
    target.manifestId = manifestId;
    target.versionNumber = REFERENCE.versionNumber.get(reference);
    target.createdSeconds = REFERENCE.createdSeconds.get(reference);
    target.isSnapshot = REFERENCE.kind.get(reference) === ManifestKind.snapshot;
    target.isCurrent = ROOT.currentId.get(root) === manifestId;
    target.isBelowFloor = target.versionNumber < ROOT.versionFloor.get(root);
    target.fromRecovery = store === this.recovery;
  }

  /** The golden ones of the system store, newest first, then those of the recovery store; 0 where there is none. */
  private goldenAt(rank: u32): u32 {
    if (rank < GOLDEN_LIMIT) return goldenId(this.system.root(), rank);
    return this.recovery.isOpen() ? goldenId(this.recovery.root(), u32(rank - GOLDEN_LIMIT)) : 0;
  }
}

function has(store: ObjectStore, manifestId: u32): boolean {
  return store.isOpen() && findReference(store.root(), manifestId) >= 0;
}
