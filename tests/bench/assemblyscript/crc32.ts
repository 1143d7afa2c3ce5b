// CRC-32 of a buffer.

import { crc32 } from "./crc32-table";

export function run(input: usize, length: usize, work: usize): u32 {
  const crc = crc32(0, input, length);
  store<u32>(work, crc);
  return crc;
}
