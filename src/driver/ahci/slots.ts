/**
 * AhciSlots: the memory that a port works from, and which of its command slots are in use (AHCI 1.3.1, section 4).
 *
 *        0  command list, 32 headers        1024  what the disk sent        2048  32 command tables of 256 bytes
 *
 * A slot is free, then claimed (its owner fills header and table), then running (the port was told), then free again.
 */
import {
  AHCI_PORT_LIMIT,
  COMMAND_LIST_BYTES,
  COMMAND_TABLE_BYTES,
  commandHeader,
  RECEIVED_BYTES,
} from "../../format/ahci.ts";
import { dmaAllocate, physicalAddress } from "../../machine/dma.ts";

const TABLES_AT = 2048;
const MEMORY_BYTES = TABLES_AT + AHCI_PORT_LIMIT * COMMAND_TABLE_BYTES;

export class AhciSlots {
  private memory: Bytes = utf8("");
  private depth: u8 = 1;
  /** A bit per slot. */
  private claimed: u32 = 0;
  private running: u32 = 0;

  /** Takes the memory, once. */
  reserve(): void {
    if (this.memory.length === 0) this.memory = dmaAllocate(MEMORY_BYTES);
  }

  /** All of the memory, for a check whether the adapter reaches it. */
  bytes(): Bytes {
    return this.memory;
  }

  listAddress(): u64 {
    return physicalAddress(this.memory);
  }

  receivedAddress(): u64 {
    return physicalAddress(this.memory.slice(COMMAND_LIST_BYTES, RECEIVED_BYTES));
  }

  /** How many slots may be in use at once. */
  useDepth(depth: u8): void {
    assert(depth >= 1 && depth <= 32);
    this.depth = depth;
  }

  /** Every slot is free again, as after a stop of the port. */
  clear(): void {
    this.claimed = 0;
    this.running = 0;
  }

  hasRoom(): boolean {
    return this.lowestFree() < this.depth;
  }

  isIdle(): boolean {
    return (this.claimed | this.running) === 0;
  }

  /** A free slot, which is the caller's to fill. */
  claim(): u8 {
    const slot = this.lowestFree();
    assert(slot < this.depth, "all command slots are in use");
    this.claimed = (this.claimed | (1 << slot)) >>> 0;
    return slot;
  }

  header(slot: u8): Bytes {
    return commandHeader(this.memory.slice(0, COMMAND_LIST_BYTES), slot);
  }

  table(slot: u8): Bytes {
    return this.memory.slice(TABLES_AT + slot * COMMAND_TABLE_BYTES, COMMAND_TABLE_BYTES);
  }

  /** The claimed slots become running ones: their bits. */
  start(): u32 {
    const started = this.claimed;
    this.running = (this.running | started) >>> 0;
    this.claimed = 0;
    return started;
  }

  /** Frees the running slots that are not `pending` any more; false where there is none. */
  finish(pending: u32): boolean {
    if ((this.running & ~pending) === 0) return false;
    this.running = (this.running & pending) >>> 0;
    return true;
  }

  /** The lowest free slot; `depth` where there is none. */
  private lowestFree(): u8 {
    const used = this.claimed | this.running;
    let slot: u8 = 0;
    while (slot < this.depth && ((used >>> slot) & 1) !== 0) slot++;
    return slot;
  }
}
