// Walking the checked tree: the statements within statements, and the expressions that a statement itself holds.

import type { Expression, Statement } from "../tree.ts";

/** The statements of a list and all that stand within them, each ahead of its own. */
export function everyStatement(statements: readonly Statement[]): Statement[] {
  const all: Statement[] = [];
  collect(statements, all);
  return all;
}

function collect(statements: readonly Statement[], into: Statement[]): void {
  for (const statement of statements) {
    into.push(statement);
    collect(childrenOf(statement), into);
  }
}

/** The same, each with the file whose line it is of. */
export function placedStatements(
  statements: readonly Statement[],
  file: string,
): { readonly statement: Statement; readonly file: string }[] {
  return statements.flatMap((statement) => {
    const inner = statement.kind === "block" ? (statement.file ?? file) : file;
    return [{ statement, file }, ...placedStatements(childrenOf(statement), inner)];
  });
}

/** Most have none: one list for all of them. */
const NONE: readonly never[] = [];

export function childrenOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case "if":
      return [...statement.whenTrue, ...statement.whenFalse];
    case "loop":
      return [...statement.before, ...statement.body, ...statement.after];
    case "doWhile":
      return [...statement.body, ...statement.before];
    case "switch":
      return statement.cases.flatMap((one) => one.body);
    case "block":
      return statement.body;
    default:
      return NONE;
  }
}

/** The expressions of a statement, without those of the statements in it. */
export function ownExpressions(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "declare":
    case "return":
      return statement.value === null ? [] : [statement.value];
    case "assign":
      return [statement.target, statement.value];
    case "evaluate":
    case "switch":
      return [statement.value];
    case "assert":
    case "if":
    case "doWhile":
      return [statement.condition];
    case "loop":
      return statement.condition === null ? [] : [statement.condition];
    default:
      return NONE;
  }
}

/** Hands every expression of a statement, nested ones of blocks included, to `visit`. */
export function walkStatement(statement: Statement, visit: (value: Expression) => void): void {
  ownExpressions(statement).forEach(visit);
  for (const one of childrenOf(statement)) walkStatement(one, visit);
}
