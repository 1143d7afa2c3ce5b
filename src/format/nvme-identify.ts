/**
 * What an NVMe controller and its namespaces say about themselves: identify data of 4096 bytes ⇄ records, no I/O
 * (NVMe base specification 2.0, section 5.17.2; NVM command set specification 1.0, section 4.1.5).
 *
 * A namespace is handed on only if it can serve as a disk: it has sectors of 512 or 4096 bytes, without metadata.
 */
import { deviceText } from "./device-text.ts";
import { NVME_PAGE_BYTES } from "./nvme.ts";

export const IDENTIFY_BYTES = 4096;
/** Namespaces of a controller that are used. */
export const NAMESPACE_LIMIT = 16;

const CONTROLLER = layout(IDENTIFY_BYTES, {
  vendorId: le16(0),
  subsystemVendorId: le16(2),
  serial: octets(4, 20),
  model: octets(24, 40),
  firmware: octets(64, 8),
  reserved0: octets(72, 5),
  /** The most data of a command, as a power of two of 4 KiB pages; 0 for no limit. */
  transferShift: at8(77),
  controllerId: le16(78),
  version: le32(80),
  reserved1: octets(84, 432),
  /** The highest namespace number that there can be. */
  namespaceCount: le32(516),
  optionalCommands: le16(520),
  fusedCommands: le16(522),
  format: at8(524),
  /** Bit 0: there is a cache that a power cut empties. */
  volatileCache: at8(525),
  reserved2: octets(526, 3570),
});

const NAMESPACE = layout(IDENTIFY_BYTES, {
  sectorCount: le64(0),
  capacity: le64(8),
  utilization: le64(16),
  features: at8(24),
  formatCount: at8(25),
  /** Bits 3:0 and, above them in the number, 6:5: which of the formats is in use. */
  format: at8(26),
  metadata: at8(27),
  protectionCapabilities: at8(28),
  protection: at8(29),
  reserved0: octets(30, 69),
  /** Bit 0: write protected. */
  attributes: at8(99),
  reserved1: octets(100, 28),
  formats: octets(128, 256),
  reserved2: octets(384, 3712),
});

const SECTOR_FORMAT = layout(4, {
  metadataBytes: le16(0),
  sectorShift: at8(2),
  performance: at8(3),
});

export class NvmeControllerIdentity {
  /** The most bytes that one command may move; 0 where the controller sets no limit. */
  transferLimitBytes: u32 = 0;
  namespaceCount: u32 = 0;
  hasVolatileCache: boolean = false;
  modelLength: u8 = 0;
  serialLength: u8 = 0;
  readonly model = new Uint8Array(40);
  readonly serial = new Uint8Array(20);
}

export class NvmeNamespaceIdentity {
  sectorShift: u8 = 9;
  sectorCount: u64 = 0n;
  readOnly: boolean = false;
}

export function parseController(data: Bytes, into: NvmeControllerIdentity): void {
  const shift = CONTROLLER.transferShift.get(data);
  into.transferLimitBytes = shift === 0 || shift > 19 ? 0 : (NVME_PAGE_BYTES << shift) >>> 0;
  into.namespaceCount = CONTROLLER.namespaceCount.get(data);
  into.hasVolatileCache = (CONTROLLER.volatileCache.get(data) & 1) !== 0;
  into.modelLength = deviceText(CONTROLLER.model.of(data), into.model);
  into.serialLength = deviceText(CONTROLLER.serial.of(data), into.serial);
}

/** False if the namespace is not there, or not in a form that serves as a disk. */
export function parseNamespace(data: Bytes, into: NvmeNamespaceIdentity): boolean {
  const packed = NAMESPACE.format.get(data);
  const many = NAMESPACE.formatCount.get(data) > 15;
  const index = many ? (packed & 0xf) | ((packed & 0x60) >>> 1) : packed & 0xf;
  const format = NAMESPACE.formats.of(data).slice(index * SECTOR_FORMAT.byteLength, SECTOR_FORMAT.byteLength);
  const shift = SECTOR_FORMAT.sectorShift.get(format);
  if (shift !== 9 && shift !== 12) return false;
  if (SECTOR_FORMAT.metadataBytes.get(format) !== 0 || (NAMESPACE.protection.get(data) & 7) !== 0)
    return false;
  into.sectorShift = shift;
  into.sectorCount = NAMESPACE.sectorCount.get(data);
  into.readOnly = (NAMESPACE.attributes.get(data) & 1) !== 0;
  return into.sectorCount > 0n;
}

/** The number at `index` of a list of active namespaces; 0 behind its end (section 5.17.2.2). */
export function listedNamespace(data: Bytes, index: u32): u32 {
  return data.u32le(index * 4);
}
