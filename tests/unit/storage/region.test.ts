import { DiskIdentity, DiskBus, IoError } from "../../../src/device/block-device.ts";
import { Region } from "../../../src/storage/region.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { SparseDisk } from "./sparse-disk.ts";

const disk = new SparseDisk();
const region = new Region();

class Scratch {
  readonly sectors = new Uint8Array(16384);
  readonly identity = new DiskIdentity();
}

const scratch = new Scratch();

export function main(): void {
  stretch(512);
  stretch(4096);

  test("a region larger than its disk does not open");
  disk.clear(512, 1048576n);
  isTrue(!region.open(disk, 2048n, 1n).ok);
  isTrue(!region.open(disk, 2049n, 0n).ok);
  isTrue(!region.open(disk, 0xffffffffffffffffn, 2n).ok);
  isTrue(!region.open(disk, 1n, 0xffffffffffffffffn).ok);
  isTrue(!region.read(0n, bytesOf(scratch.sectors)).ok);
  isTrue(region.open(disk, 2047n, 1n).ok);

  test("a region at the end of its disk stays within it");
  disk.clear(512, 76800n);
  isTrue(region.open(disk, 110n, 40n).ok);
  isTrue(!region.open(disk, 110n, 41n).ok);
  isTrue(region.open(disk, 149n, 1n).ok);
  bytesOf(scratch.sectors).fill(7);
  isTrue(region.write(0n, bytesOf(scratch.sectors).slice(0, 512)).ok);
  isTrue(!region.write(1n, bytesOf(scratch.sectors).slice(0, 512)).ok);
  isTrue(disk.read(149n, bytesOf(scratch.sectors).slice(1024, 512)).ok);
  equal(bytesOf(scratch.sectors).u8(1024), 7);

  test("a region passes on who the disk is, and its faults");
  region.identify(scratch.identity);
  isTrue(scratch.identity.bus === DiskBus.file);
  disk.failAt = 1;
  const read = region.read(0n, bytesOf(scratch.sectors).slice(0, 512));
  isTrue(!read.ok && read.error === IoError.medium);
  isTrue(!region.flush().ok);
}

/** 8 sectors from sector 16: reads and writes land there, and nothing lands beyond. */
function stretch(sectorBytes: u32): void {
  test("reads and writes land in the region, as one command each, and never beyond it");
  const bytes = bytesOf(scratch.sectors);
  disk.clear(sectorBytes, 16777216n);
  isTrue(region.open(disk, 16n, 8n).ok);
  equalBig(region.sectorCount(), 8n);
  equal(region.sectorBytes(), sectorBytes);
  bytes.fill(0x55);
  const two = bytes.slice(0, 2 * sectorBytes);
  isTrue(region.write(6n, two).ok);
  equal(disk.writes, 1);
  isTrue(disk.read(22n, two).ok);
  equal(two.u8(0), 0x55);
  isTrue(refuses(region.write(7n, two), IoError.outOfRange));
  isTrue(refuses(region.write(8n, two), IoError.outOfRange));
  isTrue(refuses(region.read(0xffffffffffffffffn, two), IoError.outOfRange));
  isTrue(refuses(region.read(0n, bytes.slice(0, sectorBytes + 1)), IoError.misaligned));
  equal(disk.writes, 1);
  isTrue(disk.read(24n, two).ok);
  equal(two.u8(0), 0);
}

function refuses(result: Result<void, IoError>, error: IoError): boolean {
  return !result.ok && result.error === error;
}
