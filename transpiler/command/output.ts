// Output: generated files into a folder, and nothing that an earlier run left there.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, type Diagnostic } from "../diagnostics.ts";

const LIST = "files.txt";

/** Writes what changed, and removes what an earlier run wrote and this one does not, so that a build tool sees only real changes. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  const old = listed(folder);
  mkdirSync(folder, { recursive: true });
  const all = new Map([...files, [LIST, `${[...files.keys()].join("\n")}\n`]]);
  for (const [name, text] of all) writeChanged(join(folder, name), text);
  for (const name of old) if (!all.has(name)) rmSync(join(folder, name), { force: true });
}

/** Writes a file, and the folder that it is to be in. */
export function writeOne(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeChanged(path, text);
}

function writeChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}

/** What an earlier run wrote into a folder: names without a path. */
function listed(folder: string): string[] {
  const list = join(folder, LIST);
  if (!existsSync(list)) return [];
  const names = new Set(readdirSync(folder));
  return readFileSync(list, "utf8")
    .split("\n")
    .filter((name) => /\.(c|h|js|mjs)$/.test(name) && names.has(name));
}

/** All diagnostics in tsc's form, and how many there are. */
export function diagnosticsText(diagnostics: readonly Diagnostic[]): string {
  const count = `${diagnostics.length} error${diagnostics.length === 1 ? "" : "s"}.`;
  return [...diagnostics.map(format), count].join("\n");
}
