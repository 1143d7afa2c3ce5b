/** EFI_STATUS (UEFI 2.10, appendix D): 0 is success, the highest bit marks errors. */

export const SUCCESS = 0n;
const ERROR_BIT = 0x8000_0000_0000_0000n;
export const INVALID_PARAMETER = 0x8000_0000_0000_0002n;
export const BUFFER_TOO_SMALL = 0x8000_0000_0000_0005n;
export const NOT_READY = 0x8000_0000_0000_0006n;
export const DEVICE_ERROR = 0x8000_0000_0000_0007n;
export const WRITE_PROTECTED = 0x8000_0000_0000_0008n;
export const OUT_OF_RESOURCES = 0x8000_0000_0000_0009n;
export const NO_MEDIA = 0x8000_0000_0000_000cn;
export const MEDIA_CHANGED = 0x8000_0000_0000_000dn;
export const NOT_FOUND = 0x8000_0000_0000_000en;
export const ACCESS_DENIED = 0x8000_0000_0000_000fn;
export const TIMEOUT = 0x8000_0000_0000_0012n;
export const ABORTED = 0x8000_0000_0000_0015n;
export const SECURITY_VIOLATION = 0x8000_0000_0000_001an;

export function failed(status: u64): boolean {
  return (status & ERROR_BIT) !== 0n;
}

/** What to call a status in a message. */
export function statusName(status: u64): string {
  if (status === SUCCESS) return "success";
  if (status === INVALID_PARAMETER) return "invalid parameter";
  if (status === DEVICE_ERROR) return "device error";
  if (status === WRITE_PROTECTED) return "write protected";
  if (status === OUT_OF_RESOURCES) return "out of resources";
  if (status === NO_MEDIA) return "no medium";
  if (status === MEDIA_CHANGED) return "medium changed";
  if (status === NOT_FOUND) return "not found";
  if (status === ACCESS_DENIED) return "access denied";
  if (status === TIMEOUT) return "time-out";
  if (status === ABORTED) return "aborted";
  if (status === SECURITY_VIOLATION) return "refused by Secure Boot";
  return "firmware error";
}
