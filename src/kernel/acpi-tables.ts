/**
 * The firmware's ACPI tables: found, checked, and told to those whose business they are.
 *
 * Addresses come from the firmware; one is followed only where memory can be, and only for reading. A table that is missing or
 * damaged is named on the console and costs what it describes, nothing more. Called once by the kernel's main, before the
 * memory that the tables lie in might be given to anybody.
 */
import {
  acpiErrorName,
  AcpiRoot,
  claimedTableBytes,
  hasSignature,
  listedTableAddress,
  listedTableCount,
  parseRootPointer,
  parseTable,
  ROOT_POINTER_BYTES,
  TABLE_HEADER_BYTES,
} from "../format/acpi.ts";
import {
  findSoftOff,
  FixedHardware,
  InterruptModel,
  parseFadt,
  parseHpet,
  parseMadt,
  parseMcfg,
  PciSpace,
  SoftOff,
} from "../format/acpi-hardware.ts";
import { bytesAt } from "../machine/intrinsics.ts";
import { mapFirmwareMemory } from "../machine/paging.ts";
import { KernelConsole } from "./kernel-console.ts";

/** What a firmware may list; ACPI machines have 10 to 40 tables. */
const TABLE_LIMIT = 256;

export class AcpiTables {
  readonly interrupts = new InterruptModel();
  readonly pciSpace = new PciSpace();
  readonly fixed = new FixedHardware();
  readonly softOff = new SoftOff();
  hpetAddress: u64 = 0n;
  hasInterruptModel: boolean = false;
  hasFixedHardware: boolean = false;
  private readonly root = new AcpiRoot();

  /** Reads everything behind the root pointer at `rootAddress`. */
  read(rootAddress: u64, console: KernelConsole): void {
    if (!mapFirmwareMemory(rootAddress, ROOT_POINTER_BYTES)) {
      console.line("ACPI: the firmware named no root pointer");
      return;
    }
    const parsed = parseRootPointer(bytesAt(rootAddress, ROOT_POINTER_BYTES), this.root);
    if (!parsed.ok) {
      console.lineOf("ACPI: the root pointer has a ", acpiErrorName(parsed.error));
      return;
    }
    const list = this.tableAt(this.root.listAddress, console);
    if (list.length === 0) return;
    const count = Math.min(listedTableCount(list, this.root), TABLE_LIMIT);
    for (let i: u16 = 0; i < count; i++) {
      const table = this.tableAt(listedTableAddress(list, this.root, i), console);
      if (table.length > 0) this.take(table);
    }
    if (this.hasFixedHardware) this.readSoftOff(this.fixed.dsdtAddress, console);
  }

  private take(table: Bytes): void {
    if (hasSignature(table, "APIC")) this.hasInterruptModel = parseMadt(table, this.interrupts);
    else if (hasSignature(table, "FACP")) this.hasFixedHardware = parseFadt(table, this.fixed);
    else if (hasSignature(table, "HPET")) this.hpetAddress = parseHpet(table);
    else if (hasSignature(table, "SSDT")) this.noteSoftOff(table);
    else if (hasSignature(table, "MCFG")) this.notePciSpace(table);
  }

  private notePciSpace(table: Bytes): void {
    if (!parseMcfg(table, this.pciSpace)) this.pciSpace.address = 0n;
  }

  private noteSoftOff(table: Bytes): void {
    if (!this.softOff.found && !findSoftOff(table, this.softOff)) this.softOff.found = false;
  }

  private readSoftOff(dsdtAddress: u64, console: KernelConsole): void {
    const dsdt = this.tableAt(dsdtAddress, console);
    if (dsdt.length > 0) this.noteSoftOff(dsdt);
    if (!this.softOff.found) console.line("ACPI: no way to switch the power off");
  }

  /** The table at an address, or no bytes. */
  private tableAt(address: u64, console: KernelConsole): Bytes {
    const none = utf8("");
    if (!mapFirmwareMemory(address, TABLE_HEADER_BYTES)) return none;
    const length = claimedTableBytes(bytesAt(address, TABLE_HEADER_BYTES));
    if (length === 0 || !mapFirmwareMemory(address, length)) return none;
    const table = parseTable(bytesAt(address, length));
    if (table.ok) return table.value;
    console.lineOf("ACPI: a table has a ", acpiErrorName(table.error));
    return none;
  }
}
