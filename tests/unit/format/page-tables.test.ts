import { PageRights, PageTables, tablePagesFor } from "../../../src/format/page-tables.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const POOL_BYTES = 524288;
const POOL_AT = 0x1234_5000n;
const NO_EXECUTE = 0x8000_0000_0000_0000n;
const WRITABLE = 2n;
const LARGE = 0x80n;
const ADDRESS = 0x000f_ffff_ffff_f000n;
const KERNEL = 0xffff_ffff_8000_0000n;
const GIBIBYTE = 0x4000_0000n;

const pool = new Uint8Array(POOL_BYTES);
const tables = new PageTables();

/** What the processor finds for a virtual address: the entry that ends the walk, 0 where there is none. */
function walk(virtual: u64): u64 {
  let table: u64 = tables.root();
  for (let level: u8 = 4; level > 0; level--) {
    const index = Number((virtual >> BigInt(3 + level * 9)) & 0x1ffn);
    const entry = bytesOf(pool).u64le(u32(Number(table - POOL_AT)) + index * 8);
    if ((entry & 1n) === 0n) return 0n;
    if (level === 1 || (entry & LARGE) !== 0n) return entry;
    table = entry & ADDRESS;
  }
  return 0n;
}

function begin(hasHugePages: boolean): void {
  tables.begin(bytesOf(pool), POOL_AT, hasHugePages);
}

function map(virtual: u64, physical: u64, byteLength: u64, rights: PageRights): boolean {
  return tables.map(bytesOf(pool), virtual, physical, byteLength, rights);
}

/** Physical memory in place with one page of code in it, as the loader maps it. */
function mapPhysical(end: u64, code: u64): boolean {
  if (!map(0n, 0n, code, PageRights.readWrite)) return false;
  if (!map(code, code, 0x1000n, PageRights.readExecute)) return false;
  return map(code + 0x1000n, code + 0x1000n, end - code - 0x1000n, PageRights.readWrite);
}

function testIdentity(hasHugePages: boolean): void {
  begin(hasHugePages);
  const code = 0x7_3456_7000n;
  isTrue(mapPhysical(64n * GIBIBYTE + 0x20_0000n, code));
  equalBig(walk(code) & (ADDRESS | NO_EXECUTE | WRITABLE | LARGE), code);
  for (let at: u64 = 0n; at < 64n * GIBIBYTE; at += 0x1_2345_7000n) {
    const entry = walk(at);
    isTrue((entry & NO_EXECUTE) !== 0n && (entry & WRITABLE) !== 0n);
    isTrue(at >= (entry & ADDRESS) && at - (entry & ADDRESS) < GIBIBYTE);
  }
  // Far from the code the pages are as large as they may be.
  equalBig(
    walk(5n * GIBIBYTE + 0x20_0000n) & ADDRESS,
    hasHugePages ? 5n * GIBIBYTE : 5n * GIBIBYTE + 0x20_0000n,
  );
  equalBig(walk(code - 0x1000n) & ADDRESS, code - 0x1000n);
  equalBig(walk(code + 0x1000n) & ADDRESS, code + 0x1000n);
  equalBig(walk(64n * GIBIBYTE + 0x20_0000n), 0n);
}

function testKernel(): void {
  test("the kernel's pages have the rights of their piece, and no page is writable code");
  begin(true);
  isTrue(map(KERNEL, 0x80_1000n, 0x3000n, PageRights.readExecute));
  isTrue(map(KERNEL + 0x3000n, 0x80_4000n, 0x1000n, PageRights.readOnly));
  isTrue(map(KERNEL + 0x5000n, 0x80_6000n, 0x2000n, PageRights.readWrite));
  equalBig(walk(KERNEL + 0x2fffn), 0x80_3001n);
  equalBig(walk(KERNEL + 0x3000n), 0x80_4001n | NO_EXECUTE);
  equalBig(walk(KERNEL + 0x4000n), 0n);
  equalBig(walk(KERNEL + 0x6000n), 0x80_7003n | NO_EXECUTE);
  test("what is mapped is not mapped again, by no size of page");
  isTrue(!map(KERNEL + 0x2000n, 0x90_0000n, 0x1000n, PageRights.readOnly));
  isTrue(!map(KERNEL, 0x4000_0000n, 0x20_0000n, PageRights.readOnly));
  isTrue(map(0n, 0n, GIBIBYTE, PageRights.readWrite));
  isTrue(!map(0x1000n, 0x1000n, 0x1000n, PageRights.readOnly));
}

function testPool(): void {
  test("a pool that is used up is said, not overrun");
  tables.begin(bytesOf(pool).slice(0, 3 * 4096), POOL_AT, false);
  bytesOf(pool)
    .slice(3 * 4096, 4096)
    .fill(0x5a);
  isTrue(map(0n, 0n, GIBIBYTE, PageRights.readWrite));
  isTrue(!tables.map(bytesOf(pool).slice(0, 3 * 4096), GIBIBYTE, GIBIBYTE, 0x20_0000n, PageRights.readWrite));
  equal(bytesOf(pool).u8(3 * 4096), 0x5a);
  test("as many pages as are reckoned suffice");
  const end = 20n * GIBIBYTE;
  const pages = tablePagesFor(end, 0x80_0000n, false);
  isTrue(pages <= POOL_BYTES >>> 12);
  tables.begin(bytesOf(pool).slice(0, (pages & 0xff) * 4096), POOL_AT, false);
  isTrue(mapPhysical(end, 0x4321_7000n));
  isTrue(map(0x80_0000_0000n, 0x80_0000_0000n, 0x80_0000n, PageRights.readWrite));
  for (let at: u64 = 0n; at < 0x80_0000n; at += 0x1000n)
    isTrue(map(KERNEL + at, 0x123_1000n + at, 0x1000n, PageRights.readOnly));
}

export function main(): void {
  test("physical memory lies in place as data, one page of it is code: with pages of 2 MiB");
  testIdentity(false);
  test("the same with pages of 1 GiB");
  testIdentity(true);
  testKernel();
  testPool();
}
