// Mutations: sources that a person might have typed by mistake. Nodes change places, vanish, come twice or turn into something
// else; types, literals, operators and names are exchanged; and whatever TypeScript has beside the subset is put in.

import { ts } from "../../../transpiler/frontend/program.ts";
import type { Random } from "../generator/random.ts";
import { EXPRESSIONS, MEMBERS, STATEMENTS, TYPES } from "./snippets.ts";

const OPERATORS =
  "+ - * / % ** & | ^ << >> >>> && || ?? === !== == != < <= > >= = += -= *= /= %= **= &= |= ^= <<= >>= >>>= &&= ||= ??= , in instanceof".split(
    " ",
  );

type Mutation = (source: Source) => string | null;

const MUTATIONS: readonly Mutation[] = [
  deletion,
  deletion,
  duplication,
  exchange,
  exchange,
  otherOperator,
  otherOperator,
  otherType,
  otherExpression,
  otherExpression,
  otherName,
  newStatement,
  newMember,
  nesting,
  modifier,
];

/** A source with one to four changes. */
export function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = 1 + random.below(4); i > 0; i--) {
    const source = new Source(result, random);
    result = random.pick(MUTATIONS)(source) ?? result;
  }
  return result;
}

class Source {
  readonly nodes: ts.Node[] = [];
  readonly file: ts.SourceFile;

  constructor(
    readonly text: string,
    readonly random: Random,
  ) {
    this.file = ts.createSourceFile("mutant.ts", text, ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) return;
      this.nodes.push(node);
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(this.file, visit);
  }

  /** One of the nodes that are so, or `null` where none is. */
  any(test: (node: ts.Node) => boolean): ts.Node | null {
    const found = this.nodes.filter(test);
    return found.length === 0 ? null : this.random.pick(found);
  }

  replace(node: ts.Node | null, text: string): string | null {
    if (node === null) return null;
    return this.text.slice(0, node.getStart()) + text + this.text.slice(node.getEnd());
  }
}

function isListed(node: ts.Node): boolean {
  return (
    ts.isStatement(node) ||
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isParameter(node) ||
    ts.isEnumMember(node) ||
    ts.isCaseOrDefaultClause(node)
  );
}

function isValue(node: ts.Node): boolean {
  return (
    ts.isExpression(node) && !(ts.isIdentifier(node) && "name" in node.parent && node.parent.name === node)
  );
}

function deletion(source: Source): string | null {
  const isSpare = (node: ts.Node): boolean =>
    isListed(node) ||
    isValue(node) ||
    ts.isTypeNode(node) ||
    ts.isModifier(node) ||
    ts.isHeritageClause(node);
  const node = source.any(isSpare);
  if (node !== null && ts.isTypeNode(node)) {
    const before = source.text.slice(0, node.getStart()).replace(/:\s*$/, "");
    return before + source.text.slice(node.getEnd());
  }
  return source.replace(node, "");
}

function duplication(source: Source): string | null {
  const node = source.any(isListed);
  const between = node !== null && (ts.isParameter(node) || ts.isEnumMember(node)) ? ", " : "\n";
  return source.replace(node, `${node?.getText()}${between}${node?.getText()}`);
}

/** Two nodes of a sort change places, if none holds the other. */
function exchange(source: Source): string | null {
  const { random } = source;
  const sort = random.pick([isListed, isValue, isValue, (node: ts.Node) => ts.isTypeNode(node)]);
  const [one, other] = [source.any(sort), source.any(sort)];
  if (one === null || other === null) return null;
  const [first, second] = one.getStart() <= other.getStart() ? [one, other] : [other, one];
  if (second.getStart() < first.getEnd()) return source.replace(first, second.getText());
  const { text } = source;
  return (
    text.slice(0, first.getStart()) +
    second.getText() +
    text.slice(first.getEnd(), second.getStart()) +
    first.getText() +
    text.slice(second.getEnd())
  );
}

function otherOperator(source: Source): string | null {
  const node = source.any((part) => ts.isBinaryExpression(part.parent) && part.parent.operatorToken === part);
  return source.replace(node, source.random.pick(OPERATORS));
}

function otherType(source: Source): string | null {
  return source.replace(
    source.any((node) => ts.isTypeNode(node)),
    source.random.pick(TYPES),
  );
}

function otherExpression(source: Source): string | null {
  const node = source.any(isValue);
  const text = node?.getText() ?? "";
  return source.replace(
    node,
    source.random.pick(EXPRESSIONS).replaceAll("$", () => text),
  );
}

function otherName(source: Source): string | null {
  const node = source.any(ts.isIdentifier);
  const other = source.any(ts.isIdentifier);
  return source.replace(node, other?.getText() ?? "x");
}

function newStatement(source: Source): string | null {
  const node = source.any((part) => ts.isStatement(part) && !ts.isBlock(part));
  const name = source.any(ts.isIdentifier)?.getText() ?? "x";
  const text = source.random.pick(STATEMENTS).replaceAll("$", () => name);
  return source.replace(
    node,
    source.random.oneIn(2) ? `${text}\n${node?.getText()}` : `${node?.getText()}\n${text}`,
  );
}

function newMember(source: Source): string | null {
  const node = source.any(ts.isClassElement);
  return source.replace(node, `${node?.getText()}\n${source.random.pick(MEMBERS)}`);
}

function nesting(source: Source): string | null {
  const node = source.any(isValue);
  const depth = source.random.pick([1, 2, 30]);
  return source.replace(node, `${"(".repeat(depth)}${node?.getText()}${")".repeat(depth)}`);
}

function modifier(source: Source): string | null {
  const node = source.any((part) => ts.isClassElement(part) || ts.isStatement(part) || ts.isParameter(part));
  const word = source.random.pick(
    "export,declare,async,readonly,static,private,abstract,const,default,override".split(","),
  );
  return source.replace(node, `${word} ${node?.getText()}`);
}
