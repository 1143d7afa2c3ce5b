// FORMATS.md: every record of src/format, field by field, from its `layout(...)` declaration.
//
// A file stands there if it declares a layout or draws one in its header. What a comment of a field calls an enum in
// backticks is listed below the record, with its values.

import { basename, dirname } from "node:path";
import ts from "typescript";
import { anchor, code, page, table } from "./markdown.ts";
import { listSources, Source } from "./source.ts";

const FOLDER = "src/format";

/** How the functions that declare a field are spelled in the table. */
const TYPES: Readonly<Record<string, { name: string; bytes: number }>> = {
  at8: { name: "u8", bytes: 1 },
  le16: { name: "u16", bytes: 2 },
  le32: { name: "u32", bytes: 4 },
  le64: { name: "u64", bytes: 8 },
  be16: { name: "u16, big endian", bytes: 2 },
  be32: { name: "u32, big endian", bytes: 4 },
  be64: { name: "u64, big endian", bytes: 8 },
};

export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly type: string;
  readonly documentation: string;
}

export interface Layout {
  readonly name: string;
  readonly byteLength: number;
  readonly documentation: string;
  readonly fields: readonly Field[];
}

interface EnumValue {
  readonly name: string;
  readonly value: number;
  readonly documentation: string;
}

/** An enum where it stands. */
interface Enum {
  readonly source: Source;
  readonly declaration: ts.EnumDeclaration;
}

type Enums = ReadonlyMap<string, Enum>;

/** The text of docs/FORMATS.md. */
export function formatsPage(root: string): string {
  const all = listSources(root).map((path) => new Source(root, path));
  const sources = all.filter((source) => dirname(source.path) === FOLDER);
  // Where two bear one name, that of src/format is meant: it comes last.
  const enums = new Map([...all, ...sources].flatMap(enumsOf));
  const shown = sources.filter((source) => layoutsOf(source).length > 0 || hasDrawing(source.header()));
  const lines = [
    "Offsets and sizes are in bytes. Integers are little endian where nothing else is said. A field named `reserved…` only",
    "keeps a place: layouts have no gaps.",
    "",
    ...index(shown),
    ...shown.flatMap((source) => section(source, enums)),
  ];
  return page("What stands where", `the layouts of \`${FOLDER}/\``, lines);
}

/** The layouts that a file declares, in its order. */
export function layoutsOf(source: Source): Layout[] {
  const found: Layout[] = [];
  for (const [name, expression] of source.constants()) {
    if (!ts.isCallExpression(expression) || expression.expression.getText() !== "layout") continue;
    const [size, fields] = expression.arguments;
    if (size === undefined || fields === undefined || !ts.isObjectLiteralExpression(fields)) {
      throw new Error(`${source.path}: ${name} is no layout that the documents understand`);
    }
    const statement = expression.parent.parent.parent;
    found.push({
      name,
      byteLength: source.integer(size),
      documentation: source.documentation(statement),
      fields: fields.properties.map((property) => fieldOf(source, property)),
    });
  }
  return found;
}

function fieldOf(source: Source, property: ts.ObjectLiteralElementLike): Field {
  if (!ts.isPropertyAssignment(property) || !ts.isCallExpression(property.initializer)) {
    throw new Error(`${source.path}: '${property.getText()}' is no field that the documents understand`);
  }
  const call = property.initializer;
  const kind = call.expression.getText();
  const common = {
    name: property.name.getText(),
    offset: source.integer(call.arguments[0]!),
    documentation: source.documentation(property),
  };
  if (kind === "octets") return { ...common, bytes: source.integer(call.arguments[1]!), type: "bytes" };
  const type = TYPES[kind];
  if (type === undefined)
    throw new Error(`${source.path}: '${kind}' is no kind of field that the documents know`);
  return { ...common, bytes: type.bytes, type: type.name };
}

/** The values of an enum, in its order. */
function valuesOf({ source, declaration }: Enum): EnumValue[] {
  let next = 0;
  return declaration.members.map((member) => {
    const value = member.initializer === undefined ? next : source.integer(member.initializer);
    next = value + 1;
    return { name: member.name.getText(), value, documentation: source.documentation(member) };
  });
}

/** The enums of a file by name; their values are worked out when a record speaks of them. */
function enumsOf(source: Source): [string, Enum][] {
  return source.statements
    .filter(ts.isEnumDeclaration)
    .map((each) => [each.name.text, { source, declaration: each }]);
}

function index(sources: readonly Source[]): string[] {
  const rows = sources.map((source) => {
    const layouts = layoutsOf(source).map(({ name, byteLength }) => `${code(name)} ${byteLength}`);
    const file = basename(source.path);
    return [`[${code(file)}](${anchor(file)})`, subject(source.header()), layouts.join(", ")];
  });
  return [...table(["File", "Is", "Records and their bytes"], rows), ""];
}

/** The first sentence of a header, which says what the file is. */
function subject(header: readonly string[]): string {
  const paragraph = header.slice(0, header.indexOf("") === -1 ? undefined : header.indexOf("")).join(" ");
  return paragraph.split(/(?<=\.)\s/)[0]!.replace(/[.:]$/, "");
}

function section(source: Source, enums: Enums): string[] {
  const layouts = layoutsOf(source);
  return [
    `## ${basename(source.path)}`,
    "",
    `[${code(source.path)}](../${source.path})`,
    "",
    ...asMarkdown(source.header()),
    "",
    ...layouts.flatMap(record),
    ...valuesNamedBy(layouts, enums),
  ];
}

function record(layout: Layout): string[] {
  const rows = layout.fields.map((field) => {
    return [String(field.offset), code(field.name), String(field.bytes), field.type, field.documentation];
  });
  const about = layout.documentation === "" ? [] : [layout.documentation, ""];
  const heading = `### ${code(layout.name)}: ${layout.byteLength} bytes`;
  return [heading, "", ...about, ...table(["At", "Field", "Bytes", "Type", "Meaning"], rows), ""];
}

/** The enums that the comments of a file's records speak of, each once. */
function valuesNamedBy(layouts: readonly Layout[], enums: Enums): string[] {
  const comments = layouts.flatMap((layout) => [layout, ...layout.fields]).map((each) => each.documentation);
  const names = new Set([...comments.join(" ").matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  return [...names].flatMap((name) => {
    const found = enums.get(name);
    if (found === undefined) return [];
    const rows = valuesOf(found).map((each) => [String(each.value), code(each.name), each.documentation]);
    return [`### Values of ${code(name)}`, "", ...table(["Value", "Name", "Meaning"], rows), ""];
  });
}

function isDrawn(line: string): boolean {
  return /^ {3,}\S/.test(line);
}

function hasDrawing(header: readonly string[]): boolean {
  return header.some(isDrawn);
}

/** A header as Markdown: indented lines become a block of code that keeps its columns, the rest stays prose. */
function asMarkdown(header: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < header.length;) {
    const from = at;
    if (!isDrawn(header[at]!)) {
      lines.push(header[at++]!);
      continue;
    }
    while (at < header.length && (isDrawn(header[at]!) || isGapOfDrawing(header, at))) at++;
    lines.push("```text", ...withoutIndent(header.slice(from, at)), "```");
  }
  return lines;
}

/** A blank line between two drawn ones belongs to the drawing. */
function isGapOfDrawing(header: readonly string[], at: number): boolean {
  return header[at] === "" && at + 1 < header.length && isDrawn(header[at + 1]!);
}

/** The lines as far to the left as their common indentation allows. */
function withoutIndent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line !== "").map((line) => line.search(/\S/));
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(least));
}
