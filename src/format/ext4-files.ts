/**
 * What a new ext4 holds: inodes with one extent, directory blocks, and the journal's superblock. Records → bytes.
 *
 * An inode's content is one extent here: `length` blocks from `start` on. Inodes and directory blocks carry checksums that
 * start from the volume's UUID and the inode's number.
 */
import { crc32cExtend, crc32cExtendU32 } from "../base/crc32c.ts";
import { EXT4_BLOCK_BYTES, EXT4_INODE_BYTES } from "./ext4-geometry.ts";
import { high32, low32 } from "./ext4.ts";

export const ROOT_INODE = 2;
/** The bytes of an inode that map its blocks. */
export const BLOCK_MAP_BYTES = 60;

export const MODE_DIRECTORY = 0o040755;
export const MODE_PRIVATE_DIRECTORY = 0o040700;
export const MODE_PRIVATE_FILE = 0o100600;

const FLAG_EXTENTS = 0x80000;
const EXTENT_MAGIC = 0xf30a;
/** An extent header and four extents fill the map of an inode. */
const EXTENTS_IN_INODE = 4;
const EXTRA_INODE_BYTES = 32;
/** Sizes on disk count in units of 512 bytes. */
const UNITS_PER_BLOCK = 8;
const KIND_DIRECTORY = 2;
const TAIL_BYTES = 12;
const TAIL_KIND = 0xde;
const JOURNAL_MAGIC = 0xc03b3998;
const JOURNAL_SUPER_V2 = 4;

const INODE = layout(EXT4_INODE_BYTES, {
  mode: le16(0),
  uid: le16(2),
  sizeLow: le32(4),
  accessTime: le32(8),
  changeTime: le32(12),
  modifyTime: le32(16),
  deleteTime: le32(20),
  gid: le16(24),
  links: le16(26),
  units: le32(28),
  flags: le32(32),
  version: le32(36),
  blockMap: octets(40, BLOCK_MAP_BYTES),
  generation: le32(100),
  attributesLow: le32(104),
  sizeHigh: le32(108),
  fragment: le32(112),
  unitsHigh: le16(116),
  attributesHigh: le16(118),
  uidHigh: le16(120),
  gidHigh: le16(122),
  checksumLow: le16(124),
  reserved: le16(126),
  extraBytes: le16(128),
  checksumHigh: le16(130),
  changeTimeExtra: le32(132),
  modifyTimeExtra: le32(136),
  accessTimeExtra: le32(140),
  createTime: le32(144),
  createTimeExtra: le32(148),
  versionHigh: le32(152),
  project: le32(156),
  attributes: octets(160, 96),
});

const EXTENT_MAP = layout(24, {
  magic: le16(0),
  entries: le16(2),
  entriesLimit: le16(4),
  depth: le16(6),
  generation: le32(8),
  firstBlock: le32(12),
  length: le16(16),
  startHigh: le16(18),
  startLow: le32(20),
});

const ENTRY = layout(8, { inode: le32(0), recordBytes: le16(4), nameBytes: at8(6), kind: at8(7) });
const TAIL = layout(TAIL_BYTES, {
  inode: le32(0),
  recordBytes: le16(4),
  nameBytes: at8(6),
  kind: at8(7),
  checksum: le32(8),
});

/** The part of the journal's superblock that is not zero (fs/jbd2): the only big-endian piece of ext4. */
const JOURNAL = layout(68, {
  magic: be32(0),
  kind: be32(4),
  headerSequence: be32(8),
  blockBytes: be32(12),
  blockCount: be32(16),
  firstBlock: be32(20),
  sequence: be32(24),
  start: be32(28),
  error: be32(32),
  compatible: be32(36),
  incompatible: be32(40),
  readOnlyCompatible: be32(44),
  uuid: octets(48, 16),
  users: be32(64),
});

/** Writes the map of a content that is one extent over all of `map` (60 bytes). */
export function writeExtentMap(start: u64, length: u16, map: Bytes): void {
  map.fill(0);
  EXTENT_MAP.magic.set(map, EXTENT_MAGIC);
  EXTENT_MAP.entries.set(map, 1);
  EXTENT_MAP.entriesLimit.set(map, EXTENTS_IN_INODE);
  EXTENT_MAP.length.set(map, length);
  EXTENT_MAP.startHigh.set(map, u16(high32(start)));
  EXTENT_MAP.startLow.set(map, low32(start));
}

/** Writes inode `number`, whose content is `blocks` blocks from `start` on, over all of `record` (256 bytes). */
export function writeInode(
  checksumSeed: u32,
  number: u32,
  mode: u16,
  links: u16,
  start: u64,
  blocks: u16,
  seconds: u32,
  record: Bytes,
): void {
  record.fill(0);
  INODE.mode.set(record, mode);
  INODE.links.set(record, links);
  INODE.sizeLow.set(record, blocks * EXT4_BLOCK_BYTES);
  INODE.units.set(record, blocks * UNITS_PER_BLOCK);
  INODE.accessTime.set(record, seconds);
  INODE.changeTime.set(record, seconds);
  INODE.modifyTime.set(record, seconds);
  INODE.createTime.set(record, seconds);
  INODE.flags.set(record, FLAG_EXTENTS);
  INODE.extraBytes.set(record, EXTRA_INODE_BYTES);
  writeExtentMap(start, blocks, INODE.blockMap.of(record));
  const checksum = crc32cExtend(inodeSeed(checksumSeed, number), record);
  INODE.checksumLow.set(record, checksum & 0xffff);
  INODE.checksumHigh.set(record, checksum >>> 16);
}

/**
 * Writes the first block of a directory: itself, its parent, and, where `child` is not 0, a directory called `childName`.
 */
export function writeDirectoryBlock(
  checksumSeed: u32,
  number: u32,
  parent: u32,
  child: u32,
  childName: string,
  block: Bytes,
): void {
  block.fill(0);
  const end = EXT4_BLOCK_BYTES - TAIL_BYTES;
  putEntry(block, 0, 12, number, ".");
  if (child === 0) {
    putEntry(block, 12, end - 12, parent, "..");
  } else {
    putEntry(block, 12, 12, parent, "..");
    putEntry(block, 24, end - 24, child, childName);
  }
  sealDirectoryBlock(checksumSeed, number, block);
}

/** Writes a further block of a directory, with nothing in it. */
export function writeEmptyDirectoryBlock(checksumSeed: u32, number: u32, block: Bytes): void {
  block.fill(0);
  ENTRY.recordBytes.set(block, EXT4_BLOCK_BYTES - TAIL_BYTES);
  sealDirectoryBlock(checksumSeed, number, block);
}

/**
 * Writes the superblock of an empty journal over all of `block`. `sequence` is where its transactions start to count: a
 * value of the volume's own keeps those of an earlier journal in the same place from being taken for this one's.
 */
export function writeJournalSuper(blocks: u32, sequence: u32, uuid: Bytes, block: Bytes): void {
  block.fill(0);
  JOURNAL.magic.set(block, JOURNAL_MAGIC);
  JOURNAL.kind.set(block, JOURNAL_SUPER_V2);
  JOURNAL.blockBytes.set(block, EXT4_BLOCK_BYTES);
  JOURNAL.blockCount.set(block, blocks);
  JOURNAL.firstBlock.set(block, 1);
  JOURNAL.sequence.set(block, sequence);
  JOURNAL.uuid.of(block).copyFrom(uuid);
  JOURNAL.users.set(block, 1);
}

function putEntry(block: Bytes, at: u32, recordBytes: u16, inode: u32, name: string): void {
  const text = utf8(name);
  const entry = block.slice(at, recordBytes);
  ENTRY.inode.set(entry, inode);
  ENTRY.recordBytes.set(entry, recordBytes);
  ENTRY.nameBytes.set(entry, u8(text.length));
  ENTRY.kind.set(entry, KIND_DIRECTORY);
  entry.slice(ENTRY.byteLength, text.length).copyFrom(text);
}

function sealDirectoryBlock(checksumSeed: u32, number: u32, block: Bytes): void {
  const content = block.slice(0, EXT4_BLOCK_BYTES - TAIL_BYTES);
  const tail = block.slice(EXT4_BLOCK_BYTES - TAIL_BYTES, TAIL_BYTES);
  TAIL.recordBytes.set(tail, TAIL_BYTES);
  TAIL.kind.set(tail, TAIL_KIND);
  TAIL.checksum.set(tail, crc32cExtend(inodeSeed(checksumSeed, number), content));
}

/** Where the checksums of an inode and its directory blocks start: its number and its generation, which is 0. */
function inodeSeed(checksumSeed: u32, number: u32): u32 {
  return crc32cExtendU32(crc32cExtendU32(checksumSeed, number), 0);
}
