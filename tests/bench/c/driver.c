/*
 * Runs one program over one input: driver count|time INPUT WORK-BYTES MILLISECONDS.
 *
 * `count` runs it twice, the second time inside `measured`, which is what callgrind counts: what is bound or touched for
 * the first time is no part of it. `time` runs it for so long. Printed are the result, a checksum of the work buffer and
 * the best time in nanoseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

static size_t work_length;

#ifdef SUBSET_RUN
#include "program.h"

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  return SUBSET_RUN((RayBytes){ (uint8_t *)input, (uint32_t)input_length }, (RayBytes){ work, (uint32_t)work_length });
}

void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  fprintf(stderr, "trap %s at %s:%u %s\n", ray_trap_name(trap), file, line, message);
  exit(70);
}

void ray_print(RayBytes text) { fwrite(text.data, 1, text.length, stdout); }
#endif

__attribute__((noinline)) uint32_t measured(const uint8_t *input, size_t input_length, uint8_t *work) {
  uint32_t result = run(input, input_length, work);
  __asm__ volatile("" ::: "memory"); /* no tail call: the function ends behind what it measures */
  return result;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint8_t *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) exit(2);
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  uint8_t *data = malloc(*length + 1);
  if (fread(data, 1, *length, file) != *length) exit(2);
  fclose(file);
  return data;
}

static uint32_t checksum(const uint8_t *data, size_t length) {
  uint32_t sum = 0x811c9dc5;
  for (size_t i = 0; i < length; i++) sum = (sum ^ data[i]) * 0x01000193;
  return sum;
}

int main(int count, char **parameters) {
  if (count != 5) return 2;
  size_t length;
  uint8_t *input = read_file(parameters[2], &length);
  work_length = strtoul(parameters[3], NULL, 10);
  uint8_t *work = calloc(work_length, 1);
#ifdef SUBSET_RUN
  ray_main();
#endif
  uint32_t result = run(input, length, work);
  printf("%u %u ", result, checksum(work, work_length));
  uint64_t best = UINT64_MAX;
  uint64_t limit = strtoul(parameters[4], NULL, 10) * 1000000u;
  uint64_t start = now_ns();
  do {
    uint64_t before = now_ns();
    measured(input, length, work);
    uint64_t passed = now_ns() - before;
    if (passed < best) best = passed;
  } while (parameters[1][0] == 't' && now_ns() - start < limit);
  printf("%llu\n", (unsigned long long)best);
  return 0;
}
