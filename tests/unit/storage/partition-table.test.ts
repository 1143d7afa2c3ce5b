import { setGuid } from "../../../src/base/guid.ts";
import { GptEntry, GptFault } from "../../../src/format/gpt.ts";
import { TYPE_EFI_SYSTEM, TYPE_LINUX_DATA, TYPE_RAYOS_LOG } from "../../../src/format/partition-types.ts";
import { NO_SLOT, PartitionTable, TableError, TableSource } from "../../../src/storage/partition-table.ts";
import { restoreTable, SAVED_TABLE_ROOM_BYTES, saveTable } from "../../../src/storage/table-backup.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { SparseDisk } from "./sparse-disk.ts";

class Scratch {
  readonly sectors = new Uint8Array(16384);
  readonly saved = new Uint8Array(SAVED_TABLE_ROOM_BYTES);
  readonly again = new Uint8Array(SAVED_TABLE_ROOM_BYTES);
  readonly guid = new Uint8Array(16);
}

const scratch = new Scratch();
const disk = new SparseDisk();
const table = new PartitionTable();
const second = new PartitionTable();
const entry = new GptEntry();

export function main(): void {
  roundTrip(512);
  roundTrip(4096);
  fallback(512);
  fallback(4096);
  refusals();
  otherDisks();
  growth();
  powerCut();
  saveAndRestore(512);
  saveAndRestore(4096);
}

function roundTrip(sectorBytes: u32): void {
  test("a written table is read back with one command, its partitions as they were");
  makeTable(sectorBytes);
  equal(disk.writes, 2);
  equal(disk.flushes, 2);
  disk.resetCounts();
  equal(read(), TableError.none);
  equal(disk.reads, 1);
  equal(table.source(), TableSource.primary);
  equal(table.findType(TYPE_RAYOS_LOG, 0, entry), 1);
  equalBig(entry.firstLba, 4096n);
  equal(table.findType(TYPE_LINUX_DATA, 0, entry), NO_SLOT);
  bytesOf(scratch.guid).fill(1);
  equal(table.findUnique(bytesOf(scratch.guid), entry), 0);
  equal(table.checkBackup(disk, second), GptFault.none);
  isTrue(!table.isShort());
}

function fallback(sectorBytes: u32): void {
  test("a damaged primary copy is named and the backup taken; writing mends both");
  makeTable(sectorBytes);
  flip(BigInt(sectorBytes) + 40n);
  equal(read(), TableError.none);
  equal(table.source(), TableSource.backup);
  equal(table.primaryFault(), GptFault.headerCrc);
  equal(table.findType(TYPE_RAYOS_LOG, 0, entry), 1);
  isTrue(table.write(disk).ok);
  equal(read(), TableError.none);
  equal(table.source(), TableSource.primary);

  flip(2n * BigInt(sectorBytes) + 130n);
  equal(read(), TableError.none);
  equal(table.primaryFault(), GptFault.arrayCrc);
  isTrue(table.write(disk).ok);
  equal(read(), TableError.none);
  equal(table.checkBackup(disk, second), GptFault.none);

  test("a damaged backup is named and does not hinder");
  flip((disk.sectorCount() - 1n) * BigInt(sectorBytes) + 9n);
  equal(read(), TableError.none);
  equal(table.checkBackup(disk, second), GptFault.revision);

  test("without a whole copy there is no table");
  flip(BigInt(sectorBytes) + 16n);
  equal(read(), TableError.damaged);
  equal(table.source(), TableSource.none);
}

function refusals(): void {
  test("a partition that is empty, unusable or taken is refused, and so is one too many");
  makeTable(512);
  equal(add(TYPE_LINUX_DATA, 33n, 40n), TableError.badRange);
  equal(add(TYPE_LINUX_DATA, 2000n, 1999n), TableError.badRange);
  equal(add(TYPE_LINUX_DATA, 4095n, 4095n), TableError.badRange);
  equal(add(TYPE_LINUX_DATA, 100n, 2048n), TableError.badRange);
  equal(add(TYPE_LINUX_DATA, 100n, 9000n), TableError.badRange);
  equal(add(TYPE_LINUX_DATA, 9000n, table.lastUsableLba() + 1n), TableError.badRange);
  for (let i: u32 = 0; i < 126; i++) equal(add(TYPE_LINUX_DATA, 10000n + BigInt(i), 10000n + BigInt(i)), 0);
  equal(add(TYPE_LINUX_DATA, 20000n, 20000n), TableError.full);
  table.remove(5);
  equal(add(TYPE_LINUX_DATA, 20000n, 20000n), TableError.none);

  test("a disk too small for a table is refused");
  disk.clear(512, 34816n);
  equal(read(), TableError.disk);
  isTrue(!table.create(disk, bytesOf(scratch.guid)).ok);

  test("a device that fails is named as such");
  makeTable(512);
  disk.failAt = 1;
  equal(read(), TableError.io);
  disk.failAt = 0;
  equal(read(), TableError.none);
  disk.failAt = 1;
  isTrue(!table.write(disk).ok);
}

function otherDisks(): void {
  test("an empty disk has no table");
  disk.clear(512, 1073741824n);
  equal(read(), TableError.noTable);

  test("an MBR disk is recognised, with an old GPT under it too");
  makeTable(512);
  const sector = bytesOf(scratch.sectors).slice(0, 512);
  isTrue(disk.read(0n, sector).ok);
  sector.setU8(450, 0x83);
  isTrue(disk.write(0n, sector).ok);
  equal(read(), TableError.legacyMbr);
  disk.clear(512, 1073741824n);
  isTrue(disk.write(0n, sector).ok);
  equal(read(), TableError.legacyMbr);

  test("a table of noise is no table");
  disk.clear(512, 1073741824n);
  const noise = bytesOf(scratch.sectors);
  for (let i: u32 = 0; i < noise.length; i++) noise.setU8(i, (Math.imul(i, 73) ^ (i >>> 5)) & 0xff);
  isTrue(disk.write(0n, noise).ok);
  equal(read(), TableError.noTable);
}

function growth(): void {
  test("a table from a smaller disk is seen to be short, and fills the larger one when written");
  makeTable(512);
  const head = bytesOf(scratch.saved).slice(0, 17408);
  isTrue(disk.read(0n, head).ok);
  disk.clear(512, 2147483648n);
  isTrue(disk.write(0n, head).ok);
  equal(read(), TableError.none);
  isTrue(table.isShort());
  equal(table.checkBackup(disk, second), GptFault.signature);
  table.growToDisk();
  equalBig(table.lastUsableLba(), 4194304n - 34n);
  isTrue(table.write(disk).ok);
  equal(read(), TableError.none);
  isTrue(!table.isShort());
  equal(table.checkBackup(disk, second), GptFault.none);
}

/** The disk refuses everything after its n-th command: whatever n is, the old or the new table can be read. */
function powerCut(): void {
  test("a write that is cut leaves the old table or the new one");
  for (let cut: u32 = 1; cut <= 4; cut++) {
    makeTable(512);
    equal(add(TYPE_LINUX_DATA, 20000n, 30000n), TableError.none);
    disk.failAt = cut;
    isTrue(!table.write(disk).ok);
    disk.failAt = 0;
    equal(read(), TableError.none);
    const isNew = table.findType(TYPE_LINUX_DATA, 0, entry) !== NO_SLOT;
    isTrue(isNew === cut > 3);
    equal(table.findType(TYPE_RAYOS_LOG, 0, entry), 1);
  }

  test("a primary copy torn in the middle falls back to the new backup");
  makeTable(512);
  const oldHead = bytesOf(scratch.saved).slice(0, 17408);
  isTrue(disk.read(0n, oldHead).ok);
  equal(add(TYPE_LINUX_DATA, 20000n, 30000n), TableError.none);
  isTrue(table.write(disk).ok);
  isTrue(disk.write(2n, oldHead.slice(1024, 16384)).ok);
  equal(read(), TableError.none);
  equal(table.source(), TableSource.backup);
  equal(table.findType(TYPE_LINUX_DATA, 0, entry), 2);
}

function saveAndRestore(sectorBytes: u32): void {
  test("a saved table is put back byte for byte");
  makeTable(sectorBytes);
  const saved = saveTable(disk, bytesOf(scratch.saved));
  isTrue(saved.ok);
  if (!saved.ok) return;
  equal(saved.value, sectorBytes === 512 ? 4096 + 67 * 512 : 4096 + 11 * 4096);
  const record = bytesOf(scratch.saved).slice(0, saved.value);
  isTrue(table.create(disk, bytesOf(scratch.guid)).ok);
  isTrue(table.write(disk).ok);
  isTrue(restoreTable(disk, record).ok);
  const again = saveTable(disk, bytesOf(scratch.again));
  isTrue(again.ok && again.value === saved.value);
  isTrue(record.equals(bytesOf(scratch.again).slice(0, saved.value)));
  equal(read(), TableError.none);
  equal(table.findType(TYPE_RAYOS_LOG, 0, entry), 1);

  test("a damaged record, or one of another disk, is refused before anything is written");
  disk.resetCounts();
  for (let at: u32 = 0; at < record.length; at += 37) {
    if (at >= 48 && at < 4096) continue;
    record.setU8(at, record.u8(at) ^ 4);
    isTrue(!restoreTable(disk, record).ok);
    record.setU8(at, record.u8(at) ^ 4);
  }
  isTrue(!restoreTable(disk, record.slice(0, record.length - 1)).ok);
  disk.clear(sectorBytes, 2147483648n);
  isTrue(!restoreTable(disk, record).ok);
  equal(disk.writes, 0);
}

/** A disk of 1 GiB with two partitions. */
function makeTable(sectorBytes: u32): void {
  disk.clear(sectorBytes, 1073741824n);
  bytesOf(scratch.guid).fill(0x77);
  isTrue(table.create(disk, bytesOf(scratch.guid)).ok);
  entry.setName(utf8("test"));
  equal(add(TYPE_EFI_SYSTEM, 2048n, 4095n), TableError.none);
  equal(add(TYPE_RAYOS_LOG, 4096n, 8191n), TableError.none);
  isTrue(table.write(disk).ok);
}

function add(type: string, first: u64, last: u64): TableError {
  setGuid(bytesOf(entry.type), type);
  bytesOf(entry.unique).fill(1);
  bytesOf(entry.unique).setU8(15, u8(Number(first & 0x7fn) + 1));
  if (first === 2048n) bytesOf(entry.unique).fill(1);
  entry.firstLba = first;
  entry.lastLba = last;
  const added = table.add(entry);
  return added.ok ? TableError.none : added.error;
}

function read(): TableError {
  const result = table.read(disk);
  return result.ok ? TableError.none : result.error;
}

/** Flips a bit of the byte at this offset of the disk. */
function flip(at: u64): void {
  const sectorBytes = disk.sectorBytes();
  const sector = bytesOf(scratch.sectors).slice(0, sectorBytes);
  const within = u32(Number(at % BigInt(sectorBytes)));
  isTrue(disk.read(at / BigInt(sectorBytes), sector).ok);
  sector.setU8(within, sector.u8(within) ^ 1);
  isTrue(disk.write(at / BigInt(sectorBytes), sector).ok);
}
