// Functions that are written where their value is wanted: in tables, variables and arguments.

import { stored } from "../expressions.ts";
import { add, some, type Programme } from "../feature.ts";
import type { ScalarType, Scope } from "../scope.ts";
import { scalarType } from "../statements.ts";

/** A function of these types that captures nothing, in one expression or in statements. */
function written(
  programme: Programme,
  parameters: readonly ScalarType[],
  result: ScalarType,
  costs: Scope,
): string {
  const { random } = programme;
  const scope = programme.inner();
  parameters.forEach((type, at) => scope.places.push({ text: `q${at}`, type, writable: false }));
  scope.result = result;
  const list = parameters.map((_, at) => `q${at}`).join(", ");
  const lines = random.below(2) === 0 ? [] : some(scope, 2);
  const value = stored(scope, result, 2);
  costs.cost = Math.max(costs.cost, scope.cost);
  if (lines.length === 0) return `(${list}) => ${value}`;
  return [`(${list}) => {`, ...lines.map((line) => `  ${line}`), `  return ${value};`, "}"].join("\n");
}

export function writtenFunctions(programme: Programme): void {
  const type = scalarType(programme.inner());
  const costs = programme.inner();
  const make = (): string => written(programme, ["u32", type], type, costs);
  programme.lines.push(
    `type Applied = (a: u32, b: ${type}) => ${type};`,
    `const TURNS: readonly Applied[] = [${make()}, ${make()}];`,
    `let held: Applied = ${make()};`,
    "function applied(by: Applied, a: u32, b: " + `${type}): ${type} {`,
    "  return by(a, by(3, b));",
    "}",
    "function made<A, B>(value: A, make: (value: A) => B): B {",
    "  return make(value);",
    "}",
    "",
  );
  const cost = costs.cost;
  add(programme, "turns", ["u8", type], type, (scope) => {
    const lines = [
      `const chosen = TURNS[p0 & 1];`,
      `held = p0 > 7 ? chosen : ${written(programme, ["u32"], type, costs)};`,
      `number(made(p0, (value): u32 => value * 3));`,
      `const local = applied(held, ${stored(scope, "u32", 1)}, p1);`,
      `return applied(${written(programme, ["u32", type], type, costs)}, ${stored(scope, "u32", 1)}, local);`,
    ];
    scope.cost += 8 * (Math.max(cost, costs.cost) + 4);
    return lines;
  });
}
