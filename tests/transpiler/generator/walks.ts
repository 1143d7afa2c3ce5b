// Walks: functions that go through views of bytes with variable bounds, for what rayc concludes from conditions, assignments
// and passed checks. Most accesses stand behind a condition that proves them, or nearly does.
//
// Numbers are small, so that a walk goes far before it traps. What the compiler refuses (a value that is never within its
// type) is for the caller to leave out.

import type { Random } from "./random.ts";

/** What walks go through, and with. */
export const WALKED: readonly string[] = [
  "class Store {",
  "  readonly bytes = new Uint8Array(40);",
  "  kept: u32 = 0;",
  "}",
  "",
  "const TABLE: readonly u8[] = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 12];",
  "const store = new Store();",
  "",
  "function value(wanted: u32): u32 {",
  "  store.kept = wanted;",
  "  return store.kept;",
  "}",
  "",
  "function signed(wanted: u32): i32 {",
  "  return i32(value(wanted)) - 3;",
  "}",
  "",
  "function fresh(length: u32): Bytes {",
  "  for (let i: u32 = 0; i < 40; i++) store.bytes[i] = (i * 7) & 31;",
  "  return bytesOf(store.bytes).slice(0, length);",
  "}",
  "",
];

/** What every file of walks begins with; `output` is where `number` comes from. */
export function walksHead(output: string): string {
  return [`import { number } from "${output}";`, "", ...WALKED].join("\n");
}

/** No loop goes on for longer, all of them together. */
const ROUNDS = 60;
const DEPTH = 4;
const WATCH = ["  rounds++;", `  if (rounds > ${ROUNDS}) break;`];

/** An exported function of this name, of at least so many statements. */
export function walk(random: Random, name: string, least = 6): string {
  return new Walk(random).print(name, least);
}

class Walk {
  /** Variables that can be assigned, and what can be read. */
  private counters: string[] = ["a", "b", "c"];
  private readable: string[] = ["a", "b", "c"];
  private names = 0;
  private loops = 0;
  private depth = 0;

  constructor(private readonly random: Random) {}

  print(name: string, least: number): string {
    const { random } = this;
    const part = random.pick(["view", "view.slice(0, value(6))", "fresh(value(5))"]);
    const lines = [
      `let view: Bytes = fresh(value(${8 + random.below(20)}));`,
      `let part: Bytes = ${part};`,
      ...this.counters.map((counter) => `let ${counter}: u32 = value(${random.below(10)});`),
      `let s: i32 = signed(${random.below(9)});`,
      "let rounds: u32 = 0;",
    ];
    const shown = ["a", "b", "c", "s", "view.length", "part.length", "rounds"];
    const body = this.block(least + random.below(least + 2));
    const end = shown.map((one) => `  number(${one});`);
    return [`export function ${name}(): void {`, ...lines.map(indent), ...body, ...end, "}", ""].join("\n");
  }

  private block(count: number): string[] {
    const kept = [...this.readable];
    const lines: string[] = [];
    this.depth++;
    for (let i = 0; i < count; i++) lines.push(...this.statement());
    this.depth--;
    this.readable = kept;
    return lines.map(indent);
  }

  private statement(): string[] {
    switch (this.random.below(this.depth > DEPTH ? 6 : 16)) {
      case 0:
      case 1:
      case 2:
        return this.access();
      case 3:
      case 4:
        return [this.assignment()];
      case 5:
        return [this.part()];
      case 6:
      case 7:
        return this.branch();
      case 8:
      case 9:
        return [`if (${this.condition(1)}) ${this.exit()}`];
      case 10:
        return this.forLoop();
      case 11:
        return [`while (${this.condition(1)}) {`, ...this.body(1), "}"];
      case 12:
        return ["do {", ...this.body(1), `} while (${this.condition(1)});`];
      case 13:
        return this.constant();
      case 14:
        return this.forOf();
      default:
        return this.choice();
    }
  }

  // ---- values ----

  private name(): string {
    return `n${this.names++}`;
  }

  private digit(limit = 5): string {
    return String(this.random.below(limit));
  }

  private read(): string {
    return this.random.pick(this.readable);
  }

  private view(): string {
    return this.random.pick(["view", "view", "part"]);
  }

  /** Where something stands in a view; seldom negative, seldom too far. */
  private place(view: string): string {
    const { random } = this;
    return random.pick([
      this.read(),
      this.read(),
      `${this.read()} + ${this.digit()}`,
      `${this.read()} + ${this.digit()}`,
      `${this.read()} - ${this.digit()}`,
      `${this.read()} + ${this.read()}`,
      `${this.read()} + ${this.read()} - ${this.digit()}`,
      `${this.read()} - ${this.read()}`,
      `${view}.length - ${this.digit()}`,
      `${view}.length - ${this.read()} - 1`,
      `s + ${this.digit()}`,
    ]);
  }

  private bound(): string {
    return this.random.pick([
      this.read(),
      "view.length",
      "view.length",
      "part.length",
      this.digit(20),
      `view.length - ${this.digit()}`,
      `${this.read()} + ${this.digit()}`,
    ]);
  }

  private condition(depth: number): string {
    const { random } = this;
    if (depth > 0 && random.oneIn(4))
      return `(${this.condition(depth - 1)} ${random.pick(["&&", "||"])} ${this.condition(depth - 1)})`;
    if (random.oneIn(10)) return `!(${this.condition(0)})`;
    const view = this.view();
    if (random.oneIn(8)) return `${view}.u8(${this.place(view)}) > ${this.digit(20)}`;
    return `${this.place(view)} ${random.pick(["<", "<", "<=", "<=", ">", ">=", "===", "!=="])} ${this.bound()}`;
  }

  // ---- accesses ----

  private access(): string[] {
    const { random } = this;
    const view = this.view();
    const at = this.place(view);
    const { width, lines } = this.use(view, at);
    if (random.oneIn(3)) return lines;
    const missing = random.oneIn(4) ? random.below(3) : 0;
    const room = `${at} + ${width > missing ? width - missing : 0} <= ${view}.length`;
    return [`if (${random.oneIn(3) ? `0 <= ${at} && ${room}` : room}) {`, ...lines.map(indent), "}"];
  }

  private use(view: string, at: string): { width: number; lines: string[] } {
    const name = this.name();
    switch (this.random.below(9)) {
      case 0:
        return { width: 2, lines: [`number(${view}.u16le(${at}));`] };
      case 1:
        return { width: 4, lines: [`number(${view}.u32be(${at}));`] };
      case 2:
        return { width: 1, lines: [`${view}.setU8(${at}, ${this.digit()});`] };
      case 3:
        return { width: 1, lines: [`number(TABLE[${at}]);`] };
      case 4:
        return { width: 1, lines: [`number(${this.condition(0)} ? ${view}.u8(${at}) : ${this.digit()});`] };
      case 5:
        return { width: 1, lines: [`const ${name} = ${at};`, `number(${view}.u8(${name}));`] };
      case 6: {
        const row = `const ${name} = span(${view}, ${this.read()}, ${this.bound()});`;
        return { width: 1, lines: [row, `number(${name}[${at}]);`] };
      }
      case 7: {
        const count = this.random.pick([this.read(), this.digit()]);
        return { width: 1, lines: [`number(${view}.slice(${this.read()}, ${count}).u8(${at}));`] };
      }
      default:
        return { width: 1, lines: [`number(${view}.u8(${at}));`] };
    }
  }

  // ---- assignments ----

  private assignment(): string {
    const to = this.random.pick(this.counters);
    return this.random.pick([
      `${to} = ${this.read()} + ${this.digit()};`,
      `${to} = ${this.read()} - ${this.digit()};`,
      `${to} = ${this.read()} + ${this.read()};`,
      `${to} = (${this.read()} - ${this.digit()}) >>> 0;`,
      `${to} = (${this.read()} + ${this.read()}) & 15;`,
      `${to} = ${this.view()}.length;`,
      `${to} = view.length - ${this.read()};`,
      `${to} = value(${this.digit(16)});`,
      `${to} = ${this.digit(12)};`,
      `${to} = ${this.condition(0)} ? ${this.read()} : ${this.digit(9)};`,
      `${to} += ${this.digit()};`,
      `${to} -= ${this.digit()};`,
      `${to} += ${this.read()};`,
      `${to}++;`,
      `${to}--;`,
      `s = s + ${this.digit()};`,
      `s -= ${this.digit()};`,
      `s = signed(${this.digit(12)});`,
    ]);
  }

  /** A view becomes a part of itself, or of another. */
  private part(): string {
    const [to, from, at] = [this.view(), this.view(), this.read()];
    return this.random.pick([
      `${to} = ${to}.slice(${at}, ${to}.length - ${at});`,
      `${to} = ${to}.slice(${at}, ${to}.length - ${at});`,
      `if (${at} <= ${to}.length) ${to} = ${to}.slice(${at}, ${to}.length - ${at});`,
      `${to} = ${from}.slice(0, ${at});`,
      `${to} = ${from};`,
      `${to} = ${from}.slice(${at}, ${this.bound()});`,
      `${to} = ${from}.slice(${this.digit()}, ${from}.length - ${this.digit()});`,
      `${to} = fresh(value(${this.digit(30)}));`,
      `if (${to}.length === ${from}.length) ${to}.copyFrom(${from});`,
    ]);
  }

  private constant(): string[] {
    const name = this.name();
    const sum = `${this.read()} ${this.random.pick(["+", "-"])} ${this.random.pick([this.read(), this.digit()])}`;
    this.readable.push(name);
    return [`const ${name}: u32 = ${sum};`, `number(${name});`];
  }

  // ---- control ----

  private exit(): string {
    return this.loops > 0 ? this.random.pick(["break;", "continue;", "return;"]) : "return;";
  }

  private branch(): string[] {
    const { random } = this;
    const test = this.condition(1);
    const whenTrue = this.block(1 + random.below(3));
    if (random.oneIn(4)) whenTrue.push(indent(this.exit()));
    const whenFalse = random.oneIn(2) ? ["} else {", ...this.block(1 + random.below(3))] : [];
    return [`if (${test}) {`, ...whenTrue, ...whenFalse, "}"];
  }

  /** What a loop does in a round. */
  private body(least: number): string[] {
    this.loops++;
    const lines = this.block(least + this.random.below(4));
    this.loops--;
    return [...WATCH, ...lines];
  }

  private forLoop(): string[] {
    const { random } = this;
    const name = this.name();
    const from = random.pick(["0", this.read()]);
    const counted = random.oneIn(3) ? `${name} + ${this.digit()}` : name;
    const test = `${counted} ${random.oneIn(5) ? "<=" : "<"} ${this.bound()}`;
    const step = random.pick([`${name}++`, `${name}++`, `${name} += 2`, `${name} += ${this.digit()}`]);
    const kept = { readable: [...this.readable], counters: [...this.counters] };
    this.readable.push(name, name);
    if (random.oneIn(6)) this.counters.push(name);
    const body = this.body(1);
    this.readable = kept.readable;
    this.counters = kept.counters;
    return [`for (let ${name}: u32 = ${from}; ${test}; ${step}) {`, ...body, "}"];
  }

  private forOf(): string[] {
    const name = this.name();
    const head = `for (const ${name} of span(${this.view()}, 0, ${this.bound()})) {`;
    return [head, indent(`number(${name});`), ...this.body(0), "}"];
  }

  private choice(): string[] {
    const first = [...this.block(1 + this.random.below(2)), "  break;"];
    const second = [...this.block(1), "  break;"];
    return [
      `switch (${this.read()} & 3) {`,
      "  case 0: {",
      ...first.map(indent),
      "  }",
      "  case 2: {",
      ...second.map(indent),
      "  }",
      "  default:",
      "    number(1);",
      "}",
    ];
  }
}

function indent(line: string): string {
  return `  ${line}`;
}
