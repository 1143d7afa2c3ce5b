// Flow: variables of which something is known at a place and no longer at another, because a loop, a branch or a call came
// between. What the compiler keeps of it wrongly shows in what is calculated from them.

import { big, number, stored, truth } from "../expressions.ts";
import { add, type Programme } from "../feature.ts";
import { isBig, Scope, type ScalarType } from "../scope.ts";
import { walk, WALKED } from "../walks.ts";

/** Fewer statements than a walk by itself has, for there are more programs than walks. */
const STROLL = 3;
const STARTS = [0, 1, 2, 3, 7, 100] as const;

/** Two variables that begin small and well known, and grow in a loop and its branches. */
export function learned(programme: Programme): void {
  const { random } = programme;
  const types = [
    random.pick(["u32", "i32", "u16", "i16"] as const),
    random.pick(["u32", "i32", "u64", "i64"] as const),
  ] as const;
  add(programme, "learn", ["u32", "boolean"], "u32", (whole) => {
    const scope = new Scope(random, whole.names);
    const names = ["n", "m"] as const;
    scope.places.push(
      { text: "p0", type: "u32", writable: false },
      { text: "p1", type: "boolean", writable: false },
    );
    for (const [at, text] of names.entries())
      for (let i = 0; i < 3; i++) scope.places.push({ text, type: types[at]!, writable: true });
    const initial = types.map((type) => literalOf(type, random.pick(STARTS)));
    const rounds = 2 + random.below(4);
    whole.cost += rounds * 8;
    return [
      `let n: ${types[0]} = ${initial[0]};`,
      `let m: ${types[1]} = ${initial[1]};`,
      ...grow(scope, names, types, rounds),
      `if (${truth(scope, 1)}) n = ${random.oneIn(2) ? literalOf(types[0], random.pick(STARTS)) : stored(scope, types[0], 2)};`,
      ...uses(scope),
      `switch (p0 & 3) {`,
      `  case ${random.below(2)}:`,
      `    m = ${literalOf(types[1], random.pick(STARTS))};`,
      "    break;",
      `  case ${2 + random.below(2)}:`,
      `    m = ${stored(scope, types[1], 2)};`,
      "    break;",
      "}",
      ...uses(scope),
      `return ${stored(scope, "u32", 2)};`,
    ];
  });
}

function literalOf(type: ScalarType, value: number): string {
  return isBig(type) ? `${value}n` : `${value}`;
}

function grow(
  scope: Scope,
  names: readonly string[],
  types: readonly ScalarType[],
  rounds: number,
): string[] {
  const { random } = scope;
  const body = [
    ...uses(scope),
    ...names
      .filter(() => !random.oneIn(4))
      .map(
        (name, at) =>
          `${name} = ${stored(scope, types[names.indexOf(name) < 0 ? at : names.indexOf(name)]!, 2)};`,
      ),
    ...(random.oneIn(2) ? [`if (${truth(scope, 1)}) ${random.pick(["break", "continue"])};`] : []),
    ...uses(scope),
  ].map((line) => `  ${line}`);
  switch (random.below(3)) {
    case 0:
      return [`for (let i: u8 = 0; i < ${rounds}; i++) {`, ...body, "}"];
    case 1:
      return ["let i: u32 = 0;", `while (i < ${rounds}) {`, "  i++;", ...body, "}"];
    default:
      return ["let i: u8 = 0;", "do {", "  i++;", ...body, `} while (i < ${rounds});`];
  }
}

function uses(scope: Scope): string[] {
  return [
    `number(${number(scope, 2).text});`,
    `big(BigInt.asIntN(64, ${big(scope, 2).text}));`,
    `yes(${truth(scope, 1)});`,
  ].filter(() => !scope.random.oneIn(3));
}

/** A walk through views, of which most accesses are proven by what stands before them. */
export function stroll(programme: Programme): void {
  programme.lines.push(...WALKED, ...walk(programme.random, "stroll", STROLL).split("\n"));
}
