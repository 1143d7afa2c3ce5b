// All directories of a FAT32 volume, walked: the code of `src/storage/fat-volume.ts` over a disk in memory.

import { BlockDevice, DiskIdentity, IoError } from "../../../src/device/block-device.ts";
import { crc32Extend } from "../../../src/base/crc32.ts";
import { DirectoryReader, FatEntry } from "../../../src/storage/fat-directory.ts";
import { FatVolume } from "../../../src/storage/fat-volume.ts";

const SECTOR_BYTES = 512;
const WAITING_LIMIT = 1024;

class MemoryDisk implements BlockDevice {
  image: Bytes = bytesOf(nothing);

  sectorBytes(): u32 {
    return SECTOR_BYTES;
  }
  sectorCount(): u64 {
    return BigInt(this.image.length >>> 9);
  }
  isReadOnly(): boolean {
    return true;
  }
  identify(into: DiskIdentity): void {
    into.modelLength = 0;
  }
  read(lba: u64, target: Bytes): Result<void, IoError> {
    if (lba >= this.sectorCount()) return err(IoError.outOfRange);
    target.copyFrom(this.image.slice(u32(Number(lba)) * SECTOR_BYTES, target.length));
    return ok();
  }
  write(_lba: u64, _source: Bytes): Result<void, IoError> {
    return err(IoError.readOnly);
  }
  flush(): Result<void, IoError> {
    return ok();
  }
}

const nothing = new Uint8Array(1);
const disk = new MemoryDisk();
const volume = new FatVolume();
const reader = new DirectoryReader();
const entry = new FatEntry();
const directory = new FatEntry();
/** First clusters of the directories that are still to be walked. */
const waiting = new Uint32Array(WAITING_LIMIT);

/** Walks everything; a checksum of names and sizes, and to `work` how many entries there are. */
export function run(input: Bytes, work: Bytes): u32 {
  disk.image = input;
  const mounted = volume.mount(disk);
  if (!mounted.ok) return 0;
  let count: u32 = 0;
  let sum: u32 = 0;
  let left: u32 = 1;
  waiting[0] = 0;
  directory.isDirectory = true;
  while (left > 0) {
    left--;
    directory.firstCluster = waiting[left];
    volume.openDirectory(directory, reader);
    while (true) {
      const more = reader.next(entry);
      if (!more.ok) return 0;
      if (!more.value) break;
      count++;
      sum = crc32Extend(sum, entry.nameText());
      sum = (sum + entry.sizeBytes) >>> 0;
      if (entry.isDirectory) {
        waiting[left] = entry.firstCluster;
        left++;
      }
    }
  }
  work.setU32le(0, count);
  return sum;
}
