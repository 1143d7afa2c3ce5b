/**
 * BootHandoff: the boot manager's record, checked once and kept in the kernel's own memory.
 *
 * `take` comes before anything else believes anything. A record that cannot be trusted means a kernel that knows no
 * screen, no memory and no disk: one sentence on the serial port, and the processor halts; that boot counts as failed, and
 * the next one tries the release before (docs/PROTOCOL.md).
 */
import {
  HANDOFF,
  handoffErrorText,
  memoryBase,
  MemoryKind,
  memoryKind,
  memoryPages,
  parseHandoff,
} from "../format/handoff.ts";
import { bytesAt, haltForever, handoffAddress } from "../machine/intrinsics.ts";
import { addFreeMemory } from "../machine/memory.ts";
import { mapRam } from "../machine/paging.ts";
import { KernelConsole } from "./kernel-console.ts";

const PAGE: u64 = 4096n;
const RECORD_BYTES = 9664;

export class BootHandoff {
  private readonly copy = new Uint8Array(RECORD_BYTES);

  /** Checks the record at the address that the kernel was entered with, and copies it. Returns only where it is sound. */
  take(console: KernelConsole): void {
    const address = handoffAddress();
    if (address === 0n || address % PAGE !== 0n) this.refuse(console, "the boot manager gave no record");
    const parsed = parseHandoff(bytesAt(address, HANDOFF.byteLength));
    if (!parsed.ok) {
      this.refuse(console, handoffErrorText(parsed.error));
      return;
    }
    if (HANDOFF.physicalMapBase.get(parsed.value) !== 0n) {
      this.refuse(console, "the boot manager shows physical memory elsewhere than in place");
    }
    bytesOf(this.copy).copyFrom(parsed.value);
  }

  /** The record. */
  record(): Bytes {
    return bytesOf(this.copy);
  }

  /** Gives the allocator the memory of one kind. */
  releaseMemory(kind: MemoryKind): void {
    const count = HANDOFF.memoryCount.get(this.record());
    for (let i: u32 = 0; i < count; i++) {
      if (memoryKind(this.record(), i) !== kind) continue;
      addFreeMemory(memoryBase(this.record(), i), BigInt(memoryPages(this.record(), i)));
    }
  }

  /** Maps all RAM that the kernel may read and write where it is: not its own image, not what the firmware runs in. */
  mapMemory(): void {
    const count = HANDOFF.memoryCount.get(this.record());
    for (let i: u32 = 0; i < count; i++) {
      if (!isPlainRam(memoryKind(this.record(), i))) continue;
      mapRam(memoryBase(this.record(), i), BigInt(memoryPages(this.record(), i)));
    }
  }

  private refuse(console: KernelConsole, reason: string): void {
    console.lineOf("RayOS cannot start: ", reason);
    haltForever();
  }
}

function isPlainRam(kind: MemoryKind): boolean {
  switch (kind) {
    case MemoryKind.usable:
    case MemoryKind.reclaimable:
    case MemoryKind.pageTables:
    case MemoryKind.handoff:
    case MemoryKind.payload:
    case MemoryKind.acpiTables:
    case MemoryKind.crashMemory:
      return true;
    default:
      return false;
  }
}
