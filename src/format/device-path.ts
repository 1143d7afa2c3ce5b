/**
 * Device paths (UEFI 2.10, section 10): where a device hangs, node by node, as bytes and as text.
 *
 *     type 1 │ subtype 1 │ length 2 (header included) │ data …      the last node: 7f ff 04 00
 *
 * The bytes come from the firmware or from a boot variable. A node that does not fit ends the walk. Called by the boot
 * manager for the boot medium's facts, and for its own boot entry.
 */
import { formatGuid, GUID_TEXT_LENGTH } from "../base/guid.ts";
import { TextWriter } from "../base/text-writer.ts";
import { utf8FromUtf16 } from "../base/utf16.ts";

const NODE_HEADER_BYTES = 4;
const END_NODE_BYTES = 4;
const TEXT_BYTES = 256;

/** Type and subtype as one number, type in the high byte. */
const NODE_PCI = 0x0101;
const NODE_ACPI = 0x0201;
const NODE_SCSI = 0x0302;
const NODE_USB = 0x0305;
const NODE_UART = 0x030e;
const NODE_USB_CLASS = 0x030f;
const NODE_USB_WWID = 0x0310;
const NODE_SATA = 0x0312;
const NODE_NVME = 0x0317;
const NODE_PARTITION = 0x0401;
const NODE_FILE = 0x0404;
const END_TYPE = 0x7f;

const PCI_NODE = layout(6, { header: octets(0, 4), function: at8(4), device: at8(5) });
const ACPI_NODE = layout(12, { header: octets(0, 4), hardwareId: le32(4), uniqueId: le32(8) });
const SCSI_NODE = layout(8, { header: octets(0, 4), target: le16(4), lun: le16(6) });
const USB_NODE = layout(6, { header: octets(0, 4), port: at8(4), interfaceNumber: at8(5) });
const SATA_NODE = layout(10, { header: octets(0, 4), port: le16(4), multiplier: le16(6), lun: le16(8) });
const NVME_NODE = layout(16, { header: octets(0, 4), namespaceId: le32(4), eui: octets(8, 8) });
const PARTITION_NODE = layout(42, {
  header: octets(0, 4),
  number: le32(4),
  start: le64(8),
  sectors: le64(16),
  signature: octets(24, 16),
  tableFormat: at8(40),
  signatureKind: at8(41),
});
const TABLE_GPT = 2;
const SIGNATURE_GUID = 2;
/** PNP0A03 and PNP0A08 as the ACPI node compresses them. */
const PCI_ROOT_ID = 0x0a0341d0;
const PCIE_ROOT_ID = 0x0a0841d0;

/** Walks over the nodes of a path. */
export class DevicePathReader {
  private position: u32 = 0;

  constructor(private readonly path: Bytes) {}

  /** The next node, header included; empty at the end and at whatever is not sound. */
  next(): Bytes {
    const none = this.path.slice(0, 0);
    const left = u32(this.path.length - this.position);
    if (left < NODE_HEADER_BYTES) return none;
    const length = this.path.u16le(this.position + 2);
    if (length < NODE_HEADER_BYTES || length > left || this.path.u8(this.position) === END_TYPE) return none;
    const node = this.path.slice(this.position, length);
    this.position += length;
    return node;
  }
}

/** Whether the device hangs on USB. */
export function isUsbPath(path: Bytes): boolean {
  return hasNode(path, NODE_USB) || hasNode(path, NODE_USB_CLASS) || hasNode(path, NODE_USB_WWID);
}

/** Whether one of several paths in a row, as in the variable `ConOut`, leads to a serial port. */
export function leadsToSerial(paths: Bytes): boolean {
  let at: u32 = 0;
  while (paths.length - at >= NODE_HEADER_BYTES) {
    const length = paths.u16le(at + 2);
    if (length < NODE_HEADER_BYTES || length > paths.length - at) return false;
    if (paths.u16be(at) === NODE_UART) return true;
    at += length;
  }
  return false;
}

export function isNvmePath(path: Bytes): boolean {
  return hasNode(path, NODE_NVME);
}

export function isSataPath(path: Bytes): boolean {
  return hasNode(path, NODE_SATA);
}

/** Whether `path` leads to something on the device of `parent`: a partition of that disk, say. */
export function isBelow(path: Bytes, parent: Bytes): boolean {
  if (parent.length <= END_NODE_BYTES || path.length < parent.length) return false;
  const nodes = parent.length - END_NODE_BYTES;
  return path.slice(0, nodes).equals(parent.slice(0, nodes));
}

/** Copies the GUID of the GPT partition that the path names to `into` (16 bytes); false where it names none. */
export function partitionGuid(path: Bytes, into: Bytes): boolean {
  const node = findNode(path, NODE_PARTITION, PARTITION_NODE.byteLength);
  if (node.length === 0 || PARTITION_NODE.signatureKind.get(node) !== SIGNATURE_GUID) return false;
  into.copyFrom(PARTITION_NODE.signature.of(node));
  return true;
}

/** The part of a path from its partition node on: enough for firmware to find the disk wherever it is plugged in. */
export function fromPartition(path: Bytes): Bytes {
  const reader = new DevicePathReader(path);
  let at: u32 = 0;
  for (let node = reader.next(); node.length > 0; node = reader.next()) {
    if (nodeKind(node) === NODE_PARTITION) return path.slice(at, path.length - at);
    at += node.length;
  }
  return path.slice(0, 0);
}

/** Writes a path the way firmware and `efibootmgr -v` show it: `PciRoot(0x0)/Pci(0x3,0x0)/NVMe(0x1,…)/HD(1,GPT,…)`. */
export function writeDevicePath(out: TextWriter, path: Bytes): void {
  const reader = new DevicePathReader(path);
  let isFirst: boolean = true;
  for (let node = reader.next(); node.length > 0; node = reader.next()) {
    if (!isFirst) out.text("/");
    isFirst = false;
    writeNode(out, node);
  }
}

function writeNode(out: TextWriter, node: Bytes): void {
  const kind = nodeKind(node);
  if (kind === NODE_ACPI && node.length >= ACPI_NODE.byteLength) writeAcpi(out, node);
  else if (kind === NODE_PCI && node.length >= PCI_NODE.byteLength) {
    writePair(out, "Pci", PCI_NODE.device.get(node), PCI_NODE.function.get(node));
  } else if (kind === NODE_SCSI && node.length >= SCSI_NODE.byteLength) {
    writePair(out, "Scsi", SCSI_NODE.target.get(node), SCSI_NODE.lun.get(node));
  } else if (kind === NODE_USB && node.length >= USB_NODE.byteLength) {
    writePair(out, "USB", USB_NODE.port.get(node), USB_NODE.interfaceNumber.get(node));
  } else if (kind === NODE_SATA && node.length >= SATA_NODE.byteLength) {
    writePair(out, "Sata", SATA_NODE.port.get(node), SATA_NODE.multiplier.get(node));
  } else if (kind === NODE_NVME && node.length >= NVME_NODE.byteLength) writeNvme(out, node);
  else if (kind === NODE_PARTITION && node.length >= PARTITION_NODE.byteLength) writePartition(out, node);
  else if (kind === NODE_FILE) writeFilePath(out, node);
  else writePair(out, "Path", node.u8(0), node.u8(1));
}

function writeAcpi(out: TextWriter, node: Bytes): void {
  const hardware = ACPI_NODE.hardwareId.get(node);
  if (hardware === PCI_ROOT_ID || hardware === PCIE_ROOT_ID) {
    out.text("PciRoot(0x");
    writeHex(out, ACPI_NODE.uniqueId.get(node));
    out.text(")");
  } else writePair(out, "Acpi", hardware, ACPI_NODE.uniqueId.get(node));
}

function writeNvme(out: TextWriter, node: Bytes): void {
  out.text("NVMe(0x");
  writeHex(out, NVME_NODE.namespaceId.get(node));
  for (let i: u32 = 8; i > 0; i--) {
    out.text(i === 8 ? "," : "-");
    out.hex(BigInt(NVME_NODE.eui.of(node).u8(i - 1)), 2);
  }
  out.text(")");
}

function writePartition(out: TextWriter, node: Bytes): void {
  const guid = new Uint8Array(GUID_TEXT_LENGTH);
  out.text(`HD(${PARTITION_NODE.number.get(node)},`);
  if (PARTITION_NODE.tableFormat.get(node) === TABLE_GPT) {
    formatGuid(PARTITION_NODE.signature.of(node), bytesOf(guid));
    out.text("GPT,");
    out.bytes(bytesOf(guid));
  } else {
    out.text("MBR,0x");
    writeHex(out, PARTITION_NODE.signature.of(node).u32le(0));
  }
  out.text(`,${PARTITION_NODE.start.get(node)},${PARTITION_NODE.sectors.get(node)})`);
}

function writeFilePath(out: TextWriter, node: Bytes): void {
  const text = new Uint8Array(TEXT_BYTES);
  const name = node.slice(NODE_HEADER_BYTES, node.length - NODE_HEADER_BYTES);
  out.bytes(bytesOf(text).slice(0, utf8FromUtf16(name, bytesOf(text))));
}

function writePair(out: TextWriter, name: string, first: u32, second: u32): void {
  out.text(name);
  out.text("(0x");
  writeHex(out, first);
  out.text(",0x");
  writeHex(out, second);
  out.text(")");
}

/** Hexadecimal without zeros in front. */
function writeHex(out: TextWriter, value: u32): void {
  let digits: u8 = 1;
  while (digits < 8 && value >>> (digits * 4) !== 0) digits++;
  out.hex(BigInt(value), digits);
}

function hasNode(path: Bytes, kind: u16): boolean {
  return findNode(path, kind, NODE_HEADER_BYTES).length > 0;
}

/** The first node of a kind that is at least so long; empty where there is none. */
function findNode(path: Bytes, kind: u16, minimumBytes: u32): Bytes {
  const reader = new DevicePathReader(path);
  for (let node = reader.next(); node.length > 0; node = reader.next()) {
    if (nodeKind(node) === kind && node.length >= minimumBytes) return node;
  }
  return path.slice(0, 0);
}

function nodeKind(node: Bytes): u16 {
  return node.u16be(0);
}
