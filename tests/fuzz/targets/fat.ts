/**
 * Fuzz target: a FAT32 volume of 512 or 4096-byte sectors, made by our own writers and then patched, is mounted, walked, read and
 * written to.
 *
 *     input: flags, call that fails, then patches, each in one of the volume's places that matter
 */
import { DirectoryReader, FatEntry } from "../../../src/storage/fat-directory.ts";
import { FatDirectoryWriter } from "../../../src/storage/fat-directory-writer.ts";
import { FatError } from "../../../src/storage/fat-error.ts";
import { FatFileWriter } from "../../../src/storage/fat-file-writer.ts";
import { FatIdentity, formatFat32 } from "../../../src/storage/fat-format.ts";
import { FatFile, FatVolume } from "../../../src/storage/fat-volume.ts";
import { Digest } from "../support/digest.ts";
import { FuzzArea, FuzzDisk } from "../support/fuzz-disk.ts";
import { FuzzInput } from "../support/fuzz-input.ts";

const TIME: u64 = 1767709800n;
const SMALL_BYTES: u64 = 34603008n;
const LARGE_BYTES: u64 = 276824064n;
const SCRATCH_BYTES = 65536;
const AREAS = 6;
/** Entries of a directory and directories that are looked at. */
const ENTRIES_LIMIT = 40;
const DIRECTORIES_LIMIT = 12;
const CONTENT_BYTES = 3000;

/** A volume with the places that are patched. */
class FuzzVolume {
  readonly disk = new FuzzDisk();
  readonly areas = fixedArray(AREAS, () => new FuzzArea());
}

class Scratch {
  readonly format = new Uint8Array(SCRATCH_BYTES);
  readonly content = new Uint8Array(CONTENT_BYTES);
  /** First clusters of directories that wait to be walked. */
  readonly waiting = new Uint32Array(DIRECTORIES_LIMIT);
}

const scratch = new Scratch();
const small = new FuzzVolume();
const large = new FuzzVolume();
const volume = new FatVolume();
const identity = new FatIdentity();
const directories = new FatDirectoryWriter();
const writer = new FatFileWriter();
const reader = new DirectoryReader();
const entry = new FatEntry();
const directory = new FatEntry();
const file = new FatFile();
const input = new FuzzInput();

/** Makes both volumes: folders, short and long names, files of none, one and several clusters. */
export function prepare(): void {
  makeVolume(small, 512, SMALL_BYTES);
  makeVolume(large, 4096, LARGE_BYTES);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const one = (flags & 1) === 0 ? small : large;
  one.disk.rewind();
  const failAt = input.u8();
  patch(one);
  one.disk.failAt = failAt;
  const mounted = volume.mount(one.disk);
  digest.flag(mounted.ok);
  if (!mounted.ok) return;
  // All of a FAT is much to look at: seldom.
  if ((flags & 0x72) === 0x72) countFree(digest);
  walk(digest);
  findAndRead("/EFI/BOOT/BOOTX64.EFI", digest);
  findAndRead("\\a rather long name of a file.text", digest);
  if ((flags & 4) !== 0) change(digest);
  digest.number(one.disk.reads);
  digest.number(one.disk.writes);
}

function makeVolume(one: FuzzVolume, sectorBytes: u32, sizeBytes: u64): void {
  one.disk.make(sectorBytes, sizeBytes);
  identity.setLabel("FUZZ");
  assert(formatFat32(one.disk, identity, bytesOf(scratch.format)).ok);
  assert(volume.mount(one.disk).ok);
  assert(directories.makeDirectories(volume, utf8("/EFI/BOOT"), TIME).ok);
  assert(directories.makeDirectories(volume, utf8("/EFI/rayos"), TIME).ok);
  assert(put("/EFI/BOOT/BOOTX64.EFI", CONTENT_BYTES) === FatError.none);
  assert(put("/a rather long name of a file.text", 1) === FatError.none);
  assert(put("/EMPTY", 0) === FatError.none);
  one.disk.seal();
  const geometry = volume.table.geometry;
  const bytes = BigInt(sectorBytes);
  const data = BigInt(geometry.dataSector) * bytes;
  one.areas[0].set(0n, 96);
  one.areas[1].set(bytes, 512);
  one.areas[2].set(BigInt(geometry.reservedSectors) * bytes, 128);
  one.areas[3].set(data, 512);
  one.areas[4].set(data, u32(8 * geometry.clusterBytes()));
  one.areas[5].set(0n, 65535);
}

function put(path: string, sizeBytes: u32): FatError {
  const begun = writer.begin(volume, utf8(path), sizeBytes);
  if (!begun.ok) return begun.error;
  const content = bytesOf(scratch.content).slice(0, sizeBytes);
  content.fill(0x5a);
  const appended = writer.append(content);
  if (!appended.ok) return appended.error;
  const committed = writer.commit(TIME);
  return committed.ok ? FatError.none : committed.error;
}

function patch(one: FuzzVolume): void {
  while (input.left() > 0) {
    const area = one.areas[input.u8() % AREAS];
    if (!input.nextPatch()) return;
    const at: u32 = input.patchAt % area.length;
    one.disk.poke(u64(area.from + BigInt(at)), input.patchBytes(u32(area.length - at)));
  }
}

function countFree(digest: Digest): void {
  const hinted = volume.readHints();
  digest.flag(hinted.ok);
  const free = volume.freeBytes();
  if (free.ok) digest.big(free.value);
}

/** Breadth first, as far as the limits go: directories may lie in circles. */
function walk(digest: Digest): void {
  scratch.waiting[0] = 0;
  let known: u32 = 1;
  for (let next: u32 = 0; next < known; next++) {
    directory.isDirectory = true;
    directory.firstCluster = scratch.waiting[next];
    volume.openDirectory(directory, reader);
    for (let i: u32 = 0; i < ENTRIES_LIMIT; i++) {
      const more = reader.next(entry);
      digest.flag(more.ok);
      if (!more.ok || !more.value) break;
      describe(digest);
      if (entry.isDirectory && known < DIRECTORIES_LIMIT) {
        scratch.waiting[known] = entry.firstCluster;
        known++;
      }
    }
  }
}

function describe(digest: Digest): void {
  digest.bytes(entry.nameText());
  digest.byte(entry.attributes);
  digest.number(entry.firstCluster);
  digest.number(entry.sizeBytes);
  digest.number(entry.slotIndex);
}

function findAndRead(path: string, digest: Digest): void {
  const opened = volume.open(utf8(path), file);
  digest.flag(opened.ok);
  if (!opened.ok) return;
  readAt(0, digest);
  readAt(file.sizeBytes >>> 1, digest);
  if (file.sizeBytes > 0) readAt(file.sizeBytes - 1, digest);
}

function readAt(offset: u32, digest: Digest): void {
  const read = volume.read(file, offset, bytesOf(scratch.content).slice(0, 1500));
  digest.flag(read.ok);
  if (read.ok) digest.bytes(bytesOf(scratch.content).slice(0, read.value));
}

/** A file replaced, a file and a folder added: on a damaged volume an error, or done. */
function change(digest: Digest): void {
  digest.byte(put("/EFI/BOOT/BOOTX64.EFI", 700));
  digest.byte(put("/EFI/rayos/another long name.bin", CONTENT_BYTES));
  const made = directories.makeDirectories(volume, utf8("/new/folder"), TIME);
  digest.flag(made.ok);
  findAndRead("/EFI/rayos/another long name.bin", digest);
}
