/**
 * FuzzDisk: a disk whose base image is made once, by the project's own writers, and whose changes are forgotten after each input.
 *
 *     make → (writes of a formatter) → seal → rewind, poke …, reads and writes of what is tested → rewind …
 *
 * Chunks of 4096 bytes are found by open addressing: those of the base in one table, those that were changed since in another, which
 * is small enough to be emptied ten thousand times a second. When that is full, writes fail as on a disk without spare
 * sectors. A call can be made to fail.
 */
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../../../src/device/block-device.ts";
import { isZero } from "../../../src/format/log-entry.ts";

const CHUNK_BYTES = 4096;
const BASE_CHUNKS = 1024;
const CHANGED_CHUNKS = 256;
const CHUNKS = BASE_CHUNKS + CHANGED_CHUNKS;

/** A stretch of a disk that patches fall into. */
export class FuzzArea {
  from: u64 = 0n;
  length: u32 = 0;

  set(from: u64, length: u32): void {
    this.from = from;
    this.length = length;
  }
}

export class FuzzDisk implements BlockDevice {
  /** Calls to go until one fails, and all behind it; 0: none does. */
  failAt: u32 = 0;
  reads: u32 = 0;
  writes: u32 = 0;
  private sectorSize: u32 = 512;
  private sectors: u64 = 0n;
  private isSealed: boolean = false;
  /** Chunk number + 1, or 0 where a slot is free: first the base's slots, then those of what was changed. */
  private readonly keys = new BigUint64Array(CHUNKS);
  private readonly content = new Uint8Array(CHUNKS * CHUNK_BYTES);
  /** The slots of the second table that are in use. */
  private readonly changed = new Uint16Array(CHANGED_CHUNKS);
  private changedCount: u32 = 0;

  /** An empty disk that takes its base image. */
  make(sectorBytes: u32, sizeBytes: u64): void {
    this.sectorSize = sectorBytes;
    this.sectors = sizeBytes / BigInt(sectorBytes);
    this.isSealed = false;
    this.failAt = 0;
    for (let slot: u32 = 0; slot < CHUNKS; slot++) this.keys[slot] = 0n;
    bytesOf(this.content).fill(0);
    this.changedCount = 0;
  }

  /** What is there is the base from here on. */
  seal(): void {
    this.isSealed = true;
  }

  /** Back to the base. */
  rewind(): void {
    assert(this.isSealed);
    for (let i: u32 = 0; i < this.changedCount; i++) this.keys[BASE_CHUNKS + (this.changed[i] & 255)] = 0n;
    this.changedCount = 0;
    this.failAt = 0;
    this.reads = 0;
    this.writes = 0;
  }

  /** Changes bytes, wherever they stand; what lies behind the disk's end is ignored. */
  poke(at: u64, bytes: Bytes): void {
    const size = this.sectors * BigInt(this.sectorSize);
    if (at > size || BigInt(bytes.length) > size - at) return;
    const put = this.put(at, bytes);
    if (!put) return;
  }

  /** Bytes of the disk as they are. */
  peek(at: u64, into: Bytes): void {
    let done: u32 = 0;
    while (done < into.length) {
      const position = u64(at + BigInt(done));
      const within = u32(Number(position % 4096n));
      const length = u32(Math.min(CHUNK_BYTES - within, into.length - done));
      const slot = this.findNewest(position / 4096n);
      if (slot < 0) into.slice(done, length).fill(0);
      else into.slice(done, length).copyFrom(this.chunk(u32(slot)).slice(within, length));
      done += length;
    }
  }

  sectorBytes(): u32 {
    return this.sectorSize;
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return false;
  }

  identify(into: DiskIdentity): void {
    into.bus = DiskBus.file;
    into.modelLength = 0;
    into.serialLength = 0;
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    this.reads++;
    this.peek(u64(lba * BigInt(this.sectorSize)), target);
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    this.writes++;
    if (!this.put(u64(lba * BigInt(this.sectorSize)), source)) return err(IoError.medium);
    return ok();
  }

  flush(): Result<void, IoError> {
    if (this.failsNow()) return err(IoError.medium);
    return ok();
  }

  private put(at: u64, source: Bytes): boolean {
    let done: u32 = 0;
    while (done < source.length) {
      const position = u64(at + BigInt(done));
      const within = u32(Number(position % 4096n));
      const length = u32(Math.min(CHUNK_BYTES - within, source.length - done));
      const slot = this.slotToChange(position / 4096n, isZero(source.slice(done, length)));
      if (slot === -1) return false;
      if (slot >= 0) this.chunk(u32(slot)).slice(within, length).copyFrom(source.slice(done, length));
      done += length;
    }
    return true;
  }

  /** Where a chunk is changed; -1: no slot is left; -2: zeros where nothing was. */
  private slotToChange(chunk: u64, isZeros: boolean): i32 {
    const newest = this.findNewest(chunk);
    if (newest < 0 && isZeros) return -2;
    if (newest >= BASE_CHUNKS || (newest >= 0 && !this.isSealed)) return newest;
    const slot = this.isSealed
      ? this.find(chunk, BASE_CHUNKS, CHANGED_CHUNKS)
      : this.find(chunk, 0, BASE_CHUNKS);
    // The last free slot of a table stays free, so that every search ends.
    if (slot < 0 || (this.isSealed && this.changedCount + 1 === CHANGED_CHUNKS)) {
      assert(this.isSealed, "the base image is larger than the disk's memory");
      return -1;
    }
    this.keys[slot] = u64(chunk + 1n);
    if (this.isSealed) {
      this.changed[this.changedCount] = u16(slot - BASE_CHUNKS);
      this.changedCount++;
    }
    const target = this.chunk(u32(slot));
    if (newest < 0) target.fill(0);
    else target.copyFrom(this.chunk(u32(newest)));
    return slot;
  }

  /** The slot that holds the chunk as it is now; -1 where it is zeros. */
  private findNewest(chunk: u64): i32 {
    if (this.changedCount > 0) {
      const changed = this.find(chunk, BASE_CHUNKS, CHANGED_CHUNKS);
      if (changed >= 0 && this.keys[changed] !== 0n) return changed;
    }
    const base = this.find(chunk, 0, BASE_CHUNKS);
    return base >= 0 && this.keys[base] !== 0n ? base : -1;
  }

  /** The chunk's slot in a table, or the free one where it would go; -1 where the table is full. */
  private find(chunk: u64, from: u32, count: u32): i32 {
    let slot: u32 = u32(Number(chunk % 4096n)) % count;
    for (let tried: u32 = 0; tried < count; tried++) {
      const key = this.keys[from + slot];
      if (key === 0n || key === chunk + 1n) return i32(from + slot);
      slot = (slot + 1) % count;
    }
    return -1;
  }

  private chunk(slot: u32): Bytes {
    return bytesOf(this.content).slice(slot * CHUNK_BYTES, CHUNK_BYTES);
  }

  private admit(lba: u64, lengthBytes: u32): IoError {
    if (this.failsNow()) return IoError.medium;
    if (lengthBytes === 0 || lengthBytes % this.sectorSize !== 0) return IoError.misaligned;
    const count = BigInt(Math.trunc(lengthBytes / this.sectorSize));
    if (lba > this.sectors || count > this.sectors - lba) return IoError.outOfRange;
    return IoError.none;
  }

  private failsNow(): boolean {
    if (this.failAt === 0) return false;
    if (this.failAt > 1) {
      this.failAt--;
      return false;
    }
    return true;
  }
}
