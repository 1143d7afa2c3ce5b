// The table of symbols for the kernel's crash dump (`src/format/symbol-table.ts`), made from the linked ELF.
//
// The kernel is linked twice: first without a table, then with the one that was made of the first. The table is the last of
// rodata (`linker/kernel.ld`), so no code moves between the two, and what was true of the first is true of the second.
//
//     await link(first);  writeSymbolSource(first, "build/obj/rayos/symbols.asm");  nasm …;  await link(all and symbols.o)

import { readFileSync } from "node:fs";
import { replaceFile } from "./freshness.ts";
import { type LineRow, readLineTable } from "./line-table.ts";

const MAGIC = "RAYSYMS1";
const HEADER_BYTES = 40;
const FUNCTION_BYTES = 16;
const SYMBOL_BYTES = 24;
const SYMBOL_IS_FUNCTION = 2;
const SYMBOL_IS_UNTYPED = 0;
const NAME_LIMIT = 255;
const RUNTIME_HEADER = "runtime-c/shared/ray.h";

/** A function's code within the image. */
interface CodeSymbol {
  readonly name: string;
  readonly from: bigint;
  readonly length: bigint;
}

/** Writes, for nasm, the section that holds the table of the kernel at `elfPath`. */
export function writeSymbolSource(elfPath: string, sourcePath: string): void {
  const table = makeSymbolTable(readFileSync(elfPath));
  const lines = ["section .symbols progbits alloc noexec nowrite align=8"];
  for (let at = 0; at < table.length; at += 32)
    lines.push(`db ${[...table.subarray(at, at + 32)].join(",")}`);
  replaceFile(sourcePath, `${lines.join("\n")}\n`);
}

/** The table of a linked ELF with symbols and DWARF 4 line numbers. */
export function makeSymbolTable(elf: Buffer): Buffer {
  const sections = readSections(elf);
  const code = sections.get(".text");
  const symbols = sections.get(".symtab");
  const names = sections.get(".strtab");
  const lines = sections.get(".debug_line");
  if (!code || !symbols || !names || !lines)
    throw new Error("the kernel was linked without symbols or line numbers");
  const functions = withLengths(
    readCodeSymbols(symbols.bytes, names.bytes, code),
    code.address + BigInt(code.size),
  );
  const end = code.address + BigInt(code.size);
  const rows = readLineTable(lines.bytes).filter((row) => row.address >= code.address && row.address <= end);
  return encode(code.address, functions, sortRows(rows));
}

/** The address of the function of this name in a linked ELF with symbols. */
export function readSymbol(elf: Buffer, name: string): bigint {
  const sections = readSections(elf);
  const [code, symbols, names] = [sections.get(".text"), sections.get(".symtab"), sections.get(".strtab")];
  const found =
    code &&
    symbols &&
    names &&
    readCodeSymbols(symbols.bytes, names.bytes, code).find((each) => each.name === name);
  if (!found) throw new Error(`the kernel has no function ${name}`);
  return found.from;
}

interface Section {
  readonly address: bigint;
  readonly size: number;
  readonly index: number;
  readonly bytes: Buffer;
}

function readSections(elf: Buffer): Map<string, Section> {
  const at = Number(elf.readBigUInt64LE(0x28));
  const [size, count, namesIndex] = [elf.readUInt16LE(0x3a), elf.readUInt16LE(0x3c), elf.readUInt16LE(0x3e)];
  const header = (index: number): Buffer => elf.subarray(at + index * size, at + (index + 1) * size);
  const place = (entry: Buffer): [number, number] => [
    Number(entry.readBigUInt64LE(0x18)),
    Number(entry.readBigUInt64LE(0x20)),
  ];
  const names = place(header(namesIndex))[0];
  const sections = new Map<string, Section>();
  for (let index = 1; index < count; index++) {
    const entry = header(index);
    const [from, length] = place(entry);
    const name = textAt(elf, names + entry.readUInt32LE(0));
    const bytes = elf.subarray(from, from + length);
    sections.set(name, { address: entry.readBigUInt64LE(0x10), size: length, index, bytes });
  }
  return sections;
}

/** Every name of a place in the code, ascending; of several names for one place the first. */
function readCodeSymbols(table: Buffer, names: Buffer, code: Section): CodeSymbol[] {
  const found: CodeSymbol[] = [];
  for (let at = SYMBOL_BYTES; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
    const type = table.readUInt8(at + 4) & 0xf;
    if (table.readUInt16LE(at + 6) !== code.index) continue;
    if (type !== SYMBOL_IS_FUNCTION && type !== SYMBOL_IS_UNTYPED) continue;
    const name = textAt(names, table.readUInt32LE(at));
    // Local labels of the assembler and the linker's marks are no functions.
    if (name === "" || name.includes(".") || name.startsWith("image_")) continue;
    found.push({ name, from: table.readBigUInt64LE(at + 8), length: table.readBigUInt64LE(at + 16) });
  }
  found.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.name < b.name ? -1 : 1));
  return found.filter((symbol, index) => index === 0 || symbol.from !== found[index - 1]!.from);
}

/** The assembler gives no lengths: such code reaches to the next symbol. */
function withLengths(symbols: readonly CodeSymbol[], end: bigint): CodeSymbol[] {
  return symbols.map((symbol, index) => {
    const next = symbols[index + 1]?.from ?? end;
    return symbol.length > 0n && symbol.from + symbol.length <= next
      ? symbol
      : { ...symbol, length: next - symbol.from };
  });
}

/** By address; where one sequence ends and the next begins at the same place, the beginning counts. */
function sortRows(rows: readonly LineRow[]): LineRow[] {
  const order = new Map(rows.map((row, index) => [row, index]));
  const sorted = [...rows].sort((a, b) => {
    if (a.address !== b.address) return a.address < b.address ? -1 : 1;
    if ((a.file === null) !== (b.file === null)) return a.file === null ? -1 : 1;
    return order.get(a)! - order.get(b)!;
  });
  return sorted.filter((row, index) => sorted[index + 1]?.address !== row.address);
}

function encode(base: bigint, functions: readonly CodeSymbol[], rows: readonly LineRow[]): Buffer {
  const names = new NameTable();
  const files: number[] = [];
  const fileNumbers = new Map<string, number>();
  const fileNumber = (name: string): number => {
    const known = fileNumbers.get(name);
    if (known !== undefined) return known;
    fileNumbers.set(name, files.length);
    files.push(names.add(name));
    return files.length - 1;
  };
  fileNumber("?");
  const table: number[] = [];
  const stream: number[] = [];
  let next = 0;
  for (const symbol of functions) {
    table.push(Number(symbol.from - base), Number(symbol.length), names.add(symbol.name), stream.length);
    while (next < rows.length && rows[next]!.address < symbol.from) next++;
    // A function may begin within a row.
    const before = rows[next]?.address === symbol.from ? [] : rows.slice(Math.max(next - 1, 0), next);
    const from = next;
    while (next < rows.length && rows[next]!.address < symbol.from + symbol.length) next++;
    encodeRows(stream, symbol, [...before, ...rows.slice(from, next)], fileNumber);
  }
  return assemble(base, table, files, names.bytes(), Buffer.from(stream));
}

function encodeRows(
  stream: number[],
  symbol: CodeSymbol,
  rows: readonly LineRow[],
  fileNumber: (name: string) => number,
): void {
  let [address, file, line] = [symbol.from, 0, 0];
  const isOurs = rows.some((row) => row.file?.endsWith(".ts"));
  for (const row of rows) {
    // A check that the run-time's header holds belongs to the line of TypeScript that it stands in.
    if (isOurs && row.file === RUNTIME_HEADER) continue;
    const from = row.address < symbol.from ? symbol.from : row.address;
    const rowFile = row.file === null ? file : fileNumber(row.file);
    if (rowFile === file && row.line === line) continue;
    const change = row.line - line;
    const zigzag = change >= 0 ? change * 2 : -change * 2 - 1;
    putNumber(stream, Number(from - address));
    putNumber(stream, zigzag * 2 + (rowFile === file ? 0 : 1));
    if (rowFile !== file) putNumber(stream, rowFile);
    [address, file, line] = [from, rowFile, row.line];
  }
}

function assemble(base: bigint, functions: number[], files: number[], names: Buffer, rows: Buffer): Buffer {
  const filesAt = HEADER_BYTES + (functions.length / 4) * FUNCTION_BYTES;
  const namesAt = filesAt + files.length * 4;
  const rowsAt = namesAt + names.length;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, "latin1");
  header.writeBigUInt64LE(base, 8);
  [functions.length / 4, files.length, filesAt, namesAt, rowsAt, rowsAt + rows.length].forEach(
    (value, index) => header.writeUInt32LE(value, 16 + index * 4),
  );
  return Buffer.concat([header, words(functions), words(files), names, rows]);
}

/** Names by length and letters, each once. */
class NameTable {
  private readonly places = new Map<string, number>();
  private readonly pieces: Buffer[] = [];
  private used = 0;

  add(name: string): number {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const letters = Buffer.from(name, "utf8").subarray(0, NAME_LIMIT);
    this.places.set(name, this.used);
    this.pieces.push(Buffer.from([letters.length]), letters);
    this.used += 1 + letters.length;
    return this.used - 1 - letters.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}

/** LEB128. */
function putNumber(stream: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) stream.push((rest % 128) | 0x80);
  stream.push(rest);
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("utf8", at, bytes.indexOf(0, at));
}
