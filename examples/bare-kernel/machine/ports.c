/* The bodies of ports.ts, and the end that a failed check of the language makes. */

#include "ray.h"

uint8_t examples_bare_kernel_machine_ports__readPort(uint16_t port);
void examples_bare_kernel_machine_ports__writePort(uint16_t port, uint8_t value);
void examples_bare_kernel_machine_ports__halt(void);

uint8_t examples_bare_kernel_machine_ports__readPort(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

void examples_bare_kernel_machine_ports__writePort(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

void examples_bare_kernel_machine_ports__halt(void) {
  for (;;) __asm__ volatile("cli\n\thlt");
}

_Noreturn void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  (void)trap, (void)message, (void)file, (void)line;
  for (;;) __asm__ volatile("cli\n\thlt");
}
