import { MbrKind, mbrKind, setBootCode, writeProtectiveMbr } from "../../../src/format/mbr.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly sector = new Uint8Array(512);
}

const scratch = new Scratch();

export function main(): void {
  const sector = bytesOf(scratch.sector);
  test("a protective MBR covers the disk and keeps boot code and signature");
  sector.fill(0x11);
  writeProtectiveMbr(sector, 2097152n);
  equal(mbrKind(sector), MbrKind.protective);
  equal(sector.u8(450), 0xee);
  equal(sector.u32le(454), 1);
  equal(sector.u32le(458), 2097151);
  equal(sector.u8(439), 0x11);
  equal(sector.u32le(440), 0x11111111);

  test("a disk with more sectors than the field holds is covered as far as it goes");
  writeProtectiveMbr(sector, 0x200000000n);
  equal(sector.u32le(458), 0xffffffff);

  test("boot code replaces what was there and leaves the table alone");
  setBootCode(sector, utf8("code"));
  equal(sector.u8(0), 0x63);
  equal(sector.u8(4), 0);
  equal(mbrKind(sector), MbrKind.protective);

  test("the kinds are told apart");
  sector.setU8(446 + 16 + 4, 0x07);
  sector.setU32le(446 + 16 + 12, 1000);
  equal(mbrKind(sector), MbrKind.hybrid);
  sector.setU8(450, 0x83);
  equal(mbrKind(sector), MbrKind.legacy);
  sector.setU8(446, 0x41);
  equal(mbrKind(sector), MbrKind.none);
  sector.fill(0);
  equal(mbrKind(sector), MbrKind.none);
  sector.setU16le(510, 0xaa55);
  isTrue(mbrKind(sector) === MbrKind.none);
}
