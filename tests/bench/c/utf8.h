/* UTF-16LE to UTF-8: what is not valid becomes U+FFFD, what does not fit is left out. */
#pragma once

#include "bench.h"

static size_t put_utf8(uint32_t point, uint8_t *to) {
  if (point < 0x80) {
    to[0] = (uint8_t)point;
    return 1;
  }
  if (point < 0x800) {
    to[0] = (uint8_t)(0xc0 | point >> 6);
    to[1] = 0x80 | (point & 0x3f);
    return 2;
  }
  if (point < 0x10000) {
    to[0] = (uint8_t)(0xe0 | point >> 12);
    to[1] = 0x80 | (point >> 6 & 0x3f);
    to[2] = 0x80 | (point & 0x3f);
    return 3;
  }
  to[0] = (uint8_t)(0xf0 | point >> 18);
  to[1] = 0x80 | (point >> 12 & 0x3f);
  to[2] = 0x80 | (point >> 6 & 0x3f);
  to[3] = 0x80 | (point & 0x3f);
  return 4;
}

static size_t utf8_length(uint32_t point) { return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4; }

static size_t utf8_from_utf16(const uint8_t *source, size_t length, uint8_t *target, size_t room) {
  size_t from = 0;
  size_t to = 0;
  while (length - from >= 2) {
    uint32_t point = load16(source + from);
    if (point == 0) break;
    from += 2;
    if ((point & 0xf800) == 0xd800) {
      bool is_high = (point & 0xfc00) == 0xd800;
      if (is_high && length - from >= 2 && (load16(source + from) & 0xfc00) == 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10 | (load16(source + from) & 0x3ff));
        from += 2;
      } else point = 0xfffd;
    }
    if (utf8_length(point) > room - to) break;
    to += put_utf8(point, target + to);
  }
  return to;
}
