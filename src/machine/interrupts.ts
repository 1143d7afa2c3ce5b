/**
 * Interrupts and exceptions: the IDT, and what happens when one arrives.
 *
 * An interrupt is only recorded: its vector's counter goes up, and whoever sleeps wakes. Where a device forgets sooner than
 * the event loop comes round (a serial port), its recorder moves bytes into a ring of one writer and one reader. The watchdog
 * looks at every tick and, where it asked for them, at every NMI: it counts, or it never returns. Nothing
 * else runs in an interrupt, so nothing needs a lock. An exception goes to the
 * handler that the kernel's main set, which does not return.
 *
 * The assembler's entry (`entry.asm`) pushes the registers and calls `interruptArrived` with the frame's address:
 *
 *       0  r15 r14 r13 r12 r11 r10 r9 r8 rdi rsi rbp rdx rcx rbx rax
 *     120  vector   error code (0 where the processor pushes none)   rip   cs   rflags   rsp   ss
 *
 * Vectors: 0–31 exceptions, 32–47 the masked 8259s, 48–239 claimed by drivers, 240 the timer, 255 the APIC's spurious one. A higher
 * number goes first: a device that never stops to interrupt does not silence the timer, by which the watchdog finds it.
 */
import { endOfInterrupt } from "./apic.ts";
import { CODE_SELECTOR } from "./cpu.ts";
import {
  addressOf,
  bytesAt,
  disableInterrupts,
  enableInterrupts,
  haltForever,
  interruptStub,
  loadIdt,
  sleepUntilInterrupt,
} from "./intrinsics.ts";
import { Stack } from "./stacks.ts";

export const TIMER_VECTOR = 0xf0;
export const SPURIOUS_VECTOR = 0xff;
const EXCEPTIONS = 32;
const FIRST_CLAIMED = 0x30;
const LAST_CLAIMED = 0xef;
const IDT_BYTES = 4096;
const GATE_BYTES = 16;
/** Present, a 64-bit interrupt gate: interrupts are off inside. */
const GATE_TYPE = 0x8e;

const VECTOR_NMI = 2;
const VECTOR_DOUBLE_FAULT = 8;
const VECTOR_PAGE_FAULT = 14;
const VECTOR_MACHINE_CHECK = 18;

/** What the entry pushed, lowest address first. */
export const INTERRUPT_FRAME = layout(176, {
  r15: le64(0),
  r14: le64(8),
  r13: le64(16),
  r12: le64(24),
  r11: le64(32),
  r10: le64(40),
  r9: le64(48),
  r8: le64(56),
  rdi: le64(64),
  rsi: le64(72),
  rbp: le64(80),
  rdx: le64(88),
  rcx: le64(96),
  rbx: le64(104),
  rax: le64(112),
  vector: le64(120),
  errorCode: le64(128),
  rip: le64(136),
  cs: le64(144),
  rflags: le64(152),
  rsp: le64(160),
  ss: le64(168),
});

/** Records what its device has to say, in the interrupt itself: briefly, and without waking anybody by other means. */
export interface InterruptRecorder {
  recordInterrupt(): void;
}

/** Takes an exception by its `INTERRUPT_FRAME`. */
export type ExceptionHandler = (frame: Bytes) => void;

class RecorderSlot {
  recorder: InterruptRecorder | null = null;
}

class InterruptTable {
  readonly idt = new Uint8Array(IDT_BYTES);
  /** How often each vector arrived, modulo 2^32. */
  readonly counts = new Uint32Array(256);
  /** All of them together. */
  arrived: u32 = 0;
  nextVector: u8 = FIRST_CLAIMED;
  readonly recorders = fixedArray(256, () => new RecorderSlot());
  handler: ExceptionHandler = haltOnException;
  tickWatcher: ExceptionHandler = watchNothing;
  nmiWatcher: ExceptionHandler = haltOnException;
  isNmiWatched: boolean = false;
}

const table = new InterruptTable();

/** Loads the IDT; from here on an exception goes to `handler`. */
export function loadInterruptTable(handler: ExceptionHandler): void {
  table.handler = handler;
  for (let vector: u32 = 0; vector < 256; vector++) setGate(u8(vector));
  loadIdt(addressOf(bytesOf(table.idt)), IDT_BYTES);
}

/** Every tick of the timer is shown to `watcher`, with what it interrupted. */
export function watchTicks(watcher: ExceptionHandler): void {
  table.tickWatcher = watcher;
}

/** From here on a non-maskable interrupt is no exception, but goes to `watcher`, which may return. */
export function watchNmi(watcher: ExceptionHandler): void {
  table.nmiWatcher = watcher;
  table.isNmiWatched = true;
}

/** What a watcher of NMIs finds to be none of its own: an exception after all. */
export function passException(frame: Bytes): void {
  const handler = table.handler;
  handler(frame);
}

/** A vector that nobody else has. */
export function claimVector(): u8 {
  assert(table.nextVector <= LAST_CLAIMED, "more interrupts than vectors");
  const vector = table.nextVector;
  table.nextVector++;
  return vector;
}

/** A vector whose interrupts `recorder` takes, for devices whose own memory is too small to wait for the event loop. */
export function claimVectorFor(recorder: InterruptRecorder): u8 {
  const vector = claimVector();
  table.recorders[vector].recorder = recorder;
  return vector;
}

/** How often a vector arrived, modulo 2^32: a driver compares it with what it saw last. */
export function interruptCount(vector: u8): u32 {
  return table.counts[vector];
}

/** How many interrupts arrived at all, modulo 2^32. */
export function interruptTotal(): u32 {
  return table.arrived;
}

/**
 * Halts until an interrupt arrives, unless one did since `interruptTotal()` was `seen`. The timer ends every sleep within
 * a tick. Between the question and the halt nothing can slip through.
 */
export function sleepSince(seen: u32): void {
  disableInterrupts();
  if (table.arrived === seen) sleepUntilInterrupt();
  else enableInterrupts();
}

/** Called by the assembler's entry, interrupts off. */
export function interruptArrived(frameAddress: u64): void {
  const frame = bytesAt(frameAddress, INTERRUPT_FRAME.byteLength);
  const vector = Number(INTERRUPT_FRAME.vector.get(frame) & 0xffn);
  if (vector < EXCEPTIONS) {
    const handler = vector === VECTOR_NMI && table.isNmiWatched ? table.nmiWatcher : table.handler;
    handler(frame);
    return;
  }
  table.counts[vector] = (table.counts[vector] + 1) >>> 0;
  table.arrived = (table.arrived + 1) >>> 0;
  const recorder = table.recorders[vector].recorder;
  if (recorder !== null) recorder.recordInterrupt();
  if (vector >= FIRST_CLAIMED && vector !== SPURIOUS_VECTOR) endOfInterrupt();
  if (vector === TIMER_VECTOR) {
    const watcher = table.tickWatcher;
    watcher(frame);
  }
}

function setGate(vector: u8): void {
  const gate = bytesOf(table.idt).slice(vector * GATE_BYTES, GATE_BYTES);
  const entry = interruptStub(vector);
  gate.setU16le(0, u16(Number(entry & 0xffffn)));
  gate.setU16le(2, CODE_SELECTOR);
  gate.setU8(4, interruptStack(vector));
  gate.setU8(5, GATE_TYPE);
  gate.setU16le(6, u16(Number((entry >> 16n) & 0xffffn)));
  gate.setU32le(8, u32(Number(entry >> 32n)));
  gate.setU32le(12, 0);
}

/** The stack that a vector gets, whatever the one before was: 0 keeps it. */
function interruptStack(vector: u8): u8 {
  switch (vector) {
    case VECTOR_NMI:
      return Stack.nonMaskable;
    case VECTOR_DOUBLE_FAULT:
      return Stack.doubleFault;
    case VECTOR_PAGE_FAULT:
      return Stack.pageFault;
    case VECTOR_MACHINE_CHECK:
      return Stack.machineCheck;
    default:
      return 0;
  }
}

/** Before anybody asked to see ticks. */
function watchNothing(frame: Bytes): void {
  assert(frame.length === INTERRUPT_FRAME.byteLength);
}

/** Before the kernel's main said who takes exceptions. */
function haltOnException(frame: Bytes): void {
  assert(frame.length === INTERRUPT_FRAME.byteLength);
  haltForever();
}
