// FunctionLowering: the state of one function body while it is lowered: its locals, the statements so far, what is known
// of its variables. The visitors (`statements.ts`, `expressions.ts` and their like) work on it.

import { ts } from "../frontend/program.ts";
import type { DiagnosticName } from "../diagnostics.ts";
import type { Interval } from "../interval.ts";
import type { Expression, Local, Module, Statement, StructDeclaration, Type } from "../tree.ts";
import { isStable, rangeOf } from "../types.ts";
import { assigningNodes, isCounting, targetOf } from "./assigning.ts";
import { convert } from "./convert.ts";
import type { Context, Substitution } from "./context.ts";
import { lowerExpression } from "./expressions.ts";
import type { Shape, WrittenFunction } from "./function-values.ts";
import { lowerInitializer } from "./initializers.ts";
import { Flow } from "./flow.ts";
import { lowerStatement } from "./statements.ts";

/** A text that is put in place of a call, into the body of another function. */
export interface Expansion {
  /** The body that it is put into: they share what is known, and the numbers of names. */
  readonly root: FunctionLowering;
  /** The text around it, whose names it knows: of a function that captures. */
  readonly outer: FunctionLowering | null;
  /** The functions whose texts it stands in, and its own. None of them is put in once more. */
  readonly chain: readonly ts.Node[];
  /** Its variables get numbers, so that none hides one of the body. */
  readonly renames: boolean;
  readonly exit: Exit;
}

/** What `return` does in such a text. */
export interface Exit {
  readonly label: string;
  readonly result: Local | null;
  /** What all results so far lie in. */
  range: Interval | null;
}

/** A function that captures, as the argument of a helper: known by the helper's parameter. */
export interface Captured {
  readonly node: WrittenFunction;
  readonly shape: Shape;
  /** The text in which it stands. */
  readonly home: FunctionLowering;
}

/** What 'break' and 'continue' of a label go to, and whether any does. */
export interface Labels {
  readonly leave: string;
  readonly next: string;
  left: boolean;
  continued: boolean;
}

export class FunctionLowering {
  statements: Statement[] = [];
  /** `this`, in methods and constructors. */
  readonly self: Local | null;
  readonly flow: Flow;
  /** By the names that the text gives them. */
  readonly labels = new Map<string, Labels>();
  /** How many calls were replaced by what they call, so far. */
  expansions = 0;
  /** The line of the statement at hand: traps within it name this one. */
  line = 0;
  /** By declaration: a parameter property has two symbols. */
  private readonly locals = new Map<ts.Node | ts.Symbol, Local>();
  private readonly captured = new Map<ts.Node | ts.Symbol, Captured>();
  private temporaries = 0;
  private text: string | null = null;
  private assignments: Assignments | null = null;

  constructor(
    readonly context: Context,
    readonly module: Module,
    readonly substitution: Substitution,
    readonly result: Type,
    owner: StructDeclaration | null,
    readonly node: ts.Node,
    readonly expansion: Expansion | null = null,
  ) {
    this.flow = expansion?.root.flow ?? new Flow();
    this.line = context.lineOf(node);
    this.self =
      owner === null
        ? (expansion?.outer?.self ?? null)
        : {
            name: expansion === null ? "this" : this.temporaryName("self"),
            type: { kind: "reference", struct: owner, nullable: false },
            storage: { kind: "value" },
            stable: true,
            interval: null,
            wide: null,
          };
  }

  /** Names that the function assigns to after their declaration. */
  get assigned(): ReadonlySet<ts.Symbol> {
    return this.assignmentsIn().assigned;
  }

  /** Those of them that it counts up or down. */
  get counted(): ReadonlySet<ts.Symbol> {
    return this.assignmentsIn().counted;
  }

  /** Looked for when they are first asked for: most texts declare nothing. */
  private assignmentsIn(): Assignments {
    this.assignments ??= assignedIn(this.context, this.node);
    return this.assignments;
  }

  /** The body that this text is of, or is put into. */
  get root(): FunctionLowering {
    return this.expansion?.root ?? this;
  }

  /** The function that was written around this one, and around that. */
  get outermost(): FunctionLowering {
    return this.expansion?.outer?.outermost ?? this;
  }

  report(node: ts.Node, name: DiagnosticName, ...values: readonly string[]): void {
    this.context.report(node, name, ...values);
  }

  declare(symbol: ts.Symbol, local: Local): void {
    this.locals.set(symbol.valueDeclaration ?? symbol, local);
  }

  /** A parameter of this type; one that has no name is never asked for, and a pattern is taken apart later. */
  declareParameter(name: ts.BindingName | null, type: Type): Local {
    const symbol = name === null ? null : this.context.symbolOf(name);
    const range = rangeOf(type);
    const local: Local = {
      name: name === null ? this.temporaryName("unused") : this.parameterName(name),
      type,
      storage: { kind: "value" },
      stable: symbol === null || !this.assigned.has(symbol),
      interval: range,
      wide: range,
    };
    if (symbol !== null) this.declare(symbol, local);
    return local;
  }

  localOf(symbol: ts.Symbol): Local | null {
    return (
      this.locals.get(symbol.valueDeclaration ?? symbol) ?? this.expansion?.outer?.localOf(symbol) ?? null
    );
  }

  /** What a parameter is called in the tree; of a pattern the names are its parts'. */
  parameterName(name: ts.BindingName): string {
    return ts.isIdentifier(name) ? this.nameOf(name.text) : this.temporaryName("shape");
  }

  /** What a variable of the text is called in the tree. */
  nameOf(name: string): string {
    return this.expansion?.renames === true ? this.temporaryName(name) : name;
  }

  /** This parameter is given a function that captures. */
  give(symbol: ts.Symbol, captured: Captured): void {
    this.captured.set(symbol.valueDeclaration ?? symbol, captured);
  }

  /** Whether any name of the text may stand for a function that captures. */
  get isGiven(): boolean {
    return this.captured.size > 0 || this.expansion?.outer?.isGiven === true;
  }

  capturedOf(symbol: ts.Symbol): Captured | null {
    const own = this.captured.get(symbol.valueDeclaration ?? symbol);
    return own ?? this.expansion?.outer?.capturedOf(symbol) ?? null;
  }

  emit(statement: Statement): void {
    this.statements.push(statement);
  }

  /** For what it does; of a call that was replaced nothing may be left. */
  evaluate(value: Expression): void {
    if (value.kind !== "constant") this.emit({ kind: "evaluate", line: this.line, value });
  }

  /** The statements that `work` emits, apart from the others. */
  capture(work: () => void): Statement[] {
    const outer = this.statements;
    this.statements = [];
    work();
    const inner = this.statements;
    this.statements = outer;
    return inner;
  }

  /** The same for what is not kept. */
  probe(work: () => void): void {
    this.flow.probe(() => this.capture(work));
  }

  /** A name that the function does not contain. */
  temporaryName(prefix: string): string {
    if (this.expansion !== null) return this.expansion.root.temporaryName(prefix);
    this.text ??= this.node.getText();
    do this.temporaries++;
    while (this.text.includes(`${prefix}_${this.temporaries}`));
    return `${prefix}_${this.temporaries}`;
  }

  /** Evaluates `value` now, into a variable of its own, unless nothing can change it. `at`: where in the statements. */
  settle(value: Expression, at: number = this.statements.length): Expression {
    if (isStable(value) || value.type.kind === "void" || value.kind === "resultPart") return value;
    const local: Local = {
      name: this.temporaryName("value"),
      type: value.type,
      storage: { kind: "value" },
      stable: true,
      interval: value.interval,
      wide: value.wide,
    };
    this.statements.splice(at, 0, { kind: "declare", line: this.line, local, value });
    return {
      kind: "local",
      local,
      type: value.type,
      interval: value.interval ?? rangeOf(value.type),
      wide: value.wide,
    };
  }

  block(statements: readonly ts.Statement[]): void {
    for (const statement of statements) lowerStatement(this, statement);
  }

  /** The statements of a branch or of a loop's body, braces or none. */
  bodyOf(node: ts.Statement): Statement[] {
    return this.capture(() => (ts.isBlock(node) ? this.block(node.statements) : lowerStatement(this, node)));
  }

  expression(node: ts.Expression | undefined, expected: Type | null): Expression {
    return lowerExpression(this, node, expected);
  }

  initializer(node: ts.Expression, expected: Type | null): Expression {
    return lowerInitializer(this, node, expected);
  }

  convert(value: Expression, target: Type, node: ts.Node): Expression {
    return convert(this, value, target, node);
  }
}

/** Symbols of plain names that are assigned to, incremented or decremented, and those that are counted up or down. */
interface Assignments {
  readonly assigned: Set<ts.Symbol>;
  readonly counted: Set<ts.Symbol>;
}

/** All anywhere below `node`. */
function assignedIn(context: Context, node: ts.Node): Assignments {
  const found: Assignments = { assigned: new Set(), counted: new Set() };
  for (const part of assigningNodes(node)) {
    const symbol = context.symbolOf(targetOf(part)!);
    if (symbol === null) continue;
    found.assigned.add(symbol);
    if (!ts.isBinaryExpression(part) || isCounting(part.operatorToken.kind)) found.counted.add(symbol);
  }
  return found;
}
