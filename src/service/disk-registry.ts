/**
 * DiskRegistry: the disks of this machine under the names that people type: `nvme0`, `sata0`, `usb0` …
 *
 * The kernel's main adds each disk once, in the order of discovery, and says which one the running system was booted from.
 * A name stays with its disk until the next boot. Used by the shell, the installer and the boot records.
 */
import { TextWriter } from "../base/text-writer.ts";
import { BlockDevice, DiskBus, DiskIdentity } from "../device/block-device.ts";

export const DISK_LIMIT = 16;
export const NAME_LIMIT = 12;
/** No such disk. */
export const NO_DISK: u32 = 0xffffffff;

class DiskSlot {
  device: BlockDevice | null = null;
  bus: DiskBus = DiskBus.unknown;
  isBootDisk: boolean = false;
  isRunningDisk: boolean = false;
  isLogDisk: boolean = false;
  nameLength: u32 = 0;
  readonly name = new Uint8Array(NAME_LIMIT);
}

export class DiskRegistry {
  private readonly slots = fixedArray(DISK_LIMIT, () => new DiskSlot());
  private readonly identity = new DiskIdentity();
  private used: u32 = 0;

  /** Forgets all disks. */
  clear(): void {
    this.used = 0;
  }

  /** Adds a disk and names it by its bus; false where there is no room for another. */
  add(device: BlockDevice): boolean {
    if (this.used === DISK_LIMIT) return false;
    const slot = this.slots[this.used];
    device.identify(this.identity);
    slot.device = device;
    slot.bus = this.identity.bus;
    slot.isBootDisk = false;
    slot.isRunningDisk = false;
    slot.isLogDisk = false;
    const name = new TextWriter(bytesOf(slot.name));
    name.text(busName(slot.bus));
    name.integer(this.countOfBus(slot.bus));
    slot.nameLength = name.written().length;
    this.used++;
    return true;
  }

  /** Notes that the running system came from this disk. */
  markBootDisk(index: u32): void {
    assert(index < this.used);
    this.slots[index].isBootDisk = true;
  }

  /** Notes that of several disks that look the same this one is it: a copied disk bears the ids of the first. */
  markRunningDisk(index: u32): void {
    assert(index < this.used);
    for (let i: u32 = 0; i < this.used; i++) this.slots[i].isRunningDisk = i === index;
  }

  /** Notes that the log is being written to this disk, and to no other. */
  markLogDisk(index: u32): void {
    assert(index < this.used);
    for (let i: u32 = 0; i < this.used; i++) this.slots[i].isLogDisk = i === index;
  }

  count(): u32 {
    return this.used;
  }

  device(index: u32): BlockDevice {
    assert(index < this.used);
    const device = this.slots[index].device;
    assert(device !== null);
    return device;
  }

  name(index: u32): Bytes {
    assert(index < this.used);
    return bytesOf(this.slots[index].name).slice(0, this.slots[index].nameLength);
  }

  isBootDisk(index: u32): boolean {
    assert(index < this.used);
    return this.slots[index].isBootDisk;
  }

  /** Whether the system that runs is the one on this disk. */
  isRunningDisk(index: u32): boolean {
    assert(index < this.used);
    return this.slots[index].isRunningDisk;
  }

  isLogDisk(index: u32): boolean {
    assert(index < this.used);
    return this.slots[index].isLogDisk;
  }

  /** The index of the disk with this name, or `NO_DISK`. */
  find(name: Bytes): u32 {
    for (let i: u32 = 0; i < this.used; i++) {
      if (this.name(i).equals(name)) return i;
    }
    return NO_DISK;
  }

  /** The size of a disk in bytes. */
  sizeBytes(index: u32): u64 {
    const device = this.device(index);
    return u64(device.sectorCount() * BigInt(device.sectorBytes()));
  }

  private countOfBus(bus: DiskBus): u32 {
    let count: u32 = 0;
    for (let i: u32 = 0; i < this.used; i++) {
      if (this.slots[i].bus === bus) count++;
    }
    return count;
  }
}

function busName(bus: DiskBus): string {
  switch (bus) {
    case DiskBus.nvme:
      return "nvme";
    case DiskBus.sata:
      return "sata";
    case DiskBus.virtio:
      return "virtio";
    case DiskBus.usb:
      return "usb";
    case DiskBus.file:
      return "file";
    case DiskBus.unknown:
      return "disk";
  }
}
