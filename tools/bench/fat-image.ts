// A FAT32 volume of 34 MB with a tree of directories, written down without RayOS' own code: what the walks are measured on.

import type { Random } from "./inputs.ts";

const SECTOR = 512;
const RESERVED = 32;
const FAT_SECTORS = 520;
const CLUSTERS = 66000;
const DATA = RESERVED + 2 * FAT_SECTORS;
const SLOT = 32;
const DIRECTORY = 0x10;
const ARCHIVE = 0x20;
const FOLDERS = 40;
const FILES = 24;

export function fatImage(random: Random): Buffer {
  const image = Buffer.alloc((DATA + CLUSTERS) * SECTOR);
  writeBootSector(image);
  const volume = new Volume(image);
  const root: Buffer[] = [];
  for (let folder = 0; folder < FOLDERS; folder++) {
    const slots: Buffer[] = [
      shortSlot(".          ", DIRECTORY, 0, 0),
      shortSlot("..         ", DIRECTORY, 0, 0),
    ];
    for (let file = 0; file < FILES; file++) slots.push(...entry(random, file, ARCHIVE, 0, random.next()));
    const inner = volume.chain(Buffer.concat(entry(random, 0, ARCHIVE, 0, random.next())));
    slots.push(...entry(random, FILES, DIRECTORY, inner, 0));
    root.push(...entry(random, folder, DIRECTORY, volume.chain(Buffer.concat(slots)), 0));
  }
  volume.fill(2, Buffer.concat(root));
  return image;
}

/** Hands out clusters, two apart now and then, so that chains have gaps. */
class Volume {
  private next = 3;
  private readonly root = 2;

  constructor(private readonly image: Buffer) {
    this.link(0, 0x0ffffff8);
    this.link(1, 0x0fffffff);
  }

  chain(bytes: Buffer): number {
    const first = this.next;
    this.next += 1;
    this.fill(first, bytes);
    return first;
  }

  fill(first: number, bytes: Buffer): void {
    let cluster = first;
    for (let at = 0; ; at += SECTOR) {
      bytes.copy(this.image, (DATA + cluster - this.root) * SECTOR, at, at + SECTOR);
      if (at + SECTOR >= bytes.length) break;
      const following = this.next;
      this.next += at % (7 * SECTOR) === 0 ? 2 : 1;
      this.link(cluster, following);
      cluster = following;
    }
    this.link(cluster, 0x0fffffff);
  }

  private link(cluster: number, value: number): void {
    for (const fat of [RESERVED, RESERVED + FAT_SECTORS])
      this.image.writeUInt32LE(value, fat * SECTOR + cluster * 4);
  }
}

function writeBootSector(image: Buffer): void {
  image.writeUInt16LE(SECTOR, 11);
  image[13] = 1;
  image.writeUInt16LE(RESERVED, 14);
  image[16] = 2;
  image[21] = 0xf8;
  image.writeUInt32LE(DATA + CLUSTERS, 32);
  image.writeUInt32LE(FAT_SECTORS, 36);
  image.writeUInt32LE(2, 44);
  image.writeUInt16LE(0xaa55, 510);
}

/** Three of four entries have a long name, of 14 to 40 characters. */
function entry(random: Random, number: number, attributes: number, cluster: number, size: number): Buffer[] {
  const short = `F${String(random.below(1000000)).padStart(6, "0")}${String(number % 10)}TXT`;
  const slot = shortSlot(short, attributes, cluster, size >>> 8);
  if (number % 4 === 3) return [slot];
  const name = `Datei ${number} – ${"protocol of a day ".repeat(2).slice(0, 2 + random.below(26))}.txt`;
  const units = Buffer.from(`${name}\0`, "utf16le");
  const count = Math.ceil(name.length / 13);
  const padded = Buffer.concat([units, Buffer.alloc(count * 26, 0xff)]).subarray(0, count * 26);
  const parts = Array.from({ length: count }, (_, index) => longSlot(padded, count - index, count, slot));
  return [...parts, slot];
}

function shortSlot(name: string, attributes: number, cluster: number, size: number): Buffer {
  const slot = Buffer.alloc(SLOT);
  slot.write(name, 0, "latin1");
  slot[11] = attributes;
  slot.writeUInt16LE(cluster >>> 16, 20);
  slot.writeUInt16LE(cluster & 0xffff, 26);
  slot.writeUInt32LE(attributes === DIRECTORY ? 0 : size, 28);
  return slot;
}

function longSlot(units: Buffer, number: number, count: number, short: Buffer): Buffer {
  const slot = Buffer.alloc(SLOT);
  let sum = 0;
  for (const byte of short.subarray(0, 11)) sum = ((sum >>> 1) + (sum << 7) + byte) & 0xff;
  slot[0] = number | (number === count ? 0x40 : 0);
  slot[11] = 0x0f;
  slot[13] = sum;
  const part = units.subarray((number - 1) * 26, number * 26);
  part.copy(slot, 1, 0, 10);
  part.copy(slot, 14, 10, 22);
  part.copy(slot, 28, 22, 26);
  return slot;
}
