/**
 * Output: what commands write text with; a TextWriter whose end is the console.
 *
 * Gathers text in a buffer and hands it on when it is full or at `flush`, so that a line costs the devices one call.
 * Invariant: nothing is dropped, however much is written. The shell flushes after every step.
 */
import { TextWriter } from "../base/text-writer.ts";
import { Console } from "../device/console.ts";

const BUFFER_BYTES = 1024;
/** More than any number takes. */
const NUMBER_ROOM = 24;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

export class Output {
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private used: u32 = 0;
  /** Characters since the last line end. */
  private column: u32 = 0;

  constructor(private readonly console: Console) {}

  /** Writes a string or, part by part, a template literal. */
  text(value: string): void {
    this.bytes(utf8(value));
  }

  integer(value: number): void {
    this.bigInteger(BigInt(value));
  }

  bigInteger(value: bigint): void {
    const digits = new Uint8Array(NUMBER_ROOM);
    const writer = new TextWriter(bytesOf(digits));
    writer.bigInteger(value);
    this.bytes(writer.written());
  }

  /** Writes the lowest `digits` hexadecimal digits of `value`. */
  hex(value: u64, digits: u8): void {
    const room = new Uint8Array(NUMBER_ROOM);
    const writer = new TextWriter(bytesOf(room));
    writer.hex(value, digits);
    this.bytes(writer.written());
  }

  /** Writes `value` with zeros in front up to `width` digits. */
  padded(value: u32, width: u8): void {
    const room = new Uint8Array(NUMBER_ROOM);
    const writer = new TextWriter(bytesOf(room));
    writer.padded(value, width);
    this.bytes(writer.written());
  }

  /** Writes one byte. */
  byte(value: u8): void {
    if (this.used >= BUFFER_BYTES) this.flush();
    this.buffer[this.used] = value;
    this.used++;
    // The bytes behind the first one of a UTF-8 character take no column.
    if (value === NEWLINE || value === RETURN) this.column = 0;
    else if ((value & 0xc0) !== 0x80) this.column++;
  }

  bytes(value: Bytes): void {
    for (let i: u32 = 0; i < value.length; i++) this.byte(value.u8(i));
  }

  /** Writes text from a disk or a device: what a terminal might take for a command becomes a dot. */
  foreign(value: Bytes): void {
    for (let i: u32 = 0; i < value.length; i++) {
      const character = value.u8(i);
      this.byte(character >= SPACE && character < 0x7f ? character : 0x2e);
    }
  }

  /** Fills up with spaces to a column; one space where it is passed already. */
  tab(column: u32): void {
    do {
      this.byte(SPACE);
    } while (this.column < column);
  }

  /** Writes a size with a unit of 1024 that keeps it exact to a tenth: `512 B`, `64.0 MiB`, `1.9 TiB`. */
  size(bytes: u64): void {
    let scaled: u64 = bytes;
    let unit: u32 = 0;
    let tenth: u64 = 0n;
    while (scaled >= 1024n && unit < 5) {
      tenth = ((scaled % 1024n) * 10n) / 1024n;
      scaled = scaled / 1024n;
      unit++;
    }
    this.bigInteger(scaled);
    if (unit > 0) this.text(`.${tenth}`);
    this.text(UNITS[unit]);
  }

  /** Ends a line that was begun. */
  endLine(): void {
    if (this.column > 0) this.byte(NEWLINE);
  }

  /** Hands everything on to the console. */
  flush(): void {
    if (this.used === 0) return;
    this.console.write(bytesOf(this.buffer).slice(0, this.used));
    this.used = 0;
  }
}

const UNITS: readonly string[] = [" B", " KiB", " MiB", " GiB", " TiB", " PiB"];
