/*
 * A plugin of QEMU's translator that counts executed guest instructions between marks.
 *
 * A mark is an instruction that does nothing and carries "RAY" and a digit: 0f 1f 80 52 41 59 3d, `nop [rax + disp32]`. Whoever
 * executes one has the count so far written down: a line `mark <digit> <instructions>` goes to the plugin's output
 * (`-d plugin -D FILE`), and `end <instructions>` at exit. One processor is assumed. The first instruction of a function is a mark too
 * when its address is given as an argument, `at=0x…`: a line `at <address> <instructions>` each time it is called.
 *
 * Debian's QEMU ships no header for plugins: the few functions of the interface (version 1, QEMU 4.2 to 8.x) are declared here.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;

enum { INLINE_ADD_U64 = 0, CALLBACK_NO_REGISTERS = 0, INTERFACE_VERSION = 1 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*callback)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *instruction, int operation, void *counter, uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_cb(
  struct qemu_plugin_insn *instruction, void (*callback)(unsigned, void *), int flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*callback)(qemu_plugin_id_t, void *), void *data);
void qemu_plugin_outs(const char *text);

__attribute__((visibility("default"))) int qemu_plugin_version = INTERFACE_VERSION;

enum { MARK_BYTES = 7, DIGIT_AT = 6, LINE_BYTES = 64 };
static const uint8_t MARK[DIGIT_AT] = { 0x0f, 0x1f, 0x80, 'R', 'A', 'Y' };

enum { PLACE_LIMIT = 8 };
static uint64_t places[PLACE_LIMIT];
static int place_count;

static uint64_t executed;

static void say(const char *what, uint64_t digit) {
  char line[LINE_BYTES];
  if (digit == 0) snprintf(line, sizeof line, "%s %" PRIu64 "\n", what, executed);
  else snprintf(line, sizeof line, "%s %c %" PRIu64 "\n", what, (char)digit, executed);
  qemu_plugin_outs(line);
}

static void on_mark(unsigned processor, void *digit) {
  (void)processor;
  say("mark", (uint64_t)(uintptr_t)digit);
}

static void on_place(unsigned processor, void *place) {
  (void)processor;
  char line[LINE_BYTES];
  snprintf(line, sizeof line, "at %" PRIx64 " %" PRIu64 "\n", *(const uint64_t *)place, executed);
  qemu_plugin_outs(line);
}

static void watch_place(struct qemu_plugin_insn *instruction) {
  const uint64_t address = qemu_plugin_insn_vaddr(instruction);
  for (int i = 0; i < place_count; i++) {
    if (places[i] != address) continue;
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_place, CALLBACK_NO_REGISTERS, &places[i]);
  }
}

static bool is_mark(const struct qemu_plugin_insn *instruction) {
  return qemu_plugin_insn_size(instruction) == MARK_BYTES &&
    memcmp(qemu_plugin_insn_data(instruction), MARK, sizeof MARK) == 0;
}

/* The count is kept instruction by instruction: a block may be left in its middle by a fault. */
static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  const size_t count = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i < count; i++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD_U64, &executed, 1);
    watch_place(instruction);
    if (!is_mark(instruction)) continue;
    const uint8_t digit = ((const uint8_t *)qemu_plugin_insn_data(instruction))[DIGIT_AT];
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_mark, CALLBACK_NO_REGISTERS, (void *)(uintptr_t)digit);
  }
}

static void on_end(qemu_plugin_id_t id, void *data) {
  (void)id;
  (void)data;
  say("end", 0);
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv) {
  (void)info;
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], "at=", 3) != 0 || place_count == PLACE_LIMIT) return -1;
    places[place_count++] = strtoull(argv[i] + 3, NULL, 16);
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_atexit_cb(id, on_end, NULL);
  return 0;
}
