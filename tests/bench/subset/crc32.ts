// CRC-32 of a buffer: the code of `src/base/crc32.ts`.

import { crc32 } from "../../../src/base/crc32.ts";

export function run(input: Bytes, work: Bytes): u32 {
  work.setU32le(0, crc32(input));
  return work.u32le(0);
}
