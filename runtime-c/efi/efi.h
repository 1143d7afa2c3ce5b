/* What the files of this folder offer each other; the intrinsics are declared in TypeScript (uefi/). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ray.h"

uint64_t uefi_entry__imageHandle(void);
uint64_t uefi_entry__systemTable(void);
void uefi_entry__bootServicesEnded(void);

uint16_t uefi_memory__load16(uint64_t address);
uint32_t uefi_memory__load32(uint64_t address);
uint64_t uefi_memory__load64(uint64_t address);
void uefi_memory__store32(uint64_t address, uint32_t value);
void uefi_memory__store64(uint64_t address, uint64_t value);
RayBytes uefi_memory__bytesAt(uint64_t address, uint32_t length);
uint64_t uefi_memory__addressOf(RayBytes bytes);
uint64_t uefi_memory__call1(uint64_t target, uint64_t a);
uint64_t uefi_memory__call2(uint64_t target, uint64_t a, uint64_t b);
uint64_t uefi_memory__call3(uint64_t target, uint64_t a, uint64_t b, uint64_t c);
uint64_t uefi_memory__call4(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
uint64_t uefi_memory__call5(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
uint64_t uefi_memory__call6(uint64_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

uint64_t uefi_processor__readTsc(void);
uint32_t uefi_processor__cpuid(uint32_t leaf, int32_t reg);
uint64_t uefi_processor__readCr4(void);
uint8_t uefi_processor__portRead8(uint16_t port);
void uefi_processor__portWrite8(uint16_t port, uint8_t value);
uint16_t uefi_processor__portRead16(uint16_t port);
void uefi_processor__portWrite16(uint16_t port, uint16_t value);
uint64_t uefi_processor__trampolineAddress(void);
void uefi_processor__enterKernel(uint64_t root, uint64_t entry, uint64_t handoff);
void uefi_processor__haltForever(void);

/*
 * An instruction that does nothing and carries "RAY" and a digit: a counter of executed instructions knows by it where
 * the boot manager begins ("1") and where it jumps ("2").
 */
#define EFI_COUNTING_MARK(digit) __asm__ volatile(".byte 0x0f, 0x1f, 0x80\n\t.ascii \"RAY" digit "\"" ::: "memory")
