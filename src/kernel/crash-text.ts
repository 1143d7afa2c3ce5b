/**
 * CrashText: the words of a crash dump, piece by piece into one buffer.
 *
 * Says what a person needs to find the fault: the exception by name and what it was about, the registers, each caller as
 * `function (file:line)`. Used by `crash.ts` alone, which writes the pieces out.
 */
import { TextWriter } from "../base/text-writer.ts";
import {
  fileName,
  findFunction,
  findPlace,
  functionName,
  hasSymbols,
  offsetInFunction,
  SourcePlace,
} from "../format/symbol-table.ts";
import { imageSymbols } from "../machine/image.ts";
import { INTERRUPT_FRAME } from "../machine/interrupts.ts";
import { readCr0, readCr2, readCr3, readCr4 } from "../machine/intrinsics.ts";
import { isStackGuard } from "../machine/stacks.ts";

const TEXT_BYTES = 2048;
const PAGE_FAULT = 14;
const ERROR_PRESENT: u64 = 0x1n;
const ERROR_WRITE: u64 = 0x2n;
const ERROR_FETCH: u64 = 0x10n;

/** By vector (AMD64 manual volume 2, 8.2). */
const EXCEPTION_NAMES: readonly string[] = [
  "divide error",
  "debug",
  "non-maskable interrupt",
  "breakpoint",
  "overflow",
  "bound range",
  "invalid opcode",
  "device not available",
  "double fault",
  "coprocessor overrun",
  "invalid TSS",
  "segment not present",
  "stack fault",
  "general protection fault",
  "page fault",
  "reserved",
  "floating-point error",
  "alignment check",
  "machine check",
  "SIMD floating-point error",
  "virtualization exception",
  "control protection fault",
];

const buffer = new Uint8Array(TEXT_BYTES);
const out = new TextWriter(bytesOf(buffer));

export class CrashText {
  private readonly place = new SourcePlace();

  clear(): void {
    out.clear();
  }

  /** What was gathered since `clear`. */
  written(): Bytes {
    return out.written();
  }

  plain(text: string): void {
    out.text(text);
  }

  /** What the processor complains about. */
  exception(frame: Bytes): void {
    const vector = u8(Number(INTERRUPT_FRAME.vector.get(frame) & 0xffn));
    out.text(`Exception ${vector}: `);
    out.text(vector < 22 ? EXCEPTION_NAMES[vector] : "reserved");
    if (vector === PAGE_FAULT) describePageFault(INTERRUPT_FRAME.errorCode.get(frame), readCr2());
    else if (INTERRUPT_FRAME.errorCode.get(frame) !== 0n) {
      out.text(", error code ");
      out.hex(INTERRUPT_FRAME.errorCode.get(frame), 4);
    }
    out.text("\n");
  }

  /** Which check of the language failed. */
  trap(kind: string, message: string, file: string, line: u32): void {
    out.text("Check failed: ");
    out.text(kind);
    if (message !== "") {
      out.text(`: `);
      out.text(message);
    }
    out.text(", at ");
    out.text(file);
    out.text(`:${line}\n`);
  }

  reason(reason: string): void {
    out.text("Panic: ");
    out.text(reason);
    out.text("\n");
  }

  /** How long the main loop was not heard of. */
  hang(reason: string, seconds: u32): void {
    out.text("Watchdog: ");
    out.text(reason);
    out.text(`, no sign of life for ${seconds} s\n`);
  }

  /** How long all of it took: the guest's own measure, for whoever has to prove the time-out. */
  restart(sinceRoundMs: u64): void {
    out.text(`The machine restarts, ${sinceRoundMs} ms after the main loop was last heard of.\n`);
  }

  registers(frame: Bytes): void {
    register(" RAX ", INTERRUPT_FRAME.rax.get(frame));
    register(" RBX ", INTERRUPT_FRAME.rbx.get(frame));
    register(" RCX ", INTERRUPT_FRAME.rcx.get(frame));
    register(" RDX ", INTERRUPT_FRAME.rdx.get(frame));
    out.text("\n");
    register(" RSI ", INTERRUPT_FRAME.rsi.get(frame));
    register(" RDI ", INTERRUPT_FRAME.rdi.get(frame));
    register(" RBP ", INTERRUPT_FRAME.rbp.get(frame));
    register(" RSP ", INTERRUPT_FRAME.rsp.get(frame));
    out.text("\n");
    register(" R8  ", INTERRUPT_FRAME.r8.get(frame));
    register(" R9  ", INTERRUPT_FRAME.r9.get(frame));
    register(" R10 ", INTERRUPT_FRAME.r10.get(frame));
    register(" R11 ", INTERRUPT_FRAME.r11.get(frame));
    out.text("\n");
    register(" R12 ", INTERRUPT_FRAME.r12.get(frame));
    register(" R13 ", INTERRUPT_FRAME.r13.get(frame));
    register(" R14 ", INTERRUPT_FRAME.r14.get(frame));
    register(" R15 ", INTERRUPT_FRAME.r15.get(frame));
    out.text("\n");
    register(" RIP ", INTERRUPT_FRAME.rip.get(frame));
    register(" RFL ", INTERRUPT_FRAME.rflags.get(frame));
    register(" CS  ", INTERRUPT_FRAME.cs.get(frame));
    register(" SS  ", INTERRUPT_FRAME.ss.get(frame));
    out.text("\n");
  }

  controlRegisters(): void {
    register(" CR0 ", readCr0());
    register(" CR2 ", readCr2());
    register(" CR3 ", readCr3());
    register(" CR4 ", readCr4());
    out.text("\n");
  }

  /** One line of the backtrace: the address, and the function and line that `lookFor` belongs to. */
  caller(address: u64, lookFor: u64): void {
    out.text("  ");
    out.hex(address, 16);
    out.text("  ");
    this.describe(lookFor);
    out.text("\n");
  }

  private describe(address: u64): void {
    const table = imageSymbols();
    const index = hasSymbols(table) ? findFunction(table, address) : -1;
    if (index < 0) {
      out.text("?");
      return;
    }
    out.bytes(functionName(table, u32(index)));
    out.text("+");
    out.hex(BigInt(offsetInFunction(table, u32(index), address)), 4);
    findPlace(table, u32(index), address, this.place);
    if (this.place.line === 0) return;
    out.text(" (");
    out.bytes(fileName(table, this.place.file));
    out.text(`:${this.place.line})`);
  }
}

/** What an address was wanted for, and why it was refused. */
function describePageFault(errorCode: u64, address: u64): void {
  const executed = (errorCode & ERROR_FETCH) !== 0n;
  const wrote = (errorCode & ERROR_WRITE) !== 0n;
  out.text(executed ? " executing at " : wrote ? " writing to " : " reading from ");
  out.hex(address, 16);
  if (isStackGuard(address)) out.text(" (a stack is exhausted)");
  else if (address < 0x1000n) out.text(" (a null reference)");
  else out.text((errorCode & ERROR_PRESENT) !== 0n ? " (not allowed)" : " (nothing is there)");
}

function register(name: string, value: u64): void {
  out.text(name);
  out.hex(value, 16);
}
