// The pages of docs/language: their fenced sources, what each says of itself, and what the compiler makes of them.
//
// A fence that opens with `ts` is accepted: its `main` prints what the comments `// prints: …` say, the lines of the output
// in one, and ends as `// traps: …` says. One that opens with `ts refused CODE` gives that diagnostic.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "./compiler.ts";

const PAGES = "docs/language";
const HELPERS = ["big", "number", "word", "yes"];
const OUTPUT = "tests/transpiler/programs/support/output.ts";

export interface Example {
  /** `types.md:12`, where it stands. */
  readonly name: string;
  /** The file that it was written to, relative to the root. */
  readonly file: string;
  /** The diagnostic that it gives; `null` where it is accepted. */
  readonly refused: string | null;
  readonly prints: readonly string[];
  readonly traps: string | null;
}

/** Every example of every page, written as a module of its own into `folder` (relative to the root, two deep). */
export function examplesOf(root: string, folder: string): Example[] {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  const pages = readdirSync(join(root, PAGES)).filter(
    (page) => page.endsWith(".md") && page !== "diagnostics.md",
  );
  return pages.sort().flatMap((page) => {
    const text = readFileSync(join(root, PAGES, page), "utf8");
    return [...text.matchAll(/^```ts(?: refused (\w+))?\n([^]*?)^```$/gm)].map((match) => {
      const line = text.slice(0, match.index).split("\n").length;
      const file = `${folder}/${page.replace(".md", "")}-${line}.ts`;
      writeFileSync(join(root, file), moduleOf(match[2]!));
      const prints = [...match[2]!.matchAll(/\/\/ prints: (.*)$/gm)].flatMap((one) => one[1]!.split(" "));
      const traps = /\/\/ traps: (\w+)/.exec(match[2]!)?.[1] ?? null;
      return { name: `${page}:${line}`, file, refused: match[1] ?? null, prints, traps };
    });
  });
}

function moduleOf(body: string): string {
  const used = HELPERS.filter((name) => new RegExp(`\\b${name}\\(`).test(body));
  const imports = used.length === 0 ? "" : `import { ${used.join(", ")} } from "../../../${OUTPUT}";\n`;
  const main = body.includes("export function main(") ? "" : "\nexport function main(): void {}\n";
  return imports + body + main;
}

/** The codes that each of some modules gives, compiled together. */
export function codesOf(root: string, folder: string, examples: readonly Example[]): Map<Example, string[]> {
  const entry = join(folder, "entry.ts");
  const imports = examples.map(({ file }) => `import "./${file.slice(folder.length + 1)}";`);
  writeFileSync(join(root, entry), [...imports, "export function main(): void {}", ""].join("\n"));
  const { diagnostics } = compile(root, entry);
  return new Map(
    examples.map((example) => {
      const own = diagnostics.filter((one) => one.file === example.file).map((one) => one.code);
      return [example, [...new Set(own)]];
    }),
  );
}
