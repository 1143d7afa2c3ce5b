// The image as a step of the build: build/rayos.img, and the same as qcow2. Left out when programs, version and the code
// that writes it are those of the image that is there.

import { contentHash, isFresh, keyOf, markFresh } from "../build/freshness.ts";
import { ownVersion } from "../build/release-source.ts";
import { bundle } from "../bundle.mjs";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";

const DEADLINE_MS = 120_000;
const BOOT_SECTOR_SOURCE = "runtime-c/bios/boot-sector.asm";
const BOOT_SECTOR = "build/obj/boot-sector.bin";
/** 2026-01-01 00:00:00 UTC: the time of all files, unless the environment says another. */
const DEFAULT_SECONDS = "1767225600";

/** Builds build/rayos.img and build/rayos.qcow2. */
export async function buildImage(paths: Paths, tools: Toolbox): Promise<void> {
  const key = await writeImage(paths, tools, paths.image, "");
  if (isFresh(paths.of(paths.qcow2), key)) return;
  const convert = ["convert", "-f", "raw", "-O", "qcow2", paths.image, paths.qcow2];
  await runOrFail(tools.qemuImg, convert, { cwd: paths.root, deadlineMs: DEADLINE_MS });
  markFresh(paths.of(paths.qcow2), key);
}

/** The programs of an image, relative to the root, and the version that they are of. */
export interface Programs {
  readonly kernel: string;
  readonly bootManager: string;
  readonly version: string;
}

/** Writes the image `output` unless it is fresh, with `settings` as its configuration; returns its key. */
export async function writeImage(
  paths: Paths,
  tools: Toolbox,
  output: string,
  settings: string,
  programs: Programs = { ...paths, version: ownVersion(paths) },
): Promise<string> {
  await runOrFail(tools.nasm, ["-f", "bin", "-Werror", BOOT_SECTOR_SOURCE, "-o", BOOT_SECTOR], {
    cwd: paths.root,
    deadlineMs: DEADLINE_MS,
  });
  const writer = await bundle(paths.root, "tools/image/main.ts", "build/tool/image.mjs");
  const { version } = programs;
  const seconds = process.env["SOURCE_DATE_EPOCH"] ?? DEFAULT_SECONDS;
  if (!/^\d{1,10}$/.test(seconds))
    throw new Failure(`SOURCE_DATE_EPOCH is '${seconds}', which is no number of seconds.`);
  const inputs = [programs.kernel, programs.bootManager, BOOT_SECTOR];
  const hashes = inputs.map((name) => contentHash(paths.of(name)));
  const key = keyOf([contentHash(writer), version, seconds, settings, ...hashes]);
  if (isFresh(paths.of(output), key)) return key;
  const args = [writer, output, ...inputs, version, seconds, settings];
  await runOrFail(process.execPath, ["--enable-source-maps", ...args], {
    cwd: paths.root,
    deadlineMs: DEADLINE_MS,
  });
  markFresh(paths.of(output), key);
  return key;
}
