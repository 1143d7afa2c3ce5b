// Mixing of 64 bits (the finisher of SplitMix64), over all words of a buffer.

const STEP = 0x9e3779b97f4a7c15n;
const FIRST = 0xbf58476d1ce4e5b9n;
const SECOND = 0x94d049bb133111ebn;

/** Writes the mixed words to `work`. */
export function run(input: Bytes, work: Bytes): u32 {
  assert(work.length >= input.length);
  let state: u64 = 0n;
  for (let at: u32 = 0; at + 8 <= input.length; at += 8) {
    state = BigInt.asUintN(64, state + STEP) ^ input.u64le(at);
    work.setU64le(at, mix(state));
  }
  return input.length;
}

function mix(word: u64): u64 {
  const first = BigInt.asUintN(64, (word ^ (word >> 30n)) * FIRST);
  const second = BigInt.asUintN(64, (first ^ (first >> 27n)) * SECOND);
  return second ^ (second >> 31n);
}
