// Freshness: whether an output is still what its inputs make. A key is a hash over everything that goes into a step
// (file contents, flags, the tool itself) and stands beside the output in `<output>.key`. Times of files say nothing.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const contentHashes = new Map<string, string>();

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The hash of a file, read once a run; call `forgetContent` for what the run itself writes. */
export function contentHash(path: string): string {
  const known = contentHashes.get(path);
  if (known !== undefined) return known;
  const hash = sha256(readFileSync(path));
  contentHashes.set(path, hash);
  return hash;
}

export function forgetContent(path: string): void {
  contentHashes.delete(path);
}

/** A tool of the machine, by size and time: another version is another key, and nobody hashes 100 MB of compiler. */
export function toolIdentity(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** One key over many parts; no two lists of parts give the same. */
export function keyOf(parts: readonly string[]): string {
  return sha256(JSON.stringify(parts));
}

export function isFresh(output: string, key: string): boolean {
  return existsSync(output) && existsSync(`${output}.key`) && readFileSync(`${output}.key`, "utf8") === key;
}

export function markFresh(output: string, key: string): void {
  forgetContent(output);
  replaceFile(`${output}.key`, key);
}

/** Writes a file whole or not at all. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}
