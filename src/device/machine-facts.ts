/**
 * MachineFacts: what there is to tell about the machine and about the program that runs on it. The kernel fulfils it.
 *
 * Text is ASCII and is written to the caller's buffer; the functions return its length and cut off what does not fit.
 */

/** The longest name of a processor (CPUID leaves 0x80000002 to 4). */
export const CPU_NAME_BYTES = 48;
/** Enough for a version with a build id. */
export const VERSION_BYTES = 64;
export const DRIVER_NAME_BYTES = 16;

/** In bytes. */
export class MemoryTotals {
  /** All RAM that the firmware reported. */
  installed: u64 = 0n;
  /** What the kernel may give out. */
  usable: u64 = 0n;
  /** What it has not given out yet. */
  free: u64 = 0n;
  /** Kernel image with its tables and stacks. */
  kernel: u64 = 0n;
  /** Held by the release that the boot manager loaded beside the kernel. */
  payload: u64 = 0n;
  /** Held by the firmware. */
  firmware: u64 = 0n;
}

/** One function of the PCI bus. */
export class PciDescription {
  segment: u16 = 0;
  bus: u8 = 0;
  device: u8 = 0;
  number: u8 = 0;
  vendorId: u16 = 0;
  deviceId: u16 = 0;
  classCode: u8 = 0;
  subclass: u8 = 0;
  programmingInterface: u8 = 0;
  /** The driver that took it; empty where none did. */
  driverLength: u8 = 0;
  readonly driver = new Uint8Array(DRIVER_NAME_BYTES);
}

export interface MachineFacts {
  /** `0.1.0`, as in the release's manifest. */
  versionText(into: Bytes): u32;
  /** What tells two builds of one version apart, or nothing. */
  buildText(into: Bytes): u32;
  cpuName(into: Bytes): u32;
  /** Processors that the firmware's tables list. */
  cpuCount(): u32;
  memory(into: MemoryTotals): void;
  pciCount(): u32;
  pci(index: u32, into: PciDescription): void;
}
