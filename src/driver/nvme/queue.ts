/**
 * NvmeQueue: a submission queue and its completion queue (NVMe base specification 2.0, section 3.3).
 *
 * Owns the memory of both rings and the ids of the commands in flight. There is at least one place more than commands in
 * flight, so the submission queue never overtakes itself. The controller passes through the completion queue and changes
 * the phase of an entry each time round: an entry is new when its phase is the expected one.
 */
import {
  completionId,
  completionOutcome,
  completionPhase,
  completionWord,
  NVME_COMMAND_BYTES,
  NVME_COMPLETION_BYTES,
  NVME_DOORBELLS_AT,
  NvmeOutcome,
} from "../../format/nvme.ts";
import { dmaAllocate, dmaFence, physicalAddress } from "../../machine/dma.ts";
import { Mmio } from "../../machine/mmio.ts";

/** Commands that may be in flight. */
export const DEPTH_LIMIT = 64;
/** Places of a ring, where the controller offers so many. */
export const RING_LIMIT = 128;

/** What the controller said about a command. */
export class NvmeCompletion {
  id: u16 = 0;
  outcome: NvmeOutcome = NvmeOutcome.success;
  /** False if no command of this id was in flight: the controller is not to be believed. */
  isKnown: boolean = false;
}

export class NvmeQueue {
  private commands: Bytes = utf8("");
  private completions: Bytes = utf8("");
  private entries: u16 = 0;
  private tail: u16 = 0;
  private head: u16 = 0;
  private expectedPhase: boolean = true;
  private tailDoorbell: u32 = 0;
  private headDoorbell: u32 = 0;
  /** Ids that are free, the next one last. */
  private readonly freeIds = new Uint16Array(DEPTH_LIMIT);
  private freeCount: u8 = 0;
  private depth: u8 = 0;
  private readonly isInFlight = fixedArray(DEPTH_LIMIT, () => false);

  /** Takes memory for rings of `entries` places; once, at start. `number` is 0 for the admin queue, 1 for the I/O queue. */
  reserve(number: u8, entries: u16, doorbellStrideBytes: u32): void {
    assert(entries >= 2 && entries <= RING_LIMIT && number <= 1 && doorbellStrideBytes <= 0x2_0000);
    this.commands = dmaAllocate(RING_LIMIT * NVME_COMMAND_BYTES);
    this.completions = dmaAllocate(RING_LIMIT * NVME_COMPLETION_BYTES);
    this.entries = entries;
    this.depth = u8(Math.min(entries - 1, DEPTH_LIMIT));
    this.tailDoorbell = u32(NVME_DOORBELLS_AT + number * 2 * doorbellStrideBytes);
    this.headDoorbell = u32(this.tailDoorbell + doorbellStrideBytes);
  }

  /** Empties both rings, as the controller does when it is reset. */
  clear(): void {
    this.commands.fill(0);
    this.completions.fill(0);
    this.tail = 0;
    this.head = 0;
    this.expectedPhase = true;
    this.freeCount = this.depth;
    for (let id: u8 = 0; id < this.depth; id++) {
      this.freeIds[id] = this.depth - 1 - id;
      this.isInFlight[id] = false;
    }
  }

  entryCount(): u16 {
    return this.entries;
  }

  submissionAddress(): u64 {
    return physicalAddress(this.commands);
  }

  completionAddress(): u64 {
    return physicalAddress(this.completions);
  }

  hasRoom(): boolean {
    return this.freeCount > 0;
  }

  /** Commands that were submitted and did not end. */
  inFlight(): u32 {
    return this.depth - this.freeCount;
  }

  /** An id for a command, which is in flight from here on: its bytes go to `place`, then `submit`. */
  claimId(): u16 {
    assert(this.freeCount > 0);
    this.freeCount--;
    const id = this.freeIds[this.freeCount];
    this.isInFlight[id] = true;
    return id;
  }

  /** Where the next command is written. */
  place(): Bytes {
    return this.commands.slice(this.tail * NVME_COMMAND_BYTES, NVME_COMMAND_BYTES);
  }

  /** The command at `place` is whole. The controller sees it with the next `ring`. */
  submit(): void {
    this.tail = this.tail + 1 < this.entries ? this.tail + 1 : 0;
  }

  /** Tells the controller of all commands that were submitted. */
  ring(registers: Mmio): void {
    dmaFence();
    registers.write32(this.tailDoorbell, this.tail);
  }

  /** Takes the next completion, if there is one. */
  take(registers: Mmio, into: NvmeCompletion): boolean {
    dmaFence();
    const word = completionWord(
      this.completions.slice(this.head * NVME_COMPLETION_BYTES, NVME_COMPLETION_BYTES),
    );
    if (completionPhase(word) !== this.expectedPhase) return false;
    this.head++;
    if (this.head === this.entries) {
      this.head = 0;
      this.expectedPhase = !this.expectedPhase;
    }
    registers.write32(this.headDoorbell, this.head);
    into.id = completionId(word);
    into.outcome = completionOutcome(word);
    into.isKnown = this.release(into.id);
    return true;
  }

  private release(id: u16): boolean {
    if (id >= this.depth || !this.isInFlight[id]) return false;
    this.isInFlight[id] = false;
    this.freeIds[this.freeCount] = id;
    this.freeCount++;
    return true;
  }
}
