// What all generated pages share: the head that says where they come from, and tables.

/** Lines of a page, joined by its writer. */
export type Lines = readonly string[];

/** A page: its title, what it is made from, its lines. */
export function page(title: string, source: string, lines: Lines): string {
  const made = `*Made from ${source} by \`node build.mjs docs\`. Change that, not this.*`;
  return `${[`# ${title}`, "", made, "", ...lines].join("\n").trimEnd()}\n`;
}

/** A table with one line a row. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A link to a heading of the same page, by the rule of the common renderers. */
export function anchor(heading: string): string {
  const name = heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "");
  return `#${name.replaceAll(" ", "-")}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
