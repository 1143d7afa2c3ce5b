// docs/language/diagnostics.md: what rayc refuses, from transpiler/diagnostics.ts, each with a line that is refused, from the
// fixtures of the transpiler's tests.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DIAGNOSTICS, type Template } from "../../transpiler/diagnostics.ts";
import { page } from "./markdown.ts";

/** By the third and fourth digit of a code. */
const GROUPS: Readonly<Record<string, string>> = {
  "01": "Files and modules",
  "02": "Numbers",
  "03": "Data",
  "04": "Statements and expressions",
};

const FIXTURES = "tests/transpiler";

/** The text of docs/language/diagnostics.md. */
export function diagnosticsPage(root: string): string {
  const lines = [
    "What TypeScript itself accepts and the subset does not, with what to write instead. `…` stands for what the message names.",
    "`rayc --json` gives the same with file, line and column. Every number has a source that is refused and one that is",
    `accepted, below \`${FIXTURES}/\`; the lines shown are those of the refused one.`,
  ];
  for (const [digits, title] of Object.entries(GROUPS)) {
    const group = Object.values(DIAGNOSTICS).filter((one) => one.code.slice(3, 5) === digits);
    lines.push("", `## ${title}`, ...group.flatMap((one) => section(root, one)));
  }
  return page("What rayc refuses", "transpiler/diagnostics.ts", lines);
}

function section(root: string, { code: number, text }: Template): string[] {
  const sentence = text.replaceAll(/\{\d\}/g, "…");
  const refused = refusedLines(root, number);
  const example = refused.length === 0 ? [] : ["", "```ts", ...refused, "```"];
  return ["", `### ${number}`, "", sentence, ...example, "", links(root, number)];
}

/** The lines that the fixture marks with the number. */
function refusedLines(root: string, number: string): string[] {
  const path = join(root, FIXTURES, "reject", `${number}.ts`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line.includes(`// error: ${number}`))
    .map((line) => line.slice(0, line.indexOf("// error:")).trim());
}

function links(root: string, number: string): string {
  const link = (folder: string, word: string): string => {
    const name = existsSync(join(root, FIXTURES, folder, `${number}.ts`)) ? `${number}.ts` : `${number}/`;
    return `[${word}](../../${FIXTURES}/${folder}/${name})`;
  };
  return `${link("reject", "Refused")}, ${link("accept", "accepted")}.`;
}
