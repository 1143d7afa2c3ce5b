/** The EFI system table (UEFI 2.10, section 4.3): the way to everything else that the firmware offers. */
import { isGuid } from "../src/base/guid.ts";
import { systemTable } from "./entry.ts";
import { bytesAt } from "./memory.ts";

const SYSTEM_TABLE = layout(120, {
  header: octets(0, 24),
  firmwareVendor: le64(24),
  firmwareRevision: le64(32),
  consoleInHandle: le64(40),
  consoleIn: le64(48),
  consoleOutHandle: le64(56),
  consoleOut: le64(64),
  standardErrorHandle: le64(72),
  standardError: le64(80),
  runtimeServices: le64(88),
  bootServices: le64(96),
  configurationCount: le64(104),
  configurationTable: le64(112),
});

const CONFIGURATION_ENTRY = layout(24, { guid: octets(0, 16), address: le64(16) });
/** No firmware has so many; a wild count must not make a loop without end. */
const CONFIGURATION_LIMIT = 256;

/** ACPI 2.0 and later: an RSDP with the 64-bit root table. */
export const ACPI_2_TABLE: string = "8868E871-E4F1-11D3-BC22-0080C73C8881";
export const ACPI_1_TABLE: string = "EB9D2D30-2D88-11D3-9A16-0090273FC14D";

export function consoleIn(): u64 {
  return SYSTEM_TABLE.consoleIn.get(table());
}

export function consoleOut(): u64 {
  return SYSTEM_TABLE.consoleOut.get(table());
}

export function bootServices(): u64 {
  return SYSTEM_TABLE.bootServices.get(table());
}

export function runtimeServices(): u64 {
  return SYSTEM_TABLE.runtimeServices.get(table());
}

/** The address of the configuration table of this GUID, or 0. */
export function configurationTable(guid: string): u64 {
  const base = SYSTEM_TABLE.configurationTable.get(table());
  const count = SYSTEM_TABLE.configurationCount.get(table());
  for (let i: u32 = 0; i < CONFIGURATION_LIMIT && BigInt(i) < count; i++) {
    const entry = bytesAt(u64(base + BigInt(i) * 24n), CONFIGURATION_ENTRY.byteLength);
    if (isGuid(CONFIGURATION_ENTRY.guid.of(entry), guid)) return CONFIGURATION_ENTRY.address.get(entry);
  }
  return 0n;
}

function table(): Bytes {
  return bytesAt(systemTable(), SYSTEM_TABLE.byteLength);
}
