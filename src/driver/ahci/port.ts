/**
 * AhciPort: one port, from the first look at its link to its last reset (Serial ATA AHCI 1.3.1 specification).
 *
 * Sends the commands that stand in its slots and waits for their ends; what they read and write is `disk.ts`'s business.
 *
 * Invariant: after a fault nothing is in flight and the port is stopped, so that no late transfer reaches memory. It is
 * then brought back by a reset of its link, once; if it fails again before a command has succeeded, it stays dead.
 */
import { IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import {
  COMMAND_ACTIVE_LINK,
  COMMAND_LINK_MASK,
  COMMAND_LIST_RUNNING,
  COMMAND_POWER_ON,
  COMMAND_RECEIVE,
  COMMAND_RECEIVE_RUNNING,
  COMMAND_SPIN_UP,
  COMMAND_START,
  EVENT_ANY_ERROR,
  EVENT_TASK_FILE_ERROR,
  EVENTS_WANTED,
  LINK_ABSENT,
  LINK_CONTROL_IDLE,
  LINK_CONTROL_RESET,
  LINK_DETECTION_MASK,
  LINK_UP,
  PORT_REGISTERS,
  portRegistersAt,
} from "../../format/ahci.ts";
import { ATA_ERROR_INTERFACE_CRC, ATA_STATUS_BUSY, ATA_STATUS_DATA_REQUEST } from "../../format/ata.ts";
import { dmaFence, physicalAddress } from "../../machine/dma.ts";
import { Mmio } from "../../machine/mmio.ts";
import { Wait } from "../wait.ts";
import { AhciController } from "./controller.ts";
import { AhciSlots } from "./slots.ts";

const WIDE_MEMORY: u64 = 0x1_0000_0000n;

/** Section 10.1.2: each engine stops within half a second. */
const STOP_TIMEOUT_MS = 500;
const SPIN_UP_DETECTION_MS = 50;
const LINK_TIMEOUT_MS = 1_000;
/** A disk that has to spin up first. */
const READY_TIMEOUT_MS = 15_000;
/** The link's reset is held for a millisecond at least (section 10.4.2). */
const LINK_RESET_MS = 2;

const enum State {
  ready = 1,
  /** To be set up again before the next command. */
  unknown = 2,
  dead = 3,
}

export class AhciPort {
  readonly slots = new AhciSlots();
  private controller: AhciController | null = null;
  private index: u8 = 0;
  private readonly registers = new Mmio();
  private state: State = State.dead;
  /** It was reset for a fault and has completed no command since. */
  private isSuspect: boolean = false;
  private generation: u32 = 0;
  private readonly wait = new Wait();

  /** Says which port this is, before anything else. */
  attach(controller: AhciController, index: u8, clock: Clock): void {
    this.controller = controller;
    this.index = index;
    this.registers.take(controller.registers, portRegistersAt(index), PORT_REGISTERS.byteLength);
    this.wait.useClock(clock);
    this.isSuspect = false;
  }

  /** Whether a device hangs on the port; one that waits for permission to spin up is given it. */
  hasDevice(): boolean {
    if (this.linkState() !== LINK_ABSENT) return true;
    if (!this.owner().hasStaggeredSpinUp()) return false;
    PORT_REGISTERS.command.set(
      this.registers,
      (PORT_REGISTERS.command.get(this.registers) | COMMAND_SPIN_UP) >>> 0,
    );
    this.wait.begin(SPIN_UP_DETECTION_MS);
    while (this.wait.goesOn()) {
      if (this.linkState() !== LINK_ABSENT) return true;
      this.wait.rest(false);
    }
    return false;
  }

  /** Takes memory and brings the port up. */
  start(): Result<void, IoError> {
    this.slots.reserve();
    this.slots.useDepth(1);
    if (!this.canReach(this.slots.bytes())) return err(IoError.device);
    return this.bringUp(this.linkState() !== LINK_UP);
  }

  /** The kind of device, as it introduced itself. */
  signature(): u32 {
    return PORT_REGISTERS.signature.get(this.registers);
  }

  /** How many queued commands the adapter takes; 0 if it takes none. */
  queueDepth(): u8 {
    return this.owner().hasQueuing() ? this.owner().slotCount() : 0;
  }

  /** Whether the adapter can move data to and from `buffer`: it may lack the upper 32 bits of addresses. */
  canReach(buffer: Bytes): boolean {
    const address = physicalAddress(buffer);
    if (address % 2n !== 0n) return false;
    return this.owner().hasWideAddresses() || address + BigInt(buffer.length) <= WIDE_MEMORY;
  }

  /** Before each call: a port that lost its settings gets them back, a dead one refuses. */
  makeReady(): Result<void, IoError> {
    if (this.state !== State.dead && this.generation !== this.owner().generation())
      this.state = State.unknown;
    if (this.state === State.unknown) {
      const up = this.bringUp(true);
      if (!up.ok) return up;
    }
    if (this.state !== State.ready) return err(IoError.device);
    return ok();
  }

  /** Sends what was claimed: queued commands or one other, never both kinds at a time (section 5.6.4). */
  send(isQueued: boolean): void {
    const started = this.slots.start();
    dmaFence();
    if (isQueued) PORT_REGISTERS.active.set(this.registers, started);
    PORT_REGISTERS.issue.set(this.registers, started);
  }

  /** Waits until at least one command has ended well. After an error none is in flight. */
  awaitEnd(timeoutMs: u32): Result<void, IoError> {
    const ended = this.poll(timeoutMs);
    // A disk that says what it cannot read or write is in order; it only has to be woken from its error.
    if (ended.ok || ended.error === IoError.medium) this.isSuspect = false;
    if (!ended.ok) this.recover(ended.error);
    return ended;
  }

  /** Stops a port that is not used. */
  release(): void {
    this.die();
  }

  /** For the crash writer: forgets what is in flight; the next call starts with a reset. */
  abandon(): void {
    if (this.state === State.ready) this.state = State.unknown;
  }

  private poll(timeoutMs: u32): Result<void, IoError> {
    this.wait.begin(timeoutMs);
    while (this.wait.goesOn()) {
      const events = this.takeEvents();
      if ((events & EVENT_ANY_ERROR) !== 0) return err(this.faultFrom(events));
      // A port that was only just asked and tells of no event has seen no command end: it is spared three more questions.
      if (events === 0 && !this.wait.hasRested()) {
        this.wait.rest(this.owner().hasInterrupts());
        continue;
      }
      const pending = PORT_REGISTERS.issue.get(this.registers) | PORT_REGISTERS.active.get(this.registers);
      // Before the commands are believed: registers of an adapter that is gone may read as "nothing pending".
      if (this.linkState() !== LINK_UP) return err(IoError.device);
      if (this.slots.finish(pending >>> 0)) {
        dmaFence();
        return ok();
      }
      this.wait.rest(this.owner().hasInterrupts());
    }
    return err(IoError.timeout);
  }

  /** PxIS, acknowledged before the commands are looked at: what ends later raises the next interrupt (section 10.7.2.1). */
  private takeEvents(): u32 {
    const events = PORT_REGISTERS.interruptStatus.get(this.registers);
    if (events === 0) return 0;
    PORT_REGISTERS.interruptStatus.set(this.registers, events);
    this.owner().acknowledge(this.index);
    return events;
  }

  /** A disk that says "error" could not read or write; everything else is the link's or the adapter's fault. */
  private faultFrom(events: u32): IoError {
    if ((events & EVENT_TASK_FILE_ERROR) === 0 || this.linkState() !== LINK_UP) return IoError.device;
    const error = (PORT_REGISTERS.taskFile.get(this.registers) >>> 8) & 0xff;
    return (error & ATA_ERROR_INTERFACE_CRC) !== 0 ? IoError.device : IoError.medium;
  }

  private recover(fault: IoError): void {
    if (this.isSuspect) {
      this.die();
      return;
    }
    this.isSuspect = fault !== IoError.medium;
    const up = this.bringUp(true);
    assert(up.ok || this.state === State.dead);
  }

  private die(): void {
    this.state = State.dead;
    this.quiesce();
  }

  /** From any state to ready (sections 10.1.2, 10.3.1 and 10.4.2), or to dead. */
  private bringUp(withLinkReset: boolean): Result<void, IoError> {
    this.state = State.unknown;
    const up = this.setUp(withLinkReset);
    if (up.ok) this.state = State.ready;
    else this.die();
    return up;
  }

  private setUp(withLinkReset: boolean): Result<void, IoError> {
    // 1. Both engines stand still.
    this.quiesce();
    if (this.owner().generation() === 0) return err(IoError.device);
    this.generation = this.owner().generation();
    this.slots.clear();
    // 2. The port's memory.
    const list = this.slots.listAddress();
    PORT_REGISTERS.commandListBase.set(this.registers, lowHalf(list));
    PORT_REGISTERS.commandListBaseHigh.set(this.registers, highHalf(list));
    const received = this.slots.receivedAddress();
    PORT_REGISTERS.receivedBase.set(this.registers, lowHalf(received));
    PORT_REGISTERS.receivedBaseHigh.set(this.registers, highHalf(received));
    // 3. Powered, spun up, link awake, ready to receive what the disk says about itself.
    const kept = PORT_REGISTERS.command.get(this.registers) & ~COMMAND_LINK_MASK;
    const on = COMMAND_ACTIVE_LINK | COMMAND_RECEIVE | COMMAND_POWER_ON | COMMAND_SPIN_UP;
    PORT_REGISTERS.command.set(this.registers, (kept | on) >>> 0);
    // 4. The link.
    if (withLinkReset) this.resetLink();
    const linked = this.awaitLink();
    if (!linked.ok) return linked;
    PORT_REGISTERS.linkError.set(this.registers, 0xffff_ffff);
    // 5. The disk.
    const idle = this.awaitIdle();
    if (!idle.ok) return idle;
    PORT_REGISTERS.interruptStatus.set(this.registers, 0xffff_ffff);
    this.owner().acknowledge(this.index);
    PORT_REGISTERS.interruptEnable.set(this.registers, this.owner().hasInterrupts() ? EVENTS_WANTED : 0);
    PORT_REGISTERS.command.set(
      this.registers,
      (PORT_REGISTERS.command.get(this.registers) | COMMAND_START) >>> 0,
    );
    return ok();
  }

  /** No transfer reaches memory from here on. A port that does not stop is reset with its adapter, or loses the bus. */
  private quiesce(): void {
    const isStopped = this.stops(COMMAND_START, COMMAND_LIST_RUNNING);
    if (isStopped && this.stops(COMMAND_RECEIVE, COMMAND_RECEIVE_RUNNING)) return;
    this.owner().reset();
  }

  /** Clears a bit of PxCMD and waits until the engine behind it says that it does not run. */
  private stops(bit: u32, runningBit: u32): boolean {
    PORT_REGISTERS.command.set(this.registers, (PORT_REGISTERS.command.get(this.registers) & ~bit) >>> 0);
    this.wait.begin(STOP_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      if ((PORT_REGISTERS.command.get(this.registers) & runningBit) === 0) return true;
      this.wait.rest(false);
    }
    return false;
  }

  private resetLink(): void {
    PORT_REGISTERS.linkControl.set(this.registers, LINK_CONTROL_RESET);
    this.wait.begin(LINK_RESET_MS);
    while (this.wait.goesOn()) this.wait.rest(false);
    PORT_REGISTERS.linkControl.set(this.registers, LINK_CONTROL_IDLE);
  }

  private awaitLink(): Result<void, IoError> {
    this.wait.begin(LINK_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      if (this.linkState() === LINK_UP) return ok();
      this.wait.rest(false);
    }
    return err(IoError.device);
  }

  private awaitIdle(): Result<void, IoError> {
    this.wait.begin(READY_TIMEOUT_MS);
    while (this.wait.goesOn()) {
      const status = PORT_REGISTERS.taskFile.get(this.registers);
      if ((status & (ATA_STATUS_BUSY | ATA_STATUS_DATA_REQUEST)) === 0) return ok();
      if (this.linkState() !== LINK_UP) return err(IoError.device);
      this.wait.rest(false);
    }
    return err(IoError.timeout);
  }

  private linkState(): u8 {
    return PORT_REGISTERS.linkStatus.get(this.registers) & LINK_DETECTION_MASK;
  }

  private owner(): AhciController {
    const controller = this.controller;
    assert(controller !== null, "the port is not attached");
    return controller;
  }
}

function lowHalf(address: u64): u32 {
  return u32(Number(address & 0xffff_ffffn));
}

function highHalf(address: u64): u32 {
  return u32(Number(address >> 32n));
}
