/**
 * Messages of PCI functions: MSI-X where there is it, else MSI (PCI 3.0, 6.8).
 *
 * A message is a write of `data` to `address`: to the boot processor's local APIC, edge-triggered, fixed delivery, one
 * vector for the whole function. Called by `PciFunction.enableMessageInterrupt`; no cycle of imports, since a function is
 * seen here by the few methods that are needed.
 */
import { localApicId } from "./apic.ts";
import { Mmio } from "./mmio.ts";

const MSI = 0x05;
const MSIX = 0x11;
const MESSAGE_BASE = 0xfee0_0000;

const MSI_ENABLE = 0x1_0000;
const MSI_WIDE = 0x80_0000;
const MSI_COUNT = 0x70_0000;
const MSIX_ENABLE = 0x8000_0000;
const MSIX_MASK_ALL = 0x4000_0000;
const MSIX_ENTRY_BYTES = 16;
const ENTRY_MASKED = 1;

/** What of a PCI function is needed here. */
export interface MessageSource {
  configRead32(offset: u32): u32;
  configWrite32(offset: u32, value: u32): void;
  findCapability(id: u8): u8;
  barAddress(index: u8): u64;
}

/** The table of the function that is being set up. */
const table = new Mmio();

/** Has every message of `source` raise `vector`. False where it has neither capability. */
export function enableMessages(source: MessageSource, vector: u8): boolean {
  assert(vector >= 32);
  const wide = source.findCapability(MSIX);
  if (wide !== 0) return enableTable(source, wide, vector);
  const plain = source.findCapability(MSI);
  if (plain === 0) return false;
  enablePlain(source, plain, vector);
  return true;
}

/** MSI-X: a table in one of the BARs. Entry 0 gets the vector, the others stay masked. */
function enableTable(source: MessageSource, at: u8, vector: u8): boolean {
  const control = source.configRead32(at);
  const entries = ((control >>> 16) & 0x7ff) + 1;
  const place = source.configRead32(at + 4);
  const bar = place & 7;
  if (bar > 5) return false;
  const base = source.barAddress(u8(bar));
  if (base === 0n) return false;
  table.map(u64(base + BigInt((place & ~7) >>> 0)), entries * MSIX_ENTRY_BYTES);
  source.configWrite32(at, (control | MSIX_ENABLE | MSIX_MASK_ALL) >>> 0);
  for (let entry: u32 = 1; entry < entries; entry++)
    table.write32(u32(entry * MSIX_ENTRY_BYTES + 12), ENTRY_MASKED);
  table.write32(0, messageAddress());
  table.write32(4, 0);
  table.write32(8, vector);
  table.write32(12, 0);
  source.configWrite32(at, ((control | MSIX_ENABLE) & ~MSIX_MASK_ALL) >>> 0);
  return true;
}

/** MSI: address and data stand in configuration space, the data further back where the address takes 64 bits. */
function enablePlain(source: MessageSource, at: u8, vector: u8): void {
  const control = source.configRead32(at);
  source.configWrite32(at + 4, messageAddress());
  if ((control & MSI_WIDE) !== 0) source.configWrite32(at + 8, 0);
  source.configWrite32((control & MSI_WIDE) !== 0 ? at + 12 : at + 8, vector);
  source.configWrite32(at, ((control & ~MSI_COUNT) | MSI_ENABLE) >>> 0);
}

/** The address that stands for the boot processor (Intel SDM volume 3, 11.11.1). */
function messageAddress(): u32 {
  return MESSAGE_BASE + localApicId() * 0x1000;
}
