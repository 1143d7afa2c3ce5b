/**
 * TextWriter: UTF-8 text into a buffer of fixed size.
 *
 * Owns nothing: the buffer belongs to the caller. What does not fit is dropped and `truncated` says so; a writer
 * never traps for want of room. A template literal handed to `text` is written part by part, without allocation.
 */

const DIGITS: string = "0123456789abcdef";

export class TextWriter {
  private used: u32 = 0;
  private overflowed: boolean = false;

  constructor(private readonly target: Bytes) {}

  /** Forgets what was written. */
  clear(): void {
    this.used = 0;
    this.overflowed = false;
  }

  /** Whether something did not fit since the last `clear`. */
  truncated(): boolean {
    return this.overflowed;
  }

  /** What was written so far: a view of the caller's buffer, valid until the next write or `clear`. */
  written(): Bytes {
    return this.target.slice(0, this.used);
  }

  /** Writes a string or, part by part, a template literal. */
  text(value: string): void {
    this.bytes(utf8(value));
  }

  /** Writes bytes as they are: as many as fit. */
  bytes(value: Bytes): void {
    const room = u32(this.target.length - this.used);
    const length = value.length <= room ? value.length : room;
    if (length < value.length) this.overflowed = true;
    this.target.slice(this.used, length).copyFrom(value.slice(0, length));
    this.used += length;
  }

  /** Writes one byte. */
  byte(value: u8): void {
    if (this.used >= this.target.length) {
      this.overflowed = true;
      return;
    }
    this.target.setU8(this.used, value);
    this.used++;
  }

  /** Writes a number of up to 2^53 in decimal. */
  integer(value: number): void {
    this.bigInteger(BigInt(value));
  }

  /** Writes a 64-bit integer in decimal. */
  bigInteger(value: bigint): void {
    const digits = new Uint8Array(20);
    let rest: u64 = u64(value < 0n ? -value : value);
    let from: u32 = 20;
    do {
      from--;
      digits[from] = u8(48 + Number(rest % 10n));
      rest = rest / 10n;
    } while (rest > 0n);
    if (value < 0n) this.byte(45);
    this.bytes(bytesOf(digits).slice(from, 20 - from));
  }

  /** Writes the lowest `digits` hexadecimal digits of `value`, without a prefix. */
  hex(value: u64, digits: u8): void {
    assert(digits <= 16);
    for (let left: u8 = digits; left > 0; left--) {
      const nibble = Number((value >> BigInt((left - 1) * 4)) & 0xfn);
      this.byte(utf8(DIGITS).u8(nibble));
    }
  }

  /** Writes `value` in decimal, with zeros in front up to `width` digits. */
  padded(value: u32, width: u8): void {
    let digits: u8 = 1;
    for (let rest: u32 = value; rest >= 10; rest = u32(Math.trunc(rest / 10))) digits++;
    for (let pad: u8 = digits; pad < width; pad++) this.byte(48);
    this.integer(value);
  }
}
