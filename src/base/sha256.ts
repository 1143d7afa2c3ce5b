/**
 * SHA-256 (FIPS 180-4): the name of every object that RayOS boots.
 *
 * A `Sha256` owns its state; whole blocks are taken from the caller's buffer where they stand, only a rest of less than a
 * block is copied. Called by the object store, the boot manager's verification and the installer's read-back.
 */

export const SHA256_BYTES = 32;

const BLOCK_BYTES = 64;
const ROUNDS = 64;
/** Where the length in bits stands in the last block. */
const LENGTH_AT = 56;

/** The digest of all of `bytes` into `into` (32 bytes). */
export function sha256(bytes: Bytes, into: Bytes): void {
  const hash = new Sha256();
  hash.begin();
  hash.update(bytes);
  hash.finish(into);
}

/** A digest in the making: `begin`, any number of `update`, `finish`; then `begin` again. */
export class Sha256 {
  private readonly state = new Uint32Array(8);
  private readonly schedule = new Uint32Array(ROUNDS);
  private readonly rest = new Uint8Array(BLOCK_BYTES);
  private restLength: u32 = 0;
  private totalBytes: u64 = 0n;

  begin(): void {
    // Section 5.3.3: the fractional parts of the square roots of the first eight primes.
    this.state[0] = 0x6a09e667;
    this.state[1] = 0xbb67ae85;
    this.state[2] = 0x3c6ef372;
    this.state[3] = 0xa54ff53a;
    this.state[4] = 0x510e527f;
    this.state[5] = 0x9b05688c;
    this.state[6] = 0x1f83d9ab;
    this.state[7] = 0x5be0cd19;
    this.restLength = 0;
    this.totalBytes = 0n;
  }

  update(bytes: Bytes): void {
    this.totalBytes += BigInt(bytes.length);
    let at: u32 = 0;
    if (this.restLength > 0) {
      at = this.fillRest(bytes);
      if (this.restLength < BLOCK_BYTES) return;
      this.block(bytesOf(this.rest));
      this.restLength = 0;
    }
    while (bytes.length - at >= BLOCK_BYTES) {
      this.block(bytes.slice(at, BLOCK_BYTES));
      at += BLOCK_BYTES;
    }
    this.fillRest(bytes.slice(at, bytes.length - at));
  }

  /** Ends the message with its padding (section 5.1.1) and writes the digest, 32 bytes, to `into`. */
  finish(into: Bytes): void {
    assert(into.length === SHA256_BYTES);
    const rest = bytesOf(this.rest);
    rest.setU8(this.restLength, 0x80);
    this.restLength++;
    if (this.restLength > LENGTH_AT) {
      rest.slice(this.restLength, BLOCK_BYTES - this.restLength).fill(0);
      this.block(rest);
      this.restLength = 0;
    }
    rest.slice(this.restLength, LENGTH_AT - this.restLength).fill(0);
    rest.setU64be(LENGTH_AT, BigInt.asUintN(64, this.totalBytes << 3n));
    this.block(rest);
    for (let i: u32 = 0; i < 8; i++) into.setU32be(i * 4, this.state[i]);
  }

  /** Moves bytes into the rest until it is a block; the number of bytes taken. */
  private fillRest(bytes: Bytes): u32 {
    const room: u32 = BLOCK_BYTES - this.restLength;
    const length = bytes.length < room ? bytes.length : room;
    bytesOf(this.rest).slice(this.restLength, length).copyFrom(bytes.slice(0, length));
    this.restLength += length;
    return length;
  }

  /**
   * Section 6.2.2 for one block of 64 bytes. Eight rounds are written out, after which every variable bears its own
   * letter again: instead of moving seven of them a round, each round names them one further on.
   */
  private block(bytes: Bytes): void {
    this.expand(bytes);
    let a: u32 = this.state[0];
    let b: u32 = this.state[1];
    let c: u32 = this.state[2];
    let d: u32 = this.state[3];
    let e: u32 = this.state[4];
    let f: u32 = this.state[5];
    let g: u32 = this.state[6];
    let h: u32 = this.state[7];
    for (let t: u32 = 0; t < ROUNDS; t += 8) {
      h = (h + mixLower(e, f, g) + CONSTANTS[t] + this.schedule[t]) >>> 0;
      d = (d + h) >>> 0;
      h = (h + mixUpper(a, b, c)) >>> 0;
      g = (g + mixLower(d, e, f) + CONSTANTS[t + 1] + this.schedule[t + 1]) >>> 0;
      c = (c + g) >>> 0;
      g = (g + mixUpper(h, a, b)) >>> 0;
      f = (f + mixLower(c, d, e) + CONSTANTS[t + 2] + this.schedule[t + 2]) >>> 0;
      b = (b + f) >>> 0;
      f = (f + mixUpper(g, h, a)) >>> 0;
      e = (e + mixLower(b, c, d) + CONSTANTS[t + 3] + this.schedule[t + 3]) >>> 0;
      a = (a + e) >>> 0;
      e = (e + mixUpper(f, g, h)) >>> 0;
      d = (d + mixLower(a, b, c) + CONSTANTS[t + 4] + this.schedule[t + 4]) >>> 0;
      h = (h + d) >>> 0;
      d = (d + mixUpper(e, f, g)) >>> 0;
      c = (c + mixLower(h, a, b) + CONSTANTS[t + 5] + this.schedule[t + 5]) >>> 0;
      g = (g + c) >>> 0;
      c = (c + mixUpper(d, e, f)) >>> 0;
      b = (b + mixLower(g, h, a) + CONSTANTS[t + 6] + this.schedule[t + 6]) >>> 0;
      f = (f + b) >>> 0;
      b = (b + mixUpper(c, d, e)) >>> 0;
      a = (a + mixLower(f, g, h) + CONSTANTS[t + 7] + this.schedule[t + 7]) >>> 0;
      e = (e + a) >>> 0;
      a = (a + mixUpper(b, c, d)) >>> 0;
    }
    this.state[0] = (this.state[0] + a) >>> 0;
    this.state[1] = (this.state[1] + b) >>> 0;
    this.state[2] = (this.state[2] + c) >>> 0;
    this.state[3] = (this.state[3] + d) >>> 0;
    this.state[4] = (this.state[4] + e) >>> 0;
    this.state[5] = (this.state[5] + f) >>> 0;
    this.state[6] = (this.state[6] + g) >>> 0;
    this.state[7] = (this.state[7] + h) >>> 0;
  }

  /** The message schedule: sixteen words of the block, then each from four before it. */
  private expand(bytes: Bytes): void {
    for (let t: u32 = 0; t < 16; t++) this.schedule[t] = bytes.u32be(t * 4);
    for (let t: u32 = 16; t < ROUNDS; t++) {
      const near = this.schedule[t - 2];
      const far = this.schedule[t - 15];
      const sigma1 = (rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)) >>> 0;
      const sigma0 = (rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)) >>> 0;
      this.schedule[t] = (sigma1 + this.schedule[t - 7] + sigma0 + this.schedule[t - 16]) >>> 0;
    }
  }
}

/** Sigma 1 and the choice. The three rotations, by 6, 11 and 25 bits, are taken one within the other: fewer moves. */
function mixLower(e: u32, f: u32, g: u32): u32 {
  const sigma = rotate((rotate((rotate(e, 14) ^ e) >>> 0, 5) ^ e) >>> 0, 6);
  return (sigma + ((g ^ (e & (f ^ g))) >>> 0)) >>> 0;
}

/** Sigma 0, rotations by 2, 13 and 22 bits, and the majority. */
function mixUpper(a: u32, b: u32, c: u32): u32 {
  const sigma = rotate((rotate((rotate(a, 9) ^ a) >>> 0, 11) ^ a) >>> 0, 2);
  return (sigma + (((a & b) ^ (c & (a ^ b))) >>> 0)) >>> 0;
}

/** `word` rotated to the right by 1 to 31 bits. */
function rotate(word: u32, bits: u8): u32 {
  return ((word >>> bits) | (word << (32 - bits))) >>> 0;
}

/** Section 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
const CONSTANTS: readonly u32[] = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
];
