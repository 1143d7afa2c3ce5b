// Risks: the last act of a program, which about every second time traps. By then all else was printed, so that a check that is
// missing, and what is one off in it, shows without hiding anything.

import { big, number, stored } from "./expressions.ts";
import type { Scope } from "./scope.ts";

type Risk = (scope: Scope) => string[];

const RISKS: readonly Risk[] = [
  division,
  bigDivision,
  position,
  byte,
  narrowing,
  bigNarrowing,
  lost,
  promise,
];

export function risk(scope: Scope): string[] {
  return scope.random.pick(RISKS)(scope);
}

function division(scope: Scope): string[] {
  const { random } = scope;
  const divisor = `(${number(scope, 1).text} & ${random.pick([1, 2, 3])})`;
  const dividend = number(scope, 1).text;
  const text = random.pick([
    `Math.trunc(${dividend} / ${divisor})`,
    `(${dividend} / ${divisor}) | 0`,
    `(${dividend} / ${divisor}) >>> 0`,
    `${dividend} % ${divisor}`,
  ]);
  return [`number(${text});`];
}

function bigDivision(scope: Scope): string[] {
  const divisor = `(${big(scope, 1).text} & ${scope.random.pick(["1n", "2n", "3n"])})`;
  return [`big(BigInt.asUintN(64, ${stored(scope, "u64", 1)}) ${scope.random.pick(["/", "%"])} ${divisor});`];
}

/** The last element, or the one behind it. */
function position(scope: Scope): string[] {
  const { random } = scope;
  const array = random.pick(scope.elements);
  const at = `${array.length - 1} + (${number(scope, 1).text} & 1)`;
  if (!array.writable || random.oneIn(2)) {
    const name = scope.fresh("c");
    const shown = { boolean: "yes", u64: "big", i64: "big" }[array.type as "u64"] ?? "number";
    return [`const ${name} = ${array.text}[${at}];`, `${shown}(${name});`];
  }
  return [`${array.text}[${at}] = ${stored(scope, array.type, 1)};`];
}

/** The last bytes of a buffer, or one too far. */
function byte(scope: Scope): string[] {
  const { random } = scope;
  const { text, length } = random.pick(scope.buffers);
  const [name, width] = random.pick([
    ["u8", 1],
    ["u16le", 2],
    ["u16be", 2],
    ["u32le", 4],
    ["u32be", 4],
  ] as const);
  return [
    random.pick([
      `number(${text}.${name}(${length - width} + (${number(scope, 1).text} & 1)));`,
      `number(${text}.slice(${length / 2}, ${length / 2 - 1} + (${number(scope, 1).text} & 3)).length);`,
      `for (const e of span(${text}, ${length / 2} + (${number(scope, 1).text} & 3), ${length / 2 - 1})) number(e);`,
    ]),
  ];
}

function narrowing(scope: Scope): string[] {
  const [type, value] = scope.random.pick([
    ["u8", `${number(scope, 2).text} & 0x1ff`],
    ["i8", `${number(scope, 2).text} & 0xff`],
    ["u16", `${number(scope, 2).text} & 0x1ffff`],
    ["u32", `${number(scope, 2).text} | 0`],
    ["i32", `${number(scope, 2).text} >>> 0`],
    ["u8", number(scope, 1).text],
    ["i16", number(scope, 1).text],
  ] as const);
  const name = scope.fresh("v");
  return [
    `let ${name}: ${type} = ${type}(${value});`,
    `${name}${scope.random.pick(["++", "--"])};`,
    `number(${name});`,
  ];
}

function bigNarrowing(scope: Scope): string[] {
  const type = scope.random.pick(["u64", "i64"]);
  return [
    `big(${type}(BigInt.asIntN(64, ${big(scope, 2).text})));`,
    `number(u32(Number(${stored(scope, "i64", 1)})));`,
  ];
}

/** A reference that was tested, and that what follows may have lost. */
function lost(scope: Scope): string[] {
  const { text, fields } = scope.random.pick(scope.optionals);
  const field = scope.random.pick(fields);
  const store = `${field.text} = ${stored(scope, field.type, 1)};`;
  const { values } = scope.references.find((one) => one.text === text)!;
  const there = scope.random.pick(values.filter((value) => value !== "null"));
  return [
    `${text} = ${there};`,
    `if (${text} !== null) {`,
    `  forget(${number(scope, 1).text} & 1);`,
    `  ${store}`,
    "}",
  ];
}

function promise(scope: Scope): string[] {
  return [`assert((${number(scope, 1).text} & 1) === 0, "even");`];
}
