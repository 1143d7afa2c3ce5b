/**
 * CrashRecord: the crash artifact while it is being filled, piece by piece, beside the words of the dump.
 *
 * Owns the record's memory; allocates nothing. Used by `crash.ts` alone, in the order `begin`, what is known, `record`.
 */
import { crc32 } from "../base/crc32.ts";
import { TextWriter } from "../base/text-writer.ts";
import type { Clock } from "../device/clock.ts";
import {
  addCrashFrame,
  ARTIFACT,
  CRASH_ARTIFACT_BYTES,
  CRASH_LOG_ENTRIES,
  CrashKind,
  crashLogRoom,
  makeCrashArtifact,
  setCrashCause,
  setCrashLog,
  setCrashRegister,
  setCrashVersion,
} from "../format/crash-artifact.ts";
import { HANDOFF } from "../format/handoff.ts";
import { ENTRY, LOG_BLOCK_BYTES, LogEntry } from "../format/log-entry.ts";
import { writeLogLine } from "../format/log-text.ts";
import {
  fileName,
  findFunction,
  findPlace,
  functionName,
  hasSymbols,
  offsetInFunction,
  SourcePlace,
} from "../format/symbol-table.ts";
import { imageCode, imageSymbols, imageVersionText } from "../machine/image.ts";
import { INTERRUPT_FRAME } from "../machine/interrupts.ts";
import { readCr0, readCr2, readCr3, readCr4 } from "../machine/intrinsics.ts";
import { LogRing } from "../service/log-ring.ts";

const LINE_FEED = 0x0a;
const BOOT_ID_BYTES = 16;
/** What an entry of the log has in front of its text. */
const LOG_HEADER_BYTES = 64;

export class CrashRecord {
  private readonly bytes = new Uint8Array(CRASH_ARTIFACT_BYTES);
  private readonly place = new SourcePlace();
  private readonly entry = new LogEntry();
  private readonly bootId = new Uint8Array(BOOT_ID_BYTES);
  private manifestId: u32 = 0;
  private buildId: u32 = 0;

  /** Finds out, by the handoff, which boot and which build this is, while there is time. */
  prepare(handoff: Bytes): void {
    bytesOf(this.bootId).copyFrom(HANDOFF.bootId.of(handoff));
    this.manifestId = HANDOFF.manifestId.get(handoff);
    this.buildId = crc32(imageCode());
  }

  /** The record so far. */
  record(): Bytes {
    return bytesOf(this.bytes);
  }

  begin(kind: CrashKind, clock: Clock | null): void {
    const record = this.record();
    makeCrashArtifact(record, kind);
    ARTIFACT.bootId.of(record).copyFrom(bytesOf(this.bootId));
    ARTIFACT.manifestId.set(record, this.manifestId);
    ARTIFACT.buildId.set(record, this.buildId);
    setCrashVersion(record, imageVersionText());
    ARTIFACT.cr0.set(record, readCr0());
    ARTIFACT.cr2.set(record, readCr2());
    ARTIFACT.cr3.set(record, readCr3());
    ARTIFACT.cr4.set(record, readCr4());
    if (clock === null) return;
    ARTIFACT.unixSeconds.set(record, clock.unixSeconds());
    ARTIFACT.monotonicNs.set(record, clock.monotonicNs());
  }

  /** The line of the dump that says what happened, with or without its end. */
  cause(line: Bytes): void {
    let length: u32 = line.length;
    while (length > 0 && line.u8(length - 1) === LINE_FEED) length--;
    setCrashCause(this.record(), line.slice(0, length));
  }

  /** Everything that the entry of an interrupt or exception pushed. */
  registers(frame: Bytes): void {
    const record = this.record();
    ARTIFACT.vector.set(record, u8(Number(INTERRUPT_FRAME.vector.get(frame) & 0xffn)));
    ARTIFACT.errorCode.set(record, INTERRUPT_FRAME.errorCode.get(frame));
    setCrashRegister(record, 0, INTERRUPT_FRAME.rax.get(frame));
    setCrashRegister(record, 1, INTERRUPT_FRAME.rbx.get(frame));
    setCrashRegister(record, 2, INTERRUPT_FRAME.rcx.get(frame));
    setCrashRegister(record, 3, INTERRUPT_FRAME.rdx.get(frame));
    setCrashRegister(record, 4, INTERRUPT_FRAME.rsi.get(frame));
    setCrashRegister(record, 5, INTERRUPT_FRAME.rdi.get(frame));
    setCrashRegister(record, 6, INTERRUPT_FRAME.rbp.get(frame));
    setCrashRegister(record, 7, INTERRUPT_FRAME.rsp.get(frame));
    setCrashRegister(record, 8, INTERRUPT_FRAME.r8.get(frame));
    setCrashRegister(record, 9, INTERRUPT_FRAME.r9.get(frame));
    setCrashRegister(record, 10, INTERRUPT_FRAME.r10.get(frame));
    setCrashRegister(record, 11, INTERRUPT_FRAME.r11.get(frame));
    setCrashRegister(record, 12, INTERRUPT_FRAME.r12.get(frame));
    setCrashRegister(record, 13, INTERRUPT_FRAME.r13.get(frame));
    setCrashRegister(record, 14, INTERRUPT_FRAME.r14.get(frame));
    setCrashRegister(record, 15, INTERRUPT_FRAME.r15.get(frame));
    setCrashRegister(record, 16, INTERRUPT_FRAME.rip.get(frame));
    setCrashRegister(record, 17, INTERRUPT_FRAME.rflags.get(frame));
    setCrashRegister(record, 18, INTERRUPT_FRAME.cs.get(frame));
    setCrashRegister(record, 19, INTERRUPT_FRAME.ss.get(frame));
  }

  /**
   * The last entries of the log that are still in memory, as lines. An entry that was being made when the crash came has no length yet and
   * is left out.
   */
  lastEntries(ring: LogRing): void {
    const out = new TextWriter(crashLogRoom(this.record()));
    const newest = ring.newestNumber();
    let number: u32 = ring.oldestNumber();
    if (newest - number >= CRASH_LOG_ENTRIES) number = u32(newest + 1 - CRASH_LOG_ENTRIES);
    while (number <= newest) {
      const block = ring.block(number);
      number++;
      if (!isComplete(block)) continue;
      this.entry.take(block);
      writeLogLine(out, this.entry);
      out.byte(LINE_FEED);
    }
    setCrashLog(this.record(), out.written().length);
  }

  /** One caller: the address, and the function and line that `lookFor` belongs to. */
  caller(address: u64, lookFor: u64): void {
    const table = imageSymbols();
    const index = hasSymbols(table) ? findFunction(table, lookFor) : -1;
    if (index < 0) {
      addCrashFrame(this.record(), address, utf8(""), 0, utf8(""), 0);
      return;
    }
    findPlace(table, u32(index), lookFor, this.place);
    const file = this.place.line === 0 ? utf8("") : fileName(table, this.place.file);
    const offset = offsetInFunction(table, u32(index), lookFor);
    addCrashFrame(this.record(), address, functionName(table, u32(index)), offset, file, this.place.line);
  }
}

/** Whether the lengths of an entry fit each other: the length of all is set last. */
function isComplete(block: Bytes): boolean {
  const length = ENTRY.byteLength.get(block);
  const named = ENTRY.componentLength.get(block) + ENTRY.eventLength.get(block);
  return length <= LOG_BLOCK_BYTES && length >= LOG_HEADER_BYTES + named;
}
