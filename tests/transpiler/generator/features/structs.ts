// Structs: on the stack, taken apart, behind references that may be null or get lost, in pools.

import { index, stored } from "../expressions.ts";
import { add, type Programme } from "../feature.ts";
import { isBig } from "../scope.ts";

export function localStructs(programme: Programme): void {
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
export function chains(programme: Programme): void {
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
export function lostReference(programme: Programme): void {
  const odds = programme.random.pick([40, 250]);
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
export function records(programme: Programme): void {
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

/** Fields and elements as constants, which keep their values when the fields change. */
export function apart(programme: Programme): void {
  const { random } = programme;
  const type = random.pick(["u8", "i32", "u64", "i64", "boolean"] as const);
  programme.lines.push(
    "class Extent {",
    `  from: u32 = ${programme.literal("u32")};`,
    `  until: ${type} = ${programme.literal(type)};`,
    "  readonly marks = fixedArray<u16, 2>(2, () => 7);",
    "  readonly inner = new Inner();",
    "}",
    "const extent = new Extent();",
    "",
  );
  add(programme, "taken", ["u32", "u16"], "u32", (scope) => {
    scope.cost += 10;
    const lines = [
      "extent.from = p0;",
      `extent.marks[${index(scope, 2)}] = p1;`,
      "const { from, until: end, inner } = extent;",
      "const [head, tail] = extent.marks;",
      `const { n1, n0: low } = ${random.pick(["inner", "first.inner", "second.pool[1]"])};`,
      `extent.from = ${stored(scope, "u32", 2)};`,
      `extent.until = ${stored(scope, type, 1)};`,
      `extent.marks[0] = ${stored(scope, "u16", 1)};`,
      `inner.n0 = ${stored(scope, "u8", 1)};`,
      `first.inner.n1 = ${stored(scope, "i32", 1)};`,
    ];
    for (const [text, kind] of [
      ["from", "u32"],
      ["end", type],
      ["head", "u16"],
      ["tail", "u16"],
      ["n1", "i32"],
      ["low", "u8"],
    ] as const) {
      scope.places.push({ text, type: kind, writable: false });
      lines.push(programme.show(text, kind));
    }
    return [...lines, `number(head - tail + from);`, `return ${stored(scope, "u32", 2)};`];
  });
}
