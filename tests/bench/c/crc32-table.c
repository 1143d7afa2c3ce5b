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

static inline uint32_t eight_more(uint32_t low, uint32_t high) {
  return tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
         tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
}

/* Eight bytes in a turn as far as they fill blocks of 16, the others one by one. */
uint32_t crc32_extend(uint32_t crc, const uint8_t *data, size_t length) {
  size_t in_blocks = length & ~(size_t)15;
  crc = ~crc;
  for (size_t at = 0; at < in_blocks; at += 8) crc = eight_more(crc ^ load32(data + at), load32(data + at + 4));
  for (size_t i = in_blocks; i < length; i++) crc = (crc >> 8) ^ tables[0][(crc ^ data[i]) & 0xff];
  return ~crc;
}
