/**
 * InstallationProgress: how far the installation of one disk came, kept on that disk (specification, section 2).
 *
 * Owns the record at the front of the planned log partition and, behind it, the disk's old partition table. `begin` makes
 * both durable before anything else of the disk is changed; `persistInstallationState` notes each stage; `end` puts zeros there when the
 * new table is durable. A record that is found later means: cut short, to be done again. Only one of the last stage, in a partition that the
 * new table names, means that all was done but to take the record away: `settle` does that.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import { INSTALLATION, INSTALLATION_RECORD_BYTES } from "../format/installation-record.ts";
import {
  isInstallationRecord,
  makeInstallationRecord,
  sealInstallationRecord,
} from "../format/installation-record.ts";
import { SAVED_TABLE_ROOM_BYTES, saveTable } from "../storage/table-backup.ts";
import { TableError } from "../storage/partition-table.ts";
import { Region } from "../storage/region.ts";

/** The stages in their order; the numbers stand on disks. */
export const enum InstallationStage {
  none = 0,
  /** The release in memory is hashed. Nothing of the disk is changed. */
  checkRelease = 1,
  /** The old table is saved on the disk, beside the record. */
  saveTable = 2,
  /** An old table of a whole disk gives way to an empty one: nothing on it can boot any more. */
  clearTable = 3,
  bootFiles = 4,
  systemStore = 5,
  recoveryStore = 6,
  stateRing = 7,
  data = 8,
  /** Everything is read back. */
  verify = 9,
  /** Zeros behind record and saved table, as far as a log looks for what is not its own. */
  emptyLog = 10,
  /** The new table: the commit point. Then the record goes. */
  writeTable = 11,
  complete = 12,
}

/** What the log finds at its front is zeros, this far. */
const CLEARED_BYTES = 1048576;
const BUFFER_BYTES = INSTALLATION_RECORD_BYTES + SAVED_TABLE_ROOM_BYTES;

export class InstallationProgress {
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private readonly region = new Region();
  private savedBytes: u32 = 0;

  /** Reads the old table into memory. Nothing is written. */
  create(device: BlockDevice, installationId: Bytes, seconds: u64): Result<void, TableError> {
    makeInstallationRecord(this.record(), installationId, seconds);
    const saved = saveTable(
      device,
      bytesOf(this.buffer).slice(INSTALLATION_RECORD_BYTES, SAVED_TABLE_ROOM_BYTES),
    );
    if (!saved.ok) {
      this.savedBytes = 0;
      return err(saved.error);
    }
    this.savedBytes = saved.value;
    INSTALLATION.savedTableBytes.set(this.record(), this.savedBytes);
    return ok();
  }

  /** The first write of an installation: record and old table, durable on return. The region is the log partition to be. */
  begin(device: BlockDevice, firstLba: u64, sectorCount: u64): Result<void, IoError> {
    const opened = this.region.open(device, firstLba, sectorCount);
    if (!opened.ok) return opened;
    INSTALLATION.stage.set(this.record(), InstallationStage.saveTable);
    sealInstallationRecord(this.record());
    return this.write(bytesOf(this.buffer).slice(0, INSTALLATION_RECORD_BYTES + this.savedBytes));
  }

  /** Notes that a stage begins, durable on return. */
  persistInstallationState(stage: InstallationStage): Result<void, IoError> {
    INSTALLATION.stage.set(this.record(), stage);
    sealInstallationRecord(this.record());
    return this.write(this.record());
  }

  /** Puts zeros behind the record and the saved table, durably. `scratch` is overwritten with zeros. */
  emptyLog(scratch: Bytes): Result<void, IoError> {
    assert(scratch.length >= CLEARED_BYTES - BUFFER_BYTES);
    return this.clear(BUFFER_BYTES, scratch.slice(0, CLEARED_BYTES - BUFFER_BYTES));
  }

  /**
   * The log begins empty: 1. the saved table, 2. the record, which stands in one sector and so is there or gone. Durable on return. Only after
   * the new table is.
   */
  end(): Result<void, IoError> {
    const cleared = this.clear(
      INSTALLATION_RECORD_BYTES,
      bytesOf(this.buffer).slice(INSTALLATION_RECORD_BYTES, SAVED_TABLE_ROOM_BYTES),
    );
    if (!cleared.ok) return cleared;
    return this.clear(0, this.record());
  }

  /** Ends what a power cut kept from ending: a record of the last stage in the log partition that a table names. All else stays. */
  settle(device: BlockDevice, firstLba: u64, sectorCount: u64): Result<void, IoError> {
    const opened = this.region.open(device, firstLba, sectorCount);
    if (!opened.ok) return opened;
    // What does not read is no record of ours: a bad sector costs the log its place, and no more than that.
    const read = this.region.read(0n, this.record());
    if (
      !read.ok ||
      !isInstallationRecord(this.record()) ||
      this.foundStage() !== InstallationStage.writeTable
    )
      return ok();
    return this.end();
  }

  /** The saved table, to be kept as a file too. */
  savedTable(): Bytes {
    return bytesOf(this.buffer).slice(INSTALLATION_RECORD_BYTES, this.savedBytes);
  }

  /** Looks for the record of an installation that was cut short at the front of a log partition to be. */
  find(device: BlockDevice, firstLba: u64, sectorCount: u64): Result<boolean, IoError> {
    const opened = this.region.open(device, firstLba, sectorCount);
    if (!opened.ok) return err(opened.error);
    const read = this.region.read(0n, this.record());
    if (!read.ok) return err(read.error);
    return ok(isInstallationRecord(this.record()));
  }

  /** After `find`: the stage that was begun last. */
  foundStage(): u32 {
    return INSTALLATION.stage.get(this.record());
  }

  /** After `find`: reads the saved table that the record keeps; empty where it keeps none. */
  loadSavedTable(): Result<Bytes, IoError> {
    const length = INSTALLATION.savedTableBytes.get(this.record());
    const room = bytesOf(this.buffer).slice(INSTALLATION_RECORD_BYTES, SAVED_TABLE_ROOM_BYTES);
    if (length > room.length || length % this.region.sectorBytes() !== 0) return ok(room.slice(0, 0));
    const from = BigInt(Math.trunc(INSTALLATION_RECORD_BYTES / this.region.sectorBytes()));
    const read = this.region.read(from, room.slice(0, length));
    return read.ok ? ok(room.slice(0, length)) : err(read.error);
  }

  private record(): Bytes {
    return bytesOf(this.buffer).slice(0, INSTALLATION_RECORD_BYTES);
  }

  /** Overwrites a piece of memory and as much of the region with zeros. */
  private clear(from: u32, zeros: Bytes): Result<void, IoError> {
    zeros.fill(0);
    const written = this.region.write(BigInt(Math.trunc(from / this.region.sectorBytes())), zeros);
    if (!written.ok) return written;
    return this.region.flush();
  }

  private write(bytes: Bytes): Result<void, IoError> {
    const written = this.region.write(0n, bytes);
    if (!written.ok) return written;
    return this.region.flush();
  }
}

/** The word for a stage, for the progress line and for reasons. */
export function stageName(stage: InstallationStage): string {
  switch (stage) {
    case InstallationStage.none:
      return "prepare";
    case InstallationStage.checkRelease:
      return "check-release";
    case InstallationStage.saveTable:
      return "save-table";
    case InstallationStage.clearTable:
      return "clear-table";
    case InstallationStage.bootFiles:
      return "boot-files";
    case InstallationStage.systemStore:
      return "system-store";
    case InstallationStage.recoveryStore:
      return "recovery-store";
    case InstallationStage.stateRing:
      return "state-ring";
    case InstallationStage.data:
      return "data";
    case InstallationStage.verify:
      return "verify";
    case InstallationStage.emptyLog:
      return "log";
    case InstallationStage.writeTable:
      return "partition-table";
    case InstallationStage.complete:
      return "complete";
  }
}
