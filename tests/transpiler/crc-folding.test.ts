// The kernel's CRC-32 by carry-less multiplication, assembled as the kernel has it: against one that goes bit by bit, for every
// number of blocks up to 80 wherever they begin, with a page behind them that cannot be read.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Toolbox } from "../../tools/environment.ts";
import { findRoot } from "./support/compiler.ts";

const root = findRoot();
const folder = join(root, "build/tests/crc-folding");
const tools = new Toolbox();

const PROGRAM = `
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

typedef struct { uint8_t *data; uint32_t length; } RayBytes;
uint32_t machine_intrinsics__foldCrc32(uint32_t state, RayBytes blocks);

enum { PAGE = 4096, BLOCK = 16, BLOCKS = 80 };

static uint32_t bit_by_bit(uint32_t state, const uint8_t *data, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    state ^= data[i];
    for (int bit = 0; bit < 8; bit++) state = (state >> 1) ^ (state & 1 ? 0xedb88320u : 0);
  }
  return state;
}

static uint32_t noise = 1;
static uint32_t next_noise(void) { return noise = noise * 1664525u + 1013904223u; }

int main(void) {
  uint8_t *const page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || mprotect(page + PAGE, PAGE, PROT_NONE) != 0) return 2;
  for (int i = 0; i < PAGE; i++) page[i] = (uint8_t)(next_noise() >> 24);
  int cases = 0;
  for (uint32_t length = BLOCK; length <= BLOCKS * BLOCK; length += BLOCK) {
    for (uint32_t before_end = 0; before_end < 2 * BLOCK; before_end++) {
      uint8_t *const data = page + PAGE - length - before_end;
      const uint32_t state = before_end == 0 ? 0 : before_end == 1 ? 0xffffffff : next_noise();
      const uint32_t folded = machine_intrinsics__foldCrc32(state, (RayBytes){ data, length });
      const uint32_t wanted = bit_by_bit(state, data, length);
      cases++;
      if (folded == wanted) continue;
      printf("%u bytes, %u before the page's end, from state %08x: %08x instead of %08x\\n", length, before_end, state, folded, wanted);
      return 1;
    }
  }
  printf("%d cases\\n", cases);
  return 0;
}
`;

const canMultiply = /\bpclmulqdq\b/.test(readFileSync("/proc/cpuinfo", "utf8"));

t.test(
  "every number of blocks has the CRC that it has bit by bit",
  {
    skip: canMultiply ? false : "this processor has no PCLMULQDQ",
  },
  (t) => {
    mkdirSync(folder, { recursive: true });
    const [source, object, program] = [
      join(folder, "main.c"),
      join(folder, "crc32.o"),
      join(folder, "folding"),
    ];
    writeFileSync(source, PROGRAM);
    const assembly = ["-f", "elf64", "-o", object, join(root, "runtime-c/kernel/crc32.asm")];
    const assembled = spawnSync(tools.nasm, assembly, { encoding: "utf8" });
    t.equal(assembled.status, 0, "it is assembled", { said: assembled.stderr });
    const built = spawnSync(tools.clang, ["-O2", "-o", program, source, object], { encoding: "utf8" });
    t.equal(built.status, 0, "it is linked", { said: built.stderr });
    const ran = spawnSync(program, { encoding: "utf8" });
    t.match(ran, { status: 0, stdout: "2560 cases\n" }, "and agrees");
    t.end();
  },
);
