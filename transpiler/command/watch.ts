// Watching: a round after every change of a source. Folders are watched rather than files, for editors replace files, and a
// module that is missing may appear.

import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Compiler } from "../compiler.ts";

/** Editors write in several steps. */
const SETTLE_MS = 20;

/** Does `round` now and whenever a source of the last round changes; never comes back. */
export async function watchSources(compiler: Compiler, entry: string, round: () => void): Promise<never> {
  // Whoever started it with a channel to it, as an editor does, takes it along at the end, however that comes.
  process.once("disconnect", () => process.exit());
  const folders = new Map<string, FSWatcher>();
  let changed: (() => void) | null = null;
  const notice = (_: string, name: string | null): void => {
    if (name === null || name.endsWith(".ts")) changed?.();
  };
  for (;;) {
    const change = new Promise<void>((resolve) => {
      changed = resolve;
    });
    // Watched before it is read, and again what it has come to import: no change falls between.
    follow(folders, [dirname(entry), ...compiler.folders()], notice);
    round();
    follow(folders, [dirname(entry), ...compiler.folders()], notice);
    await change;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

/** Watches these folders and no others. */
function follow(
  watchers: Map<string, FSWatcher>,
  folders: readonly string[],
  notice: (event: string, name: string | null) => void,
): void {
  for (const folder of folders) {
    if (watchers.has(folder)) continue;
    try {
      watchers.set(folder, watch(folder, notice));
    } catch {
      continue; // the folder of an import that is missing may be missing too
    }
  }
  for (const [folder, watcher] of watchers) {
    if (folders.includes(folder)) continue;
    watcher.close();
    watchers.delete(folder);
  }
}
