// Walking the checked tree: the statements within statements, and the expressions that a statement itself holds.

import type { Expression, Statement } from "../tree.ts";

/** The statements of a list and all that stand within them, each ahead of its own. */
export function everyStatement(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((statement) => [statement, ...everyStatement(childrenOf(statement))]);
}

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
      return [];
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
      return [];
  }
}

/** Hands every expression of a statement, nested ones of blocks included, to `visit`. */
export function walkStatement(statement: Statement, visit: (value: Expression) => void): void {
  for (const one of everyStatement([statement])) ownExpressions(one).forEach(visit);
}
