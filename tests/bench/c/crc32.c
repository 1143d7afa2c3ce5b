/* CRC-32 of a buffer. */
#include "bench.h"

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  uint32_t crc = crc32_extend(0, input, input_length);
  store32(work, crc);
  return crc;
}
