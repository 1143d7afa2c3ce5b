// Which release a kernel is of: the section `.release` (`linker/kernel.ld`, `src/machine/image.ts`), written when the kernel is
// linked. The version has one home, package.json; nothing that is compiled knows it, so another version is another link.

import { readFileSync } from "node:fs";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { replaceFile } from "./freshness.ts";

const TEXT_BYTES = 32;
const STEP = 1000;

/** The version in package.json. */
export function ownVersion(paths: Paths): string {
  return (JSON.parse(readFileSync(paths.of("package.json"), "utf8")) as { version: string }).version;
}

/** 1.2.3 as a number that grows with it: a thousand steps a place. */
export function versionNumber(version: string): number {
  const places = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(version)?.slice(1).map(Number);
  if (places === undefined)
    throw new Failure(`A version is three numbers below ${STEP} with dots, not '${version}'.`);
  return places.reduce((number, place) => number * STEP + place, 0);
}

/** Writes the section for nasm: the number, then the text, filled up with zeros. */
export function writeReleaseSource(sourcePath: string, version: string): void {
  const text = Buffer.alloc(TEXT_BYTES);
  text.write(version, 0, TEXT_BYTES - 1, "latin1");
  replaceFile(
    sourcePath,
    `section .release progbits alloc noexec nowrite align=8\ndd ${versionNumber(version)}\ndb ${[...text].join(",")}\n`,
  );
}
