/**
 * A kernel of one page: a serial line at 115,200 baud, a sentence, and a halt.
 */
import { TextWriter } from "../../src/base/text-writer.ts";
import { halt, readPort, writePort } from "./machine/ports.ts";

/** The first serial port of a PC, a 16550: its registers, as offsets. */
const COM1 = 0x3f8;
const DATA = 0;
const INTERRUPT_ENABLE = 1;
const FIFO_CONTROL = 2;
const LINE_CONTROL = 3;
const LINE_STATUS = 5;
const ROOM = 0x20;
const LINE_BYTES = 80;

const line = new Uint8Array(LINE_BYTES);

export function main(): void {
  openSerial();
  const out = new TextWriter(bytesOf(line));
  out.text(`A kernel in TypeScript says: 6 * 7 = ${product(6, 7)}\r\n`);
  write(out.written());
  halt();
}

function product(a: u16, b: u16): u32 {
  return a * b;
}

function openSerial(): void {
  writePort(COM1 + INTERRUPT_ENABLE, 0);
  writePort(COM1 + LINE_CONTROL, 0x80); // the next two set the divisor: 1
  writePort(COM1 + DATA, 1);
  writePort(COM1 + INTERRUPT_ENABLE, 0);
  writePort(COM1 + LINE_CONTROL, 3); // eight bits, no parity, one stop bit
  writePort(COM1 + FIFO_CONTROL, 7);
}

function write(text: Bytes): void {
  for (const byte of span(text, 0, text.length)) {
    while ((readPort(COM1 + LINE_STATUS) & ROOM) === 0) {}
    writePort(COM1 + DATA, byte);
  }
}
