// Functions: generic ones, function values, default values, templates, arguments with effects.

import { index, number, stored, truth } from "../expressions.ts";
import { add, some, type Programme } from "../feature.ts";
import type { ScalarType } from "../scope.ts";
import { scalarType } from "../statements.ts";

export function genericFunction(programme: Programme): void {
  programme.lines.push(
    "function choose<T>(flag: boolean, left: T, right: T): T {",
    "  return flag ? left : right;",
    "}",
    "",
  );
  for (const type of new Set([scalarType(programme.inner()), scalarType(programme.inner())]))
    programme.callables.push({
      text: `choose<${type}>`,
      parameters: ["boolean", type, type],
      result: type,
      cost: 1,
    });
}

export function genericClass(programme: Programme): void {
  const types = [scalarType(programme.inner()), scalarType(programme.inner())];
  programme.lines.push(
    "class Cell<T> {",
    "  uses: u8 = 0;",
    "  constructor(public value: T) {}",
    "  swap(next: T): T {",
    "    const old = this.value;",
    "    this.value = next;",
    "    this.uses = (this.uses + 1) & 0xff;",
    "    return old;",
    "  }",
    "}",
    "",
    ...types.map((type, at) => `const cell${at} = new Cell<${type}>(${programme.literal(type)});`),
    "",
  );
  types.forEach((type, at) =>
    programme.callables.push({ text: `cell${at}.swap`, parameters: [type], result: type, cost: 4 }),
  );
  add(programme, "told", ["u8", types[0]!], types[0]!, (scope) => [
    "const local = new Cell(p1);",
    "const around = new Cell(local);",
    `around.value.swap(${stored(scope, types[0]!, 1)});`,
    "number(local.uses);",
    "return local.swap(p1);",
  ]);
}

export function functionValues(programme: Programme): void {
  const type = scalarType(programme.inner());
  programme.lines.push(`type Step = (a: u32, b: ${type}) => ${type};`, "");
  for (const name of ["forth", "back"])
    add(programme, name, ["u32", type], type, (scope) => [
      ...some(scope, 1),
      `return ${stored(scope, type, 2)};`,
    ]);
  programme.lines.push("let step: Step = forth;", "");
  const cost = Math.max(...programme.callables.slice(-2).map((one) => one.cost));
  add(programme, "walk", ["boolean", type], type, (scope) => {
    scope.cost += cost * 2;
    return [
      "if (p0) step = back; else step = forth;",
      `return step(${stored(scope, "u32", 1)}, step(${stored(scope, "u32", 1)}, p1));`,
    ];
  });
}

export function templates(programme: Programme): void {
  programme.lines.push("const out = new Text();", "");
  add(programme, "tell", ["i32", "u64"], "boolean", (scope) => [
    `out.text(\`a \${${number(scope, 2).text}} b \${p1}\`);`,
    `out.text(\`\${p0}\${${stored(scope, "u64", 1)}} end\`);`,
    'word("");',
    `return ${truth(scope, 2)};`,
  ]);
}

/** Parameters that may be left out. */
export function defaults(programme: Programme): void {
  const { random } = programme;
  const [a, b] = [random.pick(["u8", "u32", "i16", "i32"] as const), random.pick(["u64", "i64"] as const)];
  programme.lines.push(
    `function scaled(a: u32, by: ${a} = ${programme.literal(a)}, flip: boolean = ${random.pick(["true", "false"])}, far: ${b} = ${programme.literal(b)}): i64 {`,
    `  const wide = BigInt(a) ${random.pick(["+", "-", "*"])} BigInt(by);`,
    "  return BigInt.asIntN(64, flip ? far - wide : wide + far);",
    "}",
    "",
  );
  const all: readonly ScalarType[] = ["u32", a, "boolean", b];
  for (const count of [1, 2, 3, 4])
    programme.callables.push({
      text: "scaled",
      parameters: all.slice(0, count),
      result: "i64",
      cost: 2,
    });
}

/** Operands and arguments that change what the ones beside them read: their order is seen. */
export function sequences(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    `let ticks: u32 = ${1 + random.below(9)};`,
    "const order = new Int32Array(4);",
    "function tick(by: u32): u32 {",
    "  ticks = (Math.imul(ticks, 3) + by) >>> 0;",
    "  return ticks;",
    "}",
    "function weigh(a: u32, b: u32, c: i32, d: u8): u32 {",
    "  return (Math.imul(a, 3) + Math.imul(b, 5) - Math.imul(c, 7) + d) >>> 0;",
    "}",
    "",
  );
  const operand = (): string =>
    random.pick([
      () => `tick(${random.below(9)})`,
      () => `tick(${random.below(9)})`,
      () => "ticks",
      () => `(ticks + tick(${random.below(3)})) >>> 0`,
      () => "(tick(tick(1)) ^ ticks) >>> 0",
      () => `weigh(ticks, tick(2), order[ticks & 3], 1)`,
    ])();
  add(programme, "sequence", ["u32"], "u32", (scope) => {
    scope.cost += 30;
    return [
      `order[tick(${random.below(4)}) & 3] = (${operand()}) | 0;`,
      `number(weigh(${operand()}, ${operand()}, (${operand()}) | 0, (${operand()}) & 0xff));`,
      `order[ticks & 3] ${random.pick(["^=", "|=", "&="])} tick(p0) | 0;`,
      `yes((${operand()}) ${random.pick(["<", "===", ">="])} (${operand()}) ${random.pick(["&&", "||"])} (${operand()}) > ${random.pick([7, 2000])});`,
      `number((${operand()}) ${random.pick(["-", "+"])} (${operand()}) ${random.pick(["-", "%"])} (${random.pick(["ticks", "tick(5)"])} | 1));`,
      "for (const one of order) number(one);",
      `return weigh(${stored(scope, "u32", 1)}, ${operand()}, order[${index(scope, 4)}], (${operand()}) & 0xff);`,
    ];
  });
}
