// A GUID partition table, parsed and checked: header and array, as from LBA 1 on.

import { crc32 } from "./crc32-table";
import { utf8FromUtf16 } from "./utf8";

const DISK_SECTORS: u64 = 0x100000;
const SECTOR: usize = 512;
const zeros = memory.data(16);
const entry = memory.data(128);

let entryCount: u32 = 0;
let entryBytes: u32 = 0;

function isSane(sector: usize): bool {
  const first = load<u64>(sector, 40);
  const last = load<u64>(sector, 48);
  const array = load<u64>(sector, 72);
  const own = load<u64>(sector, 24);
  if (first < 2 || first > last || last >= DISK_SECTORS || (own >= first && own <= last)) return false;
  if (array < 2 || array >= DISK_SECTORS) return false;
  const end = array + <u64>((entryCount * entryBytes + 511) / 512);
  return end <= DISK_SECTORS && (end <= first || array > last);
}

function parseHeader(sector: usize): bool {
  if (load<u64>(sector) != 0x5452415020494645 || load<u32>(sector, 8) != 0x10000) return false;
  const bytes = load<u32>(sector, 12);
  if (bytes < 92 || bytes > 512) return false;
  const crc = crc32(crc32(crc32(0, sector, 16), zeros, 4), sector + 20, bytes - 20);
  if (crc != load<u32>(sector, 16) || load<u64>(sector, 24) != 1) return false;
  entryCount = load<u32>(sector, 80);
  entryBytes = load<u32>(sector, 84);
  if (entryBytes < 128 || entryBytes > 4096 || (entryBytes & (entryBytes - 1)) != 0) return false;
  if (entryCount == 0 || entryCount > 65536 / entryBytes) return false;
  return isSane(sector);
}

export function run(input: usize, length: usize, work: usize): u32 {
  if (!parseHeader(input)) return 0;
  const array = input + SECTOR;
  const size: usize = entryCount * entryBytes;
  if (crc32(0, array, size) != load<u32>(input, 88)) return 0;
  let used: u32 = 0;
  let to = work;
  for (let at: usize = 0; at < size; at += entryBytes) {
    const slot = array + at;
    if (load<u64>(slot) == 0 && load<u64>(slot, 8) == 0) continue;
    memory.copy(entry, slot, 128);
    used++;
    const first = load<u64>(entry, 32);
    store<u64>(to, first);
    store<u64>(to, load<u64>(entry, 40) - first + 1, 8);
    to += 16 + utf8FromUtf16(entry + 56, 72, to + 16, 108);
  }
  return used;
}
