/**
 * Disks: every disk that a driver finds, in the registry under its name; and which of them the system was booted from.
 *
 * A controller that fails is named on the console and costs its own disks. The boot disk is recognised by the GUID of its
 * partition table, as the boot manager saw it; of two disks with one GUID (a copied disk) both count as the boot disk, since
 * nobody can tell which it was and neither may be overwritten.
 */
import { isNilGuid } from "../base/guid.ts";
import type { BlockDevice } from "../device/block-device.ts";
import { IoError, ioErrorName } from "../device/block-device.ts";
import type { Clock } from "../device/clock.ts";
import { ahciDisk, ahciDiskCount, isAhci, probeAhci, shutDownAhci } from "../driver/ahci/ahci.ts";
import { isNvme, nvmeDisk, nvmeDiskCount, probeNvme, shutDownNvme } from "../driver/nvme/nvme.ts";
import { pciAt, pciCount, PciFunction } from "../machine/pci.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { PartitionTable } from "../storage/partition-table.ts";
import { KernelConsole } from "./kernel-console.ts";

/** The disk that the system was booted from: its index in the registry, or -1 where it is none of them. */
export class BootDisk {
  index: i32 = -1;
}

export class Disks {
  private readonly table = new PartitionTable();

  constructor(
    private readonly registry: DiskRegistry,
    private readonly console: KernelConsole,
  ) {}

  /** Starts every controller and registers what hangs on it. */
  find(clock: Clock): void {
    for (let i: u32 = 0; i < pciCount(); i++) this.probe(pciAt(i), clock);
    for (let i: u32 = 0; i < nvmeDiskCount(); i++) this.register(nvmeDisk(i));
    for (let i: u32 = 0; i < ahciDiskCount(); i++) this.register(ahciDisk(i));
  }

  /** Marks the disks whose table bears `diskGuid`; the index of the first, or -1. */
  markBootDisk(diskGuid: Bytes): i32 {
    if (isNilGuid(diskGuid)) return -1;
    let first: i32 = -1;
    for (let i: u32 = 0; i < this.registry.count(); i++) {
      const read = this.table.read(this.registry.device(i));
      if (!read.ok || !this.table.diskGuid().equals(diskGuid)) continue;
      this.registry.markBootDisk(i);
      if (first < 0) first = i32(i);
    }
    return first;
  }

  /** Before the power ends or the machine restarts: everything durable, every controller at rest. */
  shutDown(): void {
    for (let i: u32 = 0; i < this.registry.count(); i++) {
      const flushed = this.registry.device(i).flush();
      if (!flushed.ok)
        this.console.lineOf("disks: a flush before the end failed: ", ioErrorName(flushed.error));
    }
    shutDownNvme();
    const refused = shutDownAhci();
    if (refused > 0) this.console.line("disks: a SATA disk did not go to rest");
  }

  private probe(candidate: PciFunction, clock: Clock): void {
    if (isNvme(candidate)) {
      const found = probeNvme(candidate, clock);
      if (found.ok) candidate.driver = "nvme";
      else this.complain("disks: an NVMe controller is not usable: ", found.error);
    } else if (isAhci(candidate)) {
      const found = probeAhci(candidate, clock);
      if (found.ok) candidate.driver = "ahci";
      else this.complain("disks: an AHCI adapter is not usable: ", found.error);
    }
  }

  private complain(text: string, error: IoError): void {
    this.console.lineOf(text, ioErrorName(error));
  }

  private register(device: BlockDevice): void {
    if (!this.registry.add(device)) this.console.line("disks: there are more than the registry has room for");
  }
}
