import {
  addMemory,
  addPayload,
  beginHandoff,
  devicePathText,
  findPayload,
  HANDOFF,
  HandoffError,
  handoffErrorText,
  MEMORY_LIMIT,
  memoryBase,
  memoryEnd,
  MemoryKind,
  memoryKind,
  memoryPages,
  parseHandoff,
  PAYLOAD_LIMIT,
  payloadAddress,
  payloadSizeBytes,
  PayloadKind,
  payloadSha256,
  sealHandoff,
  setDevicePath,
} from "../../../src/format/handoff.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

class Scratch {
  readonly record = new Uint8Array(9664);
  readonly digest = new Uint8Array(32);
}

const scratch = new Scratch();

/** The error that parsing gives, 0 for none. */
function fault(record: Bytes): u32 {
  const parsed = parseHandoff(record);
  if (parsed.ok) return 0;
  isTrue(utf8(handoffErrorText(parsed.error)).length > 10);
  return parsed.error;
}

function fill(record: Bytes): void {
  beginHandoff(record);
  isTrue(addMemory(record, 0x1000n, 0x9fn, MemoryKind.usable));
  isTrue(addMemory(record, 0x100000n, 0x100n, MemoryKind.reclaimable));
  bytesOf(scratch.digest).fill(0xab);
  isTrue(addPayload(record, PayloadKind.kernel, 0x200000n, 123456n, bytesOf(scratch.digest)));
  setDevicePath(record, utf8("PciRoot(0x0)/Pci(0x3,0x0)/NVMe(0x1)"));
  HANDOFF.tryNumber.set(record, 1);
  HANDOFF.tryMaximum.set(record, 3);
}

/** How many of the flips of one bit, every `step` bytes, are not found. */
function flipsThatPass(record: Bytes, from: u32, to: u32, step: u32): u32 {
  let passed: u32 = 0;
  for (let i: u32 = from; i < to; i += step) {
    const before = record.u8(i);
    record.setU8(i, (before ^ 0x10) & 0xff);
    if (fault(record) === 0) passed++;
    record.setU8(i, before);
  }
  return passed;
}

function memoryTests(record: Bytes): void {
  test("stretches that touch and are of one kind become one");
  beginHandoff(record);
  isTrue(addMemory(record, 0x1000n, 1n, MemoryKind.usable));
  isTrue(addMemory(record, 0x2000n, 2n, MemoryKind.usable));
  isTrue(addMemory(record, 0x4000n, 1n, MemoryKind.kernel));
  equal(HANDOFF.memoryCount.get(record), 2);
  equalBig(memoryEnd(record, 0), 0x4000n);

  test("memory that is empty, unaligned, out of order or beyond the address space is refused");
  isTrue(!addMemory(record, 0x8000n, 0n, MemoryKind.usable));
  isTrue(!addMemory(record, 0x8001n, 1n, MemoryKind.usable));
  isTrue(!addMemory(record, 0x4000n, 1n, MemoryKind.usable));
  isTrue(!addMemory(record, 0xffff_ffff_ffff_f000n, 1n, MemoryKind.usable));
  isTrue(!addMemory(record, 0x8000n, 0x1_0000_0000n, MemoryKind.usable));
  equal(HANDOFF.memoryCount.get(record), 2);

  test("the 513th stretch of memory and the 17th payload are refused");
  beginHandoff(record);
  for (let i: u16 = 0; i < MEMORY_LIMIT; i++) {
    isTrue(addMemory(record, BigInt(i) * 0x2000n, 1n, MemoryKind.usable));
  }
  isTrue(!addMemory(record, 0x1000_0000n, 1n, MemoryKind.usable));
  for (let i: u16 = 0; i < PAYLOAD_LIMIT; i++) {
    isTrue(addPayload(record, PayloadKind.guestDisk, 0n, 1n, bytesOf(scratch.digest)));
  }
  isTrue(!addPayload(record, PayloadKind.guestDisk, 0n, 1n, bytesOf(scratch.digest)));
  sealHandoff(record);
  equal(fault(record), 0);
}

function contentTests(record: Bytes): void {
  test("a record with a right CRC that contradicts itself is refused");
  fill(record);
  HANDOFF.memoryCount.set(record, 513);
  sealHandoff(record);
  equal(fault(record), HandoffError.badContent);
  fill(record);
  HANDOFF.tryNumber.set(record, 4);
  sealHandoff(record);
  equal(fault(record), HandoffError.badContent);
  fill(record);
  HANDOFF.memory.of(record).setU64le(16, 0x1000n);
  sealHandoff(record);
  equal(fault(record), HandoffError.badContent);
}

export function main(): void {
  const record = bytesOf(scratch.record);

  test("what the boot manager writes is what the kernel reads");
  fill(record);
  sealHandoff(record);
  equal(fault(record), 0);
  equal(HANDOFF.memoryCount.get(record), 2);
  equalBig(memoryBase(record, 1), 0x100000n);
  equal(memoryPages(record, 1), 0x100);
  isTrue(memoryKind(record, 1) === MemoryKind.reclaimable);
  equal(findPayload(record, PayloadKind.guestDisk), -1);
  const kernel = findPayload(record, PayloadKind.kernel);
  equal(kernel, 0);
  equalBig(payloadAddress(record, 0), 0x200000n);
  equalBig(payloadSizeBytes(record, 0), 123456n);
  isTrue(payloadSha256(record, 0).equals(bytesOf(scratch.digest)));
  isTrue(devicePathText(record).equals(utf8("PciRoot(0x0)/Pci(0x3,0x0)/NVMe(0x1)")));

  test("each kind of wrong record has its own error");
  equal(fault(record.slice(0, 100)), HandoffError.badLength);
  equal(fault(record.slice(0, 4)), HandoffError.badLength);
  HANDOFF.version.set(record, 2);
  equal(fault(record), HandoffError.badVersion);
  HANDOFF.version.set(record, 1);
  HANDOFF.recordBytes.set(record, 9660);
  equal(fault(record), HandoffError.badLength);
  HANDOFF.recordBytes.set(record, 9664);
  HANDOFF.manifestId.set(record, 9);
  equal(fault(record), HandoffError.badCrc);
  record.fill(0);
  equal(fault(record), HandoffError.badMagic);

  test("no flipped bit passes");
  fill(record);
  sealHandoff(record);
  equal(flipsThatPass(record, 0, 64, 1), 0);
  equal(flipsThatPass(record, 64, 9664, 97), 0);
  equal(fault(record), 0);

  memoryTests(record);
  contentTests(record);
}
