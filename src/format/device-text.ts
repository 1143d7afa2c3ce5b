/**
 * Text that a device says about itself: its model, its serial number.
 *
 * Such fields are padded with spaces and may hold anything, a terminal's control sequences included. What is handed on
 * is printable ASCII without the padding. Called by the identify parsers of NVMe and ATA.
 */

const SPACE = 0x20;
const LAST_PRINTABLE = 0x7e;
const QUESTION_MARK = 0x3f;

/** Copies `field` without the spaces and zeros around it into `target`, as much as fits; returns the length. */
export function deviceText(field: Bytes, target: Uint8Array): u8 {
  let from: u32 = 0;
  let end: u32 = field.length;
  while (from < end && isPadding(field.u8(from))) from++;
  while (end > from && isPadding(field.u8(end - 1))) end--;
  let length: u8 = 0;
  while (from < end && length < target.length && length < 255) {
    target[length] = printable(field.u8(from));
    length++;
    from++;
  }
  return length;
}

function isPadding(byte: u8): boolean {
  return byte === SPACE || byte === 0;
}

function printable(byte: u8): u8 {
  return byte >= SPACE && byte <= LAST_PRINTABLE ? byte : QUESTION_MARK;
}
