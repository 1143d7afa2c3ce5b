// Writes the reference pages: docs.mjs <folder>.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIAGNOSTICS } from "../../transpiler/diagnostics.ts";
import { LAYERS } from "../../transpiler/layers.ts";

const folder = process.argv[2]!;

function page(name: string, title: string, source: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const text = [`# ${title}`, "", `Made from \`${source}\` by \`node build.mjs docs\`.`, "", ...lines, ""].join("\n");
  writeFileSync(join(folder, name), text);
  console.log(`docs/reference/${name}`);
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\{\d\}/g, "…");

page("diagnostics.md", "What rayc refuses", "transpiler/diagnostics.ts", [
  "| Number | Sentence |",
  "|---|---|",
  ...Object.values(DIAGNOSTICS).map(({ code, text }) => `| ${code} | ${cell(text)} |`),
]);

page("layers.md", "Which room may import which", "transpiler/layers.ts", [
  "| Room | May import |",
  "|---|---|",
  ...Object.entries(LAYERS).map(([room, allowed]) => `| \`${room}\` | ${allowed.map((each) => `\`${each}\``).join(", ")} |`),
]);
