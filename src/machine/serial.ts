/**
 * The serial line: a 16550 at 115200 baud, 8 data bits, no parity, one stop bit (PC16550D data sheet).
 *
 * Owns one port. It works from the first instruction on, without interrupts, and is the last thing that still speaks in a
 * crash; so every wait has a limit and a port that is not there swallows text at once. A line ends with `\r\n` on the wire.
 *
 * The port keeps 16 bytes, which arrive within 1.4 ms. Once its interrupt is routed, the interrupt moves them into a ring,
 * which only `poll` empties; what finds no room is lost, as it would be in the port.
 */
import type { Console } from "../device/console.ts";
import type { InterruptRecorder } from "./interrupts.ts";
import { disableInterrupts, enableInterrupts, pauseProcessor, portRead8, portWrite8 } from "./intrinsics.ts";

export const COM1 = 0x3f8;
/** The ISA line of COM1. */
export const COM1_LINE = 4;

const DATA = 0;
const INTERRUPT_ENABLE = 1;
const FIFO_CONTROL = 2;
const LINE_CONTROL = 3;
const MODEM_CONTROL = 4;
const LINE_STATUS = 5;
const SCRATCH = 7;

const DIVISOR_115200 = 1;
const DIVISOR_ACCESS = 0x80;
const EIGHT_BITS = 0x03;
/** FIFOs on and emptied, an interrupt at every byte. */
const FIFO_ON = 0x07;
const FIFO_BYTES = 16;
/** DTR, RTS, and OUT2, which lets the interrupt through. */
const MODEM_READY = 0x0b;
const RECEIVED = 0x01;
const TRANSMITTER_EMPTY = 0x20;
const INTERRUPT_ON_RECEIVE = 0x01;
/** A byte takes 87 µs, looking at the port about 1 µs. What listens may be held up for seconds: an emulator passes that on. */
const WAIT_LIMIT = 5_000_000;

/** A power of two: positions count on and wrap with 32 bits. */
const RING_BYTES = 4096;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class SerialPort implements Console, InterruptRecorder {
  private port: u16 = COM1;
  private present: boolean = false;
  /** Bytes that the transmitter's FIFO surely takes without a look at the status. */
  private room: u8 = 0;
  /** Nothing moved for so long that bytes are dropped until something moves again. */
  private isStuck: boolean = false;
  private readonly ring = new Uint8Array(RING_BYTES);
  /** Bytes ever put into the ring and ever taken out, modulo 2^32. */
  private received: u32 = 0;
  private taken: u32 = 0;
  private isInterrupting: boolean = false;

  /** Sets the line up. `port` is the first of its eight I/O ports. */
  open(port: u16): void {
    this.port = port;
    // A port that keeps what is written to its scratch register is there.
    portWrite8(this.at(SCRATCH), 0x5a);
    this.present = portRead8(this.at(SCRATCH)) === 0x5a;
    if (!this.present) return;
    portWrite8(this.at(INTERRUPT_ENABLE), 0);
    portWrite8(this.at(LINE_CONTROL), DIVISOR_ACCESS);
    portWrite8(this.at(DATA), DIVISOR_115200);
    portWrite8(this.at(INTERRUPT_ENABLE), 0);
    portWrite8(this.at(LINE_CONTROL), EIGHT_BITS);
    portWrite8(this.at(FIFO_CONTROL), FIFO_ON);
    portWrite8(this.at(MODEM_CONTROL), MODEM_READY);
    this.room = 0;
  }

  isPresent(): boolean {
    return this.present;
  }

  /** Has the port interrupt when a byte arrived. Its vector has this port as its recorder. */
  enableReceiveInterrupt(): void {
    if (!this.present) return;
    this.isInterrupting = true;
    portWrite8(this.at(INTERRUPT_ENABLE), INTERRUPT_ON_RECEIVE);
  }

  recordInterrupt(): void {
    for (let i: u32 = 0; i < RING_BYTES; i++) {
      if ((portRead8(this.at(LINE_STATUS)) & RECEIVED) === 0) return;
      const byte = portRead8(this.at(DATA));
      if ((this.received - this.taken) >>> 0 >= RING_BYTES) continue;
      this.ring[this.received % RING_BYTES] = byte;
      this.received = (this.received + 1) >>> 0;
    }
  }

  write(text: Bytes): void {
    if (!this.present) return;
    for (const byte of span(text, 0, text.length)) {
      if (byte === LINE_FEED) this.send(CARRIAGE_RETURN);
      this.send(byte);
    }
  }

  poll(): i16 {
    if (this.received === this.taken) this.look();
    if (this.received === this.taken) return -1;
    const byte = this.ring[this.taken % RING_BYTES];
    this.taken = (this.taken + 1) >>> 0;
    return byte;
  }

  /** Fills the ring without an interrupt: for a port that has none, and for one whose line the firmware described wrongly. */
  private look(): void {
    if (!this.present) return;
    if (this.isInterrupting) disableInterrupts();
    this.recordInterrupt();
    if (this.isInterrupting) enableInterrupts();
  }

  private send(byte: u8): void {
    if (this.room === 0) this.awaitTransmitter();
    if (this.room > 0) {
      portWrite8(this.at(DATA), byte);
      this.room--;
    }
  }

  /** Waits until the FIFO is empty. A line on which nothing moves costs one wait; from then on one look a byte. */
  private awaitTransmitter(): void {
    const limit: u32 = this.isStuck ? 1 : WAIT_LIMIT;
    for (let look: u32 = 0; look < limit; look++) {
      if ((portRead8(this.at(LINE_STATUS)) & TRANSMITTER_EMPTY) !== 0) {
        this.room = FIFO_BYTES;
        this.isStuck = false;
        return;
      }
      pauseProcessor();
    }
    this.isStuck = true;
  }

  private at(register: u8): u16 {
    return u16(this.port + register);
  }
}
