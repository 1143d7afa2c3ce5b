/**
 * FirmwareConsole: the boot manager's text and keys, on the screen and on the serial line alike.
 *
 * Text goes to the firmware's console, which is the screen and, where the firmware was set up so, the serial line too; if
 * not, it is written to COM1 as well. Markers go to COM1 at once: they are for machines, a character costs ten thousand
 * times less there, and no firmware's idea of a terminal stands between. Without COM1 they are text. Everything written is
 * kept as the log that the kernel is handed.
 */
import { TextWriter } from "../base/text-writer.ts";
import { utf16FromUtf8 } from "../base/utf16.ts";
import type { Console } from "../device/console.ts";
import type { MarkerSink } from "../device/marker-sink.ts";
import { leadsToSerial } from "../format/device-path.ts";
import { startPeriodicTimer, stopTimer, waitForEither } from "../../uefi/boot-services.ts";
import { portRead8, portWrite8 } from "../../uefi/processor.ts";
import { getVariable, GLOBAL_VARIABLES } from "../../uefi/runtime-services.ts";
import {
  KeyStroke,
  readKeyStroke,
  SCAN_DOWN,
  SCAN_END,
  SCAN_ESCAPE,
  SCAN_HOME,
  SCAN_UP,
  waitForKeyEvent,
} from "../../uefi/text-input.ts";
import {
  clearScreen,
  enableCursor,
  NORMAL_COLOURS,
  outputString,
  SELECTED_COLOURS,
  setAttribute,
  setCursorPosition,
} from "../../uefi/text-output.ts";

export const COM1 = 0x3f8;
const LINE_STATUS = 5;
const SCRATCH = 7;
const RECEIVED = 0x01;
const TRANSMITTER_EMPTY = 0x20;
const WAIT_LIMIT = 100_000;

const LOG_BYTES = 16384;
/** UTF-16 text of one call, with its NUL. */
const WIDE_BYTES = 512;
const PIECE_BYTES = 120;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESCAPE = 0x1b;

/** Keys without a character, as numbers of the private use area of Unicode; `NO_KEY` where none was pressed. */
export const NO_KEY = 0;
export const KEY_ENTER = 0x0d;
export const KEY_ESCAPE = 0x1b;
export const KEY_UP = 0xe001;
export const KEY_DOWN = 0xe002;
export const KEY_HOME = 0xe003;
export const KEY_END = 0xe004;
export const KEY_OTHER = 0xe005;

export class FirmwareConsole implements Console, MarkerSink {
  private hasSerial: boolean = false;
  private firmwareHasSerial: boolean = false;
  /** How much of `ESC [ A` has come over the serial line. */
  private escapeState: u8 = 0;
  private logUsed: u32 = 0;
  private readonly log = new Uint8Array(LOG_BYTES);
  private readonly wide = new Uint8Array(WIDE_BYTES);

  /** Finds out who speaks on the serial line. */
  open(): void {
    const paths = new Uint8Array(1024);
    const length = getVariable(utf8("ConOut"), GLOBAL_VARIABLES, bytesOf(paths));
    this.firmwareHasSerial = length > 0 && leadsToSerial(bytesOf(paths).slice(0, u32(length)));
    portWrite8(COM1 + SCRATCH, 0x5a);
    this.hasSerial = portRead8(COM1 + SCRATCH) === 0x5a;
    if (this.hasSerial && !this.firmwareHasSerial) setUpSerial();
  }

  /** The I/O port of the serial line, or 0 where there is none. */
  serialPort(): u16 {
    return this.hasSerial ? COM1 : 0;
  }

  write(text: Bytes): void {
    this.keep(text);
    this.show(text);
    if (this.hasSerial && !this.firmwareHasSerial) this.sendText(text);
  }

  emit(line: Bytes): void {
    this.keep(line);
    this.keep(utf8("\n"));
    if (this.hasSerial) {
      this.sendText(line);
      this.sendText(utf8("\n"));
    } else {
      this.show(line);
      this.show(utf8("\n"));
    }
  }

  /** Emits the marker that a writer holds. */
  emitWritten(out: TextWriter): void {
    this.emit(out.written());
    out.clear();
  }

  /** Writes what a writer holds as a line of text. */
  writeLine(out: TextWriter): void {
    out.text("\n");
    this.write(out.written());
    out.clear();
  }

  /** All text and markers so far, as far as there was room. */
  logText(): Bytes {
    return bytesOf(this.log).slice(0, this.logUsed);
  }

  /** The next character that was typed, or -1. */
  poll(): i16 {
    const key = this.readKey();
    return key === NO_KEY || key > 0x7f ? -1 : i16(key);
  }

  /** The next key, or `NO_KEY`. */
  readKey(): u16 {
    const stroke = new KeyStroke();
    if (readKeyStroke(stroke)) return keyOf(stroke);
    if (this.hasSerial && !this.firmwareHasSerial) return this.readSerialKey();
    return NO_KEY;
  }

  /** Waits up to `milliseconds` for a key; `NO_KEY` where none came. */
  waitKey(milliseconds: u32): u16 {
    const tick: u32 = 50;
    const timer = startPeriodicTimer(tick);
    let key: u16 = this.readKey();
    for (let passed: u32 = 0; key === NO_KEY && passed < milliseconds; key = this.readKey()) {
      if (!waitForEither(waitForKeyEvent(), timer)) passed += tick;
    }
    stopTimer(timer);
    return key;
  }

  clear(): void {
    clearScreen();
    if (this.hasSerial && !this.firmwareHasSerial) this.send(utf8("\x1b[2J\x1b[H"));
  }

  /** Writes text in a place of the screen, marked as selected or not. It is not kept in the log. */
  writeAt(column: u8, row: u8, text: Bytes, isSelected: boolean): void {
    if (this.hasSerial && !this.firmwareHasSerial) this.sendAt(column, row, text, isSelected);
    setCursorPosition(column, row);
    setAttribute(isSelected ? SELECTED_COLOURS : NORMAL_COLOURS);
    this.show(text);
    setAttribute(NORMAL_COLOURS);
  }

  showCursor(isVisible: boolean): void {
    enableCursor(isVisible);
  }

  private keep(text: Bytes): void {
    const room = u32(LOG_BYTES - this.logUsed);
    const length: u32 = text.length <= room ? text.length : room;
    bytesOf(this.log).slice(this.logUsed, length).copyFrom(text.slice(0, length));
    this.logUsed += length;
  }

  /** To the firmware's console, in pieces, with the line ends that it wants. */
  private show(text: Bytes): void {
    const piece = new Uint8Array(PIECE_BYTES * 2);
    const out = new TextWriter(bytesOf(piece));
    for (let i: u32 = 0; i < text.length; i++) {
      const byte = text.u8(i);
      if (byte === LINE_FEED) out.byte(CARRIAGE_RETURN);
      out.byte(byte);
      // A character of UTF-8 is not cut in two: only before a new one begins.
      const isEnd = i + 1 === text.length;
      if (isEnd || (out.written().length >= PIECE_BYTES && (text.u8(i + 1) & 0xc0) !== 0x80)) {
        this.showPiece(out.written());
        out.clear();
      }
    }
  }

  private showPiece(text: Bytes): void {
    const wide = bytesOf(this.wide);
    const length = utf16FromUtf8(text, wide.slice(0, WIDE_BYTES - 2));
    wide.setU16le(length, 0);
    outputString(wide);
  }

  /** To the serial line, `\n` as `\r\n`. */
  private sendText(text: Bytes): void {
    for (let i: u32 = 0; i < text.length; i++) {
      const byte = text.u8(i);
      if (byte === LINE_FEED) sendByte(CARRIAGE_RETURN);
      sendByte(byte);
    }
  }

  private send(text: Bytes): void {
    for (let i: u32 = 0; i < text.length; i++) sendByte(text.u8(i));
  }

  private sendAt(column: u8, row: u8, text: Bytes, isSelected: boolean): void {
    const place = new Uint8Array(32);
    const out = new TextWriter(bytesOf(place));
    out.text(`\x1b[${row + 1};${column + 1}H`);
    if (isSelected) out.text("\x1b[7m");
    this.send(out.written());
    this.send(text);
    if (isSelected) this.send(utf8("\x1b[0m"));
  }

  private readSerialKey(): u16 {
    if ((portRead8(COM1 + LINE_STATUS) & RECEIVED) === 0) return NO_KEY;
    const byte = portRead8(COM1);
    if (byte === ESCAPE) {
      this.escapeState = 1;
      return NO_KEY;
    }
    if (this.escapeState === 1) {
      this.escapeState = byte === 0x5b ? 2 : 0;
      return this.escapeState === 2 ? NO_KEY : KEY_ESCAPE;
    }
    if (this.escapeState === 2) {
      this.escapeState = 0;
      return arrowOf(byte);
    }
    return byte === LINE_FEED ? KEY_ENTER : byte;
  }
}

/** 115200 baud, 8 data bits, no parity, FIFOs on (PC16550D data sheet). */
function setUpSerial(): void {
  portWrite8(COM1 + 1, 0);
  portWrite8(COM1 + 3, 0x80);
  portWrite8(COM1, 1);
  portWrite8(COM1 + 1, 0);
  portWrite8(COM1 + 3, 0x03);
  portWrite8(COM1 + 2, 0x07);
  portWrite8(COM1 + 4, 0x03);
}

function sendByte(byte: u8): void {
  for (let tries: u32 = 0; tries < WAIT_LIMIT; tries++) {
    if ((portRead8(COM1 + LINE_STATUS) & TRANSMITTER_EMPTY) !== 0) break;
  }
  portWrite8(COM1, byte);
}

function keyOf(stroke: KeyStroke): u16 {
  if (stroke.character !== 0) return stroke.character === LINE_FEED ? KEY_ENTER : stroke.character;
  switch (stroke.scanCode) {
    case SCAN_UP:
      return KEY_UP;
    case SCAN_DOWN:
      return KEY_DOWN;
    case SCAN_HOME:
      return KEY_HOME;
    case SCAN_END:
      return KEY_END;
    case SCAN_ESCAPE:
      return KEY_ESCAPE;
    default:
      return KEY_OTHER;
  }
}

function arrowOf(byte: u8): u16 {
  switch (byte) {
    case 0x41:
      return KEY_UP;
    case 0x42:
      return KEY_DOWN;
    case 0x48:
      return KEY_HOME;
    case 0x46:
      return KEY_END;
    default:
      return KEY_OTHER;
  }
}
