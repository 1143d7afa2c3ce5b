/** A persistent log on a simulated disk of 2 MiB, and what tests of it share: boots, entries that bear marks, and the reading of them. */
import { Clock } from "../../../src/device/clock.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import { LogEntry, LogLevel } from "../../../src/format/log-entry.ts";
import { PersistentLog } from "../../../src/service/persistent-log.ts";
import { LogReader } from "../../../src/storage/log-reader.ts";
import { LogCondition, LogRegion } from "../../../src/storage/log-region.ts";
import { LogWriter } from "../../../src/storage/log-writer.ts";
import { equal, isTrue } from "../harness.ts";
import { SimulatedDisk } from "../simulated-disk.ts";

export const DISK_BYTES = 2097152;
export const FILE_BYTES = 65536;
export const CRASH_AT = 1048576;
const SAVED_BYTES = 65536;
const MARK_LIMIT = 4096;

class TestClock implements Clock {
  nanoseconds: u64 = 1000000000n;
  seconds: u64 = 1767709800n;

  monotonicNs(): u64 {
    this.nanoseconds = u64(this.nanoseconds + 1000000n);
    return this.nanoseconds;
  }

  unixSeconds(): u64 {
    return this.seconds;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return this.seconds;
  }
}

export class LogScratch {
  readonly disk = new SimulatedDisk();
  readonly clock = new TestClock();
  readonly entry = new LogEntry();
  readonly bootId = new Uint8Array(16);
  readonly text = new Uint8Array(512);
  readonly line = new Uint8Array(1024);
  readonly saved = new Uint8Array(SAVED_BYTES);
  readonly artifact = new Uint8Array(70000);
  /** Which entries the log was seen to hold, by their mark. */
  readonly seen = new Uint8Array(MARK_LIMIT);
  boots: u32 = 0;
  noise: u32 = 1;
}

export const scratch = new LogScratch();
const region = new LogRegion();
const writer = new LogWriter(region);
const reader = new LogReader(region);
export const log = new PersistentLog(region, writer, reader);
export const disk = scratch.disk;

/** A new boot of the same disk; what was found on the partition. */
export function boot(): LogCondition {
  disk.restart();
  return bootOn();
}

export function bootOn(): LogCondition {
  scratch.boots++;
  bytesOf(scratch.bootId).setU32le(0, scratch.boots);
  log.create(scratch.clock, bytesOf(scratch.bootId));
  const attached = log.attach(disk);
  return attached.ok ? attached.value : LogCondition.tooSmall;
}

export function fresh(sectorBytes: u32): void {
  disk.make(sectorBytes, DISK_BYTES);
  isTrue(bootOn() === LogCondition.empty);
}

export function details(mark: u32, length: u32): Bytes {
  const out = new TextWriter(bytesOf(scratch.text));
  out.text(`mark=${mark}`);
  for (let i: u32 = 0; i < length; i++) out.byte(0x61);
  return out.written();
}

/** Writes an entry that carries `mark`; whether the log said that it is durable. */
export function write(mark: u32, length: u32): boolean {
  const written = log.write(LogLevel.info, utf8("test"), utf8("marked"), details(mark, length));
  return written.ok;
}

export function append(mark: u32, length: u32): void {
  isTrue(log.append(LogLevel.info, utf8("test"), utf8("marked"), details(mark, length)));
}

export function flush(): boolean {
  const flushed = log.flush();
  return flushed.ok;
}

/** Reads the whole log and notes which marks it holds; how many entries. Sequences rise, times never fall. */
export function readAll(): u32 {
  bytesOf(scratch.seen).fill(0);
  log.export();
  let count: u32 = 0;
  let lastSeconds: u64 = 0n;
  let disorder: u32 = 0;
  while (true) {
    const read = log.next(scratch.entry);
    isTrue(read.ok);
    if (!read.ok || !read.value) break;
    count++;
    const seconds = scratch.entry.unixSeconds();
    if (seconds !== 0n && seconds < lastSeconds) disorder++;
    if (seconds !== 0n) lastSeconds = seconds;
    noteMark(scratch.entry);
  }
  equal(disorder, 0);
  return count;
}

function noteMark(entry: LogEntry): void {
  const text = entry.details();
  if (text.length < 6 || !text.slice(0, 5).equals(utf8("mark="))) return;
  let mark: u32 = 0;
  for (let i: u32 = 5; i < text.length; i++) {
    const digit = text.u8(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    mark = (Math.imul(mark, 10) + digit) >>> 0;
  }
  if (mark < MARK_LIMIT) scratch.seen[mark] = (scratch.seen[mark] + 1) & 0xff;
}

/** How many of the marks from `first` to `last` were not seen exactly once. */
export function wrongMarks(first: u32, last: u32): u32 {
  let wrong: u32 = 0;
  for (let mark: u32 = first; mark <= last; mark++) {
    if (scratch.seen[mark] !== 1) wrong++;
  }
  return wrong;
}
