/**
 * SHA-256 (FIPS 180-4): the name of every object that RayOS boots.
 *
 * A `Sha256` owns its state; whole blocks are taken from the caller's buffer where they stand, only a rest of less than a
 * block is copied. The schedules of four blocks do not depend on each other: they are worked out side by side, word by
 * word, which the compiler turns into vector instructions where a processor's may be used. Called by the object store,
 * the boot manager's verification and the installer's read-back.
 */

export const SHA256_BYTES = 32;

const BLOCK_BYTES = 64;
const ROUNDS = 64;
/** Blocks whose schedules stand beside each other. */
const LANES = 4;
const GROUP_BYTES = 256;
const SCHEDULE_WORDS = 256;
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
  /** Word t of the block in lane l stands at t · 4 + l. */
  private readonly schedule = new Uint32Array(SCHEDULE_WORDS);
  /** The same words, each with its round's constant added. */
  private readonly keyed = new Uint32Array(SCHEDULE_WORDS);
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
      this.blocks(bytesOf(this.rest));
      this.restLength = 0;
    }
    while (bytes.length - at >= BLOCK_BYTES) {
      const whole: u32 = bytes.length - at - ((bytes.length - at) % BLOCK_BYTES);
      const taken: u32 = whole < GROUP_BYTES ? whole : GROUP_BYTES;
      this.blocks(bytes.slice(at, taken));
      at += taken;
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
      this.blocks(rest);
      this.restLength = 0;
    }
    rest.slice(this.restLength, LENGTH_AT - this.restLength).fill(0);
    rest.setU64be(LENGTH_AT, BigInt.asUintN(64, this.totalBytes << 3n));
    this.blocks(rest);
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

  /** One to four whole blocks. With fewer than four, lanes that nobody reads hold what was there before. */
  private blocks(bytes: Bytes): void {
    const lanes = Math.trunc(bytes.length / BLOCK_BYTES);
    assert(lanes <= LANES);
    for (let lane: u32 = 0; lane < lanes; lane++)
      this.load(bytes.slice(lane * BLOCK_BYTES, BLOCK_BYTES), lane);
    this.expand();
    for (let lane: u32 = 0; lane < lanes; lane++) this.compress(lane);
  }

  /** Section 6.2.2, step 1: the first sixteen words of a schedule are the block. */
  private load(block: Bytes, lane: u32): void {
    assert(lane < LANES);
    for (let t: u32 = 0; t < 16; t++) {
      const word = block.u32be(t * 4);
      this.schedule[t * LANES + lane] = word;
      this.keyed[t * LANES + lane] = (word + CONSTANTS[t]) >>> 0;
    }
  }

  /** Each further word is made of four before it. */
  private expand(): void {
    for (let t: u32 = 16; t < ROUNDS; t++) {
      for (let lane: u32 = 0; lane < LANES; lane++) {
        const near = this.schedule[(t - 2) * LANES + lane];
        const far = this.schedule[(t - 15) * LANES + lane];
        const sigma1 = (rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)) >>> 0;
        const sigma0 = (rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)) >>> 0;
        const sum = this.schedule[(t - 7) * LANES + lane] + this.schedule[(t - 16) * LANES + lane];
        const word = (sigma1 + sigma0 + sum) >>> 0;
        this.schedule[t * LANES + lane] = word;
        this.keyed[t * LANES + lane] = (word + CONSTANTS[t]) >>> 0;
      }
    }
  }

  /**
   * Steps 2 to 4 for one block. Eight rounds are written out, after which every variable bears its own letter again:
   * instead of moving seven of them a round, each round names them one further on. Where a and b differ is what the
   * next round needs to know of its b and c for the majority; even and odd rounds hand it to each other.
   */
  private compress(lane: u32): void {
    assert(lane < LANES);
    let a: u32 = this.state[0];
    let b: u32 = this.state[1];
    let c: u32 = this.state[2];
    let d: u32 = this.state[3];
    let e: u32 = this.state[4];
    let f: u32 = this.state[5];
    let g: u32 = this.state[6];
    let h: u32 = this.state[7];
    let even: u32 = 0;
    let odd: u32 = (b ^ c) >>> 0;
    for (let t: u32 = 0; t < ROUNDS; t += 8) {
      h = (h + choose(e, f, g) + mixLower(e) + this.keyed[t * LANES + lane]) >>> 0;
      d = (d + h) >>> 0;
      even = (a ^ b) >>> 0;
      h = (h + mixUpper(a) + ((b ^ (even & odd)) >>> 0)) >>> 0;
      g = (g + choose(d, e, f) + mixLower(d) + this.keyed[(t + 1) * LANES + lane]) >>> 0;
      c = (c + g) >>> 0;
      odd = (h ^ a) >>> 0;
      g = (g + mixUpper(h) + ((a ^ (odd & even)) >>> 0)) >>> 0;
      f = (f + choose(c, d, e) + mixLower(c) + this.keyed[(t + 2) * LANES + lane]) >>> 0;
      b = (b + f) >>> 0;
      even = (g ^ h) >>> 0;
      f = (f + mixUpper(g) + ((h ^ (even & odd)) >>> 0)) >>> 0;
      e = (e + choose(b, c, d) + mixLower(b) + this.keyed[(t + 3) * LANES + lane]) >>> 0;
      a = (a + e) >>> 0;
      odd = (f ^ g) >>> 0;
      e = (e + mixUpper(f) + ((g ^ (odd & even)) >>> 0)) >>> 0;
      d = (d + choose(a, b, c) + mixLower(a) + this.keyed[(t + 4) * LANES + lane]) >>> 0;
      h = (h + d) >>> 0;
      even = (e ^ f) >>> 0;
      d = (d + mixUpper(e) + ((f ^ (even & odd)) >>> 0)) >>> 0;
      c = (c + choose(h, a, b) + mixLower(h) + this.keyed[(t + 5) * LANES + lane]) >>> 0;
      g = (g + c) >>> 0;
      odd = (d ^ e) >>> 0;
      c = (c + mixUpper(d) + ((e ^ (odd & even)) >>> 0)) >>> 0;
      b = (b + choose(g, h, a) + mixLower(g) + this.keyed[(t + 6) * LANES + lane]) >>> 0;
      f = (f + b) >>> 0;
      even = (c ^ d) >>> 0;
      b = (b + mixUpper(c) + ((d ^ (even & odd)) >>> 0)) >>> 0;
      a = (a + choose(f, g, h) + mixLower(f) + this.keyed[(t + 7) * LANES + lane]) >>> 0;
      e = (e + a) >>> 0;
      odd = (b ^ c) >>> 0;
      a = (a + mixUpper(b) + ((c ^ (odd & even)) >>> 0)) >>> 0;
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
}

/** The bits of `f` where `e` has a one, of `g` elsewhere. */
function choose(e: u32, f: u32, g: u32): u32 {
  return (g ^ (e & (f ^ g))) >>> 0;
}

/** Sigma 1. The three rotations, by 6, 11 and 25 bits, are taken one within the other: fewer moves. */
function mixLower(e: u32): u32 {
  return rotate((rotate((rotate(e, 14) ^ e) >>> 0, 5) ^ e) >>> 0, 6);
}

/** Sigma 0: rotations by 2, 13 and 22 bits. */
function mixUpper(a: u32): u32 {
  return rotate((rotate((rotate(a, 9) ^ a) >>> 0, 11) ^ a) >>> 0, 2);
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
