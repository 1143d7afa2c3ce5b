/**
 * CrashDisk: a whole disk in memory of which every state that a power cut can leave is made at little cost.
 *
 * The disk is a table of pages of 4 KiB, of which zeros take none. A write never changes a page: it puts a new one into the table, and what
 * was there before goes onto a stack, so that `rewind` takes everything back. While a `Trace` is recorded each write and flush is an event with
 * the pieces that it wrote; afterwards any subset of them is put onto the medium by `keep`. So a scenario runs once, and is cut at all its places.
 * Each state of the disk has a fingerprint (`fingerprint`), which follows from its bytes alone.
 * Calls are counted: the one of a chosen number fails, and more than a limit are refused (`isRunaway`), so that nothing hangs.
 */
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../../src/device/block-device.ts";
import { isZero } from "../../src/format/log-entry.ts";
import { Seen } from "./seen.ts";

export const PAGE_BYTES = 4096;
/** 1 GiB and a little: the least disk that RayOS is installed on. */
const CHUNK_LIMIT = 262656;
const PAGE_LIMIT = 16384;
const UNDO_LIMIT = 65536;
const EVENT_LIMIT = 4096;
const PIECE_LIMIT = 65536;
/** No call has this number. */
export const NEVER = 0xffffffff;

/** A place to come back to. */
export class DiskMark {
  undo: u32 = 0;
  pages: u32 = 0;
}

/** What was written and flushed between `beginTrace` and `endTrace`. */
export class Trace {
  first: u32 = 0;
  length: u32 = 0;
}

export class CrashDisk implements BlockDevice {
  /** Counts all calls since `startCalls`: so many from this number on fail, without effect. */
  failAt: u32 = NEVER;
  failures: u32 = 1;
  failedError: IoError = IoError.medium;
  private sector: u32 = 512;
  private sectors: u64 = 0n;
  private calls: u32 = 0;
  private callLimit: u32 = NEVER;
  private runaway: boolean = false;
  private isTracing: boolean = false;
  private usedPages: u32 = 1;
  private undoCount: u32 = 0;
  private eventCount: u32 = 0;
  private pieceCount: u32 = 0;
  /** Which page each 4 KiB of the disk are; page 0 is zeros. */
  private readonly table = new Uint32Array(CHUNK_LIMIT);
  private readonly pages = new Uint8Array(PAGE_LIMIT * PAGE_BYTES);
  private readonly owners = new Uint32Array(PAGE_LIMIT);
  /** Two sums of each page's words; 0 for zeros. */
  private readonly pageFirst = new Uint32Array(PAGE_LIMIT);
  private readonly pageSecond = new Uint32Array(PAGE_LIMIT);
  private diskFirst: u32 = 0;
  private diskSecond: u32 = 0;
  private readonly undoChunk = new Uint32Array(UNDO_LIMIT);
  private readonly undoPage = new Uint32Array(UNDO_LIMIT);
  /** The first piece of each event; a flush has none. */
  private readonly eventPiece = new Uint32Array(EVENT_LIMIT);
  private readonly eventIsFlush = new Uint8Array(EVENT_LIMIT);
  private readonly pieceChunk = new Uint32Array(PIECE_LIMIT);
  /** Where the bytes of a piece are: in this page, at the place where they stand in their 4 KiB. */
  private readonly piecePage = new Uint32Array(PIECE_LIMIT);
  private readonly pieceFrom = new Uint16Array(PIECE_LIMIT);
  private readonly pieceLength = new Uint16Array(PIECE_LIMIT);

  /** An empty disk. */
  make(sectorBytes: u32, sizeBytes: u64): void {
    assert(sizeBytes <= BigInt(CHUNK_LIMIT) * BigInt(PAGE_BYTES));
    this.sector = sectorBytes;
    this.sectors = sizeBytes / BigInt(sectorBytes);
    for (let chunk: u32 = 0; chunk < CHUNK_LIMIT; chunk++) this.table[chunk] = 0;
    this.usedPages = 1;
    this.diskFirst = 0;
    this.diskSecond = 0;
    this.undoCount = 0;
    this.eventCount = 0;
    this.pieceCount = 0;
    this.isTracing = false;
    this.startCalls(NEVER);
  }

  /** What is there stays: nothing before this is taken back. Pages that are no longer seen are given free. */
  settle(): void {
    assert(this.eventCount === 0, "no trace is kept over it");
    this.undoCount = 0;
    this.ownPages();
    let free: u32 = 1;
    for (let page: u32 = 1; page < this.usedPages; page++) {
      const owner = this.owners[page];
      if (owner === 0) continue;
      if (free !== page) {
        this.page(free).copyFrom(this.page(page));
        this.pageFirst[free] = this.pageFirst[page];
        this.pageSecond[free] = this.pageSecond[page];
      }
      this.table[owner - 1] = free;
      free++;
    }
    this.usedPages = free;
  }

  mark(into: DiskMark): void {
    into.undo = this.undoCount;
    into.pages = this.usedPages;
  }

  /** The disk as it was at `mark`. */
  rewind(mark: DiskMark): void {
    this.rewindTable(mark);
    this.usedPages = mark.pages;
  }

  /** The disk as it was at `mark`; the traces since then are still of use. */
  rewindTable(mark: DiskMark): void {
    while (this.undoCount > mark.undo) {
      this.undoCount--;
      this.changePage(this.undoChunk[this.undoCount], this.undoPage[this.undoCount]);
    }
  }

  /** Adds the state of the disk, as what it is in some `context`, to those that were seen; whether it was not among them. */
  noteState(seen: Seen, context: u32): boolean {
    return seen.add((this.diskFirst ^ context) >>> 0, this.diskSecond);
  }

  /** Whether a sector of a stretch was written since `mark`. */
  hasChanged(mark: DiskMark, firstLba: u64, sectorCount: u64): boolean {
    const perPage = BigInt(Math.trunc(PAGE_BYTES / this.sector));
    const first: u64 = firstLba / perPage;
    const end: u64 = u64(firstLba + sectorCount + perPage - 1n) / perPage;
    for (let i: u32 = mark.undo; i < this.undoCount; i++) {
      const chunk = BigInt(this.undoChunk[i]);
      if (chunk >= first && chunk < end) return true;
    }
    return false;
  }

  beginTrace(trace: Trace): void {
    trace.first = this.eventCount;
    trace.length = 0;
    this.isTracing = true;
  }

  endTrace(trace: Trace): void {
    this.isTracing = false;
    trace.length = this.eventCount - trace.first;
  }

  /** Forgets a trace, which is the newest. */
  dropTrace(trace: Trace): void {
    assert(!this.isTracing && trace.first + trace.length === this.eventCount);
    if (trace.length > 0) this.pieceCount = this.eventPiece[trace.first];
    this.eventCount = trace.first;
  }

  /** How many events of the trace at hand are complete. */
  eventsSince(trace: Trace): u32 {
    return this.eventCount - trace.first;
  }

  isFlush(trace: Trace, event: u32): boolean {
    return this.eventIsFlush[trace.first + event] !== 0;
  }

  /** The first piece of an event; the pieces of an event end with the first of the next one. */
  firstPiece(trace: Trace, event: u32): u32 {
    const at: u32 = trace.first + event;
    return at < this.eventCount ? this.eventPiece[at] : this.pieceCount;
  }

  pieceBytes(piece: u32): u32 {
    return this.pieceLength[piece];
  }

  /** Puts a part of a piece onto the medium. */
  keep(piece: u32, from: u32, length: u32): void {
    if (length === 0) return;
    const chunk = this.pieceChunk[piece];
    const source = this.piecePage[piece];
    if (length === PAGE_BYTES) {
      this.setPage(chunk, source);
      return;
    }
    const at: u32 = this.pieceFrom[piece] + from;
    if (source === 0 && this.table[chunk] === 0) return;
    this.merge(chunk, at, this.page(source).slice(at, length));
  }

  /** Counts from 0 again: no call fails, and there may be `limit` of them. */
  startCalls(limit: u32): void {
    this.calls = 0;
    this.callLimit = limit;
    this.runaway = false;
    this.failAt = NEVER;
    this.failures = 1;
    this.failedError = IoError.medium;
  }

  callCount(): u32 {
    return this.calls;
  }

  /** Whether there were more calls than allowed. */
  isRunaway(): boolean {
    return this.runaway;
  }

  /** Turns one bit around. */
  flip(at: u64, bit: u8): void {
    const chunk = u32(Number(at / BigInt(PAGE_BYTES)));
    const within = u32(Number(at % BigInt(PAGE_BYTES)));
    const page = this.fresh();
    this.page(page).copyFrom(this.page(this.table[chunk]));
    this.page(page).setU8(within, (this.page(page).u8(within) ^ (1 << bit)) & 0xff);
    this.sum(page);
    this.setPage(chunk, page);
  }

  sectorBytes(): u32 {
    return this.sector;
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return false;
  }

  identify(into: DiskIdentity): void {
    into.bus = DiskBus.file;
    into.modelLength = 0;
    into.serialLength = 0;
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.enter(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    let at: u32 = 0;
    while (at < target.length) {
      const position = this.positionOf(lba, at);
      const within = u32(Number(position % BigInt(PAGE_BYTES)));
      const length = u32(Math.min(PAGE_BYTES - within, target.length - at));
      const page = this.table[u32(Number(position / BigInt(PAGE_BYTES)))];
      if (page === 0) target.slice(at, length).fill(0);
      else target.slice(at, length).copyFrom(this.page(page).slice(within, length));
      at += length;
    }
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.enter(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    this.noteEvent(false);
    let at: u32 = 0;
    while (at < source.length) {
      const position = this.positionOf(lba, at);
      const within = u32(Number(position % BigInt(PAGE_BYTES)));
      const length = u32(Math.min(PAGE_BYTES - within, source.length - at));
      this.put(u32(Number(position / BigInt(PAGE_BYTES))), within, source.slice(at, length));
      at += length;
    }
    return ok();
  }

  flush(): Result<void, IoError> {
    const fault = this.enter(0n, 0);
    if (fault !== IoError.none) return err(fault);
    this.noteEvent(true);
    return ok();
  }

  private positionOf(lba: u64, at: u32): u64 {
    return u64(lba * BigInt(this.sector) + BigInt(at));
  }

  private enter(lba: u64, lengthBytes: u32): IoError {
    const call = this.calls;
    if (call >= this.callLimit) {
      this.runaway = true;
      return IoError.device;
    }
    this.calls++;
    if (call >= this.failAt && call - this.failAt < this.failures) return this.failedError;
    if (lengthBytes % this.sector !== 0) return IoError.misaligned;
    const count = BigInt(Math.trunc(lengthBytes / this.sector));
    return lba > this.sectors || count > this.sectors - lba ? IoError.outOfRange : IoError.none;
  }

  private noteEvent(isFlush: boolean): void {
    if (!this.isTracing) return;
    assert(this.eventCount < EVENT_LIMIT, "the trace is full");
    this.eventPiece[this.eventCount] = this.pieceCount;
    this.eventIsFlush[this.eventCount] = isFlush ? 1 : 0;
    this.eventCount++;
  }

  private put(chunk: u32, within: u32, source: Bytes): void {
    const isEmpty = isZero(source);
    if (isEmpty && (this.table[chunk] === 0 || source.length === PAGE_BYTES)) {
      if (this.table[chunk] !== 0) this.setPage(chunk, 0);
      this.notePiece(chunk, 0, within, source.length);
      return;
    }
    this.merge(chunk, within, source);
    this.notePiece(chunk, this.table[chunk], within, source.length);
  }

  /** The bytes of a piece stay where they are: in the page that was made for them. */
  private notePiece(chunk: u32, page: u32, within: u32, length: u32): void {
    if (!this.isTracing) return;
    assert(this.pieceCount < PIECE_LIMIT, "the trace has too many pieces");
    this.pieceChunk[this.pieceCount] = chunk;
    this.piecePage[this.pieceCount] = page;
    this.pieceFrom[this.pieceCount] = u16(within);
    this.pieceLength[this.pieceCount] = u16(length);
    this.pieceCount++;
  }

  /** The page of a chunk with other bytes in one place, as a new page. */
  private merge(chunk: u32, within: u32, source: Bytes): void {
    const page = this.fresh();
    const bytes = this.page(page);
    if (source.length < PAGE_BYTES) bytes.copyFrom(this.page(this.table[chunk]));
    bytes.slice(within, source.length).copyFrom(source);
    this.sum(page);
    this.setPage(chunk, page);
  }

  private setPage(chunk: u32, page: u32): void {
    assert(this.undoCount < UNDO_LIMIT, "too much to take back");
    this.undoChunk[this.undoCount] = chunk;
    this.undoPage[this.undoCount] = this.table[chunk];
    this.undoCount++;
    this.changePage(chunk, page);
  }

  private changePage(chunk: u32, page: u32): void {
    this.toggle(chunk, this.table[chunk]);
    this.table[chunk] = page;
    this.toggle(chunk, page);
  }

  /** A page joins the disk's sums, or leaves them. */
  private toggle(chunk: u32, page: u32): void {
    const first = this.pageFirst[page];
    const second = this.pageSecond[page];
    if (first === 0 && second === 0) return;
    this.diskFirst = (this.diskFirst ^ mixed(first, chunk)) >>> 0;
    this.diskSecond = (this.diskSecond ^ mixed(second, chunk + 0x40000)) >>> 0;
  }

  /** Sums a page up, once its bytes are final. */
  private sum(page: u32): void {
    const bytes = this.page(page);
    let first: u32 = 0;
    let second: u32 = 0;
    for (let at: u32 = 0; at < PAGE_BYTES; at += 4) {
      const word = bytes.u32le(at);
      first = Math.imul(first ^ word, 0x9e3779b1) >>> 0;
      second = (Math.imul(second, 0x85ebca6b) + word) >>> 0;
    }
    this.pageFirst[page] = first;
    this.pageSecond[page] = second;
  }

  private fresh(): u32 {
    assert(this.usedPages < PAGE_LIMIT, "the disk is full");
    this.usedPages++;
    return u32(this.usedPages - 1);
  }

  private page(index: u32): Bytes {
    assert(index < PAGE_LIMIT);
    return bytesOf(this.pages).slice(index * PAGE_BYTES, PAGE_BYTES);
  }

  private ownPages(): void {
    for (let page: u32 = 0; page < PAGE_LIMIT; page++) this.owners[page] = 0;
    for (let chunk: u32 = 0; chunk < CHUNK_LIMIT; chunk++) {
      if (this.table[chunk] !== 0) this.owners[this.table[chunk]] = chunk + 1;
    }
  }
}

/** The sum of a page at its place: the same bytes elsewhere count otherwise. */
function mixed(sum: u32, place: u32): u32 {
  let hash: u32 = (sum ^ Math.imul(place + 1, 2654435761)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 3266489917) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}
