// References to the stack: a struct or array of a function's own may be passed down, never kept.
//
// For each function it is worked out which parameters it keeps: stores into something that outlives the call (a module's
// variable, or an object reached through another parameter), returns, or hands to a function that keeps them. A call that
// passes a local's storage where it is kept is refused, unless what keeps it is a local of the same function.
// Calls through interfaces count every implementer; function values are taken to keep nothing but their results.

import type { Reporter } from "../reporter.ts";
import type { Expression, FunctionInstance, Local, Program, Statement, StructDeclaration } from "../tree.ts";
import { parts } from "../types.ts";
import { walkStatement } from "./recursion.ts";

/** Where the storage behind a reference or view belongs. `elsewhere` outlives the function. */
type Owner = Local | "elsewhere";

/** What a function does with each parameter, by index. */
interface Summary {
  /** Kept by: "world", or the index of the parameter whose object holds it afterwards. */
  readonly keptBy: Map<number, Set<number | "world">>;
  readonly returned: Set<number>;
}

export function checkEscapes(program: Program, reporter: Reporter): void {
  const analysis = new Analysis(program);
  analysis.settle();
  for (const instance of analysis.functions) {
    analysis.scan(instance, (line, local, keeper) => {
      reporter.reportAt(instance.module.file, line, 1, "localEscape", local.name, keeper);
    });
  }
}

type Report = (line: number, local: Local, keeper: string) => void;

class Analysis {
  readonly functions: FunctionInstance[];
  private readonly summaries = new Map<FunctionInstance, Summary>();

  constructor(program: Program) {
    this.functions = program.modules
      .flatMap((module) => module.functions)
      .filter((instance) => instance.body !== null);
    for (const instance of this.functions)
      this.summaries.set(instance, { keptBy: new Map(), returned: new Set() });
  }

  /** Repeats until no summary grows: each holds at most parameters squared facts, so it ends. */
  settle(): void {
    for (let grew = true; grew;) {
      grew = false;
      for (const instance of this.functions) if (this.scan(instance, null)) grew = true;
    }
  }

  /** One pass over a function: grows its summary, and reports where `report` is given. */
  scan(instance: FunctionInstance, report: Report | null): boolean {
    const pass = new Pass(this, instance, this.summaries.get(instance)!, report);
    return pass.run();
  }

  summaryOf(instance: FunctionInstance): Summary | null {
    return this.summaries.get(instance) ?? null;
  }
}

class Pass {
  private readonly owners = new Map<Local, Set<Owner>>();
  private readonly indexes = new Map<Local, number>();
  private grew = false;

  constructor(
    private readonly analysis: Analysis,
    private readonly instance: FunctionInstance,
    private readonly summary: Summary,
    private readonly report: Report | null,
  ) {
    instance.parameters.forEach((local, index) => this.indexes.set(local, index));
  }

  run(): boolean {
    // Aliases first, twice: a loop may hand a local on to one that was declared before it.
    for (let round = 0; round < 2; round++) this.forEach((statement) => this.alias(statement));
    this.forEach((statement) => this.statement(statement));
    return this.grew;
  }

  private forEach(visit: (statement: Statement) => void): void {
    const nested = (statement: Statement): void => {
      visit(statement);
      children(statement).forEach(nested);
    };
    this.instance.body!.forEach(nested);
  }

  private alias(statement: Statement): void {
    if (statement.kind === "declare" && statement.value !== null)
      this.addOwners(statement.local, this.ownersOf(statement.value));
    if (statement.kind === "assign" && statement.target.kind === "local") {
      this.addOwners(statement.target.local, this.ownersOf(statement.value));
    }
  }

  private addOwners(local: Local, owners: Iterable<Owner>): void {
    const known = this.owners.get(local) ?? new Set<Owner>();
    for (const owner of owners) known.add(owner);
    this.owners.set(local, known);
  }

  private statement(statement: Statement): void {
    if (statement.kind === "assign" && statement.target.kind !== "local") {
      this.keep(statement.line, this.ownersOf(statement.value), this.ownersOf(holderOf(statement.target)));
    }
    if (statement.kind === "return" && statement.value !== null)
      this.returns(statement.line, this.ownersOf(statement.value));
    for (const value of ownExpressions(statement)) this.calls(statement.line, value);
  }

  private returns(line: number, owners: Iterable<Owner>): void {
    for (const owner of owners) {
      if (owner === "elsewhere") continue;
      const index = this.indexes.get(owner);
      if (index === undefined) this.report?.(line, owner, "the caller");
      else if (!this.summary.returned.has(index)) {
        this.summary.returned.add(index);
        this.grew = true;
      }
    }
  }

  /** Something with the storage of `kept` is now reachable from `holders`. */
  private keep(line: number, kept: Iterable<Owner>, holders: ReadonlySet<Owner>): void {
    for (const owner of kept) {
      if (owner === "elsewhere") continue;
      for (const holder of holders) this.keepIn(line, owner, holder);
    }
  }

  private keepIn(line: number, owner: Local, holder: Owner): void {
    if (owner === holder) return;
    const from = this.indexes.get(owner);
    const into = holder === "elsewhere" ? "world" : this.indexes.get(holder);
    // A local that holds a local or a parameter: both are gone no later than it.
    if (into === undefined) return;
    if (from === undefined) {
      this.report?.(line, owner, holder === "elsewhere" ? "what outlives it" : `'${(holder as Local).name}'`);
      return;
    }
    const keepers = this.summary.keptBy.get(from) ?? new Set();
    if (!keepers.has(into)) {
      keepers.add(into);
      this.summary.keptBy.set(from, keepers);
      this.grew = true;
    }
  }

  /** What the calls within an expression keep of their arguments. */
  private calls(line: number, value: Expression): void {
    parts(value).forEach((part) => this.calls(line, part));
    for (const [callee, parameters] of targetsOf(value)) {
      const summary = this.analysis.summaryOf(callee);
      if (summary === null) continue;
      for (const [index, keepers] of summary.keptBy) {
        const kept = this.ownersOf(parameters[index]);
        for (const keeper of keepers) {
          const holders =
            keeper === "world" ? new Set<Owner>(["elsewhere"]) : this.ownersOf(parameters[keeper]);
          this.keep(line, kept, holders);
        }
      }
    }
  }

  /** Whose storage a reference or view may point into. Empty: it points nowhere, or is no pointer. */
  private ownersOf(value: Expression | undefined): Set<Owner> {
    if (value === undefined) return new Set();
    switch (value.kind) {
      case "local":
        if (value.local.storage.kind !== "value" || this.indexes.has(value.local))
          return new Set([value.local]);
        return this.owners.get(value.local) ?? new Set();
      case "field":
        return value.field.storage.kind === "value" ? new Set(["elsewhere"]) : this.ownersOf(value.object);
      case "index":
        return value.object.type.kind === "array" && value.object.type.embedded
          ? this.ownersOf(value.object)
          : new Set(["elsewhere"]);
      case "toInterface":
      case "nonNull":
      case "resultPart":
        return this.ownersOf(value.operand);
      case "choose":
        return new Set([...this.ownersOf(value.whenTrue), ...this.ownersOf(value.whenFalse)]);
      case "success":
        return this.ownersOf(value.value ?? undefined);
      case "library":
        return POINTING.has(value.name) ? this.ownersOf(value.parameters[0]) : new Set();
      case "construct":
        return new Set(value.parameters.flatMap((part) => [...this.ownersOf(part)]));
      case "call":
      case "dispatch":
        return this.ownersOfResult(value);
      case "global":
        return new Set(["elsewhere"]);
      default:
        return new Set();
    }
  }

  private ownersOfResult(value: Expression): Set<Owner> {
    const owners = new Set<Owner>();
    for (const [callee, parameters] of targetsOf(value)) {
      for (const index of this.analysis.summaryOf(callee)?.returned ?? []) {
        for (const owner of this.ownersOf(parameters[index])) owners.add(owner);
      }
    }
    return owners;
  }
}

/** Library functions whose result points where their first parameter does. */
const POINTING: ReadonlySet<string> = new Set(["bytes_of", "bytes_slice", "span"]);

/** The object into which an assignment's place reaches. */
function holderOf(target: Expression): Expression {
  return target.kind === "field" || target.kind === "index" ? target.object : target;
}

/** The functions that a call may reach, each with its arguments. */
function targetsOf(value: Expression): [FunctionInstance, readonly Expression[]][] {
  if (value.kind === "call") return [[value.instance, value.parameters]];
  if (value.kind !== "dispatch" || value.object.type.kind !== "interface") return [];
  const { implementers } = value.object.type.declaration;
  const found = implementers.map((struct: StructDeclaration) => struct.methods.get(value.method));
  return found
    .filter((method) => method !== undefined)
    .map((method) => [method, [value.object, ...value.parameters]]);
}

function children(statement: Statement): readonly Statement[] {
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

/** The expressions of a statement itself, without those of the statements in it. */
function ownExpressions(statement: Statement): Expression[] {
  const nested = children(statement);
  const found: Expression[] = [];
  if (nested.length === 0) walkStatement(statement, (value) => found.push(value));
  else if (statement.kind === "if" || statement.kind === "doWhile") found.push(statement.condition);
  else if (statement.kind === "loop" && statement.condition !== null) found.push(statement.condition);
  else if (statement.kind === "switch") found.push(statement.value);
  return found;
}
