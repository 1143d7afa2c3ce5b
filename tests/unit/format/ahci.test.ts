/** AHCI as bytes: headers, regions and command FISes. */
import { test, isTrue, equal, equalBig } from "../harness.ts";
import {
  AHCI_TRANSFER_LIMIT_BYTES,
  COMMAND_LIST_BYTES,
  COMMAND_TABLE_BYTES,
  commandHeader,
  writeCommand,
  writeHeader,
  writeQueuedCommand,
  writeRegion,
} from "../../../src/format/ahci.ts";
import { AtaCommand } from "../../../src/format/ata.ts";

class Scratch {
  readonly list = new Uint8Array(COMMAND_LIST_BYTES);
  readonly table = new Uint8Array(COMMAND_TABLE_BYTES);
}

const scratch = new Scratch();

export function main(): void {
  headers();
  plainCommands();
  queuedCommands();
}

function headers(): void {
  const list = bytesOf(scratch.list);
  const table = bytesOf(scratch.table);
  test("a header has its table's address, and no data at first");
  list.fill(0xaa);
  const header = commandHeader(list, 31);
  writeHeader(header, 0x1_2345_6780n);
  equal(list.u8(991), 0xaa);
  equal(list.u32le(992), 5);
  equal(list.u32le(996), 0);
  equalBig(list.u64le(1000), 0x1_2345_6780n);
  test("a region is named with its length less one, and its direction in the header");
  table.fill(0xaa);
  writeRegion(header, table, true, 0x2_0000_0002n, AHCI_TRANSFER_LIMIT_BYTES);
  equal(header.u32le(0), 0x0001_0045);
  equalBig(table.u64le(128), 0x2_0000_0002n);
  equal(table.u32le(136), 0);
  equal(table.u32le(140), 0x000f_ffff);
  equal(table.u8(144), 0xaa);
  writeRegion(header, table, false, 0x1000n, 512);
  equal(header.u32le(0), 0x0001_0005);
  equal(table.u32le(140), 511);
}

function plainCommands(): void {
  const table = bytesOf(scratch.table);
  test("a command with a 48-bit address");
  table.fill(0xaa);
  writeCommand(table, AtaCommand.readDmaExt, 0x1234_5678_9abcn, 2048);
  equal(table.u32le(0), 0x0025_8027);
  equal(table.u32le(4), 0x4078_9abc);
  equal(table.u32le(8), 0x0012_3456);
  equal(table.u32le(12), 0x0000_0800);
  equal(table.u32le(16), 0);
  test("a command without address and data");
  writeCommand(table, AtaCommand.flushCacheExt, 0n, 0);
  equal(table.u32le(0), 0x00ea_8027);
  equal(table.u32le(4), 0x4000_0000);
  equal(table.u32le(12), 0);
}

function queuedCommands(): void {
  const table = bytesOf(scratch.table);
  test("a queued command has its sectors among the features and its tag in the count");
  writeQueuedCommand(table, AtaCommand.writeFpdmaQueued, 0x0000_0100_0001n, 0x0802, 31);
  equal(table.u32le(0), 0x0261_8027);
  equal(table.u32le(4), 0x4000_0001);
  equal(table.u32le(8), 0x0800_0000 + 0x01);
  equal(table.u32le(12), 0xf8);
  isTrue(table.u32le(16) === 0);
}
