/* Entries appended to a ring in memory: a block of 512 bytes each, text without control characters, a CRC. */
#include "bench.h"

enum { BLOCK = 512, ENTRIES = 256, HEADER = 64, GRAIN = 16, COMPONENT_LIMIT = 24, EVENT_LIMIT = 256, TEXT_LIMIT = 448 };

static uint8_t blocks[ENTRIES * BLOCK];

static uint8_t *block_of(uint32_t number) { return blocks + number % ENTRIES * BLOCK; }

static size_t put_text(uint8_t *text, size_t at, const uint8_t *source, size_t length, size_t limit) {
  size_t room = TEXT_LIMIT - at;
  if (room > limit) room = limit;
  if (length > room) length = room;
  for (size_t i = 0; i < length; i++) {
    uint8_t character = source[i];
    text[at + i] = character < 0x20 || character == 0x7f ? '.' : character;
  }
  return length;
}

static void make_entry(uint8_t *block, uint8_t level, const char *component, const char *event, const uint8_t *details, size_t length) {
  memset(block, 0, BLOCK);
  store32(block, 0x1e4c5201);
  block[10] = level;
  uint8_t *text = block + HEADER;
  size_t component_length = put_text(text, 0, (const uint8_t *)component, strlen(component), COMPONENT_LIMIT);
  size_t event_length = put_text(text, component_length, (const uint8_t *)event, strlen(event), EVENT_LIMIT);
  size_t before = component_length + event_length;
  size_t details_length = put_text(text, before, details, length, TEXT_LIMIT);
  block[11] = (uint8_t)component_length;
  store16(block + 12, (uint16_t)event_length);
  store16(block + 8, (uint16_t)(HEADER + before + details_length));
}

static void seal_entry(uint8_t *entry, uint32_t file, uint64_t sequence, uint8_t group_index) {
  static const uint8_t zeros[4];
  entry[14] = group_index;
  store32(entry + 56, file);
  store64(entry + 16, sequence);
  size_t length = (load16(entry + 8) + GRAIN - 1) / GRAIN * GRAIN;
  uint32_t crc = crc32_extend(crc32_extend(crc32_extend(0, entry, 4), zeros, 4), entry + 8, length - 8);
  store32(entry + 4, crc);
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
