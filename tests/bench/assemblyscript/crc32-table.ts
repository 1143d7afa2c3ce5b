// CRC-32 by a table, shared by the programs that need one.

/** Eight tables: the nth for a byte with n bytes of zeros behind it. */
const table = memory.data(8192);
let isReady = false;

function fill(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    store<u32>(table + (i << 2), crc);
  }
  for (let i: u32 = 256; i < 2048; i++) {
    const before = load<u32>(table + ((i - 256) << 2));
    store<u32>(table + (i << 2), (before >> 8) ^ load<u32>(table + ((before & 0xff) << 2)));
  }
  isReady = true;
}

function shifted(n: usize, byte: u32): u32 {
  return load<u32>(table + n * 1024 + ((byte & 0xff) << 2));
}

function eightMore(low: u32, high: u32): u32 {
  const first = shifted(7, low) ^ shifted(6, low >> 8) ^ shifted(5, low >> 16) ^ shifted(4, low >> 24);
  return first ^ shifted(3, high) ^ shifted(2, high >> 8) ^ shifted(1, high >> 16) ^ shifted(0, high >> 24);
}

/** Eight bytes in a turn as far as they fill blocks of 16, the others one by one. */
export function crc32(before: u32, data: usize, length: usize): u32 {
  if (!isReady) fill();
  const inBlocks = length & ~15;
  let crc = ~before;
  for (let at: usize = 0; at < inBlocks; at += 8)
    crc = eightMore(crc ^ load<u32>(data + at), load<u32>(data + at, 4));
  for (let i: usize = inBlocks; i < length; i++)
    crc = (crc >> 8) ^ load<u32>(table + (((crc ^ load<u8>(data + i)) & 0xff) << 2));
  return ~crc;
}
