/** Loaded Image (UEFI 2.10, section 9.1): where this program was read from. */
import { protocolOf } from "./boot-services.ts";
import { devicePathAt } from "./device-path.ts";
import { imageHandle } from "./entry.ts";
import { bytesAt } from "./memory.ts";

const LOADED_IMAGE: string = "5B1B31A1-9562-11D2-8E3F-00A0C969723B";

const PROTOCOL = layout(96, {
  revision: le64(0),
  parentHandle: le64(8),
  systemTable: le64(16),
  deviceHandle: le64(24),
  filePath: le64(32),
  reserved0: le64(40),
  loadOptionsSize: le64(48),
  loadOptions: le64(56),
  imageBase: le64(64),
  imageSize: le64(72),
  imageTypes: le64(80),
  unload: le64(88),
});

/** The handle of the partition that holds this program's file; 0 where it came from elsewhere. */
export function bootDeviceHandle(): u64 {
  const protocol = protocolOf(imageHandle(), LOADED_IMAGE);
  if (protocol === 0n) return 0n;
  return PROTOCOL.deviceHandle.get(bytesAt(protocol, PROTOCOL.byteLength));
}

/** The path of this program's file on that partition, as device path nodes. */
export function bootFilePath(): Bytes {
  const protocol = protocolOf(imageHandle(), LOADED_IMAGE);
  if (protocol === 0n) return bytesAt(0n, 0);
  return devicePathAt(PROTOCOL.filePath.get(bytesAt(protocol, PROTOCOL.byteLength)));
}
