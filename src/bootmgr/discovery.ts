/**
 * Discovery: every RayOS installation on every disk, found by the types of its partitions.
 *
 * An installation is a disk with a RayOS system or recovery partition whose object store opens. The table of installations
 * is fixed; disks beyond it are named and left out. The one on the medium that the firmware started us from comes first: it
 * is the default. Called once at the start, and once more after every driver was woken if nothing was found.
 */
import { formatGuid, GUID_BYTES, GUID_TEXT_LENGTH, isNilGuid } from "../base/guid.ts";
import { TextWriter } from "../base/text-writer.ts";
import { isBelow } from "../format/device-path.ts";
import { GptEntry } from "../format/gpt.ts";
import {
  TYPE_EFI_SYSTEM,
  TYPE_RAYOS_RECOVERY,
  TYPE_RAYOS_STATE,
  TYPE_RAYOS_SYSTEM,
} from "../format/partition-types.ts";
import { ROOT } from "../format/store.ts";
import { ObjectStore, StoreError, storeErrorText } from "../storage/object-store.ts";
import { NO_SLOT, PartitionTable, TableError, TableSource } from "../storage/partition-table.ts";
import { Region } from "../storage/region.ts";
import { bootMediumPath } from "./firmware.ts";
import { FirmwareConsole } from "./firmware-console.ts";
import { DiskHandles, FirmwareDisk } from "./firmware-disk.ts";

export const INSTALLATION_LIMIT = 8;
const LINE_BYTES = 256;

/** RayOS on one disk. `store` or `recoveryStore` is open, or both. */
export class Installation {
  readonly disk = new FirmwareDisk();
  readonly systemRegion = new Region();
  readonly recoveryRegion = new Region();
  readonly stateRegion = new Region();
  readonly store = new ObjectStore();
  readonly recoveryStore = new ObjectStore();
  hasState: boolean = false;
  /** The firmware started us from this disk. */
  isBootMedium: boolean = false;
  isUsb: boolean = false;
  readonly installationId = new Uint8Array(GUID_BYTES);
  readonly diskGuid = new Uint8Array(GUID_BYTES);
  readonly systemGuid = new Uint8Array(GUID_BYTES);
  /** All zero on a disk without an EFI system partition. */
  readonly espGuid = new Uint8Array(GUID_BYTES);
}

class Search {
  readonly handles = new DiskHandles();
  readonly probe = new FirmwareDisk();
  readonly table = new PartitionTable();
  readonly entry = new GptEntry();
}

const search = new Search();

export class Installations {
  private count: u32 = 0;
  private readonly found = fixedArray(INSTALLATION_LIMIT, () => new Installation());

  length(): u32 {
    return this.count;
  }

  at(index: u32): Installation {
    assert(index < this.count);
    return this.found[index];
  }

  /** Looks at every disk. What is wrong with one is said on the console and keeps none of the others from being found. */
  find(console: FirmwareConsole): void {
    this.count = 0;
    search.handles.find();
    const bootPath = bootMediumPath();
    // The boot medium's own disk in the first round, all others in the second.
    this.takeDisks(console, bootPath, true);
    this.takeDisks(console, bootPath, false);
    this.reportTwins(console);
  }

  private takeDisks(console: FirmwareConsole, bootPath: Bytes, isBootMedium: boolean): void {
    for (let i: u32 = 0; i < search.handles.length(); i++) {
      const handle = search.handles.handle(i);
      if (!search.probe.open(handle)) continue;
      if (isBelow(bootPath, search.probe.path()) !== isBootMedium) continue;
      const read = search.table.read(search.probe);
      // No table: a foreign disk. One that is damaged in both copies may have been ours.
      if (!read.ok && read.error === TableError.damaged) reportDamagedTable(console);
      if (!read.ok) continue;
      if (!hasRayos()) continue;
      if (this.count === INSTALLATION_LIMIT) {
        console.write(utf8("RayOS is on more disks than the menu can show; the rest are left out.\n"));
        return;
      }
      const place = this.found[this.count];
      place.isBootMedium = isBootMedium;
      if (!openInstallation(place, handle, console)) continue;
      if (search.table.source() === TableSource.backup) reportBackupTable(place, console);
      this.count++;
    }
  }

  /** A disk that was copied sector by sector bears the ids of the first: both are named, so that nobody boots the wrong one unknowingly. */
  private reportTwins(console: FirmwareConsole): void {
    const line = new Uint8Array(LINE_BYTES);
    const out = new TextWriter(bytesOf(line));
    for (let i: u32 = 1; i < this.count; i++) {
      for (let j: u32 = 0; j < i; j++) {
        if (!bytesOf(this.found[i].installationId).equals(bytesOf(this.found[j].installationId))) continue;
        out.clear();
        out.text("Two disks bear the same RayOS installation, one is a copy: ");
        writeDiskName(out, this.found[j]);
        out.text(" and ");
        writeDiskName(out, this.found[i]);
        console.writeLine(out);
      }
    }
  }
}

/** Writes the installation's id, 36 characters. */
export function writeInstallationId(out: TextWriter, installation: Installation): void {
  const text = new Uint8Array(GUID_TEXT_LENGTH);
  formatGuid(bytesOf(installation.installationId), bytesOf(text));
  out.bytes(bytesOf(text));
}

/** Writes what people call the disk: its kind, its size, the first digits of its GUID. */
export function writeDiskName(out: TextWriter, installation: Installation): void {
  const text = new Uint8Array(GUID_TEXT_LENGTH);
  formatGuid(bytesOf(installation.diskGuid), bytesOf(text));
  const bytes = installation.disk.sectorCount() * BigInt(installation.disk.sectorBytes());
  out.text(installation.isUsb ? "USB disk" : "disk");
  out.text(` of ${u64(bytes / 0x10_0000n)} MiB (`);
  out.bytes(bytesOf(text).slice(0, 8));
  out.text(")");
}

/** The disk is `search.probe`, which bears no name that could be trusted. */
function reportDamagedTable(console: FirmwareConsole): void {
  const line = new Uint8Array(LINE_BYTES);
  const out = new TextWriter(bytesOf(line));
  const bytes = search.probe.sectorCount() * BigInt(search.probe.sectorBytes());
  out.text(
    `A disk of ${u64(bytes / 0x10_0000n)} MiB is left out: both copies of its partition table are damaged.`,
  );
  console.writeLine(out);
}

function reportBackupTable(installation: Installation, console: FirmwareConsole): void {
  const line = new Uint8Array(LINE_BYTES);
  const out = new TextWriter(bytesOf(line));
  out.text("RayOS on the ");
  writeDiskName(out, installation);
  out.text(": the first copy of the partition table is damaged, the second one is used.");
  console.writeLine(out);
}

function hasRayos(): boolean {
  if (search.table.findType(TYPE_RAYOS_SYSTEM, 0, search.entry) !== NO_SLOT) return true;
  return search.table.findType(TYPE_RAYOS_RECOVERY, 0, search.entry) !== NO_SLOT;
}

/** Fills `place` from the disk that `search.table` was read from; false where no store opens. */
function openInstallation(place: Installation, handle: u64, console: FirmwareConsole): boolean {
  if (!place.disk.open(handle)) return false;
  place.isUsb = place.disk.isUsb();
  bytesOf(place.diskGuid).copyFrom(search.table.diskGuid());
  bytesOf(place.systemGuid).fill(0);
  bytesOf(place.espGuid).fill(0);
  if (search.table.findType(TYPE_EFI_SYSTEM, 0, search.entry) !== NO_SLOT) {
    bytesOf(place.espGuid).copyFrom(bytesOf(search.entry.unique));
  }
  place.hasState = openRegion(place, TYPE_RAYOS_STATE, place.stateRegion);
  const hasRecovery = openRegion(place, TYPE_RAYOS_RECOVERY, place.recoveryRegion);
  const hasSystem = openRegion(place, TYPE_RAYOS_SYSTEM, place.systemRegion);
  if (hasSystem) bytesOf(place.systemGuid).copyFrom(bytesOf(search.entry.unique));
  const systemOpens = hasSystem && openStore(place, place.store, place.systemRegion, "system", console);
  const recoveryOpens =
    hasRecovery && openStore(place, place.recoveryStore, place.recoveryRegion, "recovery", console);
  if (!systemOpens && !recoveryOpens) return false;
  const root = systemOpens ? place.store.root() : place.recoveryStore.root();
  bytesOf(place.installationId).copyFrom(ROOT.installationId.of(root));
  return !isNilGuid(bytesOf(place.installationId));
}

/** Makes `region` the first partition of this type; false where there is none. Leaves its entry in `search.entry`. */
function openRegion(place: Installation, type: string, region: Region): boolean {
  region.close();
  if (search.table.findType(type, 0, search.entry) === NO_SLOT) return false;
  const sectors: u64 = search.entry.lastLba - search.entry.firstLba + 1n;
  return region.open(place.disk, search.entry.firstLba, sectors).ok;
}

function openStore(
  place: Installation,
  store: ObjectStore,
  region: Region,
  name: string,
  console: FirmwareConsole,
): boolean {
  const opened = store.open(region);
  if (opened.ok) return true;
  store.close();
  // A recovery partition that was never filled is no fault.
  if (opened.error === StoreError.notAStore && name === "recovery") return false;
  const line = new Uint8Array(LINE_BYTES);
  const out = new TextWriter(bytesOf(line));
  out.text("RayOS on the ");
  writeDiskName(out, place);
  out.text(`: ${name} partition: `);
  out.text(storeErrorText(opened.error));
  console.writeLine(out);
  return false;
}
