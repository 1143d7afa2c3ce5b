/**
 * The state ring: 256 state records of 4 KiB on the state partition (1 MiB), of which the highest valid sequence counts.
 *
 *     slot = sequence mod 256        newest ┐
 *     │ 512 │ 513 │ … │ 700 │ torn │ 446 │ 447 │ … │ 511 │
 *
 * Invariants: an append is one write and one flush, and touches only the slot of the oldest record; a write that was cut
 * short fails its CRC and leaves the record before it the newest. Nothing is appended to a ring that could not be read.
 * Used by the boot marker in the boot manager and in the kernel, each of which opens it for itself.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import {
  checkStateRecord,
  claimedSequence,
  sealStateRecord,
  STATE,
  STATE_RECORD_BYTES,
  StateFault,
} from "../format/state-record.ts";

export const STATE_SLOTS = 256;
export const STATE_RING_BYTES = 1048576;

/** What opening found. */
export const enum StateCondition {
  /** A new partition: zeros. */
  empty = 0,
  good = 1,
  /** There are records, none of them whole. */
  damaged = 2,
  /** The newest is of a version that this program does not know. */
  newer = 3,
  /** No record of RayOS, but no zeros either: perhaps somebody else's, and not to be written. */
  foreign = 4,
}

export class StateRing {
  private device: BlockDevice | null = null;
  private found: StateCondition = StateCondition.empty;
  /** The sequence of the newest whole record of any version. */
  private sequence: u64 = 0n;
  private readonly newest = new Uint8Array(STATE_RECORD_BYTES);
  private readonly writing = new Uint8Array(STATE_RECORD_BYTES);
  private readonly claims = new BigUint64Array(STATE_SLOTS);

  /**
   * Finds the newest record. `scratch` holds a power of two of records: with 128 KiB eight reads and one more suffice.
   * `outOfRange` if the device is smaller than a ring.
   */
  open(device: BlockDevice, scratch: Bytes): Result<void, IoError> {
    this.device = null;
    this.found = StateCondition.empty;
    this.sequence = 0n;
    if (device.sectorCount() * BigInt(device.sectorBytes()) < BigInt(STATE_RING_BYTES)) {
      return err(IoError.outOfRange);
    }
    const claimed = this.readClaims(device, scratch);
    if (!claimed.ok) return err(claimed.error);
    const chosen = this.chooseNewest(device);
    if (!chosen.ok) return err(chosen.error);
    if (this.found === StateCondition.empty) {
      const blank = isBlank(device, scratch);
      if (!blank.ok) return err(blank.error);
      if (!blank.value) this.found = StateCondition.foreign;
    }
    this.device = device;
    return ok();
  }

  condition(): StateCondition {
    return this.found;
  }

  /** Whether `record` has something to say. */
  hasRecord(): boolean {
    return this.found === StateCondition.good;
  }

  /** The newest record: a view that is valid until the next append. Only if `hasRecord`. */
  record(): Bytes {
    assert(this.hasRecord());
    return bytesOf(this.newest);
  }

  /** The newest sequence, 0 in an empty ring. */
  newestSequence(): u64 {
    return this.sequence;
  }

  /**
   * Appends a copy of `record`, with the next sequence and its CRC. Durable when it returns `ok`; after an error either
   * this record or the one before is the newest, and the same append may be tried again.
   */
  append(record: Bytes): Result<void, IoError> {
    const device = this.device;
    if (device === null) return err(IoError.device);
    if (device.isReadOnly()) return err(IoError.readOnly);
    const next: u64 = this.sequence + 1n;
    const writing = bytesOf(this.writing);
    writing.copyFrom(record);
    sealStateRecord(writing, next);
    const written = device.write(slotLba(device, slotOf(next)), writing);
    if (!written.ok) return err(written.error);
    // The commit point: from here on the new record is the newest, whatever happens.
    const flushed = device.flush();
    if (!flushed.ok) return err(flushed.error);
    bytesOf(this.newest).copyFrom(writing);
    this.sequence = next;
    this.found = StateCondition.good;
    return ok();
  }

  /** Reads records from slot `first` on into `into` (whole records) as they stand on the disk, whole or not. */
  readSlots(first: u32, into: Bytes): Result<void, IoError> {
    const device = this.device;
    if (device === null) return err(IoError.device);
    return device.read(slotLba(device, first), into);
  }

  /** The whole ring in few large reads, only to learn which sequence each slot claims; CRCs cost more and come later. */
  private readClaims(device: BlockDevice, scratch: Bytes): Result<void, IoError> {
    const perRead = (scratch.length / STATE_RECORD_BYTES) >>> 0;
    assert(perRead > 0 && STATE_SLOTS % perRead === 0);
    for (let first: u32 = 0; first < STATE_SLOTS; first += perRead) {
      const chunk = scratch.slice(0, perRead * STATE_RECORD_BYTES);
      const read = device.read(slotLba(device, first), chunk);
      if (!read.ok) return err(read.error);
      for (let i: u32 = 0; i < perRead; i++) {
        const sequence = claimedSequence(chunk.slice(i * STATE_RECORD_BYTES, STATE_RECORD_BYTES));
        const slot: u32 = first + i;
        // A record away from its slot was copied there by something else.
        this.claims[slot] = slotOf(sequence) === slot ? sequence : 0n;
      }
    }
    return ok();
  }

  /** Takes the highest claim that proves true. A damaged or newer one is passed over, and remembered in `found`. */
  private chooseNewest(device: BlockDevice): Result<void, IoError> {
    const newest = bytesOf(this.newest);
    for (let tries: u32 = 0; tries < STATE_SLOTS; tries++) {
      const slot = this.highestClaim();
      if (this.claims[slot] === 0n) return ok();
      const read = device.read(slotLba(device, slot), newest);
      if (!read.ok) return err(read.error);
      const checked = checkStateRecord(newest);
      if (checked.ok) {
        this.acceptSequence(newest);
        this.found = StateCondition.good;
        return ok();
      }
      this.passOver(newest, checked.error);
      this.claims[slot] = 0n;
    }
    return ok();
  }

  private passOver(record: Bytes, fault: StateFault): void {
    if (fault === StateFault.newer) {
      // Its sequence counts even so: what this program appends must win over it.
      this.acceptSequence(record);
      this.found = StateCondition.newer;
    } else if (this.found === StateCondition.empty) {
      this.found = StateCondition.damaged;
    }
  }

  private acceptSequence(record: Bytes): void {
    const sequence = STATE.sequence.get(record);
    if (sequence > this.sequence) this.sequence = sequence;
  }

  private highestClaim(): u32 {
    let best: u32 = 0;
    for (let slot: u32 = 1; slot < STATE_SLOTS; slot++) {
      if (this.claims[slot] > this.claims[best]) best = slot;
    }
    return best;
  }
}

/** Whether all of the ring's place is zeros. Only where no slot claims to be a record: a second look at the whole of it. */
function isBlank(device: BlockDevice, scratch: Bytes): Result<boolean, IoError> {
  const perRead = (scratch.length / STATE_RECORD_BYTES) >>> 0;
  const chunk = scratch.slice(0, perRead * STATE_RECORD_BYTES);
  for (let first: u32 = 0; first < STATE_SLOTS; first += perRead) {
    const read = device.read(slotLba(device, first), chunk);
    if (!read.ok) return err(read.error);
    for (const byte of span(chunk, 0, chunk.length)) {
      if (byte !== 0) return ok(false);
    }
  }
  return ok(true);
}

function slotOf(sequence: u64): u32 {
  return u32(Number(sequence % BigInt(STATE_SLOTS)));
}

function slotLba(device: BlockDevice, slot: u32): u64 {
  return u64((BigInt(slot) * BigInt(STATE_RECORD_BYTES)) / BigInt(device.sectorBytes()));
}
