/* A failed check of the language ends in the kernel's crash path, which never returns. */
#include "kernel_crash.ray.h"

static RayString text_of(const char *text) {
  uint32_t length = 0;
  while (text[length] != 0) length++;
  return RAY_TEXT(text, length);
}

_Noreturn void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  kernel_crash__crashByTrap(text_of(ray_trap_name(trap)), text_of(message), text_of(file), line,
                            (uint64_t)__builtin_frame_address(0));
  for (;;) __asm__ volatile("cli\n\thlt");
}
