/* Quicksort of 32-bit words with a stack of its own. */
#include "bench.h"

enum { LIMIT = 65536, STACK = 32, SHORT = 16 };

static uint32_t words[LIMIT];

static uint32_t partition(uint32_t low, uint32_t high) {
  uint32_t pivot = words[(low + high - 1) / 2];
  uint32_t left = low;
  uint32_t right = high - 1;
  for (;;) {
    while (words[left] < pivot) left++;
    while (words[right] > pivot) right--;
    if (left >= right) return right + 1;
    uint32_t moved = words[left];
    words[left] = words[right];
    words[right] = moved;
    left++;
    right--;
  }
}

static void insert(uint32_t low, uint32_t high) {
  for (uint32_t i = low + 1; i < high; i++) {
    uint32_t word = words[i];
    uint32_t at = i;
    for (; at > low && words[at - 1] > word; at--) words[at] = words[at - 1];
    words[at] = word;
  }
}

static void sort(uint32_t count) {
  struct { uint32_t low, high; } stack[STACK];
  uint32_t depth = 0;
  uint32_t low = 0;
  uint32_t high = count;
  for (;;) {
    while (high - low > SHORT) {
      uint32_t middle = partition(low, high);
      if (middle - low > high - middle) {
        stack[depth].low = low;
        stack[depth++].high = middle;
        low = middle;
      } else {
        stack[depth].low = middle;
        stack[depth++].high = high;
        high = middle;
      }
    }
    insert(low, high);
    if (depth == 0) return;
    depth--;
    low = stack[depth].low;
    high = stack[depth].high;
  }
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  uint32_t count = (uint32_t)(input_length / 4);
  for (uint32_t i = 0; i < count; i++) words[i] = load32(input + i * 4);
  sort(count);
  for (uint32_t i = 0; i < count; i++) store32(work + i * 4, words[i]);
  return count;
}
