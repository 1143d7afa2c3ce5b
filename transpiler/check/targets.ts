// Targets: what a call may reach, also through interfaces and function values, and which views may show constant text.
//
// A value of interface type remembers the classes that were made into it, a function value the functions that it was made
// of, a view of bytes whether it came from utf8(). Tokens flow along assignments, parameters, results and fields; a field
// is one place for all instances of its class, the elements of all arrays of a type are one place. So what is found is at
// least what can happen.

import type { Expression, FunctionInstance, Program, StructDeclaration, Type } from "../tree.ts";
import { parts, typeName } from "../types.ts";
import { everyStatement, ownExpressions, walkStatement } from "./walk.ts";

/** The bytes of a constant string, which nobody may write to. */
export const TEXT = "text";

type Token = StructDeclaration | FunctionInstance | typeof TEXT;
/** A local, field or global, a function's result, or the elements of all arrays of a type, by its name. */
type Place = object | string;

interface Flow {
  readonly from: Expression;
  readonly into: Place;
}

/** A function that a call may reach, and what each of its parameters gets; `self` is the first of a method's. */
export interface Target {
  readonly callee: FunctionInstance;
  readonly parameters: readonly Expression[];
}

type Call = Expression & { kind: "call" | "dispatch" | "callValue" };

const NONE: ReadonlySet<Token> = new Set();

export function isCall(value: Expression): value is Call {
  return value.kind === "call" || value.kind === "dispatch" || value.kind === "callValue";
}

/** Library functions whose result points where their first parameter does. */
export const POINTING: ReadonlySet<string> = new Set(["bytes_of", "bytes_slice", "span"]);

const known = new WeakMap<Program, Targets>();

export class Targets {
  private readonly held = new Map<Place, Set<Token>>();
  private readonly flows: Flow[] = [];
  /** Those of which only the tokens tell what they reach. */
  private readonly calls: Call[] = [];
  private readonly callees = new Map<FunctionInstance, ReadonlySet<FunctionInstance>>();

  private constructor(program: Program) {
    for (const module of program.modules) {
      for (const struct of module.structs) this.collectStruct(struct);
      for (const global of module.globals) this.collectInitial(global.initial, global);
      for (const instance of module.functions) this.collectFunction(instance);
    }
    while (this.spread());
  }

  /** Those of a program, worked out once: its tree does not change any more. */
  static in(program: Program): Targets {
    const targets = known.get(program) ?? new Targets(program);
    known.set(program, targets);
    return targets;
  }

  /** What a function may call, besides constructors, which call nothing that could lead back. */
  calleesOf(instance: FunctionInstance): ReadonlySet<FunctionInstance> {
    const found = this.callees.get(instance) ?? this.findCallees(instance);
    this.callees.set(instance, found);
    return found;
  }

  private findCallees(instance: FunctionInstance): ReadonlySet<FunctionInstance> {
    const found = new Set<FunctionInstance>();
    const structs = new Set<object>();
    const inExpression = (value: Expression): void => {
      if (isCall(value)) for (const { callee } of this.of(value)) found.add(callee);
      if (value.kind === "construct" && !structs.has(value.struct)) {
        structs.add(value.struct);
        for (const field of value.struct.fields) if (field.initial !== null) inExpression(field.initial);
        for (const statement of value.struct.constructorBody) walkStatement(statement, inExpression);
      }
      parts(value).forEach(inExpression);
    };
    for (const statement of instance.body ?? []) walkStatement(statement, inExpression);
    return found;
  }

  /** Every function that a call may reach. */
  of(call: Call): Target[] {
    if (call.kind === "call") return [{ callee: call.instance, parameters: call.parameters }];
    if (call.kind === "callValue") {
      const callees = [...this.tokensOf(call.callee)].filter(isFunction);
      return callees.map((callee) => ({ callee, parameters: call.parameters }));
    }
    const structs = [...this.tokensOf(call.object)].filter(isStruct);
    return structs.flatMap((struct) => {
      const callee = struct.methods.get(call.method);
      return callee === undefined ? [] : [{ callee, parameters: [call.object, ...call.parameters] }];
    });
  }

  /** Whether a view may show the bytes of a constant string. */
  mayBeText(view: Expression): boolean {
    return this.tokensOf(view).has(TEXT);
  }

  private collectStruct(struct: StructDeclaration): void {
    for (const field of struct.fields) {
      if (field.parameter !== null) this.flow(localValue(field.parameter), field);
      else if (field.initial !== null) this.collectInitial(field.initial, field);
    }
    for (const statement of everyStatement(struct.constructorBody)) this.collectStatement(statement);
  }

  private collectInitial(initial: Expression, into: Place): void {
    this.flow(initial, into);
    this.collectExpression(initial);
  }

  private collectFunction(instance: FunctionInstance): void {
    for (const statement of everyStatement(instance.body ?? [])) {
      this.collectStatement(statement);
      if (statement.kind === "return" && statement.value !== null) this.flow(statement.value, instance);
    }
  }

  private collectStatement(statement: ReturnType<typeof everyStatement>[number]): void {
    if (statement.kind === "declare" && statement.value !== null) this.flow(statement.value, statement.local);
    if (statement.kind === "assign") {
      const place = placeOf(statement.target);
      if (place !== null) this.flow(statement.value, place);
    }
    for (const value of ownExpressions(statement)) this.collectExpression(value);
  }

  private collectExpression(value: Expression): void {
    parts(value).forEach((part) => this.collectExpression(part));
    if (value.kind === "call")
      value.instance.parameters.forEach((local, index) => this.flow(value.parameters[index], local));
    else if (isCall(value)) this.calls.push(value);
    if (value.kind === "construct") {
      value.struct.constructorParameters.forEach((local, index) => this.flow(value.parameters[index], local));
    }
    if (value.kind === "elements" && value.make !== null) this.flow(value.make, elementsOf(value.element));
    if (value.kind === "table") value.values.forEach((part) => this.flow(part, elementsOf(value.element)));
  }

  private flow(from: Expression | undefined, into: Place): void {
    if (from !== undefined && carries(from.type)) this.flows.push({ from, into });
  }

  /** One round along all flows and calls: whether any place got a token that it had not. */
  private spread(): boolean {
    let grew = false;
    for (const { from, into } of this.flows) if (this.add(into, this.tokensOf(from))) grew = true;
    for (const call of this.calls) {
      for (const { callee, parameters } of this.of(call)) {
        callee.parameters.forEach((local, index) => {
          const value = parameters[index];
          if (value !== undefined && carries(local.type) && this.add(local, this.tokensOf(value)))
            grew = true;
        });
      }
    }
    return grew;
  }

  private add(place: Place, tokens: ReadonlySet<Token>): boolean {
    if (tokens.size === 0) return false;
    const known = this.held.get(place) ?? new Set();
    const before = known.size;
    for (const token of tokens) known.add(token);
    this.held.set(place, known);
    return known.size > before;
  }

  private tokensOf(value: Expression): ReadonlySet<Token> {
    switch (value.kind) {
      case "toInterface":
        return value.operand.type.kind === "reference"
          ? new Set([value.operand.type.struct])
          : this.tokensOf(value.operand);
      case "function":
        return new Set([value.instance]);
      case "nonNull":
      case "resultPart":
        return this.tokensOf(value.operand);
      case "success":
        return value.value === null ? NONE : this.tokensOf(value.value);
      case "failure":
        return this.tokensOf(value.error);
      case "choose":
        return new Set([...this.tokensOf(value.whenTrue), ...this.tokensOf(value.whenFalse)]);
      case "call":
      case "dispatch":
      case "callValue":
        return new Set(this.of(value).flatMap(({ callee }) => [...(this.held.get(callee) ?? NONE)]));
      case "library":
        if (value.name === "utf8") return isEmptyText(value.parameters[0]!) ? NONE : new Set([TEXT]);
        return POINTING.has(value.name) ? this.tokensOf(value.parameters[0]!) : NONE;
      default: {
        const place = placeOf(value);
        return place === null ? NONE : (this.held.get(place) ?? NONE);
      }
    }
  }
}

function isStruct(token: Token): token is StructDeclaration {
  return token !== TEXT && "constructorBody" in token;
}

function isFunction(token: Token): token is FunctionInstance {
  return token !== TEXT && "body" in token;
}

/** An empty text has no byte that could be written to: it stands where a view is not known yet. */
function isEmptyText(value: Expression): boolean {
  return value.kind === "constant" && value.value === "";
}

function placeOf(value: Expression): Place | null {
  switch (value.kind) {
    case "local":
      return value.local;
    case "global":
      return value.global;
    case "field":
      return value.field;
    case "index":
      return elementsOf(value.type);
    default:
      return null;
  }
}

function elementsOf(element: Type): string {
  return `elements of ${typeName(element)}`;
}

/** Whether values of this type bring tokens with them. */
function carries(type: Type): boolean {
  if (type.kind === "result") return carries(type.value) || carries(type.error);
  if (type.kind === "view") return type.element.kind === "int";
  return type.kind === "interface" || type.kind === "function" || type.kind === "bytes";
}

function localValue(local: FunctionInstance["parameters"][number]): Expression {
  return { kind: "local", local, type: local.type, interval: local.interval, wide: local.wide };
}
