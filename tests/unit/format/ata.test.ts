/** What an ATA disk says about itself. */
import { test, isTrue, equal, equalBig } from "../harness.ts";
import { ATA_IDENTIFY_BYTES, AtaIdentity, parseIdentify } from "../../../src/format/ata.ts";

class Scratch {
  readonly data = new Uint8Array(ATA_IDENTIFY_BYTES);
  readonly identity = new AtaIdentity();
}

const scratch = new Scratch();

export function main(): void {
  ordinary();
  sectors();
  queues();
  refusals();
  checksums();
}

/** The identify data of an ordinary disk of 8 GiB. */
function sample(): Bytes {
  const data = bytesOf(scratch.data);
  data.fill(0);
  setWord(data, 0, 0x0040);
  data.slice(20, 20).fill(0x20);
  data.slice(20, 6).copyFrom(utf8("AR0Y 1"));
  data.slice(54, 40).fill(0x20);
  data.slice(54, 14).copyFrom(utf8("EQUMH RADDSI K"));
  setWord(data, 75, 31);
  setWord(data, 76, 0x0102);
  setWord(data, 83, 0x7400);
  data.setU64le(200, 0x100_0000n);
  setWord(data, 106, 0x4000);
  return data;
}

function setWord(data: Bytes, index: u8, value: u16): void {
  data.setU16le(index * 2, value);
}

function ordinary(): void {
  const found = scratch.identity;
  test("an ordinary disk: size, model, serial number");
  isTrue(parseIdentify(sample(), found));
  equal(found.sectorShift, 9);
  equalBig(found.sectorCount, 0x100_0000n);
  equal(found.queueDepth, 32);
  equal(found.modelLength, 13);
  isTrue(bytesOf(found.model).slice(0, 13).equals(utf8("QEMU HARDDISK")));
  equal(found.serialLength, 5);
  isTrue(bytesOf(found.serial).slice(0, 5).equals(utf8("RAY01")));
}

function sectors(): void {
  const found = scratch.identity;
  test("sectors of 4096 bytes are seen");
  const data = sample();
  setWord(data, 106, 0x5000);
  setWord(data, 117, 2048);
  isTrue(parseIdentify(data, found));
  equal(found.sectorShift, 12);
  test("large physical sectors behind small logical ones are small ones");
  const emulated = sample();
  setWord(emulated, 106, 0x6003);
  setWord(emulated, 117, 2048);
  isTrue(parseIdentify(emulated, found));
  equal(found.sectorShift, 9);
  test("sectors of 520 or 1024 bytes are refused");
  const odd = sample();
  setWord(odd, 106, 0x5000);
  setWord(odd, 117, 260);
  isTrue(!parseIdentify(odd, found));
  setWord(odd, 117, 512);
  isTrue(!parseIdentify(odd, found));
}

function queues(): void {
  const found = scratch.identity;
  test("a disk without queuing has depth 0");
  const data = sample();
  setWord(data, 76, 0x0002);
  isTrue(parseIdentify(data, found));
  equal(found.queueDepth, 0);
  setWord(data, 76, 0xffff);
  isTrue(parseIdentify(data, found));
  equal(found.queueDepth, 0);
}

function refusals(): void {
  const found = scratch.identity;
  test("no ATA disk, no 48-bit addresses, no sectors, too many sectors: refused");
  const packet = sample();
  setWord(packet, 0, 0x8580);
  isTrue(!parseIdentify(packet, found));
  const narrow = sample();
  setWord(narrow, 83, 0x7000);
  isTrue(!parseIdentify(narrow, found));
  const silent = sample();
  setWord(silent, 83, 0xffff);
  isTrue(!parseIdentify(silent, found));
  const empty = sample();
  empty.setU64le(200, 0n);
  isTrue(!parseIdentify(empty, found));
  const endless = sample();
  endless.setU64le(200, 0x1_0000_0000_0001n);
  isTrue(!parseIdentify(endless, found));
}

function checksums(): void {
  const found = scratch.identity;
  test("a checksum is believed only if it holds");
  const data = sample();
  data.setU8(510, 0xa5);
  let sum: u8 = 0;
  for (let at: u32 = 0; at < 511; at++) sum = (sum + data.u8(at)) & 0xff;
  data.setU8(511, (256 - sum) & 0xff);
  isTrue(parseIdentify(data, found));
  data.setU8(60, data.u8(60) ^ 1);
  isTrue(!parseIdentify(data, found));
}
