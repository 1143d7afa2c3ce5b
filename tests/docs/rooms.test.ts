// The rooms' own READMEs agree with the table of layers, and markers are built where their page says.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import ts from "typescript";
import { listSources } from "../../tools/docs/source.ts";
import { LAYERS } from "../../transpiler/layers.ts";

const root = process.env["RAYOS_ROOT"] ?? process.cwd();
const PURE = ["base", "format", "policy"];

function readmeOf(room: string): string {
  const path = join(root, room === "uefi" ? "uefi" : `src/${room}`, "README.md");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** The rooms that a README says its room may import: named in backticks, or "the pure rooms", or "everything but". */
function importsSaidBy(readme: string): Set<string> {
  const [, said = ""] = /^\*\*May import\*\* (.*)$/m.exec(readme) ?? [];
  const named = [...said.matchAll(/`(?:src\/)?(\w+)`/g)].map((match) => match[1]!);
  if (said.startsWith("everything but ")) {
    const rest = Object.keys(LAYERS).filter((room) => !named.includes(room));
    return new Set(rest.filter((room) => room !== "kernel" && room !== "uefi"));
  }
  return new Set(said.includes("the pure rooms") ? [...PURE, ...named] : named);
}

/** The constant texts of a file: strings, and what templates begin with. Comments are none. */
function textsOf(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ES2022));
  return texts;
}

t.test("every room says what it owns, promises, may import and touch, and what tests it", async (t) => {
  for (const room of Object.keys(LAYERS)) {
    const readme = readmeOf(room);
    const missing = ["Owns.", "Promises.", "May import", "May touch", "Tested by"].filter(
      (head) => !readme.includes(`**${head}**`),
    );
    t.strictSame(missing, [], room);
  }
});

t.test("what a room says it may import is what the compiler lets it import", async (t) => {
  for (const [room, allowed] of Object.entries(LAYERS)) {
    t.strictSame([...importsSaidBy(readmeOf(room))].sort(), [...allowed].sort(), room);
  }
});

t.test("no marker is written out anywhere but in the file of the markers", async (t) => {
  const places = listSources(root).filter((path) =>
    textsOf(path).some((text) => /^\s*RAYOS_[A-Z]/.test(text)),
  );
  t.strictSame(places, ["src/base/markers.ts"]);
});
