import { FatDirectoryWriter } from "../../../src/storage/fat-directory-writer.ts";
import { DirectoryReader, FatEntry } from "../../../src/storage/fat-directory.ts";
import { FatError } from "../../../src/storage/fat-error.ts";
import { FatFileWriter } from "../../../src/storage/fat-file-writer.ts";
import { FatIdentity, formatFat32 } from "../../../src/storage/fat-format.ts";
import { FatFile, FatVolume } from "../../../src/storage/fat-volume.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { SparseDisk } from "./sparse-disk.ts";

const CONTENT_BYTES = 100001;
const CONTENT_ODD = 31;
const TIME: u64 = 1767709800n;

class Scratch {
  readonly format = new Uint8Array(65536);
  readonly content = new Uint8Array(CONTENT_BYTES);
  readonly back = new Uint8Array(CONTENT_BYTES);
}

const scratch = new Scratch();
const disk = new SparseDisk();
const volume = new FatVolume();
const identity = new FatIdentity();
const directories = new FatDirectoryWriter();
const writer = new FatFileWriter();
const reader = new DirectoryReader();
const entry = new FatEntry();
const directory = new FatEntry();
const file = new FatFile();

export function main(): void {
  filesAndDirectories(512, 67108864n);
  filesAndDirectories(4096, 276824064n);
  manyEntries();
  commands();
  refusals();
  powerCut();
  hostileChains();
  hostileDirectories();
}

function filesAndDirectories(sectorBytes: u32, sizeBytes: u64): void {
  test("a file is read back as it was written, whatever pieces both were done in");
  makeVolume(sectorBytes, sizeBytes);
  equal(makeDirectories("\\EFI\\rayos"), FatError.none);
  equal(makeDirectories("/EFI/rayos/"), FatError.none);
  for (let piece: u32 = 1; piece < 70000; piece = piece * 7 + 1) {
    equal(write("\\EFI\\rayos\\rayboot.efi", CONTENT_BYTES, 1, piece), FatError.none);
    equal(readsBack("/efi/RAYOS/RAYBOOT.EFI", CONTENT_BYTES, 1, 4096), FatError.none);
    equal(readsBack("/efi/RAYOS/RAYBOOT.EFI", CONTENT_BYTES, 1, piece), FatError.none);
  }

  test("any offset of a file can be read, back and forth");
  equal(open("/EFI/rayos/rayboot.efi"), FatError.none);
  const back = bytesOf(scratch.back).slice(0, 300);
  for (let i: u32 = 0; i < 300; i++) {
    const offset: u32 = (i * 60013) % 99701;
    const read = volume.read(file, offset, back);
    isTrue(read.ok && read.value === 300);
    equal(back.u8(299), contentByte(offset + 299, 1));
  }
  const beyond = volume.read(file, CONTENT_BYTES, back);
  isTrue(beyond.ok && beyond.value === 0);
  const end = volume.read(file, CONTENT_BYTES - 1, back);
  isTrue(end.ok && end.value === 1);

  test("new content takes the place of the old, whose clusters are free again");
  const before = free();
  equal(write("/EFI/rayos/rayboot.efi", 5, 2, 5), FatError.none);
  isTrue(free() > before);
  equal(readsBack("/EFI/rayos/rayboot.efi", 5, 2, 100), FatError.none);
  equal(write("/EFI/rayos/rayboot.efi", 0, 2, 5), FatError.none);
  equal(readsBack("/EFI/rayos/rayboot.efi", 0, 2, 100), FatError.none);
  equal(entriesOf("/EFI/rayos"), 1);
}

function manyEntries(): void {
  test("a directory grows over its clusters, and every name in it is found");
  makeVolume(512, 67108864n);
  equal(makeDirectories("/many"), FatError.none);
  for (let i: u32 = 0; i < 64; i++) {
    setName(i);
    equal(writeNamed(i), FatError.none);
  }
  equal(entriesOf("/many"), 64);
  for (let i: u32 = 0; i < 64; i++) {
    setName(i);
    const found = volume.find(bytesOf(name.text).slice(0, name.length), entry);
    isTrue(found.ok && entry.sizeBytes === i);
  }
  equal(open("/MANY/A-FILE~9.TXT"), FatError.none);

  test("a name of 255 characters takes 21 slots and comes back whole");
  const long = bytesOf(name.text).slice(0, 256);
  long.fill(0x78);
  long.setU8(0, 0x2f);
  const begun = writer.begin(volume, long, 0);
  isTrue(begun.ok);
  isTrue(writer.commit(TIME).ok);
  isTrue(volume.find(long, entry).ok);
  equal(entry.nameLength, 255);
}

function commands(): void {
  test("a file of 100,000 bytes is found and read with seven commands, and written with eight");
  makeVolume(512, 67108864n);
  equal(makeDirectories("\\EFI\\rayos"), FatError.none);
  disk.resetCounts();
  equal(write("\\EFI\\rayos\\rayboot.efi", CONTENT_BYTES, 1, CONTENT_BYTES), FatError.none);
  isTrue(disk.writes <= 8);
  equal(disk.flushes, 2);
  disk.resetCounts();
  isTrue(volume.mount(disk).ok);
  equal(readsBack("\\EFI\\rayos\\rayboot.efi", CONTENT_BYTES, 1, CONTENT_BYTES), FatError.none);
  isTrue(disk.reads <= 7);

  test("making a volume of 64 MiB takes few commands");
  disk.clear(512, 67108864n);
  isTrue(formatFat32(disk, identity, bytesOf(scratch.format)).ok);
  isTrue(disk.writes <= 18);
  equal(disk.flushes, 2);
}

function refusals(): void {
  test("what cannot be is refused with its reason");
  makeVolume(512, 67108864n);
  equal(makeDirectories("/EFI"), FatError.none);
  equal(write("/file", 10, 1, 10), FatError.none);
  equal(open("/nothing"), FatError.notFound);
  equal(open("/EFI"), FatError.isDirectory);
  equal(open("/file/x"), FatError.notDirectory);
  equal(write("/EFI", 10, 1, 10), FatError.isDirectory);
  equal(write("/no/file", 10, 1, 10), FatError.notFound);
  equal(write("/a:b", 10, 1, 10), FatError.badName);
  equal(write("/", 10, 1, 10), FatError.badName);
  equal(makeDirectories("/file/x"), FatError.notDirectory);
  equal(open("/1/2/3/4/5/6/7/8/9"), FatError.notFound);
  const begun = writer.begin(volume, utf8("/huge"), 0xffffffff);
  isTrue(!begun.ok && begun.error === FatError.noSpace);

  test("a file that is given up leaves nothing behind");
  const before = free();
  isTrue(writer.begin(volume, utf8("/new"), 50000).ok);
  isTrue(free() < before);
  isTrue(writer.abandon().ok);
  equalBig(free(), before);
  equal(open("/new"), FatError.notFound);

  test("a disk without FAT32 is refused");
  disk.clear(512, 67108864n);
  const mounted = volume.mount(disk);
  isTrue(!mounted.ok && mounted.error === FatError.notFat32);
  disk.clear(512, 16777216n);
  const formatted = formatFat32(disk, identity, bytesOf(scratch.format));
  isTrue(!formatted.ok && formatted.error === FatError.badSize);
}

/** The disk refuses everything after its n-th command while a file is replaced: it is the old one or the new one. */
function powerCut(): void {
  test("a file that is replaced is always the old one or the new one, whole");
  let cuts: u32 = 0;
  let finished: boolean = false;
  for (let cut: u32 = 1; cut < 60 && !finished; cut++) {
    makeVolume(512, 67108864n);
    equal(write("/file", 30000, 1, 30000), FatError.none);
    disk.failAt = cut;
    finished = write("/file", 40000, 2, 40000) === FatError.none;
    disk.failAt = 0;
    isTrue(volume.mount(disk).ok);
    const isOld = readsBack("/file", 30000, 1, 4096) === FatError.none;
    const isNew = readsBack("/file", 40000, 2, 4096) === FatError.none;
    isTrue(isOld !== isNew);
    isTrue(!finished || isNew);
    cuts++;
  }
  isTrue(finished);
  isTrue(cuts > 8);
}

function hostileChains(): void {
  test("a chain that loops, leaves the volume or ends early is found out");
  makeVolume(512, 67108864n);
  equal(write("/file", CONTENT_BYTES, 1, CONTENT_BYTES), FatError.none);
  equal(open("/file"), FatError.none);
  const tenth: u32 = file.firstCluster + 10;
  equal(readsBackAfter(tenth, 0x0fffffff), FatError.corrupt);
  equal(readsBackAfter(tenth, 1), FatError.corrupt);
  equal(readsBackAfter(tenth, 0), FatError.corrupt);
  equal(readsBackAfter(tenth, 0x0ffffff0), FatError.corrupt);
  equal(readsBackAfter(tenth, volume.table.geometry.clusterCount + 2), FatError.corrupt);
  // A loop reads wrong bytes, but it ends with the size that the directory tells.
  isTrue(volume.table.set(tenth, file.firstCluster).ok);
  isTrue(readsBack("/file", CONTENT_BYTES, 1, 4096) !== FatError.io);
  const released = volume.table.release(file.firstCluster);
  isTrue(released.ok || released.error === FatError.corrupt);
}

function hostileDirectories(): void {
  test("a directory of noise yields entries or errors, and ends");
  for (let seed: u32 = 1; seed < 40; seed++) {
    makeVolume(512, 67108864n);
    equal(makeDirectories("/noise"), FatError.none);
    isTrue(volume.find(utf8("/noise"), directory).ok);
    const sector = bytesOf(scratch.back).slice(0, 512);
    for (let i: u32 = 0; i < 512; i++) sector.setU8(i, contentByte(i, seed * 977));
    // Mostly valid: attributes of long parts and files, orders that can be.
    for (let slot: u32 = 0; slot < 16; slot++) {
      if ((slot + seed) % 3 !== 0) sector.setU8(slot * 32 + 11, (slot & 1) === 0 ? 0x0f : 0x20);
      if ((slot & 1) === 0) sector.setU8(slot * 32, 0x41 + (slot % 3));
    }
    isTrue(disk.write(volume.table.geometry.clusterSector(directory.firstCluster), sector).ok);
    volume.openDirectory(directory, reader);
    let entries: u32 = 0;
    while (entries < 100) {
      const more = reader.next(entry);
      if (!more.ok || !more.value) break;
      isTrue(entry.nameLength > 0 && entry.nameLength <= 765);
      entries++;
    }
    isTrue(entries <= 16);
  }

  test("a directory that loops ends at the limit of slots");
  makeVolume(512, 67108864n);
  equal(makeDirectories("/loop"), FatError.none);
  isTrue(volume.find(utf8("/loop"), directory).ok);
  const sector = bytesOf(scratch.back).slice(0, 512);
  sector.fill(0xe5);
  isTrue(disk.write(volume.table.geometry.clusterSector(directory.firstCluster), sector).ok);
  isTrue(volume.table.set(directory.firstCluster, directory.firstCluster).ok);
  const found = volume.find(utf8("/loop/file"), entry);
  isTrue(!found.ok && found.error === FatError.notFound);
}

class Name {
  length: u32 = 0;
  readonly text = new Uint8Array(256);
}

const name = new Name();

/** "/many/a-file-with-a-long-name-NN.txt" */
function setName(number: u32): void {
  const start = utf8("/many/a-file-with-a-long-name-");
  const text = bytesOf(name.text);
  text.slice(0, start.length).copyFrom(start);
  text.setU8(start.length, u8(0x30 + Math.trunc(number / 10)));
  text.setU8(start.length + 1, u8(0x30 + (number % 10)));
  text.slice(start.length + 2, 4).copyFrom(utf8(".txt"));
  name.length = start.length + 6;
}

/** Writes the file of that name, `size` bytes long. */
function writeNamed(size: u32): FatError {
  const begun = writer.begin(volume, bytesOf(name.text).slice(0, name.length), size);
  if (!begun.ok) return begun.error;
  fillContent(3);
  const appended = writer.append(bytesOf(scratch.content).slice(0, size));
  if (!appended.ok) return appended.error;
  const committed = writer.commit(TIME);
  return committed.ok ? FatError.none : committed.error;
}

function makeVolume(sectorBytes: u32, sizeBytes: u64): void {
  disk.clear(sectorBytes, sizeBytes);
  identity.setLabel("TEST");
  isTrue(formatFat32(disk, identity, bytesOf(scratch.format)).ok);
  isTrue(volume.mount(disk).ok);
}

function makeDirectories(path: string): FatError {
  const made = directories.makeDirectories(volume, utf8(path), TIME);
  return made.ok ? FatError.none : made.error;
}

function contentByte(at: u32, seed: u32): u8 {
  return (Math.imul(at, CONTENT_ODD) + (at >>> 8) + seed * 89) & 0xff;
}

function fillContent(seed: u32): void {
  const content = bytesOf(scratch.content);
  for (let i: u32 = 0; i < CONTENT_BYTES; i++) content.setU8(i, contentByte(i, seed));
}

/** Writes a file in pieces. */
function write(path: string, size: u32, seed: u32, piece: u32): FatError {
  fillContent(seed);
  const begun = writer.begin(volume, utf8(path), size);
  if (!begun.ok) return begun.error;
  for (let at: u32 = 0; at < size; at += piece) {
    const length: u32 = size - at < piece ? size - at : piece;
    const appended = writer.append(bytesOf(scratch.content).slice(at, length));
    if (!appended.ok) return appended.error;
  }
  const committed = writer.commit(TIME);
  return committed.ok ? FatError.none : committed.error;
}

function open(path: string): FatError {
  const opened = volume.open(utf8(path), file);
  return opened.ok ? FatError.none : opened.error;
}

/** Reads a file in pieces; `corrupt` where it is not what `write` wrote. */
function readsBack(path: string, size: u32, seed: u32, piece: u32): FatError {
  const opened = volume.open(utf8(path), file);
  if (!opened.ok) return opened.error;
  if (file.sizeBytes !== size) return FatError.corrupt;
  fillContent(seed);
  for (let at: u32 = 0; at < size; at += piece) {
    const length: u32 = size - at < piece ? size - at : piece;
    const back = bytesOf(scratch.back).slice(0, length);
    const read = volume.read(file, at, back);
    if (!read.ok) return read.error;
    if (read.value !== length || !back.equals(bytesOf(scratch.content).slice(at, length)))
      return FatError.corrupt;
  }
  return FatError.none;
}

/** Whether the file can be read after the entry of one of its clusters was changed; the entry is put back. */
function readsBackAfter(cluster: u32, value: u32): FatError {
  isTrue(volume.table.set(cluster, value).ok);
  const result = readsBack("/file", CONTENT_BYTES, 1, CONTENT_BYTES);
  isTrue(volume.table.set(cluster, cluster + 1).ok);
  return result;
}

function free(): u64 {
  const bytes = volume.freeBytes();
  isTrue(bytes.ok);
  return bytes.ok ? bytes.value : 0n;
}

function entriesOf(path: string): u32 {
  isTrue(volume.find(utf8(path), directory).ok);
  volume.openDirectory(directory, reader);
  let entries: u32 = 0;
  while (entries < 1000) {
    const more = reader.next(entry);
    if (!more.ok || !more.value) break;
    entries++;
  }
  return entries;
}
