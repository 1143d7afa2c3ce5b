// ts-morph's TypeScript, loaded the quick way. Bundles take this file in the place of the package `ts-morph`, of which the
// transpiler uses nothing but `ts` (tools/bundle.mjs).
//
// Nine megabytes of JavaScript take longer to load than most programs to compile: what V8 made of them is kept beside the
// bundle, under a hash, for V8 believes what it is given. A file that is damaged, of another Node or of another TypeScript
// is as good as none, and so is a folder that cannot be written.

import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const HASH_BYTES = 32;
/** V8 complains of flags that it does not know. */
const NEWEST_NODE = 22;

/**
 * How much a function runs before V8 optimises it, in bytes of code executed; V8's own value is an eighth. A compiler that
 * is done after some seconds gets back little of what optimising costs: it took a quarter of the processors' time.
 */
if (Number(process.versions.node.split(".")[0]) <= NEWEST_NODE)
  setFlagsFromString("--interrupt-budget=1000000");

const path = typeScriptPath();
const cachePath = join(dirname(fileURLToPath(import.meta.url)), "typescript.code");
const source = readFileSync(path, "utf8");
const kept = readCode();
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: path,
  ...(kept === null ? {} : { cachedData: kept }),
});

export const ts = run();

/** Keeps what V8 compiled until now, unless there was such a file: at the end of a run, when it is most. */
export function keepCode(): void {
  if (kept !== null && script.cachedDataRejected === false) return;
  const code = script.createCachedData();
  const fresh = `${cachePath}.${process.pid}`;
  try {
    writeFileSync(fresh, Buffer.concat([hashOf(code), code]));
    renameSync(fresh, cachePath);
  } catch {
    return; // the next run takes as long as this one
  }
}

function run(): unknown {
  const loaded = { exports: {} };
  const wrapper = script.runInThisContext() as (...values: readonly unknown[]) => void;
  wrapper(loaded.exports, createRequire(path), loaded, path, dirname(path));
  return loaded.exports;
}

function readCode(): Buffer | null {
  try {
    const file = readFileSync(cachePath);
    const code = file.subarray(HASH_BYTES);
    return hashOf(code).equals(file.subarray(0, HASH_BYTES)) ? code : null;
  } catch {
    return null;
  }
}

function hashOf(code: Buffer): Buffer {
  return createHash("sha256").update(source.length.toString()).update(code).digest();
}

/** Where the TypeScript of ts-morph stands: beside the entry of the package that ts-morph is built on. */
function typeScriptPath(): string {
  const morph = createRequire(import.meta.url).resolve("ts-morph");
  return join(dirname(createRequire(morph).resolve("@ts-morph/common")), "typescript.js");
}
