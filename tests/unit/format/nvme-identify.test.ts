/** What controllers and namespaces say about themselves, hostile ones included. */
import { test, isTrue, equal, equalBig } from "../harness.ts";
import {
  IDENTIFY_BYTES,
  listedNamespace,
  NvmeControllerIdentity,
  NvmeNamespaceIdentity,
  parseController,
  parseNamespace,
} from "../../../src/format/nvme-identify.ts";

class Scratch {
  readonly data = new Uint8Array(IDENTIFY_BYTES);
  readonly controller = new NvmeControllerIdentity();
  readonly namespace = new NvmeNamespaceIdentity();
}

const scratch = new Scratch();

export function main(): void {
  controllers();
  namespaces();
  refusals();
  lists();
}

function cleared(): Bytes {
  const data = bytesOf(scratch.data);
  data.fill(0);
  return data;
}

function controllers(): void {
  const found = scratch.controller;
  test("a controller's name, limit and cache");
  const data = cleared();
  data.slice(4, 20).fill(0x20);
  data.slice(4, 6).copyFrom(utf8("RAY001"));
  data.slice(24, 40).fill(0x20);
  data.slice(24, 14).copyFrom(utf8("QEMU NVMe Ctrl"));
  data.setU8(77, 7);
  data.setU32le(516, 256);
  data.setU8(525, 7);
  parseController(data, found);
  equal(found.transferLimitBytes, 524288);
  equal(found.namespaceCount, 256);
  isTrue(found.hasVolatileCache);
  equal(found.modelLength, 14);
  isTrue(bytesOf(found.model).slice(0, 14).equals(utf8("QEMU NVMe Ctrl")));
  equal(found.serialLength, 6);
  isTrue(bytesOf(found.serial).slice(0, 6).equals(utf8("RAY001")));
  test("a controller without a limit, or with an absurd one, has none");
  data.setU8(77, 0);
  parseController(data, found);
  equal(found.transferLimitBytes, 0);
  data.setU8(77, 255);
  parseController(data, found);
  equal(found.transferLimitBytes, 0);
  test("a controller without a volatile cache needs no flush");
  data.setU8(525, 6);
  parseController(data, found);
  isTrue(!found.hasVolatileCache);
}

/** A namespace of 1 GiB whose format `index` has the given sectors. */
function sample(index: u8, sectorShift: u8): Bytes {
  const data = cleared();
  data.setU64le(0, 0x20_0000n);
  data.setU8(25, 63);
  data.setU8(26, (index & 0xf) | ((index & 0x30) << 1));
  data.setU8(128 + index * 4 + 2, sectorShift);
  return data;
}

function namespaces(): void {
  const found = scratch.namespace;
  test("a namespace with sectors of 512 or of 4096 bytes");
  isTrue(parseNamespace(sample(0, 9), found));
  equal(found.sectorShift, 9);
  equalBig(found.sectorCount, 0x20_0000n);
  isTrue(!found.readOnly);
  isTrue(parseNamespace(sample(4, 12), found));
  equal(found.sectorShift, 12);
  test("the number of the format may need its upper bits, if there are so many");
  isTrue(parseNamespace(sample(33, 12), found));
  equal(found.sectorShift, 12);
  const few = sample(4, 12);
  few.setU8(25, 7);
  few.setU8(26, 0x64);
  isTrue(parseNamespace(few, found));
  test("a write-protected namespace is read only");
  const data = sample(0, 9);
  data.setU8(99, 1);
  isTrue(parseNamespace(data, found));
  isTrue(found.readOnly);
}

function refusals(): void {
  const found = scratch.namespace;
  test("other sectors, metadata, protection and emptiness are refused");
  isTrue(!parseNamespace(sample(0, 10), found));
  isTrue(!parseNamespace(sample(0, 0), found));
  isTrue(!parseNamespace(sample(0, 255), found));
  const metadata = sample(0, 9);
  metadata.setU16le(128, 8);
  isTrue(!parseNamespace(metadata, found));
  const protection = sample(0, 9);
  protection.setU8(29, 1);
  isTrue(!parseNamespace(protection, found));
  const empty = sample(0, 9);
  empty.setU64le(0, 0n);
  isTrue(!parseNamespace(empty, found));
}

function lists(): void {
  test("a list of namespaces ends with 0");
  const data = cleared();
  data.setU32le(0, 1);
  data.setU32le(4, 7);
  equal(listedNamespace(data, 0), 1);
  equal(listedNamespace(data, 1), 7);
  equal(listedNamespace(data, 2), 0);
}
