/**
 * Fuzz target with a planted fault: it proves that the fuzzer finds traps at all, behind comparisons that no chance passes.
 *
 * It reads behind the input's end when that begins with "RAY!" and claims a length that it does not have.
 */
import { Digest } from "../support/digest.ts";

export function prepare(): void {
  return;
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  if (bytes.length < 8 || bytes.u32le(0) !== 0x21594152) return;
  const claimed = bytes.u32le(4);
  if (claimed < 1000 || claimed > 2000) return;
  digest.bytes(bytes.slice(8, claimed));
}
