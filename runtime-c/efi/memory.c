/*
 * memcpy, memmove, memset and memcmp, which the compiler calls and freestanding C does not bring.
 *
 * Sixteen bytes at a time: the boot manager moves megabytes on processors that may be emulated, where `rep movsb` costs a
 * step for each byte.
 */

#include "ray.h"

typedef long long Wide __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t Word __attribute__((aligned(1), may_alias));

enum { WIDE = sizeof(Wide), BURST = 4 * WIDE };

__attribute__((no_builtin)) static void copy_up(uint8_t *target, const uint8_t *source, size_t length) {
  while (length >= BURST) {
    Wide a = ((const Wide *)source)[0];
    Wide b = ((const Wide *)source)[1];
    Wide c = ((const Wide *)source)[2];
    Wide d = ((const Wide *)source)[3];
    ((Wide *)target)[0] = a;
    ((Wide *)target)[1] = b;
    ((Wide *)target)[2] = c;
    ((Wide *)target)[3] = d;
    target += BURST;
    source += BURST;
    length -= BURST;
  }
  for (; length >= sizeof(Word); length -= sizeof(Word)) {
    *(Word *)target = *(const Word *)source;
    target += sizeof(Word);
    source += sizeof(Word);
  }
  for (; length > 0; length--) *target++ = *source++;
}

__attribute__((no_builtin)) static void copy_down(uint8_t *target, const uint8_t *source, size_t length) {
  while (length >= WIDE) {
    length -= WIDE;
    *(Wide *)(target + length) = *(const Wide *)(source + length);
  }
  while (length > 0) {
    length--;
    target[length] = source[length];
  }
}

__attribute__((no_builtin)) void *memcpy(void *restrict target, const void *restrict source, size_t length) {
  copy_up(target, source, length);
  return target;
}

__attribute__((no_builtin)) void *memmove(void *target, const void *source, size_t length) {
  uintptr_t distance = (uintptr_t)target - (uintptr_t)source;
  if (distance >= length) copy_up(target, source, length);
  else copy_down(target, source, length);
  return target;
}

__attribute__((no_builtin)) void *memset(void *target, int value, size_t length) {
  uint8_t *at = target;
  long long eight = (long long)((uint8_t)value * 0x0101010101010101u);
  Wide wide = { eight, eight };
  while (length >= BURST) {
    ((Wide *)at)[0] = wide;
    ((Wide *)at)[1] = wide;
    ((Wide *)at)[2] = wide;
    ((Wide *)at)[3] = wide;
    at += BURST;
    length -= BURST;
  }
  for (; length >= sizeof(Word); length -= sizeof(Word)) {
    *(Word *)at = (Word)eight;
    at += sizeof(Word);
  }
  for (; length > 0; length--) *at++ = (uint8_t)value;
  return target;
}

__attribute__((no_builtin)) int memcmp(const void *left, const void *right, size_t length) {
  const uint8_t *a = left;
  const uint8_t *b = right;
  for (; length >= sizeof(Word) && *(const Word *)a == *(const Word *)b; length -= sizeof(Word)) {
    a += sizeof(Word);
    b += sizeof(Word);
  }
  for (; length > 0; length--, a++, b++) {
    if (*a != *b) return *a < *b ? -1 : 1;
  }
  return 0;
}
