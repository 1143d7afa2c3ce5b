/**
 * A boot option (UEFI 2.10, section 3.1.3): what stands in a variable `Boot####`, and in `BootOrder`.
 *
 *     attributes 4 │ path length 2 │ description, UTF-16 with NUL │ device path │ optional data
 *
 * Written so that firmware menus and `efibootmgr` show it. Read ones come from whoever wrote them: nothing is believed.
 */
import { utf16FromUtf8 } from "../base/utf16.ts";

const HEAD = layout(6, { attributes: le32(0), pathBytes: le16(4) });
const ACTIVE = 1;
const FILE_NODE = 0x0404;
const END_NODE = 0x7fff_0400;
const NODE_HEADER_BYTES = 4;
const HEX_DIGITS: string = "0123456789ABCDEF";
/** `Boot` and four hexadecimal digits. */
export const BOOT_NAME_BYTES = 8;

/**
 * Writes an active boot option that starts the file `filePath` (with backslashes) on the partition of `partitionPath`
 * (device path nodes, the end node included) to `into`; how many bytes, 0 where they do not fit.
 */
export function writeLoadOption(into: Bytes, description: Bytes, partitionPath: Bytes, filePath: Bytes): u32 {
  const nodes = u32(partitionPath.length - NODE_HEADER_BYTES);
  const needed = HEAD.byteLength + (description.length + filePath.length + 2) * 2 + nodes + 8;
  if (needed > into.length || nodes > 4096 || filePath.length > 256) return 0;
  into.fill(0);
  let at: u32 = HEAD.byteLength;
  at += utf16FromUtf8(description, into.slice(at, description.length * 2));
  at += 2;
  const pathStart = at;
  into.slice(at, nodes).copyFrom(partitionPath.slice(0, nodes));
  at += nodes;
  at += writeFileNode(into.slice(at, into.length - at), filePath);
  into.setU32be(at, END_NODE);
  at += NODE_HEADER_BYTES;
  HEAD.attributes.set(into, ACTIVE);
  HEAD.pathBytes.set(into, u16(at - pathStart));
  return at;
}

/** The device path of a boot option; empty where it is not sound. */
export function loadOptionPath(option: Bytes): Bytes {
  const none = option.slice(0, 0);
  if (option.length < HEAD.byteLength) return none;
  let at: u32 = HEAD.byteLength;
  while (option.length - at >= 2 && option.u16le(at) !== 0) at += 2;
  const pathBytes = HEAD.pathBytes.get(option);
  if (option.length - at < 2 + pathBytes) return none;
  return option.slice(at + 2, pathBytes);
}

/** A device path of the file `filePath` behind the nodes of `partitionPath`, written to `into`; its length, 0 if too long. */
export function writeFileDevicePath(into: Bytes, partitionPath: Bytes, filePath: Bytes): u32 {
  const nodes = u32(partitionPath.length - NODE_HEADER_BYTES);
  if (nodes > 4096 || filePath.length > 256 || nodes + filePath.length * 2 + 10 > into.length) return 0;
  into.slice(0, nodes).copyFrom(partitionPath.slice(0, nodes));
  const file = writeFileNode(into.slice(nodes, into.length - nodes), filePath);
  into.setU32be(nodes + file, END_NODE);
  return u32(nodes + file + NODE_HEADER_BYTES);
}

/** Writes `Boot` and the four digits of an option's number to `into`. */
export function writeBootName(into: Bytes, number: u16): void {
  into.slice(0, 4).copyFrom(utf8("Boot"));
  const digits = utf8(HEX_DIGITS);
  into.setU8(4, digits.u8(number >>> 12));
  into.setU8(5, digits.u8((number >>> 8) & 0xf));
  into.setU8(6, digits.u8((number >>> 4) & 0xf));
  into.setU8(7, digits.u8(number & 0xf));
}

/** A file node with its NUL; how many bytes it has. */
function writeFileNode(into: Bytes, filePath: Bytes): u32 {
  const nameBytes = utf16FromUtf8(filePath, into.slice(NODE_HEADER_BYTES, filePath.length * 2));
  const length = NODE_HEADER_BYTES + nameBytes + 2;
  into.setU16be(0, FILE_NODE);
  into.setU16le(2, u16(length));
  into.setU16le(NODE_HEADER_BYTES + nameBytes, 0);
  return u32(length);
}
