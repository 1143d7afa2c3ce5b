/**
 * Installer: puts RayOS onto the target that was chosen and twice confirmed, a step at a time.
 *
 * Durable steps, on a disk whose planned sectors belong to nobody:
 * 1. progress record and the old partition table, at the front of the log partition to be;
 * 2. where RayOS takes a whole disk that holds something: an empty table, so that nothing half-made can boot;
 * 3. boot files, system store, recovery store, state ring, data, each read back;
 * 4. everything read again and compared with its checksums;
 * 5. the log emptied behind the progress record;
 * 6. the new partition table: **the commit point**. Before it the firmware sees no RayOS on this disk;
 * 7. the progress record is gone. Cut before that, the log takes it away when it is opened (`LogPartition`).
 * Others' partitions are outside every region that is written. After a failure nothing more is written.
 *
 * Called by the shell's installer UI; never blocks longer than one piece of work (a file, a MiB of an object, a format).
 */
import { installerDiskDetected, installerInstallBegin, installerInstallComplete } from "../base/markers.ts";
import { installerInstallFailed, installerPartitionCreated, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { IoError, ioErrorName } from "../device/block-device.ts";
import { Clock } from "../device/clock.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { LAYOUT_PARTS } from "../policy/disk-layout.ts";
import { DiskContents, TargetRefusal, targetRefusalName } from "../policy/target-validation.ts";
import { TableError } from "../storage/partition-table.ts";
import { Region } from "../storage/region.ts";
import { InstallationProgress, InstallationStage, stageName } from "./installation-progress.ts";
import { InstallationSource } from "./installation-source.ts";
import { InstallationTarget } from "./installation-target.ts";
import { InstallationRegions, InstallationVerifier, VerifierState } from "./installation-verifier.ts";
import { InstallationWriter, StepOutcome } from "./installation-writer.ts";

/** Few, large commands: what is formatted, cleared or read back passes through a buffer of this size. */
const SCRATCH_BYTES = 1048576;
const REASON_BYTES = 64;

export const enum InstallerState {
  idle = 0,
  working = 1,
  done = 2,
  failed = 3,
}

export class Installer {
  private current: InstallerState = InstallerState.idle;
  private stage: InstallationStage = InstallationStage.none;
  private hasChanged: boolean = false;
  /** The new table is durable. */
  private hasCommitted: boolean = false;
  private reasonLength: u32 = 0;
  private readonly reasonText = new Uint8Array(REASON_BYTES);
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);
  private readonly line = new Uint8Array(MARKER_BYTES);
  /** The numbers of the partitions that were made. */
  private readonly numbers = new Uint32Array(LAYOUT_PARTS);

  constructor(
    readonly target: InstallationTarget,
    private readonly source: InstallationSource,
    private readonly progress: InstallationProgress,
    private readonly writer: InstallationWriter,
    private readonly regions: InstallationRegions,
    private readonly verifier: InstallationVerifier,
    private readonly clock: Clock,
    private readonly markers: MarkerSink,
  ) {}

  /** Says of every disk that it is there. */
  enumerateDisks(): void {
    const marker = new TextWriter(bytesOf(this.line));
    for (let i: u32 = 0; i < this.target.disks.count(); i++) {
      marker.clear();
      installerDiskDetected(marker, this.target.disks.name(i), this.target.disks.sizeBytes(i));
      this.markers.emit(marker.written());
    }
  }

  /** What stands on a disk; the target's partitions then hold its table. */
  survey(disk: u32): DiskContents {
    return this.target.survey(disk, this.releaseBytes());
  }

  /** Whether the disk may be taken: decided and planned. A refusal emits its marker; the target says why. */
  validateTarget(disk: u32, wholeDisk: boolean): boolean {
    if (this.target.validate(disk, wholeDisk, this.releaseBytes())) return true;
    const refusal = this.target.decision.refusal;
    const isPlan = refusal === TargetRefusal.none;
    this.refuse(isPlan ? "no-room-for-the-layout" : targetRefusalName(refusal));
    return false;
  }

  /** Plans a disk without a word: for those who look for what an installation left there. */
  planQuietly(disk: u32, wholeDisk: boolean): boolean {
    return this.target.validate(disk, wholeDisk, this.releaseBytes());
  }

  /** An installation that ends before it began: nothing was written. */
  refuse(reason: string): void {
    const marker = new TextWriter(bytesOf(this.line));
    installerInstallFailed(marker, utf8(reason));
    this.markers.emit(marker.written());
  }

  /** Begins with the target that was validated. Only after both confirmations. */
  begin(): void {
    this.current = InstallerState.working;
    this.stage = InstallationStage.checkRelease;
    this.hasChanged = false;
    this.hasCommitted = false;
    this.reasonLength = 0;
    assert(this.target.decision.refusal === TargetRefusal.none);
    this.writer.create(this.clock.unixSeconds());
    const marker = new TextWriter(bytesOf(this.line));
    installerInstallBegin(marker);
    this.markers.emit(marker.written());
  }

  /** Does the next piece of work. */
  step(): InstallerState {
    if (this.current !== InstallerState.working) return this.current;
    switch (this.runStage()) {
      case StepOutcome.more:
        break;
      case StepOutcome.failed:
        this.fail();
        break;
      case StepOutcome.done:
        this.advance();
        break;
    }
    return this.current;
  }

  /** How much is done, in thousandths. */
  permille(): u32 {
    return Math.trunc((this.stage * 1000) / InstallationStage.complete);
  }

  /** The stage at hand, or the one that failed. */
  stageText(): string {
    return stageName(this.stage);
  }

  /** After a failure: `<stage>-<reason>`, as in the marker. */
  reason(): Bytes {
    return bytesOf(this.reasonText).slice(0, this.reasonLength);
  }

  /** Whether anything was written to the disk. */
  changedDisk(): boolean {
    return this.hasChanged;
  }

  /** Whether the disk boots RayOS: the commit point was reached, whatever failed behind it. */
  isCommitted(): boolean {
    return this.hasCommitted;
  }

  private runStage(): StepOutcome {
    const scratch = bytesOf(this.scratch);
    switch (this.stage) {
      case InstallationStage.checkRelease:
        return this.writer.checkRelease();
      case InstallationStage.saveTable:
        return this.saveTable();
      case InstallationStage.clearTable:
        return this.clearTable();
      case InstallationStage.bootFiles:
        return this.writer.installBootloader(this.progress.savedTable(), scratch);
      case InstallationStage.systemStore:
        return this.writer.writeRayosImage(scratch);
      case InstallationStage.recoveryStore:
        return this.writer.writeRecoveryPartition(scratch);
      case InstallationStage.stateRing:
        return this.writer.makeStateRing(scratch);
      case InstallationStage.data:
        return this.writer.formatData(scratch);
      case InstallationStage.verify:
        return this.verifyInstallation(scratch);
      case InstallationStage.emptyLog:
        return this.settle(this.progress.emptyLog(scratch));
      case InstallationStage.writeTable:
        return this.hasCommitted ? this.settle(this.progress.end()) : this.writeTable();
      default:
        return StepOutcome.done;
    }
  }

  /** The stage is done: on to the next one, noted on the disk where there is a record to note it in. */
  private advance(): void {
    this.stage = stageAfter(this.stage);
    this.writer.startStage();
    if (this.stage === InstallationStage.verify) this.verifier.begin();
    if (this.stage === InstallationStage.complete) {
      this.complete();
      return;
    }
    if (this.stage <= InstallationStage.saveTable || this.stage > InstallationStage.writeTable) return;
    if (this.settle(this.progress.persistInstallationState(this.stage)) === StepOutcome.failed) this.fail();
  }

  /** Step 1: opens the regions of the plan and writes record and old table. */
  private saveTable(): StepOutcome {
    const device = this.target.device();
    const created = this.progress.create(device, this.writer.installationId(), this.clock.unixSeconds());
    if (!created.ok) return this.failTable(created.error);
    if (!this.openRegions()) return this.failWith("out-of-range");
    const log = this.target.part(PartitionRole.log);
    this.hasChanged = true;
    return this.settle(this.progress.begin(device, log.firstLba, log.sectorCount));
  }

  private openRegions(): boolean {
    return (
      this.open(PartitionRole.efiSystem, this.regions.efiSystem) &&
      this.open(PartitionRole.system, this.regions.system) &&
      this.open(PartitionRole.recovery, this.regions.recovery) &&
      this.open(PartitionRole.state, this.regions.state) &&
      this.open(PartitionRole.log, this.regions.log) &&
      this.open(PartitionRole.data, this.regions.data)
    );
  }

  private open(role: PartitionRole, region: Region): boolean {
    const part = this.target.part(role);
    const opened = region.open(this.target.device(), part.firstLba, part.sectorCount);
    return opened.ok;
  }

  /** Step 2. Where others' partitions stay, their table stays too until the commit point. */
  private clearTable(): StepOutcome {
    const partitions = this.target.partitions;
    if (this.target.decision.intoFreeSpace) return StepOutcome.done;
    const started = partitions.startEmpty(this.target.device());
    if (!started.ok) return this.failTable(started.error);
    if (!this.target.replacesTable()) return StepOutcome.done;
    const written = partitions.writeTable(this.target.device());
    return written.ok ? StepOutcome.done : this.failTable(written.error);
  }

  /** Step 4. */
  private verifyInstallation(scratch: Bytes): StepOutcome {
    if (this.verifier.step(scratch) === VerifierState.done) return StepOutcome.done;
    if (utf8(this.verifier.problem()).length === 0) return StepOutcome.more;
    return this.failWith(this.verifier.problem());
  }

  /** Step 6: enters the partitions and commits; step 7 is the next piece of work. */
  private writeTable(): StepOutcome {
    const layout = this.target.layout;
    for (let i: u32 = 0; i < layout.partCount; i++) {
      const created = this.target.partitions.createPartition(layout.parts[i]);
      if (!created.ok) return this.failTable(created.error);
      this.numbers[i] = created.value;
    }
    const written = this.target.partitions.writeTable(this.target.device());
    if (!written.ok) return this.failTable(written.error);
    const marker = new TextWriter(bytesOf(this.line));
    for (let i: u32 = 0; i < layout.partCount; i++) {
      marker.clear();
      const part = layout.parts[i];
      installerPartitionCreated(marker, this.numbers[i], this.target.partBytes(part));
      this.markers.emit(marker.written());
    }
    this.hasCommitted = true;
    return StepOutcome.more;
  }

  private complete(): void {
    this.current = InstallerState.done;
    this.regions.close();
    const marker = new TextWriter(bytesOf(this.line));
    installerInstallComplete(marker, this.target.name());
    this.markers.emit(marker.written());
  }

  private fail(): void {
    this.current = InstallerState.failed;
    this.regions.close();
    if (this.reasonLength === 0) this.describeFault(this.writer.fault());
    const marker = new TextWriter(bytesOf(this.line));
    installerInstallFailed(marker, this.reason());
    this.markers.emit(marker.written());
  }

  private settle(result: Result<void, IoError>): StepOutcome {
    return result.ok ? StepOutcome.done : this.failWith(ioErrorName(result.error));
  }

  private failTable(error: TableError): StepOutcome {
    return this.failWith(tableErrorName(error));
  }

  private failWith(fault: string): StepOutcome {
    this.describeFault(fault);
    return StepOutcome.failed;
  }

  private describeFault(fault: string): void {
    const writer = new TextWriter(bytesOf(this.reasonText));
    writer.text(stageName(this.stage));
    writer.text("-");
    writer.text(fault);
    this.reasonLength = writer.written().length;
  }

  private releaseBytes(): u64 {
    let total: u64 = 0n;
    for (let i: u32 = 0; i < this.source.objectCount(); i++) {
      total += BigInt(this.source.objectBytes(i).length);
    }
    return total;
  }
}

/** The word for a table's error, for reasons in markers. */
export function tableErrorName(error: TableError): string {
  switch (error) {
    case TableError.none:
      return "none";
    case TableError.io:
      return "io-error";
    case TableError.disk:
      return "unsupported-disk";
    case TableError.noTable:
      return "no-table";
    case TableError.legacyMbr:
      return "mbr-table";
    case TableError.damaged:
      return "damaged";
    case TableError.unsupported:
      return "unsupported-table";
    case TableError.full:
      return "table-full";
    case TableError.badRange:
      return "overlapping-partitions";
    case TableError.badSave:
      return "bad-saved-table";
  }
}

function stageAfter(stage: InstallationStage): InstallationStage {
  switch (stage) {
    case InstallationStage.none:
      return InstallationStage.checkRelease;
    case InstallationStage.checkRelease:
      return InstallationStage.saveTable;
    case InstallationStage.saveTable:
      return InstallationStage.clearTable;
    case InstallationStage.clearTable:
      return InstallationStage.bootFiles;
    case InstallationStage.bootFiles:
      return InstallationStage.systemStore;
    case InstallationStage.systemStore:
      return InstallationStage.recoveryStore;
    case InstallationStage.recoveryStore:
      return InstallationStage.stateRing;
    case InstallationStage.stateRing:
      return InstallationStage.data;
    case InstallationStage.data:
      return InstallationStage.verify;
    case InstallationStage.verify:
      return InstallationStage.emptyLog;
    case InstallationStage.emptyLog:
      return InstallationStage.writeTable;
    case InstallationStage.writeTable:
    case InstallationStage.complete:
      return InstallationStage.complete;
  }
}
