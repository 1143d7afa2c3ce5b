/* What each program of this folder is: a function over an input and a buffer to work in, without a single check. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work);

uint32_t crc32_extend(uint32_t crc, const uint8_t *data, size_t length);

/* x86 is little-endian, and compilers make one load of this. */
static inline uint16_t load16(const uint8_t *p) { uint16_t v; memcpy(&v, p, sizeof v); return v; }
static inline uint32_t load32(const uint8_t *p) { uint32_t v; memcpy(&v, p, sizeof v); return v; }
static inline uint64_t load64(const uint8_t *p) { uint64_t v; memcpy(&v, p, sizeof v); return v; }
static inline void store16(uint8_t *p, uint16_t v) { memcpy(p, &v, sizeof v); }
static inline void store32(uint8_t *p, uint32_t v) { memcpy(p, &v, sizeof v); }
static inline void store64(uint8_t *p, uint64_t v) { memcpy(p, &v, sizeof v); }
