// The block format of LZ4, decoded: a token, literals, then a match of at least four bytes further up in the output.

const LEAST_MATCH = 4;
const LONG = 15;

/** Decodes all of `input` into `work`; how many bytes came out. */
export function run(input: Bytes, work: Bytes): u32 {
  let from: u32 = 0;
  let to: u32 = 0;
  while (from < input.length) {
    const token = input.u8(from);
    from++;
    let literals: u32 = token >>> 4;
    if (literals === LONG) {
      let more: u32 = 255;
      while (more === 255) {
        more = input.u8(from);
        from++;
        literals += more;
      }
    }
    work.slice(to, literals).copyFrom(input.slice(from, literals));
    from += literals;
    to += literals;
    if (from === input.length) break;
    const distance = input.u16le(from);
    from += 2;
    let length: u32 = token & LONG;
    if (length === LONG) {
      let more: u32 = 255;
      while (more === 255) {
        more = input.u8(from);
        from++;
        length += more;
      }
    }
    length += LEAST_MATCH;
    copyMatch(work, to, distance, length);
    to += length;
  }
  return to;
}

/** Copies what stands `distance` bytes before `to`; where it overlaps its copy, it repeats itself. */
function copyMatch(bytes: Bytes, to: u32, distance: u32, length: u32): void {
  assert(distance > 0);
  if (distance >= length) {
    bytes.slice(to, length).copyFrom(bytes.slice(to - distance, length));
    return;
  }
  const target = span(bytes, to, length);
  const source = span(bytes, to - distance, length);
  for (let i: u32 = 0; i < length; i++) target[i] = source[i];
}
