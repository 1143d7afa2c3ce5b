// Linking: objects to rayos.elf and rayboot.efi, and nothing in them that another run would write differently.

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { contentHash, isFresh, keyOf, markFresh, toolIdentity } from "./freshness.ts";

const DEADLINE_MS = 120_000;
const KERNEL_SCRIPT = "linker/kernel.ld";

/**
 * Where the boot manager would like to be loaded: memory that a machine with UEFI has free when it starts one. Firmware made of edk2
 * grants it, which spares a debugger the search; anywhere else the image is relocated as usual.
 */
const BOOT_MANAGER_BASE = "0x2000000";

/** With what a debugger reads, or without. */
export type Dress = "debug" | "stripped";

/** Links the kernel by its script. */
export async function linkKernel(
  paths: Paths,
  tools: Toolbox,
  objects: readonly string[],
  dress: Dress,
  output: string,
): Promise<void> {
  const args = [
    "--nostdlib",
    "-static",
    "--gc-sections",
    "--build-id=none",
    "--fatal-warnings",
    ...["-z", "max-page-size=4096"],
    ...["-z", "noexecstack"],
    ...["-T", KERNEL_SCRIPT],
    ...(dress === "stripped" ? ["--strip-all"] : []),
  ];
  await link(paths, tools.ldElf, [...args, "-o", output, ...objects], [KERNEL_SCRIPT, ...objects], output);
}

/** Links the boot manager: a PE32+ UEFI application whose time stamp says nothing. */
export async function linkBootManager(
  paths: Paths,
  tools: Toolbox,
  objects: readonly string[],
  dress: Dress,
  output: string,
): Promise<void> {
  const args = [
    "/subsystem:efi_application",
    "/entry:efi_main",
    "/nodefaultlib",
    "/machine:x64",
    "/timestamp:0",
    "/opt:ref",
    "/opt:noicf",
    `/base:${BOOT_MANAGER_BASE}`,
    "/WX",
    ...(dress === "debug" ? ["/debug:dwarf"] : []),
  ];
  await link(paths, tools.ldPe, [...args, `/out:${output}`, ...objects], objects, output);
}

async function link(
  paths: Paths,
  program: string,
  args: readonly string[],
  inputs: readonly string[],
  output: string,
): Promise<void> {
  mkdirSync(dirname(paths.of(output)), { recursive: true });
  const present = inputs.filter((name) => existsSync(paths.of(name)));
  const key = keyOf([toolIdentity(program), ...args, ...present.map((name) => contentHash(paths.of(name)))]);
  if (isFresh(paths.of(output), key)) return;
  await runOrFail(program, args, { cwd: paths.root, deadlineMs: DEADLINE_MS });
  markFresh(paths.of(output), key);
}
