// Arrays: views, spans, bytes, layouts, and loops whose bounds the compiler may prove.

import { index, stored } from "../expressions.ts";
import { add, type Programme } from "../feature.ts";

export function spans(programme: Programme): void {
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
export function indexLoops(programme: Programme): void {
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
    const rare = random.oneIn(12);
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

export function layouts(programme: Programme): void {
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

export function byteViews(programme: Programme): void {
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

/** Views of the wider typed arrays, of tables and of fixed arrays, as parameters. */
export function typedViews(programme: Programme): void {
  const { random } = programme;
  const [type, array] = random.pick([
    ["u16", "Uint16Array"],
    ["u32", "Uint32Array"],
    ["i8", "Int8Array"],
    ["i16", "Int16Array"],
    ["i32", "Int32Array"],
    ["u64", "BigUint64Array"],
    ["i64", "BigInt64Array"],
  ] as const);
  const wrap = {
    u16: (text: string) => `(${text}) & 0xffff`,
    u32: (text: string) => `(${text}) >>> 0`,
    i8: (text: string) => `((${text}) << 24) >> 24`,
    i16: (text: string) => `((${text}) << 16) >> 16`,
    i32: (text: string) => `(${text}) | 0`,
    u64: (text: string) => `BigInt.asUintN(64, ${text})`,
    i64: (text: string) => `BigInt.asIntN(64, ${text})`,
  }[type];
  programme.lines.push(
    `const WEIGHTS: readonly ${type}[] = [${[1, 2, 3].map(() => programme.literal(type)).join(", ")}];`,
    `const many = new ${array}(${random.pick([3, 4, 8])});`,
    `const fixed = fixedArray<${type}, 4>(4, () => ${programme.literal(type)});`,
    `function folded(values: ${array}, weights: readonly ${type}[]): ${type} {`,
    `  let sum: ${type} = weights[${random.below(3)}];`,
    `  for (let i: u32 = 0; i < values.length && i < weights.length; i++) sum = ${wrap("sum + values[i] - weights[i]")};`,
    `  for (const value of values) sum = ${wrap(`sum ${random.pick(["^", "+", "-"])} value`)};`,
    "  return sum;",
    "}",
    `function turned(values: FixedArray<${type}, 4>, by: u32): ${type} {`,
    "  const kept = values[0];",
    "  for (let i: u32 = 0; i < 3; i++) values[i] = values[i + 1];",
    `  values[3] = kept;`,
    "  return values[by & 3];",
    "}",
    "",
  );
  add(programme, "viewed", ["u32", type], type, (scope) => {
    scope.cost += 40;
    return [
      `many[${random.oneIn(10) ? "p0 & 7" : `p0 & ${random.pick([0, 1])}`}] = p1;`,
      `fixed[${index(scope, 4)}] = ${stored(scope, type, 2)};`,
      `for (const one of fixed) ${programme.show("one", type)}`,
      programme.show(`turned(fixed, ${stored(scope, "u32", 1)})`, type),
      "return folded(many, WEIGHTS);",
    ];
  });
}
