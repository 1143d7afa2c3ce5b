// Objects: constructors with parameters, methods that are called on what may be absent, interfaces that may be null.

import { index, stored, truth } from "../expressions.ts";
import { add, type Programme } from "../feature.ts";

/** Instances made from values, in the module and on the stack. */
export function constructed(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "class Box {",
    "  readonly end: u32;",
    "  readonly marks = fixedArray<u16, 2>(2, () => 7);",
    "  constructor(readonly start: u16, private by: u8, readonly far: i64) {",
    `    this.end = start ${random.pick(["+", "*"])} by;`,
    "  }",
    "  static twice(value: u8): u16 {",
    "    return value * 2;",
    "  }",
    "  step(count: u8): u32 {",
    "    this.by = (this.by + count) & 0xff;",
    "    this.marks[count & 1] = (this.marks[0] + this.by) & 0xffff;",
    `    return (this.start + Math.imul(this.by, ${random.pick([3, 77])}) + this.marks[1]) >>> 0;`,
    "  }",
    "}",
    `const box = new Box(${programme.literal("u16")}, ${programme.literal("u8")}, ${programme.literal("i64")});`,
    "",
  );
  add(programme, "boxed", ["u16", "u8"], "i64", (scope) => [
    `const local = new Box(${stored(scope, "u16", 2)}, p1, ${stored(scope, "i64", 1)});`,
    "number(local.end);",
    `number(${random.pick(["local", "box"])}.step(${stored(scope, "u8", 1)}));`,
    `number(Box.twice(${stored(scope, "u8", 1)}) + box.end);`,
    `yes(local.start ${random.pick(["<", ">="])} box.start);`,
    `return ${random.pick(["local", "box"])}.far;`,
  ]);
}

/** What stands for a reference that is absent, and calls on one that may be. */
export function fallbacks(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "class Counter {",
    `  hits: u32 = ${random.below(9)};`,
    "  next: Counter | null = null;",
    "  hit(by: u8): u32 {",
    "    this.hits = (Math.imul(this.hits, 3) + by) >>> 0;",
    "    return this.hits;",
    "  }",
    "}",
    "const counter = new Counter();",
    "const spare = new Counter();",
    "function counterOf(value: u8): Counter | null {",
    "  number(value);",
    `  return value > ${random.pick([3, 100, 200])} ? null : value === ${random.below(4)} ? spare : counter;`,
    "}",
    "",
  );
  add(programme, "absent", ["u8", "u8"], "u32", (scope) => {
    scope.cost += 8;
    return [
      `counter.next = ${truth(scope, 1)} ? ${random.pick(["spare", "counter"])} : null;`,
      `const found = counterOf(p0) ?? ${random.pick(["spare", "counter"])};`,
      `number(found.hit(${stored(scope, "u8", 1)}));`,
      `number(counterOf(${stored(scope, "u8", 1)})?.hits ?? ${random.pick(["0", "p1", "counter.hits"])});`,
      `number(counterOf(p1)?.hit(p0) ?? ${random.pick(["7", "spare.hit(1)"])});`,
      `counter.next?.hit(${stored(scope, "u8", 1)});`,
      `number(counter.next?.hits ?? ${stored(scope, "u8", 1)});`,
      `const maybe: Counter | null = counter.next ?? counterOf(${stored(scope, "u8", 1)});`,
      "const last = maybe ?? spare;",
      `const far = counterOf(p1) ?? counterOf(${stored(scope, "u8", 1)}) ?? ${random.pick(["spare", "counter", "last"])};`,
      `number(far.next?.next?.hit(p0) ?? ${stored(scope, "u8", 1)});`,
      "far.next?.next?.hit(p1);",
      `yes(last === ${random.pick(["found", "counter", "spare"])});`,
      "return (spare.hits + last.hits) >>> 0;",
    ];
  });
}

/** Two classes behind an interface that may be absent. */
export function optionalInterface(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "interface Sink {",
    "  put(value: u16): u32;",
    "  reset(): void;",
    "}",
    "class Total implements Sink {",
    "  sum: u32 = 0;",
    "  put(value: u16): u32 {",
    `    this.sum = (this.sum ${random.pick(["+", "-"])} value) >>> 0;`,
    "    return this.sum;",
    "  }",
    "  reset(): void {",
    `    this.sum = ${random.below(5)};`,
    "  }",
    "}",
    "class Last implements Sink {",
    "  readonly values = new Uint16Array(4);",
    "  at: u8 = 0;",
    "  put(value: u16): u32 {",
    "    this.values[this.at & 3] = value;",
    "    this.at = (this.at + 1) & 0xff;",
    "    return this.at;",
    "  }",
    "  reset(): void {",
    "    this.at = 0;",
    "  }",
    "}",
    "const total = new Total();",
    "const last = new Last();",
    "class Drain {",
    "  sink: Sink | null = null;",
    "}",
    "const drain = new Drain();",
    "function fill(sink: Sink, count: u8): u32 {",
    "  let sum: u32 = 0;",
    "  for (let i: u8 = 0; i < count; i++) sum = (sum + sink.put(i * 3)) >>> 0;",
    "  return sum;",
    "}",
    "",
  );
  add(programme, "drained", ["boolean", "u16"], "u32", (scope) => {
    scope.cost += 30;
    return [
      `drain.sink = p0 ? ${random.pick(["total", "null"])} : last;`,
      "const sink = drain.sink;",
      `if (sink !== null) number(sink.put(p1)); else number(fill(total, ${1 + random.below(4)}));`,
      ...(random.oneIn(2) ? ["sink?.reset();"] : []),
      `number(fill(sink ?? ${random.pick(["total", "last"])}, ${1 + random.below(5)}));`,
      `yes(drain.sink === null);`,
      `number(last.values[${index(scope, 4)}]);`,
      "return total.sum;",
    ];
  });
}
