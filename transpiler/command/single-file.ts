// One C file for a whole program: what `-o` writes. It includes nothing of ours, so it can be compiled wherever it is.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Target } from "./options.ts";

const OWN_INCLUDE = /^#include "[^"]*"\n/gm;
/** Means something in a header alone. */
const ONCE = /^#pragma once\n/gm;

/** A program uses some of what the run-time offers. */
const UNUSED = '#pragma GCC diagnostic ignored "-Wunused-function"\n';

/** Joins the files of a program: the run-time's header, all declarations, the modules; for the host its run-time too. */
export function joinFiles(files: ReadonlyMap<string, string>, target: Target): string {
  const modules = [...files].filter(([name]) => name.endsWith(".c")).map(([, text]) => text);
  const runtime = runtimeFolder();
  const parts = [
    UNUSED,
    readFileSync(join(runtime, "shared/ray.h"), "utf8"),
    files.get("program.h") ?? "",
    ...modules,
    ...(target === "host" ? [readFileSync(join(runtime, "host/host.c"), "utf8")] : []),
  ];
  return parts.map((part) => part.replace(OWN_INCLUDE, "").replace(ONCE, "")).join("\n");
}

/** `runtime-c` of the package that holds the compiler. */
function runtimeFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = join(folder, "runtime-c");
    if (existsSync(join(found, "shared/ray.h"))) return found;
    if (dirname(folder) === folder)
      throw new Error("rayc's run-time, runtime-c/shared/ray.h, is nowhere above the compiler");
  }
}
