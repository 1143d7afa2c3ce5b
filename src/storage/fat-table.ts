/**
 * FatTable: the chains of a FAT32 volume, seen through a window of 16 KiB.
 *
 * Entries are looked up and changed in the window; moving it writes what was changed into every copy, as one transfer
 * each. Chains are followed as runs of neighbouring clusters, so that a caller moves a whole run with one command.
 * Invariant: a run lies within the volume, and no chain is followed for longer than the volume has clusters.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import { END_OF_CHAIN, endsChain, FAT_ENTRY_BYTES, FAT_ENTRY_MASK, FatGeometry } from "../format/fat.ts";
import { FIRST_CLUSTER } from "../format/fat.ts";
import { FatError } from "./fat-error.ts";

const WINDOW_BYTES = 16384;
const NO_WINDOW: u32 = 0xffffffff;

/** Clusters in a row: `count` of them from `first` on. */
export class FatRun {
  first: u32 = 0;
  count: u32 = 0;
  /** The cluster that follows in the chain, 0 where the chain ends. */
  next: u32 = 0;
}

export class FatTable {
  readonly geometry = new FatGeometry();
  private device: BlockDevice | null = null;
  private lastIo: IoError = IoError.none;
  /** The FAT's sector at which the window starts, and how many sectors it has. */
  private windowStart: u32 = NO_WINDOW;
  private windowSectors: u32 = 0;
  /** The changed sectors of the window: from `dirtyFrom` up to, not including, `dirtyEnd`. */
  private dirtyFrom: u32 = 0;
  private dirtyEnd: u32 = 0;
  /** Where the search for free clusters starts. */
  private nextFree: u32 = FIRST_CLUSTER;
  private readonly window = new Uint8Array(WINDOW_BYTES);

  /** Starts over with the volume on `device`, whose measures the caller has put into `geometry`. */
  attach(device: BlockDevice): void {
    this.device = device;
    this.lastIo = IoError.none;
    this.windowStart = NO_WINDOW;
    this.dirtyFrom = 0;
    this.dirtyEnd = 0;
    this.nextFree = FIRST_CLUSTER;
  }

  disk(): BlockDevice {
    const device = this.device;
    assert(device !== null, "no volume is mounted");
    return device;
  }

  ioError(): IoError {
    return this.lastIo;
  }

  /** Keeps the device's error and gives the volume's. */
  failed(error: IoError): FatError {
    this.lastIo = error;
    return FatError.io;
  }

  /** The entry of a cluster: the next one, 0 for free, or an end. */
  get(cluster: u32): Result<u32, FatError> {
    if (!this.geometry.isCluster(cluster)) return err(FatError.corrupt);
    const moved = this.show(cluster);
    if (!moved.ok) return err(moved.error);
    return ok((bytesOf(this.window).u32le(this.offsetOf(cluster)) & FAT_ENTRY_MASK) >>> 0);
  }

  /** Changes the entry of a cluster, in the window only. */
  set(cluster: u32, value: u32): Result<void, FatError> {
    if (!this.geometry.isCluster(cluster)) return err(FatError.corrupt);
    const moved = this.show(cluster);
    if (!moved.ok) return moved;
    const at = this.offsetOf(cluster);
    const kept = bytesOf(this.window).u32le(at) & ~FAT_ENTRY_MASK;
    bytesOf(this.window).setU32le(at, (kept | (value & FAT_ENTRY_MASK)) >>> 0);
    const sector = u32(Math.trunc(at / this.geometry.sectorBytes));
    if (this.dirtyEnd === 0 || sector < this.dirtyFrom) this.dirtyFrom = sector;
    if (sector >= this.dirtyEnd) this.dirtyEnd = sector + 1;
    return ok();
  }

  /** The run that starts with `cluster` of a chain, of at most `limit` clusters. */
  run(cluster: u32, limit: u32, into: FatRun): Result<void, FatError> {
    assert(limit > 0);
    into.first = cluster;
    into.count = 1;
    into.next = 0;
    let last: u32 = cluster;
    while (true) {
      const entry = this.get(last);
      if (!entry.ok) return err(entry.error);
      if (endsChain(entry.value)) return ok();
      if (!this.geometry.isCluster(entry.value)) return err(FatError.corrupt);
      if (entry.value !== last + 1 || into.count === limit) {
        into.next = entry.value;
        return ok();
      }
      last = entry.value;
      into.count++;
    }
  }

  /**
   * Takes `count` clusters and links them to a chain: in one piece where there is such a gap, else in pieces from the
   * front. Gives the first one. On `noSpace` nothing is taken.
   */
  allocate(count: u32): Result<u32, FatError> {
    assert(count > 0);
    if (count > this.geometry.clusterCount) return err(FatError.noSpace);
    const gap = this.findGap(count);
    if (!gap.ok) return gap;
    if (gap.value !== 0) return this.takeGap(gap.value, count);
    const free = this.countFree();
    if (!free.ok) return free;
    if (free.value < count) return err(FatError.noSpace);
    return this.takePieces(count);
  }

  /** Gives back the chain that starts with `first`; the number of its clusters. */
  release(first: u32): Result<u32, FatError> {
    let cluster: u32 = first;
    for (let steps: u32 = 0; steps < this.geometry.clusterCount; steps++) {
      const entry = this.get(cluster);
      if (!entry.ok) return err(entry.error);
      const freed = this.set(cluster, 0);
      if (!freed.ok) return err(freed.error);
      if (cluster < this.nextFree) this.nextFree = cluster;
      if (!this.geometry.isCluster(entry.value)) return ok(steps + 1);
      cluster = entry.value;
    }
    return err(FatError.corrupt);
  }

  /** How many clusters are free: looks at the whole FAT. */
  countFree(): Result<u32, FatError> {
    let free: u32 = 0;
    for (let i: u32 = 0; i < this.geometry.clusterCount; i++) {
      const entry = this.get(i + FIRST_CLUSTER);
      if (!entry.ok) return entry;
      if (entry.value === 0) free++;
    }
    return ok(free);
  }

  /** Where the next search starts: a hint for FSInfo. */
  nextFreeHint(): u32 {
    return this.nextFree;
  }

  /** Takes over a hint; one that is no cluster is ignored. */
  hintNextFree(cluster: u32): void {
    if (this.geometry.isCluster(cluster)) this.nextFree = cluster;
  }

  /** Writes what was changed in the window into every FAT. Not yet durable. */
  flush(): Result<void, FatError> {
    if (this.dirtyEnd === 0) return ok();
    const sectorBytes = this.geometry.sectorBytes;
    const length = this.dirtyEnd - this.dirtyFrom;
    const changed = bytesOf(this.window).slice(this.dirtyFrom * sectorBytes, length * sectorBytes);
    for (let fat: u8 = 0; fat < this.geometry.fatCopies; fat++) {
      const start = this.geometry.firstFatSector + fat * this.geometry.fatSectors;
      const written = this.disk().write(BigInt(start + this.windowStart + this.dirtyFrom), changed);
      if (!written.ok) return err(this.failed(written.error));
    }
    this.dirtyFrom = 0;
    this.dirtyEnd = 0;
    return ok();
  }

  /** The first of `count` free clusters in a row, from the hint on and then from the front; 0 where there are none. */
  private findGap(count: u32): Result<u32, FatError> {
    const clusters = this.geometry.clusterCount;
    let length: u32 = 0;
    let cluster: u32 = this.nextFree;
    for (let seen: u32 = 0; seen < clusters; seen++) {
      const entry = this.get(cluster);
      if (!entry.ok) return entry;
      length = entry.value === 0 ? length + 1 : 0;
      if (length === count) return ok(cluster - count + 1);
      cluster++;
      if (!this.geometry.isCluster(cluster)) {
        cluster = FIRST_CLUSTER;
        length = 0;
      }
    }
    return ok(0);
  }

  private takeGap(first: u32, count: u32): Result<u32, FatError> {
    const end: u32 = first + count;
    for (let cluster: u32 = first; cluster < end; cluster++) {
      const linked = this.set(cluster, cluster + 1 === end ? END_OF_CHAIN : cluster + 1);
      if (!linked.ok) return err(linked.error);
    }
    this.nextFree = this.geometry.isCluster(end) ? end : FIRST_CLUSTER;
    return ok(first);
  }

  /** Takes the first free clusters, wherever they are. There are enough. */
  private takePieces(count: u32): Result<u32, FatError> {
    let first: u32 = 0;
    let last: u32 = 0;
    let taken: u32 = 0;
    for (let i: u32 = 0; i < this.geometry.clusterCount && taken < count; i++) {
      const cluster: u32 = i + FIRST_CLUSTER;
      const entry = this.get(cluster);
      if (!entry.ok) return entry;
      if (entry.value !== 0) continue;
      const ended = this.set(cluster, END_OF_CHAIN);
      if (!ended.ok) return err(ended.error);
      if (last === 0) first = cluster;
      else {
        const linked = this.set(last, cluster);
        if (!linked.ok) return err(linked.error);
      }
      last = cluster;
      taken++;
    }
    assert(taken === count);
    return ok(first);
  }

  /** Moves the window to where the entry of `cluster` is. */
  private show(cluster: u32): Result<void, FatError> {
    const perSector = this.geometry.sectorBytes >>> 2;
    const sector = u32(Math.trunc(cluster / perSector));
    if (this.windowStart !== NO_WINDOW && sector >= this.windowStart) {
      if (sector - this.windowStart < this.windowSectors) return ok();
    }
    const flushed = this.flush();
    if (!flushed.ok) return flushed;
    const windowSectors = u32(Math.trunc(WINDOW_BYTES / this.geometry.sectorBytes));
    const start: u32 = sector - (sector % windowSectors);
    this.windowSectors = u32(Math.min(windowSectors, this.geometry.fatSectors - start));
    this.windowStart = NO_WINDOW;
    const target = bytesOf(this.window).slice(0, this.windowSectors * this.geometry.sectorBytes);
    const read = this.disk().read(BigInt(this.geometry.firstFatSector + start), target);
    if (!read.ok) return err(this.failed(read.error));
    this.windowStart = start;
    return ok();
  }

  /** Where in the window the entry of `cluster` stands. */
  private offsetOf(cluster: u32): u32 {
    const perSector = this.geometry.sectorBytes >>> 2;
    return u32((cluster - this.windowStart * perSector) * FAT_ENTRY_BYTES);
  }
}
