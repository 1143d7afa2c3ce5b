/**
 * FileDisk: a file of the host as a BlockDevice, for the image builder, the inspection tools and the tests.
 *
 * Plain Node. The file is sparse: what was never written is a hole. The storage rooms run over it as they run over a
 * driver. Counts its commands.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { DiskBus, DiskIdentity, IoError } from "../../src/device/block-device.ts";
import type { BlockDevice } from "../../src/device/block-device.ts";

/** The host's own bytes behind a view. */
function bufferOf(view: Bytes): Uint8Array {
  return span(view, 0, view.length);
}

export class FileDisk implements BlockDevice {
  reads = 0;
  writes = 0;
  flushes = 0;

  private constructor(
    private readonly descriptor: number,
    private readonly path: string,
    private readonly sectorSize: 512 | 4096,
    private readonly sectors: bigint,
    private readonly readOnly: boolean,
  ) {}

  /** Makes a file of `sizeBytes` zeros, in place of one of that name. */
  static create(path: string, sizeBytes: number, sectorSize: 512 | 4096): FileDisk {
    if (sizeBytes % sectorSize !== 0) throw new Error(`${sizeBytes} bytes are no whole number of sectors`);
    const descriptor = openSync(path, "w+");
    ftruncateSync(descriptor, sizeBytes);
    return new FileDisk(descriptor, path, sectorSize, BigInt(sizeBytes / sectorSize), false);
  }

  /** Opens a file that exists; a rest of less than a sector is out of reach. */
  static open(path: string, sectorSize: 512 | 4096, readOnly: boolean): FileDisk {
    const descriptor = openSync(path, readOnly ? "r" : "r+");
    const sectors = BigInt(Math.trunc(fstatSync(descriptor).size / sectorSize));
    return new FileDisk(descriptor, path, sectorSize, sectors, readOnly);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  sectorBytes(): u32 {
    return this.sectorSize;
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return this.readOnly;
  }

  /** The model is "file", the serial number the end of its path. */
  identify(into: DiskIdentity): void {
    into.bus = DiskBus.file;
    into.modelLength = putAscii("file", into.model);
    into.serialLength = putAscii(this.path.slice(-40), into.serial);
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, target.length);
    if (fault !== IoError.none) return err(fault);
    this.reads++;
    const buffer = bufferOf(target);
    let done = 0;
    while (done < buffer.length) {
      const position = Number(lba) * this.sectorSize + done;
      const length = readSync(this.descriptor, buffer, done, buffer.length - done, position);
      if (length === 0) return err(IoError.medium);
      done += length;
    }
    return ok();
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    const fault = this.admit(lba, source.length);
    if (fault !== IoError.none) return err(fault);
    if (this.readOnly) return err(IoError.readOnly);
    this.writes++;
    const buffer = bufferOf(source);
    let done = 0;
    while (done < buffer.length) {
      const position = Number(lba) * this.sectorSize + done;
      done += writeSync(this.descriptor, buffer, done, buffer.length - done, position);
    }
    return ok();
  }

  flush(): Result<void, IoError> {
    this.flushes++;
    if (!this.readOnly) fsyncSync(this.descriptor);
    return ok();
  }

  private admit(lba: bigint, length: number): IoError {
    if (length === 0 || length % this.sectorSize !== 0) return IoError.misaligned;
    const count = BigInt(length / this.sectorSize);
    return lba > this.sectors || count > this.sectors - lba ? IoError.outOfRange : IoError.none;
  }
}

function putAscii(text: string, into: Uint8Array): number {
  const bytes = Buffer.from(text.replace(/[^ -~]/g, "?"), "latin1").subarray(0, into.length);
  into.fill(0);
  bytes.forEach((byte, at) => (into[at] = byte));
  return bytes.length;
}
