import { parseGuid } from "../../../src/base/guid.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import {
  fromPartition,
  isBelow,
  isNvmePath,
  isUsbPath,
  leadsToSerial,
  partitionGuid,
  writeDevicePath,
} from "../../../src/format/device-path.ts";
import {
  loadOptionPath,
  writeBootName,
  writeFileDevicePath,
  writeLoadOption,
} from "../../../src/format/load-option.ts";
import { equal, isTrue, test } from "../harness.ts";

const storage = new Uint8Array(512);
const other = new Uint8Array(512);
const option = new Uint8Array(512);
const END = 0x7fff_0400;

/** PciRoot(0x0)/Pci(0x3,0x1), without an end. How long it is. */
function putRoot(path: Bytes): u32 {
  path.fill(0);
  path.setU32be(0, 0x0201_0c00);
  path.setU32le(4, 0x0a03_41d0);
  path.setU32be(12, 0x0101_0600);
  path.setU8(16, 1);
  path.setU8(17, 3);
  return 18;
}

function nvmePath(into: Bytes): Bytes {
  const at = putRoot(into);
  into.setU32be(at, 0x0317_1000);
  into.setU32le(at + 4, 1);
  into.setU64le(at + 8, 0x0102_0304_0506_0708n);
  into.setU32be(at + 16, END);
  return into.slice(0, at + 20);
}

/** The same disk's first partition. */
function partitionPath(into: Bytes): Bytes {
  const at = nvmePath(into).length - 4;
  into.setU32be(at, 0x0401_2a00);
  into.setU32le(at + 4, 1);
  into.setU64le(at + 8, 0x800n);
  into.setU64le(at + 16, 0x1000n);
  isTrue(parseGuid(utf8("C12A7328-F81F-11D2-BA4B-00A0C93EC93B"), into.slice(at + 24, 16)));
  into.setU8(at + 40, 2);
  into.setU8(at + 41, 2);
  into.setU32be(at + 42, END);
  return into.slice(0, at + 46);
}

function textIs(path: Bytes, expected: string): boolean {
  const buffer = new Uint8Array(256);
  const out = new TextWriter(bytesOf(buffer));
  writeDevicePath(out, path);
  return out.written().equals(utf8(expected));
}

function testText(): void {
  test("paths as text");
  isTrue(textIs(nvmePath(bytesOf(storage)), "PciRoot(0x0)/Pci(0x3,0x1)/NVMe(0x1,01-02-03-04-05-06-07-08)"));
  const at = putRoot(bytesOf(storage));
  bytesOf(storage).setU32be(at, 0x0305_0600);
  bytesOf(storage).setU8(at + 4, 2);
  bytesOf(storage).setU32be(at + 6, END);
  isTrue(textIs(bytesOf(storage).slice(0, at + 10), "PciRoot(0x0)/Pci(0x3,0x1)/USB(0x2,0x0)"));
  isTrue(isUsbPath(bytesOf(storage).slice(0, at + 10)));
  isTrue(textIs(bytesOf(storage).slice(0, 0), ""));
}

function testRelations(): void {
  test("a partition hangs on its disk, not the disk on it");
  const disk = nvmePath(bytesOf(storage));
  const partition = partitionPath(bytesOf(other));
  isTrue(isBelow(partition, disk));
  isTrue(!isBelow(disk, partition));
  isTrue(!isBelow(partition, disk.slice(0, 0)));
  isTrue(isNvmePath(partition) && !isUsbPath(partition));
  test("the partition's GUID, and none where there is none");
  const guid = new Uint8Array(16);
  isTrue(partitionGuid(partition, bytesOf(guid)));
  equal(guid[0], 0x28);
  isTrue(!partitionGuid(disk, bytesOf(guid)));
  equal(fromPartition(partition).length, 46);
  equal(fromPartition(disk).length, 0);
}

function testSerial(): void {
  test("a serial port is found behind the first of several paths");
  const paths = bytesOf(storage);
  const at = putRoot(paths);
  paths.setU32be(at, 0x7f01_0400);
  paths.setU32be(at + 4, 0x030e_1300);
  paths.setU32be(at + 23, END);
  isTrue(leadsToSerial(paths.slice(0, at + 27)));
  isTrue(!leadsToSerial(paths.slice(0, at + 4)));
  isTrue(!leadsToSerial(nvmePath(paths)));
}

function testDamage(): void {
  test("a path with any byte changed is walked to an end");
  const buffer = new Uint8Array(256);
  const out = new TextWriter(bytesOf(buffer));
  for (let at: u32 = 0; at < partitionPath(bytesOf(other)).length; at++) {
    for (let value: u32 = 0; value < 256; value += 5) {
      const path = partitionPath(bytesOf(other));
      path.setU8(at, u8(value));
      out.clear();
      writeDevicePath(out, path);
      isTrue(
        fromPartition(path).length <= path.length &&
          out.written().length > 0 === !out.written().equals(utf8("")),
      );
      if (leadsToSerial(path)) isTrue(value === 0x0e || value === 3);
    }
  }
}

function testOption(): void {
  test("a boot option holds the path that it was given");
  const partition = fromPartition(partitionPath(bytesOf(other)));
  const length = writeLoadOption(
    bytesOf(option),
    utf8("RayOS"),
    partition,
    utf8("\\EFI\\rayos\\rayboot.efi"),
  );
  isTrue(length > 0);
  const path = loadOptionPath(bytesOf(option).slice(0, length));
  isTrue(textIs(path, "HD(1,GPT,C12A7328-F81F-11D2-BA4B-00A0C93EC93B,2048,4096)/\\EFI\\rayos\\rayboot.efi"));
  equal(path.length + 6 + 12, length);
  test("a cut boot option has no path");
  for (let cut: u32 = 0; cut < length; cut++) equal(loadOptionPath(bytesOf(option).slice(0, cut)).length, 0);
  test("an option that does not fit is not written");
  equal(writeLoadOption(bytesOf(option).slice(0, 64), utf8("RayOS"), partition, utf8("\\x")), 0);
  const file = writeFileDevicePath(bytesOf(option), partition, utf8("\\a.efi"));
  isTrue(
    textIs(
      bytesOf(option).slice(0, file),
      "HD(1,GPT,C12A7328-F81F-11D2-BA4B-00A0C93EC93B,2048,4096)/\\a.efi",
    ),
  );
  const name = new Uint8Array(8);
  writeBootName(bytesOf(name), 0x0a1f);
  isTrue(bytesOf(name).equals(utf8("Boot0A1F")));
}

export function main(): void {
  testText();
  testRelations();
  testSerial();
  testDamage();
  testOption();
}
