/*
 * The run-time library of C that rayc writes: views, strings, checks and traps.
 *
 * Freestanding: it needs memcpy, memmove, memset and memcmp, and ray_trap, which each target defines. Every check names
 * the TypeScript source line through RAY_HERE, which #line directives keep true.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict target, const void *restrict source, size_t length);
void *memmove(void *target, const void *source, size_t length);
void *memset(void *target, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);

__extension__ typedef __int128 RayInt128;

typedef struct RayBytes { uint8_t *data; uint32_t length; } RayBytes;
typedef struct RayString { const char *data; uint32_t length; } RayString;

typedef struct RayU8s { uint8_t *data; uint32_t length; } RayU8s;
typedef struct RayU16s { uint16_t *data; uint32_t length; } RayU16s;
typedef struct RayU32s { uint32_t *data; uint32_t length; } RayU32s;
typedef struct RayI8s { int8_t *data; uint32_t length; } RayI8s;
typedef struct RayI16s { int16_t *data; uint32_t length; } RayI16s;
typedef struct RayI32s { int32_t *data; uint32_t length; } RayI32s;
typedef struct RayU64s { uint64_t *data; uint32_t length; } RayU64s;
typedef struct RayI64s { int64_t *data; uint32_t length; } RayI64s;

#define RAY_TEXT(literal, size) ((RayString){ literal, size })

/* ---- traps ---- */

typedef enum RayTrap {
  RAY_TRAP_RANGE,
  RAY_TRAP_INDEX,
  RAY_TRAP_NULL,
  RAY_TRAP_ASSERT,
  RAY_TRAP_UNREACHABLE,
  RAY_TRAP_DIVIDE,
} RayTrap;

/* Ends the program, naming what happened and where. `message` is that of an assertion, or "". */
_Noreturn __attribute__((cold)) void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line);

static inline const char *ray_trap_name(RayTrap trap) {
  static const char *const names[] = { "range", "index", "null", "assert", "unreachable", "divide" };
  return names[trap];
}

#define RAY_HERE __FILE__, __LINE__
#define RAY_WHERE const char *file, uint32_t line

_Noreturn static inline void ray_unreachable(const char *message, RAY_WHERE) {
  ray_trap(RAY_TRAP_UNREACHABLE, message, file, line);
}

#define RAY_ASSERT(condition, message) \
  do { \
    if (__builtin_expect(!(condition), 0)) ray_trap(RAY_TRAP_ASSERT, message, RAY_HERE); \
  } while (0)

#define RAY_NONNULL(pointer) \
  __extension__({ \
    __auto_type ray_p = (pointer); \
    if (__builtin_expect(ray_p == NULL, 0)) ray_trap(RAY_TRAP_NULL, "", RAY_HERE); \
    ray_p; \
  })

#define RAY_NONNULL_INTERFACE(value) \
  __extension__({ \
    __auto_type ray_v = (value); \
    if (__builtin_expect(ray_v.self == NULL, 0)) ray_trap(RAY_TRAP_NULL, "", RAY_HERE); \
    ray_v; \
  })

/* Interfaces are of the same instance. A struct and the first one that it embeds share an address, but no table. */
#define RAY_SAME(left, right) \
  __extension__({ \
    __auto_type ray_l = (left); \
    __auto_type ray_r = (right); \
    ray_l.self == ray_r.self && (ray_l.self == NULL || ray_l.table == ray_r.table); \
  })

/* The same for unions, whose tags do what tables do there. */
#define RAY_SAME_MEMBER(left, right, tag) \
  __extension__({ \
    __auto_type ray_l = (left); \
    __auto_type ray_r = (right); \
    ray_l.self == ray_r.self && (ray_l.self == NULL || ray_l.tag == ray_r.tag); \
  })

/* ---- integers ---- */

/* One comparison serves both ends: what lies below wraps to above. */
static inline int64_t ray_narrow(int64_t value, int64_t low, int64_t high, RAY_WHERE) {
  if (__builtin_expect((uint64_t)value - (uint64_t)low > (uint64_t)high - (uint64_t)low, 0)) {
    ray_trap(RAY_TRAP_RANGE, "", file, line);
  }
  return value;
}

static inline uint64_t ray_narrow_u64(uint64_t value, uint64_t high, RAY_WHERE) {
  if (__builtin_expect(value > high, 0)) ray_trap(RAY_TRAP_RANGE, "", file, line);
  return value;
}

static inline RayInt128 ray_narrow_128(RayInt128 value, RayInt128 low, RayInt128 high, RAY_WHERE) {
  if (__builtin_expect(value < low || value > high, 0)) ray_trap(RAY_TRAP_RANGE, "", file, line);
  return value;
}

#define RAY_NARROW(type, value, low, high) ((type)ray_narrow(value, low, high, RAY_HERE))
#define RAY_NARROW_U64(type, value, high) ((type)ray_narrow_u64(value, high, RAY_HERE))
#define RAY_NARROW_128(type, value, low, high) ((type)ray_narrow_128(value, low, high, RAY_HERE))

#define RAY_NONZERO(value) \
  __extension__({ \
    __auto_type ray_d = (value); \
    if (__builtin_expect(ray_d == 0, 0)) ray_trap(RAY_TRAP_DIVIDE, "", RAY_HERE); \
    ray_d; \
  })

static inline int64_t ray_minimum(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t ray_maximum(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t ray_absolute(int64_t a) { return a < 0 ? -a : a; }
static inline int32_t ray_leading_zeros(uint32_t a) { return a == 0 ? 32 : __builtin_clz(a); }

/* What is shifted out at the top is gone, as after BigInt.asUintN(64, …). */
static inline uint64_t ray_shift_left(uint64_t value, uint64_t count) { return count > 63 ? 0 : value << count; }

/* Of any sign: the bits are those of the exact product, where that fits. */
static inline RayInt128 ray_shift_left_128(RayInt128 value, uint64_t count) {
  __extension__ typedef unsigned __int128 Bits;
  return count > 127 ? 0 : (RayInt128)((Bits)value << count);
}

static inline int32_t ray_shift_right_int32_t(int32_t value, uint64_t count) { return value >> (count > 31 ? 31 : count); }
static inline int64_t ray_shift_right_int64_t(int64_t value, uint64_t count) { return value >> (count > 63 ? 63 : count); }
static inline uint64_t ray_shift_right_uint64_t(uint64_t value, uint64_t count) { return count > 63 ? 0 : value >> count; }
static inline RayInt128 ray_shift_right_RayInt128(RayInt128 value, uint64_t count) { return value >> (count > 127 ? 127 : count); }

/* Of 64-bit integers, where the smallest one may meet −1. */
static inline RayInt128 ray_quotient(int64_t a, int64_t b) { return b == -1 ? -(RayInt128)a : a / b; }
static inline int64_t ray_remainder(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }

static inline RayInt128 ray_power(RayInt128 base, uint64_t exponent) {
  RayInt128 result = 1;
  for (uint64_t i = 0; i < exponent; i++) result *= base;
  return result;
}

/* ---- arrays and views ---- */

static inline uint64_t ray_index(uint64_t index, uint64_t length, RAY_WHERE) {
  if (__builtin_expect(index >= length, 0)) ray_trap(RAY_TRAP_INDEX, "", file, line);
  return index;
}

/* An offset or a count that may be negative, as a number that is too large for every view; two of them can be added. */
static inline uint64_t ray_offset(int64_t value) { return (uint64_t)value & INT64_MAX; }

#define RAY_FILL(name, view, type) \
  static inline void ray_fill_##name(view target, type value) { \
    for (uint32_t i = 0; i < target.length; i++) target.data[i] = value; \
  }
static inline void ray_fill_u8(RayU8s target, uint8_t value) { __builtin_memset(target.data, value, target.length); }
RAY_FILL(u16, RayU16s, uint16_t)
RAY_FILL(u32, RayU32s, uint32_t)
RAY_FILL(i8, RayI8s, int8_t)
RAY_FILL(i16, RayI16s, int16_t)
RAY_FILL(i32, RayI32s, int32_t)
RAY_FILL(u64, RayU64s, uint64_t)
RAY_FILL(i64, RayI64s, int64_t)
#undef RAY_FILL

/* `at` is less than 2^63. */
static inline uint8_t *ray_at(RayBytes bytes, uint64_t at, uint64_t width, RAY_WHERE) {
  if (__builtin_expect(at + width > bytes.length, 0)) ray_trap(RAY_TRAP_INDEX, "", file, line);
  return bytes.data + at;
}

/* Where the compiler has proven that a check would be passed, the function of the same name with `_proven` does without. */
#define RAY_ACCESSORS(name, type, convert) \
  static inline type ray_bytes_##name##_proven(RayBytes bytes, uint64_t at) { \
    type value; \
    __builtin_memcpy(&value, bytes.data + at, sizeof value); \
    return convert(value); \
  } \
  static inline void ray_bytes_set_##name##_proven(RayBytes bytes, uint64_t at, type value) { \
    type stored = convert(value); \
    __builtin_memcpy(bytes.data + at, &stored, sizeof stored); \
  } \
  static inline type ray_bytes_##name(RayBytes bytes, uint64_t at, RAY_WHERE) { \
    type value; \
    __builtin_memcpy(&value, ray_at(bytes, at, sizeof value, file, line), sizeof value); \
    return convert(value); \
  } \
  static inline void ray_bytes_set_##name(RayBytes bytes, uint64_t at, type value, RAY_WHERE) { \
    type stored = convert(value); \
    __builtin_memcpy(ray_at(bytes, at, sizeof stored, file, line), &stored, sizeof stored); \
  }
#define RAY_AS_IS(value) (value)
RAY_ACCESSORS(u8, uint8_t, RAY_AS_IS)
RAY_ACCESSORS(u16le, uint16_t, RAY_AS_IS)
RAY_ACCESSORS(u32le, uint32_t, RAY_AS_IS)
RAY_ACCESSORS(u64le, uint64_t, RAY_AS_IS)
RAY_ACCESSORS(u16be, uint16_t, __builtin_bswap16)
RAY_ACCESSORS(u32be, uint32_t, __builtin_bswap32)
RAY_ACCESSORS(u64be, uint64_t, __builtin_bswap64)
#undef RAY_ACCESSORS
#undef RAY_AS_IS

static inline RayBytes ray_bytes_of(RayU8s array) { return (RayBytes){ array.data, array.length }; }

static inline RayBytes ray_utf8(RayString text) {
  union { const char *text; uint8_t *bytes; } view = { .text = text.data };
  return (RayBytes){ view.bytes, text.length };
}

static inline RayBytes ray_bytes_slice(RayBytes bytes, uint64_t from, uint64_t length, RAY_WHERE) {
  if (__builtin_expect(from + length > bytes.length, 0)) ray_trap(RAY_TRAP_INDEX, "", file, line);
  return (RayBytes){ bytes.data + from, (uint32_t)length };
}

static inline RayBytes ray_bytes_slice_proven(RayBytes bytes, uint64_t from, uint64_t length) {
  return (RayBytes){ bytes.data + from, (uint32_t)length };
}

static inline RayU8s ray_span_proven(RayBytes bytes, uint64_t from, uint64_t length) {
  return (RayU8s){ bytes.data + from, (uint32_t)length };
}

static inline RayU8s ray_span(RayBytes bytes, uint64_t from, uint64_t length, RAY_WHERE) {
  RayBytes part = ray_bytes_slice(bytes, from, length, file, line);
  return (RayU8s){ part.data, part.length };
}

static inline void ray_bytes_fill(RayBytes bytes, uint8_t value) {
  if (bytes.length > 0) __builtin_memset(bytes.data, value, bytes.length);
}

static inline void ray_bytes_copy(RayBytes target, RayBytes source, RAY_WHERE) {
  if (__builtin_expect(target.length != source.length, 0)) ray_trap(RAY_TRAP_INDEX, "", file, line);
  if (source.length > 0) __builtin_memmove(target.data, source.data, source.length);
}

static inline void ray_bytes_copy_proven(RayBytes target, RayBytes source) {
  if (source.length > 0) __builtin_memmove(target.data, source.data, source.length);
}

static inline bool ray_bytes_equal(RayBytes left, RayBytes right) {
  return left.length == right.length && (left.length == 0 || memcmp(left.data, right.data, left.length) == 0);
}

static inline bool ray_string_equal(RayString left, RayString right) {
  return left.length == right.length && (left.length == 0 || memcmp(left.data, right.data, left.length) == 0);
}

/* Standard output of a host program. */
void ray_print(RayBytes text);

/* Gives module-level variables what no file holds; then the program's `main`. */
void ray_start(void);
void ray_main(void);
