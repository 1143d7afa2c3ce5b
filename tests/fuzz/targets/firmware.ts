/**
 * Fuzz target: what the firmware says: ACPI tables, its map of memory, device paths, boot options.
 *
 *     input: which and flags, then the bytes themselves, or patches of sound ones
 *
 * ACPI tables get a right length and checksum, unless the flags say otherwise.
 */
import { TextWriter } from "../../../src/base/text-writer.ts";
import {
  acpiErrorName,
  AcpiRoot,
  hasSignature,
  listedTableAddress,
  listedTableCount,
  parseRootPointer,
  parseTable,
} from "../../../src/format/acpi.ts";
import {
  findSoftOff,
  FixedHardware,
  InterruptModel,
  parseFadt,
  parseHpet,
  parseMadt,
  parseMcfg,
  PciSpace,
  SoftOff,
} from "../../../src/format/acpi-hardware.ts";
import {
  fromPartition,
  isBelow,
  isNvmePath,
  isSataPath,
  isUsbPath,
  leadsToSerial,
  partitionGuid,
  writeDevicePath,
} from "../../../src/format/device-path.ts";
import { MemoryMap } from "../../../src/format/firmware-memory.ts";
import { beginHandoff, MemoryKind, parseHandoff, sealHandoff } from "../../../src/format/handoff.ts";
import { loadOptionPath, writeFileDevicePath, writeLoadOption } from "../../../src/format/load-option.ts";
import { Digest } from "../support/digest.ts";
import { FuzzInput } from "../support/fuzz-input.ts";

const ROOM_BYTES = 1024;
const HANDOFF_ROOM_BYTES = 9664;
const TEXT_BYTES = 2048;
const TABLE_HEADER_BYTES = 36;
const ROOT_BYTES = 36;
const LENGTH_AT = 4;
const SUM_AT = 9;
const STRIDES = 64;
/** What the first byte of the input asks for, modulo 4; and its flag. */
const TABLE_ASKED = 0;
const ROOT_ASKED = 1;
const MEMORY_ASKED = 2;
const WRONG_SUM = 4;

class Scratch {
  readonly room = new Uint8Array(ROOM_BYTES);
  readonly handoff = new Uint8Array(HANDOFF_ROOM_BYTES);
  readonly text = new Uint8Array(TEXT_BYTES);
  readonly option = new Uint8Array(ROOM_BYTES);
  readonly guid = new Uint8Array(16);
}

const scratch = new Scratch();
const root = new AcpiRoot();
const memory = new MemoryMap();
const input = new FuzzInput();

export function prepare(): void {
  return;
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const asked = flags & 3;
  if (asked === TABLE_ASKED) takeTable((flags & WRONG_SUM) === 0, digest);
  else if (asked === ROOT_ASKED) takeRoot((flags & WRONG_SUM) === 0, digest);
  else if (asked === MEMORY_ASKED) takeMemory(digest);
  else takePaths(digest);
}

/** The same bytes as every kind of table. */
function takeTable(mends: boolean, digest: Digest): void {
  const body = input.rest();
  const length = u32(TABLE_HEADER_BYTES + Math.min(body.length, ROOM_BYTES - TABLE_HEADER_BYTES));
  const table = bytesOf(scratch.room).slice(0, length);
  table.fill(0x41);
  table
    .slice(TABLE_HEADER_BYTES, length - TABLE_HEADER_BYTES)
    .copyFrom(body.slice(0, length - TABLE_HEADER_BYTES));
  if (mends) {
    table.setU32le(LENGTH_AT, length);
    mendSum(table, SUM_AT);
  }
  const parsed = parseTable(table);
  digest.flag(parsed.ok);
  if (!parsed.ok) digest.text(acpiErrorName(parsed.error));
  else readTable(parsed.value, digest);
}

function mendSum(bytes: Bytes, at: u32): void {
  bytes.setU8(at, 0);
  let sum: u32 = 0;
  for (const byte of span(bytes, 0, bytes.length)) sum = (sum + byte) & 0xff;
  bytes.setU8(at, -sum & 0xff);
}

function readTable(table: Bytes, digest: Digest): void {
  const model = new InterruptModel();
  const space = new PciSpace();
  const fixed = new FixedHardware();
  const off = new SoftOff();
  digest.flag(hasSignature(table, "APIC"));
  digest.flag(parseMadt(table, model));
  digest.number(model.processorCount);
  for (let i: u32 = 0; i < model.ioApicCount; i++) digest.number(model.ioApics[i].address);
  for (let i: u32 = 0; i < model.overrideCount; i++) digest.number(model.overrides[i].line);
  digest.flag(parseMcfg(table, space));
  digest.big(space.address);
  digest.big(parseHpet(table));
  digest.flag(parseFadt(table, fixed));
  digest.number(fixed.pm1Control);
  digest.big(fixed.reset.address);
  digest.flag(findSoftOff(table, off));
  digest.byte(off.type);
  root.isWide = (table.u8(TABLE_HEADER_BYTES - 1) & 1) !== 0;
  const count = u16(Math.min(listedTableCount(table, root), 300));
  for (let i: u16 = 0; i < count; i++) digest.big(listedTableAddress(table, root, i));
}

function takeRoot(mends: boolean, digest: Digest): void {
  const pointer = bytesOf(scratch.room).slice(0, ROOT_BYTES);
  pointer.fill(0);
  pointer.slice(0, 8).copyFrom(utf8("RSD PTR "));
  pointer.setU8(15, 2);
  pointer.setU32le(20, ROOT_BYTES);
  pointer.setU64le(24, 0x1234n);
  input.patchRecord(pointer);
  if (mends) {
    mendSum(pointer.slice(0, 20), 8);
    mendSum(pointer, 32);
  }
  const parsed = parseRootPointer(pointer, root);
  digest.flag(parsed.ok);
  if (!parsed.ok) return;
  digest.big(root.listAddress);
  digest.flag(root.isWide);
}

/** A map of memory with the boot manager's pieces in it, written to a handoff that must then be sound. */
function takeMemory(digest: Digest): void {
  const record = bytesOf(scratch.handoff);
  const stride: u32 = input.u8() % STRIDES;
  memory.clearPieces();
  const pieces = input.u8() & 3;
  let base: u64 = 0x100000n;
  for (let i: u8 = 0; i < pieces; i++) {
    memory.addPiece(base, BigInt(1 + input.u8()), MemoryKind.reclaimable);
    base = u64(base + 0x200000n);
  }
  const taken = memory.take(input.rest(), stride);
  digest.flag(taken);
  if (!taken) return;
  digest.big(memory.usableBytes());
  digest.big(memory.topOfRam());
  beginHandoff(record);
  const written = memory.write(record);
  digest.flag(written);
  if (!written) return;
  sealHandoff(record);
  digest.flag(parseHandoff(record).ok);
}

/** Device paths, a boot option read, and another made of its path. */
function takePaths(digest: Digest): void {
  const path = input.rest();
  const out = new TextWriter(bytesOf(scratch.text));
  writeDevicePath(out, path);
  digest.written(out);
  digest.flag(isUsbPath(path));
  digest.flag(isNvmePath(path));
  digest.flag(isSataPath(path));
  digest.flag(leadsToSerial(path));
  digest.flag(isBelow(path, path));
  digest.flag(partitionGuid(path, bytesOf(scratch.guid)));
  digest.bytes(fromPartition(path));
  const option = loadOptionPath(path);
  digest.bytes(option);
  if (option.length < 4) return;
  const into = bytesOf(scratch.option);
  digest.number(writeLoadOption(into, utf8("RayOS"), option, utf8("\\EFI\\rayos\\rayboot.efi")));
  digest.number(writeFileDevicePath(into, option, utf8("\\EFI\\BOOT\\BOOTX64.EFI")));
}
