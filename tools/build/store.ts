// The store: what was compiled once, by the hash of all that went into it. Builds and the store have the same files, each
// under a name of its own, so that taking one costs nothing, and taking it out of the store takes it from nobody.
//
// Several checkouts may share a store, and several builds may be at work in it. What some build has is no cost of the store's
// and stays. What only the store has any more goes, the longest unused first, where it is more than the bound.

import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";

/** Of what only the store has: some hundred versions of the whole tree. */
const BOUND_BYTES = 256 * 1024 * 1024;
/** A name that is no entry's is of a build that is at work, or was ended; none takes as long. */
const WORK_MS = 3_600_000;
/** Looking through the store takes longer than adding to it: it is done first, and again after this part of the bound. */
const PART = 16;
const ENTRY = /^([0-9a-f]{64})(\.\w+)$/;

interface Entry {
  /** The object last: where it is, the others are. */
  readonly names: string[];
  bytes: number;
  /** When a build last took it or let it go: the system notes when the number of a file's names changes. */
  usedMs: number;
  isHeld: boolean;
}

export class ObjectStore {
  /** What was added since the last pruning, and how much of it makes one due. */
  private addedBytes = 0;
  private dueBytes = 1;

  constructor(
    private readonly folder: string,
    private readonly boundBytes = BOUND_BYTES,
  ) {}

  /** Puts what is kept under `key` in the places of `files`; whether all of it was there. */
  take(key: string, files: readonly string[]): boolean {
    try {
      for (const file of files) linkWhole(this.placeOf(key, file), file);
      return true;
    } catch (fault) {
      if (isMissing(fault)) return false;
      throw fault;
    }
  }

  /** Keeps `files`, of which the object is the last. */
  put(key: string, files: readonly string[]): void {
    for (const file of files) {
      linkWhole(file, this.placeOf(key, file));
      this.addedBytes += statSync(file).size;
    }
  }

  /** Removes what is beyond the bound, where much was added. */
  prune(): void {
    if (this.addedBytes < this.dueBytes) return;
    this.addedBytes = 0;
    this.dueBytes = Math.max(1, this.boundBytes / PART);
    const unused = this.entries().filter(({ isHeld }) => !isHeld);
    unused.sort((a, b) => a.usedMs - b.usedMs);
    let bytes = unused.reduce((sum, one) => sum + one.bytes, 0);
    for (const entry of unused) {
      if (bytes <= this.boundBytes) return;
      for (const name of entry.names.reverse()) rmSync(join(this.folder, name), { force: true });
      bytes -= entry.bytes;
    }
  }

  private entries(): Entry[] {
    const entries = new Map<string, Entry>();
    for (const name of readdirSync(this.folder).sort().reverse()) {
      const path = join(this.folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) continue; // another build prunes too
      const key = ENTRY.exec(name)?.[1];
      if (key !== undefined) enter(entries, key, name, stats);
      else if (Date.now() - stats.ctimeMs > WORK_MS) rmSync(path, { force: true });
    }
    return [...entries.values()];
  }

  private placeOf(key: string, file: string): string {
    return join(this.folder, `${key}${/\.\w+$/.exec(file)![0]}`);
  }
}

function enter(entries: Map<string, Entry>, key: string, name: string, stats: Stats): void {
  const entry = entries.get(key) ?? { names: [], bytes: 0, usedMs: 0, isHeld: false };
  entries.set(key, entry);
  entry.names.push(name);
  entry.bytes += stats.size;
  entry.usedMs = Math.max(entry.usedMs, stats.ctimeMs);
  entry.isHeld ||= stats.nlink > 1;
}

/** One file under another name too, whoever else does the same. */
function linkWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const fresh = `${to}.${process.pid}`;
  rmSync(fresh, { force: true });
  linkSync(from, fresh);
  renameSync(fresh, to);
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && "code" in fault && fault.code === "ENOENT";
}
