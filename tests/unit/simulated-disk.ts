/**
 * SimulatedDisk: a disk in memory whose owner decides when the power goes and which call fails.
 *
 * Two images: `medium` is what is durable, `seen` is what a read returns. A write changes `seen` and waits in a list; a flush
 * brings everything that waits to the medium. At a power cut a chosen subset of what waits survives, of the last one perhaps only
 * its first half (torn): that is all that a drive with a write cache promises. After the cut every call fails until `restart`.
 * Of two waiting writes to one place the disk knows only the newer bytes.
 */
import { BlockDevice, DiskIdentity, IoError } from "../../src/device/block-device.ts";

export const DISK_LIMIT_BYTES = 4194304;
const PENDING_LIMIT = 64;
/** Never: no call has this number. */
export const NEVER = 0xffffffff;

class PendingWrite {
  from: u32 = 0;
  length: u32 = 0;
}

/** Which of the waiting writes reach the medium at the cut. */
export const enum CutMode {
  nothing = 0,
  everything = 1,
  /** All but the last, and of that one the first half. */
  tornFirstHalf = 2,
  /** All but the last, and of that one the second half. */
  tornSecondHalf = 3,
  /** Only the last one: reordered. */
  onlyLast = 4,
  /** Only every second one. */
  everySecond = 5,
}

export const CUT_MODES = 6;

export class SimulatedDisk implements BlockDevice {
  /** Counts writes and flushes since `restart`; cutting happens at the one of this number, before (0 the first) it completes. */
  cutAt: u32 = NEVER;
  cutMode: CutMode = CutMode.nothing;
  /** Counts all calls since `restart`: the one of this number fails, without effect. */
  failAt: u32 = NEVER;
  failedError: IoError = IoError.medium;
  readOnly: boolean = false;
  reads: u32 = 0;
  writes: u32 = 0;
  flushes: u32 = 0;
  private calls: u32 = 0;
  private changes: u32 = 0;
  private powered: boolean = true;
  private sector: u32 = 512;
  private sizeBytes: u32 = 0;
  private pendingCount: u32 = 0;
  private readonly pending = fixedArray(PENDING_LIMIT, () => new PendingWrite());
  private readonly medium = new Uint8Array(DISK_LIMIT_BYTES);
  private readonly seen = new Uint8Array(DISK_LIMIT_BYTES);

  /** An empty disk. */
  make(sectorBytes: u32, sizeBytes: u32): void {
    assert(sizeBytes <= DISK_LIMIT_BYTES && sizeBytes % sectorBytes === 0);
    this.sector = sectorBytes;
    this.sizeBytes = sizeBytes;
    bytesOf(this.medium).fill(0);
    this.restart();
  }

  /** Power on: what is durable is what is there; no fault is planned, and all counts begin again. */
  restart(): void {
    bytesOf(this.seen).slice(0, this.sizeBytes).copyFrom(bytesOf(this.medium).slice(0, this.sizeBytes));
    this.pendingCount = 0;
    this.powered = true;
    this.cutAt = NEVER;
    this.cutMode = CutMode.nothing;
    this.failAt = NEVER;
    this.reads = 0;
    this.writes = 0;
    this.flushes = 0;
    this.calls = 0;
    this.changes = 0;
  }

  /** What is durable, for tests that look at it or damage it; `restart` makes a change visible. */
  image(): Bytes {
    return bytesOf(this.medium).slice(0, this.sizeBytes);
  }

  /** Whether the planned cut has happened. */
  isCut(): boolean {
    return !this.powered;
  }

  /** Writes and flushes since `restart`: the number of places to cut at. */
  changeCount(): u32 {
    return this.changes;
  }

  /** All calls since `restart`: the number of calls that can fail. */
  callCount(): u32 {
    return this.calls;
  }

  sectorBytes(): u32 {
    return this.sector;
  }

  sectorCount(): u64 {
    return BigInt(Math.trunc(this.sizeBytes / this.sector));
  }

  isReadOnly(): boolean {
    return this.readOnly;
  }

  identify(into: DiskIdentity): void {
    into.modelLength = 0;
    into.serialLength = 0;
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.enter(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    this.reads++;
    target.copyFrom(bytesOf(this.seen).slice(this.byteAt(lba), target.length));
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.enter(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    if (this.readOnly) return err(IoError.readOnly);
    this.writes++;
    this.wait(this.byteAt(lba), source);
    return this.change();
  }

  flush(): Result<void, IoError> {
    const fault = this.enter(0n, 0);
    if (fault !== IoError.none) return err(fault);
    this.flushes++;
    const changed = this.change();
    if (!changed.ok) return changed;
    for (let i: u32 = 0; i < this.pendingCount; i++) this.keep(i, 0, this.pending[i].length);
    this.pendingCount = 0;
    return ok();
  }

  private byteAt(lba: u64): u32 {
    return u32(Number(lba * BigInt(this.sector)));
  }

  private enter(lba: u64, lengthBytes: u32): IoError {
    if (!this.powered) return IoError.device;
    const call = this.calls;
    this.calls++;
    if (call === this.failAt) return this.failedError;
    if (lengthBytes % this.sector !== 0) return IoError.misaligned;
    const end = lba * BigInt(this.sector) + BigInt(lengthBytes);
    return end > BigInt(this.sizeBytes) ? IoError.outOfRange : IoError.none;
  }

  private wait(from: u32, source: Bytes): void {
    bytesOf(this.seen).slice(from, source.length).copyFrom(source);
    // A drive may write its cache back at any time; a full list does so with its oldest.
    if (this.pendingCount === PENDING_LIMIT) this.retireOldest();
    const entry = this.pending[this.pendingCount];
    entry.from = from;
    entry.length = source.length;
    this.pendingCount++;
  }

  private retireOldest(): void {
    this.keep(0, 0, this.pending[0].length);
    for (let i: u32 = 1; i < PENDING_LIMIT; i++) {
      const before = this.pending[i - 1];
      const entry = this.pending[i];
      before.from = entry.from;
      before.length = entry.length;
    }
    this.pendingCount--;
  }

  private change(): Result<void, IoError> {
    const number = this.changes;
    this.changes++;
    if (number !== this.cutAt) return ok();
    this.cut();
    return err(IoError.device);
  }

  private cut(): void {
    for (let i: u32 = 0; i < this.pendingCount; i++) {
      const length = this.pending[i].length;
      const isLast = i + 1 === this.pendingCount;
      const half = Math.trunc(length / 2);
      switch (this.cutMode) {
        case CutMode.nothing:
          break;
        case CutMode.everything:
          this.keep(i, 0, length);
          break;
        case CutMode.tornFirstHalf:
          this.keep(i, 0, isLast ? half : length);
          break;
        case CutMode.tornSecondHalf:
          this.keep(i, isLast ? half : 0, isLast ? length - half : length);
          break;
        case CutMode.onlyLast:
          if (isLast) this.keep(i, 0, length);
          break;
        case CutMode.everySecond:
          if (i % 2 === 0) this.keep(i, 0, length);
          break;
      }
    }
    this.powered = false;
  }

  private keep(index: u32, from: u32, length: u32): void {
    const at: u32 = this.pending[index].from + from;
    bytesOf(this.medium).slice(at, length).copyFrom(bytesOf(this.seen).slice(at, length));
  }
}
