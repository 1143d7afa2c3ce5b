/**
 * Fuzz target: records with a checksum of their own: the state ring, the handoff, an installation's record.
 *
 *     input: which and flags, call that fails, then patches
 *
 * Each was made by its own writer and gets a right checksum again, unless the flags say otherwise.
 */
import { crc32WithoutField } from "../../../src/base/crc32.ts";
import {
  addMemory,
  addPayload,
  beginHandoff,
  devicePathText,
  findPayload,
  HANDOFF,
  handoffErrorText,
  memoryBase,
  memoryEnd,
  MemoryKind,
  memoryKind,
  memoryPages,
  parseHandoff,
  payloadAddress,
  payloadSha256,
  payloadSizeBytes,
  PayloadKind,
  sealHandoff,
  setDevicePath,
} from "../../../src/format/handoff.ts";
import {
  INSTALLATION_RECORD_BYTES,
  isInstallationRecord,
  makeInstallationRecord,
  sealInstallationRecord,
} from "../../../src/format/installation-record.ts";
import {
  BOOT,
  bootAt,
  bootEndingFrom,
  bootReason,
  bootStage,
  BootStage,
  failureText,
  makeStateRecord,
  pushBoot,
  setFailureText,
  setStage,
  stageMs,
  STATE,
} from "../../../src/format/state-record.ts";
import { beginFacts } from "../../../src/policy/boot-candidates.ts";
import { BootDecision, BootFacts, chooseBoot } from "../../../src/policy/boot-choice.ts";
import { consecutiveFailures, fallbackTries } from "../../../src/policy/boot-history.ts";
import { StateRing } from "../../../src/storage/state-ring.ts";
import { Digest } from "../support/digest.ts";
import { FuzzDisk } from "../support/fuzz-disk.ts";
import { FuzzInput } from "../support/fuzz-input.ts";

const HANDOFF_ROOM_BYTES = 9664;
const RECORD_BYTES = 4096;
const RING_BYTES: u64 = 1048576n;
const RING_SCRATCH_BYTES = 131072;
const RECORDS = 5;
const MAGIC_BYTES = 16;
/** What the first byte of the input asks for, modulo 4; and its flag. */
const HANDOFF_ASKED = 0;
const INSTALLATION_ASKED = 1;
const WRONG_SUM = 4;
const APPENDS = 8;

class Scratch {
  readonly handoff = new Uint8Array(HANDOFF_ROOM_BYTES);
  readonly whole = new Uint8Array(HANDOFF_ROOM_BYTES);
  readonly installation = new Uint8Array(INSTALLATION_RECORD_BYTES);
  readonly record = new Uint8Array(RECORD_BYTES);
  readonly ring = new Uint8Array(RING_SCRATCH_BYTES);
  readonly id = new Uint8Array(32);
}

const scratch = new Scratch();
const disk = new FuzzDisk();
const ring = new StateRing();
const facts = new BootFacts();
const decision = new BootDecision();
const input = new FuzzInput();

export function prepare(): void {
  const handoff = bytesOf(scratch.whole);
  beginHandoff(handoff);
  assert(addMemory(handoff, 0x1000n, 0x9fn, MemoryKind.usable));
  assert(addMemory(handoff, 0x100000n, 0x1000n, MemoryKind.reclaimable));
  assert(addPayload(handoff, PayloadKind.kernel, 0x200000n, 123456n, bytesOf(scratch.id)));
  setDevicePath(handoff, utf8("PciRoot(0x0)/Pci(0x3,0x0)/NVMe(0x1)"));
  sealHandoff(handoff);
  makeRing();
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const asked = flags & 3;
  if (asked === HANDOFF_ASKED) takeHandoff((flags & WRONG_SUM) === 0, digest);
  else if (asked === INSTALLATION_ASKED) takeInstallation((flags & WRONG_SUM) === 0, digest);
  else takeRing(flags, digest);
}

/** A ring of some boots: good ones, a failed one with its text. */
function makeRing(): void {
  disk.make(512, RING_BYTES);
  const record = bytesOf(scratch.record);
  makeStateRecord(record, bytesOf(scratch.id).slice(0, 16));
  const opened = ring.open(disk, bytesOf(scratch.ring));
  assert(opened.ok);
  for (let i: u32 = 0; i < RECORDS; i++) {
    const boot = pushBoot(record);
    setStage(boot, i === 2 ? BootStage.kernelLoaded : BootStage.golden, 1000);
    if (i === 2) setFailureText(record, utf8("the kernel panicked"));
    assert(ring.append(record).ok);
  }
  disk.seal();
}

function takeHandoff(mends: boolean, digest: Digest): void {
  const record = bytesOf(scratch.handoff);
  record.copyFrom(bytesOf(scratch.whole));
  input.patchRecord(record);
  if (mends) sealHandoff(record);
  const parsed = parseHandoff(record);
  digest.flag(parsed.ok);
  if (!parsed.ok) {
    digest.text(handoffErrorText(parsed.error));
    return;
  }
  const handoff = parsed.value;
  digest.bytes(devicePathText(handoff));
  for (let i: u32 = 0; i < HANDOFF.memoryCount.get(handoff); i++) {
    digest.big(memoryBase(handoff, i));
    digest.number(memoryPages(handoff, i));
    digest.big(memoryEnd(handoff, i));
    digest.byte(memoryKind(handoff, i));
  }
  digest.number(u32(findPayload(handoff, PayloadKind.kernel) + 1));
  for (let i: u32 = 0; i < HANDOFF.payloadCount.get(handoff); i++) {
    digest.big(payloadAddress(handoff, i));
    digest.big(payloadSizeBytes(handoff, i));
    digest.bytes(payloadSha256(handoff, i));
  }
}

function takeInstallation(mends: boolean, digest: Digest): void {
  const record = bytesOf(scratch.installation);
  makeInstallationRecord(record, bytesOf(scratch.id).slice(0, MAGIC_BYTES), 1767709800n);
  sealInstallationRecord(record);
  input.patchRecord(record);
  if (mends) sealInstallationRecord(record);
  digest.flag(isInstallationRecord(record));
}

/** The ring with one record patched; what the boot manager makes of it; another record appended. */
function takeRing(flags: u8, digest: Digest): void {
  disk.rewind();
  const failAt = input.u8();
  const slot = u32(input.u8() % (RECORDS + 2));
  const at = u64(BigInt(slot) * BigInt(RECORD_BYTES));
  const record = bytesOf(scratch.record);
  disk.peek(at, record);
  input.patchRecord(record);
  if ((flags & WRONG_SUM) === 0) STATE.crc.set(record, crc32WithoutField(record, STATE.crc.offset));
  disk.poke(at, record);
  disk.failAt = failAt;
  const opened = ring.open(disk, bytesOf(scratch.ring));
  digest.flag(opened.ok);
  digest.byte(ring.condition());
  digest.big(ring.newestSequence());
  decide(digest);
  if ((flags & APPENDS) === 0 || !opened.ok) return;
  if (ring.hasRecord()) record.copyFrom(ring.record());
  else makeStateRecord(record, bytesOf(scratch.id).slice(0, MAGIC_BYTES));
  setStage(pushBoot(record), BootStage.shellReady, 77);
  digest.flag(ring.append(record).ok);
  decide(digest);
}

function decide(digest: Digest): void {
  const has = ring.hasRecord();
  const record = has ? ring.record() : bytesOf(scratch.installation);
  beginFacts(facts, record, has);
  chooseBoot(facts, decision);
  digest.byte(decision.action);
  if (!has) return;
  digest.bytes(failureText(record));
  digest.number(consecutiveFailures(record, 0));
  digest.number(fallbackTries(record, 0, 1));
  for (let age: u32 = 0; age < STATE.historyCount.get(record); age++) {
    const boot = bootAt(record, age);
    digest.byte(bootStage(boot));
    digest.byte(bootReason(boot));
    digest.byte(bootEndingFrom(BOOT.ending.get(boot)));
    digest.number(stageMs(boot, BootStage.golden));
  }
}
