/* Entries appended to a ring in memory: a block of 512 bytes each, text without control characters, a CRC. */
#include "bench.h"

enum { BLOCK = 512, ENTRIES = 256, HEADER = 64, GRAIN = 16, COMPONENT_LIMIT = 24, EVENT_LIMIT = 256, TEXT_LIMIT = 448 };

static uint8_t blocks[ENTRIES * BLOCK];

static uint8_t *block_of(uint32_t number) { return blocks + number % ENTRIES * BLOCK; }

static size_t padded(size_t length) { return (length + GRAIN - 1) / GRAIN * GRAIN; }

static size_t fitting(size_t length, size_t limit, size_t before) {
  size_t room = TEXT_LIMIT - before;
  if (length > limit) length = limit;
  return length < room ? length : room;
}

/* The high bit of each byte that is below a space, DELETE or greater, or behind such a one. */
static inline uint64_t suspects(uint64_t word) {
  return (word - 0x2020202020202020u) | (word + 0x0101010101010101u) | word;
}

static bool has_controls(const uint8_t *text, size_t length) {
  if (length < 8) return true;
  uint64_t suspect = suspects(load64(text + length - 8));
  for (size_t at = 0; at < length - 8; at += 8) suspect |= suspects(load64(text + at));
  return (suspect & 0x8080808080808080u) != 0;
}

static void replace_controls(uint8_t *text, size_t length) {
  for (size_t at = 0; at < length; at++) {
    if (text[at] < 0x20 || text[at] == 0x7f) text[at] = '.';
  }
}

static void make_entry(uint8_t *block, uint8_t level, const char *component, const char *event, const uint8_t *details, size_t length) {
  uint8_t *text = block + HEADER;
  size_t component_length = fitting(strlen(component), COMPONENT_LIMIT, 0);
  size_t event_length = fitting(strlen(event), EVENT_LIMIT, component_length);
  size_t before = component_length + event_length;
  size_t details_length = fitting(length, TEXT_LIMIT, before);
  size_t end = HEADER + before + details_length;
  memset(block, 0, HEADER);
  memset(block + padded(end) - GRAIN, 0, GRAIN);
  store32(block, 0x1e4c5201);
  store16(block + 8, (uint16_t)end);
  block[10] = level;
  block[11] = (uint8_t)component_length;
  store16(block + 12, (uint16_t)event_length);
  memcpy(text, component, component_length);
  memcpy(text + component_length, event, event_length);
  memcpy(text + before, details, details_length);
  if (has_controls(text, before + details_length)) replace_controls(text, before + details_length);
}

static void seal_entry(uint8_t *entry, uint32_t file, uint64_t sequence, uint8_t group_index) {
  entry[14] = group_index;
  store32(entry + 56, file);
  store64(entry + 16, sequence);
  store32(entry + 4, 0);
  store32(entry + 4, crc32_extend(0, entry, padded(load16(entry + 8))));
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  uint32_t newest = 0;
  for (size_t at = 0; at < input_length;) {
    size_t length = load16(input + at);
    uint8_t *block = block_of(++newest);
    make_entry(block, 3, "bench", "append", input + at + 2, length);
    seal_entry(block, 7, newest, 0);
    at += 2 + length;
  }
  memcpy(work, block_of(newest), BLOCK);
  return newest;
}
