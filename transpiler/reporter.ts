// Reporter: collects the diagnostics of a run, each once, in order of file and line.

import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { ts } from "ts-morph";
import { DIAGNOSTICS, fill, type Diagnostic, type DiagnosticName } from "./diagnostics.ts";

/** Diagnostics that a name of unknown type brings with it. */
const CONSEQUENCES: ReadonlySet<string> = new Set(
  (
    ["unresolved", "expressionUnsupported", "condition", "callUnsupported", "mixed", "resultContext"] as const
  ).map((name) => DIAGNOSTICS[name].code),
);

export class Reporter {
  private readonly found = new Map<string, Diagnostic>();
  private readonly lines = new Map<string, readonly string[]>();

  constructor(private readonly root: string) {}

  get count(): number {
    return this.found.size;
  }

  reportNode(node: ts.Node, name: DiagnosticName, ...values: readonly string[]): void {
    const file = node.getSourceFile();
    this.reportSpan(
      file,
      node.getStart(file),
      node.getEnd(),
      DIAGNOSTICS[name].code,
      fill(DIAGNOSTICS[name], values),
    );
  }

  /** For what is no node: a comment. */
  reportRange(
    file: ts.SourceFile,
    start: number,
    end: number,
    name: DiagnosticName,
    ...values: readonly string[]
  ): void {
    this.reportSpan(file, start, end, DIAGNOSTICS[name].code, fill(DIAGNOSTICS[name], values));
  }

  /** For what is found in the checked tree, which knows files and lines. */
  reportAt(
    file: string,
    line: number,
    column: number,
    name: DiagnosticName,
    ...values: readonly string[]
  ): void {
    const { code } = DIAGNOSTICS[name];
    const text = this.lineOf(file, line);
    const source = text.trimEnd().slice(0, 200);
    const start = source.length - source.trimStart().length;
    const width = Math.max(1, source.length - start);
    this.add({
      code,
      message: fill(DIAGNOSTICS[name], values),
      file,
      line,
      column: column + start,
      source,
      width,
    });
  }

  /** The text of a line, for the code frame; "" where there is none. */
  private lineOf(file: string, line: number): string {
    let lines = this.lines.get(file);
    if (lines === undefined) {
      const path = resolve(this.root, file);
      lines = isFile(path) ? readFileSync(path, "utf8").split("\n") : [];
      this.lines.set(file, lines);
    }
    return lines[line - 1] ?? "";
  }

  reportTypeScript(diagnostic: ts.Diagnostic): void {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const start = diagnostic.start ?? 0;
    if (diagnostic.file === undefined) {
      this.add({ code: `TS${diagnostic.code}`, message, file: "", line: 1, column: 1, source: "", width: 1 });
    } else {
      this.reportSpan(
        diagnostic.file,
        start,
        start + (diagnostic.length ?? 1),
        `TS${diagnostic.code}`,
        message,
      );
    }
  }

  /**
   * All of them, sorted by place. What follows from an error of tsc's is left out while there is one, and what tsc says of no
   * place (its own names for decorators and promises, which the library has not) while there is one that has a place.
   */
  all(): Diagnostic[] {
    const found = [...this.found.values()];
    const hasTypeErrors = found.some((diagnostic) => diagnostic.code.startsWith("TS"));
    const hasPlaces = found.some(({ file }) => file !== "");
    return found
      .filter(({ file }) => file !== "" || !hasPlaces)
      .filter((diagnostic) => !(hasTypeErrors && CONSEQUENCES.has(diagnostic.code)))
      .sort(
        (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
      );
  }

  private reportSpan(file: ts.SourceFile, start: number, end: number, code: string, message: string): void {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const lineStart = file.getLineStarts()[line]!;
    const lineEnd = file.getLineStarts()[line + 1] ?? file.text.length;
    const source = file.text.slice(lineStart, lineEnd).trimEnd().slice(0, 200);
    this.add({
      code,
      message,
      file: relative(this.root, file.fileName),
      line: line + 1,
      column: character + 1,
      source,
      width: Math.max(1, Math.min(end - start, source.length - character)),
    });
  }

  private add(diagnostic: Diagnostic): void {
    const key = `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}:${diagnostic.code}`;
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
