/**
 * ATA: what a disk says about itself, and the commands it is given (ATA/ATAPI command set, ACS-3). No I/O.
 *
 * Identify data is 256 little-endian words of 16 bits. Of them are read:
 *
 *       0 kind    10–19 serial    27–46 model    75 queue depth    76 NCQ    83 48-bit    85 cache
 *     100–103 sectors    106, 117–118 size of a sector    255 checksum
 *
 * Text stands with the bytes of each word exchanged. A disk without 48-bit addresses is not used.
 */
import { deviceText } from "./device-text.ts";

export const ATA_IDENTIFY_BYTES = 512;

/** Commands (ACS-3, section 7). */
export const enum AtaCommand {
  readDmaExt = 0x25,
  writeDmaExt = 0x35,
  readFpdmaQueued = 0x60,
  writeFpdmaQueued = 0x61,
  standbyImmediate = 0xe0,
  flushCacheExt = 0xea,
  identifyDevice = 0xec,
}

/** Status and error register (ACS-3, sections 6.2 and 6.3). */
export const ATA_STATUS_ERROR = 0x01;
export const ATA_STATUS_DATA_REQUEST = 0x08;
export const ATA_STATUS_BUSY = 0x80;
/** The link damaged the data on its way. */
export const ATA_ERROR_INTERFACE_CRC = 0x80;

const TEXT_BYTES = 40;
const SERIAL_AT = 20;
const SERIAL_BYTES = 20;
const MODEL_AT = 54;
/** Word 255: this in the low byte, and a checksum in the high one. */
const INTEGRITY_SIGNATURE = 0xa5;
/** What 48 bits can address. */
const SECTOR_LIMIT: u64 = 0x1_0000_0000_0000n;

export class AtaIdentity {
  sectorShift: u8 = 9;
  sectorCount: u64 = 0n;
  /** Commands that the disk takes at once; 0 if it has no native command queuing. */
  queueDepth: u8 = 0;
  modelLength: u8 = 0;
  serialLength: u8 = 0;
  readonly model = new Uint8Array(TEXT_BYTES);
  readonly serial = new Uint8Array(SERIAL_BYTES);
}

/** Reads identify data of `ATA_IDENTIFY_BYTES`. False where the disk is none, is damaged, or is of a kind that is not used. */
export function parseIdentify(data: Bytes, into: AtaIdentity): boolean {
  if (data.length !== ATA_IDENTIFY_BYTES || !checksumHolds(data)) return false;
  const isAta = (word(data, 0) & 0x8000) === 0;
  const commands = word(data, 83);
  const hasWideAddresses = (commands & 0xc400) === 0x4400;
  if (!isAta || !hasWideAddresses) return false;
  const shift = sectorShift(data);
  if (shift === 0) return false;
  into.sectorShift = shift;
  into.sectorCount = data.u64le(200);
  into.queueDepth = queueDepth(data);
  into.modelLength = swappedText(data.slice(MODEL_AT, TEXT_BYTES), into.model);
  into.serialLength = swappedText(data.slice(SERIAL_AT, SERIAL_BYTES), into.serial);
  return into.sectorCount > 0n && into.sectorCount <= SECTOR_LIMIT;
}

/** All bytes add up to 0, if the disk has a checksum at all. */
function checksumHolds(data: Bytes): boolean {
  if (data.u8(510) !== INTEGRITY_SIGNATURE) return true;
  let sum: u8 = 0;
  for (const byte of span(data, 0, ATA_IDENTIFY_BYTES)) sum = (sum + byte) & 0xff;
  return sum === 0;
}

/** 9 or 12; 0 for a size that is not used. Words 117 and 118 count in 16 bits, if word 106 says that they are valid. */
function sectorShift(data: Bytes): u8 {
  const isGiven = (word(data, 106) & 0xd000) === 0x5000;
  if (!isGiven) return 9;
  switch (data.u32le(234)) {
    case 256:
      return 9;
    case 2048:
      return 12;
    default:
      return 0;
  }
}

/** Words 76 and 75; 0 and all ones in word 76 mean that it says nothing. */
function queueDepth(data: Bytes): u8 {
  const capabilities = word(data, 76);
  if (capabilities === 0xffff || (capabilities & 0x100) === 0) return 0;
  return (word(data, 75) & 0x1f) + 1;
}

function swappedText(field: Bytes, target: Uint8Array): u8 {
  const text = new Uint8Array(TEXT_BYTES);
  for (let i: u32 = 0; i < field.length; i++) text[i] = field.u8((i ^ 1) >>> 0);
  return deviceText(bytesOf(text).slice(0, field.length), target);
}

function word(data: Bytes, index: u8): u16 {
  return data.u16le(index * 2);
}
