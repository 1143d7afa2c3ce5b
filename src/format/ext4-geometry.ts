/**
 * The measures of a new ext4: blocks of 4096 bytes in groups of 32768.
 *
 *     group with a superblock   | super | descriptors … | block bitmap | inode bitmap | inode table … | data …
 *     any other group                                   | block bitmap | inode bitmap | inode table … | data …
 *     group 0, data             | root directory | lost+found (4) | journal … |
 *
 * Copies of superblock and descriptors stand in groups 0, 1 and the powers of 3, 5 and 7 ("sparse_super"). Every group has
 * its own bitmaps and inode table, so that a group nobody used yet need not be written at all.
 */

export const EXT4_BLOCK_BYTES = 4096;
export const EXT4_BLOCKS_PER_GROUP = 32768;
export const EXT4_INODE_BYTES = 256;
export const EXT4_DESCRIPTOR_BYTES = 64;
export const LOST_AND_FOUND_BLOCKS = 4;

const INODES_PER_BLOCK = 16;
const DESCRIPTORS_PER_BLOCK = 64;
/** An inode for every 16 KiB, as other systems make them. */
const INODES_PER_GROUP = 8192;
const BLOCKS_PER_INODE = 4;
const INODES_STEP = 128;
const BITMAP_BLOCKS = 2;
/** A last group with less room than this besides its own tables is left out. */
const LEAST_GROUP_DATA_BLOCKS = 50;
const LEAST_BLOCKS: u64 = 2048n;
/** 64 TiB less one group: inode numbers have 32 bits. */
const MOST_GROUPS = 524287;

export class Ext4Geometry {
  blockCount: u64 = 0n;
  groupCount: u32 = 0;
  descriptorBlocks: u32 = 0;
  inodesPerGroup: u16 = 0;
  journalBlocks: u32 = 0;

  inodeCount(): u32 {
    return this.groupCount * this.inodesPerGroup;
  }

  inodeTableBlocks(): u32 {
    return u32(Math.trunc(this.inodesPerGroup / INODES_PER_BLOCK));
  }

  groupStart(group: u32): u64 {
    return BigInt(group) * BigInt(EXT4_BLOCKS_PER_GROUP);
  }

  /** The blocks of a group; fewer than the others in the last one. */
  groupBlocks(group: u32): u32 {
    const left = this.blockCount - this.groupStart(group);
    return left < BigInt(EXT4_BLOCKS_PER_GROUP) ? u32(Number(left)) : EXT4_BLOCKS_PER_GROUP;
  }

  /** How many blocks superblock and descriptors take in a group: none in most. */
  superBlocks(group: u32): u32 {
    return hasSuper(group) ? 1 + this.descriptorBlocks : 0;
  }

  blockBitmapAt(group: u32): u64 {
    return this.groupStart(group) + BigInt(this.superBlocks(group));
  }

  inodeBitmapAt(group: u32): u64 {
    return this.blockBitmapAt(group) + 1n;
  }

  inodeTableAt(group: u32): u64 {
    return this.blockBitmapAt(group) + 2n;
  }

  /** The blocks of a group that are taken before anybody stores anything in it. */
  overheadBlocks(group: u32): u32 {
    return this.superBlocks(group) + BITMAP_BLOCKS + this.inodeTableBlocks();
  }

  /** The blocks of a group that are taken in a new file system. */
  takenBlocks(group: u32): u32 {
    const files: u32 = group === 0 ? 1 + LOST_AND_FOUND_BLOCKS + this.journalBlocks : 0;
    return this.overheadBlocks(group) + files;
  }

  rootAt(): u64 {
    return BigInt(this.overheadBlocks(0));
  }

  lostAndFoundAt(): u64 {
    return this.rootAt() + 1n;
  }

  journalAt(): u64 {
    return this.lostAndFoundAt() + BigInt(LOST_AND_FOUND_BLOCKS);
  }

  /** The free blocks of the whole file system. */
  freeBlocks(): u64 {
    let free: u64 = 0n;
    for (let group: u32 = 0; group < this.groupCount; group++) {
      free += BigInt(this.groupBlocks(group) - this.takenBlocks(group));
    }
    return free;
  }
}

/** Whether a group has a copy of superblock and descriptors. */
export function hasSuper(group: u32): boolean {
  return group <= 1 || isPowerOf(3, group) || isPowerOf(5, group) || isPowerOf(7, group);
}

/** The measures for a volume of `volumeBytes`; false where that is too small, or more than 64 TiB. */
export function planExt4(volumeBytes: u64, into: Ext4Geometry): boolean {
  const blocks: u64 = volumeBytes / BigInt(EXT4_BLOCK_BYTES);
  const groups: u64 = (blocks + BigInt(EXT4_BLOCKS_PER_GROUP) - 1n) / BigInt(EXT4_BLOCKS_PER_GROUP);
  if (blocks < LEAST_BLOCKS || groups > BigInt(MOST_GROUPS)) return false;
  into.blockCount = blocks;
  into.inodesPerGroup = INODES_PER_GROUP;
  if (groups === 1n) into.inodesPerGroup = smallInodeCount(u16(Number(blocks)));
  into.journalBlocks = journalBlocksFor(blocks);
  setGroups(into, u32(Number(groups)));
  if (into.groupCount === 1) return true;
  const last: u32 = into.groupCount - 1;
  if (into.groupBlocks(last) < into.overheadBlocks(last) + LEAST_GROUP_DATA_BLOCKS) {
    into.blockCount = into.groupStart(last);
    setGroups(into, last);
  }
  return true;
}

function setGroups(into: Ext4Geometry, groups: u32): void {
  into.groupCount = groups;
  into.descriptorBlocks = u32(Math.trunc((groups + DESCRIPTORS_PER_BLOCK - 1) / DESCRIPTORS_PER_BLOCK));
}

/** An inode for every 16 KiB of a volume of one group, in whole blocks of the table. */
function smallInodeCount(blocks: u16): u16 {
  const inodes = Math.trunc(blocks / BLOCKS_PER_INODE);
  return u16(Math.trunc((inodes + INODES_STEP - 1) / INODES_STEP) * INODES_STEP);
}

/** 4 MiB to 64 MiB, always within group 0. */
function journalBlocksFor(blocks: u64): u32 {
  if (blocks < 32768n) return 1024;
  if (blocks < 262144n) return 4096;
  if (blocks < 524288n) return 8192;
  return 16384;
}

function isPowerOf(base: u8, value: u32): boolean {
  let rest: u32 = value;
  while (rest > 1 && rest % base === 0) rest = u32(Math.trunc(rest / base));
  return rest === 1;
}
