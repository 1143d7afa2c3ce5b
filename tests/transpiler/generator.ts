// A generator of random programs of the subset: from a seed, always the same text.
//
// A program has tables, structs (embedded, referred to, behind an interface), functions that change what others read,
// and a `main` that prints as it goes and prints the whole state at its end. What else it exports runs by itself.

import { stored } from "./generator/expressions.ts";
import type { Programme } from "./generator/feature.ts";
import { FEATURES } from "./generator/features.ts";
import { probe } from "./generator/probes.ts";
import { Random } from "./generator/random.ts";
import { risk } from "./generator/risks.ts";
import {
  isBig,
  Scope,
  type Callable,
  type Elements,
  type Place,
  type ScalarType,
} from "./generator/scope.ts";
import { block, scalarType } from "./generator/statements.ts";

/** So many features are drawn; some come twice, and count once. */
const FEATURES_WANTED = 3;
/** Each runs by itself, for a trap ends what it stands in. */
const PROBES = 3;

const ARRAYS = [
  ["u8", "Uint8Array"],
  ["u16", "Uint16Array"],
  ["u32", "Uint32Array"],
  ["i8", "Int8Array"],
  ["i16", "Int16Array"],
  ["i32", "Int32Array"],
  ["u64", "BigUint64Array"],
  ["i64", "BigInt64Array"],
] as const;

/** The source of the program of this seed. `support`: the folder of the modules that print, as an import names it. */
export function generate(seed: number, support: string): string {
  return new Generation(new Random(seed), support).text(seed);
}

class Generation {
  private readonly lines: string[] = [];
  private readonly global: Scope;
  private readonly callables: Callable[] = [];
  private readonly shown: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly support: string,
  ) {
    this.global = new Scope(random, { count: 0 });
  }

  text(seed: number): string {
    this.lines.push(
      `// Seed ${seed}.`,
      "",
      `import { big, fillBytes, number, printBytes, word, yes } from "${this.support}/output.ts";`,
      `import { Text } from "${this.support}/text.ts";`,
      "",
    );
    this.tables();
    this.innerClass();
    this.outerClass();
    this.variables();
    const count = this.random.below(2);
    for (let i = 0; i < count; i++) this.someFunction(i);
    this.features();
    if (this.random.oneIn(3)) this.interfaces();
    for (let i = 0; i < PROBES; i++) this.lines.push(...probe(this.random, `probe${i}`));
    this.main();
    return `${this.lines.join("\n")}\n`;
  }

  private literal(type: ScalarType): string {
    if (type === "boolean") return this.random.pick(["true", "false"]);
    const values: Record<string, readonly string[]> = {
      u8: ["3", "1", "200", "255"],
      u16: ["9", "5", "40000", "65535"],
      u32: ["77000", "7", "0x80000000", "0xffffffff"],
      i8: ["5", "-1", "127", "-128"],
      i16: ["300", "-2", "32767", "-32768"],
      i32: ["-70000", "-3", "0x7fffffff", "-0x80000000"],
      u64: ["0x1234_5678_9abcn", "9n", "0x8000000000000000n", "0xffffffffffffffffn"],
      i64: ["-0x1234_5678_9abcn", "-4n", "0x7fffffffffffffffn", "-0x8000000000000000n"],
    };
    return this.random.pick(values[type]!);
  }

  private tables(): void {
    for (let i = 0; i < 2; i++) {
      const type = scalarType(this.global);
      const length = this.random.pick([2, 4, 8]);
      const values = Array.from({ length }, () => this.literal(type));
      this.lines.push(`const TABLE_${i}: readonly ${type}[] = [${values.join(", ")}];`);
      this.global.elements.push({ text: `TABLE_${i}`, type, length, writable: false });
    }
    this.lines.push("");
  }

  private innerClass(): void {
    this.lines.push("class Inner {");
    this.fieldTypes("n").forEach(({ text, type }) =>
      this.lines.push(`  ${text}: ${type} = ${this.literal(type)};`),
    );
    this.lines.push("}", "");
  }

  /** The fields of a class, the same whenever they are asked for. */
  private fieldTypes(prefix: string): Place[] {
    const types: readonly ScalarType[] =
      prefix === "n" ? ["u8", "i32", "u64"] : ["u16", "u32", "i8", "i64", "boolean"];
    return types.map((type, index) => ({ text: `${prefix}${index}`, type, writable: true }));
  }

  private readonly arrays: Elements[] = [];

  private outerClass(): void {
    this.lines.push("class Outer {");
    for (const { text, type } of this.fieldTypes("f"))
      this.lines.push(`  ${text}: ${type} = ${this.literal(type)};`);
    this.lines.push(
      "  readonly inner = new Inner();",
      "  readonly pool = fixedArray(2, () => new Inner());",
      "  other: Outer | null = null;",
      "  chosen: Inner | null = null;",
    );
    for (const [type, name] of [this.random.pick(ARRAYS), this.random.pick(ARRAYS)]) {
      const length = this.random.pick([2, 4, 8]);
      const text = `a${this.arrays.length}`;
      this.lines.push(`  readonly ${text} = new ${name}(${length});`);
      this.arrays.push({ text, type, length, writable: true });
    }
    const element = scalarType(this.global);
    this.lines.push(
      `  readonly x0: FixedArray<${element}, 4> = fixedArray(4, () => ${this.literal(element)});`,
      "  readonly bytes = new Uint8Array(32);",
      "",
    );
    this.arrays.push({ text: "x0", type: element, length: 4, writable: true });
    for (let i = this.random.below(2); i > 0; i--) this.method(i);
    this.lines.push(...this.showing(), "}", "");
  }

  /** The method that prints all that an Outer holds, as a program does at its end. */
  private showing(): string[] {
    const fields = [
      ...this.fieldTypes("f"),
      ...this.fieldTypes("n").map((place) => ({ ...place, text: `inner.${place.text}` })),
    ].map(({ text, type }) => this.show(`this.${text}`, type));
    const arrays = this.arrays.map(
      ({ text, type }) => `for (const e of this.${text}) ${this.show("e", type)}`,
    );
    const lines = [...fields, ...arrays, "printBytes(this.bytes);"];
    return ["  show(): void {", ...lines.map((line) => `    ${line}`), "  }"];
  }

  /** What can be named through a reference to an Outer. */
  private addStruct(scope: Scope, name: string): void {
    for (const place of this.fieldTypes("f")) scope.places.push({ ...place, text: `${name}.${place.text}` });
    for (const place of this.fieldTypes("n")) {
      scope.places.push({ ...place, text: `${name}.inner.${place.text}` });
      scope.places.push({ ...place, text: `${name}.pool[1].${place.text}` });
    }
    for (const array of this.arrays) scope.elements.push({ ...array, text: `${name}.${array.text}` });
    const behind = (prefix: string, fields: string): Place[] =>
      this.fieldTypes(fields).map((place) => ({ ...place, text: `${prefix}.${place.text}` }));
    scope.optionals.push({ text: `${name}.other`, fields: behind(`${name}.other`, "f") });
    scope.optionals.push({ text: `${name}.chosen`, fields: behind(`${name}.chosen`, "n") });
    scope.references.push({ text: `${name}.other`, values: ["null", "first", "second", name] });
    scope.references.push({
      text: `${name}.chosen`,
      values: ["null", "first.inner", "second.pool[0]", `${name}.inner`, `${name}.pool[1]`],
    });
    scope.buffers.push({ text: `bytesOf(${name}.bytes)`, length: 32 });
  }

  private method(number: number): void {
    const scope = this.global.inner();
    this.addStruct(scope, "this");
    const lines = this.body(
      scope,
      `m${number}`,
      (name, parameters, result) => `${name}(${parameters}): ${result} {`,
    );
    this.lines.push(...lines.map((line) => `  ${line}`), "");
    const { parameters, result, cost } = this.callables.pop()!;
    for (const name of ["first", "second"])
      this.callables.push({ text: `${name}.m${number}`, parameters, result, cost });
  }

  private variables(): void {
    this.lines.push("const first = new Outer();", "const second = new Outer();");
    for (let i = 0; i < 4; i++) {
      const type = scalarType(this.global);
      this.lines.push(`let g${i}: ${type} = ${this.literal(type)};`);
      this.global.places.push({ text: `g${i}`, type, writable: true });
      this.shown.push(this.show(`g${i}`, type));
    }
    this.addStruct(this.global, "first");
    this.addStruct(this.global, "second");
    const lost = this.global.optionals.map(({ text }) => `    ${text} = null;`);
    this.lines.push(
      "",
      "function forget(value: u8): void {",
      "  if (value === 1) {",
      ...lost,
      "  }",
      "}",
      "",
    );
  }

  /** A function's lines; it is added to what may be called from here on. */
  private body(
    scope: Scope,
    name: string,
    head: (name: string, parameters: string, result: ScalarType) => string,
  ): string[] {
    const parameters = Array.from({ length: this.random.below(4) }, () => scalarType(this.global));
    const result = scalarType(this.global);
    parameters.forEach((type, index) =>
      scope.places.push({ text: `p${index}`, type, writable: this.random.oneIn(2) }),
    );
    scope.callables.push(...this.callables);
    scope.result = result;
    const lines = block(scope, 1 + this.random.below(2), 2);
    const last = `  return ${stored(scope, result, 2)};`;
    this.callables.push({ text: name, parameters, result, cost: scope.cost + 1 });
    return [
      head(name, parameters.map((type, index) => `p${index}: ${type}`).join(", "), result),
      ...lines,
      last,
      "}",
    ];
  }

  private someFunction(number: number): void {
    const lines = this.body(
      this.global.inner(),
      `f${number}`,
      (name, parameters, result) => `function ${name}(${parameters}): ${result} {`,
    );
    this.lines.push(...lines, "");
  }

  /** Two classes behind one interface, chosen at run time. */
  private interfaces(): void {
    this.lines.push("interface Shape {", "  area(a: u32): u32;", "}", "");
    for (const name of ["Square", "Strip"]) {
      const scope = this.global.inner();
      scope.places.push(
        { text: "this.side", type: "u32", writable: true },
        { text: "a", type: "u32", writable: false },
      );
      this.lines.push(
        `class ${name} implements Shape {`,
        `  side: u32 = ${this.literal("u32")};`,
        "  area(a: u32): u32 {",
      );
      this.lines.push(
        ...block(scope, 2, 1).map((line) => `  ${line}`),
        `    return ${stored(scope, "u32", 2)};`,
        "  }",
        "}",
        "",
      );
      this.callables.push({
        text: `${name === "Square" ? "square" : "strip"}.area`,
        parameters: ["u32"],
        result: "u32",
        cost: scope.cost + 2,
      });
    }
    this.lines.push(
      "const square = new Square();",
      "const strip = new Strip();",
      "let shape: Shape = square;",
      "",
    );
    this.lines.push(
      "function measure(flag: boolean, a: u32): u32 {",
      "  shape = flag ? square : strip;",
      "  return shape.area(a);",
      "}",
      "",
    );
    const cost = Math.max(...this.callables.slice(-2).map((one) => one.cost));
    this.callables.push({ text: "measure", parameters: ["boolean", "u32"], result: "u32", cost: cost + 2 });
  }

  /** What features added to what may be called. */
  private readonly featured: Callable[] = [];

  /** A few of them, in order of their table. */
  private features(): void {
    const programme: Programme = {
      random: this.random,
      lines: this.lines,
      callables: this.callables,
      inner: () => {
        const scope = this.global.inner();
        scope.callables.push(...this.callables);
        return scope;
      },
      literal: (type) => this.literal(type),
      show: (text, type) => this.show(text, type),
    };
    const wanted = new Set(Array.from({ length: FEATURES_WANTED }, () => this.random.pick(FEATURES)));
    const before = this.callables.length;
    for (const feature of FEATURES) if (wanted.has(feature)) feature(programme);
    this.featured.push(...this.callables.slice(before));
  }

  /** Statements that give arrays and bytes values: of zeros a fault of the compiler makes zeros. */
  private values(): string[] {
    const lines = ["first", "second"].map(
      (name) =>
        `  fillBytes(${name}.bytes, ${this.random.pick([3, 37, 129, 255])}, ${this.random.below(256)});`,
    );
    for (const { text, type, length } of this.arrays)
      for (const name of ["first", "second"])
        for (let at = this.random.below(2); at < length; at += 2 + this.random.below(3))
          lines.push(`  ${name}.${text}[${at}] = ${this.literal(type)};`);
    return lines;
  }

  private main(): void {
    const scope = this.global.inner();
    scope.callables.push(...this.callables);
    this.lines.push("export function main(): void {", ...this.values());
    this.lines.push(...block(scope, 2 + this.random.below(3), 2));
    for (const callee of this.featured) this.lines.push(`  ${this.called(scope, callee)}`);
    this.shown.push("first.show();", "second.show();");
    this.lines.push(...this.shown.map((line) => `  ${line}`));
    // At the end, for a trap hides what comes behind it.
    this.lines.push(...risk(scope).map((line) => `  ${line}`), "}");
  }

  /** Calls it whatever the statements did: what nobody calls is not compared. */
  private called(scope: Scope, { text, parameters, result }: Callable): string {
    const values = parameters.map((type) => stored(scope, type, 1));
    return this.show(`${text}(${values.join(", ")})`, result);
  }

  private show(text: string, type: ScalarType): string {
    if (type === "boolean") return `yes(${text});`;
    return isBig(type) ? `big(${text});` : `number(${text});`;
  }
}
