/** NVMe as bytes: commands, page lists and completions, each against what the specification says byte for byte. */
import { test, isTrue, equal, equalBig } from "../harness.ts";
import {
  completionId,
  completionOutcome,
  completionPhase,
  completionWord,
  IdentifyTopic,
  NVME_COMMAND_BYTES,
  NVME_TRANSFER_LIMIT_BYTES,
  NvmeCapabilities,
  NvmeOutcome,
  parseCapabilities,
  PRP_LIST_BYTES,
  writeCreateCompletionQueue,
  writeCreateSubmissionQueue,
  writeFlush,
  writeIdentify,
  writePages,
  writeSetQueueCount,
  writeTransfer,
} from "../../../src/format/nvme.ts";

class Scratch {
  readonly command = new Uint8Array(NVME_COMMAND_BYTES);
  readonly list = new Uint8Array(PRP_LIST_BYTES);
  readonly completion = new Uint8Array(16);
  readonly capabilities = new NvmeCapabilities();
}

const scratch = new Scratch();
const LIST_ADDRESS: u64 = 0x7000_0800n;

export function main(): void {
  capabilities();
  adminCommands();
  transfers();
  onePage();
  twoPages();
  pageList();
  completions();
  outcomes();
}

function capabilities(): void {
  const found = scratch.capabilities;
  test("capabilities: queue entries, time to become ready, doorbell stride");
  parseCapabilities(0x0000_0020_2801_07ffn, found);
  equal(found.queueEntries, 2048);
  equal(found.readyTimeoutMs, 20_000);
  equal(found.doorbellStrideBytes, 4);
  isTrue(found.usable);
  parseCapabilities(0x0000_0023_0000_0001n, found);
  equal(found.queueEntries, 2);
  equal(found.doorbellStrideBytes, 32);
  test("a controller without the NVM command set, or with larger pages only, is not usable");
  parseCapabilities(0x0000_0000_2801_07ffn, found);
  isTrue(!found.usable);
  parseCapabilities(0x0001_0020_2801_07ffn, found);
  isTrue(!found.usable);
}

function adminCommands(): void {
  const command = bytesOf(scratch.command);
  test("identify names its topic, its namespace and its page");
  command.fill(0xaa);
  writeIdentify(command, 5, IdentifyTopic.namespace, 3, 0x1234_5000n);
  equal(command.u32le(0), 0x0005_0006);
  equal(command.u32le(4), 3);
  equalBig(command.u64le(24), 0x1234_5000n);
  equalBig(command.u64le(32), 0n);
  equal(command.u32le(40), 0);
  writeIdentify(command, 5, IdentifyTopic.activeNamespaces, 0, 0x1000n);
  equal(command.u32le(40), 2);
  test("queues are created contiguous, with the number 1 and a size less one");
  writeCreateCompletionQueue(command, 1, 128, 0x2000n, true);
  equal(command.u8(0), 5);
  equalBig(command.u64le(24), 0x2000n);
  equal(command.u32le(40), 0x007f_0001);
  equal(command.u32le(44), 3);
  writeCreateCompletionQueue(command, 1, 2, 0x2000n, false);
  equal(command.u32le(40), 0x0001_0001);
  equal(command.u32le(44), 1);
  writeCreateSubmissionQueue(command, 2, 128, 0x3000n);
  equal(command.u8(0), 1);
  equal(command.u32le(40), 0x007f_0001);
  equal(command.u32le(44), 0x0001_0001);
  test("one pair of queues is asked for");
  writeSetQueueCount(command, 7);
  equal(command.u32le(0), 0x0007_0009);
  equal(command.u32le(40), 7);
  equal(command.u32le(44), 0);
}

function transfers(): void {
  const command = bytesOf(scratch.command);
  test("read and write carry 64 bits of LBA and a count less one");
  writeTransfer(command, 63, false, 1, 0x1_2345_6789n, 2048);
  equal(command.u32le(0), 0x003f_0002);
  equal(command.u32le(4), 1);
  equal(command.u32le(40), 0x2345_6789);
  equal(command.u32le(44), 1);
  equal(command.u32le(48), 2047);
  writeTransfer(command, 0, true, 2, 0n, 1);
  equal(command.u32le(0), 1);
  equal(command.u32le(48), 0);
  test("flush has an opcode and a namespace, nothing else");
  writeFlush(command, 9, 4);
  equal(command.u32le(0), 0x0009_0000);
  equal(command.u32le(4), 4);
  for (let at: u32 = 8; at < NVME_COMMAND_BYTES; at++) isTrue(command.u8(at) === 0);
}

function name(address: u64, lengthBytes: u32): Bytes {
  const command = bytesOf(scratch.command);
  const list = bytesOf(scratch.list);
  command.fill(0xaa);
  list.fill(0xaa);
  writePages(command, address, lengthBytes, list, LIST_ADDRESS);
  return command;
}

function onePage(): void {
  test("data within one page needs one pointer");
  const whole = name(0x9000n, 4096);
  equalBig(whole.u64le(24), 0x9000n);
  equalBig(whole.u64le(32), 0n);
  const part = name(0x9e00n, 512);
  equalBig(part.u64le(24), 0x9e00n);
  equalBig(part.u64le(32), 0n);
}

function twoPages(): void {
  test("data in two pages needs the second page as the second pointer");
  const aligned = name(0x9000n, 8192);
  equalBig(aligned.u64le(32), 0xa000n);
  const crossing = name(0x9004n, 4096);
  equalBig(crossing.u64le(24), 0x9004n);
  equalBig(crossing.u64le(32), 0xa000n);
  const longest = name(0x9ffcn, 4100);
  equalBig(longest.u64le(32), 0xa000n);
  equal(bytesOf(scratch.list).u8(0), 0xaa);
}

function pageList(): void {
  const list = bytesOf(scratch.list);
  test("data in more pages needs a list of all behind the first");
  const three = name(0x9000n, 12288);
  equalBig(three.u64le(32), LIST_ADDRESS);
  equalBig(list.u64le(0), 0xa000n);
  equalBig(list.u64le(8), 0xb000n);
  equal(list.u8(16), 0xaa);
  const crossing = name(0x9ffcn, 4104);
  equalBig(crossing.u64le(32), LIST_ADDRESS);
  equalBig(list.u64le(8), 0xb000n);
  test("the largest transfer fits into its list, wherever it starts");
  name(0x1_0000_9004n, NVME_TRANSFER_LIMIT_BYTES);
  equalBig(list.u64le(0), 0x1_0000_a000n);
  equalBig(list.u64le(PRP_LIST_BYTES - 8), 0x1_0010_9000n);
  name(0x1_0000_9000n, NVME_TRANSFER_LIMIT_BYTES);
  equalBig(list.u64le(PRP_LIST_BYTES - 16), 0x1_0010_8000n);
  equal(list.u8(PRP_LIST_BYTES - 8), 0xaa);
}

function completions(): void {
  const completion = bytesOf(scratch.completion);
  test("a completion tells id and phase");
  completion.fill(0);
  completion.setU16le(12, 0x1234);
  completion.setU16le(14, 0x0001);
  equal(completionId(completionWord(completion)), 0x1234);
  isTrue(completionPhase(completionWord(completion)));
  completion.setU16le(14, 0xfffe);
  isTrue(!completionPhase(completionWord(completion)));
}

/** What a status (code type and code) means. */
function outcome(codeType: u8, code: u8): NvmeOutcome {
  return completionOutcome(((codeType << 25) | (code << 17) | 0x1_0000) >>> 0);
}

function outcomes(): void {
  test("every status has its meaning");
  equal(outcome(0, 0x00), NvmeOutcome.success);
  equal(outcome(0, 0x02), NvmeOutcome.unsupported);
  equal(outcome(0, 0x0b), NvmeOutcome.unsupported);
  equal(outcome(0, 0x04), NvmeOutcome.failed);
  equal(outcome(0, 0x20), NvmeOutcome.writeProtected);
  equal(outcome(0, 0x80), NvmeOutcome.outOfRange);
  equal(outcome(1, 0x82), NvmeOutcome.writeProtected);
  equal(outcome(1, 0x00), NvmeOutcome.failed);
  equal(outcome(2, 0x80), NvmeOutcome.medium);
  equal(outcome(2, 0x81), NvmeOutcome.medium);
  equal(outcome(7, 0x00), NvmeOutcome.failed);
  test("more and do-not-retry do not change what a status means");
  equal(completionOutcome(0xc001_0000), NvmeOutcome.success);
}
