/**
 * The master boot record: on a GPT disk a guard that tells old tools "this disk is taken" (UEFI 2.10, section 5.2.3).
 *
 *     0    boot code (440)     legacy firmware runs it; kept as it is, or replaced by the image builder
 *     440  disk signature (4), reserved (2)
 *     446  four entries of 16: status, first CHS (3), type, last CHS (3), first LBA, sectors
 *     510  55 aa
 */

export const MBR_BYTES = 512;
export const BOOT_CODE_BYTES = 440;

const ENTRIES_AT = 446;
const ENTRY_BYTES = 16;
const TYPE_PROTECTIVE = 0xee;
const BOOT_SIGNATURE_AT = 510;
const BOOT_SIGNATURE = 0xaa55;

const ENTRY = layout(ENTRY_BYTES, {
  status: at8(0),
  firstHead: at8(1),
  firstSector: at8(2),
  firstCylinder: at8(3),
  type: at8(4),
  lastHead: at8(5),
  lastSector: at8(6),
  lastCylinder: at8(7),
  firstLba: le32(8),
  sectors: le32(12),
});

export const enum MbrKind {
  /** No signature, or no partition: an empty disk, or one file system over all of it. */
  none = 0,
  /** One entry of type 0xee and no other: a GPT disk. */
  protective = 1,
  /** An entry of type 0xee beside others: GPT, with some partitions shown to old systems too. */
  hybrid = 2,
  /** Partitions, but none of type 0xee: the disk is not a GPT disk, whatever stands in sector 1. */
  legacy = 3,
}

/** What the first sector of a disk says about its partitioning. */
export function mbrKind(sector: Bytes): MbrKind {
  if (sector.u16le(BOOT_SIGNATURE_AT) !== BOOT_SIGNATURE) return MbrKind.none;
  let protective: boolean = false;
  let others: boolean = false;
  for (let i: u32 = 0; i < 4; i++) {
    const entry = sector.slice(ENTRIES_AT + i * ENTRY_BYTES, ENTRY_BYTES);
    // A status other than these two means that this is a file system's boot sector and these are its code bytes.
    const status = ENTRY.status.get(entry);
    if (status !== 0 && status !== 0x80) return MbrKind.none;
    if (ENTRY.type.get(entry) === 0 || ENTRY.sectors.get(entry) === 0) continue;
    if (ENTRY.type.get(entry) === TYPE_PROTECTIVE) protective = true;
    else others = true;
  }
  if (protective) return others ? MbrKind.hybrid : MbrKind.protective;
  return others ? MbrKind.legacy : MbrKind.none;
}

/** Turns the first sector into a protective MBR for a disk of `diskSectors`. Boot code and disk signature stay. */
export function writeProtectiveMbr(sector: Bytes, diskSectors: u64): void {
  assert(sector.length >= MBR_BYTES && diskSectors > 1n);
  sector.slice(ENTRIES_AT, 4 * ENTRY_BYTES).fill(0);
  const entry = sector.slice(ENTRIES_AT, ENTRY_BYTES);
  const covered = diskSectors - 1n;
  ENTRY.firstSector.set(entry, 2);
  ENTRY.type.set(entry, TYPE_PROTECTIVE);
  ENTRY.lastHead.set(entry, 0xff);
  ENTRY.lastSector.set(entry, 0xff);
  ENTRY.lastCylinder.set(entry, 0xff);
  ENTRY.firstLba.set(entry, 1);
  ENTRY.sectors.set(entry, covered > 0xffffffffn ? 0xffffffff : u32(Number(covered)));
  sector.setU16le(BOOT_SIGNATURE_AT, BOOT_SIGNATURE);
}

/** Puts a program for legacy firmware, at most 440 bytes, in front of the table. */
export function setBootCode(sector: Bytes, code: Bytes): void {
  assert(code.length <= BOOT_CODE_BYTES);
  sector.slice(0, BOOT_CODE_BYTES).fill(0);
  sector.slice(0, code.length).copyFrom(code);
}
