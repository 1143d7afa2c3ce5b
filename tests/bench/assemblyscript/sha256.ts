// SHA-256 of a buffer (FIPS 180-4): four schedules side by side, eight rounds written out.

const LANES: usize = 4;
const BLOCK: usize = 64;
const GROUP: usize = BLOCK * LANES;
const state = memory.data(32);
const schedule = memory.data(1024);
const keyed = memory.data(1024);
const rest = memory.data(128);
const constants = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const start = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

@inline
function choose(e: u32, f: u32, g: u32): u32 {
  return g ^ (e & (f ^ g));
}

@inline
function mixLower(e: u32): u32 {
  return rotr(rotr(rotr(e, 14) ^ e, 5) ^ e, 6);
}

@inline
function mixUpper(a: u32): u32 {
  return rotr(rotr(rotr(a, 9) ^ a, 11) ^ a, 2);
}

function expand(): void {
  for (let at: usize = 256; at < 1024; at += 4) {
    const near = load<u32>(schedule + at - 32);
    const far = load<u32>(schedule + at - 240);
    const sigma1 = rotr(near, 17) ^ rotr(near, 19) ^ (near >> 10);
    const sigma0 = rotr(far, 7) ^ rotr(far, 18) ^ (far >> 3);
    const word = sigma1 + sigma0 + load<u32>(schedule + at - 112) + load<u32>(schedule + at - 256);
    store<u32>(schedule + at, word);
    store<u32>(keyed + at, word + load<u32>(constants + ((at >> 4) << 2)));
  }
}

function compress(lane: usize): void {
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12);
  let e = load<u32>(state, 16), f = load<u32>(state, 20), g = load<u32>(state, 24), h = load<u32>(state, 28);
  let even: u32 = 0;
  let odd = b ^ c;
  let at = keyed + (lane << 2);
  for (let t = 0; t < 64; t += 8, at += 128) {
    h += choose(e, f, g) + mixLower(e) + load<u32>(at);
    d += h;
    even = a ^ b;
    h += mixUpper(a) + (b ^ (even & odd));
    g += choose(d, e, f) + mixLower(d) + load<u32>(at, 16);
    c += g;
    odd = h ^ a;
    g += mixUpper(h) + (a ^ (odd & even));
    f += choose(c, d, e) + mixLower(c) + load<u32>(at, 32);
    b += f;
    even = g ^ h;
    f += mixUpper(g) + (h ^ (even & odd));
    e += choose(b, c, d) + mixLower(b) + load<u32>(at, 48);
    a += e;
    odd = f ^ g;
    e += mixUpper(f) + (g ^ (odd & even));
    d += choose(a, b, c) + mixLower(a) + load<u32>(at, 64);
    h += d;
    even = e ^ f;
    d += mixUpper(e) + (f ^ (even & odd));
    c += choose(h, a, b) + mixLower(h) + load<u32>(at, 80);
    g += c;
    odd = d ^ e;
    c += mixUpper(d) + (e ^ (odd & even));
    b += choose(g, h, a) + mixLower(g) + load<u32>(at, 96);
    f += b;
    even = c ^ d;
    b += mixUpper(c) + (d ^ (even & odd));
    a += choose(f, g, h) + mixLower(f) + load<u32>(at, 112);
    e += a;
    odd = b ^ c;
    a += mixUpper(b) + (c ^ (odd & even));
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}

function blocks(data: usize, lanes: usize): void {
  for (let lane: usize = 0; lane < lanes; lane++) {
    for (let t: usize = 0; t < 16; t++) {
      const word = bswap(load<u32>(data + lane * BLOCK + (t << 2)));
      store<u32>(schedule + ((t * LANES + lane) << 2), word);
      store<u32>(keyed + ((t * LANES + lane) << 2), word + load<u32>(constants + (t << 2)));
    }
  }
  expand();
  for (let lane: usize = 0; lane < lanes; lane++) compress(lane);
}

export function run(input: usize, length: usize, work: usize): u32 {
  memory.copy(state, start, 32);
  let at: usize = 0;
  for (; length - at >= GROUP; at += GROUP) blocks(input + at, LANES);
  for (; length - at >= BLOCK; at += BLOCK) blocks(input + at, 1);
  const left = length - at;
  memory.fill(rest, 0, 128);
  memory.copy(rest, input + at, left);
  store<u8>(rest + left, 0x80);
  const last: usize = left < BLOCK - 8 ? 1 : 2;
  store<u64>(rest + last * BLOCK - 8, bswap(<u64>length << 3));
  blocks(rest, last);
  for (let i: usize = 0; i < 32; i += 4) store<u32>(work + i, bswap(load<u32>(state + i)));
  return load<u32>(work);
}
