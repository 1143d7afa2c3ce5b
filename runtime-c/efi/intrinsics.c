/* The bodies of what uefi/memory.ts and uefi/processor.ts declare. */

#include "efi.h"

static void *pointer(uint64_t address) { return (void *)(uintptr_t)address; }

uint16_t uefi_memory__load16(uint64_t address) {
  uint16_t value;
  __builtin_memcpy(&value, pointer(address), sizeof value);
  return value;
}

uint32_t uefi_memory__load32(uint64_t address) {
  uint32_t value;
  __builtin_memcpy(&value, pointer(address), sizeof value);
  return value;
}

uint64_t uefi_memory__load64(uint64_t address) {
  uint64_t value;
  __builtin_memcpy(&value, pointer(address), sizeof value);
  return value;
}

void uefi_memory__store32(uint64_t address, uint32_t value) { __builtin_memcpy(pointer(address), &value, sizeof value); }

void uefi_memory__store64(uint64_t address, uint64_t value) { __builtin_memcpy(pointer(address), &value, sizeof value); }

RayBytes uefi_memory__bytesAt(uint64_t address, uint32_t length) { return (RayBytes){ pointer(address), length }; }

uint64_t uefi_memory__addressOf(RayBytes bytes) { return (uint64_t)(uintptr_t)bytes.data; }

typedef uint64_t (*Call1)(uint64_t);
typedef uint64_t (*Call2)(uint64_t, uint64_t);
typedef uint64_t (*Call3)(uint64_t, uint64_t, uint64_t);
typedef uint64_t (*Call4)(uint64_t, uint64_t, uint64_t, uint64_t);
typedef uint64_t (*Call5)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
typedef uint64_t (*Call6)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

uint64_t uefi_memory__call1(uint64_t target, uint64_t a) { return ((Call1)pointer(target))(a); }

uint64_t uefi_memory__call2(uint64_t target, uint64_t a, uint64_t b) { return ((Call2)pointer(target))(a, b); }

uint64_t uefi_memory__call3(uint64_t target, uint64_t a, uint64_t b, uint64_t c) {
  return ((Call3)pointer(target))(a, b, c);
}

uint64_t uefi_memory__call4(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  return ((Call4)pointer(target))(a, b, c, d);
}

uint64_t uefi_memory__call5(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
  return ((Call5)pointer(target))(a, b, c, d, e);
}

uint64_t uefi_memory__call6(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
  return ((Call6)pointer(target))(a, b, c, d, e, f);
}

uint64_t uefi_processor__readTsc(void) { return __builtin_ia32_rdtsc(); }

uint32_t uefi_processor__cpuid(uint32_t leaf, int32_t reg) {
  uint32_t value[4];
  __asm__ volatile("cpuid" : "=a"(value[0]), "=b"(value[1]), "=c"(value[2]), "=d"(value[3]) : "a"(leaf), "c"(0));
  return value[reg & 3];
}

uint64_t uefi_processor__readCr4(void) {
  uint64_t value;
  __asm__ volatile("mov %%cr4, %0" : "=r"(value));
  return value;
}

uint8_t uefi_processor__portRead8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

void uefi_processor__portWrite8(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }

uint16_t uefi_processor__portRead16(uint16_t port) {
  uint16_t value;
  __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

void uefi_processor__portWrite16(uint16_t port, uint16_t value) { __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port)); }

void uefi_processor__haltForever(void) {
  for (;;) __asm__ volatile("cli\n\thlt");
}

/* ---- the jump (trampoline.asm) ---- */

void efi_trampoline(uint64_t root, uint64_t entry, uint64_t handoff);

uint64_t uefi_processor__trampolineAddress(void) { return (uint64_t)(uintptr_t)&efi_trampoline; }

void uefi_processor__enterKernel(uint64_t root, uint64_t entry, uint64_t handoff) {
  EFI_COUNTING_MARK("2");
  efi_trampoline(root, entry, handoff);
}
