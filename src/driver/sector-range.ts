/** The check that every disk driver makes before it bothers its device: whole sectors, and all of them on the disk. */
import { IoError } from "../device/block-device.ts";

/** `IoError.none` if `lengthBytes` from `lba` are whole sectors of a disk that has `sectorCount` of them. */
export function rangeFault(lba: u64, lengthBytes: u32, sectorShift: u8, sectorCount: u64): IoError {
  const sectors = lengthBytes >>> sectorShift;
  if ((sectors << sectorShift) >>> 0 !== lengthBytes) return IoError.misaligned;
  if (lba > sectorCount || BigInt(sectors) > sectorCount - lba) return IoError.outOfRange;
  return IoError.none;
}
