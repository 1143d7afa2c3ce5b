// Small functions of other modules: a module's header holds their definitions, so that clang may put them in place of
// calls. They are `gnu_inline`: never a copy of their own, the one that others call stands in the module that has them.

import { walkStatement } from "../../check/walk.ts";
import type { Expression, FunctionInstance, Module, Program, Statement } from "../../tree.ts";
import { parts } from "../../types.ts";
import { symbolOf } from "./header.ts";

/** So many nodes of the tree are small: a condition or two, an access, a call. */
const SMALL = 40;

/** Statements that a small function may hold: no loops. */
const SIMPLE: ReadonlySet<Statement["kind"]> = new Set([
  "declare",
  "assign",
  "evaluate",
  "if",
  "return",
  "block",
  "trap",
  "assert",
]);

export class InlineFunctions {
  private readonly small = new Map<string, FunctionInstance>();

  constructor(
    program: Program,
    /** The whole definition, as it stands in its module's C. */
    private readonly define: (instance: FunctionInstance) => string,
  ) {
    for (const module of program.modules) {
      for (const instance of module.functions)
        if (isSmall(instance)) this.small.set(symbolOf(instance), instance);
    }
  }

  /** The definitions that a module of this text needs of others: what they name in turn is looked for too. */
  neededBy(module: Module, text: string): string[] {
    const found = new Map<string, string>();
    const texts = [text];
    for (const one of texts) {
      for (const name of one.match(/\b[A-Za-z]\w*__\w+/g) ?? []) {
        const instance = this.small.get(name);
        if (instance === undefined || instance.module === module || found.has(name)) continue;
        const definition = this.define(instance);
        found.set(name, definition);
        texts.push(definition);
      }
    }
    return [...found.values()];
  }
}

function isSmall(instance: FunctionInstance): boolean {
  const { body } = instance;
  if (body === null || !areSimple(body)) return false;
  let weight = 0;
  const weigh = (e: Expression): void => {
    weight++;
    parts(e).forEach(weigh);
  };
  body.forEach((statement) => walkStatement(statement, weigh));
  return weight <= SMALL;
}

function areSimple(statements: readonly Statement[]): boolean {
  return statements.every((statement) => {
    if (!SIMPLE.has(statement.kind)) return false;
    if (statement.kind === "block") return areSimple(statement.body);
    return statement.kind !== "if" || (areSimple(statement.whenTrue) && areSimple(statement.whenFalse));
  });
}
