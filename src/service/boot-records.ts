/**
 * BootRecords: what the disks say about installations, their releases and snapshots, and their boots. For listings.
 *
 * Reads, but for the two settings, which `BootSettings` writes; every call of `survey`, `openStore` and `openHistory` looks at the disks anew. An installation whose store or ring is
 * damaged is listed with its problem. Called by the shell's groups bootmgr and recovery.
 */
import { GUID_BYTES } from "../base/guid.ts";
import { bootReasonName } from "../format/boot-reason.ts";
import { labelText, MANIFEST_BYTES, ManifestKind, versionText } from "../format/manifest.ts";
import { PartitionRole } from "../format/partition-types.ts";
import {
  BOOT,
  bootAt,
  bootEndingFrom,
  bootEndingName,
  bootReason,
  BootStage,
  bootStage,
} from "../format/state-record.ts";
import { bootStageName, failureText, STATE, wasRescue } from "../format/state-record.ts";
import { isGolden, isPending, isPendingManifest, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { consecutiveFailures } from "../policy/boot-history.ts";
import { DiskContents } from "../policy/target-validation.ts";
import { ObjectStore, storeErrorText } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { STATE_RING_BYTES, StateCondition } from "../storage/state-ring.ts";
import { BootSettings } from "./boot-settings.ts";
import { DISK_LIMIT, DiskRegistry, NO_DISK } from "./disk-registry.ts";
import { InstallerBoot } from "./installer-boot.ts";
import { MarkerChain, MarkerStorage } from "./marker-storage.ts";
import { PartitionManager } from "./partition-manager.ts";
import { PENDING } from "./recovery.ts";
import { SettingChanges } from "./setting-changes.ts";

const RING_SCRATCH_BYTES = 131072;
const TEXT_BYTES = 64;

/** A release or snapshot. */
export class ManifestSummary {
  id: u32 = 0;
  versionNumber: u32 = 0;
  createdSeconds: u64 = 0n;
  isSnapshot: boolean = false;
  isCurrent: boolean = false;
  isPrevious: boolean = false;
  isGolden: boolean = false;
  isPinned: boolean = false;
  /** The release of an update that was cut short. */
  isPending: boolean = false;
  /** Its version, and for a snapshot what it is called; empty where the manifest is damaged. */
  versionLength: u32 = 0;
  labelLength: u32 = 0;
  readonly version = new Uint8Array(TEXT_BYTES);
  readonly label = new Uint8Array(TEXT_BYTES);
}

/** One boot of the history. Times of stages are milliseconds from the boot manager's start; 0 where not reached. */
export class BootSummary {
  startSeconds: u64 = 0n;
  manifestId: u32 = 0;
  stage: string = "";
  ending: string = "";
  reason: string = "";
  isRescue: boolean = false;
  fromRecoveryStore: boolean = false;
  tryNumber: u8 = 0;
  tryMaximum: u8 = 0;
  kernelLoadedMs: u32 = 0;
  subsystemsReadyMs: u32 = 0;
  shellReadyMs: u32 = 0;
  goldenMs: u32 = 0;
}

export class BootRecords {
  private readonly diskOf = new Uint32Array(DISK_LIMIT);
  private used: u32 = 0;
  private isOpen: boolean = false;
  private openDisk: u32 = NO_DISK;
  private readonly region = new Region();
  private readonly store = new ObjectStore();
  private readonly settings = new BootSettings();
  private readonly storage = new MarkerStorage();
  private readonly nobody = new Uint8Array(GUID_BYTES);
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly scratch = new Uint8Array(RING_SCRATCH_BYTES);

  constructor(
    readonly disks: DiskRegistry,
    private readonly partitions: PartitionManager,
    private readonly boot: InstallerBoot,
  ) {}

  /** Finds the disks that carry RayOS; how many. */
  survey(): u32 {
    this.used = 0;
    for (let i: u32 = 0; i < this.disks.count(); i++) {
      const contents = this.partitions.enumeratePartitions(this.disks.device(i));
      if (contents !== DiskContents.rayos && contents !== DiskContents.rayosBesideOthers) continue;
      this.diskOf[this.used] = i;
      this.used++;
    }
    return this.used;
  }

  /** The disk of an installation that `survey` found. */
  disk(index: u32): u32 {
    assert(index < this.used);
    return this.diskOf[index];
  }

  /** Opens the system store of an installation, or its recovery store; what is wrong with it, or nothing. */
  openStore(index: u32, fromRecovery: boolean): string {
    this.isOpen = false;
    const role = fromRecovery ? PartitionRole.recovery : PartitionRole.system;
    if (!this.openRegion(index, role)) return "the partition is missing";
    const opened = this.store.open(this.region);
    if (!opened.ok) return storeErrorText(opened.error);
    this.isOpen = true;
    return "";
  }

  /** The installation whose store is open. */
  installationId(): Bytes {
    return ROOT.installationId.of(this.root());
  }

  /** Whether that installation is the one that runs: by its disk, where that is known, since a copied disk bears the same id. */
  isRunning(): boolean {
    for (let i: u32 = 0; i < this.disks.count(); i++) {
      if (this.disks.isRunningDisk(i)) return i === this.openDisk;
    }
    return this.installationId().equals(this.boot.installationId());
  }

  /** Manifests in the store that is open. */
  manifestCount(): u32 {
    return ROOT.manifestCount.get(this.root());
  }

  /** Describes a manifest, 0 the oldest. */
  describeManifest(index: u32, into: ManifestSummary): void {
    const root = this.root();
    const reference = referenceAt(root, index);
    into.id = REFERENCE.manifestId.get(reference);
    into.versionNumber = REFERENCE.versionNumber.get(reference);
    into.createdSeconds = REFERENCE.createdSeconds.get(reference);
    into.isSnapshot = REFERENCE.kind.get(reference) === ManifestKind.snapshot;
    into.isCurrent = into.id === ROOT.currentId.get(root);
    into.isPrevious = into.id === ROOT.previousId.get(root);
    into.isGolden = isGolden(root, into.id);
    into.isPending = isPending(reference);
    into.isPinned = REFERENCE.pinned.get(reference) !== 0 && !into.isPending;
    into.versionLength = 0;
    into.labelLength = 0;
    const manifest = bytesOf(this.manifest);
    const read = this.store.readManifest(into.id, manifest);
    if (!read.ok) return;
    into.versionLength = keep(versionText(manifest), bytesOf(into.version));
    into.labelLength = keep(labelText(manifest), bytesOf(into.label));
  }

  /** Whether a release of the store that is open is older than is booted by default. */
  isBelowFloor(manifestId: u32): boolean {
    return this.settings.isBelowFloor(this.store, manifestId);
  }

  /** Makes a manifest of the store that is open the default; what went wrong, or nothing. */
  setDefault(manifestId: u32, seconds: u64): string {
    if (isPendingManifest(this.root(), manifestId)) return PENDING;
    const changed = this.settings.setDefault(this.store, manifestId, seconds);
    return changed.ok ? "" : storeErrorText(changed.error);
  }

  /** Makes lines part of the configuration in the store that is open; what went wrong, or nothing. */
  changeSettings(changes: SettingChanges, seconds: u64): string {
    const changed = this.settings.change(this.store, changes.lines(), seconds);
    return changed.ok ? "" : storeErrorText(changed.error);
  }

  /** Reads the boot history of an installation; what is wrong with it, or nothing. */
  openHistory(index: u32): string {
    this.isOpen = false;
    if (!this.openRegion(index, PartitionRole.state)) return "the partition is missing";
    // The record of a damaged ring is empty, and bears no installation.
    const opened = this.storage.open(this.region, bytesOf(this.scratch), bytesOf(this.nobody));
    if (!opened.ok) return "the disk did not read";
    switch (this.storage.condition()) {
      case StateCondition.good:
        return "";
      case StateCondition.empty:
        return "no boot is recorded";
      case StateCondition.damaged:
        return "every record is damaged";
      case StateCondition.newer:
        return "the records are of a newer version";
      case StateCondition.foreign:
        return "the state partition holds something else, which is left alone (bootmgr clear-history)";
    }
  }

  /** Whether the history that was opened last is one that nobody writes to until it is made anew. */
  isHistoryClosed(): boolean {
    return !this.storage.mayWrite();
  }

  /** Makes the state partition of an installation an empty history; what went wrong, or nothing. Only after both confirmations. */
  clearHistory(index: u32, seconds: u64): string {
    const unopened = this.openStore(index, false);
    if (unopened !== "") return unopened;
    if (!this.openRegion(index, PartitionRole.state)) return "the partition is missing";
    const zeros = bytesOf(this.scratch);
    zeros.fill(0);
    const step = BigInt(Math.trunc(RING_SCRATCH_BYTES / this.region.sectorBytes()));
    const end = BigInt(Math.trunc(STATE_RING_BYTES / this.region.sectorBytes()));
    for (let lba: u64 = 0n; lba < end; lba = u64(lba + step)) {
      const cleared = this.region.write(lba, zeros);
      if (!cleared.ok) return "the disk did not write";
    }
    const opened = this.storage.open(this.region, zeros, this.installationId());
    if (!opened.ok) return "the disk did not read";
    const saved = this.storage.save(seconds);
    return saved.ok ? "" : "the disk did not write";
  }

  /** Boots that the history holds. Only after `openHistory` found nothing wrong. */
  bootCount(): u32 {
    return STATE.historyCount.get(this.storage.record());
  }

  /** Boots ever. */
  bootTotal(): u32 {
    return STATE.bootTotal.get(this.storage.record());
  }

  /** Boots that failed in a row. The one that runs counts as soon as it is golden: then none has. */
  failureCount(): u32 {
    const record = this.storage.record();
    if (STATE.historyCount.get(record) === 0) return 0;
    const isThisOne = STATE.installationId.of(record).equals(this.boot.installationId());
    const isUndecided = isThisOne && bootStage(bootAt(record, 0)) !== BootStage.golden;
    return consecutiveFailures(record, isUndecided ? 1 : 0);
  }

  /** What the last recorded failure said. */
  lastFailure(): Bytes {
    return failureText(this.storage.record());
  }

  /** The manifest of the last boot that became golden; 0 before the first. */
  goldenManifestId(): u32 {
    return STATE.goldenManifestId.get(this.storage.record());
  }

  /** Describes a boot, 0 the newest. */
  describeBoot(age: u32, into: BootSummary): void {
    const boot = bootAt(this.storage.record(), age);
    into.startSeconds = BOOT.startSeconds.get(boot);
    into.manifestId = BOOT.manifestId.get(boot);
    into.stage = bootStageName(bootStage(boot));
    into.ending = this.isThisBoot(age) ? "" : bootEndingName(bootEndingFrom(BOOT.ending.get(boot)));
    into.reason = bootReasonName(bootReason(boot));
    into.isRescue = wasRescue(boot);
    into.fromRecoveryStore = BOOT.fromRecoveryStore.get(boot) !== 0;
    into.tryNumber = BOOT.tryNumber.get(boot);
    into.tryMaximum = BOOT.tryMaximum.get(boot);
    into.kernelLoadedMs = BOOT.kernelLoadedMs.get(boot);
    into.subsystemsReadyMs = BOOT.subsystemsReadyMs.get(boot);
    into.shellReadyMs = BOOT.shellReadyMs.get(boot);
    into.goldenMs = BOOT.goldenMs.get(boot);
  }

  /** Checks every record and every boot of the history that is open; false where the disk does not read. */
  validateHistory(chain: MarkerChain): boolean {
    const validated = this.storage.validate(bytesOf(this.scratch), chain);
    return validated.ok;
  }

  /** The boot that runs has not ended: that nothing is recorded of its end says nothing. */
  private isThisBoot(age: u32): boolean {
    return age === 0 && this.boot.isBoot(BOOT.bootId.of(bootAt(this.storage.record(), 0)));
  }

  private root(): Bytes {
    assert(this.isOpen);
    return this.store.root();
  }

  private openRegion(index: u32, role: PartitionRole): boolean {
    const device = this.disks.device(this.disk(index));
    this.openDisk = this.disk(index);
    this.partitions.enumeratePartitions(device);
    return this.partitions.openRole(device, role, this.region);
  }
}

function keep(text: Bytes, into: Bytes): u32 {
  const length = u32(Math.min(text.length, into.length));
  into.slice(0, length).copyFrom(text.slice(0, length));
  return length;
}
