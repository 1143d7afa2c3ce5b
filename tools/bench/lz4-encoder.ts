// The block format of LZ4, encoded: greedy, with a table of where four bytes stood last. What the decoders are measured on.

const LEAST_MATCH = 4;
/** The format ends with literals, and no match begins close to the end. */
const LAST_LITERALS = 5;
const LAST_MATCH = 12;
const FARTHEST = 65535;

export function compressLz4(source: Buffer): Buffer {
  const out: number[] = [];
  const last = new Map<number, number>();
  let from = 0;
  let at = 0;
  while (at + LAST_MATCH < source.length) {
    const word = source.readUInt32LE(at);
    const before = last.get(word);
    last.set(word, at);
    if (before === undefined || at - before > FARTHEST) {
      at++;
      continue;
    }
    let length = LEAST_MATCH;
    while (at + length < source.length - LAST_LITERALS && source[before + length] === source[at + length])
      length++;
    putSequence(out, source.subarray(from, at), at - before, length);
    at += length;
    from = at;
  }
  putSequence(out, source.subarray(from), 0, 0);
  return Buffer.from(out);
}

/** Literals, then a match; `length` 0 is the end. */
function putSequence(out: number[], literals: Buffer, distance: number, length: number): void {
  const more = length === 0 ? 0 : length - LEAST_MATCH;
  out.push((Math.min(literals.length, 15) << 4) | Math.min(more, 15));
  if (literals.length >= 15) putLength(out, literals.length - 15);
  for (const byte of literals) out.push(byte);
  if (length === 0) return;
  out.push(distance & 0xff, distance >>> 8);
  if (more >= 15) putLength(out, more - 15);
}

function putLength(out: number[], rest: number): void {
  let left = rest;
  for (; left >= 255; left -= 255) out.push(255);
  out.push(left);
}
