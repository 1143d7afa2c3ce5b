/**
 * FirmwareDisk: a whole disk over the firmware's Block I/O, as a BlockDevice like any other.
 *
 * Owns nothing of the disk: several may be open on the same handle. A buffer that is not aligned as the firmware's driver
 * wants it goes through a bounce buffer, piece by piece; the large ones (kernel, payloads) lie on pages and go directly.
 */
import { TextWriter } from "../base/text-writer.ts";
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../device/block-device.ts";
import { isNvmePath, isSataPath, isUsbPath, writeDevicePath } from "../format/device-path.ts";
import { BLOCK_IO, BlockIo } from "../../uefi/block-io.ts";
import { allocatePages, handlesOf } from "../../uefi/boot-services.ts";
import { devicePathOf } from "../../uefi/device-path.ts";
import { addressOf, bytesAt } from "../../uefi/memory.ts";
import { failed, TIMEOUT, WRITE_PROTECTED, DEVICE_ERROR } from "../../uefi/status.ts";

/** Handles with Block I/O that are looked at, partitions included. */
const HANDLE_LIMIT = 256;
const BOUNCE_BYTES = 65536;
const PAGE_BYTES = 4096n;

class BounceBuffer {
  address: u64 = 0n;
}

const bounce = new BounceBuffer();

/** The handles of everything with Block I/O, in the firmware's order. */
export class DiskHandles {
  private count: u32 = 0;
  private readonly handles = new Uint8Array(2048);

  find(): void {
    this.count = handlesOf(BLOCK_IO, bytesOf(this.handles));
    assert(this.count <= HANDLE_LIMIT);
  }

  length(): u32 {
    return this.count;
  }

  handle(index: u32): u64 {
    return bytesOf(this.handles).u64le(index * 8);
  }
}

export class FirmwareDisk implements BlockDevice {
  private diskHandle: u64 = 0n;
  private readonly block = new BlockIo();

  /** Whether the handle is a whole disk with a medium, of sectors that RayOS knows. */
  open(handle: u64): boolean {
    this.diskHandle = 0n;
    if (!this.block.open(handle) || this.block.isPartition || !this.block.present) return false;
    if (this.block.blockSize !== 512 && this.block.blockSize !== 4096) return false;
    // A device that claims more cannot be counted in bytes.
    if (this.block.lastBlock >= 0x10_0000_0000_0000n) return false;
    this.diskHandle = handle;
    return true;
  }

  handle(): u64 {
    return this.diskHandle;
  }

  /** Where the disk hangs, as the firmware's device path. */
  path(): Bytes {
    return devicePathOf(this.diskHandle);
  }

  isUsb(): boolean {
    return isUsbPath(this.path());
  }

  sectorBytes(): u32 {
    return this.block.blockSize;
  }

  sectorCount(): u64 {
    return this.block.lastBlock + 1n;
  }

  isReadOnly(): boolean {
    return this.block.readOnly;
  }

  /** The firmware tells no model: the disk is called by where it hangs. */
  identify(into: DiskIdentity): void {
    const path = this.path();
    into.bus = DiskBus.unknown;
    if (isNvmePath(path)) into.bus = DiskBus.nvme;
    if (isSataPath(path)) into.bus = DiskBus.sata;
    if (isUsbPath(path)) into.bus = DiskBus.usb;
    const out = new TextWriter(bytesOf(into.model));
    writeDevicePath(out, path);
    into.modelLength = u8(out.written().length);
    into.serialLength = 0;
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.check(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    if (this.isAligned(target)) return outcome(this.block.readBlocks(lba, target));
    for (let at: u32 = 0; at < target.length; at += BOUNCE_BYTES) {
      const piece = target.slice(at, pieceLength(target, at));
      const through = bounceBytes(piece.length);
      const read = outcome(this.block.readBlocks(lba + this.sectors(at), through));
      if (!read.ok) return read;
      piece.copyFrom(through);
    }
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    if (this.block.readOnly) return err(IoError.readOnly);
    const fault = this.check(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    if (this.isAligned(source)) return outcome(this.block.writeBlocks(lba, source));
    for (let at: u32 = 0; at < source.length; at += BOUNCE_BYTES) {
      const piece = source.slice(at, pieceLength(source, at));
      const through = bounceBytes(piece.length);
      through.copyFrom(piece);
      const written = outcome(this.block.writeBlocks(lba + this.sectors(at), through));
      if (!written.ok) return written;
    }
    return ok();
  }

  flush(): Result<void, IoError> {
    return outcome(this.block.flushBlocks());
  }

  private check(lba: u64, lengthBytes: u32): IoError {
    if (this.diskHandle === 0n) return IoError.device;
    if (lengthBytes % this.block.blockSize !== 0) return IoError.misaligned;
    const count = this.sectors(lengthBytes);
    const total = this.sectorCount();
    if (lba > total || count > total - lba) return IoError.outOfRange;
    return IoError.none;
  }

  private sectors(byteLength: u32): u64 {
    return BigInt(Math.trunc(byteLength / this.block.blockSize));
  }

  private isAligned(bytes: Bytes): boolean {
    const alignment = this.block.alignment;
    return alignment <= 1 || addressOf(bytes) % BigInt(alignment) === 0n;
  }
}

function pieceLength(bytes: Bytes, at: u32): u32 {
  const left = u32(bytes.length - at);
  return left < BOUNCE_BYTES ? left : BOUNCE_BYTES;
}

/** Page-aligned memory of this length; there is one such buffer for all disks. */
function bounceBytes(byteLength: u32): Bytes {
  if (bounce.address === 0n) bounce.address = allocatePages(BigInt(BOUNCE_BYTES) / PAGE_BYTES);
  assert(bounce.address !== 0n, "no memory for disk transfers");
  return bytesAt(bounce.address, byteLength);
}

function outcome(status: u64): Result<void, IoError> {
  if (!failed(status)) return ok();
  if (status === TIMEOUT) return err(IoError.timeout);
  if (status === WRITE_PROTECTED) return err(IoError.readOnly);
  if (status === DEVICE_ERROR) return err(IoError.medium);
  // No medium, another medium, or a driver that is gone.
  return err(IoError.device);
}
