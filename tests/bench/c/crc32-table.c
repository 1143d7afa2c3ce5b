/* CRC-32 by tables, shared by the programs that need one. */
#include "bench.h"

/* tables[n][byte]: the byte, and n bytes of zeros behind it. */
static uint32_t tables[8][256];

__attribute__((constructor)) static void fill_tables(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    tables[0][i] = crc;
  }
  for (int n = 1; n < 8; n++) {
    for (uint32_t i = 0; i < 256; i++) tables[n][i] = (tables[n - 1][i] >> 8) ^ tables[0][tables[n - 1][i] & 0xff];
  }
}

uint32_t crc32_extend(uint32_t crc, const uint8_t *data, size_t length) {
  crc = ~crc;
  for (size_t i = 0; i < length; i++) crc = (crc >> 8) ^ tables[0][(crc ^ data[i]) & 0xff];
  return ~crc;
}

static inline uint32_t eight_more(uint32_t low, uint32_t high) {
  return tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
         tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
}

uint32_t crc32_without_second_word(const uint8_t *record, size_t length) {
  size_t whole = length & ~(size_t)7;
  uint32_t state = eight_more(0xffffffff ^ load32(record), 0);
  for (size_t at = 8; at < whole; at += 8) state = eight_more(state ^ load32(record + at), load32(record + at + 4));
  return crc32_extend(~state, record + whole, length - whole);
}
