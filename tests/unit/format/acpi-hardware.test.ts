import {
  findSoftOff,
  FixedHardware,
  InterruptModel,
  IO_APIC_LIMIT,
  OVERRIDE_LIMIT,
  parseFadt,
  parseHpet,
  parseMadt,
  parseMcfg,
  PciSpace,
  SoftOff,
} from "../../../src/format/acpi-hardware.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const storage = new Uint8Array(512);
const model = new InterruptModel();
const full = new InterruptModel();
const hostile = new InterruptModel();
const space = new PciSpace();
const hostileSpace = new PciSpace();
const fixed = new FixedHardware();
const early = new FixedHardware();
const reduced = new FixedHardware();
const off = new SoftOff();
const noise = new SoftOff();

export function main(): void {
  testMadt();
  testMadtLimits();
  testMcfg();
  testHpet();
  testFadt();
  testSoftOff();
  testNoise();
}

function testMadt(): void {
  test("the MADT names processors, I/O APICs and lines that arrive elsewhere");
  const table = blank(44 + 8 + 8 + 12 + 10 + 10 + 12);
  table.setU32le(36, 0xfee0_0000);
  processor(table, 44, 1);
  processor(table, 52, 0);
  table.setU8(60, 1);
  table.setU8(61, 12);
  table.setU32le(64, 0xfec0_0000);
  table.setU32le(68, 24);
  override(table, 72, 0, 2, 0);
  override(table, 82, 9, 9, 0xf);
  table.setU8(92, 5);
  table.setU8(93, 12);
  table.setU64le(96, 0x1_fee0_0000n);
  isTrue(parseMadt(table, model));
  equal(model.processorCount, 1);
  equal(model.ioApicCount, 1);
  equal(model.ioApics[0].address, 0xfec0_0000);
  equal(model.ioApics[0].firstLine, 24);
  equal(model.overrideCount, 2);
  equal(model.overrides[0].isaLine, 0);
  equal(model.overrides[0].line, 2);
  isTrue(!model.overrides[0].activeLow && !model.overrides[0].level);
  isTrue(model.overrides[1].activeLow && model.overrides[1].level);
  equalBig(model.localApicAddress, 0x1_fee0_0000n);
}

function testMadtLimits(): void {
  test("a walk ends at an entry that is shorter than its own head or longer than the table");
  const table = blank(44 + 4);
  table.setU8(44, 0);
  table.setU8(45, 0);
  isTrue(parseMadt(table, hostile));
  table.setU8(45, 1);
  isTrue(parseMadt(table, hostile));
  table.setU8(45, 255);
  isTrue(parseMadt(table, hostile));
  equal(hostile.processorCount, 0);

  test("entries that are too short for their kind are passed over");
  table.setU8(44, 1);
  table.setU8(45, 4);
  isTrue(parseMadt(table, hostile));
  equal(hostile.ioApicCount, 0);
  isTrue(!parseMadt(blank(43), hostile));

  test("what does not fit into the record is left out");
  const many = blank(44 + 20 * 12 + 20 * 10);
  for (let i: u32 = 0; i < 20; i++) {
    many.setU8(44 + i * 12, 1);
    many.setU8(45 + i * 12, 12);
    override(many, 284 + i * 10, 1, i, 0);
  }
  isTrue(parseMadt(many, full));
  equal(full.ioApicCount, IO_APIC_LIMIT);
  equal(full.overrideCount, OVERRIDE_LIMIT);
}

function testMcfg(): void {
  test("the MCFG's first sound entry of segment 0 counts");
  const table = blank(44 + 3 * 16);
  table.setU64le(44, 0xc000_0000n);
  table.setU16le(52, 1);
  table.setU64le(60, 0xd000_0000n);
  table.setU8(70, 9);
  table.setU8(71, 3);
  table.setU64le(76, 0xe000_0000n);
  table.setU8(86, 2);
  table.setU8(87, 255);
  isTrue(parseMcfg(table, space));
  equalBig(space.address, 0xe020_0000n);

  test("configuration space where no machine has memory is none");
  table.setU64le(76, 0xffff_ffff_fff0_0000n);
  isTrue(!parseMcfg(table, hostileSpace));
  table.setU64le(76, 0x10_0000_0000_0000n);
  isTrue(!parseMcfg(table, hostileSpace));
  equalBig(hostileSpace.address, 0n);
  table.setU64le(76, 0xe000_0000n);
  equal(space.firstBus, 2);
  equal(space.lastBus, 255);

  test("an MCFG whose entry is cut off has none");
  isTrue(!parseMcfg(blank(44 + 15), space));
}

function testHpet(): void {
  test("the HPET's address is one of memory, or none");
  const table = blank(56);
  table.setU64le(44, 0xfed0_0000n);
  equalBig(parseHpet(table), 0xfed0_0000n);
  table.setU8(40, 1);
  equalBig(parseHpet(table), 0n);
  equalBig(parseHpet(blank(51)), 0n);
}

function testFadt(): void {
  test("a FADT of today: extended registers count before the old ones");
  const table = blank(276);
  table.setU32le(40, 0x1000);
  table.setU32le(48, 0xb2);
  table.setU8(52, 0xf1);
  table.setU32le(64, 0x604);
  table.setU32le(76, 0x608);
  table.setU8(91, 4);
  table.setU8(108, 0x32);
  table.setU32le(112, 0x400);
  register(table, 116, 1, 0xcf9n);
  table.setU8(128, 0x0f);
  table.setU64le(140, 0x7fe_0000n);
  register(table, 208, 1, 0x1808n);
  isTrue(parseFadt(table, fixed));
  equalBig(fixed.dsdtAddress, 0x7fe_0000n);
  equal(fixed.smiCommand, 0xb2);
  equal(fixed.acpiEnable, 0xf1);
  equal(fixed.pm1Control, 0x604);
  equal(fixed.pm1ControlB, 0);
  equal(fixed.pmTimer, 0x1808);
  equal(fixed.centuryIndex, 0x32);
  isTrue(!fixed.reset.isMemory);
  equalBig(fixed.reset.address, 0xcf9n);
  equal(fixed.resetValue, 0x0f);

  test("a FADT of ACPI 1.0 ends early: what it lacks stays zero");
  const old = blank(116);
  old.setU32le(40, 0x1000);
  old.setU32le(64, 0x404);
  old.setU32le(112, 0x400);
  isTrue(parseFadt(old, early));
  equalBig(early.dsdtAddress, 0x1000n);
  equal(early.pm1Control, 0x404);
  equal(early.pmTimer, 0);
  equalBig(early.reset.address, 0n);

  test("a machine without the old registers has only the sleep control register");
  const bare = blank(276);
  bare.setU32le(40, 0x1000);
  bare.setU32le(64, 0x604);
  bare.setU32le(112, 0x10_0000);
  register(bare, 244, 0, 0xf000_0000n);
  isTrue(parseFadt(bare, reduced));
  equal(reduced.pm1Control, 0);
  isTrue(reduced.sleepControl.isMemory);
  equalBig(reduced.sleepControl.address, 0xf000_0000n);

  test("a FADT without a DSDT is none, and ports beyond 64 KiB are not ports");
  isTrue(!parseFadt(blank(276), fixed));
  const wrong = blank(276);
  wrong.setU32le(40, 0x1000);
  wrong.setU32le(64, 0x1_0604);
  isTrue(parseFadt(wrong, fixed));
  equal(fixed.pm1Control, 0);
}

function testSoftOff(): void {
  test("the S5 package is found with and without the root's backslash");
  const table = blank(64);
  table.setU8(40, 0x08);
  table.slice(41, 4).copyFrom(utf8("_S5_"));
  packageOf(table, 45, 0x0a, 0x05);
  isTrue(findSoftOff(table, off));
  equal(off.type, 5);
  equal(off.typeB, 0);

  const other = blank(64);
  other.setU8(40, 0x08);
  other.setU8(41, 0x5c);
  other.slice(42, 4).copyFrom(utf8("_S5_"));
  packageOf(other, 46, 0x0a, 0x07);
  isTrue(findSoftOff(other, off));
  equal(off.type, 7);

  test("the name alone, or a package that is cut off, is not enough");
  const named = blank(64);
  named.slice(41, 4).copyFrom(utf8("_S5_"));
  packageOf(named, 45, 0x0a, 0x05);
  isTrue(!findSoftOff(named, off));
  isTrue(!findSoftOff(table.slice(0, 45), off));
  const atEnd = blank(48);
  atEnd.setU8(39, 0x08);
  atEnd.slice(40, 4).copyFrom(utf8("_S5_"));
  atEnd.setU8(44, 0x12);
  atEnd.setU8(45, 0xc0);
  isTrue(!findSoftOff(atEnd, off));
}

/** Nothing here may trap, whatever the firmware wrote; a sound table that became noise is at worst misread. */
function testNoise(): void {
  test("noise of any length is read without a trap");
  let seed: u32 = 12345;
  for (let length: u32 = 44; length < 300; length++) {
    const table = blank(length);
    for (let i: u32 = 36; i < length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      table.setU8(i, seed >>> 24);
    }
    parseMadt(table, hostile);
    parseMcfg(table, space);
    parseFadt(table, fixed);
    parseHpet(table);
    table.setU8(37, 0x08);
    table.slice(38, 4).copyFrom(utf8("_S5_"));
    table.setU8(42, 0x12);
    if (findSoftOff(table, noise)) isTrue(noise.type <= 7);
  }
  isTrue(hostile.ioApicCount <= IO_APIC_LIMIT);
}

function blank(length: u32): Bytes {
  const table = bytesOf(storage).slice(0, length);
  table.fill(0);
  return table;
}

function processor(table: Bytes, at: u32, flags: u32): void {
  table.setU8(at, 0);
  table.setU8(at + 1, 8);
  table.setU32le(at + 4, flags);
}

function override(table: Bytes, at: u32, isaLine: u8, line: u32, flags: u16): void {
  table.setU8(at, 2);
  table.setU8(at + 1, 10);
  table.setU8(at + 3, isaLine);
  table.setU32le(at + 4, line);
  table.setU16le(at + 8, flags);
}

function register(table: Bytes, at: u32, memorySpace: u8, address: u64): void {
  table.setU8(at, memorySpace);
  table.setU64le(at + 4, address);
}

/** A package of four: `type`, 0, 0, 0. */
function packageOf(table: Bytes, at: u32, prefix: u8, type: u8): void {
  table.setU8(at, 0x12);
  table.setU8(at + 1, 0x07);
  table.setU8(at + 2, 4);
  table.setU8(at + 3, prefix);
  table.setU8(at + 4, type);
}
