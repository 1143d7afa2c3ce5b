// COMMANDS.md: every command of the shell, from the rows of src/shell/command-table.ts, in the order of `help`.

import ts from "typescript";
import { code, page, table } from "./markdown.ts";
import { Source } from "./source.ts";

const FILE = "src/shell/command-table.ts";

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** The command line, then what is said about it, as `--help` prints it. */
  readonly usage: string;
}

/** The text of docs/COMMANDS.md. */
export function commandsPage(root: string): string {
  const rows = commandsOf(root);
  const index = rows.map((row) => [code(row.name), row.summary]);
  const lines = [
    "Typed at the prompt `rayos> `, on the serial line or the keyboard. `help` lists these, and every command answers `--help`",
    "with what stands below.",
    "",
    ...table(["Command", "Does"], index),
    "",
    ...rows.flatMap((row) => [`## ${row.name}`, "", "```text", ...row.usage.split("\n"), "```", ""]),
  ];
  return page("The commands", `${code(FILE)} and the rows that it lists`, lines);
}

/** The rows of the table, in its order. */
export function commandsOf(root: string): CommandRow[] {
  const source = new Source(root, FILE);
  const list = source.constants().get("COMMANDS");
  if (list === undefined || !ts.isArrayLiteralExpression(list))
    throw new Error(`${FILE}: there is no table COMMANDS`);
  const imports = source.imports();
  return list.elements.map((element) => {
    const { path, name } = imports.get(element.getText()) ?? { path: FILE, name: element.getText() };
    return rowOf(new Source(root, path), name);
  });
}

/** `new Command(name, summary, usage, …)`. */
function rowOf(source: Source, name: string): CommandRow {
  const made = source.constants().get(name);
  const texts = made !== undefined && ts.isNewExpression(made) ? (made.arguments ?? []).slice(0, 3) : [];
  const [command, summary, usage] = texts.map((text) =>
    ts.isStringLiteralLike(text) ? text.text : undefined,
  );
  if (command === undefined || summary === undefined || usage === undefined) {
    throw new Error(`${source.path}: ${name} is no command that the documents understand`);
  }
  return { name: command, summary, usage };
}
