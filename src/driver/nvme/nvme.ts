/**
 * All NVMe controllers of the machine and their namespaces.
 *
 * The kernel's main hands every PCI function to `probeNvme`; the disks are then `nvmeDisk(0)` … `nvmeDisk(nvmeDiskCount() - 1)`
 * and stay for good. A controller that fails while it is started costs its own disks only.
 */
import { IoError } from "../../device/block-device.ts";
import { Clock } from "../../device/clock.ts";
import { EVERY_NAMESPACE, IdentifyTopic } from "../../format/nvme.ts";
import {
  listedNamespace,
  NAMESPACE_LIMIT,
  NvmeNamespaceIdentity,
  parseNamespace,
} from "../../format/nvme-identify.ts";
import { PciFunction } from "../../machine/pci.ts";
import { NvmeController } from "./controller.ts";
import { NvmeNamespace } from "./namespace.ts";

export const NVME_CONTROLLER_LIMIT = 8;
export const NVME_DISK_LIMIT = 32;

/** PCI: mass storage, non-volatile memory, NVM Express. */
const CLASS_STORAGE = 0x01;
const SUBCLASS_NVM = 0x08;
const INTERFACE_NVME = 0x02;

class NvmeDisks {
  readonly controllers = fixedArray(NVME_CONTROLLER_LIMIT, () => new NvmeController());
  controllerCount: u32 = 0;
  readonly namespaces = fixedArray(NVME_DISK_LIMIT, () => new NvmeNamespace());
  namespaceCount: u32 = 0;
  /** The numbers of one controller's namespaces while it is probed. */
  readonly numbers = new Uint32Array(NAMESPACE_LIMIT);
  readonly identity = new NvmeNamespaceIdentity();
}

const disks = new NvmeDisks();

/** Whether `probeNvme` is the one to ask about this function. */
export function isNvme(candidate: PciFunction): boolean {
  if (candidate.classCode !== CLASS_STORAGE || candidate.subclass !== SUBCLASS_NVM) return false;
  return candidate.programmingInterface === INTERFACE_NVME;
}

/** Starts the controller and adds its namespaces; returns how many. `outOfRange`: there are more than `NVME_CONTROLLER_LIMIT`. */
export function probeNvme(candidate: PciFunction, clock: Clock): Result<u32, IoError> {
  if (disks.controllerCount >= NVME_CONTROLLER_LIMIT) return err(IoError.outOfRange);
  const controller = disks.controllers[disks.controllerCount];
  disks.controllerCount++;
  const started = controller.start(candidate, clock);
  if (!started.ok) return err(started.error);
  const listed = listNamespaces(controller);
  if (!listed.ok) return listed;
  const before = disks.namespaceCount;
  for (let i: u32 = 0; i < listed.value; i++) {
    const added = addNamespace(controller, disks.numbers[i]);
    if (!added.ok) return err(added.error);
  }
  return ok(u32(disks.namespaceCount - before));
}

export function nvmeDiskCount(): u32 {
  return disks.namespaceCount;
}

export function nvmeDisk(index: u32): NvmeNamespace {
  assert(index < disks.namespaceCount);
  return disks.namespaces[index];
}

/** For the crash writer, whatever the drivers were doing: the next call of a disk resets its controller first and polls. */
export function abandonNvme(): void {
  for (let i: u32 = 0; i < disks.controllerCount; i++) disks.controllers[i].abandon();
}

/** Before power ends. No disk works afterwards. */
export function shutDownNvme(): void {
  for (let i: u32 = 0; i < disks.controllerCount; i++) disks.controllers[i].shutDown();
}

/** Fills `disks.numbers` with the active namespaces (NVMe 2.0, section 5.17.2.2); returns how many. */
function listNamespaces(controller: NvmeController): Result<u32, IoError> {
  const listed = controller.identify(IdentifyTopic.activeNamespaces, 0);
  if (!listed.ok) return err(listed.error);
  // Controllers of version 1.0 have no list: each number up to the highest may be a namespace.
  const hasList = listed.value;
  const data = controller.identifyBytes();
  let count: u32 = 0;
  while (count < NAMESPACE_LIMIT && count < controller.identity.namespaceCount) {
    const found: u32 = hasList ? listedNamespace(data, count) : count + 1;
    if (found === 0 || found === EVERY_NAMESPACE) break;
    disks.numbers[count] = found;
    count++;
  }
  return ok(count);
}

/** Adds a namespace if it can serve as a disk. One that cannot, or that finds no place, is left alone. */
function addNamespace(controller: NvmeController, namespaceId: u32): Result<void, IoError> {
  const identified = controller.identify(IdentifyTopic.namespace, namespaceId);
  if (!identified.ok) return err(identified.error);
  if (!identified.value || !parseNamespace(controller.identifyBytes(), disks.identity)) return ok();
  if (disks.namespaceCount >= NVME_DISK_LIMIT) return ok();
  disks.namespaces[disks.namespaceCount].open(controller, namespaceId, disks.identity);
  disks.namespaceCount++;
  return ok();
}
