// Clean files: those in which TypeScript's checker found nothing, by the content of all that its verdict depends on.
//
// Asking the checker is what costs most. What it says of a module depends on the module's text and on what it sees of others
// (`surfaces.ts`). Nothing is kept but that there was nothing to say; a file with errors is always asked about again.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { ts } from "ts-morph";
import { OPTIONS, type LoadedProgram } from "./files.ts";
import { hash, Surfaces } from "./surfaces.ts";

/** More than a tree of sources has; the least recently used go first. */
const KEYS_KEPT = 4000;

/** The keys of clean files, in memory and, with a path, on the disk. */
export class CleanFiles {
  /** Least recently used first. */
  private readonly keys: Set<string>;
  private changed = false;

  constructor(private readonly path: string | null) {
    this.keys = new Set(path === null ? [] : readKeys(path));
  }

  has(key: string): boolean {
    if (!this.keys.delete(key)) return false;
    this.keys.add(key);
    return true;
  }

  add(key: string): void {
    this.keys.add(key);
    this.changed = true;
  }

  /** A cache that cannot be written is none: that is no error. */
  save(): void {
    if (this.path === null || !this.changed) return;
    const fresh = `${this.path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      writeFileSync(fresh, `${[...this.keys].slice(-KEYS_KEPT).join("\n")}\n`);
      renameSync(fresh, this.path);
      this.changed = false;
    } catch {
      this.changed = true;
    }
  }
}

function readKeys(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((key) => /^[0-9a-f]{64}$/.test(key));
  } catch {
    return [];
  }
}

/** Gives the key of each file of a program. */
export class CleanKeys {
  private readonly surfaces: Surfaces;
  private readonly common: string;

  constructor(
    private readonly root: string,
    loaded: LoadedProgram,
  ) {
    this.surfaces = new Surfaces(root, loaded);
    const files = loaded.program.getSourceFiles();
    const library = files.filter((file) => file.isDeclarationFile).map((file) => file.text);
    this.common = hash([ts.version, OPTIONS, ...library]);
  }

  /** `null` for a file that has none, since it reaches a cycle of imports. */
  keyOf(file: ts.SourceFile): string | null {
    const seen = this.surfaces.seenFrom(file);
    return seen === null ? null : hash([this.common, relative(this.root, file.fileName), file.text, ...seen]);
  }
}

/** The files that one file imports, directly or not, and itself. */
export function reachedFrom(loaded: LoadedProgram, name: string): Set<string> {
  const reached = new Set([name]);
  for (const one of reached)
    for (const target of loaded.imports.get(one)?.values() ?? []) if (target !== null) reached.add(target);
  return reached;
}

/**
 * Whether a file can only be seen by those that import it: a module that adds nothing to the global scope. Verdicts on others are
 * not kept, and such programs are not looked at together.
 */
export function isSelfContained(file: ts.SourceFile): boolean {
  const directives = [file.referencedFiles, file.typeReferenceDirectives, file.libReferenceDirectives];
  return (
    ts.isExternalModule(file) &&
    directives.every((list) => list.length === 0) &&
    !file.statements.some(ts.isModuleDeclaration)
  );
}
