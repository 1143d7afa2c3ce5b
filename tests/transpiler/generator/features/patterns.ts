// Patterns as parameters and in for…of: nested shapes, other names, parts that the body assigns.

import { index, stored } from "../expressions.ts";
import { add, type Programme } from "../feature.ts";

export function patterns(programme: Programme): void {
  const { random } = programme;
  const type = random.pick(["u8", "i16", "u32", "u64"] as const);
  programme.lines.push(
    "class Plot {",
    `  value: ${type} = ${programme.literal(type)};`,
    "  readonly inner = new Inner();",
    "  readonly marks = fixedArray<u8, 3>(3, () => 9);",
    "}",
    "const plots = fixedArray(3, () => new Plot());",
    `function parted({ value, inner: { n1: low }, marks: [head, , last] }: Plot, by: u8): ${type} {`,
    `  plots[by % 3].value = ${programme.literal(type)};`,
    `  head ${random.pick(["+=", "-="])} ${random.oneIn(6) ? "by" : "by & 7"};`,
    "  last = (last + head) & 0xff;",
    "  number(low);",
    "  number(head - last);",
    "  return value;",
    "}",
    "",
  );
  add(programme, "plotted", ["u8"], type, (scope) => {
    scope.cost += 40;
    const wrong = random.oneIn(12) ? ", , , beyond" : "";
    return [
      `plots[${index(scope, 2)}].marks[${index(scope, 2)}] = ${stored(scope, "u8", 1)};`,
      `plots[1].inner.n1 = ${stored(scope, "i32", 1)};`,
      "let sum: u32 = 0;",
      `for (const { inner: { n0, n2: deep }, marks: [first${wrong}] } of plots) {`,
      `  sum = (Math.imul(sum, ${random.pick([3, 31])}) + n0 - first) >>> 0;`,
      "  big(deep);",
      ...(wrong === "" ? [] : ["  number(beyond);"]),
      `  plots[${random.below(3)}].inner.n0 = (n0 + p0) & 0xff;`,
      "}",
      "number(sum);",
      `for (let { value, marks: [mark] } of plots) {`,
      `  mark = mark > ${random.below(200)} ? mark : p0;`,
      programme.show("value", type),
      "  number(mark);",
      "}",
      `return parted(plots[${random.below(3)}], p0);`,
    ];
  });
}
