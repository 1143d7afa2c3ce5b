/** Which disks are taken and how: others' partitions, broken tables, disks without a table. */
import { test, isTrue, equal } from "../harness.ts";
import { console, disk, install, start, type, typeShownWord } from "../shell/shell-machine.ts";
import { setGuid } from "../../../src/base/guid.ts";
import { GptEntry } from "../../../src/format/gpt.ts";
import { TYPE_LINUX_DATA } from "../../../src/format/partition-types.ts";
import { PartitionTable } from "../../../src/storage/partition-table.ts";

const GIB: u64 = 1073741824n;
const SECTOR: u64 = 512n;
/** Foreign partitions: one at the front, one in the middle. */
const FRONT_FIRST: u64 = 2048n;
const FRONT_LAST: u64 = 206847n;
const MIDDLE_FIRST: u64 = 2097152n;
const MIDDLE_LAST: u64 = 2162687n;

class Storage {
  readonly table = new PartitionTable();
  readonly entry = new GptEntry();
  readonly guid = new Uint8Array(16);
  readonly pattern = new Uint8Array(65536);
  readonly seen = new Uint8Array(65536);
}

const storage = new Storage();

export function main(): void {
  freeSpace();
  fullDisk();
  brokenTables();
  otherContents();
  wholeDisk();
}

function addForeign(firstLba: u64, lastLba: u64): void {
  const entry = storage.entry;
  setGuid(bytesOf(entry.type), TYPE_LINUX_DATA);
  bytesOf(entry.unique).fill(7);
  bytesOf(entry.unique).setU64le(0, firstLba);
  entry.firstLba = firstLba;
  entry.lastLba = lastLba;
  entry.attributes = 0x4000000000000000n;
  entry.setName(utf8("somebody's"));
  const added = storage.table.add(entry);
  assert(added.ok);
}

/** A GPT with two partitions of somebody else, their ends filled with a pattern. */
function makeForeignDisk(sizeBytes: u64): void {
  start(512, sizeBytes);
  bytesOf(storage.guid).fill(0x5a);
  const created = storage.table.create(disk, bytesOf(storage.guid));
  assert(created.ok);
  addForeign(FRONT_FIRST, FRONT_LAST);
  addForeign(MIDDLE_FIRST, MIDDLE_LAST);
  const written = storage.table.write(disk);
  assert(written.ok);
  const pattern = bytesOf(storage.pattern);
  for (let i: u32 = 0; i < pattern.length; i++) pattern.setU8(i, (i * 31 + 7) & 0xff);
  putPattern(FRONT_FIRST);
  putPattern(FRONT_LAST - 127n);
  putPattern(MIDDLE_FIRST);
  putPattern(MIDDLE_LAST - 127n);
  disk.resetCounts();
}

function putPattern(lba: u64): void {
  const written = disk.write(lba, bytesOf(storage.pattern));
  assert(written.ok);
}

function hasPattern(lba: u64): boolean {
  const read = disk.read(lba, bytesOf(storage.seen));
  return read.ok && bytesOf(storage.seen).equals(bytesOf(storage.pattern));
}

function othersAreWhole(): boolean {
  return (
    hasPattern(FRONT_FIRST) &&
    hasPattern(FRONT_LAST - 127n) &&
    hasPattern(MIDDLE_FIRST) &&
    hasPattern(MIDDLE_LAST - 127n)
  );
}

/** Whether the table still has both partitions, bit by bit as they were entered. */
function othersAreListed(): boolean {
  const read = storage.table.read(disk);
  if (!read.ok) return false;
  const front = storage.table.entry(0, storage.entry);
  if (!front || storage.entry.firstLba !== FRONT_FIRST || storage.entry.lastLba !== FRONT_LAST) return false;
  if (storage.entry.attributes !== 0x4000000000000000n) return false;
  const middle = storage.table.entry(1, storage.entry);
  return middle && storage.entry.firstLba === MIDDLE_FIRST && storage.entry.lastLba === MIDDLE_LAST;
}

function freeSpace(): void {
  test("beside other systems the largest gap is used, and theirs stays byte for byte");
  makeForeignDisk(4n * GIB);
  install("install --to file0\r", "");
  isTrue(console.shows("Plan, into free space; all partitions above stay:"));
  isTrue(console.shows("RAYOS_INSTALLER:PARTITION_CREATED:3:"));
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
  isTrue(othersAreWhole());
  isTrue(othersAreListed());
  console.clear();
  type("install --verify file0\r");
  isTrue(console.shows("Verified: 6 objects"));

  test("beside other systems a failure leaves their table as it was");
  makeForeignDisk(4n * GIB);
  type("install --to file0\r");
  type("file0\r");
  disk.failAt = 60;
  typeShownWord();
  disk.failAt = 0;
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:"));
  isTrue(othersAreWhole());
  isTrue(othersAreListed());
  isTrue(!storage.table.entry(2, storage.entry));

  test("an installation beside other systems is not replaced without asking for the whole disk");
  makeForeignDisk(4n * GIB);
  install("install --to file0\r", "");
  console.clear();
  disk.resetCounts();
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-holds-other-data\n"));
  equal(disk.writes, 0);
}

function fullDisk(): void {
  test("a disk full of others' partitions is refused with both sizes");
  makeForeignDisk(4n * GIB);
  const read = storage.table.read(disk);
  assert(read.ok);
  addForeign(FRONT_LAST + 1n, MIDDLE_FIRST - 1n);
  addForeign(MIDDLE_LAST + 1n, storage.table.lastUsableLba());
  const written = storage.table.write(disk);
  assert(written.ok);
  disk.resetCounts();
  type("install --to file0\r");
  isTrue(
    console.shows(
      "no free space between the partitions is large enough: RayOS needs 641.0 MiB, there are 0 B",
    ),
  );
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:no-room-for-the-layout\n"));
  equal(disk.writes, 0);
}

function clearSector(lba: u64): void {
  bytesOf(storage.seen).fill(0);
  const written = disk.write(lba, bytesOf(storage.seen).slice(0, 512));
  assert(written.ok);
}

function brokenTables(): void {
  test("a table whose first copy is broken is read from its backup, and others stay");
  makeForeignDisk(4n * GIB);
  clearSector(1n);
  type("install --list-disks\r");
  isTrue(console.shows("other systems (the first copy of the table is damaged)"));
  console.clear();
  install("install --to file0\r", "");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
  isTrue(othersAreWhole());
  isTrue(othersAreListed());

  test("a table whose second copy is broken is named, and the installation mends it");
  makeForeignDisk(4n * GIB);
  clearSector((4n * GIB) / SECTOR - 1n);
  type("install --list-disks\r");
  isTrue(
    console.shows("other systems (the second copy of the table is damaged or not at the end of the disk)"),
  );
  install("install --to file0\r", "");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
  isTrue(othersAreWhole());
  console.clear();
  type("install --list-disks\r");
  isTrue(console.shows("RayOS beside other systems\n"));

  test("a table that is broken in both copies is refused");
  makeForeignDisk(4n * GIB);
  bytesOf(storage.seen).fill(0xff);
  const array = disk.write(2n, bytesOf(storage.seen).slice(0, 512));
  const backup = disk.write((4n * GIB) / SECTOR - 33n, bytesOf(storage.seen).slice(0, 512));
  assert(array.ok && backup.ok);
  disk.resetCounts();
  type("install --list-disks\r");
  isTrue(console.shows("contents: a damaged partition table"));
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-holds-other-data\n"));
  equal(disk.writes, 0);
}

function otherContents(): void {
  test("a file system over a whole disk is not taken for an empty disk");
  start(512, 4n * GIB);
  bytesOf(storage.seen).fill(0);
  storage.seen[56] = 0x53;
  storage.seen[57] = 0xef;
  const written = disk.write(2n, bytesOf(storage.seen).slice(0, 1024));
  assert(written.ok);
  disk.resetCounts();
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-holds-other-data\n"));
  equal(disk.writes, 0);

  test("a disk that cannot be read is said to be so");
  start(512, 4n * GIB);
  disk.failAt = 1;
  type("install --list-disks\r");
  isTrue(console.shows("contents: unreadable"));
  type("install --to file0\r");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:target-unreadable\n"));
  disk.failAt = 0;
}

function wholeDisk(): void {
  test("the whole disk is erased only after its own warning, and the old table can come back");
  makeForeignDisk(4n * GIB);
  type("install --to file0 --whole-disk\r");
  isTrue(console.shows("WARNING: file0 holds other systems. ALL of it will be lost."));
  type("overwrite\r");
  isTrue(console.shows("Not confirmed. Nothing was written."));
  equal(disk.writes, 0);
  console.clear();
  install("install --whole-disk --to file0\r", "erase");
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_COMPLETE:file0\n"));
  isTrue(!othersAreListed());
  console.clear();
  type("install --restore-table file0\r");
  type("file0\r");
  typeShownWord();
  isTrue(console.shows("The old partition table is back."));
  isTrue(othersAreListed());

  test("the old table comes back after an installation that broke right after it was cleared");
  makeForeignDisk(4n * GIB);
  type("install --to file0 --whole-disk\r");
  type("erase\r");
  type("file0\r");
  disk.failAt = 40;
  typeShownWord();
  disk.failAt = 0;
  isTrue(console.shows("RAYOS_INSTALLER:INSTALL_FAILED:"));
  isTrue(!othersAreListed());
  console.clear();
  type("install --restore-table file0\r");
  type("file0\r");
  typeShownWord();
  isTrue(console.shows("The old partition table is back."));
  isTrue(othersAreListed());
}
