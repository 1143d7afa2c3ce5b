/**
 * Making an empty FAT32 volume (mkfs), as `fsck.vfat` accepts it without a word.
 *
 * Reserved sectors, both FATs and the root directory lie in a row: they are written front to back through the caller's
 * buffer, as many sectors with each command as it holds. The boot sector itself comes last, after a flush: until it is
 * written there is no volume, and a broken format is not taken for one.
 */
import { BlockDevice } from "../device/block-device.ts";
import { END_OF_CHAIN, FAT_ENTRY_MASK, FatGeometry, FIRST_CLUSTER, planFat32 } from "../format/fat.ts";
import { writeBootSector, writeInfoSector } from "../format/fat.ts";
import { ATTRIBUTE_VOLUME_LABEL, SLOT_BYTES, writeShortSlot } from "../format/fat-directory.ts";
import { SHORT_NAME_BYTES } from "../format/fat-name.ts";
import { FatError } from "./fat-error.ts";

const BACKUP_SECTOR = 6;
const MEDIA_ENTRY = 0x0ffffff8;

/** What a new volume is to be called. */
export class FatIdentity {
  /** 32 bits that should differ from volume to volume; `lsblk` shows them as its UUID. */
  volumeId: u32 = 0;
  /** Where the volume starts on its disk. */
  hiddenSectors: u32 = 0;
  /** The time of making, in seconds since 1970, 0 where that is not known. */
  unixSeconds: u64 = 0n;
  readonly label = new Uint8Array(SHORT_NAME_BYTES);

  /** Sets the label: up to 11 capitals. */
  setLabel(text: string): void {
    const bytes = utf8(text);
    bytesOf(this.label).fill(0x20);
    bytesOf(this.label).slice(0, bytes.length).copyFrom(bytes);
  }
}

/** Formats all of `device`. `scratch` is a buffer of whole sectors: the larger, the fewer commands. */
export function formatFat32(
  device: BlockDevice,
  identity: FatIdentity,
  scratch: Bytes,
): Result<void, FatError> {
  const geometry = new FatGeometry();
  const sectorBytes = device.sectorBytes();
  if (sectorBytes !== 512 && sectorBytes !== 4096) return err(FatError.badSize);
  assert(scratch.length >= sectorBytes && scratch.length % sectorBytes === 0);
  if (!planFat32(u16(sectorBytes), device.sectorCount(), geometry)) return err(FatError.badSize);
  const total: u32 = geometry.dataSector + geometry.sectorsPerCluster;
  const room = u32(Math.trunc(scratch.length / sectorBytes));
  // Sector 0 stays zero until all else is durable.
  for (let from: u32 = 0; from < total; from += room) {
    const count: u32 = total - from < room ? total - from : room;
    const piece = scratch.slice(0, count * u16(sectorBytes));
    piece.fill(0);
    fillPiece(geometry, identity, from, count, piece);
    const written = device.write(BigInt(from), piece);
    if (!written.ok) return err(FatError.io);
  }
  if (!isDurable(device)) return err(FatError.io);
  const boot = scratch.slice(0, sectorBytes);
  writeBootSector(geometry, identity.hiddenSectors, identity.volumeId, bytesOf(identity.label), boot);
  const committed = device.write(0n, boot);
  if (!committed.ok || !isDurable(device)) return err(FatError.io);
  return ok();
}

/** Puts those sectors that are not zero into a piece of `count` sectors from sector `from` on. */
function fillPiece(geometry: FatGeometry, identity: FatIdentity, from: u32, count: u32, piece: Bytes): void {
  const sectorBytes = geometry.sectorBytes;
  for (let i: u32 = 0; i < count; i++) {
    const number: u32 = from + i;
    if (!isSpecial(geometry, number)) continue;
    const sector = piece.slice(i * sectorBytes, sectorBytes);
    if (number === BACKUP_SECTOR) {
      writeBootSector(geometry, identity.hiddenSectors, identity.volumeId, bytesOf(identity.label), sector);
    } else if (number === geometry.infoSector || number === geometry.infoSector + BACKUP_SECTOR) {
      writeInfoSector(geometry.clusterCount - 1, FIRST_CLUSTER + 1, sector);
    } else if (number === geometry.dataSector) {
      const label = bytesOf(identity.label);
      writeShortSlot(sector.slice(0, SLOT_BYTES), label, ATTRIBUTE_VOLUME_LABEL, identity.unixSeconds);
    } else {
      sector.setU32le(0, MEDIA_ENTRY);
      sector.setU32le(4, FAT_ENTRY_MASK);
      sector.setU32le(8, END_OF_CHAIN);
    }
  }
}

function isSpecial(geometry: FatGeometry, sector: u32): boolean {
  if (sector === BACKUP_SECTOR || sector === geometry.dataSector) return true;
  if (sector === geometry.infoSector || sector === geometry.infoSector + BACKUP_SECTOR) return true;
  if (sector < geometry.firstFatSector || sector > geometry.dataSector) return false;
  return (sector - geometry.firstFatSector) % geometry.fatSectors === 0;
}

function isDurable(device: BlockDevice): boolean {
  const flushed = device.flush();
  return flushed.ok;
}
