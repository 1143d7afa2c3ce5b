/**
 * The table of symbols in the kernel's image: from an address of code to its function, its file and its line.
 *
 * Written by the build (`tools/build/symbols.ts`) from the linked image's debug information, read by the crash dump. Little
 * endian; offsets count from the table's start; an image that was linked without one has an empty table.
 *
 *      0  magic "RAYSYMS1"      8  address of the first byte of code
 *     16  functions F   20  files N   24  files at   28  names at   32  rows at   36  bytes of all
 *     40  F × { code from, bytes of code, name, rows from }, each 32 bits, ascending by code
 *         N × name, 32 bits
 *         names: a length byte and as many letters, each
 *         rows, in order of code, those of one function up to those of the next:
 *             bytes of code since the row before (since the function's start)          LEB128
 *             2 × zigzag(lines since the row before) + (1 if the file is another)      LEB128
 *             the file, where it is another                                            LEB128
 *
 * A function begins with file 0, line 0. A row holds for the code up to the next.
 */

const MAGIC: u64 = 0x5241_5953_594d_5331n;
const FUNCTION_BYTES = 16;
/** More rows than any function has: what a damaged table can cost. */
const ROW_LIMIT = 100_000;
const FUNCTION_LIMIT = 0x10_0000;
const FILE_LIMIT = 0xffff;
/** No file has so many lines. */
const LINE_LIMIT = 0xff_ffff;

const HEADER = layout(40, {
  magic: be64(0),
  codeBase: le64(8),
  functionCount: le32(16),
  fileCount: le32(20),
  filesAt: le32(24),
  namesAt: le32(28),
  rowsAt: le32(32),
  totalBytes: le32(36),
});

const FUNCTION = layout(FUNCTION_BYTES, {
  from: le32(0),
  length: le32(4),
  name: le32(8),
  rows: le32(12),
});

/** Where in the source an address of code comes from. Line 0: nobody knows. */
export class SourcePlace {
  file: u32 = 0;
  line: u32 = 0;
}

/** Walks over the numbers of one function's rows. */
class RowReader {
  at: u32 = 0;
  end: u32 = 0;

  constructor(private readonly table: Bytes) {}

  hasMore(): boolean {
    return this.at < this.end;
  }

  /** The next number, of 28 bits at most. */
  next(): u32 {
    let value: u32 = 0;
    for (let shift: u8 = 0; shift < 28 && this.at < this.end; shift += 7) {
      const byte = this.table.u8(this.at);
      this.at++;
      value = (value | ((byte & 0x7f) << shift)) >>> 0;
      if (byte < 0x80) break;
    }
    return value;
  }
}

/**
 * Whether the table is one, so that the other functions may be asked: its parts lie in their order within it. What stands in them is not
 * looked at; whoever asks a damaged one gets an answer without sense, but never a trap, since it is the crash dump that asks.
 */
export function hasSymbols(table: Bytes): boolean {
  if (table.length < HEADER.byteLength || HEADER.magic.get(table) !== MAGIC) return false;
  const functions = HEADER.functionCount.get(table);
  const files = HEADER.fileCount.get(table);
  if (functions >= FUNCTION_LIMIT || files > FILE_LIMIT) return false;
  const filesAt = HEADER.filesAt.get(table);
  const namesAt = HEADER.namesAt.get(table);
  const rowsAt = HEADER.rowsAt.get(table);
  const total = HEADER.totalBytes.get(table);
  if (functions * FUNCTION_BYTES + HEADER.byteLength > filesAt || files * 4 > namesAt - filesAt) return false;
  return namesAt <= rowsAt && rowsAt <= total && total <= table.length;
}

/** The index of the function that `address` lies in, or -1. */
export function findFunction(table: Bytes, address: u64): i32 {
  const base = HEADER.codeBase.get(table);
  if (address < base || address - base > 0x7fff_ffffn) return -1;
  const offset = u32(Number(address - base));
  let low: u32 = 0;
  let high: u32 = HEADER.functionCount.get(table);
  while (low < high) {
    const middle = u32(Math.trunc((low + high) / 2));
    if (FUNCTION.from.get(functionAt(table, middle)) <= offset) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return -1;
  const found = functionAt(table, low - 1);
  return offset - FUNCTION.from.get(found) < FUNCTION.length.get(found) ? i32(low - 1) : -1;
}

/** The function's symbol. */
export function functionName(table: Bytes, index: u32): Bytes {
  return nameAt(table, FUNCTION.name.get(functionAt(table, index)));
}

/** How far `address` lies behind the function's first byte. */
export function offsetInFunction(table: Bytes, index: u32, address: u64): u32 {
  const start = HEADER.codeBase.get(table) + BigInt(FUNCTION.from.get(functionAt(table, index)));
  return address < start ? 0 : u32(Number(address - start));
}

/** Finds the line that the code at `address`, within function `index`, was made from. */
export function findPlace(table: Bytes, index: u32, address: u64, place: SourcePlace): void {
  place.file = 0;
  place.line = 0;
  const wanted = offsetInFunction(table, index, address);
  const reader = new RowReader(table);
  reader.at = rowsFrom(table, index);
  reader.end = rowsEnd(table, index);
  let offset: u32 = 0;
  for (let row: u32 = 0; row < ROW_LIMIT && reader.hasMore(); row++) {
    offset += reader.next();
    if (offset > wanted) return;
    const change = reader.next();
    place.line = u32(Math.min(Math.max(place.line + unzigzag(change >>> 1), 0), LINE_LIMIT));
    if ((change & 1) !== 0) place.file = reader.next();
  }
}

/** The name of a file as the build knows it: relative to the checkout. */
export function fileName(table: Bytes, file: u32): Bytes {
  if (file >= HEADER.fileCount.get(table)) return utf8("?");
  return nameAt(table, table.u32le(HEADER.filesAt.get(table) + (file & 0xffff) * 4));
}

function functionAt(table: Bytes, index: u32): Bytes {
  assert(index < HEADER.functionCount.get(table) && index < FUNCTION_LIMIT);
  return table.slice(HEADER.byteLength + index * FUNCTION_BYTES, FUNCTION_BYTES);
}

/** Where the rows of a function begin. */
function rowsFrom(table: Bytes, index: u32): u32 {
  const from = HEADER.rowsAt.get(table) + FUNCTION.rows.get(functionAt(table, index));
  return u32(Math.min(from, HEADER.totalBytes.get(table)));
}

/** Where the rows of the next function begin, or the table ends. */
function rowsEnd(table: Bytes, index: u32): u32 {
  const isLast = index + 1 >= HEADER.functionCount.get(table);
  return isLast ? HEADER.totalBytes.get(table) : rowsFrom(table, index + 1);
}

/** A name by its place; `?` where that lies outside. */
function nameAt(table: Bytes, name: u32): Bytes {
  const at = HEADER.namesAt.get(table) + name;
  if (at >= table.length) return utf8("?");
  const length = table.u8(at);
  return length < table.length - at ? table.slice(at + 1, length) : utf8("?");
}

/** 0, 1, 2, 3, … stand for 0, -1, 1, -2, … */
function unzigzag(value: u32): i32 {
  return (value & 1) === 0 ? i32(value >>> 1) : i32(-(value >>> 1) - 1);
}
