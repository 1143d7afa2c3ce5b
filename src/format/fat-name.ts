/**
 * Names on FAT: the short form of eight and three characters that every entry has, and when it does not say all.
 *
 * A short name is 11 bytes, padded with spaces, in capitals: "RAYBOOT EFI". A name that is not exactly that (small
 * letters, more characters, more dots) has a long form besides, and a short one made up of it: "RAYBOO~1EFI".
 * Names are compared without regard to case, for Latin, Greek and Cyrillic letters.
 */
import { Utf8Reader } from "../base/utf16.ts";

export const SHORT_NAME_BYTES = 11;
/** A name of 255 UTF-16 units takes at most so many bytes of UTF-8. */
export const LONG_NAME_TEXT_BYTES = 765;
export const LONG_NAME_UNITS = 255;
/** The text of a short name: eight, a dot, three. */
export const SHORT_NAME_TEXT_BYTES = 12;

const BASE_BYTES = 8;
const SPACE = 0x20;
const DOT = 0x2e;
const TILDE = 0x7e;
const UNDERSCORE = 0x5f;
/** What a long name may not hold besides control characters. */
const FORBIDDEN: string = '"*/:<>?\\|';
/** What a short name may hold besides capitals and digits. */
const SHORT_EXTRAS: string = "$%'-_@~`!(){}^#&";

/** Whether `name` can stand in a directory: not empty, not too long, no forbidden character, no dot or space at its end. */
export function isValidName(name: Bytes): boolean {
  if (name.length === 0 || name.length > LONG_NAME_TEXT_BYTES) return false;
  const end = name.u8(name.length - 1);
  if (end === DOT || end === SPACE) return false;
  const reader = new Utf8Reader(name);
  let units: u32 = 0;
  while (!reader.atEnd()) {
    const point = reader.next();
    if (point < SPACE || point === 0x7f || point === 0xfffd) return false;
    if (point < 0x80 && holds(FORBIDDEN, u8(point))) return false;
    units += point >= 0x10000 ? 2 : 1;
  }
  return units <= LONG_NAME_UNITS;
}

/** Writes `name` in capitals as a short name; false where eight and three characters do not hold it. */
export function plainShortName(name: Bytes, into: Bytes): boolean {
  into.fill(SPACE);
  const dot = lastDot(name);
  const base: u32 = dot < name.length ? dot : name.length;
  const extension: u32 = dot < name.length ? name.length - dot - 1 : 0;
  if (base === 0 || base > BASE_BYTES || extension > 3) return false;
  if (dot < name.length && extension === 0) return false;
  for (let i: u32 = 0; i < name.length; i++) {
    if (i === dot) continue;
    const capital = capitalOf(name.u8(i));
    if (!isShortCharacter(capital)) return false;
    into.setU8(i < dot ? i : BASE_BYTES + i - dot - 1, capital);
  }
  return true;
}

/** Whether a name has no small letter: then its plain short name is all of it. */
export function isInCapitals(name: Bytes): boolean {
  for (const byte of span(name, 0, name.length)) {
    if (capitalOf(byte) !== byte) return false;
  }
  return true;
}

/**
 * Makes up a short name for a long one: what remains of it in capitals, and `~number` to tell it from others. `number`
 * goes from 1 to 999999.
 */
export function makeShortName(name: Bytes, number: u32, into: Bytes): void {
  assert(number >= 1 && number <= 999999);
  into.fill(SPACE);
  const dot = lastDot(name);
  const base = takeShortCharacters(name.slice(0, dot), into.slice(0, BASE_BYTES));
  if (dot < name.length)
    takeShortCharacters(name.slice(dot + 1, name.length - dot - 1), into.slice(BASE_BYTES, 3));
  let digits: u32 = 1;
  for (let rest: u32 = number; rest >= 10; rest = u32(Math.trunc(rest / 10))) digits++;
  const room: u32 = BASE_BYTES - 1 - digits;
  let at: u32 = base < room ? base : room;
  into.setU8(at, TILDE);
  at += digits;
  for (let rest: u32 = number; rest > 0; rest = u32(Math.trunc(rest / 10))) {
    into.setU8(at, u8(0x30 + (rest % 10)));
    at--;
  }
}

/** The sum that ties the parts of a long name to their short one. */
export function shortNameChecksum(short: Bytes): u8 {
  let sum: u8 = 0;
  for (const byte of span(short, 0, SHORT_NAME_BYTES)) sum = ((sum >>> 1) + (sum << 7) + byte) & 0xff;
  return sum;
}

/**
 * Writes a short name as text, "RAYBOOT.EFI"; its length. Bytes of old code pages, which nobody can name any more,
 * become an underscore.
 */
export function shortNameText(short: Bytes, into: Bytes): u32 {
  const base = trimmedLength(short.slice(0, BASE_BYTES));
  const extension = trimmedLength(short.slice(BASE_BYTES, 3));
  let to: u32 = 0;
  for (let i: u32 = 0; i < base; i++) {
    into.setU8(to, printable(short.u8(i)));
    to++;
  }
  if (extension === 0) return to;
  into.setU8(to, DOT);
  to++;
  for (let i: u32 = 0; i < extension; i++) {
    into.setU8(to, printable(short.u8(BASE_BYTES + i)));
    to++;
  }
  return to;
}

/** Whether two names are the same to FAT: letter by letter without regard to case. */
export function namesMatch(one: Bytes, other: Bytes): boolean {
  const left = new Utf8Reader(one);
  const right = new Utf8Reader(other);
  while (!left.atEnd() && !right.atEnd()) {
    if (foldCase(left.next()) !== foldCase(right.next())) return false;
  }
  return left.atEnd() && right.atEnd();
}

/** The capital of a letter, where it has one in the alphabets that lie side by side in Unicode. */
function foldCase(point: u32): u32 {
  if (point >= 0x61 && point <= 0x7a) return point - 0x20;
  if (point < 0xe0) return point;
  if (point <= 0xfe) return point === 0xf7 ? point : point - 0x20;
  if (point >= 0x3b1 && point <= 0x3c9) return point === 0x3c2 ? point : point - 0x20;
  if (point >= 0x430 && point <= 0x44f) return point - 0x20;
  if (point >= 0x450 && point <= 0x45f) return point - 0x50;
  return point;
}

/** Where the last dot stands, or the length. A dot in front is none: it begins a name, not an extension. */
function lastDot(name: Bytes): u32 {
  for (let at: u32 = name.length; at > 1; at--) {
    if (name.u8(at - 1) === DOT) return at - 1;
  }
  return name.length;
}

/** Fills `into` with the capitals of `part`, leaving out spaces and dots, other characters as underscores; how many. */
function takeShortCharacters(part: Bytes, into: Bytes): u32 {
  const reader = new Utf8Reader(part);
  let to: u32 = 0;
  while (!reader.atEnd() && to < into.length) {
    const point = reader.next();
    if (point === SPACE || point === DOT) continue;
    const capital = point < 0x80 ? foldCase(point) : UNDERSCORE;
    into.setU8(to, isShortCharacter(u8(capital)) ? u8(capital) : UNDERSCORE);
    to++;
  }
  return to;
}

function capitalOf(character: u8): u8 {
  return character >= 0x61 && character <= 0x7a ? u8(character - 0x20) : character;
}

function isShortCharacter(character: u8): boolean {
  if (character >= 0x41 && character <= 0x5a) return true;
  if (character >= 0x30 && character <= 0x39) return true;
  return holds(SHORT_EXTRAS, character);
}

function holds(characters: string, character: u8): boolean {
  const bytes = utf8(characters);
  for (let i: u32 = 0; i < bytes.length; i++) {
    if (bytes.u8(i) === character) return true;
  }
  return false;
}

function trimmedLength(field: Bytes): u32 {
  let length: u32 = field.length;
  while (length > 0 && field.u8(length - 1) === SPACE) length--;
  return length;
}

function printable(character: u8): u8 {
  return character > SPACE && character < 0x7f ? character : UNDERSCORE;
}
