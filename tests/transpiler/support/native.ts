// Programs as native code: one executable for all modules of a program, which runs each program as a process of its own.

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Toolbox } from "../../../tools/environment.ts";
import { isSabotaged } from "../../../transpiler/sabotage.ts";
import type { Program } from "../../../transpiler/tree.ts";
import { PRINTED_LIMIT } from "./bounded.ts";
import type { Outcome } from "./outcome.ts";

const TIMEOUT_MS = 900_000;

/** Programs compare and calculate what a person would not; anything else that clang warns of is a fault of the compiler. */
const WARNINGS = [
  ..."-Wall -Wextra -Werror -Wno-unused -Wno-unused-but-set-parameter -Wno-self-assign -Wno-tautological-compare".split(
    " ",
  ),
  "-Wno-tautological-constant-out-of-range-compare",
];
/** ASan's checks are called, not written out at every access: they find the same, and clang is done a quarter sooner. */
const SANITIZERS = [
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
  "-mllvm",
  "-asan-instrumentation-with-call-threshold=0",
];

/** Of what clang gives back it gets the same again, and does not look for it: a tenth of its time. */
const MEMORY = "glibc.malloc.tcache_count=30000:glibc.malloc.tcache_max=16384:glibc.malloc.top_pad=67108864";

export interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
}

export type VariantName = "unoptimised" | "optimised" | "optimisedWatched" | "bare";

export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  unoptimised: { name: "C at -O0 under ASan and UBSan", flags: ["-O0", ...SANITIZERS] },
  optimised: { name: "C at -O2", flags: ["-O2"] },
  optimisedWatched: { name: "C at -O2 under ASan and UBSan", flags: ["-O2", ...SANITIZERS] },
  /** Compiled in a third of the time: for faults that show in what a program prints. */
  bare: { name: "bare C at -O0", flags: ["-O0"] },
};

export interface Build {
  /** All modules as one translation unit, whose functions nobody else can call: that takes a third of the time. */
  readonly joined: boolean;
  /** How long each program may run, in processor time. */
  readonly patienceSeconds: number;
}

/** What prints is called everywhere: written out at each of these places it would be most of what clang compiles. */
const OUTPUT = /^static (.* tests_transpiler_programs_support_output__\w+\(.*\);)$/gm;

const tools = new Toolbox();
const run = promisify(execFile);

/**
 * `host.c`'s part, for many programs in one: with a number it runs that program, without it runs all, each in a process of
 * its own that starts from the same state. What one prints stands between a line with its number and one with its status.
 */
function driverOf(symbols: readonly string[], patienceSeconds: number): string {
  return `#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "program.h"

/* Not glibc's: what runs before and after that one, and after main, walks all of what the sanitizers keep. */
pid_t _Fork(void);

static _Noreturn void leave(int status) {
  fflush(stdout);
  _exit(status);
}

void ray_trap(RayTrap trap, const char *message, const char *file, uint32_t line) {
  printf("\\003trap %s at %s:%u%s%s\\n", ray_trap_name(trap), file, line, *message ? ": " : "", message);
  leave(70);
}

void ray_print(RayBytes text) {
  static size_t printed;
  printed += text.length;
  if (printed > ${PRINTED_LIMIT}) leave(71);
  fwrite(text.data, 1, text.length, stdout);
}

static void (*const programs[])(void) = {
${symbols.map((symbol) => `  ${symbol},`).join("\n")}
};

static void run_apart(unsigned number) {
  printf("\\002%u\\n", number);
  fflush(stdout);
  pid_t child = _Fork();
  if (child == 0) {
    dup2(STDOUT_FILENO, STDERR_FILENO);
    /* Of processor time: how busy the machine is says nothing of a program. */
    setrlimit(RLIMIT_CPU, &(struct rlimit){ ${patienceSeconds}, ${patienceSeconds + 1} });
    ray_start();
    programs[number]();
    leave(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  printf("\\004%d %d\\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

int main(int count, char **parameters) {
  if (count == 2) {
    ray_start();
    programs[atoi(parameters[1])]();
  } else for (unsigned i = 0; i < sizeof programs / sizeof *programs; i++) run_apart(i);
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
  { joined, patienceSeconds }: Build,
): Promise<string> {
  const target = join(folder, `run-${variant.name.replace(/\W+/g, "-")}`);
  // Variants are built at one time in one folder: what this one writes, no other may be reading.
  const [driver, whole] = [`${basename(target)}-driver.c`, `${basename(target)}-joined.c`];
  const sources = [driver, ...program.modules.map((module) => `${module.name}.c`)];
  writeFileSync(join(folder, driver), driverOf(symbols, patienceSeconds));
  if (joined) writeFileSync(join(folder, whole), joinedText(folder, sources));
  const files = (joined ? [whole] : sources).map((name) => join(folder, name));
  const flags = [
    "-std=gnu17",
    // What a joined program does wrong, it does again when it is made small.
    joined ? "-g0" : "-g1",
    // Addresses that are known need no code that finds them.
    "-fno-pie",
    "-no-pie",
    // Of a compiler that is broken on purpose the programs must tell, not clang.
    ...(isSabotaged() ? ["-w"] : WARNINGS),
    ...variant.flags,
    `--ld-path=${tools.ldElf}`,
    "-I",
    join(root, "runtime-c/shared"),
    "-I",
    folder,
  ];
  try {
    await run(tools.clang, [...flags, "-o", target, ...files], {
      timeout: TIMEOUT_MS,
      maxBuffer: 16 << 20,
      env: { ...process.env, GLIBC_TUNABLES: MEMORY },
    });
  } catch (error) {
    const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: string };
    if (killed === true) throw new Error(`clang was not done with ${folder} within ${TIMEOUT_MS / 1000} s`);
    throw new Error(`clang refuses the C of ${folder}:\n${stderr?.slice(0, 4000) ?? String(error)}`);
  }
  return target;
}

/** The sources behind the header of the whole program, and of their own headers what that leaves out: functions of one module. */
function joinedText(folder: string, sources: readonly string[]): string {
  const include = /^#include "(.*\.ray\.h)"$/m;
  const texts = sources.map((name) => readFileSync(join(folder, name), "utf8"));
  const headers = texts.flatMap((text) => include.exec(text)?.[1] ?? []);
  const hidden = headers.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => /^static .*\);$/.test(line)),
  );
  const own = texts.map((text) => text.replace(include, "").replace('#include "program.h"', ""));
  const shared = readFileSync(join(folder, "program.h"), "utf8")
    .replace("#pragma once", "")
    .replace(/^(?!typedef|extern)[A-Za-z].*\);$/gm, "static $&")
    .replace(OUTPUT, "static __attribute__((noinline)) $1");
  return [shared, ...hidden, own.join("\n#line 1\n")].join("\n");
}

/** Runs every program of an executable. */
export async function runNative(executable: string): Promise<Outcome[]> {
  const { stdout } = await run(resolve(executable), [], {
    timeout: TIMEOUT_MS,
    maxBuffer: 256 << 20,
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0:detect_stack_use_after_return=1" },
  });
  return [...stdout.matchAll(/\x02\d+\n([^\x02]*)\x04(-?\d+) (\d+)\n/g)].map(([, text, status, signal]) =>
    outcomeOf(text!, Number(status), Number(signal)),
  );
}

function outcomeOf(text: string, status: number, signal: number): Outcome {
  const [output, trap = ""] = text.split("\x03");
  if ((status === 0 && trap === "") || (status === 70 && trap !== ""))
    return { output: output!, trap: trap.trimEnd() };
  return { output: output!, trap: `status ${status}, signal ${signal}: ${output!.slice(-1500)}` };
}
