/** Block I/O (UEFI 2.10, section 13.9): whole disks and their partitions, sector by sector. */
import { protocolOf } from "./boot-services.ts";
import { addressOf, bytesAt, call1, call5, load64 } from "./memory.ts";
import { NO_MEDIA } from "./status.ts";

export const BLOCK_IO: string = "964E5B21-6459-11D2-8E39-00A0C969723B";

const PROTOCOL = layout(48, {
  revision: le64(0),
  media: le64(8),
  reset: le64(16),
  readBlocks: le64(24),
  writeBlocks: le64(32),
  flushBlocks: le64(40),
});

const MEDIA = layout(32, {
  mediaId: le32(0),
  removable: at8(4),
  present: at8(5),
  isPartition: at8(6),
  readOnly: at8(7),
  writeCaching: at8(8),
  reserved0: octets(9, 3),
  blockSize: le32(12),
  /** What a buffer's address must be a multiple of; 0 and 1 are any. */
  alignment: le32(16),
  reserved1: octets(20, 4),
  lastBlock: le64(24),
});

/** One medium behind a handle. Its measures are taken once, in `open`. */
export class BlockIo {
  private handle: u64 = 0n;
  private protocol: u64 = 0n;
  private mediaId: u64 = 0n;
  present: boolean = false;
  isPartition: boolean = false;
  readOnly: boolean = false;
  blockSize: u32 = 0;
  alignment: u32 = 0;
  lastBlock: u64 = 0n;

  /** Whether the handle has Block I/O. */
  open(handle: u64): boolean {
    this.handle = handle;
    this.protocol = protocolOf(handle, BLOCK_IO);
    if (this.protocol === 0n) return false;
    const address = load64(u64(this.protocol + BigInt(PROTOCOL.media.offset)));
    const media = bytesAt(address, MEDIA.byteLength);
    this.mediaId = BigInt(MEDIA.mediaId.get(media));
    this.present = MEDIA.present.get(media) !== 0;
    this.isPartition = MEDIA.isPartition.get(media) !== 0;
    this.readOnly = MEDIA.readOnly.get(media) !== 0;
    this.blockSize = MEDIA.blockSize.get(media);
    this.alignment = MEDIA.alignment.get(media);
    this.lastBlock = MEDIA.lastBlock.get(media);
    return true;
  }

  readBlocks(lba: u64, target: Bytes): u64 {
    return this.transfer(PROTOCOL.readBlocks.offset, lba, target);
  }

  writeBlocks(lba: u64, source: Bytes): u64 {
    return this.transfer(PROTOCOL.writeBlocks.offset, lba, source);
  }

  flushBlocks(): u64 {
    if (!this.isThere()) return NO_MEDIA;
    return call1(this.method(PROTOCOL.flushBlocks.offset), this.protocol);
  }

  private transfer(offset: u32, lba: u64, bytes: Bytes): u64 {
    if (!this.isThere()) return NO_MEDIA;
    return call5(
      this.method(offset),
      this.protocol,
      this.mediaId,
      lba,
      BigInt(bytes.length),
      addressOf(bytes),
    );
  }

  /**
   * Whether the firmware still knows the device. A stick that was pulled out takes its protocol with it: what stood at
   * the address is freed memory then.
   */
  private isThere(): boolean {
    return this.protocol !== 0n && protocolOf(this.handle, BLOCK_IO) === this.protocol;
  }

  private method(offset: u32): u64 {
    return load64(u64(this.protocol + BigInt(offset)));
  }
}
