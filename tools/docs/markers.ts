// MARKERS.md: every marker of RayOS with its shape, from the functions of src/base/markers.ts that build them.
//
// The shape is read off a function's body: what it writes as text stands as it is, what it writes of a parameter stands as
// <parameter>. The files that call the function are listed too, so that one sees where a marker comes from, and which one
// nothing emits.

import ts from "typescript";
import { code, page, table } from "./markdown.ts";
import { listSources, Source } from "./source.ts";

const FILE = "src/base/markers.ts";
/** Writes a part that comes from outside. */
const PART = "part";

const LEGEND = "*Called by* names the files of `src/` that emit the marker: —, none.";

export interface Marker {
  readonly section: string;
  readonly shape: string;
  readonly functionName: string;
  readonly documentation: string;
}

/** The text of docs/MARKERS.md. */
export function markersPage(root: string): string {
  const source = new Source(root, FILE);
  const markers = markersOf(source);
  const callers = callersOf(root);
  const sections = [...new Set(markers.map((marker) => marker.section))];
  const lines = sections.flatMap((section) => {
    const rows = markers.filter((marker) => marker.section === section).map((marker) => row(marker, callers));
    return [`## ${section}`, "", ...table(["Marker", "Built by", "Called by", "Note"], rows), ""];
  });
  return page("The markers", code(FILE), [...source.header(), "", LEGEND, "", ...lines]);
}

function row(marker: Marker, callers: ReadonlyMap<string, readonly string[]>): string[] {
  const files = (callers.get(marker.functionName) ?? []).map((path) => code(path.replace(/^src\//, "")));
  return [
    code(marker.shape),
    code(marker.functionName),
    files.length === 0 ? "—" : files.join(", "),
    marker.documentation,
  ];
}

/** The markers in the order of the file, each with the section it stands in. */
export function markersOf(source: Source): Marker[] {
  const found: Marker[] = [];
  let section = "Markers";
  for (const statement of source.statements) {
    for (const comment of source.leadingComments(statement)) section = sectionOf(comment) ?? section;
    if (!ts.isFunctionDeclaration(statement) || !isExported(statement)) continue;
    found.push({
      section,
      shape: shapeOf(source, statement),
      functionName: statement.name!.text,
      documentation: source.documentation(statement),
    });
  }
  return found;
}

function isExported(declaration: ts.FunctionDeclaration): boolean {
  return (declaration.modifiers ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
}

/** "// Section 4: log, watchdog, crash record." is a heading; other comments are none. */
function sectionOf(comment: string): string | undefined {
  const [, number, subject] = /^\/\/ Section (\d+): (.*?)\.(\s|$)/.exec(comment) ?? [];
  return number === undefined ? undefined : `${number}. ${subject![0]!.toUpperCase()}${subject!.slice(1)}`;
}

/** What the statements of a marker's function write, one after the other. */
function shapeOf(source: Source, declaration: ts.FunctionDeclaration): string {
  const pieces = declaration.body!.statements.map((statement) => {
    const call = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    if (call !== undefined && ts.isCallExpression(call)) return pieceOf(source, call);
    throw new Error(`${source.path}: ${declaration.name!.text} does more than to write`);
  });
  return pieces.join("");
}

function pieceOf(source: Source, call: ts.CallExpression): string {
  const callee = call.expression.getText();
  const argument = call.arguments.at(-1)!;
  if (callee === PART) return `<${argument.getText()}>`;
  if (callee === "out.byte") return String.fromCharCode(source.integer(argument));
  if (callee === "out.text" && ts.isTemplateExpression(argument)) return templateShape(argument);
  if (callee === "out.text" && ts.isStringLiteralLike(argument)) return argument.text;
  throw new Error(`${source.path}: '${call.getText()}' is nothing that the documents understand`);
}

function templateShape(template: ts.TemplateExpression): string {
  const spans = template.templateSpans.map((span) => `<${span.expression.getText()}>${span.literal.text}`);
  return template.head.text + spans.join("");
}

/** For every name that is imported from markers.ts: the files of src/ that import it. */
function callersOf(root: string): Map<string, string[]> {
  const callers = new Map<string, string[]>();
  for (const path of listSources(root)) {
    for (const { path: from, name } of new Source(root, path).imports().values()) {
      if (from === FILE) callers.set(name, [...(callers.get(name) ?? []), path]);
    }
  }
  return callers;
}
