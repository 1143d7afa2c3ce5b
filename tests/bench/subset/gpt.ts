// A GUID partition table, parsed and checked: the code of `src/format/gpt.ts`. Header and array, as from LBA 1 on.

import { crc32 } from "../../../src/base/crc32.ts";
import {
  GPT_NAME_TEXT_BYTES,
  GptEntry,
  GptHeader,
  parseHeader,
  readEntry,
  slotIsUsed,
} from "../../../src/format/gpt.ts";

const SECTOR_BYTES = 512;
const DISK_SECTORS = 0x100000n;

const header = new GptHeader();
const entry = new GptEntry();

/** Writes each partition's place and name to `work`; how many there are. */
export function run(input: Bytes, work: Bytes): u32 {
  const parsed = parseHeader(input.slice(0, SECTOR_BYTES), 1n, DISK_SECTORS, header);
  if (!parsed.ok) return 0;
  const array = input.slice(SECTOR_BYTES, header.arrayBytes());
  if (crc32(array) !== header.arrayCrc) return 0;
  let used: u32 = 0;
  let to: u32 = 0;
  for (let at: u32 = 0; at < array.length; at += header.entryBytes) {
    const slot = array.slice(at, header.entryBytes);
    if (!slotIsUsed(slot)) continue;
    readEntry(slot, entry);
    used++;
    work.setU64le(to, entry.firstLba);
    work.setU64le(to + 8, entry.sectorCount());
    to += 16 + entry.nameText(work.slice(to + 16, GPT_NAME_TEXT_BYTES));
  }
  return used;
}
