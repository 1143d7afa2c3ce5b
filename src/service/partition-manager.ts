/**
 * PartitionManager: the partitions of one disk: what is there, what is to be made, and the file systems in them.
 *
 * Owns the table of the disk at hand in memory; nothing reaches the disk before `writeTable`, which is the commit point of every
 * change of partitions. Called by the installation target, the installer and the verifier, one disk at a time.
 */
import { GUID_BYTES, isGuid, makeRandomGuid, setGuid } from "../base/guid.ts";
import { BlockDevice } from "../device/block-device.ts";
import { Entropy } from "../device/entropy.ts";
import { Ext4Identity } from "../format/ext4.ts";
import { GPT_NAME_TEXT_BYTES, GptEntry, GptFault } from "../format/gpt.ts";
import { isRayosType, nameOfRole, PartitionRole, TYPE_EFI_SYSTEM } from "../format/partition-types.ts";
import { TYPE_LINUX_DATA, typeName, typeOfRole } from "../format/partition-types.ts";
import { LayoutRequest, PlannedPartition } from "../policy/disk-layout.ts";
import { DiskContents } from "../policy/target-validation.ts";
import { Ext4Error, Ext4Formatter } from "../storage/ext4-format.ts";
import { FatError } from "../storage/fat-error.ts";
import { FatIdentity, formatFat32 } from "../storage/fat-format.ts";
import { NO_SLOT, PartitionTable, TableError, TableSource } from "../storage/partition-table.ts";
import { Region } from "../storage/region.ts";

/** So much of a disk without a table is looked at before it counts as empty: superblocks of all usual file systems stand here. */
const HEAD_BYTES = 131072;

/** A partition for a listing. */
export class PartitionFacts {
  /** As other systems count: the slot, from 1. */
  number: u32 = 0;
  firstLba: u64 = 0n;
  sizeBytes: u64 = 0n;
  kind: string = "";
  nameLength: u32 = 0;
  readonly name = new Uint8Array(GPT_NAME_TEXT_BYTES);
}

export class PartitionManager {
  private readonly table = new PartitionTable();
  private readonly spare = new PartitionTable();
  private readonly entry = new GptEntry();
  private readonly guid = new Uint8Array(GUID_BYTES);
  private readonly fatIdentity = new FatIdentity();
  private readonly dataIdentity = new Ext4Identity();
  private readonly ext4 = new Ext4Formatter();
  private readonly head = new Uint8Array(HEAD_BYTES);
  private sectorBytes: u32 = 512;
  private tableError: TableError = TableError.none;

  constructor(private readonly entropy: Entropy) {}

  /** Reads the table and says what stands on the disk. */
  enumeratePartitions(device: BlockDevice): DiskContents {
    this.sectorBytes = device.sectorBytes();
    const read = this.table.read(device);
    this.tableError = read.ok ? TableError.none : read.error;
    switch (this.tableError) {
      case TableError.none:
        return this.contentsOfTable();
      case TableError.io:
        return DiskContents.unreadable;
      case TableError.noTable:
        return this.contentsWithoutTable(device);
      case TableError.legacyMbr:
        return DiskContents.legacy;
      default:
        return DiskContents.damagedTable;
    }
  }

  /** Whether the disk has a table that could be read. */
  hasTable(): boolean {
    return this.tableError === TableError.none && this.table.source() !== TableSource.none;
  }

  /** Whether only one copy of the table was whole. `enumeratePartitions` found it. */
  usesBackup(): boolean {
    return this.table.source() === TableSource.backup;
  }

  /** How many slots `describe` can be asked for. */
  slotCount(): u32 {
    return this.hasTable() ? this.table.slotCount() : 0;
  }

  /** Describes the partition in a slot; false where it is empty. */
  describe(slot: u32, into: PartitionFacts): boolean {
    if (!this.table.entry(slot, this.entry)) return false;
    into.number = slot + 1;
    into.firstLba = this.entry.firstLba;
    into.sizeBytes = u64(this.entry.sectorCount() * BigInt(this.sectorBytes));
    into.kind = typeName(bytesOf(this.entry.type));
    into.nameLength = this.entry.nameText(bytesOf(into.name));
    return true;
  }

  /**
   * Opens the partition of a role: of several of its type the one that bears the name that RayOS gives, or else the first. False,
   * and no region, where there is none.
   */
  openRole(device: BlockDevice, role: PartitionRole, into: Region): boolean {
    into.close();
    if (!this.hasTable()) return false;
    const type = typeOfRole(role);
    const first = this.table.findType(type, 0, this.entry);
    if (first === NO_SLOT) return false;
    let slot: u32 = first;
    while (slot !== NO_SLOT && !this.isNamed(nameOfRole(role)))
      slot = this.table.findType(type, slot + 1, this.entry);
    if (slot === NO_SLOT && !this.table.entry(first, this.entry)) return false;
    const opened = into.open(device, this.entry.firstLba, this.entry.sectorCount());
    return opened.ok;
  }

  /** Tells the planner what stays: every partition and the usable sectors. False where there are too many. */
  fillRequest(request: LayoutRequest): boolean {
    this.table.growToDisk();
    request.firstUsableLba = this.table.firstUsableLba();
    request.lastUsableLba = this.table.lastUsableLba();
    request.takenCount = 0;
    request.freeSlots = 0;
    for (let slot: u32 = 0; slot < this.table.slotCount(); slot++) {
      if (!this.table.entry(slot, this.entry)) request.freeSlots++;
      else if (!request.addTaken(this.entry.firstLba, this.entry.lastLba)) return false;
    }
    return true;
  }

  /** Starts a table without partitions for the whole disk, in memory. */
  startEmpty(device: BlockDevice): Result<void, TableError> {
    this.makeGuid();
    this.sectorBytes = device.sectorBytes();
    const created = this.table.create(device, bytesOf(this.guid));
    this.tableError = created.ok ? TableError.none : created.error;
    return created;
  }

  /** Enters a planned partition, in memory; the number it will have. */
  createPartition(part: PlannedPartition): Result<u32, TableError> {
    this.makeGuid();
    setGuid(bytesOf(this.entry.type), typeOfRole(part.role));
    bytesOf(this.entry.unique).copyFrom(bytesOf(this.guid));
    this.entry.firstLba = part.firstLba;
    this.entry.lastLba = part.firstLba + part.sectorCount - 1n;
    this.entry.attributes = 0n;
    this.entry.setName(utf8(nameOfRole(part.role)));
    const added = this.table.add(this.entry);
    return added.ok ? ok(added.value + 1) : added;
  }

  /** Writes the table to both ends of the disk and reads both copies back. */
  writeTable(device: BlockDevice): Result<void, TableError> {
    const written = this.table.write(device);
    if (!written.ok) return written;
    const read = this.table.read(device);
    if (!read.ok) return read;
    return this.checkCopies(device) === GptFault.none ? ok() : err(TableError.damaged);
  }

  /** Checks that both copies of the table are whole and agree. */
  checkCopies(device: BlockDevice): GptFault {
    if (this.table.source() !== TableSource.primary) return this.table.primaryFault();
    return this.table.checkBackup(device, this.spare);
  }

  /** Whether both copies of the table are whole and agree. */
  copiesAgree(device: BlockDevice): boolean {
    return this.checkCopies(device) === GptFault.none;
  }

  /** Makes an empty FAT32 in an EFI system partition. */
  formatEfiSystem(region: Region, seconds: u64, scratch: Bytes): Result<void, FatError> {
    this.makeGuid();
    this.fatIdentity.volumeId = bytesOf(this.guid).u32le(0);
    this.fatIdentity.hiddenSectors = u32(Number(region.firstLba() & 0xffffffffn));
    this.fatIdentity.unixSeconds = seconds;
    this.fatIdentity.setLabel("RAYOS EFI");
    return formatFat32(region, this.fatIdentity, scratch);
  }

  /** Makes an empty ext4 in a data partition. */
  formatData(region: Region, seconds: u64, scratch: Bytes): Result<void, Ext4Error> {
    this.makeGuid();
    bytesOf(this.dataIdentity.uuid).copyFrom(bytesOf(this.guid));
    this.dataIdentity.unixSeconds = seconds;
    this.dataIdentity.setLabel("rayos-data");
    return this.ext4.format(region, this.dataIdentity, scratch);
  }

  private contentsOfTable(): DiskContents {
    let rayos: boolean = false;
    let others: boolean = false;
    let any: boolean = false;
    for (let slot: u32 = 0; slot < this.table.slotCount(); slot++) {
      if (!this.table.entry(slot, this.entry)) continue;
      any = true;
      if (isRayosType(bytesOf(this.entry.type))) rayos = true;
      else if (!this.mayBeOurs()) others = true;
    }
    if (!any) return DiskContents.emptyTable;
    if (!rayos) return DiskContents.others;
    return others ? DiskContents.rayosBesideOthers : DiskContents.rayos;
  }

  /** Whether the entry at hand, which is not of a type of ours, is one that an installation of RayOS makes. */
  private mayBeOurs(): boolean {
    const isEsp = isGuid(bytesOf(this.entry.type), TYPE_EFI_SYSTEM);
    if (!isEsp && !isGuid(bytesOf(this.entry.type), TYPE_LINUX_DATA)) return false;
    return this.isNamed(nameOfRole(isEsp ? PartitionRole.efiSystem : PartitionRole.data));
  }

  /** Whether the entry at hand bears this name. */
  private isNamed(name: string): boolean {
    const text = new Uint8Array(GPT_NAME_TEXT_BYTES);
    const length = this.entry.nameText(bytesOf(text));
    return bytesOf(text).slice(0, length).equals(utf8(name));
  }

  private contentsWithoutTable(device: BlockDevice): DiskContents {
    const head = bytesOf(this.head);
    const room = device.sectorCount() * BigInt(device.sectorBytes());
    if (room < BigInt(HEAD_BYTES)) return DiskContents.unknownData;
    const read = device.read(0n, head);
    if (!read.ok) return DiskContents.unreadable;
    for (let at: u32 = 0; at < HEAD_BYTES; at += 8) {
      if (head.u64le(at) !== 0n) return DiskContents.unknownData;
    }
    return DiskContents.blank;
  }

  private makeGuid(): void {
    this.entropy.fill(bytesOf(this.guid));
    makeRandomGuid(bytesOf(this.guid));
  }
}
