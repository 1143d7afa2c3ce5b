/**
 * MarkerStorage: the boot markers on disk. Owns the state ring of one installation and a working copy of its newest record.
 *
 * Invariant: the working copy reaches the disk as a whole or not at all (`save` is one append). Changes that could not be
 * saved stay in the working copy and go with the next save. Used by `BootMarker` alone.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import {
  BOOT,
  bootAt,
  BootStage,
  checkStateRecord,
  makeStateRecord,
  setStage,
  STATE,
  STATE_RECORD_BYTES,
  stageMs,
} from "../format/state-record.ts";
import { STATE_SLOTS, StateCondition, StateRing } from "../storage/state-ring.ts";

/** What `validate` found. */
export class MarkerChain {
  /** Whole records, in an unbroken row of sequences. */
  wholeRecords: u32 = 0;
  /** Records that should be there and are not whole; the slot that the next append takes is not counted. */
  damagedRecords: u32 = 0;
  boots: u32 = 0;
  /** Boots with a stage missing, or reached before the one in front of it. */
  brokenBoots: u32 = 0;
  /** Boots that started, by the clock, before the boot in front of them: a fact, not a fault. */
  clockJumps: u32 = 0;
}

export class MarkerStorage {
  private readonly ring = new StateRing();
  private readonly working = new Uint8Array(STATE_RECORD_BYTES);

  /** Reads the newest record, or begins an empty one for this installation. `scratch` as for the ring. */
  open(device: BlockDevice, scratch: Bytes, installationId: Bytes): Result<void, IoError> {
    makeStateRecord(bytesOf(this.working), installationId);
    const opened = this.ring.open(device, scratch);
    if (!opened.ok) return opened;
    if (this.ring.hasRecord()) bytesOf(this.working).copyFrom(this.ring.record());
    return ok();
  }

  /** Whether records may be written: not over those of a newer version, nor over what somebody else may have put there. */
  mayWrite(): boolean {
    const found = this.ring.condition();
    return found !== StateCondition.newer && found !== StateCondition.foreign;
  }

  /** What was found on the partition. */
  condition(): StateCondition {
    return this.ring.condition();
  }

  /** The working copy. */
  record(): Bytes {
    return bytesOf(this.working);
  }

  /** Makes the working copy durable. The time of writing never goes back, whatever the clock does. */
  save(seconds: u64): Result<void, IoError> {
    const record = bytesOf(this.working);
    if (seconds > STATE.writtenSeconds.get(record)) STATE.writtenSeconds.set(record, seconds);
    return this.ring.append(record);
  }

  /** Reads the whole ring through `scratch` (a power of two of records) and checks every record and every boot. */
  validate(scratch: Bytes, chain: MarkerChain): Result<void, IoError> {
    chain.wholeRecords = 0;
    chain.damagedRecords = 0;
    checkHistory(bytesOf(this.working), chain);
    const perRead: u32 = (scratch.length / STATE_RECORD_BYTES) >>> 0;
    assert(perRead > 0 && STATE_SLOTS % perRead === 0);
    for (let first: u32 = 0; first < STATE_SLOTS; first += perRead) {
      const chunk = scratch.slice(0, perRead * STATE_RECORD_BYTES);
      const read = this.ring.readSlots(first, chunk);
      if (!read.ok) return read;
      for (let i: u32 = 0; i < perRead; i++) {
        this.checkSlot(chunk.slice(i * STATE_RECORD_BYTES, STATE_RECORD_BYTES), first + i, chain);
      }
    }
    return ok();
  }

  private checkSlot(record: Bytes, slot: u32, chain: MarkerChain): void {
    const newest = this.ring.newestSequence();
    const size = BigInt(STATE_SLOTS);
    const behind = ((newest % size) + size - BigInt(slot)) % size;
    // Before the first lap is full there are slots that no record has reached.
    if (behind >= newest) return;
    const checked = checkStateRecord(record);
    if (checked.ok && STATE.sequence.get(record) === newest - behind) chain.wholeRecords++;
    else if (behind !== size - 1n) chain.damagedRecords++;
  }
}

/** Monotonic and complete: each boot has a time for each stage up to its last, none before the one in front. */
function checkHistory(record: Bytes, chain: MarkerChain): void {
  chain.boots = STATE.historyCount.get(record);
  chain.brokenBoots = 0;
  chain.clockJumps = 0;
  let laterSeconds: u64 = 0xffff_ffff_ffff_ffffn;
  for (let age: u32 = 0; age < chain.boots; age++) {
    const boot = bootAt(record, age);
    if (!isComplete(boot)) chain.brokenBoots++;
    const seconds = BOOT.startSeconds.get(boot);
    if (seconds > laterSeconds) chain.clockJumps++;
    laterSeconds = seconds;
  }
}

function isComplete(boot: Bytes): boolean {
  const reached = BOOT.stage.get(boot);
  let before: u32 = 0;
  if (reached === BootStage.none) return false;
  if (reached >= BootStage.kernelLoaded && !follows(boot, BootStage.kernelLoaded, before)) return false;
  before = stageMs(boot, BootStage.kernelLoaded);
  if (reached >= BootStage.subsystemsReady && !follows(boot, BootStage.subsystemsReady, before)) return false;
  before = stageMs(boot, BootStage.subsystemsReady);
  if (reached >= BootStage.shellReady && !follows(boot, BootStage.shellReady, before)) return false;
  before = stageMs(boot, BootStage.shellReady);
  return reached < BootStage.golden || follows(boot, BootStage.golden, before);
}

function follows(boot: Bytes, stage: BootStage, beforeMs: u32): boolean {
  return stageMs(boot, stage) > 0 && stageMs(boot, stage) >= beforeMs;
}

/** Notes a stage with a time that is never 0: 0 means not reached. */
export function noteStage(boot: Bytes, stage: BootStage, atMs: u32): void {
  setStage(boot, stage, atMs > 0 ? atMs : 1);
}
