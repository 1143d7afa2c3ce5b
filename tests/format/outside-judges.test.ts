/**
 * What others say about the disks that this code writes: sgdisk, fsck.vfat, mtools, e2fsck and debugfs over sparse images
 * with sectors of 512 and of 4096 bytes; and what this code says about theirs.
 *
 * sgdisk takes every file for a disk of 512-byte sectors; tables of the other kind are judged by their contents.
 */
import "../../transpiler/lib/prelude.ts";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { setGuid } from "../../src/base/guid.ts";
import { sha256 } from "../../src/base/sha256.ts";
import { Ext4Identity } from "../../src/format/ext4.ts";
import { GptEntry } from "../../src/format/gpt.ts";
import { nameOfRole, PartitionRole, TYPE_LINUX_DATA, typeOfRole } from "../../src/format/partition-types.ts";
import { DiskLayout, LayoutRequest, planDisk } from "../../src/policy/disk-layout.ts";
import { Ext4Formatter } from "../../src/storage/ext4-format.ts";
import { FatDirectoryWriter } from "../../src/storage/fat-directory-writer.ts";
import { DirectoryReader, FatEntry } from "../../src/storage/fat-directory.ts";
import { FatError, fatErrorName } from "../../src/storage/fat-error.ts";
import { FatFileWriter } from "../../src/storage/fat-file-writer.ts";
import { FatIdentity, formatFat32 } from "../../src/storage/fat-format.ts";
import { FatFile, FatVolume } from "../../src/storage/fat-volume.ts";
import { PartitionTable, TableSource } from "../../src/storage/partition-table.ts";
import { Region } from "../../src/storage/region.ts";
import { FileDisk } from "../../tools/host/file-disk.ts";

const MEBIBYTE = 1048576;
const NOON = 1767709800n;
const scratch = new Uint8Array(262144);
const folder = mkdtempSync(join(tmpdir(), "rayos-judges-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

type Answer = { status: number | null; text: string };

/** Runs a judge; what it says on both channels. */
function ask(program: string, ...parameters: string[]): Answer {
  const run = spawnSync(program, parameters, { encoding: "utf8", timeout: 120_000 });
  if (run.error) throw run.error;
  return { status: run.status, text: run.stdout + run.stderr };
}

function must<T, E>(result: Result<T, E>, what: string): T {
  if (!result.ok) throw new Error(`${what}: error ${result.error}`);
  return result.value;
}

/** Bytes that look like nothing else, the same for the same seed. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function store(volume: FatVolume, path: string, content: Uint8Array): FatError {
  const writer = new FatFileWriter();
  const begun = writer.begin(volume, utf8(path), content.length);
  if (!begun.ok) return begun.error;
  for (let at = 0; at < content.length; at += 100_000) {
    must(writer.append(bytesOf(content.subarray(at, at + 100_000))), "append");
  }
  const committed = writer.commit(NOON);
  return committed.ok ? FatError.none : committed.error;
}

function load(volume: FatVolume, path: string): Uint8Array {
  const file = new FatFile();
  const opened = volume.open(utf8(path), file);
  if (!opened.ok) throw new Error(`${path}: ${fatErrorName(opened.error)}`);
  const content = new Uint8Array(file.sizeBytes);
  must(volume.read(file, 0, bytesOf(content)), path);
  return content;
}

/** Copies a stretch of an image into a file of its own, holes kept. */
function extract(image: string, offset: number, length: number, to: string): void {
  const skip = offset / MEBIBYTE;
  const count = length / MEBIBYTE;
  ask(
    "dd",
    `if=${image}`,
    `of=${to}`,
    "bs=1M",
    `skip=${skip}`,
    `count=${count}`,
    "conv=sparse",
    "status=none",
  );
}

/** Partitions, formats and fills a whole disk as the installer would; where its parts lie, in bytes. */
function makeDisk(
  path: string,
  sizeBytes: number,
  sectorSize: 512 | 4096,
): Map<PartitionRole, [number, number]> {
  const disk = FileDisk.create(path, sizeBytes, sectorSize);
  const request = new LayoutRequest();
  const layout = new DiskLayout();
  request.sectorBytes = sectorSize;
  request.diskSectors = disk.sectorCount();
  must(planDisk(request, layout), "plan");
  const table = new PartitionTable();
  must(table.create(disk, bytesOf(noise(16, 1))), "table");
  const places = new Map<PartitionRole, [number, number]>();
  for (let i = 0; i < layout.partCount; i++) {
    const part = layout.parts[i]!;
    const entry = new GptEntry();
    setGuid(bytesOf(entry.type), typeOfRole(part.role));
    entry.unique.set(noise(16, 100 + i));
    entry.firstLba = part.firstLba;
    entry.lastLba = part.firstLba + part.sectorCount - 1n;
    entry.setName(utf8(nameOfRole(part.role)));
    must(table.add(entry), "add");
    places.set(part.role, [Number(part.firstLba) * sectorSize, Number(part.sectorCount) * sectorSize]);
  }
  must(table.write(disk), "write");
  const region = new Region();
  const [espAt, espLength] = places.get(PartitionRole.efiSystem)!;
  must(region.open(disk, BigInt(espAt / sectorSize), BigInt(espLength / sectorSize)), "region");
  const fat = new FatIdentity();
  fat.setLabel("RAYOS");
  fat.volumeId = 0x20260106;
  fat.hiddenSectors = espAt / sectorSize;
  must(formatFat32(region, fat, bytesOf(scratch)), "FAT32");
  const volume = new FatVolume();
  must(volume.mount(region), "mount");
  must(new FatDirectoryWriter().makeDirectories(volume, utf8("\\EFI\\rayos"), NOON), "directories");
  must(new FatDirectoryWriter().makeDirectories(volume, utf8("\\EFI\\BOOT"), NOON), "directories");
  for (const path of ["\\EFI\\rayos\\rayboot.efi", "\\EFI\\BOOT\\BOOTX64.EFI"]) {
    if (store(volume, path, noise(150_001, 5)) !== FatError.none) throw new Error(path);
  }
  const [dataAt, dataLength] = places.get(PartitionRole.data)!;
  must(region.open(disk, BigInt(dataAt / sectorSize), BigInt(dataLength / sectorSize)), "region");
  const ext = new Ext4Identity();
  ext.setLabel("RayOS data");
  ext.unixSeconds = NOON;
  ext.uuid.set(noise(16, 9));
  must(new Ext4Formatter().format(region, ext, bytesOf(scratch)), "ext4");
  disk.close();
  return places;
}

for (const sectorSize of [512, 4096] as const) {
  t.test(`a whole disk with sectors of ${sectorSize} bytes finds no fault`, (t) => {
    const image = join(folder, `disk-${sectorSize}.img`);
    const places = makeDisk(image, 1024 * MEBIBYTE, sectorSize);
    if (sectorSize === 512) {
      t.match(ask("sgdisk", "-v", image).text, /No problems found/);
      const listing = ask("sgdisk", "-p", image).text;
      for (const name of [
        "EFI system",
        "RayOS system",
        "RayOS recovery",
        "RayOS state",
        "RayOS log",
        "RayOS data",
      ]) {
        t.match(listing, name);
      }
    }
    const [espAt, espLength] = places.get(PartitionRole.efiSystem)!;
    const esp = join(folder, "esp.img");
    extract(image, espAt, espLength, esp);
    const fsck = ask("fsck.vfat", "-n", "-v", esp);
    t.equal(fsck.status, 0, fsck.text);
    const out = join(folder, "out");
    const copied = ask("mcopy", "-n", "-i", `${image}@@${espAt}`, "::/EFI/BOOT/BOOTX64.EFI", out);
    t.equal(copied.status, 0, copied.text);
    t.same(Buffer.compare(readFileSync(out), noise(150_001, 5)), 0);
    rmSync(out);
    const [dataAt] = places.get(PartitionRole.data)!;
    const e2fsck = ask("e2fsck", "-fn", `${image}?offset=${dataAt}`);
    t.equal(e2fsck.status, 0, e2fsck.text);
    const root = ask("debugfs", "-R", "ls -l /", `${image}?offset=${dataAt}`);
    t.match(root.text, /lost\+found/);
    t.match(ask("debugfs", "-R", "show_super_stats -h", `${image}?offset=${dataAt}`).text, /RayOS data/);
    t.end();
  });
}

t.test("ext4 of every awkward size, and after others wrote to it, finds no fault", (t) => {
  const image = join(folder, "ext4.img");
  const sizes = [8, 64, 117, 127, 128, 129, 131, 256, 1000, 1024, 2048, 20_000, 300_000];
  for (const mebibytes of sizes) {
    const disk = FileDisk.create(image, mebibytes * MEBIBYTE, mebibytes % 2 === 0 ? 512 : 4096);
    const identity = new Ext4Identity();
    identity.uuid.set(noise(16, mebibytes));
    identity.unixSeconds = NOON;
    must(new Ext4Formatter().format(disk, identity, bytesOf(scratch)), "ext4");
    disk.close();
    const judged = ask("e2fsck", "-fn", image);
    t.equal(judged.status, 0, `${mebibytes} MiB: ${judged.text}`);
  }
  const file = join(folder, "content");
  writeFileSync(file, noise(5_000_000, 3));
  const disk = FileDisk.create(image, 300 * MEBIBYTE, 512);
  must(new Ext4Formatter().format(disk, new Ext4Identity(), bytesOf(scratch)), "ext4");
  disk.close();
  for (let i = 0; i < 40; i++) ask("debugfs", "-w", "-R", `write ${file} file-${i}`, image);
  const judged = ask("e2fsck", "-fn", image);
  t.equal(judged.status, 0, judged.text);
  t.match(judged.text, /51\/\d+ files/);
  t.end();
});

t.test("ext4 over the remains of another file system finds no fault", (t) => {
  const image = join(folder, "remains.img");
  writeFileSync(image, noise(40 * MEBIBYTE, 77));
  const disk = FileDisk.open(image, 512, false);
  must(new Ext4Formatter().format(disk, new Ext4Identity(), bytesOf(scratch)), "ext4");
  disk.close();
  const judged = ask("e2fsck", "-fn", image);
  t.equal(judged.status, 0, judged.text);
  t.end();
});

t.test("FAT32 over remains, filled to the last cluster and written in pieces finds no fault", (t) => {
  const image = join(folder, "full.img");
  writeFileSync(image, noise(36 * MEBIBYTE, 78));
  const disk = FileDisk.open(image, 512, false);
  const identity = new FatIdentity();
  identity.setLabel("FULL");
  must(formatFat32(disk, identity, bytesOf(scratch)), "FAT32");
  const volume = new FatVolume();
  must(volume.mount(disk), "mount");
  let files = 0;
  while (store(volume, `/some file with a long name ${files}.bin`, noise(700_000, files)) === FatError.none)
    files++;
  t.ok(files > 40, `${files} files`);
  // Every other file shrinks to nothing, so that the next large one is in pieces.
  for (let i = 0; i < files; i += 2) {
    t.equal(store(volume, `/SOME FILE WITH A LONG NAME ${i}.BIN`, new Uint8Array(0)), FatError.none);
  }
  t.equal(store(volume, "/pieces", noise(3_000_000, 99)), FatError.none);
  t.equal(Buffer.compare(load(volume, "/pieces"), noise(3_000_000, 99)), 0);
  t.equal(Buffer.compare(load(volume, "/some file with a long name 1.bin"), noise(700_000, 1)), 0);
  disk.close();
  const judged = ask("fsck.vfat", "-n", image);
  t.equal(judged.status, 0, judged.text);
  const out = join(folder, "pieces");
  ask("mcopy", "-n", "-i", image, "::/pieces", out);
  t.equal(Buffer.compare(readFileSync(out), noise(3_000_000, 99)), 0);
  t.end();
});

t.test("FAT32 volumes that others made are read and written", (t) => {
  for (const [sectorSize, perCluster, mebibytes] of [
    [512, 1, 40],
    [512, 8, 300],
    [512, 64, 2200],
    [4096, 1, 300],
  ] as const) {
    const image = join(folder, "theirs.img");
    FileDisk.create(image, mebibytes * MEBIBYTE, sectorSize).close();
    ask("mkfs.vfat", "-F", "32", "-S", `${sectorSize}`, "-s", `${perCluster}`, "-n", "THEIRS", image);
    const file = join(folder, "content");
    writeFileSync(file, noise(500_000, 4));
    ask("mmd", "-i", image, "::/Programme");
    for (let i = 0; i < 60; i++)
      ask("mcopy", "-i", image, file, `::/Programme/Eine Datei mit Umlauten äöü ${i}.txt`);
    const disk = FileDisk.open(image, sectorSize, false);
    const volume = new FatVolume();
    must(volume.mount(disk), "mount");
    t.equal(
      Buffer.compare(load(volume, "\\programme\\eine datei mit umlauten ÄÖÜ 59.TXT"), noise(500_000, 4)),
      0,
    );
    t.equal(count(volume, "/Programme"), 60);
    t.equal(store(volume, "/Programme/Eine Datei mit Umlauten äöü 7.txt", noise(123, 8)), FatError.none);
    t.equal(store(volume, "/Programme/new.txt", noise(1_000_000, 8)), FatError.none);
    t.equal(count(volume, "/programme"), 61);
    disk.close();
    const judged = ask("fsck.vfat", "-n", image);
    t.equal(judged.status, 0, judged.text);
    t.match(ask("mdir", "-i", image, "::/Programme").text, "new.txt");
  }
  t.end();
});

t.test("tables that sgdisk made are read, kept and changed", (t) => {
  const image = join(folder, "theirs-gpt.img");
  for (const slots of [128, 256, 512]) {
    FileDisk.create(image, 3000 * MEBIBYTE, 512).close();
    ask(
      "sgdisk",
      "-o",
      "-S",
      `${slots}`,
      "-n",
      "1:0:+100M",
      "-t",
      "1:ef00",
      "-c",
      "1:Ihre",
      "-n",
      "3:0:+500M",
      image,
    );
    const before = ask("sgdisk", "-i", "1", image).text;
    const disk = FileDisk.open(image, 512, false);
    const table = new PartitionTable();
    must(table.read(disk), "read");
    t.equal(table.slotCount(), slots);
    const entry = new GptEntry();
    t.equal(table.entry(0, entry), true);
    setGuid(bytesOf(entry.type), TYPE_LINUX_DATA);
    entry.unique.set(noise(16, 6));
    entry.firstLba = 4194304n;
    entry.lastLba = 4204543n;
    t.equal(must(table.add(entry), "add"), 1);
    must(table.write(disk), "write");
    disk.close();
    t.match(ask("sgdisk", "-v", image).text, /No problems found/);
    t.equal(ask("sgdisk", "-i", "1", image).text, before);
    t.match(ask("sgdisk", "-i", "2", image).text, /First sector: 4194304/);
  }
  t.end();
});

t.test("a damaged header is survived, and mended to the content of sgdisk", (t) => {
  const image = join(folder, "damaged.img");
  makeDisk(image, 1024 * MEBIBYTE, 512);
  const descriptor = openSync(image, "r+");
  const sector = Buffer.alloc(512);
  readSync(descriptor, sector, 0, 512, 512);
  sector[60] ^= 1;
  writeSync(descriptor, sector, 0, 512, 512);
  closeSync(descriptor);
  t.match(ask("sgdisk", "-v", image).text, /You should repair the disk/);
  const disk = FileDisk.open(image, 512, false);
  const table = new PartitionTable();
  must(table.read(disk), "read");
  t.equal(table.source(), TableSource.backup);
  must(table.write(disk), "write");
  disk.close();
  t.match(ask("sgdisk", "-v", image).text, /No problems found/);
  t.end();
});

t.test("sha256 agrees with the host's on every length up to 300", (t) => {
  const digest = new Uint8Array(32);
  for (let length = 0; length <= 300; length++) {
    const message = noise(length, length);
    sha256(bytesOf(message), bytesOf(digest));
    if (Buffer.compare(digest, createHash("sha256").update(message).digest()) !== 0)
      t.fail(`${length} bytes`);
  }
  t.pass();
  t.end();
});

function count(volume: FatVolume, path: string): number {
  const directory = new FatEntry();
  const entry = new FatEntry();
  const reader = new DirectoryReader();
  must(volume.find(utf8(path), directory), path);
  volume.openDirectory(directory, reader);
  let entries = 0;
  while (must(reader.next(entry), "next")) entries++;
  return entries;
}
