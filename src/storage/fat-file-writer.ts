/**
 * FatFileWriter: one new file, or new content of an old one, from the first byte to the directory entry.
 *
 * `begin` with the final size, `append` until that is reached, `commit`:
 * 1. clusters taken, content written, FAT and FSInfo written, all flushed;
 * 2. the directory entry written and flushed: **the commit point**;
 * 3. the old content's clusters given back.
 * Cut before 2, the old file is as it was; cut before 3, some clusters are lost, which any file system check gives back.
 */
import { ATTRIBUTE_ARCHIVE } from "../format/fat-directory.ts";
import { isValidName, LONG_NAME_TEXT_BYTES } from "../format/fat-name.ts";
import { FatDirectoryWriter } from "./fat-directory-writer.ts";
import { FatEntry } from "./fat-directory.ts";
import { FatError } from "./fat-error.ts";
import { FatFile, FatPlace, FatVolume } from "./fat-volume.ts";

const SECTOR_LIMIT_BYTES = 4096;

export class FatFileWriter {
  private readonly directories = new FatDirectoryWriter();
  private readonly parent = new FatEntry();
  private readonly old = new FatEntry();
  private readonly file = new FatFile();
  private readonly place = new FatPlace();
  private readonly name = new Uint8Array(LONG_NAME_TEXT_BYTES);
  /** The bytes behind the last whole sector that was written. */
  private readonly rest = new Uint8Array(SECTOR_LIMIT_BYTES);
  private volume: FatVolume | null = null;
  private nameLength: u32 = 0;
  private replaces: boolean = false;
  private written: u32 = 0;
  private restLength: u32 = 0;

  /**
   * Starts a file of `sizeBytes` at `path`, whose directory exists. `isDirectory` where a directory has that name,
   * `noSpace` where it does not fit besides the old content.
   */
  begin(volume: FatVolume, path: Bytes, sizeBytes: u32): Result<void, FatError> {
    this.volume = volume;
    this.written = 0;
    this.restLength = 0;
    this.file.sizeBytes = sizeBytes;
    const placed = this.resolve(volume, path);
    if (!placed.ok) return placed;
    const hinted = volume.readHints();
    if (!hinted.ok) return hinted;
    this.file.firstCluster = 0;
    if (sizeBytes > 0) {
      const clusters = this.clustersFor(sizeBytes);
      const taken = volume.table.allocate(clusters);
      if (!taken.ok) return err(taken.error);
      volume.countClusters(clusters, 0);
      this.file.firstCluster = taken.value;
    }
    this.file.knownCluster = this.file.firstCluster;
    this.file.knownIndex = 0;
    return ok();
  }

  /** Adds bytes. Pieces of whole sectors go to the device as they are. More than `sizeBytes` in all is a fault. */
  append(source: Bytes): Result<void, FatError> {
    assert(source.length <= this.file.sizeBytes - this.written - this.restLength);
    const sectorBytes = this.target().table.geometry.sectorBytes;
    let at: u32 = 0;
    while (at < source.length) {
      const left: u32 = source.length - at;
      if (this.restLength > 0 || left < sectorBytes) {
        at += this.keep(source.slice(at, left), sectorBytes);
        if (this.restLength < sectorBytes) return ok();
        this.restLength = 0;
        const full = this.writeWhole(bytesOf(this.rest).slice(0, sectorBytes));
        if (!full.ok) return full;
      } else {
        const whole: u32 = left - (left % sectorBytes);
        const written = this.writeWhole(source.slice(at, whole));
        if (!written.ok) return written;
        at += whole;
      }
    }
    return ok();
  }

  /** Ends the file, which has all its bytes. Durable, old content given back, when it returns. */
  commit(unixSeconds: u64): Result<void, FatError> {
    const volume = this.target();
    assert(this.written + this.restLength === this.file.sizeBytes, "a file is committed with all its bytes");
    if (this.restLength > 0) {
      const sector = bytesOf(this.rest).slice(0, volume.table.geometry.sectorBytes);
      sector.slice(this.restLength, sector.length - this.restLength).fill(0);
      const written = this.writeWhole(sector);
      if (!written.ok) return written;
    }
    const durable = volume.sync();
    if (!durable.ok) return durable;
    const entered = this.enter(volume, unixSeconds);
    if (!entered.ok) return entered;
    return this.releaseOld(volume);
  }

  /** Gives up a file that was begun: its clusters are free again, the old content stays. */
  abandon(): Result<void, FatError> {
    const volume = this.target();
    if (this.file.firstCluster === 0) return ok();
    const released = volume.table.release(this.file.firstCluster);
    if (!released.ok) return err(released.error);
    volume.countClusters(0, released.value);
    this.file.firstCluster = 0;
    return volume.sync();
  }

  /** Finds the directory, keeps the name and looks whether there is such a file. */
  private resolve(volume: FatVolume, path: Bytes): Result<void, FatError> {
    let from: u32 = path.length;
    while (from > 0 && path.u8(from - 1) !== 0x5c && path.u8(from - 1) !== 0x2f) from--;
    const name = path.slice(from, path.length - from);
    if (!isValidName(name)) return err(FatError.badName);
    this.nameLength = name.length;
    bytesOf(this.name).slice(0, name.length).copyFrom(name);
    const found = volume.find(path.slice(0, from), this.parent);
    if (!found.ok) return found;
    const there = volume.lookUp(this.parent, name, this.old);
    this.replaces = there.ok;
    if (!there.ok) return there.error === FatError.notFound ? ok() : there;
    return this.old.isDirectory ? err(FatError.isDirectory) : ok();
  }

  /** Step 2: the entry, and the flush that makes it stand. */
  private enter(volume: FatVolume, unixSeconds: u64): Result<void, FatError> {
    const name = bytesOf(this.name).slice(0, this.nameLength);
    const first = this.file.firstCluster;
    const size = this.file.sizeBytes;
    const entered = this.replaces
      ? this.directories.replace(volume, this.parent, this.old.slotIndex, first, size, unixSeconds)
      : this.directories.add(volume, this.parent, name, ATTRIBUTE_ARCHIVE, first, size, unixSeconds);
    if (!entered.ok) return entered;
    const durable = volume.table.disk().flush();
    return durable.ok ? ok() : err(volume.table.failed(durable.error));
  }

  /** Step 3. */
  private releaseOld(volume: FatVolume): Result<void, FatError> {
    if (!this.replaces || this.old.firstCluster === 0) return ok();
    const released = volume.table.release(this.old.firstCluster);
    if (!released.ok) return err(released.error);
    volume.countClusters(0, released.value);
    return volume.sync();
  }

  /** Moves bytes into the rest until it is a sector; the number taken. */
  private keep(source: Bytes, sectorBytes: u32): u32 {
    const length = u32(Math.min(sectorBytes - this.restLength, source.length));
    bytesOf(this.rest).slice(this.restLength, length).copyFrom(source.slice(0, length));
    this.restLength += length;
    return length;
  }

  /** Writes whole sectors at the end of what is written, run by run. */
  private writeWhole(source: Bytes): Result<void, FatError> {
    const volume = this.target();
    let at: u32 = 0;
    while (at < source.length) {
      const located = volume.locate(this.file, this.written, source.length - at, this.place);
      if (!located.ok) return located;
      assert(this.place.within === 0);
      const written = volume.table.disk().write(this.place.sector, source.slice(at, this.place.bytes));
      if (!written.ok) return err(volume.table.failed(written.error));
      at += this.place.bytes;
      this.written += this.place.bytes;
    }
    return ok();
  }

  private clustersFor(sizeBytes: u32): u32 {
    const clusterBytes = this.target().table.geometry.clusterBytes();
    return u32(Math.trunc((sizeBytes + clusterBytes - 1) / clusterBytes));
  }

  private target(): FatVolume {
    const volume = this.volume;
    assert(volume !== null, "no file was begun");
    return volume;
  }
}
