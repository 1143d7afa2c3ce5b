/**
 * GUIDs as UEFI and GPT store them: 16 bytes, of which the first three groups of the text are little-endian.
 *
 *     C12A7328-F81F-11D2-BA4B-00A0C93EC93B
 *     28 73 2a c1 | 1f f8 | d2 11 | ba 4b | 00 a0 c9 3e c9 3b
 *
 * A GUID is held as 16 bytes in that order and compared as bytes; known ones are written as text in the source.
 */

export const GUID_BYTES = 16;
export const GUID_TEXT_LENGTH = 36;

const DASH = 0x2d;
const HEX_DIGITS: string = "0123456789ABCDEF";

/** Where in the text the two digits of each stored byte stand. */
const TEXT_AT: readonly u8[] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];
const DASH_AT: readonly u8[] = [8, 13, 18, 23];

/** Reads 36 characters of text (either case) into 16 bytes; false, and nothing written, where they are no GUID. */
export function parseGuid(text: Bytes, into: Bytes): boolean {
  assert(into.length === GUID_BYTES);
  if (text.length !== GUID_TEXT_LENGTH) return false;
  for (const at of DASH_AT) {
    if (text.u8(at) !== DASH) return false;
  }
  for (const at of TEXT_AT) {
    if (hexDigit(text.u8(at)) < 0 || hexDigit(text.u8(at + 1)) < 0) return false;
  }
  for (let i: u32 = 0; i < GUID_BYTES; i++) into.setU8(i, textByte(text, TEXT_AT[i]));
  return true;
}

/** Writes the text of a GUID, 36 characters in capitals, to `into`. */
export function formatGuid(guid: Bytes, into: Bytes): void {
  assert(guid.length === GUID_BYTES && into.length === GUID_TEXT_LENGTH);
  const digits = utf8(HEX_DIGITS);
  for (const at of DASH_AT) into.setU8(at, DASH);
  for (let i: u32 = 0; i < GUID_BYTES; i++) {
    const value = guid.u8(i);
    const at = TEXT_AT[i];
    into.setU8(at, digits.u8(value >>> 4));
    into.setU8(at + 1, digits.u8(value & 0xf));
  }
}

/** Sets `into` to the GUID that the source names by its text. */
export function setGuid(into: Bytes, text: string): void {
  const parsed = parseGuid(utf8(text), into);
  assert(parsed, "a GUID in the source is misspelt");
}

/** Whether `guid` is the one that the source names by its text. */
export function isGuid(guid: Bytes, text: string): boolean {
  const known = new Uint8Array(GUID_BYTES);
  setGuid(bytesOf(known), text);
  return guid.equals(bytesOf(known));
}

/** Whether all 16 bytes are zero: an unused GPT entry, or no GUID at all. */
export function isNilGuid(guid: Bytes): boolean {
  assert(guid.length === GUID_BYTES);
  return guid.u64le(0) === 0n && guid.u64le(8) === 0n;
}

/**
 * Turns 16 random bytes into a GUID of version 4 (RFC 9562, section 5.4). Where they come from is the caller's matter.
 */
export function makeRandomGuid(guid: Bytes): void {
  assert(guid.length === GUID_BYTES);
  guid.setU8(7, (guid.u8(7) & 0x0f) | 0x40);
  guid.setU8(8, (guid.u8(8) & 0x3f) | 0x80);
}

function textByte(text: Bytes, at: u8): u8 {
  const high = hexDigit(text.u8(at));
  const low = hexDigit(text.u8(at + 1));
  return u8(high * 16 + low);
}

/** The value of a hexadecimal digit, or -1. */
function hexDigit(character: u8): i8 {
  if (character >= 0x30 && character <= 0x39) return i8(character - 0x30);
  const small = character | 0x20;
  if (small >= 0x61 && small <= 0x66) return i8(small - 0x57);
  return -1;
}
