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
typedef struct { uint64_t first, second; } Pair;
#define WORD sizeof(Word)
#define PAIR sizeof(Pair)
#define TURN (2 * PAIR)

/* A loop as it stands here: unrolled it begins with questions that cost small copies more than they spare large ones. */
#define KEEP_LOOP _Pragma("clang loop unroll(disable)")
/* Part of whoever calls it. */
#define INSIDE static inline __attribute__((always_inline))
/* What these functions leave in registers is their caller's: clearing it would cost small copies a fifth. */
#define LEAF __attribute__((zero_call_used_regs("skip")))

void *memcpy(void *restrict target, const void *restrict source, size_t length);
void *memmove(void *target, const void *source, size_t length);
void *memset(void *target, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);

static inline uint64_t get(const uint8_t *from) { return *(const Word *)from; }
static inline void put(uint8_t *to, uint64_t word) { *(Word *)to = word; }
static inline Pair get_pair(const uint8_t *from) { return (Pair){ get(from), get(from + WORD) }; }
static inline void put_pair(uint8_t *to, Pair pair) {
  put(to, pair.first);
  put(to + WORD, pair.second);
}

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
 * Upwards: right for any two ranges of which the target does not begin within the source. What is last is read first and written last, for
 * it may overlap what stands before it.
 */
INSIDE void copy_up(uint8_t *to, const uint8_t *from, size_t length) {
  if (length < WORD) {
    copy_few(to, from, length);
  } else if (length <= PAIR) {
    const uint64_t first = get(from), last = get(from + length - WORD);
    put(to, first);
    put(to + length - WORD, last);
  } else if (length <= TURN) {
    const Pair first = get_pair(from), last = get_pair(from + length - PAIR);
    put_pair(to, first);
    put_pair(to + length - PAIR, last);
  } else {
    const Pair last_but_one = get_pair(from + length - TURN), last = get_pair(from + length - PAIR);
    uint8_t *const end = to + length - TURN;
    KEEP_LOOP
    for (; to < end; to += TURN, from += TURN) {
      const Pair first = get_pair(from), second = get_pair(from + PAIR);
      put_pair(to, first);
      put_pair(to + PAIR, second);
    }
    put_pair(end, last_but_one);
    put_pair(end + PAIR, last);
  }
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

LEAF void *memcpy(void *restrict target, const void *restrict source, size_t length) {
  copy_up(target, source, length);
  return target;
}

LEAF void *memmove(void *target, const void *source, size_t length) {
  if ((uintptr_t)target - (uintptr_t)source >= length) copy_up(target, source, length);
  else copy_down(target, source, length);
  return target;
}

LEAF void *memset(void *target, int value, size_t length) {
  uint8_t *to = target;
  const uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
  const Pair pair = { word, word };
  if (length < WORD) {
    for (; length > 0; length--) *to++ = (uint8_t)value;
  } else if (length < PAIR) {
    put(to, word);
    put(to + length - WORD, word);
  } else if (length <= TURN) {
    put_pair(to, pair);
    put_pair(to + length - PAIR, pair);
  } else {
    uint8_t *const end = to + length - TURN;
    KEEP_LOOP
    for (; to < end; to += TURN) {
      put_pair(to, pair);
      put_pair(to + PAIR, pair);
    }
    put_pair(end, pair);
    put_pair(end + PAIR, pair);
  }
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
