/*
 * A fuzz target as libFuzzer wants it. Each input is copied into memory of exactly its length, so that AddressSanitizer sees what is read
 * behind its end; a trap ends the process as a crash, whose input libFuzzer keeps.
 *
 * With RAY_FUZZ_DIGESTS in the environment every input's digest goes to the standard output, to be compared with the checked JavaScript's.
 */

#include <stdio.h>
#include <stdlib.h>

#include "program.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool tells;

void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  fprintf(stderr, "trap %s at %s:%u%s%s\n", ray_trap_name(trap), file, line, *message ? ": " : "", message);
  abort();
}

void ray_print(RayBytes text) { fwrite(text.data, 1, text.length, stdout); }

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  tells = getenv("RAY_FUZZ_DIGESTS") != NULL;
  ray_main();
  FUZZ_BEGIN();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size);
  if (size > 0) memcpy(copy, data, size);
  const uint32_t digest = FUZZ_RUN((RayBytes){ copy, (uint32_t)size });
  if (tells) {
    printf("%08x\n", digest);
    // libFuzzer ends the process without that.
    fflush(stdout);
  }
  free(copy);
  return 0;
}
