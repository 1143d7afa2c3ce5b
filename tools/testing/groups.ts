// The groups of tests, and which files belong to each.

import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";

/** In the order in which they run: the quick ones first. */
export const GROUPS = ["docs", "unit", "sim", "transpiler", "format", "fuzz", "headless"] as const;
export type Group = (typeof GROUPS)[number];

export interface TestFile {
  readonly group: Group;
  /** Relative to the root. */
  readonly path: string;
}

export function isGroup(word: string): word is Group {
  return GROUPS.some((group) => group === word);
}

/** The test files of these groups whose path contains `name`; none at all is a Failure. */
export function findTests(paths: Paths, groups: readonly Group[], name: string): TestFile[] {
  const found = groups.flatMap((group) =>
    listFiles(paths, `tests/${group}`)
      .filter((path) => path.endsWith(".test.ts") && path.includes(name))
      .map((path) => ({ group, path })),
  );
  if (found.length === 0) throw new Failure(`No test of ${groups.join(", ")} has '${name}' in its name.`);
  return found;
}

function listFiles(paths: Paths, folder: string): string[] {
  try {
    const entries = readdirSync(paths.of(folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files
      .map((entry) => relative(paths.root, `${entry.parentPath ?? entry.path}/${entry.name}`))
      .sort();
  } catch {
    return [];
  }
}
