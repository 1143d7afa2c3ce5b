/**
 * ext4's superblock and group descriptors (Linux, Documentation/filesystems/ext4): records → bytes.
 *
 * The features are those that every Linux since 3.18 mounts for writing: journal, extents, 64-bit block numbers and
 * checksums of all metadata. Bitmaps and inode tables of groups that nobody used are marked as not initialised: they need
 * not be written, Linux does so later in the background. Checksums start from the volume's UUID, so that what an earlier
 * file system left behind is never taken for this one's.
 */
import { crc32cExtend, crc32cExtendU32 } from "../base/crc32c.ts";
import { EXT4_BLOCK_BYTES, EXT4_BLOCKS_PER_GROUP, EXT4_DESCRIPTOR_BYTES } from "./ext4-geometry.ts";
import { EXT4_INODE_BYTES, Ext4Geometry } from "./ext4-geometry.ts";

export const EXT4_SUPER_BYTES = 1024;
/** Where in its first block the superblock stands; the copies stand at the front of theirs. */
export const EXT4_SUPER_AT = 1024;
export const EXT4_UUID_BYTES = 16;
export const EXT4_LABEL_BYTES = 16;
export const JOURNAL_INODE = 8;
export const LOST_AND_FOUND_INODE = 11;

const MAGIC = 0xef53;
const STATE_CLEAN = 1;
const ERRORS_CONTINUE = 1;
const REVISION_DYNAMIC = 1;
const NO_MOUNT_LIMIT = 0xffff;
const FIRST_INODE = 11;
/** Blocks are 1024 << 2 bytes. */
const BLOCK_SIZE_EXPONENT = 2;
const HASH_HALF_MD4 = 1;
const HASH_IS_SIGNED = 1;
const JOURNAL_BACKUP_BLOCKS = 1;
const EXTRA_INODE_BYTES = 32;
const CHECKSUM_CRC32C = 1;
/** user_xattr and acl. */
const DEFAULT_MOUNT_OPTIONS = 0x0c;

/** has_journal, ext_attr, dir_index */
const COMPATIBLE = 0x0004 | 0x0008 | 0x0020;
/** filetype, extents, 64bit */
const INCOMPATIBLE = 0x0002 | 0x0040 | 0x0080;
/** sparse_super, large_file, huge_file, dir_nlink, extra_isize, metadata_csum */
const READ_ONLY_COMPATIBLE = 0x0001 | 0x0002 | 0x0008 | 0x0020 | 0x0040 | 0x0400;

const SUPER = layout(EXT4_SUPER_BYTES, {
  inodeCount: le32(0),
  blockCountLow: le32(4),
  reservedBlocksLow: le32(8),
  freeBlocksLow: le32(12),
  freeInodes: le32(16),
  firstDataBlock: le32(20),
  blockSizeExponent: le32(24),
  clusterSizeExponent: le32(28),
  blocksPerGroup: le32(32),
  clustersPerGroup: le32(36),
  inodesPerGroup: le32(40),
  mountTime: le32(44),
  writeTime: le32(48),
  mountCount: le16(52),
  mountLimit: le16(54),
  magic: le16(56),
  state: le16(58),
  errors: le16(60),
  minorRevision: le16(62),
  checkTime: le32(64),
  checkInterval: le32(68),
  creator: le32(72),
  revision: le32(76),
  reservedUid: le16(80),
  reservedGid: le16(82),
  firstInode: le32(84),
  inodeBytes: le16(88),
  groupNumber: le16(90),
  compatible: le32(92),
  incompatible: le32(96),
  readOnlyCompatible: le32(100),
  uuid: octets(104, EXT4_UUID_BYTES),
  label: octets(120, EXT4_LABEL_BYTES),
  lastMounted: octets(136, 64),
  algorithms: le32(200),
  preallocateBlocks: at8(204),
  preallocateDirectories: at8(205),
  reservedDescriptorBlocks: le16(206),
  journalUuid: octets(208, 16),
  journalInode: le32(224),
  journalDevice: le32(228),
  lastOrphan: le32(232),
  hashSeed: octets(236, 16),
  hashVersion: at8(252),
  journalBackupKind: at8(253),
  descriptorBytes: le16(254),
  mountOptions: le32(256),
  firstMetaGroup: le32(260),
  madeTime: le32(264),
  journalBlockMap: octets(268, 60),
  journalSizeHigh: le32(328),
  journalSizeLow: le32(332),
  blockCountHigh: le32(336),
  reservedBlocksHigh: le32(340),
  freeBlocksHigh: le32(344),
  leastExtraInodeBytes: le16(348),
  wantedExtraInodeBytes: le16(350),
  flags: le32(352),
  raidStride: le16(356),
  mmpInterval: le16(358),
  mmpBlock: le64(360),
  raidStripeWidth: le32(368),
  flexGroupExponent: at8(372),
  checksumKind: at8(373),
  encryptionLevel: at8(374),
  reserved0: at8(375),
  kibibytesWritten: le64(376),
  reserved1: octets(384, 636),
  checksum: le32(1020),
});

const DESCRIPTOR = layout(EXT4_DESCRIPTOR_BYTES, {
  blockBitmapLow: le32(0),
  inodeBitmapLow: le32(4),
  inodeTableLow: le32(8),
  freeBlocksLow: le16(12),
  freeInodesLow: le16(14),
  directoriesLow: le16(16),
  flags: le16(18),
  excludeBitmapLow: le32(20),
  blockBitmapChecksumLow: le16(24),
  inodeBitmapChecksumLow: le16(26),
  unusedInodesLow: le16(28),
  checksum: le16(30),
  blockBitmapHigh: le32(32),
  inodeBitmapHigh: le32(36),
  inodeTableHigh: le32(40),
  freeBlocksHigh: le16(44),
  freeInodesHigh: le16(46),
  directoriesHigh: le16(48),
  unusedInodesHigh: le16(50),
  excludeBitmapHigh: le32(52),
  blockBitmapChecksumHigh: le16(56),
  inodeBitmapChecksumHigh: le16(58),
  reserved: le32(60),
});

const INODES_NOT_INITIALISED = 1;
const BLOCKS_NOT_INITIALISED = 2;

/** Who a new file system is. */
export class Ext4Identity {
  /** The time of making, in seconds since 1970. */
  unixSeconds: u64 = 0n;
  readonly uuid = new Uint8Array(EXT4_UUID_BYTES);
  readonly label = new Uint8Array(EXT4_LABEL_BYTES);

  /** Sets the label: up to 16 bytes of UTF-8. */
  setLabel(text: string): void {
    const bytes = utf8(text);
    bytesOf(this.label).fill(0);
    bytesOf(this.label).slice(0, bytes.length).copyFrom(bytes);
  }

  /** Where all checksums of this file system start. */
  checksumSeed(): u32 {
    return crc32cExtend(0xffffffff, bytesOf(this.uuid));
  }

  /** The time as the 32 bits of the old fields. */
  seconds32(): u32 {
    return u32(Number(this.unixSeconds & 0xffffffffn));
  }
}

/** What a group's descriptor says beyond what follows from the geometry. */
export class Ext4GroupState {
  usedInodes: u16 = 0;
  directories: u16 = 0;
  hasBlockBitmap: boolean = false;
  hasInodeBitmap: boolean = false;
  blockBitmapChecksum: u32 = 0;
  inodeBitmapChecksum: u32 = 0;
}

/**
 * Writes the superblock for the copy in `group` over all of `sector` (1024 bytes). `journalMap` is the journal inode's map
 * of blocks, 60 bytes, kept there too in case that inode is lost.
 */
export function writeSuper(
  geometry: Ext4Geometry,
  identity: Ext4Identity,
  group: u32,
  journalMap: Bytes,
  sector: Bytes,
): void {
  sector.fill(0);
  writeCounts(geometry, sector);
  const now = identity.seconds32();
  SUPER.writeTime.set(sector, now);
  SUPER.checkTime.set(sector, now);
  SUPER.madeTime.set(sector, now);
  SUPER.mountLimit.set(sector, NO_MOUNT_LIMIT);
  SUPER.magic.set(sector, MAGIC);
  SUPER.state.set(sector, STATE_CLEAN);
  SUPER.errors.set(sector, ERRORS_CONTINUE);
  SUPER.revision.set(sector, REVISION_DYNAMIC);
  SUPER.firstInode.set(sector, FIRST_INODE);
  SUPER.inodeBytes.set(sector, EXT4_INODE_BYTES);
  SUPER.groupNumber.set(sector, group & 0xffff);
  SUPER.compatible.set(sector, COMPATIBLE);
  SUPER.incompatible.set(sector, INCOMPATIBLE);
  SUPER.readOnlyCompatible.set(sector, READ_ONLY_COMPATIBLE);
  SUPER.uuid.of(sector).copyFrom(bytesOf(identity.uuid));
  SUPER.label.of(sector).copyFrom(bytesOf(identity.label));
  SUPER.hashSeed.of(sector).copyFrom(bytesOf(identity.uuid));
  SUPER.hashVersion.set(sector, HASH_HALF_MD4);
  SUPER.flags.set(sector, HASH_IS_SIGNED);
  SUPER.journalInode.set(sector, JOURNAL_INODE);
  SUPER.journalBackupKind.set(sector, JOURNAL_BACKUP_BLOCKS);
  SUPER.journalBlockMap.of(sector).copyFrom(journalMap);
  SUPER.journalSizeLow.set(sector, geometry.journalBlocks * EXT4_BLOCK_BYTES);
  SUPER.descriptorBytes.set(sector, EXT4_DESCRIPTOR_BYTES);
  SUPER.mountOptions.set(sector, DEFAULT_MOUNT_OPTIONS);
  SUPER.leastExtraInodeBytes.set(sector, EXTRA_INODE_BYTES);
  SUPER.wantedExtraInodeBytes.set(sector, EXTRA_INODE_BYTES);
  SUPER.checksumKind.set(sector, CHECKSUM_CRC32C);
  SUPER.checksum.set(sector, crc32cExtend(0xffffffff, sector.slice(0, SUPER.checksum.offset)));
}

/** Whether 1024 bytes look like the superblock of an ext file system: for a listing of what is on a disk. */
export function isExtSuper(sector: Bytes): boolean {
  return SUPER.magic.get(sector) === MAGIC && SUPER.blocksPerGroup.get(sector) !== 0;
}

/** The label of a superblock: up to 16 bytes, ended by a NUL where it is shorter. */
export function superLabel(sector: Bytes): Bytes {
  return SUPER.label.of(sector);
}

/** Writes the descriptor of a group over all of `record` (64 bytes). */
export function writeDescriptor(
  geometry: Ext4Geometry,
  checksumSeed: u32,
  group: u32,
  state: Ext4GroupState,
  record: Bytes,
): void {
  record.fill(0);
  const blockBitmap = geometry.blockBitmapAt(group);
  const inodeBitmap = geometry.inodeBitmapAt(group);
  const inodeTable = geometry.inodeTableAt(group);
  DESCRIPTOR.blockBitmapLow.set(record, low32(blockBitmap));
  DESCRIPTOR.blockBitmapHigh.set(record, high32(blockBitmap));
  DESCRIPTOR.inodeBitmapLow.set(record, low32(inodeBitmap));
  DESCRIPTOR.inodeBitmapHigh.set(record, high32(inodeBitmap));
  DESCRIPTOR.inodeTableLow.set(record, low32(inodeTable));
  DESCRIPTOR.inodeTableHigh.set(record, high32(inodeTable));
  DESCRIPTOR.freeBlocksLow.set(record, u16(geometry.groupBlocks(group) - geometry.takenBlocks(group)));
  DESCRIPTOR.freeInodesLow.set(record, u16(geometry.inodesPerGroup - state.usedInodes));
  DESCRIPTOR.unusedInodesLow.set(record, u16(geometry.inodesPerGroup - state.usedInodes));
  DESCRIPTOR.directoriesLow.set(record, state.directories);
  const blockFlag = state.hasBlockBitmap ? 0 : BLOCKS_NOT_INITIALISED;
  const inodeFlag = state.hasInodeBitmap ? 0 : INODES_NOT_INITIALISED;
  DESCRIPTOR.flags.set(record, blockFlag | inodeFlag);
  DESCRIPTOR.blockBitmapChecksumLow.set(record, state.blockBitmapChecksum & 0xffff);
  DESCRIPTOR.blockBitmapChecksumHigh.set(record, state.blockBitmapChecksum >>> 16);
  DESCRIPTOR.inodeBitmapChecksumLow.set(record, state.inodeBitmapChecksum & 0xffff);
  DESCRIPTOR.inodeBitmapChecksumHigh.set(record, state.inodeBitmapChecksum >>> 16);
  const checksum = crc32cExtend(crc32cExtendU32(checksumSeed, group), record);
  DESCRIPTOR.checksum.set(record, checksum & 0xffff);
}

function writeCounts(geometry: Ext4Geometry, sector: Bytes): void {
  const free = geometry.freeBlocks();
  SUPER.inodeCount.set(sector, geometry.inodeCount());
  SUPER.freeInodes.set(sector, geometry.inodeCount() - FIRST_INODE);
  SUPER.blockCountLow.set(sector, low32(geometry.blockCount));
  SUPER.blockCountHigh.set(sector, high32(geometry.blockCount));
  SUPER.freeBlocksLow.set(sector, low32(free));
  SUPER.freeBlocksHigh.set(sector, high32(free));
  SUPER.blockSizeExponent.set(sector, BLOCK_SIZE_EXPONENT);
  SUPER.clusterSizeExponent.set(sector, BLOCK_SIZE_EXPONENT);
  SUPER.blocksPerGroup.set(sector, EXT4_BLOCKS_PER_GROUP);
  SUPER.clustersPerGroup.set(sector, EXT4_BLOCKS_PER_GROUP);
  SUPER.inodesPerGroup.set(sector, geometry.inodesPerGroup);
}

export function low32(value: u64): u32 {
  return u32(Number(value & 0xffffffffn));
}

export function high32(value: u64): u32 {
  return u32(Number(value >> 32n));
}
