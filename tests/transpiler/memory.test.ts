// The run-time's memory functions, which neither host nor sanitizer replaces on a real machine: against the plainest code there
// is, for every length and every distance between two ranges that overlap.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Toolbox } from "../../tools/environment.ts";
import { findRoot } from "./support/compiler.ts";

const root = findRoot();
const folder = join(root, "build/tests/memory");
const CLANG = new Toolbox().clang;

/** The functions under names of their own, and what they are compared with. */
const PROGRAM = `
#define memcpy ray_memcpy
#define memmove ray_memmove
#define memset ray_memset
#define memcmp ray_memcmp
#include MEMORY
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#include <stdio.h>
#include <stdlib.h>

enum { LENGTHS = 200, SPAN = 2 * LENGTHS + 16 };
static uint8_t ours[SPAN], plain[SPAN];
static unsigned long cases;

static void fresh(void) {
  for (int i = 0; i < SPAN; i++) ours[i] = plain[i] = (uint8_t)(i * 37 + 11);
}

static void same(const char *what, int length, int from, int to) {
  cases++;
  for (int i = 0; i < SPAN; i++) {
    if (ours[i] == plain[i]) continue;
    printf("%s of %d bytes from %d to %d: byte %d\\n", what, length, from, to, i);
    exit(1);
  }
}

static void plain_move(uint8_t *to, const uint8_t *from, int length) {
  uint8_t kept[LENGTHS];
  for (int i = 0; i < length; i++) kept[i] = from[i];
  for (int i = 0; i < length; i++) to[i] = kept[i];
}

static int sign(int value) {
  return value < 0 ? -1 : value > 0;
}

int main(void) {
  for (int length = 0; length < LENGTHS; length++) {
    for (int to = 0; to <= LENGTHS; to += to < 72 ? 1 : 31) {
      const int from = 36;
      fresh();
      ray_memmove(&ours[to], &ours[from], (size_t)length);
      plain_move(&plain[to], &plain[from], length);
      same("memmove", length, from, to);
      fresh();
      ray_memset(&ours[to], length ^ to, (size_t)length);
      for (int i = 0; i < length; i++) plain[to + i] = (uint8_t)(length ^ to);
      same("memset", length, 0, to);
    }
    fresh();
    ray_memcpy(&ours[LENGTHS + 3], &ours[1], (size_t)length);
    plain_move(&plain[LENGTHS + 3], &plain[1], length);
    same("memcpy", length, 1, LENGTHS + 3);
    for (int at = 0; at < length; at++) {
      fresh();
      ours[at] ^= 0x80;
      cases++;
      const int wanted = ours[at] < plain[at] ? -1 : 1;
      if (sign(ray_memcmp(ours, plain, (size_t)length)) != wanted || ray_memcmp(ours, plain, (size_t)at) != 0) {
        printf("memcmp of %d bytes that differ at %d\\n", length, at);
        return 1;
      }
    }
  }
  printf("%lu cases\\n", cases);
  return 0;
}
`;

for (const home of ["kernel", "efi"]) {
  t.test(`${home}: every length and overlap as the plainest code does it`, (t) => {
    mkdirSync(folder, { recursive: true });
    const [source, program] = [join(folder, "main.c"), join(folder, home)];
    writeFileSync(source, PROGRAM);
    const checks = ["-fsanitize=address", "-fsanitize=undefined", "-fno-sanitize-recover=all"];
    const places = ["-I", join(root, "runtime-c/shared"), `-DMEMORY="${root}/runtime-c/${home}/memory.c"`];
    const flags = ["-O2", "-fno-builtin", ...checks, ...places];
    const built = spawnSync(CLANG, [...flags, "-o", program, source], { encoding: "utf8" });
    t.equal(built.status, 0, "it compiles", { said: built.stderr });
    const ran = spawnSync(program, { encoding: "utf8" });
    t.match(ran, { status: 0, stdout: /^\d{5,} cases\n$/ }, "and agrees");
    t.comment(ran.stdout.trim());
    t.end();
  });
}
