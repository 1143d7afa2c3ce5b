// One function a trap: every check of every kind, at its line, behind the effects that come before it.

import { big, number, word } from "./support/output.ts";

class Cell {
  small: u8 = 250;
  short: i16 = 32767;
  count: u32 = 0xffffffff;
  signed: i32 = -0x80000000;
  wide: u64 = 0xffffffffffffffffn;
  deep: i64 = -0x8000000000000000n;
  next: Cell | null = null;
  readonly bytes = new Uint8Array(8);
  readonly words = new Uint16Array(4);
  readonly cells = fixedArray(2, () => new Inner());

  bump(): u32 {
    this.small++;
    word("bumped");
    return this.small;
  }
}

class Inner {
  value: i8 = 0;
  view: Bytes = utf8("");
}

interface Reader {
  read(at: u32): u8;
}

class Tape implements Reader {
  readonly bytes = new Uint8Array(3);
  read(at: u32): u8 {
    return this.bytes[at];
  }
}

const TABLE: readonly u32[] = [1, 2, 3];
const cell = new Cell();
const tape = new Tape();
let zero: u32 = 0;
let nowhere: Cell | null = null;
let reader: Reader | null = null;

export function increment(): void {
  for (let i: u32 = 0; i < 10; i++) {
    number(cell.small);
    cell.small++;
  }
}

export function decrement(): void {
  number(zero);
  zero--;
}

export function add32(): void {
  cell.count += 1;
}

export function subtract32(): void {
  cell.signed -= 1;
}

export function multiply(): void {
  const factor: u16 = 65535;
  number(cell.count * factor);
  cell.count = u32(cell.count * factor);
}

export function add64(): void {
  big(cell.wide + 1n);
  cell.wide++;
}

export function subtract64(): void {
  cell.deep -= 1n;
}

export function negate64(): void {
  cell.deep = i64(-cell.deep);
}

export function quotientOverflow(): void {
  cell.deep = cell.deep / i64(BigInt(zero) - 1n);
}

export function remainderOfSmallest(): void {
  big(cell.deep % i64(BigInt(zero) - 1n));
  number(cell.signed % i32(zero - 1));
}

export function convert8(): void {
  number(u8(cell.small + 5));
  number(u8(cell.small + 6));
}

export function convertSigned(): void {
  number(i8(-128 - zero));
  number(i8(-129 - zero));
}

export function convertWide(): void {
  big(u64(cell.deep));
}

export function convertNumber(): void {
  number(Number(cell.wide));
}

export function returned(): void {
  number(narrow(300));
}

function narrow(value: u32): u8 {
  return u8(value);
}

export function passed(): void {
  takesByte(u8(cell.count));
}

function takesByte(value: u8): void {
  number(value);
}

export function divide(): void {
  number(Math.trunc(7 / zero));
}

export function divideShort(): void {
  number((7 / zero) >>> 0);
}

export function remainder(): void {
  number(7 % zero);
}

export function divideWide(): void {
  big(cell.wide / BigInt(zero));
}

export function remainderWide(): void {
  cell.wide %= BigInt(zero);
}

export function readIndex(): void {
  number(cell.bytes[7]);
  number(cell.bytes[zero + 8]);
}

export function writeIndex(): void {
  cell.words[zero + 4] = 1;
}

export function negativeIndex(): void {
  number(cell.bytes[zero - 1]);
}

export function hugeIndex(): void {
  number(cell.bytes[cell.count]);
}

export function tableIndex(): void {
  for (let i: u32 = 0; i < 5; i++) number(TABLE[i]);
}

export function structIndex(): void {
  cell.cells[1].value = 5;
  cell.cells[zero + 2].value = 5;
}

export function viewIndex(): void {
  const row = span(bytesOf(cell.bytes), 2, 3);
  row[2] = 1;
  row[3] = 1;
}

export function spanTooLong(): void {
  const row = span(bytesOf(cell.bytes), 2, 7);
  number(row.length);
}

export function sliceBehind(): void {
  number(bytesOf(cell.bytes).slice(8, 0).length);
  number(bytesOf(cell.bytes).slice(9, 0).length);
}

export function sliceNegative(): void {
  number(bytesOf(cell.bytes).slice(zero - 1, 2).length);
}

export function sliceHuge(): void {
  number(bytesOf(cell.bytes).slice(1, cell.count).length);
}

export function readByte(): void {
  number(bytesOf(cell.bytes).u8(8));
}

export function readLong(): void {
  big(bytesOf(cell.bytes).u64le(0));
  big(bytesOf(cell.bytes).u64be(1));
}

export function writeShort(): void {
  bytesOf(cell.bytes).setU16le(6, 1);
  bytesOf(cell.bytes).setU16le(7, 1);
}

export function writeEmpty(): void {
  bytesOf(cell.bytes).slice(0, 0).setU32be(0, 1);
}

export function copyLengths(): void {
  bytesOf(cell.bytes).copyFrom(utf8("short"));
}

export function nullField(): void {
  const next = cell.next;
  assert(next === null);
  follow(cell);
}

function follow(from: Cell): void {
  nowhere = from;
  if (nowhere !== null) {
    clear();
    number(nowhere.small);
  }
}

function clear(): void {
  nowhere = null;
}

export function nullInterface(): void {
  reader = tape;
  if (reader !== null) {
    forgetReader();
    number(reader.read(0));
  }
}

function forgetReader(): void {
  reader = null;
}

export function behindInterface(): void {
  reader = tape;
  if (reader !== null) number(reader.read(3));
}

export function asserted(): void {
  assert(zero === 0, "zero is zero");
  assert(zero !== 0, 'zero is 100% "not" zero');
}

export function assertedPlain(): void {
  assert(cell.count < 5);
}

export function impossible(): void {
  if (zero === 0) unreachable("we are here");
  number(1);
}

export function impossiblePlain(): void {
  number(choose(3));
}

function choose(value: u32): u32 {
  switch (value) {
    case 1:
      return 5;
    default:
      return unreachable();
  }
}

export function effectsFirst(): void {
  number(cell.bump() + u8(cell.count));
}

export function trapFirst(): void {
  number(u8(cell.count) + cell.bump());
}

export function targetBehindValue(): void {
  cell.bytes[zero + 9] = u8(cell.count);
}

export function viewBehindValue(): void {
  cell.cells[zero + 2].view = bytesOf(cell.bytes).slice(0, u8(cell.count));
}

export function targetBehindCall(): void {
  cell.bytes[zero + 9] = cell.small + 0 * cell.bump();
}

export function compoundTarget(): void {
  cell.words[zero + 4] += u8(cell.count);
}

export function argumentOrder(): void {
  three(u8(zero), u8(cell.count), cell.bytes[zero + 8]);
}

export function argumentOrderTurned(): void {
  three(u8(zero), cell.bytes[zero + 8], u8(cell.count));
}

function three(a: u8, b: u8, c: u8): void {
  number(a + b + c);
}

export function manyLines(): void {
  number(u8(zero) + cell.bytes[zero + 8]);
}

export function inCondition(): void {
  if (zero === 0 && cell.bytes[zero + 8] === 0) {
    word("never");
  }
}

export function inLoopHead(): void {
  for (let i: u8 = 250; i < 300; i++) {
    number(i);
  }
}

export function inWhile(): void {
  let i: u32 = 0;
  while (cell.bytes[i] === 0) {
    i++;
  }
}

export function inDoWhile(): void {
  let i: u32 = 0;
  do {
    i++;
  } while (cell.bytes[i] === 0);
}

export function inSwitch(): void {
  switch (u8(cell.count)) {
    case 1:
      word("one");
      break;
    default:
      word("other");
  }
}

export function behindSwitch(): void {
  switch (zero) {
    case 0:
      cell.small = u8(cell.small + 6);
      break;
    default:
      word("other");
  }
}

export function inConstructor(): void {
  const first = new Sized(cell.small, 5);
  number(first.total);
  const second = new Sized(cell.small, 6);
  number(second.total);
}

class Sized {
  total: u8;

  constructor(a: u8, b: u8) {
    this.total = u8(a + b);
  }
}
