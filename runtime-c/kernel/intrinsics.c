/*
 * The bodies of src/machine/intrinsics.ts: one instruction each, as far as C needs an inline one. What touches the stack
 * or the code segment stands in entry.asm. Every asm that orders memory says so by its clobber.
 */
#include "machine_intrinsics.ray.h"

#define INTRINSIC(name) machine_intrinsics__##name

/* ---- memory of devices: volatile, at exactly this width ---- */

#define ACCESS(width, type) \
  type INTRINSIC(load##width)(uint64_t address) { return *(const volatile type *)address; } \
  void INTRINSIC(store##width)(uint64_t address, type value) { *(volatile type *)address = value; }
ACCESS(8, uint8_t)
ACCESS(16, uint16_t)
ACCESS(32, uint32_t)
ACCESS(64, uint64_t)
#undef ACCESS

RayBytes INTRINSIC(bytesAt)(uint64_t address, uint32_t length) { return (RayBytes){ (uint8_t *)address, length }; }

uint64_t INTRINSIC(addressOf)(RayBytes bytes) { return (uint64_t)bytes.data; }

void INTRINSIC(memoryFence)(void) { __asm__ volatile("mfence" ::: "memory"); }

/* ---- ports ---- */

#define PORT(width, type, suffix, operand) \
  type INTRINSIC(portRead##width)(uint16_t port) { \
    type value; \
    __asm__ volatile("in" suffix " %w1, %" operand "0" : "=a"(value) : "Nd"(port) : "memory"); \
    return value; \
  } \
  void INTRINSIC(portWrite##width)(uint16_t port, type value) { \
    __asm__ volatile("out" suffix " %" operand "0, %w1" : : "a"(value), "Nd"(port) : "memory"); \
  }
PORT(8, uint8_t, "b", "b")
PORT(16, uint16_t, "w", "w")
PORT(32, uint32_t, "l", "k")
#undef PORT

/* ---- registers of the processor ---- */

uint64_t INTRINSIC(readMsr)(uint32_t index) {
  uint32_t low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index) : "memory");
  return (uint64_t)high << 32 | low;
}

void INTRINSIC(writeMsr)(uint32_t index, uint64_t value) {
  __asm__ volatile("wrmsr" : : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(index) : "memory");
}

#define READ_CONTROL(name, control) \
  uint64_t INTRINSIC(name)(void) { \
    uint64_t value; \
    __asm__ volatile("mov %%" control ", %0" : "=r"(value) : : "memory"); \
    return value; \
  }
#define WRITE_CONTROL(name, control) \
  void INTRINSIC(name)(uint64_t value) { __asm__ volatile("mov %0, %%" control : : "r"(value) : "memory"); }
READ_CONTROL(readCr0, "cr0")
WRITE_CONTROL(writeCr0, "cr0")
READ_CONTROL(readCr2, "cr2")
READ_CONTROL(readCr3, "cr3")
WRITE_CONTROL(writeCr3, "cr3")
READ_CONTROL(readCr4, "cr4")
WRITE_CONTROL(writeCr4, "cr4")
#undef READ_CONTROL
#undef WRITE_CONTROL

uint32_t INTRINSIC(cpuid)(uint32_t leaf, uint32_t subleaf, CpuidRegister register_) {
  uint32_t answer[4];
  __asm__ volatile("cpuid"
                   : "=a"(answer[0]), "=b"(answer[1]), "=c"(answer[2]), "=d"(answer[3])
                   : "a"(leaf), "c"(subleaf));
  return answer[register_ & 3];
}

uint64_t INTRINSIC(readTsc)(void) {
  uint32_t low, high;
  __asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

uint64_t INTRINSIC(readRandom)(void) {
  for (int attempt = 0; attempt < 16; attempt++) {
    uint64_t value;
    uint8_t valid;
    __asm__ volatile("rdrand %0\n\tsetc %1" : "=r"(value), "=qm"(valid) : : "cc");
    if (valid) return value;
  }
  return 0;
}

void INTRINSIC(writeBackCaches)(void) { __asm__ volatile("wbinvd" ::: "memory"); }

void INTRINSIC(invalidatePage)(uint64_t address) {
  __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* ---- interrupts ---- */

void INTRINSIC(enableInterrupts)(void) { __asm__ volatile("sti" ::: "memory"); }

void INTRINSIC(disableInterrupts)(void) { __asm__ volatile("cli" ::: "memory"); }

bool INTRINSIC(interruptsEnabled)(void) {
  uint64_t flags;
  __asm__ volatile("pushfq\n\tpop %0" : "=r"(flags) : : "memory");
  return (flags & 0x200) != 0;
}

/* sti takes effect behind the next instruction: no interrupt comes between the two. */
void INTRINSIC(sleepUntilInterrupt)(void) { __asm__ volatile("sti\n\thlt" ::: "memory"); }

void INTRINSIC(haltForever)(void) {
  for (;;) __asm__ volatile("cli\n\thlt" ::: "memory");
}

void INTRINSIC(pauseProcessor)(void) { __asm__ volatile("pause" ::: "memory"); }

void INTRINSIC(breakpoint)(void) { __asm__ volatile("int3" ::: "memory"); }

typedef struct TablePointer {
  uint16_t limit;
  uint64_t base;
} __attribute__((packed)) TablePointer;

void INTRINSIC(loadIdt)(uint64_t address, uint16_t byteLength) {
  TablePointer pointer = { byteLength == 0 ? 0 : (uint16_t)(byteLength - 1), address };
  __asm__ volatile("lidt %0" : : "m"(pointer) : "memory");
}

void INTRINSIC(loadTaskRegister)(uint16_t selector) { __asm__ volatile("ltr %0" : : "r"(selector) : "memory"); }

/* ---- the image ---- */

extern uint8_t kernel_interrupt_stubs[256][16];
extern uint64_t kernel_handoff_address;
extern const uint8_t image_text_start[], image_text_end[], image_rodata_start[], image_rodata_end[];
extern const uint8_t image_data_start[], image_data_end[], image_stacks_start[], image_stacks_end[];
extern const uint8_t image_symbols_start[], image_symbols_end[];
extern const uint8_t image_release[];

uint64_t INTRINSIC(interruptStub)(uint8_t vector) { return (uint64_t)kernel_interrupt_stubs[vector]; }

uint64_t INTRINSIC(handoffAddress)(void) { return kernel_handoff_address; }

uint64_t INTRINSIC(imageAddress)(ImageMark mark) {
  switch (mark) {
    case ImageMark_textStart: return (uint64_t)image_text_start;
    case ImageMark_textEnd: return (uint64_t)image_text_end;
    case ImageMark_rodataStart: return (uint64_t)image_rodata_start;
    case ImageMark_rodataEnd: return (uint64_t)image_rodata_end;
    case ImageMark_dataStart: return (uint64_t)image_data_start;
    case ImageMark_dataEnd: return (uint64_t)image_data_end;
    case ImageMark_stacksStart: return (uint64_t)image_stacks_start;
    case ImageMark_stacksEnd: return (uint64_t)image_stacks_end;
    case ImageMark_symbolsStart: return (uint64_t)image_symbols_start;
    case ImageMark_symbolsEnd: return (uint64_t)image_symbols_end;
    case ImageMark_release: return (uint64_t)image_release;
  }
  return 0;
}
