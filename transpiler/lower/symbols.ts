// Symbols: the names of functions and variables in C. A generic is made under its own name and those of its types, and a
// method under its class's and its own, which may be another's: `A_b` may be the method of a class, and a function.

import type { FunctionInstance, Global, Program } from "../tree.ts";

/** Gives names of their own to what has another's. Variables and functions that stand in the source so keep theirs. */
export function nameApart(program: Program, generic: ReadonlySet<FunctionInstance>): void {
  const taken = new Set<string>();
  const take = (one: Global | FunctionInstance): void => {
    const base = one.symbol.replaceAll("$", "_dollar_");
    one.symbol = base;
    for (let count = 2; taken.has(one.symbol); count++) one.symbol = `${base}_${count}`;
    taken.add(one.symbol);
  };
  for (const { name, enums, interfaces, structs, unions } of program.modules) {
    taken.add(`${name}__start_values`);
    for (const { symbol } of [...enums, ...interfaces, ...structs, ...unions]) taken.add(symbol);
    for (const { symbol } of structs) taken.add(`${name}__${symbol}_construct`);
  }
  for (const { globals } of program.modules) globals.forEach(take);
  const functions = program.modules.flatMap((module) => module.functions);
  const isPlain = (one: FunctionInstance): boolean => !generic.has(one) && one.owner === null;
  for (const one of functions.filter(isPlain)) take(one);
  for (const one of functions.filter((one) => !isPlain(one))) take(one);
}
