/**
 * TableRestorer: finds the partition table that a disk had before RayOS was installed onto it, and puts it back.
 *
 * Where it looks, in this order: behind the progress record of an installation that was cut short; in the file
 * `\EFI\rayos\table.sav` of the EFI system partition; and, where the table is gone, in that file where the plan puts it.
 * What the old partitions held comes back only as far as nothing was written over it. Called by `install --restore-table`.
 */
import { PartitionRole } from "../format/partition-types.ts";
import { SavedTable, parseSavedTable } from "../format/saved-table.ts";
import { Region } from "../storage/region.ts";
import { restoreTable, SAVED_TABLE_ROOM_BYTES } from "../storage/table-backup.ts";
import { BootFiles, SAVED_TABLE_PATH } from "./boot-files.ts";
import { InstallationProgress } from "./installation-progress.ts";
import { Installer, tableErrorName } from "./installer.ts";

export const enum RestoreRefusal {
  none = 0,
  bootDisk = 1,
  readOnly = 2,
  /** No saved table of this disk was found. */
  nothingSaved = 3,
  logDisk = 4,
}

export class TableRestorer {
  private readonly buffer = new Uint8Array(SAVED_TABLE_ROOM_BYTES);
  private readonly files = new BootFiles();
  private readonly region = new Region();
  private readonly saved = new SavedTable();
  private savedBytes: u32 = 0;
  private disk: u32 = 0;

  constructor(
    private readonly installer: Installer,
    private readonly progress: InstallationProgress,
  ) {}

  /** Looks for the saved table of a disk. Nothing is written. */
  find(disk: u32): RestoreRefusal {
    this.disk = disk;
    this.savedBytes = 0;
    const disks = this.installer.target.disks;
    if (disks.isBootDisk(disk)) return RestoreRefusal.bootDisk;
    if (disks.isLogDisk(disk)) return RestoreRefusal.logDisk;
    if (disks.device(disk).isReadOnly()) return RestoreRefusal.readOnly;
    if (this.findBesideRecord(true) || this.findBesideRecord(false)) return RestoreRefusal.none;
    if (this.findInTable() || this.findInPlan()) return RestoreRefusal.none;
    return RestoreRefusal.nothingSaved;
  }

  /** Puts back what `find` found; the word for what went wrong, or nothing. Only after both confirmations. */
  restore(): string {
    assert(this.savedBytes > 0);
    const device = this.installer.target.disks.device(this.disk);
    const restored = restoreTable(device, bytesOf(this.buffer).slice(0, this.savedBytes));
    this.savedBytes = 0;
    return restored.ok ? "" : tableErrorName(restored.error);
  }

  private findBesideRecord(wholeDisk: boolean): boolean {
    if (!this.installer.planQuietly(this.disk, wholeDisk)) return false;
    const target = this.installer.target;
    const log = target.part(PartitionRole.log);
    const found = this.progress.find(target.device(), log.firstLba, log.sectorCount);
    if (!found.ok || !found.value) return false;
    const loaded = this.progress.loadSavedTable();
    if (!loaded.ok) return false;
    return this.keep(loaded.value);
  }

  private findInTable(): boolean {
    const target = this.installer.target;
    const device = target.disks.device(this.disk);
    target.partitions.enumeratePartitions(device);
    if (!target.partitions.openRole(device, PartitionRole.efiSystem, this.region)) return false;
    return this.readFile();
  }

  private findInPlan(): boolean {
    if (!this.installer.planQuietly(this.disk, true)) return false;
    const target = this.installer.target;
    const part = target.part(PartitionRole.efiSystem);
    const opened = this.region.open(target.device(), part.firstLba, part.sectorCount);
    return opened.ok && this.readFile();
  }

  private readFile(): boolean {
    const mounted = this.files.mount(this.region);
    if (!mounted.ok) return false;
    const size = this.files.open(SAVED_TABLE_PATH);
    if (!size.ok || size.value > SAVED_TABLE_ROOM_BYTES) return false;
    const read = this.files.read(0, bytesOf(this.buffer).slice(0, size.value));
    return read.ok && read.value === size.value && this.keep(bytesOf(this.buffer).slice(0, size.value));
  }

  /** Takes a record that is whole and of a disk of this size. */
  private keep(bytes: Bytes): boolean {
    const device = this.installer.target.disks.device(this.disk);
    if (!parseSavedTable(bytes, this.saved)) return false;
    if (this.saved.diskSectors !== device.sectorCount()) return false;
    if (this.saved.sectorBytes !== device.sectorBytes()) return false;
    this.savedBytes = this.saved.totalBytes();
    bytesOf(this.buffer).slice(0, this.savedBytes).copyFrom(bytes.slice(0, this.savedBytes));
    return true;
  }
}

/** The sentence for the user. */
export function restoreRefusalText(refusal: RestoreRefusal): string {
  switch (refusal) {
    case RestoreRefusal.none:
      return "a saved partition table was found";
    case RestoreRefusal.bootDisk:
      return "the running system was booted from this disk";
    case RestoreRefusal.readOnly:
      return "the disk cannot be written";
    case RestoreRefusal.nothingSaved:
      return "no saved partition table of this disk was found";
    case RestoreRefusal.logDisk:
      return "the log of the running system is on this disk";
  }
}
