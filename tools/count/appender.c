/*
 * What the log's writer is compared with: a program for a stock Linux that makes records of 128 bytes durable on a raw partition, one by one
 * and in groups of 32, as quickly as Linux lets it: O_DIRECT writes of whole sectors, then fdatasync.
 *
 * It is the machine's first program's successor: `/appender <partition> <records>`. It waits for a byte on the console before each part, so
 * that whoever counts can look at the counters first. Marks for the counting plugin (instructions.c) stand around each part.
 * Freestanding: system calls are made here.
 */

#include <stddef.h>
#include <stdint.h>

enum { READ = 0, WRITE = 1, OPEN = 2, FDATASYNC = 75, EXIT = 60, PWRITE = 18, CLOCK = 228 };
enum { READ_WRITE = 2, DIRECT = 040000, MONOTONIC = 1 };
enum { RECORD_BYTES = 128, SECTOR_BYTES = 4096, GROUP = 32, GROUP_BYTES = RECORD_BYTES * GROUP };

#define MARK(digit) __asm__ volatile(".byte 0x0f, 0x1f, 0x80\n\t.ascii \"RAY" digit "\"" ::: "memory")

static long call(long number, long a, long b, long c, long d) {
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}

static void say(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  call(WRITE, 1, (long)text, (long)length, 0);
}

static void say_number(uint64_t value) {
  char digits[24];
  int at = sizeof digits - 1;
  digits[at] = 0;
  do digits[--at] = (char)('0' + value % 10); while ((value /= 10) != 0);
  say(&digits[at]);
}

static uint64_t now(void) {
  int64_t time[2];
  call(CLOCK, MONOTONIC, (long)time, 0, 0);
  return (uint64_t)time[0] * 1000000000u + (uint64_t)time[1];
}

static void fail(const char *what) {
  say("APPENDER cannot ");
  say(what);
  say("\n");
  call(EXIT, 1, 0, 0, 0);
}

static uint8_t buffer[SECTOR_BYTES] __attribute__((aligned(SECTOR_BYTES)));

/* A record as a program makes one: it differs from the one before. */
static void make_record(uint8_t *record, uint64_t number) {
  for (int i = 0; i < RECORD_BYTES / 8; i++) ((uint64_t *)record)[i] = number * 0x9e3779b97f4a7c15u + (uint64_t)i;
}

static void wait_for_word(const char *name) {
  char byte;
  say("APPENDER ready for ");
  say(name);
  say("\n");
  if (call(READ, 0, (long)&byte, 1, 0) != 1) fail("read the console");
}

static void report(const char *name, uint64_t records, uint64_t from) {
  say("APPENDER ");
  say(name);
  say(" ");
  say_number(records);
  say(" entries in ns: ");
  say_number(now() - from);
  say("\n");
}

static void append(long file, uint64_t *offset, size_t length) {
  if (call(PWRITE, file, (long)buffer, (long)length, (long)*offset) != (long)length) fail("write");
  if (call(FDATASYNC, file, 0, 0, 0) != 0) fail("sync");
  *offset += length;
}

static void singly(long file, uint64_t records, size_t sector) {
  uint64_t offset = 0;
  wait_for_word("single");
  const uint64_t from = now();
  MARK("3");
  for (uint64_t i = 0; i < records; i++) {
    make_record(buffer, i);
    append(file, &offset, sector);
  }
  MARK("4");
  report("single", records, from);
}

static void grouped(long file, uint64_t records) {
  uint64_t offset = 0;
  wait_for_word("groups");
  const uint64_t from = now();
  MARK("5");
  for (uint64_t i = 0; i < records; i += GROUP) {
    for (uint64_t j = 0; j < GROUP; j++) make_record(&buffer[j * RECORD_BYTES], i + j);
    append(file, &offset, GROUP_BYTES);
  }
  MARK("6");
  report("groups", records, from);
}

static uint64_t number_of(const char *text) {
  uint64_t value = 0;
  for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (uint64_t)(*text - '0');
  return value;
}

__attribute__((used, noreturn)) static void run(const long *stack) {
  const char *const *words = (const char *const *)&stack[1];
  if (stack[0] != 5) fail("work without: partition, records, sector, rounds");
  const long file = call(OPEN, (long)words[1], READ_WRITE | DIRECT, 0, 0);
  if (file < 0) fail("open the partition");
  const uint64_t records = number_of(words[2]);
  for (uint64_t round = number_of(words[4]); round > 0; round--) {
    singly(file, records, number_of(words[3]));
    grouped(file, records);
  }
  say("APPENDER done\n");
  call(EXIT, 0, 0, 0, 0);
  __builtin_unreachable();
}

__attribute__((naked, noreturn)) void _start(void) {
  __asm__("mov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n\thlt");
}
