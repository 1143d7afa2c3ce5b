// All directories of a FAT32 volume, walked over a disk in memory: a window into the FAT, pieces of 4 KiB of directory.

import { crc32 } from "./crc32-table";
import { utf8FromUtf16 } from "./utf8";

const SECTOR: u32 = 512;
const WINDOW: u32 = 16384;
const PIECE: u32 = 4096;
const NAME_TEXT: usize = 765;
const fatWindow = memory.data(16384);
const piece = memory.data(4096);
const units = memory.data(520);
const name = memory.data(768);
const shortName = memory.data(16);
const waiting = memory.data(4096);

let image: usize = 0;
let sectors: u64 = 0;
let perCluster: u32 = 0;
let clusterBytes: u32 = 0;
let fatSector: u32 = 0;
let fatSectors: u32 = 0;
let dataSector: u32 = 0;
let clusterCount: u32 = 0;
let root: u32 = 0;
let windowStart: u32 = 0;
let windowSectors: u32 = 0;
let nextCluster: u32 = 0;
let nextOffset: u32 = 0;
let pieceLength: u32 = 0;
let position: u32 = 0;
let slots: u32 = 0;
let partsLeft: u32 = 0;
let checksum: u32 = 0;
let unitsLength: u32 = 0;
let isReady: bool = false;
let runCount: u32 = 0;
let runNext: u32 = 0;
let nameLength: usize = 0;
let firstCluster: u32 = 0;
let size: u32 = 0;

function read(lba: u64, target: usize, length: usize): bool {
  if (lba >= sectors) return false;
  memory.copy(target, image + <usize>lba * SECTOR, length);
  return true;
}

function isCluster(cluster: u32): bool {
  return cluster >= 2 && cluster - 2 < clusterCount;
}

function mount(): bool {
  windowSectors = 0;
  if (!read(0, piece, SECTOR) || load<u16>(piece, 510) != 0xaa55) return false;
  perCluster = load<u8>(piece, 13);
  const fats: u32 = load<u8>(piece, 16);
  if (load<u16>(piece, 11) != SECTOR || popcnt(perCluster) != 1 || fats == 0 || fats > 4) return false;
  if (load<u16>(piece, 14) == 0 || load<u16>(piece, 22) != 0 || load<u16>(piece, 17) != 0) return false;
  const total = load<u32>(piece, 32);
  fatSectors = load<u32>(piece, 36);
  root = load<u32>(piece, 44);
  fatSector = load<u16>(piece, 14);
  dataSector = fatSector + fats * fatSectors;
  if (fatSectors == 0 || dataSector >= total || <u64>total > sectors) return false;
  clusterCount = min((total - dataSector) / perCluster, fatSectors * (SECTOR / 4) - 2);
  clusterBytes = SECTOR * perCluster;
  return clusterCount >= 65525 && isCluster(root);
}

/** The entry of a cluster; 1, which no chain holds, where there is none. */
function fatEntry(cluster: u32): u32 {
  if (!isCluster(cluster)) return 1;
  const sector = (cluster * 4) / SECTOR;
  if (sector - windowStart >= windowSectors) {
    const whole = WINDOW / SECTOR;
    const first = sector - (sector % whole);
    const count = min(fatSectors - first, whole);
    if (!read(fatSector + first, fatWindow, count * SECTOR)) return 1;
    windowStart = first;
    windowSectors = count;
  }
  return load<u32>(fatWindow + (cluster * 4 - windowStart * SECTOR)) & 0x0fffffff;
}

function runOf(cluster: u32, limit: u32): bool {
  runCount = 1;
  runNext = 0;
  while (true) {
    const entry = fatEntry(cluster);
    if (entry >= 0x0ffffff8) return true;
    if (!isCluster(entry)) return false;
    if (entry != cluster + 1 || runCount == limit) {
      runNext = entry;
      return true;
    }
    cluster = entry;
    runCount++;
  }
}

function openDirectory(cluster: u32): void {
  nextCluster = cluster == 0 ? root : cluster;
  nextOffset = pieceLength = position = slots = 0;
  forget();
}

function loadPiece(): bool {
  if (!isCluster(nextCluster)) return false;
  let sector = <u64>dataSector + <u64>(nextCluster - 2) * perCluster + nextOffset / SECTOR;
  if (nextOffset + PIECE < clusterBytes) {
    pieceLength = PIECE;
    nextOffset += PIECE;
  } else {
    const small = min(clusterBytes, PIECE);
    if (!runOf(nextCluster, PIECE / small)) return false;
    pieceLength = runCount * small;
    nextCluster = runNext;
    nextOffset = 0;
  }
  position = 0;
  return read(sector, piece, pieceLength);
}

/** 1: a slot is at hand; 0: the end; -1: damage. */
function nextSlot(): i32 {
  if (slots > 0) position += 32;
  if (position >= pieceLength) {
    if (nextCluster == 0 || slots >= 65536) return 0;
    if (!loadPiece()) return -1;
  }
  slots++;
  return 1;
}

function forget(): void {
  partsLeft = 0;
  isReady = false;
}

function takeLongPart(slot: usize): void {
  let number: u32 = load<u8>(slot) & 0x3f;
  if (number > 20) number = 0;
  if (load<u8>(slot) & 0x40) {
    partsLeft = number;
    checksum = load<u8>(slot, 13);
    unitsLength = number * 26;
    isReady = false;
  }
  if (number == 0 || number != partsLeft || load<u8>(slot, 13) != checksum) {
    forget();
    return;
  }
  const target = units + (number - 1) * 26;
  memory.copy(target, slot + 1, 10);
  memory.copy(target + 10, slot + 14, 12);
  memory.copy(target + 22, slot + 28, 4);
  isReady = --partsLeft == 0;
}

function checksumOf(slot: usize): u32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < 11; i++) sum = ((sum >> 1) + (sum << 7) + load<u8>(slot + i)) & 0xff;
  return sum;
}

function putTrimmed(field: usize, length: usize, to: usize): usize {
  while (length > 0 && load<u8>(field + length - 1) == 0x20) length--;
  for (let i: usize = 0; i < length; i++) {
    const character: u32 = load<u8>(field + i);
    store<u8>(to + i, character > 0x20 && character < 0x7f ? character : 0x5f);
  }
  return to + length;
}

function shortText(): usize {
  const to = putTrimmed(shortName, 8, name);
  const end = putTrimmed(shortName + 8, 3, to + 1);
  if (end == to + 1) return to - name;
  store<u8>(to, 0x2e);
  return end - name;
}

function describe(slot: usize, isDirectory: bool): void {
  memory.copy(shortName, slot, 11);
  if (load<u8>(shortName) == 0x05) store<u8>(shortName, 0xe5);
  nameLength = 0;
  if (isReady && checksumOf(slot) == checksum)
    nameLength = utf8FromUtf16(units, unitsLength, name, NAME_TEXT);
  if (nameLength == 0) nameLength = shortText();
  firstCluster = (((<u32>load<u16>(slot, 20)) & 0x0fff) << 16) | load<u16>(slot, 26);
  size = isDirectory ? 0 : load<u32>(slot, 28);
  forget();
}

function isDot(slot: usize): bool {
  if (load<u8>(slot) != 0x2e) return false;
  return load<u8>(slot, 1) == 0x20 || (load<u8>(slot, 1) == 0x2e && load<u8>(slot, 2) == 0x20);
}

/** 0: the end; 1: a file; 2: a directory; -1: damage. */
function nextEntry(): i32 {
  while (true) {
    const advanced = nextSlot();
    if (advanced <= 0) return advanced;
    const slot = piece + position;
    const first: u32 = load<u8>(slot);
    const attributes: u32 = load<u8>(slot, 11) & 0x3f;
    if (first == 0) return 0;
    if (first != 0xe5 && attributes == 0x0f) takeLongPart(slot);
    else if (first == 0xe5 || (attributes & 0x08) != 0 || isDot(slot)) forget();
    else {
      const isDirectory = (attributes & 0x10) != 0;
      describe(slot, isDirectory);
      return isDirectory ? 2 : 1;
    }
  }
}

export function run(input: usize, length: usize, work: usize): u32 {
  image = input;
  sectors = length / SECTOR;
  if (!mount()) return 0;
  let count: u32 = 0;
  let sum: u32 = 0;
  let left: u32 = 1;
  store<u32>(waiting, 0);
  while (left > 0) {
    left--;
    openDirectory(load<u32>(waiting + (left << 2)));
    while (true) {
      const kind = nextEntry();
      if (kind < 0) return 0;
      if (kind == 0) break;
      count++;
      sum = crc32(sum, name, nameLength) + size;
      if (kind == 2) store<u32>(waiting + (left++ << 2), firstCluster);
    }
  }
  store<u32>(work, count);
  return sum;
}
