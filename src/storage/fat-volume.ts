/**
 * FatVolume: a FAT32 volume, to find files by path and to read them.
 *
 * Owns the window into the FAT and one sector of scratch. Data goes from the device straight into the caller's buffer, a
 * run of neighbouring clusters with each command; only a file's ragged ends pass through the scratch sector. Called by the
 * boot manager, the kernel and the host; writing is `fat-file-writer.ts`, making a volume `fat-format.ts`.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import { parseBootSector, UNKNOWN_COUNT } from "../format/fat.ts";
import { infoFreeClusters, infoNextFree, isInfoSector, writeInfoSector } from "../format/fat.ts";
import { ATTRIBUTE_DIRECTORY } from "../format/fat-directory.ts";
import { DirectoryReader, FatEntry } from "./fat-directory.ts";
import { FatError } from "./fat-error.ts";
import { FatRun, FatTable } from "./fat-table.ts";

const SECTOR_LIMIT_BYTES = 4096;
/** Deeper paths are refused. */
const PATH_DEPTH_LIMIT = 16;

/** An open file: its content and how far its chain was followed. */
export class FatFile {
  firstCluster: u32 = 0;
  sizeBytes: u32 = 0;
  /** A cluster of the chain and its number in it: reading on does not start from the front again. */
  knownCluster: u32 = 0;
  knownIndex: u32 = 0;
}

/** A place on the volume: a sector, a byte within it, and how many bytes from there on. */
export class FatPlace {
  sector: u64 = 0n;
  within: u32 = 0;
  bytes: u32 = 0;
}

export class FatVolume {
  readonly table = new FatTable();
  private readonly scratch = new Uint8Array(SECTOR_LIMIT_BYTES);
  private readonly reader = new DirectoryReader();
  private readonly found = new FatEntry();
  private readonly run = new FatRun();
  private readonly place = new FatPlace();
  private freeClusters: u32 = UNKNOWN_COUNT;
  private hasHints: boolean = false;
  /** Whether FSInfo on the disk is behind `freeClusters`. */
  private infoIsOld: boolean = false;

  /** Takes up the volume on `device`, a whole partition most often. One command. */
  mount(device: BlockDevice): Result<void, FatError> {
    this.table.attach(device);
    this.freeClusters = UNKNOWN_COUNT;
    this.infoIsOld = false;
    this.hasHints = false;
    const sectorBytes = device.sectorBytes();
    if (sectorBytes < 512 || sectorBytes > SECTOR_LIMIT_BYTES) return err(FatError.notFat32);
    if (device.sectorCount() === 0n) return err(FatError.notFat32);
    const sector = bytesOf(this.scratch).slice(0, sectorBytes);
    const read = device.read(0n, sector);
    if (!read.ok) return err(this.table.failed(read.error));
    const parsed = parseBootSector(sector, sectorBytes, device.sectorCount(), this.table.geometry);
    return parsed.ok ? ok() : err(FatError.notFat32);
  }

  /** The device's answer behind `FatError.io`. */
  ioError(): IoError {
    return this.table.ioError();
  }

  /**
   * Finds what a path means. Its parts are separated by `\` or `/`, compared without regard to case, by long or by short
   * name; an empty path is the root. `notFound`, `notDirectory` (a file within the path) or `badName` (too deep).
   */
  find(path: Bytes, into: FatEntry): Result<void, FatError> {
    this.describeRoot(into);
    let at: u32 = 0;
    for (let depth: u32 = 0; depth <= PATH_DEPTH_LIMIT; depth++) {
      const from = skipSeparators(path, at);
      if (from === path.length) return ok();
      const end = partEnd(path, from);
      const found = this.lookUp(into, path.slice(from, end - from), into);
      if (!found.ok) return found;
      at = end;
    }
    return err(FatError.badName);
  }

  /** Finds the entry of this name in a directory. `into` may be the directory's own entry. */
  lookUp(directory: FatEntry, name: Bytes, into: FatEntry): Result<void, FatError> {
    if (!directory.isDirectory) return err(FatError.notDirectory);
    this.openDirectory(directory, this.reader);
    while (true) {
      const more = this.reader.next(this.found);
      if (!more.ok) return err(more.error);
      if (!more.value) return err(FatError.notFound);
      if (this.found.isNamed(name)) {
        copy(into, this.found);
        return ok();
      }
    }
  }

  /** Starts a reader at the front of a directory. */
  openDirectory(directory: FatEntry, reader: DirectoryReader): void {
    assert(directory.isDirectory);
    const root = this.table.geometry.rootCluster;
    reader.open(this.table, directory.firstCluster === 0 ? root : directory.firstCluster);
  }

  /** Opens the file at `path`. */
  open(path: Bytes, file: FatFile): Result<void, FatError> {
    const entry = this.found;
    const found = this.find(path, entry);
    if (!found.ok) return found;
    if (entry.isDirectory) return err(FatError.isDirectory);
    this.openEntry(entry, file);
    return ok();
  }

  /** Opens the file that a reader or `find` gave. */
  openEntry(entry: FatEntry, file: FatFile): void {
    file.firstCluster = entry.firstCluster;
    file.sizeBytes = entry.sizeBytes;
    file.knownCluster = entry.firstCluster;
    file.knownIndex = 0;
  }

  /**
   * Reads from `offset` of the file until `target` is full or the file ends, and says how many bytes. Quickest are
   * offsets and lengths of whole sectors: then no byte is copied.
   */
  read(file: FatFile, offset: u32, target: Bytes): Result<u32, FatError> {
    if (offset >= file.sizeBytes) return ok(0);
    const left: u32 = file.sizeBytes - offset;
    const length = u32(Math.min(left, target.length));
    let done: u32 = 0;
    while (done < length) {
      const piece = this.readPiece(file, offset + done, target.slice(done, length - done));
      if (!piece.ok) return piece;
      done += piece.value;
    }
    return ok(length);
  }

  /** Where byte `offset` of a file stands, and how many of the next `length` bytes stand there in a row: at least one. */
  locate(file: FatFile, offset: u32, length: u32, into: FatPlace): Result<void, FatError> {
    const geometry = this.table.geometry;
    const clusterBytes = geometry.clusterBytes();
    const within: u32 = offset % clusterBytes;
    const wanted = u32(Math.trunc((within + length + clusterBytes - 1) / clusterBytes));
    const positioned = this.seek(file, u32(Math.trunc(offset / clusterBytes)));
    if (!positioned.ok) return positioned;
    const followed = this.table.run(file.knownCluster, wanted, this.run);
    if (!followed.ok) return followed;
    const runBytes = BigInt(this.run.count) * BigInt(clusterBytes) - BigInt(within);
    into.sector = geometry.clusterSector(this.run.first) + BigInt(Math.trunc(within / geometry.sectorBytes));
    into.within = within % geometry.sectorBytes;
    into.bytes = runBytes < BigInt(length) ? u32(Number(runBytes)) : length;
    return ok();
  }

  /** How many bytes are free, counted in the FAT. */
  freeBytes(): Result<u64, FatError> {
    const free = this.table.countFree();
    if (!free.ok) return err(free.error);
    return ok(BigInt(free.value) * BigInt(this.table.geometry.clusterBytes()));
  }

  /** A sector of scratch for a caller that is between two calls of this volume. */
  scratchSector(): Bytes {
    return bytesOf(this.scratch).slice(0, this.table.geometry.sectorBytes);
  }

  /**
   * Takes FSInfo's hint where to look for free clusters, once after `mount`. A volume without a sane FSInfo is searched
   * from its front.
   */
  readHints(): Result<void, FatError> {
    if (this.hasHints) return ok();
    const at = this.table.geometry.infoSector;
    if (at === 0 || at >= this.table.geometry.reservedSectors) return ok();
    const sector = this.scratchSector();
    const read = this.table.disk().read(BigInt(at), sector);
    if (!read.ok) return err(this.table.failed(read.error));
    this.hasHints = true;
    if (!isInfoSector(sector)) return ok();
    const free = infoFreeClusters(sector);
    this.freeClusters = free <= this.table.geometry.clusterCount ? free : UNKNOWN_COUNT;
    this.table.hintNextFree(infoNextFree(sector));
    return ok();
  }

  /** Notes that clusters were taken and others given back. */
  countClusters(taken: u32, released: u32): void {
    this.infoIsOld = true;
    if (this.freeClusters === UNKNOWN_COUNT) return;
    const after = this.freeClusters + released - taken;
    const sane = after >= 0 && after <= this.table.geometry.clusterCount;
    this.freeClusters = sane ? u32(after) : UNKNOWN_COUNT;
  }

  /** Writes what is pending in the FAT, and FSInfo, and makes all of it durable. */
  sync(): Result<void, FatError> {
    const flushed = this.table.flush();
    if (!flushed.ok) return flushed;
    const at = this.table.geometry.infoSector;
    if (this.infoIsOld && at !== 0 && at < this.table.geometry.reservedSectors) {
      const sector = this.scratchSector();
      writeInfoSector(this.freeClusters, this.table.nextFreeHint(), sector);
      const written = this.table.disk().write(BigInt(at), sector);
      if (!written.ok) return err(this.table.failed(written.error));
      this.infoIsOld = false;
    }
    const durable = this.table.disk().flush();
    return durable.ok ? ok() : err(this.table.failed(durable.error));
  }

  private describeRoot(into: FatEntry): void {
    into.nameLength = 0;
    into.attributes = ATTRIBUTE_DIRECTORY;
    into.isDirectory = true;
    into.firstCluster = 0;
    into.sizeBytes = 0;
    into.slotIndex = 0;
  }

  /** Reads what stands in one run, at most all of `target`; the number of bytes, never 0. */
  private readPiece(file: FatFile, offset: u32, target: Bytes): Result<u32, FatError> {
    const located = this.locate(file, offset, target.length, this.place);
    if (!located.ok) return err(located.error);
    const sectorBytes = this.table.geometry.sectorBytes;
    const length = this.place.bytes;
    if (this.place.within !== 0 || length < sectorBytes) {
      return this.readRagged(this.place.sector, this.place.within, target.slice(0, length));
    }
    const whole = target.slice(0, length - (length % sectorBytes));
    const read = this.table.disk().read(this.place.sector, whole);
    return read.ok ? ok(whole.length) : err(this.table.failed(read.error));
  }

  /** Reads what `target` has room for of one sector, from byte `from` on. */
  private readRagged(sector: u64, from: u32, target: Bytes): Result<u32, FatError> {
    const scratch = this.scratchSector();
    const read = this.table.disk().read(sector, scratch);
    if (!read.ok) return err(this.table.failed(read.error));
    const length = u32(Math.min(scratch.length - from, target.length));
    target.slice(0, length).copyFrom(scratch.slice(from, length));
    return ok(length);
  }

  /** Makes cluster number `index` of the file the known one. */
  private seek(file: FatFile, index: u32): Result<void, FatError> {
    if (index < file.knownIndex) {
      file.knownIndex = 0;
      file.knownCluster = file.firstCluster;
    }
    while (file.knownIndex < index) {
      const followed = this.table.run(file.knownCluster, index - file.knownIndex, this.run);
      if (!followed.ok) return followed;
      if (this.run.next === 0) return err(FatError.corrupt);
      file.knownIndex += this.run.count;
      file.knownCluster = this.run.next;
    }
    return ok();
  }
}

/** The first byte from `at` on that is no separator, or the length. */
export function skipSeparators(path: Bytes, at: u32): u32 {
  let from: u32 = at;
  while (from < path.length && isSeparator(path.u8(from))) from++;
  return from;
}

/** The end of the part that starts at `from`. */
export function partEnd(path: Bytes, from: u32): u32 {
  let end: u32 = from;
  while (end < path.length && !isSeparator(path.u8(end))) end++;
  return end;
}

function isSeparator(character: u8): boolean {
  return character === 0x5c || character === 0x2f;
}
