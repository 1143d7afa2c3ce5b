// The corpora of the fuzz targets. In the repository each target has a text file, a line an input: its bytes in base64, and
// behind a space, for inputs that once found something, what that was. libFuzzer wants a file each: those stand under build/.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../paths.ts";

const KEPT = "tests/fuzz/corpus";
/** Inputs that a target once fell over: they are replayed for ever. */
const FOUND = "tests/fuzz/found";

/** The inputs of a target that the repository keeps: the corpus, then what was found. */
export function keptInputs(paths: Paths, target: string): Buffer[] {
  return [KEPT, FOUND].flatMap((folder) => readInputs(paths.of(folder, `${target}.txt`)));
}

function readInputs(path: string): Buffer[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => Buffer.from(line.split(" ")[0]!, "base64"));
}

/** Writes inputs as files of a folder, named after their content; their paths in order. */
export function unpackInputs(folder: string, inputs: readonly Buffer[]): string[] {
  mkdirSync(folder, { recursive: true });
  return inputs.map((input) => {
    const path = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 24));
    if (!existsSync(path)) writeFileSync(path, input);
    return path;
  });
}

/** Takes the files of a folder as the target's corpus, the small ones first. */
export function keepCorpus(paths: Paths, target: string, folder: string): number {
  const inputs = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  inputs.sort((one, other) => one.length - other.length || one.compare(other));
  const lines = inputs.map((input) => `${input.toString("base64")}\n`);
  mkdirSync(paths.of(KEPT), { recursive: true });
  writeFileSync(paths.of(KEPT, `${target}.txt`), lines.join(""));
  return inputs.length;
}

/** An empty folder. */
export function emptyFolder(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}
