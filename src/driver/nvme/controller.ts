/**
 * NvmeController: one controller, from its reset to its shutdown (NVMe base specification 2.0).
 *
 * Owns the registers, the admin queue, one I/O queue and the memory that devices see. It sends commands and waits for
 * their ends; what is read and written where is its namespaces' business.
 *
 * Invariants: the caller's memory is the controller's only while a call lasts. When a command does not end in time, the
 * controller is reset before the call returns, and one that does not obey is taken off the bus: no late transfer ever
 * reaches memory that belongs to somebody else by then. A controller is reset once for a fault; if it fails again before
 * it has completed a command, it stays dead and every call fails at once.
 */
import { IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import {
  CONFIGURATION_DISABLED,
  CONFIGURATION_ENABLED,
  CONFIGURATION_SHUTDOWN,
  IdentifyTopic,
  NVME_DOORBELLS_AT,
  NVME_REGISTERS,
  NVME_TRANSFER_LIMIT_BYTES,
  NvmeCapabilities,
  NvmeOutcome,
  parseCapabilities,
  PRP_LIST_BYTES,
  REGISTER_GONE,
  STATUS_FATAL,
  STATUS_READY,
  STATUS_SHUTDOWN_COMPLETE,
  STATUS_SHUTDOWN_MASK,
  writeCreateCompletionQueue,
  writeCreateSubmissionQueue,
  writeFlush,
  writeIdentify,
  writePages,
  writeSetQueueCount,
  writeTransfer,
} from "../../format/nvme.ts";
import { IDENTIFY_BYTES, NvmeControllerIdentity, parseController } from "../../format/nvme-identify.ts";
import { dmaAllocate, physicalAddress } from "../../machine/dma.ts";
import { claimVector } from "../../machine/interrupts.ts";
import { Mmio } from "../../machine/mmio.ts";
import { PciFunction } from "../../machine/pci.ts";
import { Wait } from "../wait.ts";
import { DEPTH_LIMIT, NvmeCompletion, NvmeQueue, RING_LIMIT } from "./queue.ts";

/** Memory for data that the controller cannot take where it is. */
export const BOUNCE_BYTES = 0x1_0000;

const ADMIN_ENTRIES = 16;
/** Two for each of the two pairs of queues. */
const DOORBELLS = 4;
const COMMAND_TIMEOUT_MS = 10_000;
const FLUSH_TIMEOUT_MS = 20_000;
/** A controller may ask for up to 127 s to become ready; nobody waits that long for a disk. */
const READY_LIMIT_MS = 30_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

const enum State {
  absent = 0,
  ready = 1,
  /** To be reset before the next command, whatever is in flight. */
  unknown = 2,
  dead = 3,
}

export class NvmeController {
  readonly identity = new NvmeControllerIdentity();
  private state: State = State.absent;
  /** It was reset for a fault and has not completed a command since. */
  private isSuspect: boolean = false;
  private function: PciFunction | null = null;
  private hasInterrupts: boolean = false;
  private readonly registers = new Mmio();
  private readonly wait = new Wait();
  private readonly capabilities = new NvmeCapabilities();
  private readonly admin = new NvmeQueue();
  private readonly io = new NvmeQueue();
  private readonly completion = new NvmeCompletion();
  private pageLists: Bytes = utf8("");
  private identifyData: Bytes = utf8("");
  private bounce: Bytes = utf8("");

  /** Takes the controller: memory, interrupt, reset, identify. After an error it is dead, and its slot stays taken. */
  start(pciFunction: PciFunction, clock: Clock): Result<void, IoError> {
    this.state = State.dead;
    this.function = pciFunction;
    this.wait.useClock(clock);
    if (!pciFunction.mapBar(0, this.registers)) return err(IoError.device);
    if (this.registers.length() < NVME_DOORBELLS_AT) return err(IoError.device);
    const capabilities = NVME_REGISTERS.capabilities.get(this.registers);
    const low = Number(capabilities & 0xffff_ffffn);
    if (low === REGISTER_GONE || low === 0) return err(IoError.device);
    parseCapabilities(capabilities, this.capabilities);
    if (!this.capabilities.usable || this.capabilities.queueEntries < 2) return err(IoError.device);
    const doorbellsEnd = NVME_DOORBELLS_AT + this.capabilities.doorbellStrideBytes * DOORBELLS;
    if (doorbellsEnd > this.registers.length()) return err(IoError.device);
    this.reserveMemory();
    this.hasInterrupts = pciFunction.enableMessageInterrupt(claimVector());
    const up = this.bringUp();
    if (!up.ok) return up;
    const identified = this.identify(IdentifyTopic.controller, 0);
    if (!identified.ok) return err(identified.error);
    if (!identified.value) return err(IoError.device);
    parseController(this.identifyData, this.identity);
    return ok();
  }

  /** Before each call: an abandoned controller is brought back, a dead one refuses. */
  makeReady(): Result<void, IoError> {
    if (this.state === State.unknown) {
      const up = this.bringUp();
      if (!up.ok) return up;
    }
    if (this.state !== State.ready) return err(IoError.device);
    return ok();
  }

  /** Fetches identify data into `identifyBytes`; false if the controller does not know the topic or the namespace. */
  identify(topic: IdentifyTopic, namespaceId: u32): Result<boolean, IoError> {
    const ready = this.makeReady();
    if (!ready.ok) return err(ready.error);
    this.identifyData.fill(0);
    writeIdentify(
      this.admin.place(),
      this.admin.claimId(),
      topic,
      namespaceId,
      physicalAddress(this.identifyData),
    );
    this.admin.submit();
    this.admin.ring(this.registers);
    const ended = this.awaitCompletion(this.admin, COMMAND_TIMEOUT_MS);
    if (!ended.ok) return err(ended.error);
    return ok(ended.value === NvmeOutcome.success);
  }

  /** What the last `identify` brought: `IDENTIFY_BYTES`, valid until the next one. */
  identifyBytes(): Bytes {
    return this.identifyData;
  }

  /** The most that one command may move. */
  transferLimitBytes(): u32 {
    const limit = this.identity.transferLimitBytes;
    return limit === 0 || limit > NVME_TRANSFER_LIMIT_BYTES ? NVME_TRANSFER_LIMIT_BYTES : limit;
  }

  bounceBuffer(): Bytes {
    return this.bounce;
  }

  hasRoom(): boolean {
    return this.io.hasRoom();
  }

  inFlight(): u32 {
    return this.io.inFlight();
  }

  /** Puts a read or write of one command's size into the queue; `ring` sends it. */
  queueTransfer(isWrite: boolean, namespaceId: u32, lba: u64, sectors: u32, buffer: Bytes): void {
    const id = this.io.claimId();
    const list = this.pageLists.slice(id * PRP_LIST_BYTES, PRP_LIST_BYTES);
    writeTransfer(this.io.place(), id, isWrite, namespaceId, lba, sectors);
    writePages(this.io.place(), physicalAddress(buffer), buffer.length, list, physicalAddress(list));
    this.io.submit();
  }

  ring(): void {
    this.io.ring(this.registers);
  }

  /** Waits until one of the commands in flight has ended. After an error none is in flight. */
  awaitTransfer(): Result<NvmeOutcome, IoError> {
    return this.awaitCompletion(this.io, COMMAND_TIMEOUT_MS);
  }

  /** Empties the volatile cache of a namespace, where there is one (NVM command set specification, section 3.2.1). */
  flush(namespaceId: u32): Result<NvmeOutcome, IoError> {
    if (!this.identity.hasVolatileCache) return ok(NvmeOutcome.success);
    writeFlush(this.io.place(), this.io.claimId(), namespaceId);
    this.io.submit();
    this.ring();
    return this.awaitCompletion(this.io, FLUSH_TIMEOUT_MS);
  }

  /** For the crash writer: forgets what is in flight; the next call starts with a reset. */
  abandon(): void {
    if (this.state === State.ready) this.state = State.unknown;
  }

  /** Announces the end of power and waits until the controller is prepared (section 3.6.1). */
  shutDown(): void {
    if (this.state !== State.ready) return;
    this.state = State.dead;
    NVME_REGISTERS.configuration.set(this.registers, CONFIGURATION_SHUTDOWN);
    this.wait.begin(SHUTDOWN_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      const status = NVME_REGISTERS.status.get(this.registers);
      if ((status & STATUS_SHUTDOWN_MASK) === STATUS_SHUTDOWN_COMPLETE || status === REGISTER_GONE) return;
      this.wait.rest(false);
    }
  }

  private reserveMemory(): void {
    const stride = this.capabilities.doorbellStrideBytes;
    const entries = u16(Math.min(this.capabilities.queueEntries, RING_LIMIT));
    this.admin.reserve(0, ADMIN_ENTRIES, stride);
    this.io.reserve(1, entries, stride);
    this.pageLists = dmaAllocate(DEPTH_LIMIT * PRP_LIST_BYTES);
    this.identifyData = dmaAllocate(IDENTIFY_BYTES);
    this.bounce = dmaAllocate(BOUNCE_BYTES);
  }

  /** From any state to ready (section 3.5.1), or to dead. */
  private bringUp(): Result<void, IoError> {
    this.state = State.unknown;
    const enabled = this.resetAndEnable();
    const up = enabled.ok ? this.createQueues() : enabled;
    if (up.ok) this.state = State.ready;
    else this.die();
    return up;
  }

  private resetAndEnable(): Result<void, IoError> {
    // 1. Disabled, nothing is transferred any more.
    NVME_REGISTERS.configuration.set(this.registers, CONFIGURATION_DISABLED);
    const disabled = this.awaitReady(false);
    if (!disabled.ok) return disabled;
    // 2. Empty rings, named to the controller.
    this.admin.clear();
    this.io.clear();
    const last = this.admin.entryCount() - 1;
    NVME_REGISTERS.adminQueueSizes.set(this.registers, u32(last * 0x1_0000 + last));
    NVME_REGISTERS.adminSubmissionBase.set(this.registers, this.admin.submissionAddress());
    NVME_REGISTERS.adminCompletionBase.set(this.registers, this.admin.completionAddress());
    // 3. Without a message of its own it stays quiet; from here on it may read and write memory.
    if (!this.hasInterrupts) NVME_REGISTERS.interruptMaskSet.set(this.registers, 0xffff_ffff);
    this.ownFunction().enableBusMaster();
    NVME_REGISTERS.configuration.set(this.registers, CONFIGURATION_ENABLED);
    return this.awaitReady(true);
  }

  private createQueues(): Result<void, IoError> {
    writeSetQueueCount(this.admin.place(), this.admin.claimId());
    const counted = this.runAdmin();
    if (!counted.ok) return counted;
    const entries = this.io.entryCount();
    const completions = this.io.completionAddress();
    writeCreateCompletionQueue(
      this.admin.place(),
      this.admin.claimId(),
      entries,
      completions,
      this.hasInterrupts,
    );
    const completing = this.runAdmin();
    if (!completing.ok) return completing;
    writeCreateSubmissionQueue(
      this.admin.place(),
      this.admin.claimId(),
      entries,
      this.io.submissionAddress(),
    );
    return this.runAdmin();
  }

  /** Sends the admin command at `place` and wants it to succeed; within a reset, so a failure does not start another one. */
  private runAdmin(): Result<void, IoError> {
    this.admin.submit();
    this.admin.ring(this.registers);
    const ended = this.poll(this.admin, COMMAND_TIMEOUT_MS);
    if (!ended.ok) return err(ended.error);
    if (ended.value !== NvmeOutcome.success) return err(IoError.device);
    return ok();
  }

  private awaitCompletion(queue: NvmeQueue, timeoutMs: u32): Result<NvmeOutcome, IoError> {
    const ended = this.poll(queue, timeoutMs);
    if (ended.ok) this.isSuspect = false;
    else this.recover();
    return ended;
  }

  private poll(queue: NvmeQueue, timeoutMs: u32): Result<NvmeOutcome, IoError> {
    this.wait.begin(timeoutMs);
    while (this.wait.goesOn()) {
      if (queue.take(this.registers, this.completion)) {
        if (!this.completion.isKnown) return err(IoError.device);
        return ok(this.completion.outcome);
      }
      if (this.wait.hasRested() && this.hasFailed()) return err(IoError.device);
      this.wait.rest(this.hasInterrupts);
    }
    return err(IoError.timeout);
  }

  private awaitReady(isWanted: boolean): Result<void, IoError> {
    const timeoutMs = u32(Math.min(this.capabilities.readyTimeoutMs + 500, READY_LIMIT_MS));
    this.wait.begin(timeoutMs);
    while (this.wait.goesOn()) {
      const status = NVME_REGISTERS.status.get(this.registers);
      if (status === REGISTER_GONE) return err(IoError.device);
      if (((status & STATUS_READY) !== 0) === isWanted) return ok();
      if (isWanted && (status & STATUS_FATAL) !== 0) return err(IoError.device);
      this.wait.rest(false);
    }
    return err(IoError.timeout);
  }

  /** Gone from the bus, in its fatal state (section 9.5), or no longer ready. */
  private hasFailed(): boolean {
    const status = NVME_REGISTERS.status.get(this.registers);
    return status === REGISTER_GONE || (status & (STATUS_READY | STATUS_FATAL)) !== STATUS_READY;
  }

  /** One reset for a fault; a second fault without a success between them is the last. */
  private recover(): void {
    if (this.isSuspect) {
      this.die();
      return;
    }
    this.isSuspect = true;
    const up = this.bringUp();
    assert(up.ok || this.state === State.dead);
  }

  /** No command is accepted any more, and no transfer reaches memory, whether the controller obeys or not. */
  private die(): void {
    this.state = State.dead;
    NVME_REGISTERS.configuration.set(this.registers, CONFIGURATION_DISABLED);
    this.ownFunction().disableBusMaster();
  }

  private ownFunction(): PciFunction {
    const own = this.function;
    assert(own !== null);
    return own;
  }
}
