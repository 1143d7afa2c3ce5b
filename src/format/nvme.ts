/**
 * NVM Express: registers, commands, completions and page lists as bytes, no I/O (NVMe base specification 2.0).
 *
 * A command has 64 bytes, a completion 16, both little endian:
 *
 *     command      0 opcode, flags, id    4 namespace    16 metadata    24 PRP 1    32 PRP 2    40 … 60 parameters 10 … 15
 *     completion   0 result               8 how far the submission queue was read, its number   12 id, phase and status
 *
 * Data is named by physical pages (section 4.1.1): PRP 1 points at the first byte, PRP 2 at the second page or, where
 * there are more than two, at a list of all pages behind the first.
 */

/** Offsets in BAR 0 (section 3.1.3). */
export const NVME_REGISTERS = layout(0x1000, {
  capabilities: le64(0x00),
  version: le32(0x08),
  interruptMaskSet: le32(0x0c),
  interruptMaskClear: le32(0x10),
  configuration: le32(0x14),
  reserved0: le32(0x18),
  status: le32(0x1c),
  subsystemReset: le32(0x20),
  adminQueueSizes: le32(0x24),
  adminSubmissionBase: le64(0x28),
  adminCompletionBase: le64(0x30),
  reserved1: octets(0x38, 0xfc8),
});

/** Behind them stand the doorbells of the queues, as far apart as the controller says. */
export const NVME_DOORBELLS_AT = NVME_REGISTERS.byteLength;

/** CC (section 3.1.3.5): 64-byte commands, 16-byte completions, pages of 4 KiB, the NVM command set, round robin. */
export const CONFIGURATION_ENABLED = 0x0046_0001;
export const CONFIGURATION_DISABLED = 0x0046_0000;
/** CC.SHN: a normal shutdown is announced. */
export const CONFIGURATION_SHUTDOWN = 0x0046_4001;
/** CSTS (section 3.1.3.6). */
export const STATUS_READY = 0x1;
export const STATUS_FATAL = 0x2;
export const STATUS_SHUTDOWN_MASK = 0xc;
export const STATUS_SHUTDOWN_COMPLETE = 0x8;
/** What every register of a device that is gone reads as. */
export const REGISTER_GONE = 0xffff_ffff;

export const NVME_COMMAND_BYTES = 64;
export const NVME_COMPLETION_BYTES = 16;
export const NVME_PAGE_BYTES = 4096;
/** The most that one command moves here, and the pages behind the first that it may need. */
export const NVME_TRANSFER_LIMIT_BYTES = 0x10_0000;
export const PRP_LIST_ENTRIES = 256;
export const PRP_LIST_BYTES = 2048;
/** The namespace number that means all of them. */
export const EVERY_NAMESPACE = 0xffff_ffff;

const COMMAND = layout(NVME_COMMAND_BYTES, {
  opcode: at8(0),
  flags: at8(1),
  id: le16(2),
  namespaceId: le32(4),
  reserved0: octets(8, 8),
  metadata: le64(16),
  prp1: le64(24),
  prp2: le64(32),
  parameter10: le32(40),
  parameter11: le32(44),
  parameter12: le32(48),
  parameter13: le32(52),
  parameter14: le32(56),
  parameter15: le32(60),
});

const COMPLETION = layout(NVME_COMPLETION_BYTES, {
  result: le32(0),
  reserved0: le32(4),
  submissionHead: le16(8),
  submissionQueue: le16(10),
  /** Id, phase and status are read in one piece: the controller writes them last. */
  idAndStatus: le32(12),
});

/** Opcodes of the admin queue (section 5). */
const CREATE_SUBMISSION_QUEUE = 0x01;
const CREATE_COMPLETION_QUEUE = 0x05;
const IDENTIFY = 0x06;
const SET_FEATURES = 0x09;
const FEATURE_QUEUE_COUNT = 0x07;
/** Opcodes of the NVM command set (NVM command set specification 1.0, section 3). */
const FLUSH = 0x00;
const WRITE = 0x01;
const READ = 0x02;

const QUEUE_CONTIGUOUS = 0x1;
const QUEUE_INTERRUPTS = 0x2;

/** What an identify command asks for (section 5.17.1). */
export const enum IdentifyTopic {
  namespace = 0x00,
  controller = 0x01,
  activeNamespaces = 0x02,
}

/** How a command ended, as far as anybody above cares. */
export const enum NvmeOutcome {
  success = 0,
  /** The medium could not be read or written. */
  medium = 1,
  outOfRange = 2,
  writeProtected = 3,
  /** The controller does not know this command, or a field of it. */
  unsupported = 4,
  /** Anything else: the controller is at fault, or we are. */
  failed = 5,
}

/** CAP, as far as the driver needs it (section 3.1.3.1). */
export class NvmeCapabilities {
  queueEntries: u32 = 0;
  readyTimeoutMs: u32 = 0;
  /** From one doorbell to the next. */
  doorbellStrideBytes: u32 = 0;
  /** It speaks the NVM command set and takes pages of 4 KiB. */
  usable: boolean = false;
}

export function parseCapabilities(value: u64, into: NvmeCapabilities): void {
  into.queueEntries = Number(value & 0xffffn) + 1;
  into.readyTimeoutMs = Number((value >> 24n) & 0xffn) * 500;
  into.doorbellStrideBytes = (4 << Number((value >> 32n) & 0xfn)) >>> 0;
  const speaksNvm = ((value >> 37n) & 1n) === 1n;
  const smallestPageShift = (value >> 48n) & 0xfn;
  into.usable = speaksNvm && smallestPageShift === 0n;
}

export function writeIdentify(
  command: Bytes,
  id: u16,
  topic: IdentifyTopic,
  namespaceId: u32,
  buffer: u64,
): void {
  begin(command, IDENTIFY, id, namespaceId);
  COMMAND.prp1.set(command, buffer);
  COMMAND.parameter10.set(command, topic);
}

/** Asks for one pair of I/O queues (section 5.27.1.5); the counts are one less than what they say. */
export function writeSetQueueCount(command: Bytes, id: u16): void {
  begin(command, SET_FEATURES, id, 0);
  COMMAND.parameter10.set(command, FEATURE_QUEUE_COUNT);
}

/** Creates I/O completion queue 1 (section 5.4). With `interrupts` it raises message 0. */
export function writeCreateCompletionQueue(
  command: Bytes,
  id: u16,
  entries: u16,
  base: u64,
  interrupts: boolean,
): void {
  assert(entries >= 2);
  begin(command, CREATE_COMPLETION_QUEUE, id, 0);
  COMMAND.prp1.set(command, base);
  COMMAND.parameter10.set(command, u32((entries - 1) * 0x1_0000 + 1));
  COMMAND.parameter11.set(command, interrupts ? QUEUE_CONTIGUOUS | QUEUE_INTERRUPTS : QUEUE_CONTIGUOUS);
}

/** Creates I/O submission queue 1, whose completions go to queue 1 (section 5.5). */
export function writeCreateSubmissionQueue(command: Bytes, id: u16, entries: u16, base: u64): void {
  assert(entries >= 2);
  begin(command, CREATE_SUBMISSION_QUEUE, id, 0);
  COMMAND.prp1.set(command, base);
  COMMAND.parameter10.set(command, u32((entries - 1) * 0x1_0000 + 1));
  COMMAND.parameter11.set(command, 0x1_0000 | QUEUE_CONTIGUOUS);
}

/** A read or write of `sectors` from `lba`, without its pages: `writePages` adds them. */
export function writeTransfer(
  command: Bytes,
  id: u16,
  isWrite: boolean,
  namespaceId: u32,
  lba: u64,
  sectors: u32,
): void {
  assert(sectors >= 1 && sectors <= 0x1_0000);
  begin(command, isWrite ? WRITE : READ, id, namespaceId);
  COMMAND.parameter10.set(command, u32(Number(lba & 0xffff_ffffn)));
  COMMAND.parameter11.set(command, u32(Number(lba >> 32n)));
  COMMAND.parameter12.set(command, sectors - 1);
}

export function writeFlush(command: Bytes, id: u16, namespaceId: u32): void {
  begin(command, FLUSH, id, namespaceId);
}

/**
 * Names `lengthBytes` of contiguous memory at `address`, a multiple of 4, as the command's data. `list`, of
 * `PRP_LIST_BYTES` at `listAddress` and within one page, takes the pages behind the first where there are more than two.
 */
export function writePages(
  command: Bytes,
  address: u64,
  lengthBytes: u32,
  list: Bytes,
  listAddress: u64,
): void {
  assert(address % 4n === 0n && lengthBytes > 0 && lengthBytes <= NVME_TRANSFER_LIMIT_BYTES);
  const inFirstPage: u32 = NVME_PAGE_BYTES - Number(address & 0xfffn);
  COMMAND.prp1.set(command, address);
  COMMAND.prp2.set(command, 0n);
  if (lengthBytes <= inFirstPage) return;
  const behind = u32(lengthBytes - inFirstPage);
  const secondPage = u64(address + BigInt(inFirstPage));
  if (behind <= NVME_PAGE_BYTES) {
    COMMAND.prp2.set(command, secondPage);
    return;
  }
  const pages: u32 = Math.trunc((behind + NVME_PAGE_BYTES - 1) / NVME_PAGE_BYTES);
  for (let i: u32 = 0; i < pages; i++) list.setU64le(i * 8, u64(secondPage + BigInt(i * NVME_PAGE_BYTES)));
  COMMAND.prp2.set(command, listAddress);
}

/** The last word of a completion, which tells whether it is there and what it says. */
export function completionWord(completion: Bytes): u32 {
  return COMPLETION.idAndStatus.get(completion);
}

/** It changes each time that the controller writes an entry anew (section 3.3.1.2.1). */
export function completionPhase(word: u32): boolean {
  return (word & 0x1_0000) !== 0;
}

export function completionId(word: u32): u16 {
  return word & 0xffff;
}

/** Status code type and status code (section 3.3.3.2.1). */
export function completionOutcome(word: u32): NvmeOutcome {
  const code = (word >>> 17) & 0xff;
  const type = (word >>> 25) & 0x7;
  switch (type) {
    case 0:
      return genericOutcome(code);
    case 1:
      return code === 0x82 ? NvmeOutcome.writeProtected : NvmeOutcome.failed;
    case 2:
      return NvmeOutcome.medium;
    default:
      return NvmeOutcome.failed;
  }
}

/** Generic command status (section 3.3.3.2.1.1). */
function genericOutcome(code: u8): NvmeOutcome {
  switch (code) {
    case 0x00:
      return NvmeOutcome.success;
    case 0x01:
    case 0x02:
    case 0x0b:
      return NvmeOutcome.unsupported;
    case 0x20:
      return NvmeOutcome.writeProtected;
    case 0x80:
    case 0x81:
      return NvmeOutcome.outOfRange;
    default:
      return NvmeOutcome.failed;
  }
}

function begin(command: Bytes, opcode: u8, id: u16, namespaceId: u32): void {
  assert(command.length === NVME_COMMAND_BYTES);
  command.fill(0);
  COMMAND.opcode.set(command, opcode);
  COMMAND.id.set(command, id);
  COMMAND.namespaceId.set(command, namespaceId);
}
