/* Mixing of 64 bits (the finisher of SplitMix64), over all words of a buffer. */
#include "bench.h"

static uint64_t mix(uint64_t word) {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return word ^ (word >> 31);
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  uint64_t state = 0;
  for (size_t at = 0; at + 8 <= input_length; at += 8) {
    state = (state + 0x9e3779b97f4a7c15u) ^ load64(input + at);
    store64(work + at, mix(state));
  }
  return (uint32_t)input_length;
}
