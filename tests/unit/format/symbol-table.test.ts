import {
  fileName,
  findFunction,
  findPlace,
  functionName,
  hasSymbols,
  offsetInFunction,
  SourcePlace,
} from "../../../src/format/symbol-table.ts";
import { equal, isTrue, test } from "../harness.ts";

const BASE: u64 = 0xffff_ffff_8000_0000n;
const storage = new Uint8Array(256);
const place = new SourcePlace();

/** Two functions, `one` of 32 bytes at 16 and `two` of 8 at 64; two files, `?` and `a.ts`. */
export function main(): void {
  const table = makeTable();

  test("a table is known by its head and its length");
  isTrue(hasSymbols(table));
  isTrue(!hasSymbols(table.slice(0, table.length - 1)));
  isTrue(!hasSymbols(utf8("")));

  test("an address belongs to the function whose code it lies in, or to none");
  equal(findFunction(table, BASE), -1);
  equal(findFunction(table, BASE + 16n), 0);
  equal(findFunction(table, BASE + 47n), 0);
  equal(findFunction(table, BASE + 48n), -1);
  equal(findFunction(table, BASE + 64n), 1);
  equal(findFunction(table, BASE + 72n), -1);
  equal(findFunction(table, 0n), -1);
  equal(findFunction(table, 0xffff_ffff_ffff_ffffn), -1);
  isTrue(functionName(table, 0).equals(utf8("one")));
  isTrue(functionName(table, 1).equals(utf8("two")));
  equal(offsetInFunction(table, 0, BASE + 20n), 4);

  test("a row holds up to the next");
  equal(lineOf(table, 0, BASE + 16n), 7);
  equal(lineOf(table, 0, BASE + 19n), 7);
  equal(lineOf(table, 0, BASE + 20n), 5);
  equal(lineOf(table, 0, BASE + 47n), 5);
  isTrue(fileName(table, place.file).equals(utf8("a.ts")));

  test("a function's rows end where the next one's begin");
  equal(lineOf(table, 1, BASE + 64n), 300);
  isTrue(fileName(table, place.file).equals(utf8("a.ts")));
  isTrue(fileName(table, 99).equals(utf8("?")));

  test("code before a function's first row has no line");
  equal(lineOf(table, 1, BASE + 63n), 300);
  table.setU8(142, 4);
  equal(lineOf(table, 1, BASE + 64n), 0);
  damage(table);
}

/** Whatever stands where a number was: an answer without sense, or none. */
function damage(table: Bytes): void {
  test("a damaged table gives no answer, or a wrong one, and never a trap");
  let asked: u32 = 0;
  for (let at: u32 = 8; at < table.length; at++) {
    const before = table.u8(at);
    for (let value: u32 = 1; value < 256; value += 63) {
      table.setU8(at, (before ^ value) & 0xff);
      ask(table);
      asked++;
    }
    table.setU8(at, 0xff);
    ask(table);
    table.setU8(at, before);
  }
  for (let at: u32 = 40; at + 4 <= table.length; at += 4) {
    const before = table.u32le(at);
    table.setU32le(at, 0xffff_ffff);
    ask(table);
    table.setU32le(at, before);
  }
  isTrue(asked > 500);
}

function ask(table: Bytes): void {
  if (!hasSymbols(table)) return;
  for (let offset: u64 = 0n; offset < 80n; offset += 8n) {
    const index = findFunction(table, u64(BASE + offset));
    if (index < 0) continue;
    isTrue(functionName(table, u32(index)).length < 256);
    findPlace(table, u32(index), u64(BASE + offset), place);
    isTrue(fileName(table, place.file).length < 256);
  }
}

function lineOf(table: Bytes, index: u32, address: u64): u32 {
  findPlace(table, index, address, place);
  return place.line;
}

function makeTable(): Bytes {
  const table = bytesOf(storage).slice(0, 146);
  table.slice(0, 8).copyFrom(utf8("RAYSYMS1"));
  table.setU64le(8, BASE);
  table.setU32le(16, 2);
  table.setU32le(20, 2);
  table.setU32le(24, 72);
  table.setU32le(28, 80);
  table.setU32le(32, 137);
  table.setU32le(36, 146);
  putFunction(table, 40, 16, 32, 0, 0);
  putFunction(table, 56, 64, 8, 4, 5);
  // Files: `?`, `a.ts`.
  table.setU32le(72, 8);
  table.setU32le(76, 10);
  putName(table, 80, "one");
  putName(table, 84, "two");
  putName(table, 88, "?");
  putName(table, 90, "a.ts");
  // one: at 0, 7 lines up, in file 1; 4 bytes on, 2 lines down.
  table.setU8(137, 0);
  table.setU8(138, 2 * 14 + 1);
  table.setU8(139, 1);
  table.setU8(140, 4);
  table.setU8(141, 2 * 3);
  // two: at 0, 300 lines up (a number of two bytes), in file 1.
  table.setU8(142, 0);
  table.setU8(143, 0x80 | ((2 * 600 + 1) & 0x7f));
  table.setU8(144, (2 * 600 + 1) >>> 7);
  table.setU8(145, 1);
  return table;
}

function putFunction(table: Bytes, at: u32, from: u32, length: u32, name: u32, rows: u32): void {
  table.setU32le(at, from);
  table.setU32le(at + 4, length);
  table.setU32le(at + 8, name);
  table.setU32le(at + 12, rows);
}

function putName(table: Bytes, at: u32, name: string): void {
  table.setU8(at, u8(utf8(name).length));
  table.slice(at + 1, utf8(name).length).copyFrom(utf8(name));
}
