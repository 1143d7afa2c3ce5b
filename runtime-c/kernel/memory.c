/*
 * The memory functions that C calls by itself. The kernel uses general registers only, so a word is 8 bytes; four a turn is
 * what an emulator and a processor without fast string moves both do best. Compiled with -fno-builtin, or the loops
 * would be turned into calls of themselves.
 */
#include <stddef.h>
#include <stdint.h>

/* A word wherever it stands, whatever it belongs to. */
typedef uint64_t __attribute__((may_alias, aligned(1))) Word;
typedef uint32_t __attribute__((may_alias, aligned(1))) Half;
#define WORD sizeof(Word)
#define TURN (4 * WORD)

void *memcpy(void *restrict target, const void *restrict source, size_t length);
void *memmove(void *target, const void *source, size_t length);
void *memset(void *target, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);

/* Fewer bytes than a word: two halves that may overlap, or the first, the middle and the last byte. All are read before any is written. */
static void copy_few(uint8_t *to, const uint8_t *from, size_t length) {
  if (length >= sizeof(Half)) {
    const Half first = *(const Half *)from, last = *(const Half *)(from + length - sizeof(Half));
    *(Half *)to = first;
    *(Half *)(to + length - sizeof(Half)) = last;
  } else if (length > 0) {
    const uint8_t first = from[0], middle = from[length / 2], last = from[length - 1];
    to[0] = first;
    to[length / 2] = middle;
    to[length - 1] = last;
  }
}

/*
 * Upwards: right for any two ranges of which the target does not begin within the source. The last word is read first and written last, for
 * it may overlap the one before it.
 */
static void copy_up(uint8_t *to, const uint8_t *from, size_t length) {
  if (length < WORD) {
    copy_few(to, from, length);
    return;
  }
  const uint64_t last = *(const Word *)(from + length - WORD);
  uint8_t *const end = to + length - WORD;
  for (; length > TURN; length -= TURN, to += TURN, from += TURN) {
    const Word *words = (const Word *)from;
    uint64_t a = words[0], b = words[1], c = words[2], d = words[3];
    Word *put = (Word *)to;
    put[0] = a;
    put[1] = b;
    put[2] = c;
    put[3] = d;
  }
  for (; length > WORD; length -= WORD, to += WORD, from += WORD) *(Word *)to = *(const Word *)from;
  *(Word *)end = last;
}

/* Downwards, with the first word read first and written last. */
static void copy_down(uint8_t *to, const uint8_t *from, size_t length) {
  if (length < WORD) {
    copy_few(to, from, length);
    return;
  }
  const uint64_t first = *(const Word *)from;
  for (size_t left = length; left > WORD; left -= WORD) *(Word *)(to + left - WORD) = *(const Word *)(from + left - WORD);
  *(Word *)to = first;
}

void *memcpy(void *restrict target, const void *restrict source, size_t length) {
  copy_up(target, source, length);
  return target;
}

void *memmove(void *target, const void *source, size_t length) {
  if ((uintptr_t)target - (uintptr_t)source >= length) copy_up(target, source, length);
  else copy_down(target, source, length);
  return target;
}

void *memset(void *target, int value, size_t length) {
  uint8_t *to = target;
  const uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
  if (length < WORD) {
    for (; length > 0; length--) *to++ = (uint8_t)value;
    return target;
  }
  uint8_t *const end = to + length - WORD;
  for (; length > TURN; length -= TURN, to += TURN) {
    Word *put = (Word *)to;
    put[0] = word;
    put[1] = word;
    put[2] = word;
    put[3] = word;
  }
  for (; length > WORD; length -= WORD, to += WORD) *(Word *)to = word;
  *(Word *)end = word;
  return target;
}

int memcmp(const void *left, const void *right, size_t length) {
  const uint8_t *a = left, *b = right;
  for (; length >= WORD && *(const Word *)a == *(const Word *)b; length -= WORD, a += WORD, b += WORD) {}
  for (; length > 0; length--, a++, b++) {
    if (*a != *b) return *a < *b ? -1 : 1;
  }
  return 0;
}
