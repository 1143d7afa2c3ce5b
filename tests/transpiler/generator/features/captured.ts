// Functions that capture, given to helpers: what they assign, return and check within loops and expressions of both.

import { index, stored, truth } from "../expressions.ts";
import { add, some, within, type Programme } from "../feature.ts";
import type { ScalarType, Scope } from "../scope.ts";
import { scalarType } from "../statements.ts";

export const ROUNDS = 6;
const TURNS = 3;

/** A block of statements that may name its parameters and all around it, and gives `result`. */
export function given(
  scope: Scope,
  parameters: readonly { readonly text: string; readonly type: ScalarType }[],
  result: ScalarType | null,
): string {
  const inner = scope.inner();
  inner.rounds *= ROUNDS;
  inner.result = result;
  inner.inLoop = false;
  for (const one of parameters) inner.places.push({ ...one, writable: false });
  const early = result !== null && scope.random.oneIn(2);
  const lines = [
    ...within(inner, 1),
    ...(early ? [`if (${truth(inner, 1)}) return ${stored(inner, result, 1)};`] : []),
    ...within(inner, 1),
    ...(result === null ? [] : [`return ${stored(inner, result, 1)};`]),
  ];
  scope.cost += (inner.cost + 3) * ROUNDS;
  const list = parameters.map(({ text }) => text).join(", ");
  return [`(${list}) => {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
}

/** A loop whose condition calls a helper. It counts by itself, for what is given may assign what the condition reads. */
function turns(scope: Scope): string[] {
  const name = scope.fresh("w");
  const inner = scope.inner();
  inner.rounds *= TURNS;
  inner.places.push({ text: name, type: "u32", writable: false });
  const accept = given(inner, [{ text: "at", type: "u8" }], "boolean");
  scope.cost += inner.cost * TURNS;
  return [
    `let ${name}: u32 = 0;`,
    `while (${name} < ${TURNS} && memory > 5 && firstOf(memory, ${accept}) < 3) {`,
    `  ${name}++;`,
    "  memory = memory >>> 3;",
    "}",
  ];
}

/** Helpers of every shape: for, for…of, do, early returns, a result that is calculated, one that hands on. */
export function capturedFunctions(programme: Programme): void {
  const { random } = programme;
  const type = scalarType(programme.inner());
  programme.lines.push(
    "function eachOf(bits: u32, visit: (at: u8) => void): void {",
    `  for (let i: u8 = 0; i < ${ROUNDS}; i++) {`,
    "    if (((bits >>> i) & 1) === 0) continue;",
    "    visit(i);",
    "  }",
    "}",
    "function firstOf(bits: u32, accept: (at: u8, left: u32) => boolean): u8 {",
    "  let left: u32 = bits;",
    "  let i: u8 = 0;",
    "  do {",
    "    if (accept(i, left)) return i;",
    "    left = left >>> 1;",
    "    i++;",
    `  } while (i < ${ROUNDS - 1} && left !== ${random.below(3)});`,
    `  return ${random.pick(["i", "200"])};`,
    "}",
    `function gathered(list: Uint16Array, from: ${type}, add: (sum: ${type}, value: u16) => ${type}): ${type} {`,
    `  let sum: ${type} = from;`,
    "  for (const value of list) sum = add(sum, value);",
    "  return sum;",
    "}",
    "function twiceOf(bits: u32, visit: (at: u8) => void): void {",
    "  eachOf(bits, visit);",
    "  if (bits > 9) eachOf(bits >>> 2, (at) => {",
    "    if (at > bits) return;",
    "    visit(at);",
    "  });",
    "}",
    "",
  );
  add(programme, "captures", ["u32", type], type, (scope) => {
    const list = [3, 1, 65_535, 9].map((value) => random.pick([value, random.below(65_536)]));
    scope.places.push({ text: "memory", type: "u32", writable: true });
    scope.places.push({ text: "held", type, writable: true });
    scope.elements.push({ text: "room", type: "u16", length: 4, writable: true });
    const at = { text: "at", type: "u8" } as const;
    const lines = [
      "let memory: u32 = p0;",
      `let held: ${type} = p1;`,
      "const room = new Uint16Array(4);",
      ...list.map((value, place) => `room[${place}] = ${value};`),
      `${random.pick(["eachOf", "twiceOf"])}(${stored(scope, "u32", 1)}, ${given(scope, [at], null)});`,
      `number((memory ^ firstOf(${stored(scope, "u32", 1)}, ${given(scope, [at, { text: "left", type: "u32" }], "boolean")}) ^ memory) >>> 0);`,
      `room[memory & 3] = firstOf(p0, ${given(scope, [at, { text: "left", type: "u32" }], "boolean")});`,
      `held = gathered(room, held, ${given(
        scope,
        [
          { text: "sum", type },
          { text: "value", type: "u16" },
        ],
        type,
      )});`,
      ...turns(scope),
      ...some(scope, 2),
      `number(room[${index(scope, 4)}]);`,
      "number(memory);",
      "return held;",
    ];
    return lines;
  });
}
