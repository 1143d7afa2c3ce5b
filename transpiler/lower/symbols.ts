// Symbols: the names of functions in C. A generic is made under its own name and those of its types, which may be another's.

import type { FunctionInstance, Program } from "../tree.ts";

/** Gives names of their own to functions whose names are taken. Those that stand in the source so keep theirs. */
export function nameApart(program: Program, generic: ReadonlySet<FunctionInstance>): void {
  const taken = new Set<string>();
  for (const module of program.modules) for (const { symbol } of module.globals) taken.add(symbol);
  const functions = program.modules.flatMap((module) => module.functions);
  const isPlain = (one: FunctionInstance): boolean => !generic.has(one) && one.owner === null;
  for (const one of [...functions.filter(isPlain), ...functions.filter((one) => !isPlain(one))]) {
    const base = one.symbol;
    for (let count = 2; taken.has(one.symbol); count++) one.symbol = `${base}_${count}`;
    taken.add(one.symbol);
  }
}
