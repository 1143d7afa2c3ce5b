/**
 * UTF-16LE (GPT names, FAT long names, UEFI strings) to UTF-8 and back.
 *
 * Neither side is trusted: what is not valid becomes U+FFFD, and what does not fit is left out, never half a character.
 * Lengths are in bytes on both sides, and each function says how many it wrote.
 */

const REPLACEMENT = 0xfffd;

/** Writes the UTF-8 of `source`, which ends at its first NUL or its last whole unit; the number of bytes written. */
export function utf8FromUtf16(source: Bytes, target: Bytes): u32 {
  let from: u32 = 0;
  let to: u32 = 0;
  while (source.length - from >= 2) {
    const unit = source.u16le(from);
    if (unit === 0) break;
    from += 2;
    if (unit < 0x80) {
      // Most names are nothing else.
      if (to >= target.length) break;
      target.setU8(to, u8(unit));
      to++;
      continue;
    }
    let point: u32 = unit;
    if (isSurrogate(unit)) {
      point = REPLACEMENT;
      if (isHighSurrogate(unit) && source.length - from >= 2 && isLowSurrogate(source.u16le(from))) {
        point = 0x10000 + (unit & 0x3ff) * 0x400 + (source.u16le(from) & 0x3ff);
        from += 2;
      }
    }
    const length = utf8Length(point);
    if (length > target.length - to) break;
    putUtf8(point, target.slice(to, length));
    to += length;
  }
  return to;
}

/** Writes the UTF-16LE of `source`, without a NUL at the end; the number of bytes written. */
export function utf16FromUtf8(source: Bytes, target: Bytes): u32 {
  const reader = new Utf8Reader(source);
  let to: u32 = 0;
  while (!reader.atEnd()) {
    const point = reader.next();
    const length = point >= 0x10000 ? 4 : 2;
    if (length > target.length - to) break;
    if (length === 2) target.setU16le(to, u16(point));
    else {
      target.setU16le(to, u16(0xd800 + ((point - 0x10000) >>> 10)));
      target.setU16le(to + 2, u16(0xdc00 + (point & 0x3ff)));
    }
    to += length;
  }
  return to;
}

/** Walks over UTF-8 code point by code point. */
export class Utf8Reader {
  private position: u32 = 0;

  constructor(private readonly source: Bytes) {}

  atEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** The next code point. Bytes that are no UTF-8 (RFC 3629: overlong, surrogate, cut off) yield U+FFFD, one for each. */
  next(): u32 {
    const lead = this.source.u8(this.position);
    this.position++;
    if (lead < 0x80) return lead;
    const more: u32 = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || this.source.length - this.position < more) return REPLACEMENT;
    let point: u32 = lead & (0x3f >>> more);
    for (let i: u32 = 0; i < more; i++) {
      const byte = this.source.u8(this.position + i);
      if ((byte & 0xc0) !== 0x80) return REPLACEMENT;
      point = (point & 0x7fff) * 64 + (byte & 0x3f);
    }
    if (point > 0x10ffff || utf8Length(point) !== more + 1) return REPLACEMENT;
    if (point >= 0xd800 && point <= 0xdfff) return REPLACEMENT;
    this.position += more;
    return point;
  }
}

function isSurrogate(unit: u16): boolean {
  return (unit & 0xf800) === 0xd800;
}

function isHighSurrogate(unit: u16): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLowSurrogate(unit: u16): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

function utf8Length(point: u32): u32 {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Writes one code point over all of `target`, which has its length. */
function putUtf8(point: u32, target: Bytes): void {
  if (target.length === 1) {
    target.setU8(0, u8(point));
    return;
  }
  let rest: u32 = point;
  for (let at: u32 = target.length - 1; at > 0; at--) {
    target.setU8(at, 0x80 | (rest & 0x3f));
    rest = rest >>> 6;
  }
  target.setU8(0, u8(((0xf00 >>> target.length) & 0xff) | rest));
}
