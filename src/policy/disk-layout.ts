/**
 * DiskLayout: which partitions RayOS makes on a disk, where and how large. A pure decision: facts in, plan or refusal out.
 *
 *     EFI system | system | recovery | state | log | data …     each from a whole MiB to a whole MiB
 *
 * All of the disk, or the largest gap between the partitions of others, which then keep their place; an EFI system
 * partition that is there may be used instead of a new one. Fixed sizes come first, the data partition takes the rest. On
 * small disks the parts shrink to their least sizes; what is below their sum is refused, and both sums are told.
 * Called by the installer and the image builder.
 */
import { PartitionRole } from "../format/partition-types.ts";

export const MEBIBYTE: u64 = 1048576n;
const GIBIBYTE: u64 = 1073741824n;
/** As many as the largest table that is read has slots. */
export const TAKEN_LIMIT = 512;
export const LAYOUT_PARTS = 6;

const ESP_BYTES: u64 = 512n * MEBIBYTE;
/** FAT32 wants 65525 clusters, and no cluster is smaller than a sector. */
const LEAST_ESP_BYTES_512: u64 = 64n * MEBIBYTE;
const LEAST_ESP_BYTES_4096: u64 = 264n * MEBIBYTE;
/** From this size on the EFI system partition has room for other systems too. */
const ROOMY_BYTES: u64 = 8n * GIBIBYTE;
const SYSTEM_BYTES: u64 = 2n * GIBIBYTE;
const LEAST_SYSTEM_BYTES: u64 = 256n * MEBIBYTE;
const RECOVERY_BYTES: u64 = GIBIBYTE;
const LEAST_RECOVERY_BYTES: u64 = 128n * MEBIBYTE;
const STATE_BYTES: u64 = MEBIBYTE;
const LOG_BYTES: u64 = 128n * MEBIBYTE;
const LEAST_DATA_BYTES: u64 = 64n * MEBIBYTE;
/** A stick keeps less history than a disk, and is written as a whole. */
const STICK_LOG_BYTES: u64 = 16n * MEBIBYTE;
/** Room of the table's array: 128 entries of 128 bytes. */
const ARRAY_BYTES: u64 = 16384n;
/** 2^50 sectors: with more, sizes in bytes need not fit into 64 bits. */
const MOST_SECTORS: u64 = 1125899906842624n;

export const enum LayoutRefusal {
  none = 0,
  /** Sectors of neither 512 nor 4096 bytes. */
  sectorSize = 1,
  /** The whole disk is smaller than the least layout. */
  diskTooSmall = 2,
  /** No gap between the partitions is large enough. */
  gapTooSmall = 3,
  /** The table has too few empty slots. */
  noSlots = 4,
  /** The disk claims a size that no disk has. */
  diskTooLarge = 5,
}

/** The sentence for the user. */
export function layoutRefusalText(refusal: LayoutRefusal): string {
  switch (refusal) {
    case LayoutRefusal.none:
      return "the layout is possible";
    case LayoutRefusal.sectorSize:
      return "the disk has sectors of neither 512 nor 4096 bytes";
    case LayoutRefusal.diskTooSmall:
      return "the disk is too small";
    case LayoutRefusal.gapTooSmall:
      return "no free space between the partitions is large enough";
    case LayoutRefusal.noSlots:
      return "the partition table has too few empty slots";
    case LayoutRefusal.diskTooLarge:
      return "the disk claims to be larger than any disk is";
  }
}

/** Sectors from `firstLba` to `lastLba`, both included. */
export class SectorRange {
  firstLba: u64 = 0n;
  lastLba: u64 = 0n;
}

/** What the decision rests on. */
export class LayoutRequest {
  sectorBytes: u32 = 512;
  diskSectors: u64 = 0n;
  /** Keep what is there and use the largest gap; otherwise the disk is RayOS's alone. */
  intoFreeSpace: boolean = false;
  /** For free space: the table's usable sectors, its empty slots, and what is taken. */
  firstUsableLba: u64 = 0n;
  lastUsableLba: u64 = 0n;
  freeSlots: u32 = 0;
  takenCount: u32 = 0;
  /** For free space: an EFI system partition to share; no sectors: make one. */
  espFirstLba: u64 = 0n;
  espSectors: u64 = 0n;
  /** What the object stores must hold at least. */
  systemBytes: u64 = 0n;
  recoveryBytes: u64 = 0n;
  readonly taken = fixedArray(TAKEN_LIMIT, () => new SectorRange());

  /** Notes a partition that stays; false where there is no room for it. */
  addTaken(firstLba: u64, lastLba: u64): boolean {
    if (this.takenCount >= TAKEN_LIMIT) return false;
    this.taken[this.takenCount].firstLba = firstLba;
    this.taken[this.takenCount].lastLba = lastLba;
    this.takenCount++;
    return true;
  }

  /** Whether an EFI system partition is to be made. */
  needsEsp(): boolean {
    return !this.intoFreeSpace || this.espSectors === 0n;
  }

  /** How many new partitions it takes. */
  newParts(): u32 {
    return this.needsEsp() ? LAYOUT_PARTS : LAYOUT_PARTS - 1;
  }
}

export class PlannedPartition {
  role: PartitionRole = PartitionRole.none;
  firstLba: u64 = 0n;
  sectorCount: u64 = 0n;
  /** It is there already and only gets files. */
  isReused: boolean = false;
}

/** The plan, and what it was measured by. */
export class DiskLayout {
  partCount: u32 = 0;
  /** The least bytes that the layout needs, and those that there are: set for refusals too. */
  neededBytes: u64 = 0n;
  availableBytes: u64 = 0n;
  /** For an image: the size of the whole. */
  diskBytes: u64 = 0n;
  readonly parts = fixedArray(LAYOUT_PARTS, () => new PlannedPartition());
}

/** Plans a disk. On a refusal the plan has no partitions, but says what is needed and what there is. */
export function planDisk(request: LayoutRequest, into: DiskLayout): Result<void, LayoutRefusal> {
  into.partCount = 0;
  into.diskBytes = 0n;
  into.neededBytes = leastBytes(request);
  into.availableBytes = 0n;
  if (request.sectorBytes !== 512 && request.sectorBytes !== 4096) return err(LayoutRefusal.sectorSize);
  if (request.diskSectors > MOST_SECTORS) return err(LayoutRefusal.diskTooLarge);
  into.diskBytes = request.diskSectors * BigInt(request.sectorBytes);
  const space = new SectorRange();
  if (request.intoFreeSpace) {
    if (request.freeSlots < request.newParts()) return err(LayoutRefusal.noSlots);
    findLargestGap(request, space);
  } else {
    takeWholeDisk(request, space);
  }
  const sectorBytes = BigInt(request.sectorBytes);
  if (space.lastLba >= space.firstLba)
    into.availableBytes = (space.lastLba + 1n - space.firstLba) * sectorBytes;
  if (into.availableBytes < into.neededBytes) {
    return err(request.intoFreeSpace ? LayoutRefusal.gapTooSmall : LayoutRefusal.diskTooSmall);
  }
  fillSpace(request, space.firstLba, into);
  return ok();
}

/**
 * Plans the image for an installation stick: EFI system, system, state and log, no recovery and no data. `diskBytes` says
 * how large the image is to be.
 */
export function planStick(sectorBytes: u32, systemBytes: u64, into: DiskLayout): Result<void, LayoutRefusal> {
  into.partCount = 0;
  if (sectorBytes !== 512 && sectorBytes !== 4096) return err(LayoutRefusal.sectorSize);
  let next: u64 = MEBIBYTE / BigInt(sectorBytes);
  next = append(into, PartitionRole.efiSystem, next, leastEspBytes(sectorBytes), sectorBytes);
  next = append(into, PartitionRole.system, next, roundUp(systemBytes), sectorBytes);
  next = append(into, PartitionRole.state, next, STATE_BYTES, sectorBytes);
  next = append(into, PartitionRole.log, next, STICK_LOG_BYTES, sectorBytes);
  // One MiB behind the last partition holds the backup of the table.
  into.diskBytes = next * BigInt(sectorBytes) + MEBIBYTE;
  into.neededBytes = into.diskBytes;
  into.availableBytes = into.diskBytes;
  return ok();
}

function leastEspBytes(sectorBytes: u32): u64 {
  return sectorBytes === 512 ? LEAST_ESP_BYTES_512 : LEAST_ESP_BYTES_4096;
}

function leastSystemBytes(request: LayoutRequest): u64 {
  return larger(LEAST_SYSTEM_BYTES, roundUp(request.systemBytes));
}

function leastRecoveryBytes(request: LayoutRequest): u64 {
  return larger(LEAST_RECOVERY_BYTES, roundUp(request.recoveryBytes));
}

/** The sum of the least sizes. */
function leastBytes(request: LayoutRequest): u64 {
  const esp: u64 = request.needsEsp() ? leastEspBytes(request.sectorBytes) : 0n;
  const stores: u64 = leastSystemBytes(request) + leastRecoveryBytes(request);
  return esp + stores + STATE_BYTES + LOG_BYTES + LEAST_DATA_BYTES;
}

/** Chooses the sizes for the space at hand and lines the partitions up from `firstLba` on. */
function fillSpace(request: LayoutRequest, firstLba: u64, into: DiskLayout): void {
  const space = into.availableBytes;
  let esp: u64 = leastEspBytes(request.sectorBytes);
  let system: u64 = leastSystemBytes(request);
  let recovery: u64 = leastRecoveryBytes(request);
  const roomyEsp: u64 = space >= ROOMY_BYTES ? ESP_BYTES : esp;
  const roomySystem: u64 = larger(system, smaller(SYSTEM_BYTES, roundDown(space / 8n)));
  const roomyRecovery: u64 = larger(recovery, smaller(RECOVERY_BYTES, roundDown(space / 16n)));
  const fixed: u64 = STATE_BYTES + LOG_BYTES + LEAST_DATA_BYTES;
  if (roomyEsp + roomySystem + roomyRecovery + fixed <= space) {
    esp = roomyEsp;
    system = roomySystem;
    recovery = roomyRecovery;
  }
  const sectorBytes = request.sectorBytes;
  let next: u64 = firstLba;
  if (request.needsEsp()) next = append(into, PartitionRole.efiSystem, next, esp, sectorBytes);
  else reuse(into, request.espFirstLba, request.espSectors);
  next = append(into, PartitionRole.system, next, system, sectorBytes);
  next = append(into, PartitionRole.recovery, next, recovery, sectorBytes);
  next = append(into, PartitionRole.state, next, STATE_BYTES, sectorBytes);
  next = append(into, PartitionRole.log, next, LOG_BYTES, sectorBytes);
  const used: u64 = (next - firstLba) * BigInt(sectorBytes);
  append(into, PartitionRole.data, next, space - used, sectorBytes);
}

/** Adds a partition to the plan; the first sector behind it. */
function append(into: DiskLayout, role: PartitionRole, firstLba: u64, bytes: u64, sectorBytes: u32): u64 {
  const part = into.parts[into.partCount];
  part.role = role;
  part.firstLba = firstLba;
  part.sectorCount = bytes / BigInt(sectorBytes);
  part.isReused = false;
  into.partCount++;
  return firstLba + part.sectorCount;
}

function reuse(into: DiskLayout, firstLba: u64, sectorCount: u64): void {
  const part = into.parts[into.partCount];
  part.role = PartitionRole.efiSystem;
  part.firstLba = firstLba;
  part.sectorCount = sectorCount;
  part.isReused = true;
  into.partCount++;
}

/** All that a new table leaves usable, from a whole MiB to a whole MiB. Empty (last before first) on a tiny disk. */
function takeWholeDisk(request: LayoutRequest, into: SectorRange): void {
  const table = ARRAY_BYTES / BigInt(request.sectorBytes) + 1n;
  const end: u64 = request.diskSectors > table ? request.diskSectors - table : 0n;
  setAligned(1n, end, request.sectorBytes, into);
}

/** The largest stretch of usable sectors that no partition covers, from a whole MiB to a whole MiB. */
function findLargestGap(request: LayoutRequest, into: SectorRange): void {
  const gap = new SectorRange();
  setAligned(0n, 0n, request.sectorBytes, into);
  // A gap starts with the first usable sector or behind a partition.
  for (let i: u32 = 0; i <= request.takenCount; i++) {
    if (i > 0 && request.taken[i - 1].lastLba >= request.lastUsableLba) continue;
    const start: u64 = i === 0 ? request.firstUsableLba : request.taken[i - 1].lastLba + 1n;
    if (start < request.firstUsableLba) continue;
    setAligned(start, endOfGap(request, start), request.sectorBytes, gap);
    if (gap.lastLba + into.firstLba > into.lastLba + gap.firstLba) {
      into.firstLba = gap.firstLba;
      into.lastLba = gap.lastLba;
    }
  }
}

/** The first sector from `start` on that is taken or not usable. */
function endOfGap(request: LayoutRequest, start: u64): u64 {
  let end: u64 = request.lastUsableLba + 1n;
  for (let i: u32 = 0; i < request.takenCount; i++) {
    const taken = request.taken[i];
    if (taken.lastLba < start) continue;
    if (taken.firstLba <= start) return start;
    if (taken.firstLba < end) end = taken.firstLba;
  }
  return end;
}

/** The whole MiB within the sectors from `start` up to, not including, `end`; last before first where there is none. */
function setAligned(start: u64, end: u64, sectorBytes: u32, into: SectorRange): void {
  const step = MEBIBYTE / BigInt(sectorBytes);
  const from: u64 = larger(u64(start + step - 1n) / step, 1n);
  const to: u64 = end / step;
  into.firstLba = from * step;
  into.lastLba = to > from ? to * step - 1n : into.firstLba - 1n;
}

function roundUp(bytes: u64): u64 {
  return (u64(bytes + MEBIBYTE - 1n) / MEBIBYTE) * MEBIBYTE;
}

function roundDown(bytes: u64): u64 {
  return (bytes / MEBIBYTE) * MEBIBYTE;
}

function larger(one: u64, other: u64): u64 {
  return one > other ? one : other;
}

function smaller(one: u64, other: u64): u64 {
  return one < other ? one : other;
}
