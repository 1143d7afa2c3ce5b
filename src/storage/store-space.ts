/**
 * StoreSpace: which blocks of an object store are taken, and which hashes stand where.
 *
 * Rebuilt before each transaction by marking from the root: what no living manifest names is free, so nothing ever leaks and
 * nothing is ever freed on disk. Owned by `StoreWriter`; fixed tables, no I/O.
 */
import { EXTENT_FIRST_BLOCK } from "../format/store.ts";

/** Different objects in one store. */
export const OBJECTS_LIMIT = 1024;
const DIGEST_BYTES = 32;

export class StoreSpace {
  private count: u32 = 0;
  private readonly firsts = new Uint32Array(OBJECTS_LIMIT);
  private readonly lengths = new Uint32Array(OBJECTS_LIMIT);
  private readonly sizes = new BigUint64Array(OBJECTS_LIMIT);
  private readonly digests = new Uint8Array(32768);

  /** Everything is free. */
  clear(): void {
    this.count = 0;
  }

  objectCount(): u32 {
    return this.count;
  }

  /** Blocks that are taken. */
  takenBlocks(): u64 {
    let total: u64 = 0n;
    for (let i: u32 = 0; i < this.count; i++) total += BigInt(this.lengths[i]);
    return total;
  }

  /** Marks an extent, once however many manifests name it. False if the table is full. */
  mark(first: u32, blocks: u32, sizeBytes: u64, digest: Bytes): boolean {
    for (let i: u32 = 0; i < this.count; i++) {
      if (this.firsts[i] === first && this.lengths[i] === blocks && this.digest(i).equals(digest))
        return true;
    }
    if (this.count >= OBJECTS_LIMIT) return false;
    this.firsts[this.count] = first;
    this.lengths[this.count] = blocks;
    this.sizes[this.count] = sizeBytes;
    this.digest(this.count).copyFrom(digest);
    this.count++;
    return true;
  }

  /** The index of the object of this hash and size, or -1. */
  find(sizeBytes: u64, digest: Bytes): i32 {
    for (let i: u32 = 0; i < this.count; i++) {
      if (this.sizes[i] === sizeBytes && this.digest(i).equals(digest)) return i32(i);
    }
    return -1;
  }

  /** Where the object of this index starts. */
  firstBlock(index: u32): u32 {
    assert(index < this.count);
    return this.firsts[index];
  }

  /** The first gap of `blocks` before block `end`, or 0 where there is none. Marks nothing. */
  findGap(blocks: u32, end: u32): u32 {
    let start: u32 = EXTENT_FIRST_BLOCK;
    // Each round leaves at least one extent behind; after `count` of them none is in the way.
    for (let round: u32 = 0; round <= this.count; round++) {
      if (start > end || blocks > end - start) return 0;
      const behind = this.endOfConflict(start, blocks);
      if (behind === 0) return start;
      start = behind;
    }
    return 0;
  }

  /** The end of an extent that reaches into the `blocks` from `start`, or 0 where none does. */
  private endOfConflict(start: u32, blocks: u32): u32 {
    for (let i: u32 = 0; i < this.count; i++) {
      const first = this.firsts[i];
      const end: u32 = first + this.lengths[i];
      if (first < start + blocks && end > start) return end;
    }
    return 0;
  }

  private digest(index: u32): Bytes {
    return bytesOf(this.digests).slice(index * DIGEST_BYTES, DIGEST_BYTES);
  }
}
