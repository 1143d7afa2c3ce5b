// No recursion: a cycle of direct calls is refused. Calls through interfaces and function values are not followed.

import type { Reporter } from "../reporter.ts";
import type { Expression, FunctionInstance, Program, Statement } from "../tree.ts";
import { parts } from "../types.ts";

export function checkRecursion(program: Program, reporter: Reporter): void {
  const done = new Set<FunctionInstance>();
  const path: FunctionInstance[] = [];
  const visit = (instance: FunctionInstance): void => {
    if (done.has(instance)) return;
    if (path.includes(instance)) {
      const cycle = [...path.slice(path.indexOf(instance)), instance].map((part) => part.symbol).join(" → ");
      reporter.reportAt(instance.module.file, instance.line, 1, "recursion", instance.symbol, cycle);
      return;
    }
    path.push(instance);
    for (const callee of calleesOf(instance)) visit(callee);
    path.pop();
    done.add(instance);
  };
  for (const module of program.modules) for (const instance of module.functions) visit(instance);
}

function calleesOf(instance: FunctionInstance): Set<FunctionInstance> {
  const found = new Set<FunctionInstance>();
  const inExpression = (value: Expression): void => {
    if (value.kind === "call") found.add(value.instance);
    parts(value).forEach(inExpression);
  };
  for (const statement of instance.body ?? []) walkStatement(statement, inExpression);
  return found;
}

/** Hands every expression of a statement, nested ones of blocks included, to `visit`. */
export function walkStatement(statement: Statement, visit: (value: Expression) => void): void {
  const list = (statements: readonly Statement[]): void =>
    statements.forEach((part) => walkStatement(part, visit));
  switch (statement.kind) {
    case "declare":
    case "return":
      if (statement.value !== null) visit(statement.value);
      return;
    case "assign":
      visit(statement.target);
      visit(statement.value);
      return;
    case "evaluate":
      visit(statement.value);
      return;
    case "assert":
      visit(statement.condition);
      return;
    case "if":
      visit(statement.condition);
      list(statement.whenTrue);
      list(statement.whenFalse);
      return;
    case "loop":
      list(statement.before);
      if (statement.condition !== null) visit(statement.condition);
      list(statement.after);
      list(statement.body);
      return;
    case "doWhile":
      list(statement.body);
      list(statement.before);
      visit(statement.condition);
      return;
    case "switch":
      visit(statement.value);
      for (const one of statement.cases) list(one.body);
      return;
    case "block":
      list(statement.body);
      return;
  }
}
