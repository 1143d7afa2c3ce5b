/**
 * MemoryMap: what the firmware says about physical memory, put in order and translated for the handoff.
 *
 * Firmware lists descriptors in any order and with its own types; the boot manager's own pieces (kernel, tables, handoff,
 * payloads) lie somewhere in memory of type "loader data". The map holds both and writes them into the handoff, ascending and
 * without overlap: where an own piece lies, it is what counts. No call into the firmware: that is `firmware.ts`.
 */
import { addMemory, MemoryKind } from "./handoff.ts";

/** EFI_MEMORY_DESCRIPTOR (UEFI 2.10, section 7.2.3), of which newer firmware may have longer ones. */
const DESCRIPTOR = layout(40, {
  type: le32(0),
  pad: le32(4),
  physicalStart: le64(8),
  virtualStart: le64(16),
  pages: le64(24),
  attributes: le64(32),
});

const DESCRIPTOR_LIMIT = 512;
const PIECE_LIMIT = 32;
const PAGE = 4096n;
/** No address space of x86-64 is larger: a descriptor beyond is nonsense. */
const ADDRESS_LIMIT = 0x10_0000_0000_0000n;

class Stretch {
  base: u64 = 0n;
  pages: u64 = 0n;
  kind: MemoryKind = MemoryKind.reserved;
}

export class MemoryMap {
  private count: u32 = 0;
  private pieceCount: u32 = 0;
  private readonly stretches = fixedArray(DESCRIPTOR_LIMIT, () => new Stretch());
  private readonly pieces = fixedArray(PIECE_LIMIT, () => new Stretch());

  /** Forgets the pieces of an earlier attempt. */
  clearPieces(): void {
    this.pieceCount = 0;
  }

  /** Notes a piece of memory that the boot manager filled; all of them lie apart. */
  addPiece(base: u64, pages: u64, kind: MemoryKind): void {
    assert(this.pieceCount < PIECE_LIMIT);
    let at: u32 = this.pieceCount;
    while (at > 0 && this.pieces[at - 1].base > base) {
      copy(this.pieces[at], this.pieces[at - 1]);
      at--;
    }
    set(this.pieces[at], base, pages, kind);
    this.pieceCount++;
  }

  /** Takes the firmware's descriptors, `stride` bytes apart; false where there are more than fit. */
  take(descriptors: Bytes, stride: u32): boolean {
    this.count = 0;
    if (stride < DESCRIPTOR.byteLength) return false;
    for (let at: u32 = 0; descriptors.length - at >= stride; at += stride) {
      const descriptor = descriptors.slice(at, DESCRIPTOR.byteLength);
      const base = DESCRIPTOR.physicalStart.get(descriptor);
      const pages = DESCRIPTOR.pages.get(descriptor);
      if (pages === 0n || base >= ADDRESS_LIMIT || pages >= ADDRESS_LIMIT / PAGE) continue;
      if (this.count >= DESCRIPTOR_LIMIT) return false;
      this.insert(base, pages, kindOf(DESCRIPTOR.type.get(descriptor)));
    }
    return true;
  }

  /** Whether a stretch is free memory, whole and in one piece. */
  isUsable(base: u64, pages: u64): boolean {
    for (let i: u32 = 0; i < this.count; i++) {
      const stretch = this.stretches[i];
      if (stretch.kind !== MemoryKind.usable || stretch.base > base) continue;
      if (endOf(stretch) >= base + pages * PAGE) return true;
    }
    return false;
  }

  /** How much of it the kernel may use, now or after it reclaimed the boot manager's part; in bytes. */
  usableBytes(): u64 {
    let total: u64 = 0n;
    for (let i: u32 = 0; i < this.count; i++) {
      if (isRam(this.stretches[i].kind)) total = BigInt.asUintN(64, total + this.stretches[i].pages * PAGE);
    }
    return total;
  }

  /** The end of the highest RAM. */
  topOfRam(): u64 {
    let top: u64 = 0n;
    for (let i: u32 = 0; i < this.count; i++) {
      const stretch = this.stretches[i];
      if (isMemory(stretch.kind) && endOf(stretch) > top) top = endOf(stretch);
    }
    return top;
  }

  /** Writes all of it to a handoff; false where that has no room for so many stretches. */
  write(record: Bytes): boolean {
    let piece: u32 = 0;
    let done: u64 = 0n;
    for (let i: u32 = 0; i < this.count; i++) {
      const stretch = this.stretches[i];
      let from: u64 = stretch.base > done ? stretch.base : done;
      const end = endOf(stretch);
      while (piece < this.pieceCount && this.pieces[piece].base < end) {
        const own = this.pieces[piece];
        if (!add(record, from, own.base, stretch.kind)) return false;
        if (!add(record, own.base, endOf(own), own.kind)) return false;
        from = endOf(own);
        piece++;
      }
      if (!add(record, from, end, stretch.kind)) return false;
      done = from > end ? from : end;
    }
    return true;
  }

  /** Puts a stretch into its place; those behind move up. Nearly all maps come in order already. */
  private insert(base: u64, pages: u64, kind: MemoryKind): void {
    let at: u32 = this.count;
    while (at > 0 && this.stretches[at - 1].base > base) {
      copy(this.stretches[at], this.stretches[at - 1]);
      at--;
    }
    set(this.stretches[at], base, pages, kind);
    this.count++;
  }
}

function set(stretch: Stretch, base: u64, pages: u64, kind: MemoryKind): void {
  stretch.base = base;
  stretch.pages = pages;
  stretch.kind = kind;
}

function endOf(stretch: Stretch): u64 {
  return u64(stretch.base + stretch.pages * PAGE);
}

/** Adds what lies between two addresses, if anything does. */
function add(record: Bytes, from: u64, to: u64, kind: MemoryKind): boolean {
  if (from >= to) return true;
  return addMemory(record, from, u64(to - from) / PAGE, kind);
}

function isRam(kind: MemoryKind): boolean {
  return kind === MemoryKind.usable || kind === MemoryKind.reclaimable;
}

/** Whether it is memory of any use, as opposed to holes and devices. */
function isMemory(kind: MemoryKind): boolean {
  return kind !== MemoryKind.reserved && kind !== MemoryKind.mmio && kind !== MemoryKind.unusable;
}

/** EFI_MEMORY_TYPE to what it means once the boot services are gone. */
function kindOf(type: u32): MemoryKind {
  switch (type) {
    case 1: // loader code
    case 2: // loader data
    case 3: // boot services code
    case 4: // boot services data
      return MemoryKind.reclaimable;
    case 5:
      return MemoryKind.runtimeCode;
    case 6:
      return MemoryKind.runtimeData;
    case 7: // conventional
      return MemoryKind.usable;
    case 8:
      return MemoryKind.unusable;
    case 9:
      return MemoryKind.acpiTables;
    case 10:
      return MemoryKind.acpiNvs;
    case 11:
    case 12:
      return MemoryKind.mmio;
    default:
      return MemoryKind.reserved;
  }
}
