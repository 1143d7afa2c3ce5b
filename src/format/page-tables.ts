/**
 * PageTables: the 4-level tables under which the kernel starts (Intel SDM volume 3, section 4.5).
 *
 * Every table is a page of the pool that the caller gives; a table's address is its place in the pool. Invariants: W^X,
 * so a page is writable or executable, never both; nothing is mapped twice. `map` takes the largest pages
 * that fit. No hardware is touched: the loader builds the tables, the jump switches to them.
 */

/** Bits of an entry. */
const PRESENT = 1n;
const WRITABLE = 2n;
const LARGE = 0x80n;
const NO_EXECUTE = 0x8000_0000_0000_0000n;
const ADDRESS_MASK = 0x000f_ffff_ffff_f000n;

const PAGE_BYTES = 4096;
const ENTRY_BYTES = 8;
const ROOT_LEVEL = 4;
/** What an entry of level 1, 2 and 3 spans. */
const PAGE_SPAN = 0x1000n;
const LARGE_SPAN = 0x20_0000n;
const HUGE_SPAN = 0x4000_0000n;

/** What may be done with a page. */
export const enum PageRights {
  readOnly = 0,
  readWrite = 1,
  readExecute = 2,
}

export class PageTables {
  private poolAddress: u64 = 0n;
  private usedPages: u32 = 0;
  private poolPages: u32 = 0;
  private hasHugePages: boolean = false;

  /** Starts with an empty root in the pool at a physical address, which `pool` shows. */
  begin(pool: Bytes, poolAddress: u64, hasHugePages: boolean): void {
    pool.fill(0);
    this.poolAddress = poolAddress;
    this.poolPages = (pool.length / PAGE_BYTES) >>> 0;
    this.usedPages = 1;
    this.hasHugePages = hasHugePages;
  }

  /** What CR3 is to hold. */
  root(): u64 {
    return this.poolAddress;
  }

  /**
   * Shows `byteLength` bytes of physical memory at a virtual address; all three are multiples of 4 KiB. False where the
   * pool has no page left, or where something is mapped there.
   */
  map(pool: Bytes, virtual: u64, physical: u64, byteLength: u64, rights: PageRights): boolean {
    let done: u64 = 0n;
    while (done < byteLength) {
      const to = BigInt.asUintN(64, virtual + done);
      const from = BigInt.asUintN(64, physical + done);
      const span = this.spanFor(to, from, byteLength - done);
      if (!this.mapOne(pool, to, from, span, rights)) return false;
      done += span;
    }
    return true;
  }

  /** The largest page that starts at both addresses and does not reach too far. */
  private spanFor(virtual: u64, physical: u64, left: u64): u64 {
    const both = virtual | physical;
    if (this.hasHugePages && both % HUGE_SPAN === 0n && left >= HUGE_SPAN) return HUGE_SPAN;
    if (both % LARGE_SPAN === 0n && left >= LARGE_SPAN) return LARGE_SPAN;
    return PAGE_SPAN;
  }

  private mapOne(pool: Bytes, virtual: u64, physical: u64, span: u64, rights: PageRights): boolean {
    let table: u32 = 0;
    const lastLevel = levelOf(span);
    for (let level: u8 = ROOT_LEVEL; level > lastLevel; level--) {
      const at = table + entryAt(virtual, level);
      const entry = pool.u64le(at);
      if (entry === 0n) {
        const added = this.addTable();
        if (added === 0) return false;
        pool.setU64le(at, (this.poolAddress + BigInt(added)) | PRESENT | WRITABLE);
        table = added;
      } else {
        if ((entry & LARGE) !== 0n) return false;
        table = u32(Number((entry & ADDRESS_MASK) - this.poolAddress));
      }
    }
    const at = table + entryAt(virtual, lastLevel);
    if (pool.u64le(at) !== 0n) return false;
    const size = lastLevel > 1 ? LARGE : 0n;
    pool.setU64le(at, physical | rightsBits(rights) | size | PRESENT);
    return true;
  }

  /** Takes the next page of the pool: where it is in it, or 0 where there is none. */
  private addTable(): u32 {
    if (this.usedPages >= this.poolPages) return 0;
    const at = u32((this.usedPages & 0xfffff) * PAGE_BYTES);
    this.usedPages++;
    return at;
  }
}

/**
 * Pages of tables that suffice for `identityBytes` mapped in place, one hole of 4 KiB in them, a far frame buffer, and a
 * kernel of `kernelBytes`.
 */
export function tablePagesFor(identityBytes: u64, kernelBytes: u64, hasHugePages: boolean): u32 {
  const spans = identityBytes / HUGE_SPAN + 1n;
  const directories = hasHugePages ? 4n : spans + 2n;
  const fixed = 16n + identityBytes / (512n * HUGE_SPAN);
  return u32(Number(fixed + directories + kernelBytes / LARGE_SPAN + 4n));
}

function rightsBits(rights: PageRights): u64 {
  switch (rights) {
    case PageRights.readOnly:
      return NO_EXECUTE;
    case PageRights.readWrite:
      return NO_EXECUTE | WRITABLE;
    case PageRights.readExecute:
      return 0n;
  }
}

function levelOf(span: u64): u8 {
  if (span === HUGE_SPAN) return 3;
  return span === LARGE_SPAN ? 2 : 1;
}

/** Where in a table of this level the entry for an address stands, in bytes. */
function entryAt(virtual: u64, level: u8): u32 {
  const index = Number((virtual >> BigInt(3 + level * 9)) & 0x1ffn);
  return u32(index * ENTRY_BYTES);
}
