/**
 * FAT32 as the EFI system partition needs it (Microsoft's FAT specification of 2000, UEFI 2.10 section 13.3): boot sector
 * and FSInfo ⇄ records, and the measures of a new volume. No I/O.
 *
 *     sector 0         boot sector: BIOS parameter block       copy in sector 6
 *     sector 1         FSInfo: free clusters, where to search  copy in sector 7
 *     reserved         FAT 1, FAT 2: 32 bits a cluster, of which 28 count
 *     after the FATs   clusters 2, 3, …                        the root directory is a chain like any other
 *
 * A geometry that passed `parseBootSector` has all its parts on the volume and in each other's bounds; FAT12 and FAT16,
 * which the count of clusters tells apart, are refused.
 */

/** A volume has at least so many clusters, or it is no FAT32. */
export const FAT32_LEAST_CLUSTERS = 65525;
/** Cluster numbers end here: larger ones mark bad clusters and the ends of chains. */
const MOST_CLUSTERS = 0x0ffffff4;
export const FIRST_CLUSTER = 2;
export const FAT_ENTRY_BYTES = 4;
/** Only these bits of an entry are the cluster; the others are to be kept. */
export const FAT_ENTRY_MASK = 0x0fffffff;
export const END_OF_CHAIN = 0x0fffffff;
const END_OF_CHAIN_FROM = 0x0ffffff8;
/** FSInfo does not know. */
export const UNKNOWN_COUNT: u32 = 0xffffffff;

const MEDIA_FIXED = 0xf8;
const EXTENDED_BOOT_SIGNATURE = 0x29;
const SECTOR_SIGNATURE = 0xaa55;
const SECTOR_SIGNATURE_AT = 510;
const RESERVED_SECTORS = 32;
const INFO_SECTOR = 1;
const BACKUP_SECTOR = 6;
const FAVOURED_CLUSTER_BYTES = 4096;
/** Left of this, a favoured cluster size is halved: a margin to the least count, so that no reader errs about the kind. */
const COMFORTABLE_CLUSTERS = FAT32_LEAST_CLUSTERS + 16;

const BOOT = layout(90, {
  jump: octets(0, 3),
  oemName: octets(3, 8),
  sectorBytes: le16(11),
  sectorsPerCluster: at8(13),
  reservedSectors: le16(14),
  fatCount: at8(16),
  rootEntries: le16(17),
  totalSectors16: le16(19),
  media: at8(21),
  fatSectors16: le16(22),
  sectorsPerTrack: le16(24),
  heads: le16(26),
  hiddenSectors: le32(28),
  totalSectors: le32(32),
  fatSectors: le32(36),
  mirroring: le16(40),
  version: le16(42),
  rootCluster: le32(44),
  infoSector: le16(48),
  backupSector: le16(50),
  reserved: octets(52, 12),
  drive: at8(64),
  reserved1: at8(65),
  extendedSignature: at8(66),
  volumeId: le32(67),
  label: octets(71, 11),
  kind: octets(82, 8),
});

const INFO = layout(512, {
  lead: le32(0),
  reserved: octets(4, 480),
  signature: le32(484),
  freeClusters: le32(488),
  nextFree: le32(492),
  reserved1: octets(496, 12),
  trail: le32(508),
});
const INFO_LEAD = 0x41615252;
const INFO_SIGNATURE = 0x61417272;
const INFO_TRAIL = 0xaa550000;

/** Why a boot sector is not taken. */
export const enum FatFault {
  none = 0,
  /** No FAT file system at all. */
  notFat = 1,
  /** A FAT of 12 or 16 bits. */
  notFat32 = 2,
  /** Its sector size is not the disk's. */
  sectorSize = 3,
  /** Its parts do not fit into each other or onto the volume. */
  geometry = 4,
}

/** The measures of a volume; sectors count from its start. */
export class FatGeometry {
  sectorBytes: u16 = 512;
  sectorsPerCluster: u8 = 1;
  reservedSectors: u16 = 0;
  fatCount: u8 = 0;
  fatSectors: u32 = 0;
  totalSectors: u32 = 0;
  rootCluster: u32 = 0;
  infoSector: u16 = 0;
  clusterCount: u32 = 0;
  /** Where cluster 2 starts. */
  dataSector: u32 = 0;
  /** The FATs in use: all of them, or the active one where mirroring is off. */
  firstFatSector: u32 = 0;
  fatCopies: u8 = 0;

  clusterBytes(): u32 {
    return this.sectorBytes * this.sectorsPerCluster;
  }

  isCluster(cluster: u32): boolean {
    return cluster >= FIRST_CLUSTER && cluster - FIRST_CLUSTER < this.clusterCount;
  }

  /** The first sector of a cluster. */
  clusterSector(cluster: u32): u64 {
    assert(this.isCluster(cluster));
    return BigInt(this.dataSector) + BigInt(cluster - FIRST_CLUSTER) * BigInt(this.sectorsPerCluster);
  }
}

/** Whether an entry of the FAT ends its chain. */
export function endsChain(entry: u32): boolean {
  return entry >= END_OF_CHAIN_FROM;
}

/** Checks the boot sector of a volume of `volumeSectors` sectors of `sectorBytes`, and hands on its measures. */
export function parseBootSector(
  sector: Bytes,
  sectorBytes: u32,
  volumeSectors: u64,
  into: FatGeometry,
): Result<void, FatFault> {
  if (sector.u16le(SECTOR_SIGNATURE_AT) !== SECTOR_SIGNATURE) return err(FatFault.notFat);
  const sectorsPerCluster = BOOT.sectorsPerCluster.get(sector);
  const fatCount = BOOT.fatCount.get(sector);
  if (!isPowerOfTwo(BOOT.sectorBytes.get(sector)) || BOOT.media.get(sector) < 0xf0)
    return err(FatFault.notFat);
  if (!isPowerOfTwo(sectorsPerCluster) || fatCount === 0 || fatCount > 4) return err(FatFault.notFat);
  if (BOOT.reservedSectors.get(sector) === 0) return err(FatFault.notFat);
  if (BOOT.fatSectors16.get(sector) !== 0 || BOOT.rootEntries.get(sector) !== 0)
    return err(FatFault.notFat32);
  if (BOOT.sectorBytes.get(sector) !== sectorBytes) return err(FatFault.sectorSize);
  into.sectorBytes = BOOT.sectorBytes.get(sector);
  into.sectorsPerCluster = sectorsPerCluster;
  into.reservedSectors = BOOT.reservedSectors.get(sector);
  into.fatCount = fatCount;
  into.fatSectors = BOOT.fatSectors.get(sector);
  into.totalSectors = BOOT.totalSectors.get(sector);
  into.rootCluster = BOOT.rootCluster.get(sector);
  into.infoSector = BOOT.infoSector.get(sector);
  const mirroring = BOOT.mirroring.get(sector);
  if (!derive(into, volumeSectors)) return err(FatFault.geometry);
  if ((mirroring & 0x80) !== 0) {
    const active = mirroring & 0xf;
    if (active >= fatCount) return err(FatFault.geometry);
    into.firstFatSector = u32(into.reservedSectors + active * into.fatSectors);
    into.fatCopies = 1;
  }
  return into.clusterCount < FAT32_LEAST_CLUSTERS ? err(FatFault.notFat32) : ok();
}

/**
 * The measures of a new volume on `volumeSectors` sectors: clusters of 4 KiB where they make it a FAT32, smaller ones on
 * smaller volumes. False where the volume is too small for FAT32, or larger than 2^32 - 1 sectors.
 */
export function planFat32(sectorBytes: u16, volumeSectors: u64, into: FatGeometry): boolean {
  if (volumeSectors > 0xffffffffn) return false;
  let clusterBytes: u32 = Math.max(FAVOURED_CLUSTER_BYTES, sectorBytes);
  while (clusterBytes >= sectorBytes) {
    measure(into, sectorBytes, clusterBytes, u32(Number(volumeSectors)));
    if (derive(into, volumeSectors) && into.clusterCount >= COMFORTABLE_CLUSTERS) return true;
    clusterBytes = clusterBytes >>> 1;
  }
  return false;
}

/** Writes the boot sector of a volume over all of `sector`. `label` has 11 characters. */
export function writeBootSector(
  geometry: FatGeometry,
  hiddenSectors: u32,
  volumeId: u32,
  label: Bytes,
  sector: Bytes,
): void {
  sector.fill(0);
  // Jumps over the parameter block to "halt, and again", for firmware that runs boot sectors.
  sector.setU8(0, 0xeb);
  sector.setU8(1, 0x58);
  sector.setU8(2, 0x90);
  sector.setU8(BOOT.byteLength, 0xf4);
  sector.setU16le(BOOT.byteLength + 1, 0xfdeb);
  BOOT.oemName.of(sector).copyFrom(utf8("RAYOS   "));
  BOOT.sectorBytes.set(sector, geometry.sectorBytes);
  BOOT.sectorsPerCluster.set(sector, geometry.sectorsPerCluster);
  BOOT.reservedSectors.set(sector, geometry.reservedSectors);
  BOOT.fatCount.set(sector, geometry.fatCount);
  BOOT.media.set(sector, MEDIA_FIXED);
  BOOT.sectorsPerTrack.set(sector, 63);
  BOOT.heads.set(sector, 255);
  BOOT.hiddenSectors.set(sector, hiddenSectors);
  BOOT.totalSectors.set(sector, geometry.totalSectors);
  BOOT.fatSectors.set(sector, geometry.fatSectors);
  BOOT.rootCluster.set(sector, geometry.rootCluster);
  BOOT.infoSector.set(sector, geometry.infoSector);
  BOOT.backupSector.set(sector, BACKUP_SECTOR);
  BOOT.drive.set(sector, 0x80);
  BOOT.extendedSignature.set(sector, EXTENDED_BOOT_SIGNATURE);
  BOOT.volumeId.set(sector, volumeId);
  BOOT.label.of(sector).copyFrom(label);
  BOOT.kind.of(sector).copyFrom(utf8("FAT32   "));
  sector.setU16le(SECTOR_SIGNATURE_AT, SECTOR_SIGNATURE);
}

/** Writes FSInfo over all of `sector`. */
export function writeInfoSector(freeClusters: u32, nextFree: u32, sector: Bytes): void {
  sector.fill(0);
  INFO.lead.set(sector, INFO_LEAD);
  INFO.signature.set(sector, INFO_SIGNATURE);
  INFO.freeClusters.set(sector, freeClusters);
  INFO.nextFree.set(sector, nextFree);
  INFO.trail.set(sector, INFO_TRAIL);
}

/** Whether `sector` is an FSInfo. Its numbers are hints, never to be trusted. */
export function isInfoSector(sector: Bytes): boolean {
  if (INFO.lead.get(sector) !== INFO_LEAD || INFO.trail.get(sector) !== INFO_TRAIL) return false;
  return INFO.signature.get(sector) === INFO_SIGNATURE;
}

export function infoFreeClusters(sector: Bytes): u32 {
  return INFO.freeClusters.get(sector);
}

export function infoNextFree(sector: Bytes): u32 {
  return INFO.nextFree.get(sector);
}

/** Completes a geometry by what follows from it; false where its parts do not fit. */
function derive(geometry: FatGeometry, volumeSectors: u64): boolean {
  const fats = geometry.fatCount * geometry.fatSectors;
  const data = geometry.reservedSectors + fats;
  if (geometry.fatSectors === 0 || data >= geometry.totalSectors) return false;
  if (BigInt(geometry.totalSectors) > volumeSectors) return false;
  geometry.dataSector = u32(data);
  const fromSize = Math.trunc((geometry.totalSectors - geometry.dataSector) / geometry.sectorsPerCluster);
  const entries = Math.trunc((geometry.fatSectors * geometry.sectorBytes) / FAT_ENTRY_BYTES);
  if (entries <= FIRST_CLUSTER || fromSize === 0) return false;
  geometry.clusterCount = u32(Math.min(Math.min(fromSize, entries - FIRST_CLUSTER), MOST_CLUSTERS));
  geometry.firstFatSector = geometry.reservedSectors;
  geometry.fatCopies = geometry.fatCount;
  return geometry.isCluster(geometry.rootCluster);
}

/** The measures for one cluster size: two FATs that just suffice, data aligned to a cluster. */
function measure(into: FatGeometry, sectorBytes: u16, clusterBytes: u32, totalSectors: u32): void {
  const perCluster = u8(Math.trunc(clusterBytes / sectorBytes));
  // Each cluster takes its own bytes and an entry in both FATs; two entries are no clusters.
  const bytesEach: u32 = clusterBytes + 2 * FAT_ENTRY_BYTES;
  const clusters = Math.trunc((totalSectors * sectorBytes) / bytesEach);
  const fatSectors = Math.trunc(
    ((clusters + FIRST_CLUSTER) * FAT_ENTRY_BYTES + sectorBytes - 1) / sectorBytes,
  );
  const unaligned = (RESERVED_SECTORS + 2 * fatSectors) % perCluster;
  into.sectorBytes = sectorBytes;
  into.sectorsPerCluster = perCluster;
  into.reservedSectors = u16(RESERVED_SECTORS + (unaligned === 0 ? 0 : perCluster - unaligned));
  into.fatCount = 2;
  into.fatSectors = u32(fatSectors);
  into.totalSectors = totalSectors;
  into.rootCluster = FIRST_CLUSTER;
  into.infoSector = INFO_SECTOR;
}

function isPowerOfTwo(value: u16): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
