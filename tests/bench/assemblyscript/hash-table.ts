// A hash table of 32-bit keys: open addressing in 65536 slots.

const SLOTS = 65536;
const keys = memory.data(SLOTS * 4);
const values = memory.data(SLOTS * 4);

function slotOf(key: u32): u32 {
  let slot = (key * 0x9e3779b1) >> 16;
  let found = load<u32>(keys + (slot << 2));
  while (found != 0 && found != key) {
    slot = (slot + 1) & (SLOTS - 1);
    found = load<u32>(keys + (slot << 2));
  }
  return slot << 2;
}

export function run(input: usize, length: usize, work: usize): u32 {
  memory.fill(keys, 0, SLOTS * 4);
  let sum: u32 = 0;
  let used: u32 = 0;
  for (let at: usize = 0; at + 8 <= length; at += 8) {
    const key = load<u32>(input + at);
    const value = load<u32>(input + at + 4);
    const slot = slotOf(key);
    if ((value & 3) == 0) {
      if (load<u32>(keys + slot) == 0) used++;
      store<u32>(keys + slot, key);
      store<u32>(values + slot, value);
    } else if (load<u32>(keys + slot) == key) sum += load<u32>(values + slot);
  }
  store<u32>(work, used);
  return sum;
}
