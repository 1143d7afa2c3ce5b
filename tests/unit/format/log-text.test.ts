import { TextWriter } from "../../../src/base/text-writer.ts";
import { ENTRY, LOG_BLOCK_BYTES, LogEntry, LogLevel, makeEntry } from "../../../src/format/log-entry.ts";
import { LOG_LINE_BYTES, writeLogLine } from "../../../src/format/log-text.ts";
import { isTrue, test } from "../harness.ts";

class Scratch {
  readonly block = new Uint8Array(LOG_BLOCK_BYTES);
  readonly long = new Uint8Array(LOG_BLOCK_BYTES);
  readonly line = new Uint8Array(LOG_LINE_BYTES);
  readonly entry = new LogEntry();
}

const scratch = new Scratch();
const block = bytesOf(scratch.block);

function fits(): boolean {
  const out = new TextWriter(bytesOf(scratch.line));
  scratch.entry.take(block);
  writeLogLine(out, scratch.entry);
  return !out.truncated();
}

export function main(): void {
  test("a line is time, level, component, event, details, sequence and boot");
  makeEntry(block, LogLevel.error, utf8("disks"), utf8("slow"), utf8("ms=12 disk=nvme0"));
  ENTRY.unixSeconds.set(block, 1767709800n);
  ENTRY.sequence.set(block, 17n);
  ENTRY.bootId.of(block).setU32be(0, 0x5be1c2d0);
  isTrue(shows("2026-01-06T14:30:00Z ERROR disks slow ms=12 disk=nvme0 seq=17 boot=5be1c2d0"));

  test("mono: stands in front of seconds since the start where the time of day is not known");
  ENTRY.unixSeconds.set(block, 0n);
  ENTRY.monotonicNs.set(block, 61_002_003_999n);
  isTrue(shows("mono:61.002003 ERROR disks slow ms=12 disk=nvme0 seq=17 boot=5be1c2d0"));

  test("the longest entry fits a line, and no time is too late for one");
  bytesOf(scratch.long).fill(0x61);
  makeEntry(block, LogLevel.fatal, bytesOf(scratch.long), bytesOf(scratch.long), bytesOf(scratch.long));
  ENTRY.unixSeconds.set(block, 0xffff_ffff_ffff_ffffn);
  ENTRY.sequence.set(block, 0x7fff_ffff_ffff_ffffn);
  isTrue(fits());
  ENTRY.unixSeconds.set(block, 0n);
  ENTRY.monotonicNs.set(block, 0xffff_ffff_ffff_ffffn);
  isTrue(fits());
}

function shows(expected: string): boolean {
  const out = new TextWriter(bytesOf(scratch.line));
  scratch.entry.take(block);
  writeLogLine(out, scratch.entry);
  return out.written().equals(utf8(expected));
}
