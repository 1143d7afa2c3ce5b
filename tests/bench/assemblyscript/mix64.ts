// Mixing of 64 bits (the finisher of SplitMix64), over all words of a buffer.

function mix(word: u64): u64 {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

export function run(input: usize, length: usize, work: usize): u32 {
  let state: u64 = 0;
  for (let at: usize = 0; at + 8 <= length; at += 8) {
    state = (state + 0x9e3779b97f4a7c15) ^ load<u64>(input + at);
    store<u64>(work + at, mix(state));
  }
  return <u32>length;
}
