// Constant text: the bytes of utf8("…") stand where nobody may write, so a view that may show them is not written to.

import type { Reporter } from "../reporter.ts";
import type { Expression, Program, Statement } from "../tree.ts";
import { parts } from "../types.ts";
import type { Targets } from "./targets.ts";
import { ownExpressions, placedStatements } from "./walk.ts";

export function checkTextWrites(program: Program, targets: Targets, reporter: Reporter): void {
  for (const module of program.modules) {
    for (const { body } of module.functions) {
      for (const { statement, file } of placedStatements(body ?? [], module.file)) {
        const written = writtenBy(statement).filter((view) => targets.mayBeText(view));
        if (written.length > 0) reporter.reportAt(file, statement.line, 1, "textWrite");
      }
    }
  }
}

/** The views that a statement itself writes to. */
function writtenBy(statement: Statement): Expression[] {
  const found: Expression[] = [];
  const visit = (value: Expression): void => {
    if (value.kind === "library" && WRITERS.test(value.name)) found.push(value.parameters[0]!);
    parts(value).forEach(visit);
  };
  if (statement.kind === "assign" && statement.target.kind === "index") found.push(statement.target.object);
  ownExpressions(statement).forEach(visit);
  return found;
}

const WRITERS = /^(bytes_set_\w+|bytes_fill|bytes_copy|view_fill)$/;
