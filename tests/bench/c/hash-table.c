/* A hash table of 32-bit keys: open addressing in 65536 slots. */
#include "bench.h"

enum { SLOTS = 65536, MASK = SLOTS - 1 };

static uint32_t keys[SLOTS];
static uint32_t values[SLOTS];

static uint32_t slot_of(uint32_t key) {
  uint32_t slot = (key * 0x9e3779b1u) >> 16;
  while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & MASK;
  return slot;
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  memset(keys, 0, sizeof keys);
  uint32_t sum = 0;
  uint32_t used = 0;
  for (size_t at = 0; at + 8 <= input_length; at += 8) {
    uint32_t key = load32(input + at);
    uint32_t value = load32(input + at + 4);
    uint32_t slot = slot_of(key);
    if ((value & 3) == 0) {
      if (keys[slot] == 0) used++;
      keys[slot] = key;
      values[slot] = value;
    } else if (keys[slot] == key) sum += values[slot];
  }
  store32(work, used);
  return sum;
}
