// Fixtures: sources that say, at the end of a line, which diagnostics they expect there: `// error: RAY0201`.
//
// A fixture is a file, or a folder whose `main.ts` is the entry and which is the root that file names are relative to.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { compile } from "./compiler.ts";

export interface Fixture {
  /** `RAY0201`: the diagnostic that it is about. */
  readonly code: string;
  /** The folder and file, for the report. */
  readonly name: string;
  readonly root: string;
  readonly entry: string;
}

export function fixturesIn(root: string, folder: string): Fixture[] {
  return readdirSync(join(root, folder))
    .sort()
    .map((name) => {
      const path = join(root, folder, name);
      const isFolder = statSync(path).isDirectory();
      return {
        code: name.slice(0, 7),
        name: join(folder, name),
        root: isFolder ? path : root,
        entry: isFolder ? "main.ts" : join(folder, name),
      };
    });
}

export function isFile(fixture: Fixture): boolean {
  return fixture.entry !== "main.ts";
}

/** `file:line code` of each diagnostic that the fixture's comments announce. */
export function expectedOf(fixture: Fixture): string[] {
  const files = isFile(fixture)
    ? [fixture.entry]
    : filesBelow(fixture.root).map((path) => relative(fixture.root, path));
  return files.flatMap((file) => announcedIn(fixture.root, file)).sort();
}

function announcedIn(root: string, file: string): string[] {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const codes = /\/\/ error: ([A-Z0-9 ]+)$/.exec(line)?.[1] ?? "";
    return codes
      .split(" ")
      .filter((code) => code !== "")
      .map((code) => `${file}:${index + 1} ${code}`);
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** What the compiler says of it, in the same form. Several of a code in a line count as one. */
export function reportedFor(fixture: Fixture): string[] {
  try {
    const { diagnostics } = compile(fixture.root, fixture.entry);
    return [...new Set(diagnostics.map(({ file, line, code }) => `${file}:${line} ${code}`))].sort();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
