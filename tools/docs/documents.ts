// The documents that are made from tables of the sources, and whether they are current.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandsPage } from "./commands.ts";
import { diagnosticsPage } from "./diagnostics.ts";
import { formatsPage } from "./formats.ts";
import { layersPage } from "./layers.ts";
import { markersPage } from "./markers.ts";

interface Document {
  /** Relative to the root. */
  readonly path: string;
  /** Its whole text, from the sources below `root`. */
  readonly text: (root: string) => string;
}

const DOCUMENTS: readonly Document[] = [
  { path: "docs/FORMATS.md", text: formatsPage },
  { path: "docs/MARKERS.md", text: markersPage },
  { path: "docs/COMMANDS.md", text: commandsPage },
  { path: "docs/LAYERS.md", text: layersPage },
  { path: "docs/language/diagnostics.md", text: diagnosticsPage },
];

/**
 * Writes every document that is not current, or with `check` writes nothing.
 * Returns the paths of those that were (or would be) changed.
 */
export function writeDocuments(root: string, check: boolean): string[] {
  const changed: string[] = [];
  for (const { path, text } of DOCUMENTS) {
    const place = join(root, path);
    const fresh = text(root);
    if (existsSync(place) && readFileSync(place, "utf8") === fresh) continue;
    changed.push(path);
    if (check) continue;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, fresh);
  }
  return changed;
}
