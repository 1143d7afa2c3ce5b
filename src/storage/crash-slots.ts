/**
 * CrashSlots: the end of the log partition, where a crash leaves what it knew: 16 slots of 64 KiB, the oldest used again.
 *
 * Everything that a crash needs is prepared by `open`: the slot, its number, the buffer. `append` allocates nothing, takes no
 * lock and calls only the device's `write` and `flush`; whoever calls it has told the drivers to poll. A second append of one
 * boot takes the next slot. The log's own files are never touched.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import {
  crashArtifact,
  CRASH_ARTIFACT_LIMIT,
  CRASH_HEADER_BYTES,
  crashNumber,
  makeCrashSlot,
} from "../format/crash-slot.ts";
import { CRASH_SLOT_BYTES, CRASH_SLOTS, LogGeometry } from "../format/log-segment.ts";

export class CrashSlots {
  private device: BlockDevice | null = null;
  private crashAt: u64 = 0n;
  private newest: u32 = 0;
  private readonly numbers = new Uint32Array(CRASH_SLOTS);
  private readonly buffer = new Uint8Array(CRASH_SLOT_BYTES);

  /** Reads which crashes there are. `device` is the log partition. A slot whose header does not read counts as free. */
  open(device: BlockDevice, geometry: LogGeometry): Result<void, IoError> {
    this.device = null;
    this.newest = 0;
    this.crashAt = geometry.crashAt;
    const sector = bytesOf(this.buffer).slice(0, device.sectorBytes());
    for (let slot: u32 = 0; slot < CRASH_SLOTS; slot++) {
      const read = device.read(this.lbaOf(device, slot), sector);
      if (!read.ok && read.error !== IoError.medium) return read;
      this.numbers[slot] = read.ok ? crashNumber(sector) : 0;
      if (this.numbers[slot] > this.newest) this.newest = this.numbers[slot];
    }
    this.device = device;
    return ok();
  }

  /** From here on crashes go through `device`: the same partition by another way, for a driver that has one for crashes. */
  useDevice(device: BlockDevice): void {
    this.device = device;
  }

  /**
   * Keeps an artifact, durable on return; its number. What is longer than 65,024 bytes is cut off. Error `device` where
   * the partition was not opened.
   */
  append(artifact: Bytes, unixSeconds: u64, bootId: Bytes): Result<u32, IoError> {
    const device = this.device;
    if (device === null) return err(IoError.device);
    const length: u32 = u32(Math.min(artifact.length, CRASH_ARTIFACT_LIMIT));
    const sectorBytes = device.sectorBytes();
    const full: u32 = u32(CRASH_HEADER_BYTES + length);
    const used: u32 = u32(full + ((sectorBytes - (full % sectorBytes)) % sectorBytes));
    const bytes = bytesOf(this.buffer).slice(0, used);
    const number: u32 = this.newest + 1;
    const slot = this.oldestSlot();
    bytes.slice(CRASH_HEADER_BYTES, length).copyFrom(artifact.slice(0, length));
    makeCrashSlot(bytes, length, number, unixSeconds, bootId);
    const written = device.write(this.lbaOf(device, slot), bytes);
    if (!written.ok) return err(written.error);
    const flushed = device.flush();
    if (!flushed.ok) return err(flushed.error);
    this.newest = number;
    this.numbers[slot] = number;
    return ok(number);
  }

  /** The number of the newest crash; 0 where there is none. */
  newestNumber(): u32 {
    return this.newest;
  }

  /** The number of the crash in a slot; 0 where there is none. */
  number(slot: u32): u32 {
    return this.numbers[slot];
  }

  /** Reads the artifact of a slot: a view that is valid until the next call; empty where it is damaged. */
  read(slot: u32): Result<Bytes, IoError> {
    const device = this.device;
    if (device === null) return err(IoError.device);
    const read = device.read(this.lbaOf(device, slot), bytesOf(this.buffer));
    return read.ok ? ok(crashArtifact(bytesOf(this.buffer))) : err(read.error);
  }

  private oldestSlot(): u32 {
    let oldest: u32 = 0;
    for (let slot: u32 = 1; slot < CRASH_SLOTS; slot++) {
      if (this.numbers[slot] < this.numbers[oldest]) oldest = slot;
    }
    return oldest;
  }

  private lbaOf(device: BlockDevice, slot: u32): u64 {
    const at: u64 = u64(this.crashAt + BigInt(slot) * BigInt(CRASH_SLOT_BYTES));
    return at / BigInt(device.sectorBytes());
  }
}
