// CRC-32 by a table, shared by the programs that need one.

const table = memory.data(1024);
let isReady = false;

function fill(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    store<u32>(table + (i << 2), crc);
  }
  isReady = true;
}

export function crc32(before: u32, data: usize, length: usize): u32 {
  if (!isReady) fill();
  let crc = ~before;
  for (let i: usize = 0; i < length; i++)
    crc = (crc >> 8) ^ load<u32>(table + (((crc ^ load<u8>(data + i)) & 0xff) << 2));
  return ~crc;
}
