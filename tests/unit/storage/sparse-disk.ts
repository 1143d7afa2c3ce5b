/**
 * SparseDisk: a disk of any size in memory, for tests. It keeps what is not zero, counts its commands and fails when told.
 *
 * Chunks of 4096 bytes are found by open addressing. A disk that is full asserts: no test needs that much.
 */
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../../../src/device/block-device.ts";
import { isZero } from "../../../src/format/log-entry.ts";

const CHUNK_BYTES = 4096;
const SLOTS = 8192;
const NO_SECTOR: u64 = 0xffff_ffff_ffff_ffffn;

export class SparseDisk implements BlockDevice {
  reads: u32 = 0;
  writes: u32 = 0;
  flushes: u32 = 0;
  /** The command (1 is the next one) that fails, and all after it; 0: none. */
  failAt: u32 = 0;
  readOnly: boolean = false;
  /** A sector that does not read. */
  badLba: u64 = NO_SECTOR;
  private sectorSize: u32 = 512;
  private sectors: u64 = 0n;
  /** Chunk number + 1, or 0 where the slot is free. */
  private readonly chunks = new BigUint64Array(SLOTS);
  private readonly content = new Uint8Array(SLOTS * CHUNK_BYTES);

  /** Makes it an empty disk. */
  clear(sectorBytes: u32, sizeBytes: u64): void {
    this.sectorSize = sectorBytes;
    this.sectors = sizeBytes / BigInt(sectorBytes);
    this.failAt = 0;
    this.readOnly = false;
    this.badLba = NO_SECTOR;
    this.resetCounts();
    for (let slot: u32 = 0; slot < SLOTS; slot++) {
      if (this.chunks[slot] !== 0n) this.slotBytes(slot).fill(0);
      this.chunks[slot] = 0n;
    }
  }

  resetCounts(): void {
    this.reads = 0;
    this.writes = 0;
    this.flushes = 0;
  }

  sectorBytes(): u32 {
    return this.sectorSize;
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return this.readOnly;
  }

  identify(into: DiskIdentity): void {
    into.bus = DiskBus.file;
    into.modelLength = 0;
    into.serialLength = 0;
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    if (this.badLba >= lba && this.badLba - lba < BigInt(Math.trunc(target.length / this.sectorSize)))
      return err(IoError.medium);
    this.reads++;
    let at: u32 = 0;
    while (at < target.length) {
      const position = lba * BigInt(this.sectorSize) + BigInt(at);
      const within = u32(Number(position % 4096n));
      const length = u32(Math.min(CHUNK_BYTES - within, target.length - at));
      const slot = this.find(position / 4096n);
      if (this.chunks[slot] === 0n) target.slice(at, length).fill(0);
      else target.slice(at, length).copyFrom(this.slotBytes(slot).slice(within, length));
      at += length;
    }
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    if (this.readOnly) return err(IoError.readOnly);
    this.writes++;
    let at: u32 = 0;
    while (at < source.length) {
      const position = lba * BigInt(this.sectorSize) + BigInt(at);
      const within = u32(Number(position % 4096n));
      const length = u32(Math.min(CHUNK_BYTES - within, source.length - at));
      this.put(position / 4096n, within, source.slice(at, length));
      at += length;
    }
    return ok();
  }

  flush(): Result<void, IoError> {
    if (this.failsNow()) return err(IoError.medium);
    this.flushes++;
    return ok();
  }

  private put(chunk: u64, within: u32, source: Bytes): void {
    const slot = this.find(chunk);
    if (this.chunks[slot] === 0n) {
      if (isZero(source)) return;
      this.chunks[slot] = chunk + 1n;
    }
    this.slotBytes(slot).slice(within, source.length).copyFrom(source);
  }

  /** The slot of the chunk, or the free one where it would go. */
  private find(chunk: u64): u32 {
    let slot: u32 = u32(Number(chunk % 8192n));
    for (let tried: u32 = 0; tried < SLOTS; tried++) {
      if (this.chunks[slot] === 0n || this.chunks[slot] === chunk + 1n) return slot;
      slot = (slot + 1) % SLOTS;
    }
    assert(false, "the sparse disk is full");
    return 0;
  }

  private slotBytes(slot: u32): Bytes {
    return bytesOf(this.content).slice((slot & 8191) * CHUNK_BYTES, CHUNK_BYTES);
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
