/**
 * Flips: every bit of a piece of the log, of the state ring and of the store's roots, turned around.
 *
 * What lies in different blocks, records or copies is independent of each other, so one reading tries a bit of many of them at once: so many as
 * were turned have to be found, and no more may be lost. Each of the functions returns how often that was not so.
 */
import { BlockDevice } from "../../src/device/block-device.ts";
import { LogEntry, LogLevel } from "../../src/format/log-entry.ts";
import { STATE, STATE_RECORD_BYTES } from "../../src/format/state-record.ts";
import { BLOCK_BYTES, ROOT, ROOT_SLOTS } from "../../src/format/store.ts";
import { MarkerChain, MarkerStorage } from "../../src/service/marker-storage.ts";
import { PersistentLog } from "../../src/service/persistent-log.ts";
import { LogCondition, LogRegion } from "../../src/storage/log-region.ts";
import { LogReader } from "../../src/storage/log-reader.ts";
import { LogWriter } from "../../src/storage/log-writer.ts";
import { deviceBlocks, ObjectStore } from "../../src/storage/object-store.ts";
import { STATE_RING_BYTES, StateCondition } from "../../src/storage/state-ring.ts";
import { StoreWriter } from "../../src/storage/store-writer.ts";
import { DiskMark } from "./crash-disk.ts";
import { disk, parts } from "./machine.ts";

const LOG_BYTES: u64 = 2097152n;
export const LOG_PIECE_BYTES = 65536;
const LOG_BLOCK_BYTES = 512;
const LOG_BLOCKS = 128;
const STORE_BYTES: u64 = 2097152n;
/** So many records are 64 KiB. */
export const RECORDS = 16;
const TEXT_BYTES = 56;

class FlipScratch {
  readonly rest = new DiskMark();
  readonly id = new Uint8Array(16);
  readonly buffer = new Uint8Array(131072);
  readonly text = new Uint8Array(TEXT_BYTES);
  readonly entry = new LogEntry();
  readonly root = new Uint8Array(BLOCK_BYTES);
  readonly before = new Uint8Array(BLOCK_BYTES);
  readonly region = new LogRegion();
  readonly storage = new MarkerStorage();
  readonly chain = new MarkerChain();
  readonly store = new ObjectStore();
  readonly writer = new StoreWriter();
}

const scratch = new FlipScratch();
const logWriter = new LogWriter(scratch.region);
const logReader = new LogReader(scratch.region);
const log = new PersistentLog(scratch.region, logWriter, logReader);

/** A log whose first file, 64 KiB, is full of groups; how many entries. */
export function makeLog(): u32 {
  disk.make(512, LOG_BYTES);
  log.create(parts, bytesOf(scratch.id));
  assert(log.attach(disk).ok);
  bytesOf(scratch.text).fill(0x61);
  let entries: u32 = 0;
  while (log.fileCount() <= 1) {
    for (let i: u32 = 0; i < 1 + (entries % 32); i++) {
      log.append(LogLevel.info, utf8("flip"), utf8("entry"), bytesOf(scratch.text).slice(0, i % TEXT_BYTES));
    }
    const flushed = log.flush();
    assert(flushed.ok);
    entries += flushed.ok ? flushed.value : 0;
  }
  disk.settle();
  disk.mark(scratch.rest);
  return entries;
}

/** Turns bit number `bit` of every second block of the piece around, from block `first` on; whether all of that is found, and nothing more lost. */
export function flipLog(bit: u32, first: u32, entries: u32): boolean {
  let flips: u32 = 0;
  for (let block: u32 = first; block < LOG_BLOCKS; block += 2) {
    disk.flip(BigInt(block * LOG_BLOCK_BYTES + (bit >>> 3)), u8(bit & 7));
    flips++;
  }
  const isRight = isLogFound(flips, entries);
  disk.rewind(scratch.rest);
  return isRight;
}

function isLogFound(flips: u32, entries: u32): boolean {
  log.create(parts, bytesOf(scratch.id));
  const attached = log.attach(disk);
  if (!attached.ok || attached.value !== LogCondition.good) return false;
  const health = log.validate();
  if (!health.ok) return false;
  const found: u32 = health.value.damagedPlaces + health.value.tornPlaces + health.value.damagedHeaders;
  return found === flips && health.value.entries + BigInt(flips) >= BigInt(entries);
}

/** A ring of 16 records. */
export function makeRing(): void {
  disk.make(512, BigInt(STATE_RING_BYTES));
  const storage = scratch.storage;
  assert(storage.open(disk, bytesOf(scratch.buffer), bytesOf(scratch.id)).ok);
  for (let i: u32 = 0; i < RECORDS; i++) {
    STATE.bootTotal.set(storage.record(), i);
    assert(storage.save(BigInt(1000 + i)).ok);
  }
  disk.settle();
  disk.mark(scratch.rest);
}

/** Turns one bit of all records around; whether the chain finds each. */
export function flipRecords(bit: u32): boolean {
  for (let record: u32 = 1; record <= RECORDS; record++) flipRecord(record, bit);
  const validated = scratch.storage.validate(bytesOf(scratch.buffer), scratch.chain);
  disk.rewind(scratch.rest);
  return validated.ok && scratch.chain.damagedRecords === RECORDS && scratch.chain.wholeRecords === 0;
}

/** Turns one bit of the newest record around; whether the one before it counts, wholly. */
export function flipNewestRecord(bit: u32): boolean {
  const storage = scratch.storage;
  flipRecord(RECORDS, bit);
  const opened = storage.open(disk, bytesOf(scratch.buffer), bytesOf(scratch.id));
  const isRight = opened.ok && storage.condition() === StateCondition.good;
  const total = STATE.bootTotal.get(storage.record());
  disk.rewind(scratch.rest);
  return isRight && total === RECORDS - 2 && STATE.sequence.get(storage.record()) === BigInt(RECORDS - 1);
}

function flipRecord(record: u32, bit: u32): void {
  disk.flip(BigInt(record * STATE_RECORD_BYTES + (bit >>> 3)), u8(bit & 7));
}

/** A store with an old and a new root, each in two copies. */
export function makeRoots(): void {
  disk.make(512, STORE_BYTES);
  const store = scratch.store;
  assert(store.create(disk, bytesOf(scratch.id), bytesOf(scratch.id), 1n).ok);
  bytesOf(scratch.before).copyFrom(store.root());
  assert(scratch.writer.begin(store).ok);
  assert(scratch.writer.commit(2n).ok);
  bytesOf(scratch.root).copyFrom(store.root());
  disk.settle();
  disk.mark(scratch.rest);
}

/**
 * Turns one bit around in both copies of the old root and in one of the new, then in the other, then in both of the new: each time the other
 * whole root has to be in force, byte for byte.
 */
export function flipRoots(bit: u32): boolean {
  const device: BlockDevice = disk;
  const back: u32 = deviceBlocks(device) - ROOT_SLOTS;
  const newer = u32(Number(ROOT.sequence.get(bytesOf(scratch.root)) % BigInt(ROOT_SLOTS)));
  const older: u32 = 1 - newer;
  flipBlock(older, bit);
  flipBlock(back + older, bit);
  flipBlock(newer, bit);
  const isFrontFound = isRoot(bytesOf(scratch.root));
  flipBlock(newer, bit);
  flipBlock(back + newer, bit);
  const isBackFound = isRoot(bytesOf(scratch.root));
  flipBlock(newer, bit);
  flipBlock(older, bit);
  flipBlock(back + older, bit);
  const areBothFound = isRoot(bytesOf(scratch.before));
  disk.rewind(scratch.rest);
  return isFrontFound && isBackFound && areBothFound;
}

function flipBlock(block: u32, bit: u32): void {
  disk.flip(BigInt(block) * BigInt(BLOCK_BYTES) + BigInt(bit >>> 3), u8(bit & 7));
}

function isRoot(expected: Bytes): boolean {
  return scratch.store.open(disk).ok && scratch.store.root().equals(expected);
}
