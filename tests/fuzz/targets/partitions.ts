/**
 * Fuzz target: the partitions of a disk: MBR, both copies of a GPT, the boot sectors of file systems, the saved table of the installer.
 *
 *     input: flags, call that fails, then patches of the disk's places that matter, or of the saved table
 *
 * Headers and arrays are given right checksums again, unless the flags say otherwise, so that what is behind them is reached.
 */
import { crc32, crc32WithoutField } from "../../../src/base/crc32.ts";
import { setGuid } from "../../../src/base/guid.ts";
import { GptEntry } from "../../../src/format/gpt.ts";
import {
  PartitionRole,
  TYPE_EFI_SYSTEM,
  TYPE_LINUX_DATA,
  typeOfRole,
} from "../../../src/format/partition-types.ts";
import { SAVED_TABLE_HEAD_BYTES } from "../../../src/format/saved-table.ts";
import { LayoutRequest } from "../../../src/policy/disk-layout.ts";
import { PartitionFacts, PartitionManager } from "../../../src/service/partition-manager.ts";
import { PartitionTable } from "../../../src/storage/partition-table.ts";
import { Region } from "../../../src/storage/region.ts";
import { restoreTable, SAVED_TABLE_ROOM_BYTES, saveTable } from "../../../src/storage/table-backup.ts";
import { Digest } from "../support/digest.ts";
import { FuzzArea, FuzzDisk } from "../support/fuzz-disk.ts";
import { FuzzInput } from "../support/fuzz-input.ts";
import { FuzzChance } from "../support/quiet-parts.ts";

const DISK_BYTES: u64 = 1073741824n;
const ARRAY_BYTES = 16384;
const SECTOR_LIMIT_BYTES = 4096;
const AREAS = 5;
const HEADER_BYTES = 92;
const HEADER_CRC_AT = 16;
const ARRAY_CRC_AT = 88;
/** Flags of the input. */
const LARGE_SECTORS = 1;
const WRONG_HEADERS = 2;
const WRONG_ARRAYS = 4;
const CHANGES = 8;
const SAVED_IS_PATCHED = 16;
const SAVED_IS_WRONG = 32;

class FuzzTable {
  readonly disk = new FuzzDisk();
  readonly areas = fixedArray(AREAS, () => new FuzzArea());
  /** The table as the installer saves it. */
  readonly saved = new Uint8Array(SAVED_TABLE_ROOM_BYTES);
  savedLength: u32 = 0;
}

class Scratch {
  readonly guid = new Uint8Array(16);
  readonly sector = new Uint8Array(SECTOR_LIMIT_BYTES);
  readonly array = new Uint8Array(ARRAY_BYTES);
  readonly saved = new Uint8Array(SAVED_TABLE_ROOM_BYTES);
}

const scratch = new Scratch();
const small = new FuzzTable();
const large = new FuzzTable();
const chance = new FuzzChance();
const table = new PartitionTable();
const spare = new PartitionTable();
const partitions = new PartitionManager(chance);
const facts = new PartitionFacts();
const request = new LayoutRequest();
const region = new Region();
const entry = new GptEntry();
const input = new FuzzInput();

export function prepare(): void {
  makeDisk(small, 512);
  makeDisk(large, SECTOR_LIMIT_BYTES);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const one = (flags & LARGE_SECTORS) === 0 ? small : large;
  one.disk.rewind();
  chance.reset();
  const failAt = input.u8();
  if ((flags & SAVED_IS_PATCHED) !== 0) {
    restorePatched(one, flags, failAt, digest);
  } else {
    patch(one);
    if ((flags & WRONG_ARRAYS) === 0) mendArrays(one);
    if ((flags & WRONG_HEADERS) === 0) mendHeaders(one);
    one.disk.failAt = failAt;
  }
  readTable(one, digest);
  list(one, digest);
  save(one, digest);
  if ((flags & CHANGES) !== 0) change(one, digest);
}

function makeDisk(one: FuzzTable, sectorBytes: u32): void {
  const disk = one.disk;
  disk.make(sectorBytes, DISK_BYTES);
  bytesOf(scratch.guid).fill(0x77);
  assert(table.create(disk, bytesOf(scratch.guid)).ok);
  add(TYPE_EFI_SYSTEM, 2048n, 4095n);
  add(typeOfRole(PartitionRole.log), 4096n, 8191n);
  add(TYPE_LINUX_DATA, 8192n, 9000n);
  assert(table.write(disk).ok);
  const saved = saveTable(disk, bytesOf(one.saved));
  assert(saved.ok);
  one.savedLength = saved.ok ? saved.value : 0;
  disk.seal();
  const bytes = BigInt(sectorBytes);
  const last = (disk.sectorCount() - 1n) * bytes;
  one.areas[0].set(440n, 72);
  one.areas[1].set(bytes, HEADER_BYTES);
  one.areas[2].set(2n * bytes, 512);
  one.areas[3].set(last, HEADER_BYTES);
  one.areas[4].set(0n, 65535);
}

function add(type: string, first: u64, last: u64): void {
  setGuid(bytesOf(entry.type), type);
  bytesOf(entry.unique).fill(u8(Number(first & 0x7fn) + Number(last & 0x7fn) + 1));
  entry.setName(utf8("rayos-log"));
  entry.firstLba = first;
  entry.lastLba = last;
  assert(table.add(entry).ok);
}

function patch(one: FuzzTable): void {
  while (input.left() > 0) {
    const area = one.areas[input.u8() % AREAS];
    if (!input.nextPatch()) return;
    const at: u32 = input.patchAt % area.length;
    one.disk.poke(u64(area.from + BigInt(at)), input.patchBytes(u32(area.length - at)));
  }
}

/** Both headers name the checksum of the array that stands at the usual place of each. */
function mendArrays(one: FuzzTable): void {
  const bytes = BigInt(one.disk.sectorBytes());
  const last = (one.disk.sectorCount() - 1n) * bytes;
  mendArray(one, bytes, 2n * bytes);
  mendArray(one, last, u64(last - BigInt(ARRAY_BYTES)));
}

function mendArray(one: FuzzTable, headerAt: u64, arrayAt: u64): void {
  const array = bytesOf(scratch.array);
  const sum = bytesOf(scratch.sector).slice(0, 4);
  one.disk.peek(arrayAt, array);
  sum.setU32le(0, crc32(array));
  one.disk.poke(u64(headerAt + BigInt(ARRAY_CRC_AT)), sum);
}

function mendHeaders(one: FuzzTable): void {
  const bytes = BigInt(one.disk.sectorBytes());
  mendHeader(one, bytes);
  mendHeader(one, (one.disk.sectorCount() - 1n) * bytes);
}

function mendHeader(one: FuzzTable, at: u64): void {
  const header = bytesOf(scratch.sector).slice(0, one.disk.sectorBytes());
  one.disk.peek(at, header);
  const claimed = header.u32le(12);
  if (claimed < 20 || claimed > header.length) return;
  header.setU32le(HEADER_CRC_AT, crc32WithoutField(header.slice(0, claimed), HEADER_CRC_AT));
  one.disk.poke(at, header);
}

/** The saved table is patched, sealed again where the flags say so, and put back. */
function restorePatched(one: FuzzTable, flags: u8, failAt: u8, digest: Digest): void {
  const saved = bytesOf(scratch.saved).slice(0, one.savedLength);
  saved.copyFrom(bytesOf(one.saved).slice(0, one.savedLength));
  input.patchRecord(saved);
  if ((flags & SAVED_IS_WRONG) === 0) reseal(saved);
  one.disk.failAt = failAt;
  const restored = restoreTable(one.disk, saved);
  digest.flag(restored.ok);
}

/** Right checksums for what the record now claims, as far as that lies within it. */
function reseal(saved: Bytes): void {
  const claimed = BigInt(saved.u32le(12)) * (BigInt(saved.u32le(24)) + BigInt(saved.u32le(28)));
  if (claimed <= BigInt(saved.length - SAVED_TABLE_HEAD_BYTES)) {
    saved.setU32le(32, crc32(saved.slice(SAVED_TABLE_HEAD_BYTES, u32(Number(claimed)))));
  }
  saved.setU32le(36, crc32WithoutField(saved.slice(0, 48), 36));
}

function readTable(one: FuzzTable, digest: Digest): void {
  const read = table.read(one.disk);
  digest.flag(read.ok);
  digest.byte(table.primaryFault());
  digest.byte(table.backupFault());
  if (!read.ok) return;
  digest.flag(table.isShort());
  digest.bytes(table.diskGuid());
  digest.number(table.findType(TYPE_EFI_SYSTEM, 0, entry));
  digest.number(table.findUnique(bytesOf(scratch.guid), entry));
}

function list(one: FuzzTable, digest: Digest): void {
  digest.byte(partitions.enumeratePartitions(one.disk));
  if (!partitions.hasTable()) return;
  for (let slot: u32 = 0; slot < partitions.slotCount(); slot++) {
    if (!partitions.describe(slot, facts)) continue;
    digest.big(facts.firstLba);
    digest.big(facts.sizeBytes);
    digest.text(facts.kind);
    digest.bytes(bytesOf(facts.name).slice(0, facts.nameLength));
  }
  digest.flag(partitions.openRole(one.disk, PartitionRole.log, region));
  digest.big(region.sectorCount());
  digest.flag(partitions.fillRequest(request));
  digest.number(request.takenCount);
  if (!partitions.usesBackup()) digest.flag(partitions.copiesAgree(one.disk));
}

function save(one: FuzzTable, digest: Digest): void {
  const saved = saveTable(one.disk, bytesOf(scratch.saved));
  digest.number(saved.ok ? saved.value : 0);
}

/** A partition removed and one added, and the table written; it is read back as it was written, unless the disk fails. */
function change(one: FuzzTable, digest: Digest): void {
  const read = table.read(one.disk);
  if (!read.ok) return;
  table.growToDisk();
  table.remove(0);
  entry.firstLba = 10000n;
  entry.lastLba = 10001n;
  setGuid(bytesOf(entry.type), TYPE_LINUX_DATA);
  bytesOf(entry.unique).fill(0x33);
  const added = table.add(entry);
  digest.flag(added.ok);
  const written = table.write(one.disk);
  digest.flag(written.ok);
  if (!written.ok) return;
  one.disk.failAt = 0;
  assert(spare.read(one.disk).ok, "a table that was written is read back");
}
