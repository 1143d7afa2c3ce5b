// Random statements: one a line, so that one that the compiler refuses can be left out.

import { big, index, number, numberPlace, stored, truth } from "./expressions.ts";
import { isBig, BIG_TYPES, INT_TYPES, type Place, type ScalarType, type Scope } from "./scope.ts";

const TYPES: readonly ScalarType[] = [...INT_TYPES, ...BIG_TYPES, "boolean"];

export function scalarType(scope: Scope): ScalarType {
  return scope.random.pick(TYPES);
}

/** `count` statements, indented by two. */
export function block(scope: Scope, count: number, depth: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) lines.push(...statement(scope, depth));
  return lines.map((line) => `  ${line}`);
}

type Maker = (scope: Scope, depth: number) => string[];

const SIMPLE: readonly Maker[] = [
  declaration,
  declaration,
  assignment,
  assignment,
  assignment,
  step,
  show,
  show,
  elementStore,
  bytesStore,
  reference,
  optional,
  checked,
];
const NESTED: readonly Maker[] = [branch, branch, forLoop, whileLoop, doLoop, walk, choice, exit];

function statement(scope: Scope, depth: number): string[] {
  scope.cost += scope.rounds;
  const maker = depth > 0 && scope.random.oneIn(3) ? scope.random.pick(NESTED) : scope.random.pick(SIMPLE);
  return maker(scope, depth);
}

function declaration(scope: Scope): string[] {
  const { random } = scope;
  const type = scalarType(scope);
  const constant = random.oneIn(2);
  const name = scope.fresh(constant ? "c" : "v");
  const annotated = !constant || random.oneIn(2);
  const line = `${constant ? "const" : "let"} ${name}${annotated ? `: ${type}` : ""} = ${stored(scope, type, 2)};`;
  scope.places.push({ text: name, type, writable: !constant });
  return [line];
}

function writable(scope: Scope): Place | null {
  const found = scope.places.filter((place) => place.writable);
  return found.length === 0 ? null : scope.random.pick(found);
}

function assignment(scope: Scope): string[] {
  const target = writable(scope);
  if (target === null) return show(scope);
  const value = stored(scope, target.type, 1 + scope.random.below(2));
  if (target.type === "boolean" || !scope.random.oneIn(4)) return [`${target.text} = ${value};`];
  if (target.type === "i32")
    return [`${target.text} ${scope.random.pick(["&=", "|=", "^=", "<<=", ">>="])} ${value};`];
  if (isBig(target.type)) return [`${target.text} ${scope.random.pick(["&=", "|=", "^="])} ${value};`];
  // Of two operands that are no negative numbers: else the result may be one.
  const mask = target.type.startsWith("u") ? `${scope.random.pick([0, 1, 15, 85, 170, 255])}` : value;
  return [`${target.text} &= ${mask};`];
}

/** Steps trap at the ends of the type: seldom, for values seldom lie there. */
function step(scope: Scope): string[] {
  const target = writable(scope);
  if (target === null || target.type === "boolean") return show(scope);
  const { random } = scope;
  if (random.oneIn(6)) return [`${target.text}${random.pick(["++", "--"])};`];
  const amount = isBig(target.type) ? `${random.below(4)}n` : `${random.below(4)}`;
  return random.oneIn(6) ? [`${target.text} ${random.pick(["+=", "-="])} ${amount};`] : show(scope);
}

function show(scope: Scope): string[] {
  const kind = scope.random.below(3);
  if (kind === 0) return [`yes(${truth(scope, 2)});`];
  if (kind === 1) return [`number(${number(scope, 1 + scope.random.below(3)).text});`];
  const wrap = scope.random.pick([
    "asIntN(64",
    "asUintN(64",
    "asUintN(16",
    "asUintN(33",
    "asIntN(8",
    "asIntN(48",
  ]);
  return [`big(BigInt.${wrap}, ${big(scope, 1 + scope.random.below(3)).text}));`];
}

function elementStore(scope: Scope): string[] {
  const found = scope.elements.filter((one) => one.writable);
  if (found.length === 0) return show(scope);
  const array = scope.random.pick(found);
  return [`${array.text}[${index(scope, array.length)}] = ${stored(scope, array.type, 2)};`];
}

function bytesStore(scope: Scope): string[] {
  const { random } = scope;
  if (scope.buffers.length === 0) return show(scope);
  const buffer = random.pick(scope.buffers);
  const half = buffer.length / 2;
  const at = random.oneIn(150) ? number(scope, 1).text : `${number(scope, 1).text} & ${half - 1}`;
  const other = random.pick(scope.buffers.filter((one) => one.length === buffer.length));
  switch (random.below(6)) {
    case 0:
      return [`${buffer.text}.setU8(${at}, ${stored(scope, "u8", 2)});`];
    case 1:
      return [`${buffer.text}.setU16${random.pick(["le", "be"])}(${at}, ${stored(scope, "u16", 2)});`];
    case 2:
      return [`${buffer.text}.setU32${random.pick(["le", "be"])}(${at}, ${stored(scope, "u32", 2)});`];
    case 3:
      return [`${buffer.text}.setU64${random.pick(["le", "be"])}(${at}, ${stored(scope, "u64", 2)});`];
    case 4:
      return [`${buffer.text}.slice(${at}, ${random.below(half)}).fill(${stored(scope, "u8", 1)});`];
    default:
      return [
        `${buffer.text}.slice(${at}, ${half}).copyFrom(${other.text}.slice(${number(scope, 1).text} & ${half - 1}, ${half}));`,
      ];
  }
}

function reference(scope: Scope): string[] {
  if (scope.references.length === 0) return show(scope);
  const { text, values } = scope.random.pick(scope.references);
  return [
    `${text} = ${scope.random.oneIn(4) ? `${truth(scope, 1)} ? ${scope.random.pick(values)} : ${scope.random.pick(values)}` : scope.random.pick(values)};`,
  ];
}

function optional(scope: Scope, depth: number): string[] {
  if (scope.optionals.length === 0) return show(scope);
  const { text, fields } = scope.random.pick(scope.optionals);
  const inner = scope.inner();
  inner.places.push(...fields);
  inner.neverNull(text);
  const body = block(inner, 1 + scope.random.below(2), Math.min(depth, 1));
  scope.cost += inner.cost;
  const isLost = scope.mayBeNull(text) && scope.random.oneIn(6);
  return [`if (${text} !== null) {`, ...body, ...(isLost ? [`  ${text} = null;`] : []), "}"];
}

/** A condition that is asserted and mostly true. */
function checked(scope: Scope): string[] {
  if (!scope.random.oneIn(5)) return show(scope);
  if (scope.random.oneIn(6))
    return [`if (${truth(scope, 1)} && ${truth(scope, 1)} && ${truth(scope, 1)}) unreachable("here");`];
  return [`assert(${truth(scope, 1)} || ${truth(scope, 1)} || ${numberPlace(scope).text} > 0, "checked");`];
}

function branch(scope: Scope, depth: number): string[] {
  const test = truth(scope, 2);
  const yes = inside(scope, depth, 1);
  if (scope.random.oneIn(2)) return [`if (${test}) {`, ...yes, "}"];
  return [`if (${test}) {`, ...yes, "} else {", ...inside(scope, depth, 1), "}"];
}

/** The statements of a block that runs `rounds` times for each time that this point is passed. */
function inside(
  scope: Scope,
  depth: number,
  rounds: number,
  prepare: (inner: Scope) => void = () => undefined,
): string[] {
  const inner = scope.inner();
  inner.rounds = scope.rounds * rounds;
  if (rounds > 1) inner.inLoop = true;
  prepare(inner);
  const lines = block(inner, 1 + scope.random.below(2), depth - 1);
  scope.cost += inner.cost;
  return lines;
}

const LIMIT = 400;

function forLoop(scope: Scope, depth: number): string[] {
  if (scope.rounds > LIMIT) return show(scope);
  const { random } = scope;
  const name = scope.fresh("i");
  const count = 1 + random.below(6);
  const type = random.pick(["u8", "u32", "i32"] as const);
  const body = inside(scope, depth, count, (inner) =>
    inner.places.push({ text: name, type, writable: false }),
  );
  const head =
    random.below(3) === 0
      ? `for (let ${name}: ${type} = ${count}; ${name} > 0; ${name}--) {`
      : `for (let ${name}: ${type} = 0; ${name} < ${count}; ${name}${random.pick(["++", " += 1", " += 2"])}) {`;
  return [head, ...body, "}"];
}

function whileLoop(scope: Scope, depth: number): string[] {
  if (scope.rounds > LIMIT) return show(scope);
  const name = scope.fresh("w");
  const count = 1 + scope.random.below(5);
  const body = inside(scope, depth, count, (inner) =>
    inner.places.push({ text: name, type: "u32", writable: false }),
  );
  const test = scope.random.oneIn(2) ? `${name} < ${count} && ${truth(scope, 1)}` : `${name} < ${count}`;
  return [`let ${name}: u32 = 0;`, `while (${test}) {`, `  ${name}++;`, ...body, "}"];
}

function doLoop(scope: Scope, depth: number): string[] {
  if (scope.rounds > LIMIT) return show(scope);
  const name = scope.fresh("d");
  const count = 1 + scope.random.below(4);
  const body = inside(scope, depth, count, (inner) =>
    inner.places.push({ text: name, type: "u8", writable: false }),
  );
  return [
    `let ${name}: u8 = 0;`,
    "do {",
    `  ${name}++;`,
    ...body,
    `} while (${name} < ${count} && ${truth(scope, 1)});`,
  ];
}

function walk(scope: Scope, depth: number): string[] {
  const found = scope.elements.filter(({ length }) => scope.rounds * length < LIMIT * 4);
  if (found.length === 0) return show(scope);
  const array = scope.random.pick(found);
  const name = scope.fresh("e");
  const body = inside(scope, depth, array.length, (inner) =>
    inner.places.push({ text: name, type: array.type, writable: false }),
  );
  return [`for (const ${name} of ${array.text}) {`, ...body, "}"];
}

function choice(scope: Scope, depth: number): string[] {
  const { random } = scope;
  const lines = [`switch ((${number(scope, 1).text} ^ ${numberPlace(scope).text}) & 11) {`];
  for (const value of [3, 1, 0, 2].slice(0, 1 + random.below(4))) {
    if (random.oneIn(5)) lines.push(`  case ${value + 8}:`);
    const isBlock = random.oneIn(2);
    lines.push(
      `  case ${value}:${isBlock ? " {" : ""}`,
      ...inside(scope, depth, 1).map((line) => `  ${line}`),
      `    ${ending(scope)}`,
      ...(isBlock ? ["  }"] : []),
    );
  }
  if (random.oneIn(2))
    lines.push("  default: {", ...inside(scope, depth, 1).map((line) => `  ${line}`), "  }");
  return [...lines, "}"];
}

function ending(scope: Scope): string {
  if (scope.inLoop && scope.random.oneIn(4)) return "continue;";
  return "break;";
}

/** Leaves the loop or the function, behind a condition. */
function exit(scope: Scope): string[] {
  const { random } = scope;
  if (scope.inLoop && random.oneIn(2))
    return [`if (${truth(scope, 2)}) ${random.pick(["break", "continue"])};`];
  if (scope.result === null || !random.oneIn(3)) return show(scope);
  return [`if (${truth(scope, 1)}) return ${stored(scope, scope.result, 2)};`];
}
