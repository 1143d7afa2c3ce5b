/* The host target: a program of the subset as an ordinary process. A trap ends it with status 70. */

#include <stdio.h>
#include <stdlib.h>

#include "ray.h"

void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  fflush(stdout);
  fprintf(stderr, "trap %s at %s:%u%s%s\n", ray_trap_name(trap), file, line, *message ? ": " : "", message);
  exit(70);
}

void ray_print(RayBytes text) { fwrite(text.data, 1, text.length, stdout); }

int main(void) {
  ray_main();
  return fflush(stdout) == 0 ? 0 : 1;
}
