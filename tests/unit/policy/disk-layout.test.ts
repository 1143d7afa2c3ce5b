import { FatGeometry, planFat32 } from "../../../src/format/fat.ts";
import { PartitionRole } from "../../../src/format/partition-types.ts";
import { DiskLayout, LayoutRefusal, LayoutRequest, MEBIBYTE } from "../../../src/policy/disk-layout.ts";
import { planDisk, planStick } from "../../../src/policy/disk-layout.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const GIBIBYTE: u64 = 1073741824n;

const request = new LayoutRequest();
const layout = new DiskLayout();
const geometry = new FatGeometry();

export function main(): void {
  wholeDisks();
  needs();
  freeSpace();
  sticks();
}

function wholeDisks(): void {
  test("a disk of 1 GiB takes the least layout, in sectors of 512 and of 4096 bytes");
  equal(plan(512, GIBIBYTE), LayoutRefusal.none);
  equalBig(bytesOfRole(PartitionRole.efiSystem), 64n * MEBIBYTE);
  equalBig(bytesOfRole(PartitionRole.system), 256n * MEBIBYTE);
  equalBig(bytesOfRole(PartitionRole.state), MEBIBYTE);
  equalBig(bytesOfRole(PartitionRole.log), 128n * MEBIBYTE);
  isTrue(isSound(512));
  equal(plan(4096, GIBIBYTE), LayoutRefusal.none);
  equalBig(bytesOfRole(PartitionRole.efiSystem), 264n * MEBIBYTE);
  isTrue(isSound(4096));

  test("a large disk takes the full sizes and gives the rest to data");
  equal(plan(512, 1000204886016n), LayoutRefusal.none);
  equalBig(bytesOfRole(PartitionRole.efiSystem), 512n * MEBIBYTE);
  equalBig(bytesOfRole(PartitionRole.system), 2n * GIBIBYTE);
  equalBig(bytesOfRole(PartitionRole.recovery), GIBIBYTE);
  isTrue(bytesOfRole(PartitionRole.data) > 990n * 1000000000n);
  isTrue(isSound(512));

  test("every size up to 20 GB is refused or gets a sound plan, and never refused again once possible");
  everySize(512);
  everySize(4096);

  test("a disk that is too small is refused and told what it lacks");
  equal(plan(512, 512n * MEBIBYTE), LayoutRefusal.diskTooSmall);
  equal(layout.partCount, 0);
  equalBig(layout.availableBytes, 510n * MEBIBYTE);
  equalBig(layout.neededBytes, 641n * MEBIBYTE);
  equal(plan(512, 512n), LayoutRefusal.diskTooSmall);
  equal(plan(512, 0n), LayoutRefusal.diskTooSmall);
  equal(plan(2048, GIBIBYTE), LayoutRefusal.sectorSize);

  test("a disk that claims an impossible size is refused");
  prepare(512, GIBIBYTE);
  request.diskSectors = 0xffffffffffffffffn;
  equal(run(), LayoutRefusal.diskTooLarge);
}

function everySize(sectorBytes: u32): void {
  let unsound: u32 = 0;
  let refusedAfter: u32 = 0;
  let possible: boolean = false;
  for (let mib: u32 = 1; mib < 20000; mib += 7) {
    const refusal = plan(sectorBytes, BigInt(mib) * MEBIBYTE + 4096n * BigInt(mib % 200));
    if (refusal === LayoutRefusal.none) {
      possible = true;
      if (!isSound(sectorBytes)) unsound++;
    } else if (possible) refusedAfter++;
  }
  equal(unsound, 0);
  equal(refusedAfter, 0);
  isTrue(possible);
}

function needs(): void {
  test("the stores are made large enough for what they must hold");
  prepare(512, 16n * GIBIBYTE);
  request.systemBytes = 3n * GIBIBYTE + 1n;
  request.recoveryBytes = 5n * GIBIBYTE;
  equal(run(), LayoutRefusal.none);
  equalBig(bytesOfRole(PartitionRole.system), 3n * GIBIBYTE + MEBIBYTE);
  equalBig(bytesOfRole(PartitionRole.recovery), 5n * GIBIBYTE);
  isTrue(isSound(512));
  request.recoveryBytes = 13n * GIBIBYTE;
  equal(run(), LayoutRefusal.diskTooSmall);
}

function freeSpace(): void {
  test("the largest gap is used and no partition of others is touched");
  prepareShared();
  isTrue(request.addTaken(2048n, 206847n));
  isTrue(request.addTaken(30000000n, 40000000n));
  isTrue(request.addTaken(206848n, 10000000n));
  equal(run(), LayoutRefusal.none);
  equal(layout.partCount, 6);
  equalBig(layout.parts[0].firstLba, 40001536n);
  isTrue(isSound(512));

  test("an EFI system partition that is there is shared");
  request.espFirstLba = 2048n;
  request.espSectors = 204800n;
  equal(run(), LayoutRefusal.none);
  equal(layout.partCount, 6);
  isTrue(layout.parts[0].isReused);
  equalBig(layout.parts[0].firstLba, 2048n);
  isTrue(layout.parts[1].role === PartitionRole.system);
  equalBig(layout.parts[1].firstLba, 40001536n);

  test("a full disk is refused, and so is a full table");
  request.freeSlots = 4;
  equal(run(), LayoutRefusal.noSlots);
  request.freeSlots = 5;
  equal(run(), LayoutRefusal.none);
  isTrue(request.addTaken(40000001n, request.lastUsableLba - 1000000n));
  isTrue(request.addTaken(10000001n, 29000000n));
  equal(run(), LayoutRefusal.gapTooSmall);
  equalBig(layout.availableBytes, 487n * MEBIBYTE);

  test("overlapping and senseless partitions leave no gap where they are");
  prepareShared();
  isTrue(request.addTaken(0n, 0xffffffffffffffffn));
  equal(run(), LayoutRefusal.gapTooSmall);
  equalBig(layout.availableBytes, 0n);
  prepareShared();
  isTrue(request.addTaken(2048n, 20000000n));
  isTrue(request.addTaken(1000n, 30000000n));
  equal(run(), LayoutRefusal.none);
  equalBig(layout.parts[0].firstLba, 30001152n);
  for (let i: u32 = 2; i < 512; i++) isTrue(request.addTaken(5n, 4n));
  isTrue(!request.addTaken(5n, 4n));
}

function sticks(): void {
  test("the stick's image has no recovery and no data, and says its size");
  const planned = planStick(512, 256n * MEBIBYTE, layout);
  isTrue(planned.ok);
  equal(layout.partCount, 4);
  equalBig(layout.diskBytes, 339n * MEBIBYTE);
  isTrue(isSound(512));
  const large = planStick(4096, 100n * MEBIBYTE + 5n, layout);
  isTrue(large.ok);
  isTrue(isSound(4096));
  isTrue(!planStick(520, MEBIBYTE, layout).ok);
}

function prepare(sectorBytes: u32, sizeBytes: u64): void {
  request.sectorBytes = sectorBytes;
  request.diskSectors = sizeBytes / BigInt(sectorBytes);
  request.intoFreeSpace = false;
  request.takenCount = 0;
  request.espSectors = 0n;
  request.systemBytes = 0n;
  request.recoveryBytes = 0n;
}

/** A disk of 32 GB with a table, into whose gaps RayOS shall go. */
function prepareShared(): void {
  prepare(512, 32000000000n);
  request.intoFreeSpace = true;
  request.firstUsableLba = 34n;
  request.lastUsableLba = 62499966n;
  request.freeSlots = 100;
}

function plan(sectorBytes: u32, sizeBytes: u64): LayoutRefusal {
  prepare(sectorBytes, sizeBytes);
  return run();
}

function run(): LayoutRefusal {
  const planned = planDisk(request, layout);
  return planned.ok ? LayoutRefusal.none : planned.error;
}

function bytesOfRole(role: PartitionRole): u64 {
  for (let i: u32 = 0; i < layout.partCount; i++) {
    if (layout.parts[i].role === role) return layout.parts[i].sectorCount * BigInt(request.sectorBytes);
  }
  return 0n;
}

/** In order, aligned, without overlap, on the disk, clear of both tables, the EFI partition large enough for FAT32. */
function isSound(sectorBytes: u32): boolean {
  const step = MEBIBYTE / BigInt(sectorBytes);
  let next: u64 = step;
  for (let i: u32 = 0; i < layout.partCount; i++) {
    const part = layout.parts[i];
    if (part.firstLba < next || part.firstLba % step !== 0n) return false;
    if (part.sectorCount === 0n || part.sectorCount % step !== 0n) return false;
    next = part.firstLba + part.sectorCount;
    if (part.role === PartitionRole.efiSystem) {
      if (!planFat32(u16(sectorBytes), part.sectorCount, geometry)) return false;
    }
  }
  return next * BigInt(sectorBytes) + 16384n + BigInt(sectorBytes) <= layout.diskBytes;
}
