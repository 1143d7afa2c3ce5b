/**
 * The crash artifact: what is kept of a kernel that stopped, one record of 32 KiB.
 *
 * The crash path (`kernel/crash.ts`) fills one in memory of its own and puts it into a slot of the log partition
 * (`crash-slot.ts`); the next boot reads it (`service/crash-artifacts.ts`). Everything stands at a fixed place, so that filling it
 * needs no memory but the record.
 *
 *        0  header     when, why, registers
 *      512  backtrace  32 × FRAME of 192 bytes, the innermost first
 *     6656  log        the last lines of the log before the crash, each with its line feed
 *    32768  end
 *
 * The CRC covers all of it, its own field counted as zero.
 */
import { crc32WithoutField } from "../base/crc32.ts";

export const CRASH_ARTIFACT_BYTES = 32768;
export const CRASH_FRAME_LIMIT = 32;
/** Entries of the log that a crash keeps. */
export const CRASH_LOG_ENTRIES = 64;

const FRAMES_AT = 512;
const FRAME_BYTES = 192;
const LOG_AT = 6656;
const LOG_BYTES = 26112;
/** "RAYFAULT", read big endian. */
const MAGIC: u64 = 0x5241_5946_4155_4c54n;
const VERSION = 1;
const CRC_AT = 12;
const CAUSE_LIMIT = 160;
const VERSION_LIMIT = 24;
const FUNCTION_LIMIT = 96;
const FILE_LIMIT = 72;
const LINE_FEED = 0x0a;

export const ARTIFACT = layout(512, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  reserved0: octets(16, 8),
  /** Time of day; 0 where unknown. */
  unixSeconds: le64(24),
  /** Since the machine started. */
  monotonicNs: le64(32),
  bootId: octets(40, 16),
  manifestId: le32(56),
  /** The CRC-32 of the kernel's code: tells two builds of one version apart. */
  buildId: le32(60),
  /** A `CrashKind`. */
  kind: at8(64),
  /** The exception's vector; 0 where it was none. */
  vector: at8(65),
  /** Whether the general registers are known. */
  hasRegisters: at8(66),
  frameCount: at8(67),
  causeLength: at8(68),
  versionLength: at8(69),
  reserved1: octets(70, 2),
  logBytes: le32(72),
  reserved2: le32(76),
  errorCode: le64(80),
  cr0: le64(88),
  /** The address that the last page fault was about. */
  cr2: le64(96),
  cr3: le64(104),
  cr4: le64(112),
  /** RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8 to R15, RIP, RFLAGS, CS, SS. */
  registers: octets(120, 160),
  cause: octets(280, 160),
  versionText: octets(440, 24),
  reserved3: octets(464, 48),
});

/** One caller. */
export const FRAME = layout(192, {
  address: le64(0),
  line: le32(8),
  /** How far behind the function's first byte. */
  offset: le32(12),
  functionLength: at8(16),
  fileLength: at8(17),
  reserved0: octets(18, 6),
  functionName: octets(24, 96),
  fileName: octets(120, 72),
});

/** What stopped the kernel. The numbers stand on disks. */
export const enum CrashKind {
  none = 0,
  /** The kernel gave up for a reason that it can name. */
  panic = 1,
  /** A failed check of the language. */
  check = 2,
  exception = 3,
  /** The timer found the main loop stopped. */
  watchdogSoft = 4,
  /** The periodic NMI found interrupts stopped. */
  watchdogHard = 5,
  /** The chipset reset a machine that did nothing any more: nobody was left to see its registers. */
  watchdogChipset = 6,
  /** The machine was reset without a word: a triple fault, or the reset button. */
  reset = 7,
}

/** In the order of `ARTIFACT.registers`. */
export const REGISTER_NAMES: readonly string[] = [
  "RAX",
  "RBX",
  "RCX",
  "RDX",
  "RSI",
  "RDI",
  "RBP",
  "RSP",
  "R8 ",
  "R9 ",
  "R10",
  "R11",
  "R12",
  "R13",
  "R14",
  "R15",
  "RIP",
  "RFL",
  "CS ",
  "SS ",
];
export const REGISTER_COUNT = 20;

/** Why bytes are no artifact. */
export const enum CrashFault {
  foreign = 1,
  damaged = 2,
  /** Whole, but of a version that this program does not know. */
  newer = 3,
}

/** Begins an artifact that knows nothing yet. */
export function makeCrashArtifact(record: Bytes, kind: CrashKind): void {
  assert(record.length === CRASH_ARTIFACT_BYTES);
  record.fill(0);
  ARTIFACT.magic.set(record, MAGIC);
  ARTIFACT.version.set(record, VERSION);
  ARTIFACT.kind.set(record, kind);
}

/** The last step before the write. */
export function sealCrashArtifact(record: Bytes): void {
  ARTIFACT.crc.set(record, crc32WithoutField(record, CRC_AT));
}

/** Checks 32 KiB: whole, of this version, every length within its place. */
export function checkCrashArtifact(record: Bytes): Result<void, CrashFault> {
  if (record.length !== CRASH_ARTIFACT_BYTES) return err(CrashFault.foreign);
  if (ARTIFACT.magic.get(record) !== MAGIC) return err(CrashFault.foreign);
  if (ARTIFACT.crc.get(record) !== crc32WithoutField(record, CRC_AT)) return err(CrashFault.damaged);
  if (ARTIFACT.version.get(record) !== VERSION) return err(CrashFault.newer);
  if (ARTIFACT.frameCount.get(record) > CRASH_FRAME_LIMIT) return err(CrashFault.damaged);
  if (ARTIFACT.causeLength.get(record) > CAUSE_LIMIT) return err(CrashFault.damaged);
  if (ARTIFACT.versionLength.get(record) > VERSION_LIMIT) return err(CrashFault.damaged);
  if (ARTIFACT.logBytes.get(record) > LOG_BYTES) return err(CrashFault.damaged);
  for (let i: u32 = 0; i < ARTIFACT.frameCount.get(record); i++) {
    const frame = crashFrame(record, i);
    if (FRAME.functionLength.get(frame) > FUNCTION_LIMIT) return err(CrashFault.damaged);
    if (FRAME.fileLength.get(frame) > FILE_LIMIT) return err(CrashFault.damaged);
  }
  return ok();
}

/** The kind of a sound artifact; one that this version does not know counts as a panic. */
export function crashKind(record: Bytes): CrashKind {
  switch (ARTIFACT.kind.get(record)) {
    case 2:
      return CrashKind.check;
    case 3:
      return CrashKind.exception;
    case 4:
      return CrashKind.watchdogSoft;
    case 5:
      return CrashKind.watchdogHard;
    case 6:
      return CrashKind.watchdogChipset;
    case 7:
      return CrashKind.reset;
    default:
      return CrashKind.panic;
  }
}

/** The word for a kind, in the marker and in listings. */
export function crashKindName(kind: CrashKind): string {
  switch (kind) {
    case CrashKind.none:
      return "none";
    case CrashKind.panic:
      return "panic";
    case CrashKind.check:
      return "check";
    case CrashKind.exception:
      return "exception";
    case CrashKind.watchdogSoft:
      return "watchdog-soft";
    case CrashKind.watchdogHard:
      return "watchdog-hard";
    case CrashKind.watchdogChipset:
      return "watchdog-chipset";
    case CrashKind.reset:
      return "reset";
  }
}

/** What happened, in a sentence; what is longer than its place is cut off. */
export function setCrashCause(record: Bytes, text: Bytes): void {
  ARTIFACT.causeLength.set(record, put(ARTIFACT.cause.of(record), text));
}

export function crashCause(record: Bytes): Bytes {
  return ARTIFACT.cause.of(record).slice(0, ARTIFACT.causeLength.get(record));
}

/** The version of the kernel that crashed. */
export function setCrashVersion(record: Bytes, text: Bytes): void {
  ARTIFACT.versionLength.set(record, put(ARTIFACT.versionText.of(record), text));
}

export function crashVersion(record: Bytes): Bytes {
  return ARTIFACT.versionText.of(record).slice(0, ARTIFACT.versionLength.get(record));
}

export function setCrashRegister(record: Bytes, index: u32, value: u64): void {
  assert(index < REGISTER_COUNT);
  ARTIFACT.hasRegisters.set(record, 1);
  ARTIFACT.registers.of(record).setU64le(index * 8, value);
}

export function crashRegister(record: Bytes, index: u32): u64 {
  assert(index < REGISTER_COUNT);
  return ARTIFACT.registers.of(record).u64le(index * 8);
}

/** Adds a caller: its address, and where in the source that is. Beyond `CRASH_FRAME_LIMIT` it is left out. */
export function addCrashFrame(
  record: Bytes,
  address: u64,
  name: Bytes,
  offset: u32,
  file: Bytes,
  line: u32,
): void {
  const count = ARTIFACT.frameCount.get(record);
  if (count >= CRASH_FRAME_LIMIT) return;
  const frame = crashFrame(record, count);
  FRAME.address.set(frame, address);
  FRAME.line.set(frame, line);
  FRAME.offset.set(frame, offset);
  FRAME.functionLength.set(frame, put(FRAME.functionName.of(frame), name));
  FRAME.fileLength.set(frame, put(FRAME.fileName.of(frame), file));
  ARTIFACT.frameCount.set(record, count + 1);
}

/** A caller, 0 the innermost. A view into the record. */
export function crashFrame(record: Bytes, index: u32): Bytes {
  assert(index < CRASH_FRAME_LIMIT);
  return record.slice(FRAMES_AT + index * FRAME_BYTES, FRAME_BYTES);
}

export function frameFunction(frame: Bytes): Bytes {
  return FRAME.functionName.of(frame).slice(0, FRAME.functionLength.get(frame));
}

export function frameFile(frame: Bytes): Bytes {
  return FRAME.fileName.of(frame).slice(0, FRAME.fileLength.get(frame));
}

/** Where the log's lines go: whoever knows them writes there and says with `setCrashLog` how many bytes it was. */
export function crashLogRoom(record: Bytes): Bytes {
  return record.slice(LOG_AT, LOG_BYTES);
}

export function setCrashLog(record: Bytes, byteLength: u32): void {
  assert(byteLength <= LOG_BYTES);
  ARTIFACT.logBytes.set(record, byteLength);
}

/** The last lines of the log before the crash. */
export function crashLog(record: Bytes): Bytes {
  return record.slice(LOG_AT, ARTIFACT.logBytes.get(record));
}

/** How many lines `text` has: ends of lines, and what stands behind the last one. */
export function countLines(text: Bytes): u32 {
  let lines: u32 = 0;
  for (let i: u32 = 0; i < text.length; i++) {
    if (text.u8(i) === LINE_FEED) lines++;
  }
  if (text.length > 0 && text.u8(text.length - 1) !== LINE_FEED) lines++;
  return lines;
}

function put(place: Bytes, text: Bytes): u8 {
  const length = u8(Math.min(text.length, place.length));
  place.fill(0);
  place.slice(0, length).copyFrom(text.slice(0, length));
  return length;
}
