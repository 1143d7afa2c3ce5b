// The generated pages: current, made anew when what they show changes, and read rightly from the sources.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { commandsOf } from "../../tools/docs/commands.ts";
import { writeDocuments } from "../../tools/docs/documents.ts";
import { layoutsOf } from "../../tools/docs/formats.ts";
import { markersOf } from "../../tools/docs/markers.ts";
import { listSources, Source } from "../../tools/docs/source.ts";

t.setTimeout(300_000);
const root = process.env["RAYOS_ROOT"] ?? process.cwd();
const sources = listSources(root).map((path) => new Source(root, path));

/** A copy of what the pages are made from, and of the pages, to be changed. */
function copyOfSources(): string {
  const copy = mkdtempSync(join(tmpdir(), "rayos-docs-"));
  t.teardown(() => rmSync(copy, { recursive: true, force: true }));
  for (const folder of ["src", "uefi", "docs"])
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  writeDocuments(copy, false);
  return copy;
}

function replaceIn(folder: string, path: string, old: string, fresh: string): void {
  const text = readFileSync(join(folder, path), "utf8");
  if (!text.includes(old)) throw new Error(`${path} does not hold '${old}'`);
  writeFileSync(join(folder, path), text.replace(old, fresh));
}

t.test("every generated page is current, or: node build.mjs docs", async (t) => {
  t.strictSame(writeDocuments(root, true), []);
});

t.test("a page is out of date when what it shows changes, until it is made anew", async (t) => {
  const copy = copyOfSources();
  t.strictSame(writeDocuments(copy, true), []);
  const changes = [
    ["src/format/handoff.ts", "/** 1 at the first try. */", "/** 1 at first. */", "docs/FORMATS.md"],
    ["src/format/gpt.ts", "revision: le32(8)", "revision: be32(8)", "docs/FORMATS.md"],
    ["src/base/markers.ts", "RAYOS_KERNEL_START", "RAYOS_KERNEL_STARTS", "docs/MARKERS.md"],
    ["src/shell/system-commands.ts", '"restart the machine"', '"start anew"', "docs/COMMANDS.md"],
    ["src/base/README.md", "# base: the ground", "# base: the floor", "docs/LAYERS.md"],
  ] as const;
  for (const [path, old, fresh, page] of changes) {
    replaceIn(copy, path, old, fresh);
    t.strictSame(writeDocuments(copy, true), [page], `${path} is seen in ${page}`);
    t.strictSame(writeDocuments(copy, false), [page]);
    t.strictSame(writeDocuments(copy, true), [], `${page} is current again`);
  }
});

t.test("a declaration that the generators do not understand is an error, never a wrong page", async (t) => {
  const copy = copyOfSources();
  replaceIn(copy, "src/format/gpt.ts", "revision: le32(8)", "revision: le32(8 / 1)");
  t.throws(() => writeDocuments(copy, true), /gpt\.ts: '8 \/ 1' is no constant/);
});

t.test("the fields of every record follow each other and fill it", async (t) => {
  const found = sources.flatMap((source) =>
    layoutsOf(source).map((layout) => ({ path: source.path, layout })),
  );
  t.ok(found.length > 40, `${found.length} records`);
  for (const { path, layout } of found) {
    let end = 0;
    for (const field of layout.fields) {
      if (field.offset !== end)
        t.fail(`${path}: ${layout.name}.${field.name} stands at ${field.offset}, not at ${end}`);
      end += field.bytes;
    }
    t.equal(end, layout.byteLength, `${path}: ${layout.name}`);
  }
});

t.test("every exported function of markers.ts is a marker of its own", async (t) => {
  const path = "src/base/markers.ts";
  const markers = markersOf(new Source(root, path));
  const functions = readFileSync(join(root, path), "utf8").match(/^export function /gm) ?? [];
  t.equal(markers.length, functions.length);
  t.equal(new Set(markers.map((marker) => marker.shape)).size, markers.length, "no two have one shape");
  for (const { shape } of markers) t.match(shape, /^RAYOS_[A-Z_]+(:([A-Z_]+|<\w+>|<\w+>[x/_]\w*(<\w+>)?))*$/);
});

t.test("every command that a file of the shell declares stands in the table, once", async (t) => {
  const declared = sources
    .filter(({ path }) => path.startsWith("src/shell/"))
    .flatMap(({ path }) => {
      return [...readFileSync(join(root, path), "utf8").matchAll(/new Command\(\s*"([^"]+)"/g)].map(
        (match) => match[1]!,
      );
    });
  const listed = commandsOf(root).map((row) => row.name);
  t.strictSame([...listed].sort(), [...declared].sort());
  t.equal(new Set(listed).size, listed.length);
});
