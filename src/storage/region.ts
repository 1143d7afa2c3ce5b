/**
 * Region: a stretch of a disk, most often a partition, as a BlockDevice of its own.
 *
 * Invariant: no call reaches a sector outside the stretch, whatever its arguments; volumes, logs and stores are built on
 * regions, so that a fault in one of them cannot reach its neighbours. Until `open` succeeded it has no sectors.
 */
import { BlockDevice, DiskIdentity, IoError } from "../device/block-device.ts";

export class Region implements BlockDevice {
  private device: BlockDevice | null = null;
  private first: u64 = 0n;
  private sectors: u64 = 0n;

  /** Makes this the `sectorCount` sectors from `firstLba` of `device`; `outOfRange` where the disk does not have them. */
  open(device: BlockDevice, firstLba: u64, sectorCount: u64): Result<void, IoError> {
    this.close();
    const total = device.sectorCount();
    if (firstLba > total || sectorCount > total - firstLba) return err(IoError.outOfRange);
    this.device = device;
    this.first = firstLba;
    this.sectors = sectorCount;
    return ok();
  }

  /** Back to no sectors. */
  close(): void {
    this.device = null;
    this.first = 0n;
    this.sectors = 0n;
  }

  /** Where the region starts on its disk. */
  firstLba(): u64 {
    return this.first;
  }

  sectorBytes(): u32 {
    return this.disk().sectorBytes();
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return this.disk().isReadOnly();
  }

  identify(into: DiskIdentity): void {
    this.disk().identify(into);
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.check(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    return this.disk().read(this.first + lba, target);
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.check(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    return this.disk().write(this.first + lba, source);
  }

  flush(): Result<void, IoError> {
    return this.disk().flush();
  }

  private disk(): BlockDevice {
    const device = this.device;
    assert(device !== null, "the region is not open");
    return device;
  }

  private check(lba: u64, lengthBytes: u32): IoError {
    if (this.device === null) return IoError.outOfRange;
    const sectorBytes = this.disk().sectorBytes();
    if (lengthBytes % sectorBytes !== 0) return IoError.misaligned;
    const count = BigInt(Math.trunc(lengthBytes / sectorBytes));
    if (lba > this.sectors || count > this.sectors - lba) return IoError.outOfRange;
    return IoError.none;
  }
}
