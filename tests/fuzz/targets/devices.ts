/**
 * Fuzz target: what devices say, and files of code: identify data of NVMe and ATA, a keyboard's codes, a terminal's text, the battery's clock;
 * an ELF file and a table of symbols.
 *
 *     input: which and flags, then the bytes themselves, or patches of sound ones
 */
import { AtaIdentity, parseIdentify } from "../../../src/format/ata.ts";
import { unixFromCmos } from "../../../src/format/cmos-time.ts";
import { elfErrorText, ElfImage, parseElf } from "../../../src/format/elf.ts";
import { isExtSuper, superLabel } from "../../../src/format/ext4.ts";
import { completionId, completionOutcome, completionPhase } from "../../../src/format/nvme.ts";
import { NvmeCapabilities, parseCapabilities } from "../../../src/format/nvme.ts";
import {
  listedNamespace,
  NvmeControllerIdentity,
  NvmeNamespaceIdentity,
  parseController,
  parseNamespace,
} from "../../../src/format/nvme-identify.ts";
import { Ps2Keys } from "../../../src/format/ps2-keys.ts";
import {
  fileName,
  findFunction,
  findPlace,
  functionName,
  hasSymbols,
  offsetInFunction,
  SourcePlace,
} from "../../../src/format/symbol-table.ts";
import { Terminal } from "../../../src/format/terminal.ts";
import { Digest } from "../support/digest.ts";
import { FuzzInput } from "../support/fuzz-input.ts";

const PAGE_BYTES = 4096;
const ATA_BYTES = 512;
const ELF_BYTES = 12288;
const SUPER_BYTES = 1024;
const ELF_HEADERS_AT = 64;
const ELF_HEADER_BYTES = 56;
const KERNEL_BASE: u64 = 0xffff_ffff_8000_0000n;
const TABLE_BYTES = 512;
/** What the first byte of the input asks for, modulo 8. */
const ELF_ASKED = 0;
const SYMBOLS_ASKED = 1;
const NVME_ASKED = 2;
const ATA_ASKED = 3;
const KEYS_ASKED = 4;
const TERMINAL_ASKED = 5;

class Scratch {
  readonly page = new Uint8Array(PAGE_BYTES);
  readonly elf = new Uint8Array(ELF_BYTES);
  readonly wholeElf = new Uint8Array(ELF_BYTES);
  readonly table = new Uint8Array(TABLE_BYTES);
}

const scratch = new Scratch();
const image = new ElfImage();
const place = new SourcePlace();
const controller = new NvmeControllerIdentity();
const namespace = new NvmeNamespaceIdentity();
const capabilities = new NvmeCapabilities();
const ata = new AtaIdentity();
const terminal = new Terminal();
const input = new FuzzInput();

export function prepare(): void {
  const file = bytesOf(scratch.wholeElf);
  file.setU64be(0, 0x7f45_4c46_0201_0100n);
  file.setU16le(16, 2);
  file.setU16le(18, 62);
  file.setU32le(20, 1);
  file.setU64le(24, KERNEL_BASE + 16n);
  file.setU64le(32, BigInt(ELF_HEADERS_AT));
  file.setU16le(52, 64);
  file.setU16le(54, ELF_HEADER_BYTES);
  file.setU16le(56, 3);
  setHeader(file, 0, 5, 0x1000n, KERNEL_BASE, 0x0ffcn);
  setHeader(file, 1, 4, 0x2000n, KERNEL_BASE + 0x1000n, 0x0400n);
  setHeader(file, 2, 6, 0x2400n, KERNEL_BASE + 0x2400n, 0x0100n);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const asked = input.u8() & 7;
  if (asked === ELF_ASKED) takeElf(digest);
  else if (asked === SYMBOLS_ASKED) takeSymbols(digest);
  else if (asked === NVME_ASKED) takeNvme(digest);
  else if (asked === ATA_ASKED) takeAta(digest);
  else if (asked === KEYS_ASKED) takeKeys(digest);
  else if (asked === TERMINAL_ASKED) takeTerminal(digest);
  else takeSmall(digest);
}

function setHeader(file: Bytes, index: u8, flags: u32, offset: u64, address: u64, size: u64): void {
  const header = file.slice(ELF_HEADERS_AT + index * ELF_HEADER_BYTES, ELF_HEADER_BYTES);
  header.setU32le(0, 1);
  header.setU32le(4, flags);
  header.setU64le(8, offset);
  header.setU64le(16, address);
  header.setU64le(32, size);
  header.setU64le(40, size);
}

/** A sound kernel with patched headers. */
function takeElf(digest: Digest): void {
  const file = bytesOf(scratch.elf);
  const patched = file.slice(0, 256);
  file.copyFrom(bytesOf(scratch.wholeElf));
  input.patchRecord(patched);
  const parsed = parseElf(file, image);
  digest.flag(parsed.ok);
  if (!parsed.ok) {
    digest.text(elfErrorText(parsed.error));
    return;
  }
  digest.big(image.entry);
  digest.big(image.start());
  digest.number(image.spanBytes());
  for (let i: u32 = 0; i < image.segmentCount; i++) {
    const segment = image.segments[i];
    // What a loader does with it.
    digest.bytes(file.slice(segment.fileOffset, u32(Math.min(segment.fileBytes, 16))));
    digest.big(segment.address);
    digest.number(segment.memoryBytes);
  }
}

/** A table of symbols of one function: sound, then patched. */
function takeSymbols(digest: Digest): void {
  const table = bytesOf(scratch.table);
  makeSymbols(table);
  const address = u64(KERNEL_BASE + BigInt(input.u16()));
  input.patchRecord(table.slice(0, 200));
  if (!hasSymbols(table)) return;
  const index = findFunction(table, address);
  if (index < 0) return;
  digest.bytes(functionName(table, u32(index)));
  digest.number(offsetInFunction(table, u32(index), address));
  findPlace(table, u32(index), address, place);
  digest.number(place.line);
  digest.bytes(fileName(table, place.file));
}

/** Magic, sizes and places, two functions, names, a file, rows: as the build writes them. */
function makeSymbols(table: Bytes): void {
  table.fill(0);
  table.slice(0, 8).copyFrom(utf8("RAYSYMS1"));
  table.setU64le(8, KERNEL_BASE);
  table.setU32le(16, 2);
  table.setU32le(20, 1);
  table.setU32le(24, 72);
  table.setU32le(28, 80);
  table.setU32le(32, 120);
  table.setU32le(36, 140);
  table.setU32le(44, 100);
  table.setU32le(56, 100);
  table.setU32le(60, 100);
  table.setU32le(64, 10);
  table.setU8(80, 4);
  table.slice(81, 4).copyFrom(utf8("main"));
  for (let at: u32 = 120; at < 140; at++) table.setU8(at, u8((at * 7) & 0x7f));
}

function takeNvme(digest: Digest): void {
  const data = bytesOf(scratch.page);
  data.fill(0);
  data.setU8(130, 9);
  data.setU64le(0, 0x1000n);
  parseCapabilities(BigInt(input.u32()) * 0x1_0000_0001n, capabilities);
  digest.number(capabilities.doorbellStrideBytes);
  digest.number(capabilities.queueEntries);
  const completion = input.u32();
  digest.byte(completionOutcome(completion));
  digest.number(completionId(completion));
  digest.flag(completionPhase(completion));
  input.patchRecord(data);
  parseController(data, controller);
  digest.number(controller.transferLimitBytes);
  digest.bytes(bytesOf(controller.model).slice(0, controller.modelLength));
  digest.bytes(bytesOf(controller.serial).slice(0, controller.serialLength));
  digest.flag(parseNamespace(data, namespace));
  digest.byte(namespace.sectorShift);
  digest.big(namespace.sectorCount);
  digest.number(listedNamespace(data, 3));
}

function takeAta(digest: Digest): void {
  const data = bytesOf(scratch.page).slice(0, ATA_BYTES);
  data.fill(0);
  data.setU16le(166, 0x4400);
  data.setU64le(200, 0x10000n);
  input.patchRecord(data);
  digest.flag(parseIdentify(data, ata));
  digest.byte(ata.sectorShift);
  digest.byte(ata.queueDepth);
  digest.big(ata.sectorCount);
  digest.bytes(bytesOf(ata.model).slice(0, ata.modelLength));
}

function takeKeys(digest: Digest): void {
  const keys = new Ps2Keys();
  while (input.left() > 0) {
    keys.take(input.u8());
    if ((input.left() & 3) !== 0) continue;
    const byte = keys.poll();
    if (byte >= 0) digest.byte(u8(byte));
  }
  digest.flag(keys.isCapsLockOn());
}

function takeTerminal(digest: Digest): void {
  terminal.grid.resize(u32(1 + input.u8()), u32(1 + (input.u8() & 127)));
  terminal.write(input.rest());
  digest.number(terminal.grid.cursorColumn());
  digest.number(terminal.grid.cursorRow());
  digest.byte(terminal.grid.characterAt(0, 0));
}

/** The battery's clock and the superblock of an ext file system. */
function takeSmall(digest: Digest): void {
  const registers = bytesOf(scratch.page).slice(0, 7);
  registers.fill(0);
  const taken = input.take(7);
  registers.slice(0, taken.length).copyFrom(taken);
  digest.big(unixFromCmos(registers, input.u8()));
  const sector = bytesOf(scratch.elf).slice(0, SUPER_BYTES);
  sector.fill(0);
  sector.setU16le(56, 0xef53);
  input.patchRecord(sector);
  digest.flag(isExtSuper(sector));
  digest.bytes(superLabel(sector));
}
