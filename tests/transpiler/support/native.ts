// Programs as native code: one executable for all modules of a program, told by its parameter which function to run.

import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Program } from "../../../transpiler/tree.ts";
import type { Outcome } from "./outcome.ts";

const CLANG = process.env["CLANG"] ?? "clang-19";
const TIMEOUT_MS = 480_000;

/** Programs compare and calculate what a person would not; anything else that clang warns of is a fault of the compiler. */
const WARNINGS = [
  ..."-Wall -Wextra -Werror -Wno-unused -Wno-unused-but-set-parameter -Wno-self-assign -Wno-tautological-compare".split(
    " ",
  ),
  "-Wno-tautological-constant-out-of-range-compare",
];
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

export interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
}

export const VARIANTS: readonly Variant[] = [
  { name: "C at -O0 under ASan and UBSan", flags: ["-O0", ...SANITIZERS] },
  { name: "C at -O2", flags: ["-O2"] },
];

const run = promisify(execFile);

/** Chooses the function to run: `host.c`'s part, for many programs in one. */
function driverOf(symbols: readonly string[]): string {
  return `#include <stdio.h>
#include <stdlib.h>
#include "program.h"

void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  fflush(stdout);
  fprintf(stderr, "trap %s at %s:%u%s%s\\n", ray_trap_name(trap), file, line, *message ? ": " : "", message);
  exit(70);
}

void ray_print(RayBytes text) { fwrite(text.data, 1, text.length, stdout); }

static void (*const programs[])(void) = {
${symbols.map((symbol) => `  ${symbol},`).join("\n")}
};

int main(int count, char **parameters) {
  if (count != 2) return 2;
  ray_start();
  programs[atoi(parameters[1])]();
  return fflush(stdout) == 0 ? 0 : 1;
}
`;
}

/** Compiles the C in `folder`. Gives the executable's path; a compile error of the generated C is thrown with its text. */
export async function buildNative(
  root: string,
  folder: string,
  program: Program,
  symbols: readonly string[],
  variant: Variant,
): Promise<string> {
  const target = join(folder, `run-${VARIANTS.indexOf(variant)}`);
  writeFileSync(join(folder, "driver.c"), driverOf(symbols));
  const files = ["driver.c", ...program.modules.map((module) => `${module.name}.c`)].map((name) =>
    join(folder, name),
  );
  const flags = [
    "-std=gnu17",
    "-g1",
    ...WARNINGS,
    ...variant.flags,
    "-I",
    join(root, "runtime-c/shared"),
    "-I",
    folder,
  ];
  try {
    await run(CLANG, [...flags, "-o", target, ...files], { timeout: TIMEOUT_MS, maxBuffer: 16 << 20 });
  } catch (error) {
    throw new Error(
      `clang refuses the C of ${folder}:\n${(error as { stderr?: string }).stderr?.slice(0, 4000) ?? String(error)}`,
    );
  }
  return target;
}

export function runNative(executable: string, index: number): Outcome {
  const result = spawnSync(resolve(executable), [`${index}`], {
    timeout: TIMEOUT_MS,
    maxBuffer: 16 << 20,
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
  });
  const errors = result.stderr.toString("utf8").trimEnd();
  const output = result.stdout.toString("utf8");
  if (result.status === 0) return { output, trap: errors };
  if (result.status === 70) return { output, trap: errors };
  return { output, trap: `status ${result.status ?? result.signal}: ${errors.slice(0, 1500)}` };
}
