/* SHA-256 of a buffer (FIPS 180-4): four schedules side by side, eight rounds written out. */
#include "bench.h"

enum { BLOCK = 64, LANES = 4, GROUP = BLOCK * LANES };

typedef struct {
  uint32_t state[8];
  uint32_t schedule[64][LANES];
  uint32_t keyed[64][LANES];
} Hash;

static const uint32_t constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotate(uint32_t word, unsigned bits) { return word >> bits | word << (32 - bits); }
static inline uint32_t choose(uint32_t e, uint32_t f, uint32_t g) { return g ^ (e & (f ^ g)); }
static inline uint32_t mix_lower(uint32_t e) { return rotate(rotate(rotate(e, 14) ^ e, 5) ^ e, 6); }
static inline uint32_t mix_upper(uint32_t a) { return rotate(rotate(rotate(a, 9) ^ a, 11) ^ a, 2); }

static void expand(Hash *hash) {
  for (int t = 16; t < 64; t++) {
    for (int lane = 0; lane < LANES; lane++) {
      uint32_t near = hash->schedule[t - 2][lane];
      uint32_t far = hash->schedule[t - 15][lane];
      uint32_t sigma1 = rotate(near, 17) ^ rotate(near, 19) ^ near >> 10;
      uint32_t sigma0 = rotate(far, 7) ^ rotate(far, 18) ^ far >> 3;
      uint32_t word = sigma1 + sigma0 + hash->schedule[t - 7][lane] + hash->schedule[t - 16][lane];
      hash->schedule[t][lane] = word;
      hash->keyed[t][lane] = word + constants[t];
    }
  }
}

/* `before` is b ^ c, which the round before this one knew as a ^ b. */
#define ROUND(a, b, c, d, e, f, g, h, at, now, before) \
  h += choose(e, f, g) + mix_lower(e) + hash->keyed[at][lane]; \
  d += h; \
  now = a ^ b; \
  h += mix_upper(a) + (b ^ (now & before));

static void compress(Hash *hash, int lanes) {
  for (int lane = 0; lane < lanes; lane++) {
    uint32_t *s = hash->state;
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    uint32_t even, odd = b ^ c;
    for (int t = 0; t < 64; t += 8) {
      ROUND(a, b, c, d, e, f, g, h, t, even, odd)
      ROUND(h, a, b, c, d, e, f, g, t + 1, odd, even)
      ROUND(g, h, a, b, c, d, e, f, t + 2, even, odd)
      ROUND(f, g, h, a, b, c, d, e, t + 3, odd, even)
      ROUND(e, f, g, h, a, b, c, d, t + 4, even, odd)
      ROUND(d, e, f, g, h, a, b, c, t + 5, odd, even)
      ROUND(c, d, e, f, g, h, a, b, t + 6, even, odd)
      ROUND(b, c, d, e, f, g, h, a, t + 7, odd, even)
    }
    s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
  }
}

static void blocks(Hash *hash, const uint8_t *data, int lanes) {
  for (int lane = 0; lane < lanes; lane++) {
    for (int t = 0; t < 16; t++) {
      uint32_t word = __builtin_bswap32(load32(data + lane * BLOCK + t * 4));
      hash->schedule[t][lane] = word;
      hash->keyed[t][lane] = word + constants[t];
    }
  }
  expand(hash);
  compress(hash, lanes);
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  static Hash hash;
  static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
  memcpy(hash.state, start, sizeof start);
  size_t at = 0;
  for (; input_length - at >= GROUP; at += GROUP) blocks(&hash, input + at, LANES);
  for (; input_length - at >= BLOCK; at += BLOCK) blocks(&hash, input + at, 1);
  uint8_t rest[2 * BLOCK] = { 0 };
  size_t left = input_length - at;
  memcpy(rest, input + at, left);
  rest[left] = 0x80;
  int last = left < BLOCK - 8 ? 1 : 2;
  store64(rest + last * BLOCK - 8, __builtin_bswap64((uint64_t)input_length * 8));
  blocks(&hash, rest, last);
  for (int i = 0; i < 8; i++) store32(work + i * 4, __builtin_bswap32(hash.state[i]));
  return load32(work);
}
