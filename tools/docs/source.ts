// Source: one TypeScript file as the generators read it. Syntax only, no type checker: comments, constants, declarations.
//
// Constants are evaluated as far as the declarations of layouts need it: integer literals, names of this file or of one it
// imports, the byteLength of a layout, and + - *. Anything else is an error: a page never shows a guess.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** How many names a constant may lead through before it counts as a circle. */
const DEPTH_LIMIT = 16;

export class Source {
  private readonly tree: ts.SourceFile;
  private readonly text: string;

  /** `path` is relative to `root`. */
  constructor(
    private readonly root: string,
    readonly path: string,
  ) {
    this.text = readFileSync(join(root, path), "utf8");
    this.tree = treeOf(path, this.text);
  }

  get statements(): readonly ts.Statement[] {
    return this.tree.statements;
  }

  /** The lines of the comment that the file opens with, without their stars; empty if it has none. */
  header(): string[] {
    const first = ts.getLeadingCommentRanges(this.text, 0)?.[0];
    if (first === undefined || !this.text.startsWith("/**", first.pos)) return [];
    return commentLines(this.text.slice(first.pos, first.end));
  }

  /** The doc comment directly above a node, as one paragraph; empty if it has none. */
  documentation(node: ts.Node): string {
    const last = this.leadingComments(node).at(-1);
    if (last === undefined || !last.startsWith("/**")) return "";
    return commentLines(last).join(" ").replaceAll(/\s+/g, " ").trim();
  }

  /** Every comment between a node and the one before it, as it stands in the file. */
  leadingComments(node: ts.Node): string[] {
    const ranges = ts.getLeadingCommentRanges(this.text, node.pos) ?? [];
    return ranges.map(({ pos, end }) => this.text.slice(pos, end));
  }

  /** Initialisers of the module-level constants, by name, in the order of the file. */
  constants(): Map<string, ts.Expression> {
    const found = new Map<string, ts.Expression>();
    for (const statement of this.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && initializer !== undefined) found.set(name.text, initializer);
      }
    }
    return found;
  }

  /** The names that this file takes from others, each with the file it comes from and its name there. */
  imports(): Map<string, { path: string; name: string }> {
    const found = new Map<string, { path: string; name: string }>();
    for (const statement of this.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const path = join(dirname(this.path), statement.moduleSpecifier.text);
      for (const each of bindings.elements)
        found.set(each.name.text, { path, name: (each.propertyName ?? each.name).text });
    }
    return found;
  }

  /** The value of a constant integer expression. */
  integer(expression: ts.Expression, depth = 0): number {
    if (depth > DEPTH_LIMIT) throw new Error(`${this.path}: '${expression.getText()}' leads in a circle`);
    if (ts.isNumericLiteral(expression)) return Number(expression.text);
    if (ts.isParenthesizedExpression(expression)) return this.integer(expression.expression, depth + 1);
    if (ts.isIdentifier(expression)) return this.named(expression.text, depth);
    if (ts.isPropertyAccessExpression(expression)) return this.byteLength(expression, depth);
    if (ts.isBinaryExpression(expression)) {
      const left = this.integer(expression.left, depth + 1);
      const right = this.integer(expression.right, depth + 1);
      if (expression.operatorToken.kind === ts.SyntaxKind.PlusToken) return left + right;
      if (expression.operatorToken.kind === ts.SyntaxKind.MinusToken) return left - right;
      if (expression.operatorToken.kind === ts.SyntaxKind.AsteriskToken) return left * right;
    }
    throw new Error(`${this.path}: '${expression.getText()}' is no constant that the documents understand`);
  }

  private named(name: string, depth: number): number {
    const here = this.constants().get(name);
    if (here !== undefined) return this.integer(here, depth + 1);
    const imported = this.imports().get(name);
    if (imported === undefined) throw new Error(`${this.path}: nothing here is named '${name}'`);
    return new Source(this.root, imported.path).named(imported.name, depth + 1);
  }

  /** `RECORD.byteLength`: the first argument of the layout of that name. */
  private byteLength(access: ts.PropertyAccessExpression, depth: number): number {
    const layout = ts.isIdentifier(access.expression)
      ? this.constants().get(access.expression.text)
      : undefined;
    if (access.name.text === "byteLength" && layout !== undefined && ts.isCallExpression(layout)) {
      return this.integer(layout.arguments[0]!, depth + 1);
    }
    throw new Error(`${this.path}: '${access.getText()}' is no constant that the documents understand`);
  }
}

/** Trees by path: several pages are made from one file, which is parsed once as long as its text stays. */
const trees = new Map<string, ts.SourceFile>();

function treeOf(path: string, text: string): ts.SourceFile {
  const known = trees.get(path);
  if (known !== undefined && known.text === text) return known;
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  trees.set(path, tree);
  return tree;
}

/** Every TypeScript file of src/, relative to `root`, in the order of their names. */
export function listSources(root: string): string[] {
  const entries = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  return files.map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name))).sort();
}

/** The lines of a doc comment, with their own indentation, without blank ones at both ends. */
function commentLines(comment: string): string[] {
  const body = comment.replace(/^\/\*\*/, "").replace(/\*\/$/, "");
  const lines = body.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  while (lines.length > 0 && lines[0]!.trim() === "") lines.shift();
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  return lines.map((line, index) => (index === 0 ? line.trimStart() : line));
}
