/**
 * Fuzz target: a log partition with entries, full files and crash artifacts, made by the log itself and then patched: opened, read,
 * checked, written to, cleared.
 *
 *     input: flags, call that fails, time of day, then patches of headers, entries and crash slots
 *
 * Headers, entries and artifacts get right checksums again, unless the flags say otherwise.
 */
import { crc32, crc32WithoutField } from "../../../src/base/crc32.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import {
  addCrashFrame,
  ARTIFACT,
  CRASH_ARTIFACT_BYTES,
  CrashKind,
  crashLogRoom,
  makeCrashArtifact,
  setCrashCause,
  setCrashLog,
  setCrashVersion,
} from "../../../src/format/crash-artifact.ts";
import { CRASH_HEADER_BYTES, CRASH_SLOT } from "../../../src/format/crash-slot.ts";
import { LogLevel } from "../../../src/format/log-entry.ts";
import { LOG_LEAST_BYTES } from "../../../src/format/log-segment.ts";
import { BootEnding } from "../../../src/format/state-record.ts";
import { CrashArtifacts, CrashCaller } from "../../../src/service/crash-artifacts.ts";
import { PersistentLog } from "../../../src/service/persistent-log.ts";
import { CrashSlots } from "../../../src/storage/crash-slots.ts";
import { LogReader } from "../../../src/storage/log-reader.ts";
import { LogRegion } from "../../../src/storage/log-region.ts";
import { LogWriter } from "../../../src/storage/log-writer.ts";
import { Digest } from "../support/digest.ts";
import { FuzzArea, FuzzDisk } from "../support/fuzz-disk.ts";
import { FuzzInput } from "../support/fuzz-input.ts";
import { FuzzClock } from "../support/quiet-parts.ts";

const FILE_BYTES = 65536;
const CRASH_AT: u64 = 1048576n;
const BLOCK_BYTES = 512;
const GRAIN_BYTES = 16;
const ENTRY_MAGIC = 0x1e4c5201;
const ENTRY_HEADER_BYTES = 64;
/** "RAYL", read little endian: a file's header. */
const HEADER_MAGIC = 0x4c594152;
const AREAS = 6;
const LINE_BYTES = 1024;
const ENTRIES_LIMIT = 400;
/** Flags of the input. */
const LARGE_SECTORS = 1;
const WRONG_SUMS = 2;
const WRITES = 4;
const CLEARS = 8;
const ROTATES = 16;
const CRASHES = 32;

class FuzzLog {
  readonly disk = new FuzzDisk();
  readonly areas = fixedArray(AREAS, () => new FuzzArea());
}

class Scratch {
  readonly line = new Uint8Array(LINE_BYTES);
  readonly bootId = new Uint8Array(16);
  readonly block = new Uint8Array(BLOCK_BYTES);
  readonly slot = new Uint8Array(CRASH_HEADER_BYTES + CRASH_ARTIFACT_BYTES);
  readonly artifact = new Uint8Array(CRASH_ARTIFACT_BYTES);
}

const scratch = new Scratch();
const small = new FuzzLog();
const large = new FuzzLog();
const clock = new FuzzClock();
const region = new LogRegion();
const writer = new LogWriter(region);
const reader = new LogReader(region);
const log = new PersistentLog(region, writer, reader);
const slots = new CrashSlots();
const crashes = new CrashArtifacts(slots);
const caller = new CrashCaller();
const input = new FuzzInput();

export function prepare(): void {
  makeLog(small, 512);
  makeLog(large, 4096);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const one = (flags & LARGE_SECTORS) === 0 ? small : large;
  one.disk.rewind();
  const failAt = input.u8();
  clock.set(BigInt(input.u32()));
  patch(one, (flags & WRONG_SUMS) === 0);
  if ((flags & WRONG_SUMS) === 0) mendArtifact(one);
  one.disk.failAt = failAt;
  bytesOf(scratch.bootId).fill(3);
  log.create(clock, bytesOf(scratch.bootId));
  const attached = log.attach(one.disk);
  digest.flag(attached.ok);
  if (attached.ok) digest.byte(attached.value);
  tell(digest);
  readAll(digest);
  if ((flags & WRITES) !== 0) write(flags, digest);
  if ((flags & CRASHES) !== 0) readCrashes(one, digest);
}

/** Three files of two boots, the first of which ended, and a crash. */
function makeLog(one: FuzzLog, sectorBytes: u32): void {
  one.disk.make(sectorBytes, LOG_LEAST_BYTES);
  clock.set(1767709800n);
  boot(one, 1);
  writeEntries(40);
  assert(log.rotate().ok);
  writeEntries(5);
  assert(log.writeEnding(BootEnding.reboot).ok);
  boot(one, 2);
  writeEntries(3);
  assert(log.rotate().ok);
  writeEntries(6);
  makeCrash();
  assert(crashes.open(one.disk).ok);
  assert(crashes.save(bytesOf(scratch.artifact)).ok);
  one.disk.seal();
  one.areas[0].set(0n, 72);
  one.areas[1].set(BigInt(FILE_BYTES), 1024);
  one.areas[2].set(BigInt(2 * FILE_BYTES), 8192);
  one.areas[3].set(CRASH_AT, 1500);
  one.areas[4].set(0n, 65535);
  one.areas[5].set(BigInt(3 * FILE_BYTES), 2048);
}

function boot(one: FuzzLog, number: u8): void {
  bytesOf(scratch.bootId).fill(number);
  log.create(clock, bytesOf(scratch.bootId));
  const attached = log.attach(one.disk);
  assert(attached.ok && log.isDurable());
}

function writeEntries(count: u32): void {
  const details = new TextWriter(bytesOf(scratch.line));
  for (let i: u32 = 0; i < count; i++) {
    details.clear();
    details.text(`number=${i} text="something that happened"`);
    assert(log.write(LogLevel.info, utf8("fuzz"), utf8("entry"), details.written()).ok);
  }
}

function makeCrash(): void {
  const artifact = bytesOf(scratch.artifact);
  makeCrashArtifact(artifact, CrashKind.exception);
  setCrashCause(artifact, utf8("a page fault"));
  setCrashVersion(artifact, utf8("0.1.0"));
  addCrashFrame(artifact, 0xffff_ffff_8000_1000n, utf8("main__main"), 16, utf8("src/kernel/main.ts"), 12);
  const lines = utf8("one line\nanother\n");
  crashLogRoom(artifact).slice(0, lines.length).copyFrom(lines);
  setCrashLog(artifact, lines.length);
}

/** Each patch, and right checksums for the blocks that it hit. */
function patch(one: FuzzLog, mends: boolean): void {
  while (input.left() > 0) {
    const area = one.areas[input.u8() % AREAS];
    if (!input.nextPatch()) return;
    const at: u32 = input.patchAt % area.length;
    const bytes = input.patchBytes(u32(area.length - at));
    const from = u64(area.from + BigInt(at));
    one.disk.poke(from, bytes);
    if (!mends || bytes.length === 0) continue;
    const last = u64(from + BigInt(bytes.length - 1));
    mendBlock(one, u64(from - (from % BigInt(BLOCK_BYTES))));
    mendBlock(one, u64(last - (last % BigInt(BLOCK_BYTES))));
  }
}

function mendBlock(one: FuzzLog, from: u64): void {
  const block = bytesOf(scratch.block);
  one.disk.peek(from, block);
  if (block.u32le(0) === HEADER_MAGIC) block.setU32le(12, crc32WithoutField(block, 12));
  for (let at: u32 = 0; at + ENTRY_HEADER_BYTES <= BLOCK_BYTES; at += GRAIN_BYTES) {
    if (block.u32le(at) !== ENTRY_MAGIC) continue;
    const padded = u32(
      block.u16le(at + 8) + ((GRAIN_BYTES - (block.u16le(at + 8) % GRAIN_BYTES)) % GRAIN_BYTES),
    );
    if (padded < ENTRY_HEADER_BYTES || padded > BLOCK_BYTES - at) continue;
    block.setU32le(at + 4, crc32WithoutField(block.slice(at, padded), 4));
  }
  one.disk.poke(from, block);
}

/** The artifact of the first slot, and the slot around it. */
function mendArtifact(one: FuzzLog): void {
  const slot = bytesOf(scratch.slot);
  one.disk.peek(CRASH_AT, slot);
  const artifact = slot.slice(CRASH_HEADER_BYTES, CRASH_ARTIFACT_BYTES);
  const header = slot.slice(0, CRASH_HEADER_BYTES);
  ARTIFACT.crc.set(artifact, crc32WithoutField(artifact, ARTIFACT.crc.offset));
  const length = CRASH_SLOT.artifactBytes.get(header);
  if (length <= CRASH_ARTIFACT_BYTES) CRASH_SLOT.artifactCrc.set(header, crc32(artifact.slice(0, length)));
  CRASH_SLOT.crc.set(header, crc32WithoutField(header, CRASH_SLOT.crc.offset));
  one.disk.poke(CRASH_AT, slot.slice(0, CRASH_HEADER_BYTES + 512));
}

function tell(digest: Digest): void {
  digest.flag(log.isDurable());
  digest.big(log.capacityBytes());
  digest.number(log.usedPercent());
  digest.flag(log.hasEarlierBoot());
  digest.byte(log.lastBootEnding());
  digest.flag(log.didClockGoBack());
  digest.text(log.foreignCondition());
}

function readAll(digest: Digest): void {
  const sought = log.getLastN(7);
  if (sought.ok) readLines(digest);
  log.export();
  readLines(digest);
  const checked = log.validate();
  digest.flag(checked.ok);
  if (!checked.ok) return;
  digest.big(checked.value.entries);
  digest.number(checked.value.damagedPlaces);
  digest.number(checked.value.tornPlaces);
  digest.big(checked.value.missingEntries);
  digest.number(checked.value.damagedHeaders);
  digest.flag(checked.value.isWhole());
}

function readLines(digest: Digest): void {
  const line = new TextWriter(bytesOf(scratch.line));
  for (let i: u32 = 0; i < ENTRIES_LIMIT; i++) {
    line.clear();
    const more = log.nextLine(line);
    digest.flag(more.ok);
    if (!more.ok || !more.value) return;
    digest.written(line);
  }
}

function write(flags: u8, digest: Digest): void {
  for (let i: u32 = 0; i < 3; i++) {
    const written = log.write(LogLevel.error, utf8("fuzz"), utf8("after"), utf8('text="x"'));
    digest.flag(written.ok);
  }
  if ((flags & ROTATES) !== 0) digest.flag(log.rotate().ok);
  if ((flags & CLEARS) !== 0) digest.flag(log.clear().ok);
  digest.number(log.takeRotated());
  digest.flag(log.takeFillWarning());
  tell(digest);
  readAll(digest);
  const kept = log.appendCrash(bytesOf(scratch.artifact));
  digest.number(kept.ok ? kept.value : 0);
}

function readCrashes(one: FuzzLog, digest: Digest): void {
  const opened = crashes.open(one.disk);
  digest.flag(opened.ok);
  if (!opened.ok) return;
  digest.number(crashes.count());
  for (let age: u32 = 0; age < crashes.count(); age++) {
    const read = crashes.read(crashes.idAt(age));
    digest.flag(read.ok);
    if (!read.ok || !read.value) continue;
    digest.text(crashes.kindName());
    digest.bytes(crashes.cause());
    digest.bytes(crashes.versionText());
    digest.big(crashes.register(3));
    digest.bytes(crashes.logLines());
    for (let i: u32 = 0; i < crashes.callerCount(); i++) {
      crashes.describeCaller(i, caller);
      digest.bytes(caller.functionName);
      digest.bytes(caller.fileName);
    }
  }
}
