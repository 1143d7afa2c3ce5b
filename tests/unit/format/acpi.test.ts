import {
  AcpiError,
  AcpiRoot,
  claimedTableBytes,
  hasSignature,
  listedTableAddress,
  listedTableCount,
  parseRootPointer,
  parseTable,
  ROOT_POINTER_BYTES,
  TABLE_BYTES_LIMIT,
} from "../../../src/format/acpi.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const pointer = new Uint8Array(36);
const storage = new Uint8Array(256);
const root = new AcpiRoot();

export function main(): void {
  testRootPointers();
  testDamagedRootPointers();
  testTables();
  testLists();
}

function testRootPointers(): void {
  test("a root pointer of revision 0 names the RSDT");
  makePointer(0);
  isTrue(parseRootPointer(bytesOf(pointer), root).ok);
  equalBig(root.listAddress, 0x1234_5678n);
  isTrue(!root.isWide);

  test("one of revision 2 names the XSDT");
  makePointer(2);
  isTrue(parseRootPointer(bytesOf(pointer), root).ok);
  equalBig(root.listAddress, 0x1_0000_2000n);
  isTrue(root.isWide);

  test("one of revision 2 without an XSDT names the RSDT");
  makePointer(2);
  bytesOf(pointer).setU64le(24, 0n);
  seal(bytesOf(pointer), 32);
  isTrue(parseRootPointer(bytesOf(pointer), root).ok);
  isTrue(!root.isWide);
}

function testDamagedRootPointers(): void {
  test("a root pointer with any bit flipped in its first twenty bytes is refused");
  let accepted: u32 = 0;
  for (let bit: u32 = 0; bit < 160; bit++) {
    makePointer(0);
    flip(bytesOf(pointer), bit);
    if (parseRootPointer(bytesOf(pointer), root).ok) accepted++;
  }
  equal(accepted, 0);

  test("one of revision 2 with any bit flipped behind the revision is refused");
  accepted = 0;
  for (let bit: u32 = 128; bit < 288; bit++) {
    makePointer(2);
    flip(bytesOf(pointer), bit);
    if (parseRootPointer(bytesOf(pointer), root).ok) accepted++;
  }
  equal(accepted, 0);

  test("one that is cut short is refused");
  makePointer(2);
  const short = parseRootPointer(bytesOf(pointer).slice(0, 35), root);
  isTrue(!short.ok && short.error === AcpiError.badLength);
}

function testTables(): void {
  test("a table is exactly as long as it says");
  const table = makeTable("APIC", 60);
  const parsed = parseTable(bytesOf(storage));
  isTrue(parsed.ok && parsed.value.length === 60);
  isTrue(hasSignature(table, "APIC"));
  isTrue(!hasSignature(table, "FACP"));

  test("a table with any bit flipped is refused or shorter than its bytes");
  let accepted: u32 = 0;
  for (let bit: u32 = 0; bit < 480; bit++) {
    makeTable("APIC", 60);
    flip(bytesOf(storage), bit);
    if (parseTable(bytesOf(storage).slice(0, 60)).ok) accepted++;
  }
  equal(accepted, 0);

  test("lengths that no table has are refused before they are followed");
  makeTable("APIC", 60);
  bytesOf(storage).setU32le(4, 35);
  equal(claimedTableBytes(bytesOf(storage)), 0);
  bytesOf(storage).setU32le(4, TABLE_BYTES_LIMIT + 1);
  equal(claimedTableBytes(bytesOf(storage)), 0);
  bytesOf(storage).setU32le(4, 0xffff_ffff);
  equal(claimedTableBytes(bytesOf(storage)), 0);
  equal(claimedTableBytes(bytesOf(storage).slice(0, 35)), 0);

  test("a table that is longer than what can be seen of it is refused");
  makeTable("APIC", 60);
  const cut = parseTable(bytesOf(storage).slice(0, 59));
  isTrue(!cut.ok && cut.error === AcpiError.badLength);
}

function testLists(): void {
  test("an XSDT lists addresses of 64 bits, and a rest that is none does not count");
  makeTable("XSDT", 36 + 8 * 2 + 5);
  bytesOf(storage).setU64le(36, 0x1_0000_0000n);
  bytesOf(storage).setU64le(44, 0x2_0000_0000n);
  const wide = bytesOf(storage).slice(0, 57);
  root.isWide = true;
  equal(listedTableCount(wide, root), 2);
  equalBig(listedTableAddress(wide, root, 1), 0x2_0000_0000n);

  test("an RSDT lists addresses of 32 bits");
  root.isWide = false;
  equal(listedTableCount(wide, root), 5);
  equalBig(listedTableAddress(wide, root, 1), 1n);

  test("a list without entries has none");
  equal(listedTableCount(wide.slice(0, 36), root), 0);
}

function makePointer(revision: u8): void {
  const bytes = bytesOf(pointer);
  bytes.fill(0);
  bytes.slice(0, 8).copyFrom(utf8("RSD PTR "));
  bytes.setU8(15, revision);
  bytes.setU32le(16, 0x1234_5678);
  bytes.setU32le(20, ROOT_POINTER_BYTES);
  bytes.setU64le(24, 0x1_0000_2000n);
  seal(bytes.slice(0, 20), 8);
  seal(bytes, 32);
}

/** A table of this length in `storage`, with a checksum that is right. */
function makeTable(signature: string, length: u32): Bytes {
  const table = bytesOf(storage).slice(0, length);
  bytesOf(storage).fill(0);
  table.slice(0, 4).copyFrom(utf8(signature));
  table.setU32le(4, length);
  seal(table, 9);
  return table;
}

/** Sets the byte at `at` so that all of them add up to zero. */
function seal(bytes: Bytes, at: u32): void {
  bytes.setU8(at, 0);
  let sum: u32 = 0;
  for (let i: u32 = 0; i < bytes.length; i++) sum = (sum + bytes.u8(i)) & 0xff;
  bytes.setU8(at, (256 - sum) & 0xff);
}

function flip(bytes: Bytes, bit: u32): void {
  const at = bit >>> 3;
  bytes.setU8(at, bytes.u8(at) ^ (1 << (bit & 7)));
}
