// No recursion: a cycle of calls is refused, also one through interfaces and function values, wherever it may happen.

import type { Reporter } from "../reporter.ts";
import type { FunctionInstance, Program } from "../tree.ts";
import type { Targets } from "./targets.ts";

/** Every function behind those that it calls. */
export function checkRecursion(program: Program, targets: Targets, reporter: Reporter): FunctionInstance[] {
  const done = new Set<FunctionInstance>();
  const path: FunctionInstance[] = [];
  const visit = (instance: FunctionInstance): void => {
    if (done.has(instance)) return;
    if (path.includes(instance)) {
      const cycle = [...path.slice(path.indexOf(instance)), instance].map((part) => part.name).join(" → ");
      reporter.reportAt(instance.module.file, instance.line, 1, "recursion", instance.name, cycle);
      return;
    }
    path.push(instance);
    for (const callee of targets.calleesOf(instance)) visit(callee);
    path.pop();
    done.add(instance);
  };
  for (const module of program.modules) for (const instance of module.functions) visit(instance);
  return [...done];
}
