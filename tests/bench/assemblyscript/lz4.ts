// The block format of LZ4, decoded.

export function run(input: usize, length: usize, work: usize): u32 {
  let from = input;
  const end = input + length;
  let to = work;
  while (from < end) {
    const token: u32 = load<u8>(from++);
    let literals: usize = token >> 4;
    if (literals == 15) {
      let more: u32 = 255;
      while (more == 255) {
        more = load<u8>(from++);
        literals += more;
      }
    }
    memory.copy(to, from, literals);
    from += literals;
    to += literals;
    if (from == end) break;
    const distance: usize = load<u16>(from);
    from += 2;
    let count: usize = token & 15;
    if (count == 15) {
      let more: u32 = 255;
      while (more == 255) {
        more = load<u8>(from++);
        count += more;
      }
    }
    count += 4;
    const match = to - distance;
    if (distance >= count) memory.copy(to, match, count);
    else for (let i: usize = 0; i < count; i++) store<u8>(to + i, load<u8>(match + i));
    to += count;
  }
  return <u32>(to - work);
}
