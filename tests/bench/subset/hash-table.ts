// A hash table of 32-bit keys: open addressing, a quarter to three quarters full. 65536 slots.
//
// The input holds pairs of 32-bit words: a key, and what to do with it (its lowest two bits) with which value.

const SLOTS = 65536;
const MASK = 0xffff;
const FREE = 0;
const GOLDEN = 0x9e3779b1;

const keys = new Uint32Array(SLOTS);
const values = new Uint32Array(SLOTS);

/** Does everything that the input says; a sum over what was found. Keys are not 0. */
export function run(input: Bytes, work: Bytes): u32 {
  keys.fill(0);
  let sum: u32 = 0;
  let used: u32 = 0;
  for (let at: u32 = 0; at + 8 <= input.length; at += 8) {
    const key = input.u32le(at);
    const value = input.u32le(at + 4);
    const slot = slotOf(key);
    if ((value & 3) === 0) {
      if (keys[slot] === FREE) used++;
      keys[slot] = key;
      values[slot] = value;
    } else if (keys[slot] === key) sum = (sum + values[slot]) >>> 0;
  }
  work.setU32le(0, used);
  return sum;
}

/** Where a key stands, or where it would. */
function slotOf(key: u32): u32 {
  let slot: u32 = Math.imul(key, GOLDEN) >>> 16;
  while (keys[slot] !== FREE && keys[slot] !== key) slot = (slot + 1) & MASK;
  return slot;
}
