// Small functions of other modules: a module's header holds their definitions, so that clang may put them in place of
// calls. They are `gnu_inline`: never a copy of their own, the one that others call stands in the module that has them.

import { isAscii } from "../../c-words.ts";
import { walkStatement } from "../../check/walk.ts";
import type { Expression, FunctionInstance, Module, Program, Statement } from "../../tree.ts";
import { parts } from "../../types.ts";
import { symbolOf } from "./header.ts";
import { Remembered } from "./remembered.ts";

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

/** Functions and variables of modules have names of this form: where all is ASCII, and where it is not. */
const SYMBOL = /\b[A-Za-z]\w*__\w+/g;
const WIDE_SYMBOL = /(?<!\p{ID_Continue})[A-Za-z]\p{ID_Continue}*__\p{ID_Continue}+/gu;
const namesIn = new Remembered((text) => new Set(text.match(isAscii(text) ? SYMBOL : WIDE_SYMBOL) ?? []));

export interface Needed {
  readonly definitions: readonly string[];
  /** All names of this form that the module's text and these definitions have. */
  readonly names: ReadonlySet<string>;
}

export class InlineFunctions {
  private readonly small = new Map<string, FunctionInstance>();
  /** Definitions that were asked for already: most are by many modules. */
  private readonly known = new Map<FunctionInstance, string>();

  constructor(
    program: Program,
    /** The whole definition, as it stands in its module's C. */
    private readonly define: (instance: FunctionInstance) => string,
  ) {
    namesIn.begin();
    for (const module of program.modules) {
      for (const instance of module.functions)
        if (isSmall(instance)) this.small.set(symbolOf(instance), instance);
    }
  }

  /** What a module of this text needs of others: what the definitions name in turn is looked for too. */
  neededBy(module: Module, text: string): Needed {
    const found = new Map<string, string>();
    const names = new Set(namesIn.of(module.name, text));
    for (const name of names) {
      const instance = this.small.get(name);
      if (instance === undefined || instance.module === module) continue;
      const definition = this.known.get(instance) ?? this.define(instance);
      this.known.set(instance, definition);
      found.set(name, definition);
      for (const other of namesIn.of(name, definition)) names.add(other);
    }
    return { definitions: [...found.values()], names };
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
