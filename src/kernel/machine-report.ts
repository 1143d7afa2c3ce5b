/** MachineReport: what the shell's `version`, `mem` and `pci` tell, from the handoff, the allocator and the bus. */
import type { MachineFacts } from "../device/machine-facts.ts";
import { MemoryTotals, PciDescription } from "../device/machine-facts.ts";
import { HANDOFF, MemoryKind, memoryKind, memoryPages } from "../format/handoff.ts";
import { processorName } from "../machine/cpu.ts";
import { freeMemoryBytes, totalMemoryBytes } from "../machine/memory.ts";
import { pciAt, pciCount } from "../machine/pci.ts";
import { imageVersionText } from "../machine/image.ts";
import { AcpiTables } from "./acpi-tables.ts";
import { BootHandoff } from "./boot-handoff.ts";

const PAGE: u64 = 4096n;

export class MachineReport implements MachineFacts {
  constructor(
    private readonly handoff: BootHandoff,
    private readonly tables: AcpiTables,
  ) {}

  versionText(into: Bytes): u32 {
    return put(imageVersionText(), into);
  }

  /** A release is reproducible: two builds of one version are the same bytes. */
  buildText(into: Bytes): u32 {
    return put(utf8(""), into);
  }

  cpuName(into: Bytes): u32 {
    return processorName(into);
  }

  cpuCount(): u32 {
    const listed = this.tables.interrupts.processorCount;
    return listed > 0 ? listed : 1;
  }

  memory(into: MemoryTotals): void {
    const usable = this.bytesOfKind(MemoryKind.usable) + this.bytesOfKind(MemoryKind.reclaimable);
    const tables = this.bytesOfKind(MemoryKind.pageTables) + this.bytesOfKind(MemoryKind.handoff);
    const acpi = this.bytesOfKind(MemoryKind.acpiTables) + this.bytesOfKind(MemoryKind.acpiNvs);
    const runtime = this.bytesOfKind(MemoryKind.runtimeCode) + this.bytesOfKind(MemoryKind.runtimeData);
    into.kernel = this.bytesOfKind(MemoryKind.kernel);
    into.payload = this.bytesOfKind(MemoryKind.payload);
    into.firmware = u64(acpi + runtime);
    into.installed = u64(usable + tables + into.kernel + into.payload + into.firmware);
    into.usable = totalMemoryBytes();
    into.free = freeMemoryBytes();
  }

  pciCount(): u32 {
    return pciCount();
  }

  pci(index: u32, into: PciDescription): void {
    const found = pciAt(index);
    into.segment = 0;
    into.bus = found.bus;
    into.device = found.device;
    into.number = found.function;
    into.vendorId = found.vendorId;
    into.deviceId = found.deviceId;
    into.classCode = found.classCode;
    into.subclass = found.subclass;
    into.programmingInterface = found.programmingInterface;
    into.driverLength = u8(put(utf8(found.driver), bytesOf(into.driver)) & 0xff);
  }

  private bytesOfKind(kind: MemoryKind): u64 {
    const record = this.handoff.record();
    const count = HANDOFF.memoryCount.get(record);
    let pages: u64 = 0n;
    for (let i: u32 = 0; i < count; i++) {
      if (memoryKind(record, i) === kind) pages = u64(pages + BigInt(memoryPages(record, i)));
    }
    return u64(pages * PAGE);
  }
}

/** Copies as much as fits; how much that was. */
function put(text: Bytes, into: Bytes): u32 {
  const length = text.length <= into.length ? text.length : into.length;
  into.slice(0, length).copyFrom(text.slice(0, length));
  return length;
}
