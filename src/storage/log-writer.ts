/**
 * LogWriter: entries onto the log partition, a group at a time: one write and one flush, whatever the group holds.
 *
 *     begin → put, put, … → commit          the commit point is the flush in `commit`
 *
 * Invariants: a group starts with a sector of its own, so no acknowledged sector is written again; where the newest file is full the group
 * starts the next one, and its header is the first sector of the same write. After an error nothing has moved: the same
 * entries are put again, to the same place. Called by the persistent log alone.
 */
import { IoError } from "../device/block-device.ts";
import { ENTRY, entryBytes, LOG_BLOCK_BYTES, sealEntry } from "../format/log-entry.ts";
import { makeSegmentHeader, SEGMENT, sealSegmentHeader } from "../format/log-segment.ts";
import { LOG_WINDOW_BYTES, LogRegion } from "./log-region.ts";

/** A group's entries count their places in a byte. */
const ENTRY_LIMIT = 255;

export class LogWriter {
  private readonly group = new Uint8Array(LOG_WINDOW_BYTES);
  /** Where the group goes. */
  private fileId: u32 = 0;
  private offset: u32 = 0;
  private firstFile: u32 = 1;
  private isNewFile: boolean = false;
  /** How much of the group is filled, and how much may be. */
  private used: u32 = 0;
  private limit: u32 = 0;
  private entries: u32 = 0;
  private sequence: u64 = 0n;
  private unixSeconds: u64 = 0n;

  constructor(private readonly region: LogRegion) {}

  /** Starts a group behind what is durable. `bootId` is for the header of a new file. */
  begin(bootId: Bytes): void {
    const region = this.region;
    const left = u32(region.geometry.segmentBytes - region.fileEnd(region.newestFile()));
    this.start();
    if (left === 0) {
      this.startFile(u32(region.newestFile() + 1), region.firstFileId(), bootId);
      return;
    }
    this.isNewFile = false;
    this.firstFile = region.firstFileId();
    this.fileId = region.newestFile();
    this.offset = u32(region.geometry.segmentBytes - left);
    this.limit = u32(Math.min(left, LOG_WINDOW_BYTES));
  }

  /** Starts a file with nothing but its header; with `forgets` the log counts from it on. */
  beginFile(bootId: Bytes, forgets: boolean): void {
    const next: u32 = this.region.newestFile() + 1;
    this.start();
    this.startFile(next, forgets ? next : this.region.firstFileId(), bootId);
  }

  /** Seals an entry with this sequence and adds it; false where the group has no room for it. */
  put(entry: Bytes, sequence: u64): boolean {
    const length = entryBytes(entry);
    let at: u32 = this.used;
    const left = u32(LOG_BLOCK_BYTES - (at % LOG_BLOCK_BYTES));
    if (length > left) {
      this.clear(at, left);
      at += left;
    }
    if (at + length > this.limit || this.entries === ENTRY_LIMIT) return false;
    sealEntry(entry, this.fileId, sequence, u8(this.entries));
    bytesOf(this.group).slice(at, length).copyFrom(entry.slice(0, length));
    this.used = at + length;
    this.entries++;
    this.sequence = sequence;
    const seconds = ENTRY.unixSeconds.get(entry);
    if (seconds > this.unixSeconds) this.unixSeconds = seconds;
    return true;
  }

  /** How many entries the group holds. */
  entryCount(): u32 {
    return this.entries;
  }

  /** Whether the group begins a file. */
  beginsFile(): boolean {
    return this.isNewFile;
  }

  /** Makes the group durable. */
  commit(): Result<void, IoError> {
    const disk = this.region.disk();
    if (disk.isReadOnly()) return err(IoError.readOnly);
    const sectorBytes = disk.sectorBytes();
    const length: u32 = u32(this.used + ((sectorBytes - (this.used % sectorBytes)) % sectorBytes));
    const group = bytesOf(this.group).slice(0, length);
    this.clear(this.used, u32(length - this.used));
    const written = disk.write(this.region.lbaOf(this.fileId, this.offset), group);
    if (!written.ok) return written;
    // The commit point: from here on the entries are there, whatever happens.
    const flushed = disk.flush();
    if (!flushed.ok) return flushed;
    const end: u32 = this.offset + length;
    this.region.advance(this.fileId, end, this.firstFile, this.sequence, this.unixSeconds);
    return ok();
  }

  private start(): void {
    this.used = 0;
    this.entries = 0;
    this.sequence = this.region.lastSequence();
    this.unixSeconds = this.region.lastUnixSeconds();
  }

  /** What an earlier group left there is nobody's: between entries and behind them stand zeros. */
  private clear(at: u32, length: u32): void {
    const group = bytesOf(this.group);
    group.slice(at, length).fill(0);
  }

  private startFile(fileId: u32, firstFileId: u32, bootId: Bytes): void {
    const region = this.region;
    const sectorBytes = region.disk().sectorBytes();
    const header = bytesOf(this.group).slice(0, sectorBytes);
    this.isNewFile = true;
    this.fileId = fileId;
    this.firstFile = firstFileId;
    this.offset = 0;
    this.used = sectorBytes;
    this.limit = LOG_WINDOW_BYTES;
    makeSegmentHeader(header, region.geometry, fileId, firstFileId);
    SEGMENT.firstSequence.set(header, u64(region.lastSequence() + 1n));
    SEGMENT.unixSeconds.set(header, region.lastUnixSeconds());
    SEGMENT.previousEnd.set(header, region.fileEnd(region.newestFile()));
    SEGMENT.bootId.of(header).copyFrom(bootId);
    sealSegmentHeader(header);
  }
}
