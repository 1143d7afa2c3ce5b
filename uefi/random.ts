/** The firmware's random numbers (UEFI 2.10, section 37.5), where it has any. */
import { anyProtocol } from "./boot-services.ts";
import { addressOf, call4, load64 } from "./memory.ts";
import { failed } from "./status.ts";

const RANDOM_NUMBERS: string = "3152BCA5-EADE-433D-862E-C01CDC291F44";
const GET_RNG_OFFSET = 8n;

/** Fills `into` with random bytes; false where the firmware has none. */
export function fillRandom(into: Bytes): boolean {
  const protocol = anyProtocol(RANDOM_NUMBERS);
  if (protocol === 0n) return false;
  const getRng = load64(u64(protocol + GET_RNG_OFFSET));
  return !failed(call4(getRng, protocol, 0n, BigInt(into.length), addressOf(into)));
}
