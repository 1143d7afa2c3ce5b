/**
 * LogRing: the newest entries in memory, each in a block of its own, whether they are on the disk or not.
 *
 * What was written before the disk was there waits here; so does what a group gathers, and what a failing disk did not take. The crash
 * writer finds the last entries here without asking a disk. Entries are counted from 1 in this boot; the oldest give way.
 */
import { LOG_BLOCK_BYTES } from "../format/log-entry.ts";

export const RING_ENTRIES = 256;
const RING_BYTES = RING_ENTRIES * LOG_BLOCK_BYTES;

export class LogRing {
  private readonly blocks = new Uint8Array(RING_BYTES);
  private newest: u32 = 0;

  /** Forgets all. */
  clear(): void {
    this.newest = 0;
  }

  /** The block of the next entry, to be filled by the caller. */
  add(): Bytes {
    this.newest++;
    return this.block(this.newest);
  }

  /** The number of the newest entry; 0 where there is none. */
  newestNumber(): u32 {
    return this.newest;
  }

  /** The number of the oldest entry that is still here; 1 where there is none. */
  oldestNumber(): u32 {
    return this.newest < RING_ENTRIES ? 1 : u32(this.newest - RING_ENTRIES + 1);
  }

  /** The block of an entry that is still here. */
  block(number: u32): Bytes {
    assert(number >= this.oldestNumber() && number <= this.newest);
    return bytesOf(this.blocks).slice((number % RING_ENTRIES) * LOG_BLOCK_BYTES, LOG_BLOCK_BYTES);
  }
}
