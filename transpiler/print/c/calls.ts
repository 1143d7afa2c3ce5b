// The call graph of the C: for every function the C functions that it may call, also through interfaces and function values.
// With the size of each one's frame, which the C compiler tells, it gives the stack that a program needs.

import { Targets } from "../../check/targets.ts";
import { walkStatement } from "../../check/walk.ts";
import type {
  Expression,
  FunctionInstance,
  InterfaceDeclaration,
  Program,
  StructDeclaration,
} from "../../tree.ts";
import { parts } from "../../types.ts";
import { cName } from "./expressions.ts";
import { constructorOf, startName, tableName } from "./header.ts";
import { startsLate } from "./startup.ts";

/** One line a function: its symbol, and those of the functions that it may call. */
export function printCalls(program: Program): string {
  const targets = Targets.in(program);
  const lines: string[] = [];
  const starts: string[] = [];
  for (const module of program.modules) {
    for (const struct of module.structs) {
      const made = structsIn(initialsOf(struct));
      lines.push([constructorOf(struct), ...made].join(" "));
      for (const one of struct.implemented) lines.push(...thunksOf(struct, one));
    }
    for (const instance of module.functions) {
      const called = [...targets.calleesOf(instance)].map((callee) => cName(callee.symbol));
      const own = expressionsOf(instance);
      lines.push(
        [cName(instance.symbol), ...called, ...structsIn(own), ...dispatchedIn(own, targets)].join(" "),
      );
    }
    const late = module.globals.filter(startsLate);
    if (late.length === 0) continue;
    starts.push(startName(module));
    lines.push([startName(module), ...structsIn(late.map(({ initial }) => initial))].join(" "));
  }
  const entry = program.entry === null ? [] : [cName(program.entry.symbol)];
  lines.push(["ray_start", ...starts].join(" "), ["ray_main", "ray_start", ...entry].join(" "));
  return `${lines.join("\n")}\n`;
}

function thunkName(struct: StructDeclaration, declaration: InterfaceDeclaration, method: string): string {
  return `${tableName(struct, declaration)}_${method}`;
}

/** What stands in the table of an interface hands on to the method. */
function thunksOf(struct: StructDeclaration, one: InterfaceDeclaration): string[] {
  return one.methods.flatMap(({ name }) => {
    const method = struct.methods.get(name);
    return method === undefined ? [] : [`${thunkName(struct, one, name)} ${cName(method.symbol)}`];
  });
}

/** The thunks that calls through interfaces may reach. */
function dispatchedIn(values: readonly Expression[], targets: Targets): string[] {
  const found = new Set<string>();
  const visit = (value: Expression): void => {
    if (value.kind === "dispatch" && value.object.type.kind === "interface") {
      const { declaration } = value.object.type;
      for (const { callee } of targets.of(value))
        if (callee.owner !== null) found.add(thunkName(callee.owner, declaration, value.method));
    }
    parts(value).forEach(visit);
  };
  values.forEach(visit);
  return [...found];
}

/** What a constructor evaluates. */
function initialsOf(struct: StructDeclaration): Expression[] {
  const found = struct.fields.flatMap((field) => field.initial ?? []);
  for (const statement of struct.constructorBody) walkStatement(statement, (value) => found.push(value));
  return found;
}

function expressionsOf(instance: FunctionInstance): Expression[] {
  const found: Expression[] = [];
  for (const statement of instance.body ?? []) walkStatement(statement, (value) => found.push(value));
  return found;
}

/** The constructors that some expressions call themselves. */
function structsIn(values: readonly Expression[]): string[] {
  const found = new Set<string>();
  const visit = (value: Expression): void => {
    if (value.kind === "construct") found.add(constructorOf(value.struct));
    parts(value).forEach(visit);
  };
  values.forEach(visit);
  return [...found];
}
