// Other releases than the one that is built: the same code under another version, and one that breaks as soon as it runs from a disk.

import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { buildRelease } from "../../../tools/build/build.ts";
import { forgetContent } from "../../../tools/build/freshness.ts";
import { readSymbol } from "../../../tools/build/symbols.ts";
import { writeImage } from "../../../tools/image/image.ts";
import type { Stage } from "./stage.ts";

/** UD2: an instruction that every processor refuses. */
const INVALID = Buffer.from([0x0f, 0x0b]);
const PROGRAM_HEADER_BYTES = 56;

/** A stick with this version, relative to the root. Its boot manager differs too, by some bytes that nothing reads. */
export async function makeStick(stage: Stage, version: string): Promise<string> {
  return writeStick(stage, version, () => undefined);
}

/**
 * A stick with this version, whose kernel faults at the first instruction of the function `symbol`. All its hashes are right: this is a
 * release that was built well and written badly.
 */
export async function makeBrokenStick(stage: Stage, version: string, symbol: string): Promise<string> {
  return writeStick(stage, version, (kernel, debug) => {
    const bytes = readFileSync(kernel);
    const at = fileOffset(bytes, readSymbol(readFileSync(debug), symbol));
    INVALID.copy(bytes, at);
    writeFileSync(kernel, bytes);
  });
}

async function writeStick(
  stage: Stage,
  version: string,
  change: (kernel: string, debug: string) => void,
): Promise<string> {
  const { paths, tools } = stage;
  const built = await buildRelease(paths, tools, version);
  const programs = { version, kernel: `${built.folder}/stick.elf`, bootManager: `${built.folder}/stick.efi` };
  copyFileSync(paths.of(built.kernel), paths.of(programs.kernel));
  copyFileSync(paths.of(paths.bootManager), paths.of(programs.bootManager));
  appendFileSync(paths.of(programs.bootManager), `RayOS ${version}`);
  change(paths.of(programs.kernel), paths.of(built.debug));
  for (const file of [programs.kernel, programs.bootManager]) forgetContent(paths.of(file));
  const image = `${built.folder}/stick.img`;
  await writeImage(paths, tools, image, "", programs);
  return paths.of(image);
}

/** Where the byte of a virtual address stands in an ELF file of 64 bits. */
function fileOffset(elf: Buffer, address: bigint): number {
  const from = Number(elf.readBigUInt64LE(0x20));
  const count = elf.readUInt16LE(0x38);
  for (let index = 0; index < count; index++) {
    const header = elf.subarray(
      from + index * PROGRAM_HEADER_BYTES,
      from + (index + 1) * PROGRAM_HEADER_BYTES,
    );
    const [offset, base, length] = [0x08, 0x10, 0x20].map((at) => header.readBigUInt64LE(at)) as [
      bigint,
      bigint,
      bigint,
    ];
    if (address >= base && address < base + length) return Number(offset + address - base);
  }
  throw new Error(`no segment of the kernel holds ${address.toString(16)}`);
}
