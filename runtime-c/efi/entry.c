/*
 * The EFI target: entry from the firmware, and the end that a trap makes.
 *
 * The compiler's target is Windows' x86-64, whose calling convention is UEFI's: no function here needs a mark for it.
 */

#include "efi.h"
#include "ray.h"

enum {
  CONSOLE_OUT = 64,
  BOOT_SERVICES = 96,
  OUTPUT_STRING = 8,
  EXIT = 216,
  STALL = 248,
  /* How long a last message stands on the screen before the firmware goes on, in microseconds. */
  MESSAGE_STAYS_US = 15000000,
  SERIAL_PORT = 0x3f8,
  SERIAL_LINE_STATUS = SERIAL_PORT + 5,
  SERIAL_ROOM = 0x20,
  SERIAL_TRIES = 100000,
};

static const uint64_t EFI_SUCCESS = 0;
static const uint64_t EFI_ABORTED = 0x8000000000000015;

static uint64_t image_handle;
static uint64_t system_table;
static bool services_ended;

uint64_t efi_main(uint64_t image, uint64_t table);

uint64_t efi_main(uint64_t image, uint64_t table) {
  EFI_COUNTING_MARK("1");
  image_handle = image;
  system_table = table;
  ray_main();
  return EFI_SUCCESS; /* an application that comes to its end; the boot manager never does */
}

uint64_t uefi_entry__imageHandle(void) { return image_handle; }

uint64_t uefi_entry__systemTable(void) { return system_table; }

void uefi_entry__bootServicesEnded(void) { services_ended = true; }

/* ---- traps ---- */

static uint64_t table_field(uint64_t table, uint64_t offset) { return uefi_memory__load64(table + offset); }

static void serial_text(const char *text) {
  for (; *text != 0; text++) {
    for (uint32_t i = 0; i < SERIAL_TRIES; i++) {
      if ((uefi_processor__portRead8(SERIAL_LINE_STATUS) & SERIAL_ROOM) != 0) break;
    }
    uefi_processor__portWrite8(SERIAL_PORT, (uint8_t)*text);
  }
}

static void console_text(const char *text) {
  uint16_t wide[2] = { 0, 0 };
  uint64_t console = table_field(system_table, CONSOLE_OUT);
  if (console == 0) return;
  for (; *text != 0; text++) {
    wide[0] = (uint8_t)*text;
    uefi_memory__call2(table_field(console, OUTPUT_STRING), console, (uint64_t)(uintptr_t)wide);
  }
}

static void say(const char *text) {
  if (services_ended) serial_text(text);
  else console_text(text);
}

static void say_number(uint32_t value) {
  char digits[11];
  uint32_t from = sizeof digits - 1;
  digits[from] = 0;
  do {
    digits[--from] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  say(digits + from);
}

/* A fault of the boot manager itself: says which, lets it be read, and leaves to the firmware's next boot option. */
void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  say("\r\nRayOS boot manager: internal error: ");
  say(ray_trap_name(trap));
  say(" at ");
  say(file);
  say(":");
  say_number(line);
  if (*message != 0) {
    say(": ");
    say(message);
  }
  say("\r\n");
  if (!services_ended) {
    uint64_t services = table_field(system_table, BOOT_SERVICES);
    uefi_memory__call1(table_field(services, STALL), MESSAGE_STAYS_US);
    uefi_memory__call4(table_field(services, EXIT), image_handle, EFI_ABORTED, 0, 0);
  }
  uefi_processor__haltForever();
  __builtin_unreachable();
}
