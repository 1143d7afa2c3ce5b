/**
 * NvmeNamespace: one namespace of a controller, as a disk.
 *
 * Cuts what is to be moved into commands of the size that the controller takes and keeps as many in flight as there is
 * room for; a call returns when all of them have ended, in whatever order. After a fault no further command is sent, and
 * the first fault is the call's. Nothing is tried a second time: what a disk cannot do, the caller learns.
 *
 * NVMe's errors become `IoError` here and nowhere else.
 */
import { BlockDevice, DiskBus, DiskIdentity, IoError } from "../../device/block-device.ts";
import { NvmeOutcome } from "../../format/nvme.ts";
import { NvmeNamespaceIdentity } from "../../format/nvme-identify.ts";
import { physicalAddress } from "../../machine/dma.ts";
import { rangeFault } from "../sector-range.ts";
import { NvmeController } from "./controller.ts";

export class NvmeNamespace implements BlockDevice {
  private controller: NvmeController | null = null;
  private namespaceId: u32 = 0;
  private sectorShift: u8 = 9;
  private sectors: u64 = 0n;
  private isProtected: boolean = false;

  /** Makes this the namespace `namespaceId` of `controller`; once. */
  open(controller: NvmeController, namespaceId: u32, identity: NvmeNamespaceIdentity): void {
    this.controller = controller;
    this.namespaceId = namespaceId;
    this.sectorShift = identity.sectorShift;
    this.sectors = identity.sectorCount;
    this.isProtected = identity.readOnly;
  }

  sectorBytes(): u32 {
    return (1 << this.sectorShift) >>> 0;
  }

  sectorCount(): u64 {
    return this.sectors;
  }

  isReadOnly(): boolean {
    return this.isProtected;
  }

  identify(into: DiskIdentity): void {
    const identity = this.owner().identity;
    into.bus = DiskBus.nvme;
    into.modelLength = identity.modelLength;
    into.serialLength = identity.serialLength;
    bytesOf(into.model).copyFrom(bytesOf(identity.model));
    bytesOf(into.serial).slice(0, identity.serial.length).copyFrom(bytesOf(identity.serial));
  }

  read(lba: u64, target: Bytes): Result<void, IoError> {
    return this.transfer(false, lba, target);
  }

  write(lba: u64, source: Bytes): Result<void, IoError> {
    if (this.isProtected) return err(IoError.readOnly);
    return this.transfer(true, lba, source);
  }

  flush(): Result<void, IoError> {
    const ready = this.owner().makeReady();
    if (!ready.ok) return ready;
    const ended = this.owner().flush(this.namespaceId);
    if (!ended.ok) return err(ended.error);
    const fault = ioErrorFrom(ended.value);
    if (fault !== IoError.none) return err(fault);
    return ok();
  }

  private transfer(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    const fault = rangeFault(lba, buffer.length, this.sectorShift, this.sectors);
    if (fault !== IoError.none) return err(fault);
    const ready = this.owner().makeReady();
    if (!ready.ok) return ready;
    // A page pointer names whole words (NVMe 2.0, section 4.1.1).
    if (physicalAddress(buffer) % 4n !== 0n) return this.transferBounced(isWrite, lba, buffer);
    return this.transferDirect(isWrite, lba, buffer);
  }

  private transferDirect(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    const controller = this.owner();
    const limit = controller.transferLimitBytes();
    let sent: u32 = 0;
    let fault: IoError = IoError.none;
    while (controller.inFlight() > 0 || (sent < buffer.length && fault === IoError.none)) {
      const before: u32 = sent;
      while (sent < buffer.length && fault === IoError.none && controller.hasRoom()) {
        const length = u32(Math.min(limit, buffer.length - sent));
        const sectors = length >>> this.sectorShift;
        controller.queueTransfer(
          isWrite,
          this.namespaceId,
          this.lbaAt(lba, sent),
          sectors,
          buffer.slice(sent, length),
        );
        sent += length;
      }
      if (sent !== before) controller.ring();
      const ended = controller.awaitTransfer();
      if (!ended.ok) return err(fault === IoError.none ? ended.error : fault);
      if (fault === IoError.none) fault = ioErrorFrom(ended.value);
    }
    if (fault !== IoError.none) return err(fault);
    return ok();
  }

  /** Piece by piece through memory that the controller can take. */
  private transferBounced(isWrite: boolean, lba: u64, buffer: Bytes): Result<void, IoError> {
    const bounce = this.owner().bounceBuffer();
    let done: u32 = 0;
    while (done < buffer.length) {
      const part = buffer.slice(done, Math.min(bounce.length, buffer.length - done));
      const piece = bounce.slice(0, part.length);
      if (isWrite) piece.copyFrom(part);
      const moved = this.transferDirect(isWrite, this.lbaAt(lba, done), piece);
      if (!moved.ok) return moved;
      if (!isWrite) part.copyFrom(piece);
      done += part.length;
    }
    return ok();
  }

  private lbaAt(lba: u64, offsetBytes: u32): u64 {
    return u64(lba + BigInt(offsetBytes >>> this.sectorShift));
  }

  private owner(): NvmeController {
    const controller = this.controller;
    assert(controller !== null, "the namespace is not open");
    return controller;
  }
}

/** `IoError.none` for a command that succeeded. */
function ioErrorFrom(outcome: NvmeOutcome): IoError {
  switch (outcome) {
    case NvmeOutcome.success:
      return IoError.none;
    case NvmeOutcome.medium:
      return IoError.medium;
    case NvmeOutcome.outOfRange:
      return IoError.outOfRange;
    case NvmeOutcome.writeProtected:
      return IoError.readOnly;
    case NvmeOutcome.unsupported:
    case NvmeOutcome.failed:
      return IoError.device;
  }
}
