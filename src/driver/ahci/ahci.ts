/**
 * All AHCI adapters of the machine and the disks on their ports.
 *
 * The kernel's main hands every PCI function to `probeAhci`; the disks are then `ahciDisk(0)` … `ahciDisk(ahciDiskCount() - 1)`
 * and stay for good. A port that fails costs its own disk only. ATAPI drives and port multipliers are left alone.
 */
import { IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import { AHCI_PORT_LIMIT } from "../../format/ahci.ts";
import { PciFunction } from "../../machine/pci.ts";
import { AhciController } from "./controller.ts";
import { AhciDisk } from "./disk.ts";

export const AHCI_CONTROLLER_LIMIT = 8;
export const AHCI_DISK_LIMIT = 32;

/** PCI: mass storage, serial ATA, AHCI. */
const CLASS_STORAGE = 0x01;
const SUBCLASS_SATA = 0x06;
const INTERFACE_AHCI = 0x01;

class AhciDisks {
  readonly controllers = fixedArray(AHCI_CONTROLLER_LIMIT, () => new AhciController());
  controllerCount: u32 = 0;
  readonly disks = fixedArray(AHCI_DISK_LIMIT, () => new AhciDisk());
  diskCount: u32 = 0;
  /** Ports whose disk did not answer as it should. */
  failedPorts: u32 = 0;
}

const ahci = new AhciDisks();

/** Whether `probeAhci` is the one to ask about this function. */
export function isAhci(candidate: PciFunction): boolean {
  if (candidate.classCode !== CLASS_STORAGE || candidate.subclass !== SUBCLASS_SATA) return false;
  return candidate.programmingInterface === INTERFACE_AHCI;
}

/** Starts the adapter and adds its disks; returns how many. `outOfRange`: there are more than `AHCI_CONTROLLER_LIMIT`. */
export function probeAhci(candidate: PciFunction, clock: Clock): Result<u32, IoError> {
  if (ahci.controllerCount >= AHCI_CONTROLLER_LIMIT) return err(IoError.outOfRange);
  const controller = ahci.controllers[ahci.controllerCount];
  ahci.controllerCount++;
  const started = controller.start(candidate, clock);
  if (!started.ok) return err(started.error);
  const before = ahci.diskCount;
  for (let port: u8 = 0; port < AHCI_PORT_LIMIT; port++) {
    if (controller.hasPort(port) && ahci.diskCount < AHCI_DISK_LIMIT) probePort(controller, port, clock);
  }
  return ok(u32(ahci.diskCount - before));
}

export function ahciDiskCount(): u32 {
  return ahci.diskCount;
}

export function ahciDisk(index: u32): AhciDisk {
  assert(index < ahci.diskCount);
  return ahci.disks[index];
}

/** Ports with a device that did not answer as it should; they are not used. */
export function ahciFailedPorts(): u32 {
  return ahci.failedPorts;
}

/** For the crash writer, whatever the drivers were doing: the next call of a disk resets its port first and polls. */
export function abandonAhci(): void {
  for (let i: u32 = 0; i < ahci.diskCount; i++) ahci.disks[i].abandon();
}

/** Before power ends; a disk that refuses is left as it is, since all that matters was flushed by its owner. */
export function shutDownAhci(): u32 {
  let refused: u32 = 0;
  for (let i: u32 = 0; i < ahci.diskCount; i++) {
    const ended = ahci.disks[i].shutDown();
    if (!ended.ok) refused++;
  }
  return refused;
}

function probePort(controller: AhciController, port: u8, clock: Clock): void {
  const opened = ahci.disks[ahci.diskCount].open(controller, port, clock);
  if (!opened.ok) ahci.failedPorts++;
  else if (opened.value) ahci.diskCount++;
}
