/**
 * Device paths (UEFI 2.10, section 10) as the firmware holds them: an address at which nodes follow each other up to an
 * end node. What the nodes say is `src/format/device-path.ts`; here they only become a view of known length.
 */
import { protocolOf } from "./boot-services.ts";
import { bytesAt, load16 } from "./memory.ts";

const DEVICE_PATH: string = "09576E91-6D3F-11D2-8E39-00A0C969723B";
/** A longer path than this is a fault of the firmware. */
const PATH_LIMIT_BYTES = 4096;
const NODE_HEADER_BYTES = 4;
const END_TYPE = 0x7f;
const END_ENTIRE = 0xff;

/** The nodes of a handle's device path, the end node included; empty where there is none. */
export function devicePathOf(handle: u64): Bytes {
  return devicePathAt(protocolOf(handle, DEVICE_PATH));
}

/** The nodes at an address (0 for none), the end node included; empty where they are not sound. */
export function devicePathAt(address: u64): Bytes {
  const none = bytesAt(address, 0);
  if (address === 0n) return none;
  let at: u32 = 0;
  while (at < PATH_LIMIT_BYTES) {
    const node = u64(address + BigInt(at));
    const kind = load16(node);
    const length = load16(u64(node + 2n));
    if (length < NODE_HEADER_BYTES) return none;
    at += length;
    if ((kind & 0x7f) === END_TYPE && kind >>> 8 === END_ENTIRE) return bytesAt(address, at);
  }
  return none;
}
