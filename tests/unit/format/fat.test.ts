import { FAT32_LEAST_CLUSTERS, FatFault, FatGeometry, parseBootSector } from "../../../src/format/fat.ts";
import { planFat32, writeBootSector } from "../../../src/format/fat.ts";
import {
  isInCapitals,
  isValidName,
  makeShortName,
  namesMatch,
  plainShortName,
} from "../../../src/format/fat-name.ts";
import { SHORT_NAME_BYTES, shortNameChecksum, shortNameText } from "../../../src/format/fat-name.ts";
import { fatDate, fatTime } from "../../../src/format/fat-time.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly sector = new Uint8Array(512);
  readonly short = new Uint8Array(SHORT_NAME_BYTES);
  readonly text = new Uint8Array(12);
}

const scratch = new Scratch();
const planned = new FatGeometry();
const parsed = new FatGeometry();
const VOLUME_SECTORS: u64 = 131072n;

export function main(): void {
  geometry();
  bootSectors();
  shortNames();
  names();
  times();
}

function geometry(): void {
  test("a volume of 64 MiB gets small clusters, one of 512 MiB such of 4 KiB, both enough of them for FAT32");
  isTrue(planFat32(512, VOLUME_SECTORS, planned));
  equal(planned.clusterBytes(), 512);
  isTrue(planned.clusterCount >= FAT32_LEAST_CLUSTERS);
  isTrue(planFat32(512, 1048576n, planned));
  equal(planned.clusterBytes(), 4096);
  equal(planned.dataSector % 8, 0);
  isTrue(planFat32(4096, 67584n, planned));
  equal(planned.clusterBytes(), 4096);

  test("a volume that cannot be FAT32 is refused");
  isTrue(!planFat32(512, 65536n, planned));
  isTrue(!planFat32(4096, 16384n, planned));
  isTrue(!planFat32(512, 0n, planned));
  isTrue(!planFat32(512, 0x100000000n, planned));

  test("every entry of a plan's FAT has its sector, and every cluster lies on the volume");
  for (let sectors: u32 = 67000; sectors < 2000000; sectors += 12347) {
    if (!planFat32(512, BigInt(sectors), planned)) continue;
    isTrue((planned.clusterCount + 2) * 4 <= planned.fatSectors * 512);
    isTrue(planned.dataSector + planned.clusterCount * planned.sectorsPerCluster <= sectors);
  }
}

function bootSectors(): void {
  const sector = bytesOf(scratch.sector);
  test("a boot sector survives the way to bytes and back");
  isTrue(planFat32(512, VOLUME_SECTORS, planned));
  writeBootSector(planned, 2048, 0x12345678, utf8("RAYOS      "), sector);
  equal(faultOf(sector), FatFault.none);
  equal(parsed.clusterCount, planned.clusterCount);
  equal(parsed.dataSector, planned.dataSector);
  equal(parsed.rootCluster, 2);
  equal(parsed.fatCopies, 2);

  test("no byte of a boot sector, whatever its value, makes a geometry that leaves the volume");
  for (let at: u32 = 11; at < 52; at++) {
    const before = sector.u8(at);
    for (let value: u32 = 0; value < 256; value++) {
      sector.setU8(at, value & 0xff);
      if (faultOf(sector) === FatFault.none) isTrue(staysOnVolume());
    }
    sector.setU8(at, before);
  }

  test("what is no FAT32 is told from what is no FAT");
  sector.setU16le(22, 100);
  equal(faultOf(sector), FatFault.notFat32);
  sector.setU16le(22, 0);
  sector.setU16le(11, 4096);
  equal(faultOf(sector), FatFault.sectorSize);
  sector.setU16le(11, 512);
  sector.setU32le(32, 200000);
  equal(faultOf(sector), FatFault.geometry);
  sector.setU16le(510, 0);
  equal(faultOf(sector), FatFault.notFat);

  test("a FAT without mirroring is used alone");
  writeBootSector(planned, 0, 0, utf8("RAYOS      "), sector);
  sector.setU16le(40, 0x81);
  equal(faultOf(sector), FatFault.none);
  equal(parsed.fatCopies, 1);
  equal(parsed.firstFatSector, parsed.reservedSectors + parsed.fatSectors);
  sector.setU16le(40, 0x82);
  equal(faultOf(sector), FatFault.geometry);
}

function shortNames(): void {
  const short = bytesOf(scratch.short);
  test("a name of eight and three characters is its own short name, in capitals");
  isTrue(plainShortName(utf8("BOOTX64.EFI"), short));
  isTrue(short.equals(utf8("BOOTX64 EFI")));
  isTrue(isInCapitals(utf8("BOOTX64.EFI")));
  isTrue(plainShortName(utf8("efi"), short));
  isTrue(short.equals(utf8("EFI        ")));
  isTrue(!isInCapitals(utf8("efi")));

  test("other names have none of their own");
  isTrue(!plainShortName(utf8("bootmanager.efi"), short));
  isTrue(!plainShortName(utf8("a.html"), short));
  isTrue(!plainShortName(utf8("a.b.c"), short));
  isTrue(!plainShortName(utf8("a b"), short));
  isTrue(!plainShortName(utf8(".config"), short));
  isTrue(!plainShortName(utf8("ä"), short));
  isTrue(!plainShortName(utf8("a."), short));

  test("a made-up short name keeps what can be kept, and its number");
  makeShortName(utf8("bootmanager.config"), 1, short);
  isTrue(short.equals(utf8("BOOTMA~1CON")));
  makeShortName(utf8("a b.c.d"), 12, short);
  isTrue(short.equals(utf8("ABC~12  D  ")));
  makeShortName(utf8("Größe"), 999999, short);
  isTrue(short.equals(utf8("G~999999   ")));
  makeShortName(utf8(".config"), 3, short);
  isTrue(short.equals(utf8("CONFIG~3   ")));

  test("short names are shown as text");
  const text = bytesOf(scratch.text);
  equal(shortNameText(utf8("BOOTX64 EFI"), text), 11);
  isTrue(text.slice(0, 11).equals(utf8("BOOTX64.EFI")));
  equal(shortNameText(utf8("EFI        "), text), 3);

  test("the checksum of a short name is the specification's");
  equal(shortNameChecksum(utf8("FILENAMETXT")), checksumBySteps(utf8("FILENAMETXT")));
  isTrue(shortNameChecksum(utf8("FILENAMETXT")) !== shortNameChecksum(utf8("FILENAMETXU")));
}

function names(): void {
  test("names are compared without regard to case");
  isTrue(namesMatch(utf8("\\Efi"), utf8("\\eFI")));
  isTrue(namesMatch(utf8("GRÖSSE"), utf8("grösse")));
  isTrue(namesMatch(utf8("ΑΩ Жѐ"), utf8("αω жЀ")));
  isTrue(!namesMatch(utf8("efi"), utf8("ef")));
  isTrue(!namesMatch(utf8("ef"), utf8("efi")));
  isTrue(!namesMatch(utf8("["), utf8("{")));
  isTrue(!namesMatch(utf8("×"), utf8("÷")));

  test("names that FAT cannot hold are refused");
  isTrue(isValidName(utf8("rayboot.efi")));
  isTrue(isValidName(utf8("a")));
  isTrue(!isValidName(utf8("")));
  isTrue(!isValidName(utf8("a/b")));
  isTrue(!isValidName(utf8("a?b")));
  isTrue(!isValidName(utf8("a.")));
  isTrue(!isValidName(utf8(".")));
  isTrue(!isValidName(utf8("..")));
  isTrue(!isValidName(utf8("a ")));
  isTrue(!isValidName(utf8("a\nb")));
}

function times(): void {
  test("times become FAT's, and those that it does not know the nearest");
  equal(fatDate(1767709800n), 46 * 512 + 1 * 32 + 6);
  equal(fatTime(1767709800n), 14 * 2048 + 30 * 32);
  equal(fatDate(951782400n), 20 * 512 + 2 * 32 + 29);
  equal(fatDate(0n), 33);
  equal(fatDate(4354819199n), 127 * 512 + 12 * 32 + 31);
  equal(fatDate(0xffffffffffffffffn), 127 * 512 + 12 * 32 + 31);
  equal(fatDate(4107542400n), 120 * 512 + 3 * 32 + 1);
}

/** Rotate to the right by one and add, step by step. */
function checksumBySteps(short: Bytes): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 11; i++) {
    const carry = (sum & 1) === 1 ? 128 : 0;
    sum = (carry + (sum >>> 1) + short.u8(i)) % 256;
  }
  return sum;
}

function faultOf(sector: Bytes): FatFault {
  const result = parseBootSector(sector, 512, VOLUME_SECTORS, parsed);
  return result.ok ? FatFault.none : result.error;
}

function staysOnVolume(): boolean {
  const last = parsed.clusterSector(parsed.clusterCount + 1) + BigInt(parsed.sectorsPerCluster);
  if (last > VOLUME_SECTORS || !parsed.isCluster(parsed.rootCluster)) return false;
  const fats = BigInt(parsed.firstFatSector) + BigInt(parsed.fatSectors) * BigInt(parsed.fatCopies);
  return fats <= BigInt(parsed.dataSector) && (parsed.clusterCount + 2) * 4 <= parsed.fatSectors * 512;
}
