// Feature: a part of the language that a random program may have, as declarations and functions that the rest of the program
// calls. What each is made with.

import type { Random } from "./random.ts";
import type { Callable, ScalarType, Scope } from "./scope.ts";
import { block } from "./statements.ts";

/** What a feature adds to. */
export interface Programme {
  readonly random: Random;
  readonly lines: string[];
  readonly callables: Callable[];
  /** A scope in which the module's variables, and what was declared so far, can be named. */
  inner(): Scope;
  /** A constant of this type. */
  literal(type: ScalarType): string;
  show(text: string, type: ScalarType): string;
}

export type Feature = (programme: Programme) => void;

/** A function of its own: `lines` are its body. */
export function add(
  programme: Programme,
  name: string,
  parameters: readonly ScalarType[],
  result: ScalarType,
  make: (scope: Scope) => string[],
): void {
  const scope = programme.inner();
  parameters.forEach((type, at) => scope.places.push({ text: `p${at}`, type, writable: false }));
  scope.result = result;
  const lines = make(scope);
  const list = parameters.map((type, at) => `p${at}: ${type}`).join(", ");
  programme.lines.push(
    `function ${name}(${list}): ${result} {`,
    // A function that is written within a statement has lines of its own, which stand deeper than the statement.
    ...lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`),
    "}",
    "",
  );
  programme.callables.push({ text: name, parameters, result, cost: scope.cost + 4 });
}

/** `count` statements, as `make` of `add` wants them. */
export function some(scope: Scope, count: number): string[] {
  return block(scope, count, 1).map((line) => line.slice(2));
}

/** The same in a block of its own: what they declare ends with it. */
export function within(scope: Scope, count: number): string[] {
  const inner = scope.inner();
  const lines = some(inner, count);
  scope.cost += inner.cost;
  return lines;
}
