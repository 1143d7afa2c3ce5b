/* The block format of LZ4, decoded, without a look at where anything ends. */
#include "bench.h"

static const uint8_t *add_length(const uint8_t *from, size_t *length) {
  uint8_t more;
  do *length += more = *from++; while (more == 255);
  return from;
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  const uint8_t *from = input;
  const uint8_t *end = input + input_length;
  uint8_t *to = work;
  while (from < end) {
    uint8_t token = *from++;
    size_t literals = token >> 4;
    if (literals == 15) from = add_length(from, &literals);
    memcpy(to, from, literals);
    from += literals;
    to += literals;
    if (from == end) break;
    size_t distance = load16(from);
    from += 2;
    size_t length = token & 15;
    if (length == 15) from = add_length(from, &length);
    length += 4;
    const uint8_t *match = to - distance;
    if (distance >= length) memcpy(to, match, length);
    else for (size_t i = 0; i < length; i++) to[i] = match[i];
    to += length;
  }
  return (uint32_t)(to - work);
}
