/**
 * Saving a disk's partition table before it is changed, and putting it back.
 *
 * What is saved are the sectors of both ends, not what they mean: an empty disk, an MBR disk and a damaged GPT are
 * restored just as well. The whole record, `SAVED_TABLE_ROOM_BYTES` at most, is made in a buffer of the caller, who
 * keeps it where it survives. Called by the installer.
 */
import { BlockDevice } from "../device/block-device.ts";
import { GPT_ARRAY_LIMIT_BYTES, GptHeader, parseHeader, sectorsFor } from "../format/gpt.ts";
import {
  parseSavedTable,
  SAVED_TABLE_HEAD_BYTES,
  SavedTable,
  sealSavedTable,
} from "../format/saved-table.ts";
import { TableError } from "./partition-table.ts";

/** Enough for the record of any table that RayOS changes: two ends, each with the largest array, its header and an MBR. */
export const SAVED_TABLE_ROOM_BYTES = 4096 + 2 * (GPT_ARRAY_LIMIT_BYTES + 2 * 4096);

/** The array of 128 entries of 128 bytes. */
const USUAL_ARRAY_BYTES = 16384;

/**
 * Reads both ends of the disk into a record in `into` and gives its length, a multiple of 4096 or of the sector size.
 * `unsupported` where the table reaches further in than `into` has room for.
 */
export function saveTable(device: BlockDevice, into: Bytes): Result<u32, TableError> {
  const saved = new SavedTable();
  saved.sectorBytes = device.sectorBytes();
  saved.diskSectors = device.sectorCount();
  if (saved.sectorBytes !== 512 && saved.sectorBytes !== 4096) return err(TableError.disk);
  const usual = sectorsFor(USUAL_ARRAY_BYTES, saved.sectorBytes);
  if (saved.diskSectors < 3n + 2n * BigInt(usual)) return err(TableError.disk);
  saved.headSectors = 2 + usual;
  saved.tailSectors = 1 + usual;
  const sized = includeArrays(device, saved, into);
  if (!sized.ok) return err(sized.error);
  // Neither count exceeds the buffer's length in bytes, so the sum is exact.
  if (saved.headSectors + saved.tailSectors > Math.trunc(into.length / saved.sectorBytes)) {
    return err(TableError.unsupported);
  }
  if (saved.totalBytes() > into.length) return err(TableError.unsupported);
  const head = device.read(0n, into.slice(SAVED_TABLE_HEAD_BYTES, saved.headBytes()));
  if (!head.ok) return err(TableError.io);
  const tailLba = saved.diskSectors - BigInt(saved.tailSectors);
  const tail = device.read(
    tailLba,
    into.slice(SAVED_TABLE_HEAD_BYTES + saved.headBytes(), saved.tailBytes()),
  );
  if (!tail.ok) return err(TableError.io);
  sealSavedTable(saved, into.slice(0, saved.totalBytes()));
  return ok(saved.totalBytes());
}

/**
 * Puts a saved table back: 1. the end of the disk, flushed; 2. its start, flushed: the commit point. `badSave` where the
 * record is damaged or the disk has another size than the one it was made of; nothing is written then.
 */
export function restoreTable(device: BlockDevice, bytes: Bytes): Result<void, TableError> {
  const saved = new SavedTable();
  if (!parseSavedTable(bytes, saved)) return err(TableError.badSave);
  if (saved.sectorBytes !== device.sectorBytes()) return err(TableError.badSave);
  if (saved.diskSectors !== device.sectorCount()) return err(TableError.badSave);
  const tailLba = saved.diskSectors - BigInt(saved.tailSectors);
  const tail = bytes.slice(SAVED_TABLE_HEAD_BYTES + saved.headBytes(), saved.tailBytes());
  const tailDone = writeAndFlush(device, tailLba, tail);
  if (!tailDone.ok) return tailDone;
  return writeAndFlush(device, 0n, bytes.slice(SAVED_TABLE_HEAD_BYTES, saved.headBytes()));
}

/** Widens both ends so that they take in the arrays that valid headers name. `scratch` is for one sector. */
function includeArrays(device: BlockDevice, saved: SavedTable, scratch: Bytes): Result<void, TableError> {
  if (scratch.length < saved.sectorBytes) return err(TableError.unsupported);
  const header = new GptHeader();
  const sector = scratch.slice(0, saved.sectorBytes);
  const first = device.read(1n, sector);
  if (!first.ok) return err(TableError.io);
  const primary = parseHeader(sector, 1n, saved.diskSectors, header);
  if (primary.ok && header.arrayLba < header.firstUsableLba) {
    const end = header.arrayLba + BigInt(sectorsFor(header.arrayBytes(), saved.sectorBytes));
    if (end > BigInt(scratch.length)) return err(TableError.unsupported);
    if (end > BigInt(saved.headSectors)) saved.headSectors = u32(Number(end));
  }
  const lastLba = saved.diskSectors - 1n;
  const last = device.read(lastLba, sector);
  if (!last.ok) return err(TableError.io);
  const backup = parseHeader(sector, lastLba, saved.diskSectors, header);
  if (backup.ok && header.arrayLba > header.lastUsableLba) {
    const sectors = saved.diskSectors - header.arrayLba;
    if (sectors > BigInt(scratch.length)) return err(TableError.unsupported);
    if (sectors > BigInt(saved.tailSectors)) saved.tailSectors = u32(Number(sectors));
  }
  return ok();
}

function writeAndFlush(device: BlockDevice, lba: u64, source: Bytes): Result<void, TableError> {
  const written = device.write(lba, source);
  if (!written.ok) return err(TableError.io);
  const flushed = device.flush();
  if (!flushed.ok) return err(TableError.io);
  return ok();
}
