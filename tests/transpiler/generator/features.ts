// Features: parts of the language that a random program may have, each as declarations and functions that the rest of the
// program calls. A program has a few of them, so that it stays short.

import type { Random } from "./random.ts";
import { index, number, stored, truth } from "./expressions.ts";
import { isBig, type Callable, type ScalarType, type Scope } from "./scope.ts";
import { block, scalarType } from "./statements.ts";

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

export const FEATURES: readonly Feature[] = [
  enumeration,
  results,
  genericFunction,
  genericClass,
  functionValues,
  templates,
  spans,
  indexLoops,
  layouts,
  localStructs,
  chains,
  lostReference,
  byteViews,
  records,
];

/** A function of its own: `lines` are its body. */
function add(
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
    ...lines.map((line) => `  ${line}`),
    "}",
    "",
  );
  programme.callables.push({ text: name, parameters, result, cost: scope.cost + 4 });
}

/** `count` statements, as `make` of `add` wants them. */
function some(scope: Scope, count: number): string[] {
  return block(scope, count, 1).map((line) => line.slice(2));
}

// ---- enumerations, results ----

function enumeration(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "const enum Mode { idle = 0, busy = 3, done = 4, last = 200 }",
    "let mode: Mode = Mode.busy;",
  );
  programme.lines.push("const MODES: readonly Mode[] = [Mode.idle, Mode.done, Mode.last, Mode.busy];", "");
  programme.lines.push("function isMode(wanted: Mode): boolean {", "  return mode === wanted;", "}", "");
  add(programme, "turn", ["u32", "boolean"], "u8", (scope) => [
    `mode = p1 ? MODES[${index(scope, 4)}] : mode;`,
    "switch (mode) {",
    "  case Mode.idle:",
    ...some(scope, 1).map((line) => `    ${line}`),
    `    mode = Mode.${random.pick(["busy", "done", "last"])};`,
    "    break;",
    "  case Mode.busy:",
    `    return ${stored(scope, "u8", 2)};`,
    "  case Mode.done:",
    "  case Mode.last: {",
    ...some(scope, 1).map((line) => `    ${line}`),
    random.oneIn(2) ? "    break;" : `    return ${stored(scope, "u8", 1)};`,
    "  }",
    ...(random.oneIn(2) ? ["  default:", '    unreachable("mode");'] : []),
    "}",
    `yes(isMode(Mode.${random.pick(["idle", "busy", "done", "last"])}));`,
    `return ${stored(scope, "u8", 2)};`,
  ]);
}

function results(programme: Programme): void {
  const { random, lines } = programme;
  const type = random.pick(["u8", "u16", "i32", "u64", "boolean"] as const);
  lines.push("const enum Fault { small = 1, odd = 2, late = 7 }", "");
  const scope = programme.inner();
  scope.places.push({ text: "p0", type: "u32", writable: true }, { text: "p1", type: "i16", writable: true });
  lines.push(
    `function attempt(p0: u32, p1: i16): Result<${type}, Fault> {`,
    `  if (${truth(scope, 1)}) return err(Fault.small);`,
    ...block(scope, 1, 1),
    `  if (p0 % 3 === ${random.below(3)}) return err(p1 < 0 ? Fault.odd : Fault.late);`,
    `  return ok(${stored(scope, type, 2)});`,
    "}",
    "",
    `function again(p0: u32, p1: i16): Result<void, Fault> {`,
    "  const early = attempt(p0, p1);",
    `  if (!early.ok) return ${random.pick(["err(early.error)", "early"])};`,
    `  ${programme.show("early.value", type)}`,
    `  const later = attempt(${stored(scope, "u32", 1)}, p1);`,
    "  if (!later.ok) return err(Fault.late);",
    `  ${programme.show("later.value", type)}`,
    "  return ok();",
    "}",
    "",
  );
  add(programme, "attempts", ["u32", "i16"], "u32", (inner) => {
    inner.cost += 2 * scope.cost;
    return [
      "const outcome = again(p0, p1);",
      `if (outcome.ok) return ${stored(inner, "u32", 1)};`,
      `return outcome.error === Fault.${random.pick(["small", "odd", "late"])} ? 7 : p0;`,
    ];
  });
}

// ---- generics, function values, templates ----

function genericFunction(programme: Programme): void {
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

function genericClass(programme: Programme): void {
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
}

function functionValues(programme: Programme): void {
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

function templates(programme: Programme): void {
  programme.lines.push("const out = new Text();", "");
  add(programme, "tell", ["i32", "u64"], "boolean", (scope) => [
    `out.text(\`a \${${number(scope, 2).text}} b \${p1}\`);`,
    `out.text(\`\${p0}\${${stored(scope, "u64", 1)}} end\`);`,
    `return ${truth(scope, 2)};`,
  ]);
}

// ---- arrays, spans, bytes ----

function spans(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "function mix(values: Uint8Array, seed: u32): u32 {",
    "  let sum: u32 = seed;",
    `  for (const value of values) sum = (Math.imul(sum, 31) ${random.pick(["+", "-", "^"])} value) >>> 0;`,
    `  for (let i: u32 = ${random.below(2)}; i < values.length; i += ${1 + random.below(3)}) values[i] = (values[i] + sum) & 0xff;`,
    "  return sum;",
    "}",
    "",
  );
  add(programme, "blend", ["u32"], "u32", (scope) => {
    scope.cost += 100;
    const from = random.oneIn(12) ? "p0 & 31" : "p0 & 15";
    return [
      `const part = span(bytesOf(${random.pick(["first", "second"])}.bytes), ${from}, ${random.pick([4, 8, 16])});`,
      `return mix(part, ${stored(scope, "u32", 1)});`,
    ];
  });
}

/** Loops whose bounds the compiler may prove: most lie within, some reach one too far. */
function indexLoops(programme: Programme): void {
  const { random } = programme;
  const [type, array] = random.pick([
    ["u8", "Uint8Array"],
    ["u16", "Uint16Array"],
    ["u32", "Uint32Array"],
    ["i32", "Int32Array"],
  ] as const);
  const length = random.pick([5, 8, 12]);
  programme.lines.push(`const row = new ${array}(${length});`, "");
  add(programme, "sweep", ["u32", "u8"], type, (scope) => {
    scope.cost += length * 8;
    const store = (text: string): string =>
      type === "i32" ? `${text} | 0` : `(${text}) ${{ u8: "& 0xff", u16: "& 0xffff", u32: ">>> 0" }[type]}`;
    const rare = random.oneIn(4);
    const lines = [
      [`for (let i: u32 = 0; i ${rare ? "<=" : "<"} row.length; i++) row[i] = ${store("row[i] + p0 - i")};`],
      [`for (let i: u32 = 1; i < row.length; i++) row[i - 1] = ${store("row[i] ^ row[i - 1]")};`],
      [
        `for (let i: u32 = 0; i + ${rare ? 1 : 2} < row.length; i++) row[i] = ${store("row[i + 1] + row[i + 2]")};`,
      ],
      [`for (let i: u32 = row.length; i > ${rare ? 0 : 1}; i--) row[i - 2] = ${store("row[i - 1] + p1")};`],
      [`for (let i: i32 = ${length - 1}; i >= 0; i--) row[i] = ${store("row[i] - i")};`],
      [
        "let low: u32 = 0;",
        `let high: u32 = ${rare ? length : length - 1};`,
        "while (low < high) {",
        "  const kept = row[low];",
        "  row[low] = row[high];",
        "  row[high] = kept;",
        "  low++;",
        "  high--;",
        "}",
      ],
      [
        `const end: u32 = ${random.oneIn(2) ? "p1" : `p1 < ${length} ? p1 : ${length}`};`,
        `if (end <= row.length) for (let i: u32 = 0; i < end; i++) row[i] = ${store("row[i] + end - i")};`,
      ],
      [`for (const one of row) number(one);`],
    ];
    return [...random.pick(lines).concat(random.pick(lines.slice(0, 5))), `return row[${index(scope, 4)}];`];
  });
}

function layouts(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "const RECORD = layout(24, {",
    "  kind: at8(0),",
    "  flags: at8(1),",
    "  port: be16(2),",
    "  size: le32(4),",
    "  from: le64(8),",
    "  name: octets(16, 4),",
    "  crc: be32(20),",
    "});",
    "",
  );
  add(programme, "record", ["u8", "u16", "u32", "u64"], "u32", (scope) => [
    `const bytes = bytesOf(${random.pick(["first", "second"])}.bytes).slice(p0 & 7, 24);`,
    "RECORD.kind.set(bytes, p0);",
    "RECORD.port.set(bytes, p1);",
    `RECORD.${random.pick(["size", "crc"])}.set(bytes, ${stored(scope, "u32", 1)});`,
    "RECORD.from.set(bytes, p3);",
    "big(RECORD.from.get(bytes));",
    "for (let i: u32 = 0; i < 24; i += 5) number(bytes.u8(i));",
    `RECORD.name.of(bytes).fill(${stored(scope, "u8", 1)});`,
    `return (RECORD.port.get(bytes) + RECORD.${random.pick(["size", "crc"])}.get(bytes) + RECORD.name.offset) >>> 0;`,
  ]);
}

function byteViews(programme: Programme): void {
  const { random } = programme;
  add(programme, "views", ["u32", "u64"], "u64", (scope) => {
    const order = random.pick(["le", "be"]);
    return [
      "const whole = bytesOf(first.bytes);",
      `const part = whole.slice(p0 & 7, 24).slice(${random.below(8)}, ${random.oneIn(10) ? "p0 & 31" : "8 + (p0 & 7)"});`,
      `part.setU64${order}(0, p1);`,
      `yes(part.equals(bytesOf(second.bytes).slice(0, part.length)));`,
      `if (part.length > ${8 + random.below(6)}) part.setU16${random.pick(["le", "be"])}(${4 + random.below(4)}, ${stored(scope, "u16", 1)});`,
      `return part.u64${random.pick(["le", "be"])}(${random.oneIn(12) ? "part.length - 7" : "0"});`,
    ];
  });
}

// ---- structs ----

function localStructs(programme: Programme): void {
  programme.lines.push(
    "function change(one: Inner, by: u8): u64 {",
    "  one.n0 = (one.n0 + by) & 0xff;",
    "  one.n1 = (one.n1 - by) | 0;",
    "  return one.n2;",
    "}",
    "",
  );
  add(programme, "locals", ["u8", "u64"], "u64", (scope) => {
    scope.cost += 10;
    const source = scope.random.pick(["first.inner", "second.pool[1]", `first.pool[${index(scope, 2)}]`]);
    return [
      "const one = new Inner();",
      `copy(one, ${source});`,
      `one.n1 = ${stored(scope, "i32", 1)};`,
      "const two = new Inner();",
      scope.random.oneIn(2) ? "copy(two, one);" : "two.n2 = p1;",
      `big(change(${scope.random.pick(["one", "two"])}, p0));`,
      "number(one.n0);",
      "number(two.n1);",
      scope.random.oneIn(2) ? "copy(second.inner, two);" : "copy(first.pool[0], one);",
      `return BigInt.asUintN(64, change(two, p0) ${scope.random.pick(["+", "*", "-"])} one.n2);`,
    ];
  });
}

/** References followed from struct to struct, as long as there is one. */
function chains(programme: Programme): void {
  add(programme, "chain", ["u8", "boolean"], "u32", (scope) => {
    scope.cost += 12;
    return [
      `first.other = p1 ? second : ${scope.random.pick(["null", "first"])};`,
      "let at: Outer | null = first;",
      "let sum: u32 = 0;",
      "for (let i: u8 = 0; i < 4 && at !== null; i++) {",
      `  sum = (sum * 3 + at.f${scope.random.pick(["0", "1"])}) >>> 0;`,
      "  at = at.other;",
      "}",
      "yes(at === first);",
      "return sum;",
    ];
  });
}

/** A reference that was tested, and lost before it is used: the trap `null`, now and then. */
function lostReference(programme: Programme): void {
  const odds = programme.random.pick([2, 4, 250]);
  programme.lines.push(
    "function loosen(value: u8): void {",
    `  if (value > ${255 - Math.floor(255 / odds)}) second.chosen = null;`,
    "}",
    "",
  );
  add(programme, "lose", ["u8"], "u8", (scope) => [
    `second.chosen = ${scope.random.pick(["first.inner", "second.pool[1]"])};`,
    "if (second.chosen !== null) {",
    "  loosen(p0);",
    "  second.chosen.n0 = p0;",
    "  return second.chosen.n0;",
    "}",
    `return ${stored(scope, "u8", 1)};`,
  ]);
}

/** A pool of structs, found by index and by walking. */
function records(programme: Programme): void {
  const { random } = programme;
  const type = random.pick(["u16", "u32", "i32", "u64"] as const);
  const wrap = isBig(type)
    ? (text: string) => `BigInt.asUintN(64, ${text})`
    : (text: string) =>
        ({ u16: `(${text}) & 0xffff`, u32: `(${text}) >>> 0`, i32: `(${text}) | 0` })[type as "u16"];
  programme.lines.push(
    "class Entry {",
    "  used: boolean = false;",
    "  key: u8 = 0;",
    `  total: ${type} = ${programme.literal(type)};`,
    "}",
    "",
    "class Pool {",
    "  readonly entries = fixedArray(4, () => new Entry());",
    "  count: u8 = 0;",
    "  find(key: u8): Entry | null {",
    "    for (const entry of this.entries) if (entry.used && entry.key === key) return entry;",
    "    return null;",
    "  }",
    "}",
    "",
    "const pool = new Pool();",
    "",
  );
  add(programme, "enter", ["u8", type], type, (scope) => {
    scope.cost += 20;
    return [
      "let found = pool.find(p0 & 7);",
      "if (found === null) {",
      `  const slot = pool.entries[pool.count ${random.oneIn(4) ? "" : "& 3"}];`,
      "  pool.count++;",
      "  slot.used = true;",
      "  slot.key = p0 & 7;",
      "  found = slot;",
      "}",
      `found.total = ${wrap(`found.total ${random.pick(["+", "-", "^"])} p1`)};`,
      `yes(found === pool.entries[${index(scope, 4)}]);`,
      "return found.total;",
    ];
  });
}
