/**
 * Ext4Formatter: makes an empty ext4 (mkfs) that `e2fsck -fn` accepts and Linux mounts for writing.
 *
 * Only what must be there is written: descriptors, the bitmaps of the first and the last group, one block of inodes, the
 * two directories, the journal's superblock and the copies of the superblock. Neighbouring blocks go with one command, as
 * many as the caller's buffer holds. The first block comes last, after a flush: **the commit point**; until then there is
 * no file system. Called by the installer and the image builder.
 */
import { crc32cExtend } from "../base/crc32c.ts";
import { BlockDevice, IoError } from "../device/block-device.ts";
import { EXT4_BLOCK_BYTES, EXT4_DESCRIPTOR_BYTES, EXT4_INODE_BYTES } from "../format/ext4-geometry.ts";
import { Ext4Geometry, LOST_AND_FOUND_BLOCKS, planExt4 } from "../format/ext4-geometry.ts";
import {
  EXT4_SUPER_AT,
  EXT4_SUPER_BYTES,
  Ext4GroupState,
  Ext4Identity,
  JOURNAL_INODE,
} from "../format/ext4.ts";
import { LOST_AND_FOUND_INODE, writeDescriptor, writeSuper } from "../format/ext4.ts";
import {
  BLOCK_MAP_BYTES,
  MODE_DIRECTORY,
  MODE_PRIVATE_DIRECTORY,
  MODE_PRIVATE_FILE,
} from "../format/ext4-files.ts";
import { ROOT_INODE, writeDirectoryBlock, writeEmptyDirectoryBlock } from "../format/ext4-files.ts";
import { writeExtentMap, writeInode, writeJournalSuper } from "../format/ext4-files.ts";

const DESCRIPTORS_PER_BLOCK = 64;
/** Inodes 1 to 11 are taken from the start. */
const USED_INODES = 11;

/** 2^48: more, and the size in bytes need not fit into 64 bits. */
const MOST_SECTORS: u64 = 281474976710656n;

export const enum Ext4Error {
  none = 0,
  /** The device failed; `ioError` says how. */
  io = 1,
  /** Too small, or larger than 64 TiB. */
  badSize = 2,
}

export class Ext4Formatter {
  private readonly geometry = new Ext4Geometry();
  private readonly first = new Ext4GroupState();
  private readonly middle = new Ext4GroupState();
  private readonly last = new Ext4GroupState();
  private readonly journalMap = new Uint8Array(BLOCK_MAP_BYTES);
  private lastIo: IoError = IoError.none;
  private seed: u32 = 0;

  /** The device's answer behind `Ext4Error.io`. */
  ioError(): IoError {
    return this.lastIo;
  }

  /** Formats all of `device`. `scratch` is a buffer of whole blocks of 4096 bytes: the larger, the fewer commands. */
  format(device: BlockDevice, identity: Ext4Identity, scratch: Bytes): Result<void, Ext4Error> {
    assert(scratch.length >= EXT4_BLOCK_BYTES && scratch.length % EXT4_BLOCK_BYTES === 0);
    const sectorBytes = device.sectorBytes();
    if (sectorBytes !== 512 && sectorBytes !== EXT4_BLOCK_BYTES) return err(Ext4Error.badSize);
    if (device.sectorCount() >= MOST_SECTORS) return err(Ext4Error.badSize);
    const bytes: u64 = device.sectorCount() * BigInt(sectorBytes);
    if (!planExt4(bytes, this.geometry)) return err(Ext4Error.badSize);
    this.prepare(identity, scratch.slice(0, EXT4_BLOCK_BYTES));
    const done = this.writeAll(device, identity, scratch);
    if (done === IoError.none) return ok();
    this.lastIo = done;
    return err(Ext4Error.io);
  }

  /** Settles what the descriptors say of the groups: the bitmaps are made once to know their checksums. */
  private prepare(identity: Ext4Identity, block: Bytes): void {
    const geometry = this.geometry;
    this.seed = identity.checksumSeed();
    writeExtentMap(geometry.journalAt(), u16(geometry.journalBlocks), bytesOf(this.journalMap));
    const lastGroup: u32 = geometry.groupCount - 1;
    this.last.hasBlockBitmap = true;
    this.fillBlockBitmap(lastGroup, block);
    this.last.blockBitmapChecksum = crc32cExtend(this.seed, block);
    this.first.usedInodes = USED_INODES;
    this.first.directories = 2;
    this.first.hasBlockBitmap = true;
    this.first.hasInodeBitmap = true;
    this.fillBlockBitmap(0, block);
    this.first.blockBitmapChecksum = crc32cExtend(this.seed, block);
    this.fillInodeBitmap(block);
    const inodeBytes = u32(Math.trunc(geometry.inodesPerGroup / 8));
    this.first.inodeBitmapChecksum = crc32cExtend(this.seed, block.slice(0, inodeBytes));
  }

  private writeAll(device: BlockDevice, identity: Ext4Identity, scratch: Bytes): IoError {
    const geometry = this.geometry;
    const described = this.writeBlocks(device, identity, 0, 1, geometry.superBlocks(0) + 2, scratch);
    if (described !== IoError.none) return described;
    const files = u32(Number(geometry.rootAt()));
    const filled = this.writeBlocks(device, identity, 0, files, 2 + LOST_AND_FOUND_BLOCKS, scratch);
    if (filled !== IoError.none) return filled;
    for (let group: u32 = 1; group < geometry.groupCount; group++) {
      const isLast = group + 1 === geometry.groupCount;
      // The last group's block bitmap stands right behind its copy of the descriptors, where it has one.
      const count: u32 = geometry.superBlocks(group) + (isLast ? 1 : 0);
      if (count === 0) continue;
      const copied = this.writeBlocks(device, identity, group, 0, count, scratch);
      if (copied !== IoError.none) return copied;
    }
    const flushed = device.flush();
    if (!flushed.ok) return flushed.error;
    const committed = this.writeBlocks(device, identity, 0, 0, 1, scratch);
    if (committed !== IoError.none) return committed;
    const durable = device.flush();
    return durable.ok ? IoError.none : durable.error;
  }

  /** Writes `count` blocks of a group from its block `from` on, as many at a time as `scratch` holds. */
  private writeBlocks(
    device: BlockDevice,
    identity: Ext4Identity,
    group: u32,
    from: u32,
    count: u32,
    scratch: Bytes,
  ): IoError {
    const sectorsPerBlock = BigInt(Math.trunc(EXT4_BLOCK_BYTES / device.sectorBytes()));
    const room = u32(Math.trunc(scratch.length / EXT4_BLOCK_BYTES));
    let done: u32 = 0;
    while (done < count) {
      const step: u32 = count - done < room ? count - done : room;
      for (let i: u32 = 0; i < step; i++) {
        this.fillBlock(
          identity,
          group,
          from + done + i,
          scratch.slice(i * EXT4_BLOCK_BYTES, EXT4_BLOCK_BYTES),
        );
      }
      const at = this.geometry.groupStart(group) + BigInt(from + done);
      const written = device.write(at * sectorsPerBlock, scratch.slice(0, step * EXT4_BLOCK_BYTES));
      if (!written.ok) return written.error;
      done += step;
    }
    return IoError.none;
  }

  /** Makes block `index` of a group. */
  private fillBlock(identity: Ext4Identity, group: u32, index: u32, block: Bytes): void {
    block.fill(0);
    const supers = this.geometry.superBlocks(group);
    if (index < supers) {
      if (index === 0) this.fillSuper(identity, group, block);
      else this.fillDescriptors(index - 1, block);
      return;
    }
    if (index === supers) this.fillBlockBitmap(group, block);
    else if (group === 0) this.fillFirstGroup(identity, index, block);
  }

  private fillSuper(identity: Ext4Identity, group: u32, block: Bytes): void {
    const at: u32 = group === 0 ? EXT4_SUPER_AT : 0;
    const record = block.slice(at, EXT4_SUPER_BYTES);
    writeSuper(this.geometry, identity, group, bytesOf(this.journalMap), record);
  }

  /** Makes block `index` of the table of descriptors. */
  private fillDescriptors(index: u32, block: Bytes): void {
    const from: u32 = index * DESCRIPTORS_PER_BLOCK;
    for (let i: u32 = 0; i < DESCRIPTORS_PER_BLOCK && from + i < this.geometry.groupCount; i++) {
      const record = block.slice(i * EXT4_DESCRIPTOR_BYTES, EXT4_DESCRIPTOR_BYTES);
      writeDescriptor(this.geometry, this.seed, from + i, this.stateOf(from + i), record);
    }
  }

  private stateOf(group: u32): Ext4GroupState {
    if (group === 0) return this.first;
    return group + 1 === this.geometry.groupCount ? this.last : this.middle;
  }

  /** What else of group 0 is written: inode bitmap, the first inodes, the directories, the journal's superblock. */
  private fillFirstGroup(identity: Ext4Identity, index: u32, block: Bytes): void {
    const at = BigInt(index);
    const geometry = this.geometry;
    if (at === geometry.inodeBitmapAt(0)) this.fillInodeBitmap(block);
    else if (at === geometry.inodeTableAt(0)) this.fillInodes(identity, block);
    else if (at === geometry.rootAt()) {
      writeDirectoryBlock(this.seed, ROOT_INODE, ROOT_INODE, LOST_AND_FOUND_INODE, "lost+found", block);
    } else if (at === geometry.lostAndFoundAt()) {
      writeDirectoryBlock(this.seed, LOST_AND_FOUND_INODE, ROOT_INODE, 0, "", block);
    } else if (at < geometry.journalAt()) {
      writeEmptyDirectoryBlock(this.seed, LOST_AND_FOUND_INODE, block);
    } else {
      writeJournalSuper(geometry.journalBlocks, this.seed, bytesOf(identity.uuid), block);
    }
  }

  private fillInodes(identity: Ext4Identity, block: Bytes): void {
    const geometry = this.geometry;
    const seconds = identity.seconds32();
    const root = inodeIn(block, ROOT_INODE);
    writeInode(this.seed, ROOT_INODE, MODE_DIRECTORY, 3, geometry.rootAt(), 1, seconds, root);
    const journal = inodeIn(block, JOURNAL_INODE);
    const blocks = u16(geometry.journalBlocks);
    writeInode(
      this.seed,
      JOURNAL_INODE,
      MODE_PRIVATE_FILE,
      1,
      geometry.journalAt(),
      blocks,
      seconds,
      journal,
    );
    const lost = inodeIn(block, LOST_AND_FOUND_INODE);
    const start = geometry.lostAndFoundAt();
    const mode = MODE_PRIVATE_DIRECTORY;
    writeInode(this.seed, LOST_AND_FOUND_INODE, mode, 2, start, LOST_AND_FOUND_BLOCKS, seconds, lost);
  }

  /** Marks what is taken of a group, and what lies behind the end of the last one. */
  private fillBlockBitmap(group: u32, block: Bytes): void {
    block.fill(0);
    setBits(block, 0, this.geometry.takenBlocks(group));
    setBits(block, this.geometry.groupBlocks(group), EXT4_BLOCK_BYTES * 8);
  }

  private fillInodeBitmap(block: Bytes): void {
    block.fill(0);
    setBits(block, 0, USED_INODES);
    setBits(block, this.geometry.inodesPerGroup, EXT4_BLOCK_BYTES * 8);
  }
}

/** Inode `number` of the first block of the table. */
function inodeIn(block: Bytes, number: u32): Bytes {
  return block.slice((number - 1) * EXT4_INODE_BYTES, EXT4_INODE_BYTES);
}

/** Sets the bits from `from` up to, not including, `end`. */
function setBits(bitmap: Bytes, from: u32, end: u32): void {
  for (let bit: u32 = from; bit < end; bit++) {
    const at = bit >>> 3;
    bitmap.setU8(at, bitmap.u8(at) | (1 << (bit & 7)));
  }
}
