import { crc32WithoutField } from "../../../src/base/crc32.ts";
import { GPT_ENTRY_BYTES, GPT_NAME_TEXT_BYTES, GptEntry, GptFault } from "../../../src/format/gpt.ts";
import { GptHeader, parseHeader, readEntry, slotIsUsed, writeEntry } from "../../../src/format/gpt.ts";
import { writeHeader } from "../../../src/format/gpt.ts";
import { setGuid } from "../../../src/base/guid.ts";
import { TYPE_EFI_SYSTEM } from "../../../src/format/partition-types.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const DISK_SECTORS: u64 = 2097152n;

class Scratch {
  readonly sector = new Uint8Array(4096);
  readonly text = new Uint8Array(GPT_NAME_TEXT_BYTES);
}

const scratch = new Scratch();
const header = new GptHeader();
const parsed = new GptHeader();
const entry = new GptEntry();
const copied = new GptEntry();

export function main(): void {
  const sector = bytesOf(scratch.sector).slice(0, 512);

  test("a header survives the way to bytes and back");
  goodHeader();
  writeHeader(header, sector);
  equal(faultOf(sector, 1n), GptFault.none);
  equalBig(parsed.alternateLba, DISK_SECTORS - 1n);
  equalBig(parsed.firstUsableLba, 34n);
  equalBig(parsed.lastUsableLba, DISK_SECTORS - 34n);
  equal(parsed.arrayBytes(), 16384);
  equal(parsed.arrayCrc, 0x12345678);
  isTrue(bytesOf(parsed.diskGuid).equals(bytesOf(header.diskGuid)));

  test("every flipped bit of a header is found");
  let undetected: u32 = 0;
  for (let bit: u32 = 0; bit < 92 * 8; bit++) {
    const at = bit >>> 3;
    const before = sector.u8(at);
    sector.setU8(at, before ^ ((1 << (bit & 7)) & 0xff));
    if (faultOf(sector, 1n) === GptFault.none) undetected++;
    sector.setU8(at, before);
  }
  equal(undetected, 0);

  test("a header with a right CRC and impossible content is refused for its reason");
  goodHeader();
  header.entryBytes = 192;
  equal(faultOfHeader(), GptFault.arraySize);
  header.entryBytes = 0;
  equal(faultOfHeader(), GptFault.arraySize);
  header.entryBytes = 128;
  header.entryCount = 0xffffffff;
  equal(faultOfHeader(), GptFault.arraySize);
  header.entryCount = 128;
  header.lastUsableLba = DISK_SECTORS;
  equal(faultOfHeader(), GptFault.geometry);
  header.lastUsableLba = 33n;
  equal(faultOfHeader(), GptFault.geometry);
  goodHeader();
  header.arrayLba = 3n;
  equal(faultOfHeader(), GptFault.geometry);
  header.arrayLba = 0xffffffffffffffffn;
  equal(faultOfHeader(), GptFault.geometry);
  goodHeader();
  header.firstUsableLba = 1n;
  equal(faultOfHeader(), GptFault.geometry);
  goodHeader();
  writeHeader(header, sector);
  equal(faultOf(sector, 2n), GptFault.position);
  sector.setU32le(12, 0xffffffff);
  equal(faultOf(sector, 1n), GptFault.headerSize);

  test("a longer header of a later minor kind is read, its CRC taken over all of it");
  writeHeader(header, sector);
  sector.setU32le(12, 200);
  sector.setU8(150, 1);
  equal(faultOf(sector, 1n), GptFault.headerCrc);
  sector.setU32le(16, crc32WithoutField(sector.slice(0, 200), 16));
  equal(faultOf(sector, 1n), GptFault.none);

  entries();
}

function entries(): void {
  test("an entry survives the way to bytes and back, its name included");
  const slot = bytesOf(scratch.sector).slice(0, GPT_ENTRY_BYTES);
  slot.fill(0);
  isTrue(!slotIsUsed(slot));
  setGuid(bytesOf(entry.type), TYPE_EFI_SYSTEM);
  bytesOf(entry.unique).fill(3);
  entry.firstLba = 2048n;
  entry.lastLba = 4095n;
  entry.attributes = 0x8000000000000001n;
  entry.setName(utf8("Größe 日本語"));
  writeEntry(entry, slot);
  isTrue(slotIsUsed(slot));
  readEntry(slot, copied);
  equalBig(copied.sectorCount(), 2048n);
  equalBig(copied.attributes, 0x8000000000000001n);
  isTrue(bytesOf(copied.type).equals(bytesOf(entry.type)));
  const text = bytesOf(scratch.text);
  const length = copied.nameText(text);
  isTrue(text.slice(0, length).equals(utf8("Größe 日本語")));

  test("a name is cut after 36 units and never reaches over its field");
  entry.setName(utf8("0123456789012345678901234567890123456789"));
  equal(entry.nameText(text), 36);
}

function goodHeader(): void {
  header.myLba = 1n;
  header.alternateLba = DISK_SECTORS - 1n;
  header.firstUsableLba = 34n;
  header.lastUsableLba = DISK_SECTORS - 34n;
  header.arrayLba = 2n;
  header.entryCount = 128;
  header.entryBytes = 128;
  header.arrayCrc = 0x12345678;
  bytesOf(header.diskGuid).fill(0xab);
}

function faultOfHeader(): GptFault {
  const sector = bytesOf(scratch.sector).slice(0, 512);
  writeHeader(header, sector);
  return faultOf(sector, 1n);
}

function faultOf(sector: Bytes, lba: u64): GptFault {
  const result = parseHeader(sector, lba, DISK_SECTORS, parsed);
  return result.ok ? GptFault.none : result.error;
}
