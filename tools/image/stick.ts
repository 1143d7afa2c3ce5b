// The installation stick as an image: a GPT with an EFI system partition, the release in an object store, state and log.
//
// Written by the code that installs RayOS, over a file. What the state and log partitions hold is made by the first boot.

import { makeRandomGuid, setGuid } from "../../src/base/guid.ts";
import type { Entropy } from "../../src/device/entropy.ts";
import { GptEntry } from "../../src/format/gpt.ts";
import { nameOfRole, PartitionRole, typeOfRole } from "../../src/format/partition-types.ts";
import { DiskLayout, planStick, type PlannedPartition } from "../../src/policy/disk-layout.ts";
import { BOOT_MANAGER_PATH, BootFiles, REMOVABLE_PATH } from "../../src/service/boot-files.ts";
import { FatIdentity, formatFat32 } from "../../src/storage/fat-format.ts";
import { PartitionTable } from "../../src/storage/partition-table.ts";
import { Region } from "../../src/storage/region.ts";
import { FileDisk } from "../host/file-disk.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { must } from "./must.ts";
import { writeRelease, type Release } from "./release.ts";

const SECTOR_BYTES = 512;
const MEBIBYTE = 1_048_576;
/** Beside the release: room for updates and snapshots made on the stick itself. */
const LEAST_SYSTEM_BYTES = 64 * MEBIBYTE;
const GUID_BYTES = 16;

export interface StickContent extends Release {
  /** What a legacy BIOS starts: a sector of which the first 440 bytes are code. */
  readonly bootSector: Uint8Array;
  /** Time of all files, since 1970. */
  readonly seconds: bigint;
  /** What all ids follow from. */
  readonly seed: string;
}

/** Writes the image to a file of that name. */
export function writeStick(path: string, content: StickContent): void {
  const layout = new DiskLayout();
  const programs = content.kernel.length + content.bootManager.length;
  const systemBytes = LEAST_SYSTEM_BYTES + 2 * Math.ceil(programs / MEBIBYTE) * MEBIBYTE;
  must(planStick(SECTOR_BYTES, BigInt(systemBytes), layout), "plan the image");
  const disk = FileDisk.create(path, Number(layout.diskBytes), SECTOR_BYTES);
  try {
    const entropy = new FixedEntropy(content.seed);
    writeTable(disk, layout, content, entropy);
    writeEfiSystem(regionOf(disk, layout, PartitionRole.efiSystem), content, entropy);
    writeRelease(regionOf(disk, layout, PartitionRole.system), content, entropy, content.seconds);
    must(disk.flush(), "flush the image");
  } finally {
    disk.close();
  }
}

function parts(layout: DiskLayout): PlannedPartition[] {
  return [...layout.parts].slice(0, layout.partCount);
}

function guid(entropy: Entropy): Bytes {
  const bytes = bytesOf(new Uint8Array(GUID_BYTES));
  entropy.fill(bytes);
  makeRandomGuid(bytes);
  return bytes;
}

function writeTable(disk: FileDisk, layout: DiskLayout, content: StickContent, entropy: Entropy): void {
  const table = new PartitionTable();
  must(table.create(disk, guid(entropy)), "make the partition table");
  const code = new Uint8Array(content.bootSector.subarray(0, Math.min(440, content.bootSector.length)));
  table.setBootCode(bytesOf(code));
  for (const part of parts(layout)) {
    const entry = new GptEntry();
    setGuid(bytesOf(entry.type), typeOfRole(part.role));
    bytesOf(entry.unique).copyFrom(guid(entropy));
    entry.firstLba = part.firstLba;
    entry.lastLba = part.firstLba + part.sectorCount - 1n;
    entry.setName(utf8(nameOfRole(part.role)));
    must(table.add(entry), "enter a partition");
  }
  must(table.write(disk), "write the partition table");
}

function regionOf(disk: FileDisk, layout: DiskLayout, role: PartitionRole): Region {
  const part = parts(layout).find((each) => each.role === role)!;
  const region = new Region();
  must(region.open(disk, part.firstLba, part.sectorCount), "open a partition");
  return region;
}

function writeEfiSystem(region: Region, content: StickContent, entropy: Entropy): void {
  const scratch = bytesOf(new Uint8Array(MEBIBYTE));
  const identity = new FatIdentity();
  identity.volumeId = guid(entropy).u32le(0);
  identity.hiddenSectors = Number(region.firstLba());
  identity.unixSeconds = content.seconds;
  identity.setLabel("RAYOS EFI");
  must(formatFat32(region, identity, scratch), "format the EFI system partition");
  const files = new BootFiles();
  must(files.mount(region), "mount the EFI system partition");
  must(files.makeDirectories(content.seconds), "make directories");
  for (const name of [REMOVABLE_PATH, BOOT_MANAGER_PATH]) {
    must(
      files.write(name, bytesOf(new Uint8Array(content.bootManager)), content.seconds, scratch),
      `write ${name}`,
    );
  }
}
