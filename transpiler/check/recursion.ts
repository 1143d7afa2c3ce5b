// No recursion: a cycle of calls is refused, also one through interfaces and function values, wherever it may happen.

import type { Reporter } from "../reporter.ts";
import type { Expression, FunctionInstance, Program } from "../tree.ts";
import { parts } from "../types.ts";
import { isCall, type Targets } from "./targets.ts";
import { walkStatement } from "./walk.ts";

/** Every function behind those that it calls. */
export function checkRecursion(program: Program, targets: Targets, reporter: Reporter): FunctionInstance[] {
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
    for (const callee of calleesOf(instance, targets)) visit(callee);
    path.pop();
    done.add(instance);
  };
  for (const module of program.modules) for (const instance of module.functions) visit(instance);
  return [...done];
}

/** What a function may call, besides constructors, which call nothing that could lead back. */
export function calleesOf(instance: FunctionInstance, targets: Targets): Set<FunctionInstance> {
  const found = new Set<FunctionInstance>();
  const structs = new Set<object>();
  const inExpression = (value: Expression): void => {
    if (isCall(value)) for (const { callee } of targets.of(value)) found.add(callee);
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
