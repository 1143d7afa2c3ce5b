/**
 * KernelConsole: everywhere that text goes and comes from, as one: the serial line, the screen, the keyboard.
 *
 * Owns nothing but the list. What is written goes to every part; what is polled comes from the first part that has
 * something. It is also the kernel's sink for markers, which say each thing once, on a line of its own. The crash path writes
 * to the same parts.
 */
import { TextWriter } from "../base/text-writer.ts";
import type { Console } from "../device/console.ts";
import type { MarkerSink } from "../device/marker-sink.ts";

const PART_LIMIT = 4;
const LINE_BYTES = 256;
const LINE_FEED = 0x0a;

/** Who hears what the kernel says: the log. It says nothing itself while it listens. */
export interface ConsoleTap {
  takeMarker(line: Bytes): void;
  takeLine(line: Bytes): void;
}

class Part {
  console: Console | null = null;
}

export class KernelConsole implements Console, MarkerSink {
  private readonly parts = fixedArray(PART_LIMIT, () => new Part());
  private count: u32 = 0;
  private isLineOpen: boolean = false;
  private tap: ConsoleTap | null = null;
  private readonly buffer = new Uint8Array(LINE_BYTES);

  /** Adds a part: from here on it takes and gives text. */
  add(console: Console): void {
    assert(this.count < PART_LIMIT);
    this.parts[this.count].console = console;
    this.count++;
  }

  write(text: Bytes): void {
    if (text.length === 0) return;
    this.isLineOpen = text.u8(text.length - 1) !== LINE_FEED;
    for (let i: u32 = 0; i < this.count; i++) {
      const part = this.parts[i].console;
      if (part !== null) part.write(text);
    }
  }

  poll(): i16 {
    for (let i: u32 = 0; i < this.count; i++) {
      const part = this.parts[i].console;
      if (part === null) continue;
      const byte = part.poll();
      if (byte >= 0) return byte;
    }
    return -1;
  }

  /** From here on `tap` hears every marker and every line, each before it is written. */
  useTap(tap: ConsoleTap): void {
    this.tap = tap;
  }

  /** From here on nobody hears anything but the devices: a crash writes to no disk by saying something. */
  dropTap(): void {
    this.tap = null;
  }

  /** Writes one marker on a line of its own, even where somebody was in the middle of another. */
  emit(line: Bytes): void {
    this.hear(line);
    this.writeLine(line);
  }

  /** The same in an interrupt that returns: to the devices alone, for the log may be in the middle of an entry. */
  emitUnheard(line: Bytes): void {
    this.writeLine(line);
  }

  /** What was said so, for whoever listens. */
  hear(line: Bytes): void {
    const tap = this.tap;
    if (tap !== null) tap.takeMarker(line);
  }

  /** Writes one line. */
  line(text: string): void {
    this.plainLine(utf8(text));
  }

  /** Writes one line of two parts. */
  lineOf(text: string, detail: string): void {
    const writer = new TextWriter(bytesOf(this.buffer));
    writer.text(text);
    writer.text(detail);
    this.plainLine(writer.written());
  }

  private plainLine(line: Bytes): void {
    const tap = this.tap;
    if (tap !== null) tap.takeLine(line);
    this.writeLine(line);
  }

  private writeLine(line: Bytes): void {
    if (this.isLineOpen) this.write(utf8("\n"));
    this.write(line);
    this.write(utf8("\n"));
  }
}
