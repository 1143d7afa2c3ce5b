/**
 * AhciDisk: a disk on a port of an AHCI adapter.
 *
 * Cuts what is to be moved into commands. Where disk and adapter have native command queuing, up to 32 of them are in
 * flight, else one; a call returns when all have ended. After a fault the port was reset, so everything in flight is gone
 * with it and the call fails. Nothing is tried a second time.
 */
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import {
  AHCI_TRANSFER_LIMIT_BYTES,
  SIGNATURE_ATA,
  writeCommand,
  writeHeader,
  writeQueuedCommand,
  writeRegion,
} from "../../format/ahci.ts";
import { ATA_IDENTIFY_BYTES, AtaCommand, AtaIdentity, parseIdentify } from "../../format/ata.ts";
import { dmaAllocate, physicalAddress } from "../../machine/dma.ts";
import { rangeFault } from "../sector-range.ts";
import { AhciController } from "./controller.ts";
import { AhciPort } from "./port.ts";

const BOUNCE_BYTES = 0x1_0000;
const TRANSFER_TIMEOUT_MS = 10_000;
const FLUSH_TIMEOUT_MS = 20_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

export class AhciDisk implements BlockDevice {
  private readonly port = new AhciPort();
  private readonly identity = new AtaIdentity();
  private isQueued: boolean = false;
  private bounce: Bytes = utf8("");

  /** Takes the port's disk. False if there is none of a kind that is used; then another port may be tried. */
  open(controller: AhciController, portIndex: u8, clock: Clock): Result<boolean, IoError> {
    this.port.attach(controller, portIndex, clock);
    if (!this.port.hasDevice()) return ok(false);
    const started = this.port.start();
    if (!started.ok) return err(started.error);
    if (this.port.signature() !== SIGNATURE_ATA) {
      this.port.release();
      return ok(false);
    }
    if (this.bounce.length === 0) this.bounce = dmaAllocate(BOUNCE_BYTES);
    if (!this.port.canReach(this.bounce)) return err(IoError.device);
    const identified = this.fetchIdentity();
    if (!identified.ok) return identified;
    if (!identified.value) this.port.release();
    const depth = u8(Math.min(this.identity.queueDepth, this.port.queueDepth()));
    this.isQueued = depth > 0;
    if (this.isQueued) this.port.slots.useDepth(depth);
    return identified;
  }

  sectorBytes(): u32 {
    return (1 << this.identity.sectorShift) >>> 0;
  }

  sectorCount(): u64 {
    return this.identity.sectorCount;
  }

  isReadOnly(): boolean {
    return false;
  }

  identify(into: DiskIdentity): void {
    into.bus = DiskBus.sata;
    into.modelLength = this.identity.modelLength;
    into.serialLength = this.identity.serialLength;
    bytesOf(into.model).copyFrom(bytesOf(this.identity.model));
    bytesOf(into.serial).slice(0, this.identity.serial.length).copyFrom(bytesOf(this.identity.serial));
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    return this.transfer(false, lba, target);
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    return this.transfer(true, lba, source);
  }

  flush(): Result<void, IoError> {
    const ready = this.port.makeReady();
    if (!ready.ok) return ready;
    return this.runWithoutData(AtaCommand.flushCacheExt, FLUSH_TIMEOUT_MS);
  }

  /** For the crash writer: the next call starts with a reset of the port. */
  abandon(): void {
    this.port.abandon();
  }

  /** Has the disk write its cache and park its heads. */
  shutDown(): Result<void, IoError> {
    const flushed = this.flush();
    if (!flushed.ok) return flushed;
    return this.runWithoutData(AtaCommand.standbyImmediate, SHUTDOWN_TIMEOUT_MS);
  }

  private transfer(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    const fault = rangeFault(lba, buffer.length, this.identity.sectorShift, this.identity.sectorCount);
    if (fault !== IoError.none) return err(fault);
    const ready = this.port.makeReady();
    if (!ready.ok) return ready;
    if (!this.port.canReach(buffer)) return this.transferBounced(isWrite, lba, buffer);
    return this.transferDirect(isWrite, lba, buffer);
  }

  private transferDirect(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    let sent: u32 = 0;
    while (sent < buffer.length || !this.port.slots.isIdle()) {
      const before: u32 = sent;
      while (sent < buffer.length && this.port.slots.hasRoom()) {
        const length = u32(Math.min(AHCI_TRANSFER_LIMIT_BYTES, buffer.length - sent));
        this.fillSlot(isWrite, this.lbaAt(lba, sent), buffer.slice(sent, length));
        sent += length;
      }
      if (sent !== before) this.port.send(this.isQueued);
      const ended = this.port.awaitEnd(TRANSFER_TIMEOUT_MS);
      if (!ended.ok) return ended;
    }
    return ok();
  }

  /** Piece by piece through memory that the adapter reaches. */
  private transferBounced(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    let done: u32 = 0;
    while (done < buffer.length) {
      const part = buffer.slice(done, Math.min(BOUNCE_BYTES, buffer.length - done));
      const piece = this.bounce.slice(0, part.length);
      if (isWrite) piece.copyFrom(part);
      const moved = this.transferDirect(isWrite, this.lbaAt(lba, done), piece);
      if (!moved.ok) return moved;
      if (!isWrite) part.copyFrom(piece);
      done += part.length;
    }
    return ok();
  }

  private fillSlot(isWrite: boolean, lba: u64, buffer: Bytes): void {
    const slot = this.port.slots.claim();
    const header = this.port.slots.header(slot);
    const table = this.port.slots.table(slot);
    const sectors = buffer.length >>> this.identity.sectorShift;
    writeHeader(header, physicalAddress(table));
    writeRegion(header, table, isWrite, physicalAddress(buffer), buffer.length);
    if (this.isQueued) {
      const queued: AtaCommand = isWrite ? AtaCommand.writeFpdmaQueued : AtaCommand.readFpdmaQueued;
      writeQueuedCommand(table, queued, lba, sectors, slot);
    } else {
      const plain: AtaCommand = isWrite ? AtaCommand.writeDmaExt : AtaCommand.readDmaExt;
      writeCommand(table, plain, lba, sectors);
    }
  }

  private fetchIdentity(): Result<boolean, IoError> {
    const data = this.bounce.slice(0, ATA_IDENTIFY_BYTES);
    const slot = this.port.slots.claim();
    const header = this.port.slots.header(slot);
    const table = this.port.slots.table(slot);
    data.fill(0);
    writeHeader(header, physicalAddress(table));
    writeRegion(header, table, false, physicalAddress(data), data.length);
    writeCommand(table, AtaCommand.identifyDevice, 0n, 0);
    this.port.send(false);
    const ended = this.port.awaitEnd(TRANSFER_TIMEOUT_MS);
    if (!ended.ok) return err(ended.error);
    return ok(parseIdentify(data, this.identity));
  }

  private runWithoutData(command: AtaCommand, timeoutMs: u32): Result<void, IoError> {
    const slot = this.port.slots.claim();
    const table = this.port.slots.table(slot);
    writeHeader(this.port.slots.header(slot), physicalAddress(table));
    writeCommand(table, command, 0n, 0);
    this.port.send(false);
    return this.port.awaitEnd(timeoutMs);
  }

  private lbaAt(lba: u64, offsetBytes: u32): u64 {
    return u64(lba + BigInt(offsetBytes >>> this.identity.sectorShift));
  }
}
