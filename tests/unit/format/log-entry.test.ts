import {
  ENTRY,
  entryBytes,
  judgePlace,
  LOG_BLOCK_BYTES,
  LogEntry,
  LogLevel,
  logLevelFrom,
  LogPlace,
  makeEntry,
  sealEntry,
  TEXT_LIMIT,
} from "../../../src/format/log-entry.ts";
import { crc32WithoutField } from "../../../src/base/crc32.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

class Scratch {
  readonly block = new Uint8Array(LOG_BLOCK_BYTES);
  readonly long = new Uint8Array(1000);
  readonly entry = new LogEntry();
}

const scratch = new Scratch();
const block = bytesOf(scratch.block);

function make(event: string): void {
  makeEntry(block, LogLevel.warn, utf8("disks"), utf8(event), utf8("ms=12"));
  sealEntry(block, 7, 99n, 3);
}

export function main(): void {
  reading();
  damage();
  limits();
}

function reading(): void {
  test("an entry is read back with all it was given");
  make("slow");
  ENTRY.monotonicNs.set(block, 5n);
  ENTRY.unixSeconds.set(block, 6n);
  ENTRY.bootId.of(block).fill(0xb0);
  sealEntry(block, 7, 99n, 3);
  isTrue(judgePlace(block, 0, 7) === LogPlace.whole);
  equal(entryBytes(block), 80);
  scratch.entry.take(block);
  const entry = scratch.entry;
  isTrue(entry.level() === LogLevel.warn);
  isTrue(entry.component().equals(utf8("disks")) && entry.event().equals(utf8("slow")));
  isTrue(entry.details().equals(utf8("ms=12")));
  equalBig(entry.sequence(), 99n);
  equal(entry.groupIndex(), 3);
  equalBig(entry.monotonicNs(), 5n);
  equalBig(entry.unixSeconds(), 6n);
  equal(entry.bootId().u8(15), 0xb0);

  test("an entry of another file is stale; zeros are empty");
  isTrue(judgePlace(block, 0, 8) === LogPlace.stale);
  isTrue(judgePlace(block, 80, 7) === LogPlace.empty);
}

function damage(): void {
  test("every flipped bit of an entry is missed, in its padding too");
  make("slow");
  let missed: u32 = 0;
  for (let bit: u32 = 0; bit < 80 * 8; bit++) {
    const before = block.u8(bit >>> 3);
    block.setU8(bit >>> 3, (before ^ (1 << (bit & 7))) & 0xff);
    if (judgePlace(block, 0, 7) === LogPlace.damaged) missed++;
    block.setU8(bit >>> 3, before);
  }
  equal(missed, 640);

  test("a place within an entry is no entry, and none begins too near the end of a block");
  for (let at: u32 = 16; at < 80; at += 16) isTrue(judgePlace(block, at, 7) !== LogPlace.whole);
  block.slice(464, 16).copyFrom(block.slice(0, 16));
  isTrue(judgePlace(block, 464, 7) === LogPlace.damaged);

  test("a right CRC around numbers that contradict each other is no entry");
  make("slow");
  isTrue(isRefusedWith(8, 600));
  isTrue(isRefusedWith(8, 63));
  isTrue(isRefusedWith(12, 400));
  make("slow");
  ENTRY.level.set(block, 6);
  sealEntry(block, 7, 99n, 3);
  isTrue(judgePlace(block, 0, 7) === LogPlace.damaged);
  make("slow");
  sealEntry(block, 7, 0xffff_ffff_ffff_ffffn, 3);
  isTrue(judgePlace(block, 0, 7) === LogPlace.damaged);
}

/** Puts a number of 16 bits into a field of a whole entry and makes the CRC right again, as far as the length allows. */
function isRefusedWith(at: u32, value: u16): boolean {
  make("slow");
  block.setU16le(at, value);
  ENTRY.crc.set(block, crc32WithoutField(block.slice(0, 80), 4));
  return judgePlace(block, 0, 7) === LogPlace.damaged;
}

function limits(): void {
  test("text that is too long is cut off, and the largest entry fills a block");
  bytesOf(scratch.long).fill(0x61);
  makeEntry(block, LogLevel.info, bytesOf(scratch.long), bytesOf(scratch.long), bytesOf(scratch.long));
  sealEntry(block, 1, 1n, 0);
  equal(entryBytes(block), LOG_BLOCK_BYTES);
  scratch.entry.take(block);
  equal(scratch.entry.component().length, 24);
  equal(scratch.entry.event().length, 256);
  equal(scratch.entry.details().length, TEXT_LIMIT - 280);

  test("no text holds what an entry begins with");
  makeEntry(block, LogLevel.info, utf8("test"), utf8("bad\u0001RL\u001e"), utf8("a\nb\u007fc"));
  sealEntry(block, 1, 1n, 0);
  scratch.entry.take(block);
  isTrue(scratch.entry.event().equals(utf8("bad.RL.")));
  isTrue(scratch.entry.details().equals(utf8("a.b.c")));

  test("a level that this version does not know counts as INFO");
  isTrue(
    logLevelFrom(0) === LogLevel.fatal &&
      logLevelFrom(5) === LogLevel.trace &&
      logLevelFrom(77) === LogLevel.info,
  );
}
