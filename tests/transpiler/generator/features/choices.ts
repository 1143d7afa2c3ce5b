// Choices: enumerations, unions of literals, texts, results.

import { index, stored, truth } from "../expressions.ts";
import { add, within, type Programme } from "../feature.ts";
import { block } from "../statements.ts";

export function enumeration(programme: Programme): void {
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
    ...within(scope, 1).map((line) => `    ${line}`),
    `    mode = Mode.${random.pick(["busy", "done", "last"])};`,
    "    break;",
    "  case Mode.busy:",
    `    return ${stored(scope, "u8", 2)};`,
    "  case Mode.done:",
    "  case Mode.last: {",
    ...within(scope, 1).map((line) => `    ${line}`),
    random.oneIn(2) ? "    break;" : `    return ${stored(scope, "u8", 1)};`,
    "  }",
    ...(random.oneIn(2) ? ["  default:", '    unreachable("mode");'] : []),
    "}",
    `yes(isMode(Mode.${random.pick(["idle", "busy", "done", "last"])}));`,
    `return ${stored(scope, "u8", 2)};`,
  ]);
}

export function results(programme: Programme): void {
  const { random, lines } = programme;
  const type = random.pick(["u8", "u16", "i32", "u64", "boolean"] as const);
  lines.push("const enum Fault { small = 1, odd = 2, late = 7 }", "");
  const scope = programme.inner();
  scope.places.push({ text: "p0", type: "u32", writable: true }, { text: "p1", type: "i16", writable: true });
  const before = scope.inner();
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
    `  const later = attempt(${stored(before, "u32", 1)}, p1);`,
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

/** Unions of literals, of texts and of numbers: kept in a module, in fields, in tables; compared, switched over, calculated with. */
export function literalUnions(programme: Programme): void {
  const { random } = programme;
  const widths = random.pick(["512 | 4096", "1 | 255 | 256", "0 | 0x80000000"]);
  const [low, high] = [widths.split(" | ")[0]!, widths.split(" | ").at(-1)!];
  programme.lines.push(
    'type Pace = "slow" | "fast" | "idle";',
    `type Width = ${widths};`,
    "class Gear {",
    `  pace: Pace = "${random.pick(["slow", "fast", "idle"])}";`,
    `  width: Width = ${low};`,
    "}",
    "const gear = new Gear();",
    'const PACES: readonly Pace[] = ["idle", "slow", "fast", "slow"];',
    "function isPace(wanted: Pace): boolean {",
    `  return gear.pace ${random.pick(["===", "!=="])} wanted;`,
    "}",
    "function widthOf(pace: Pace): Width {",
    `  return pace === "${random.pick(["slow", "idle"])}" ? ${low} : gear.width;`,
    "}",
    "",
  );
  add(programme, "shiftGear", ["u32", "boolean"], "i64", (scope) => [
    `const before: Pace = PACES[${index(scope, 4)}];`,
    `gear.pace = p1 ? before : "${random.pick(["fast", "slow"])}";`,
    `gear.width = ${truth(scope, 1)} ? ${low} : ${high};`,
    "switch (before) {",
    '  case "slow":',
    ...within(scope, 1).map((line) => `    ${line}`),
    "    break;",
    '  case "fast": {',
    ...within(scope, 1).map((line) => `    ${line}`),
    `    gear.pace = "${random.pick(["idle", "fast"])}";`,
    "    break;",
    "  }",
    ...(random.oneIn(2) ? ['  case "idle":', "    number(gear.width);", "    break;"] : []),
    "}",
    `yes(isPace("${random.pick(["slow", "fast", "idle"])}"));`,
    `number(widthOf(before) ${random.pick(["+", "-"])} ${stored(scope, "u16", 1)});`,
    `yes(gear.width === ${random.pick([low, high])});`,
    "return BigInt(gear.width);",
  ]);
}

/** Constant texts: chosen, compared, switched over, measured. */
export function texts(programme: Programme): void {
  const { random } = programme;
  const names = ['"disk"', '"stick"', '"d"', '""'];
  programme.lines.push(
    "const NAMES: readonly string[] = [" + names.join(", ") + "];",
    `let name: string = ${random.pick(names)};`,
    "function sizeOf(text: string): u32 {",
    "  switch (text) {",
    `    case ${names[0]}:`,
    ...(random.oneIn(2) ? [`    case ${names[2]}:`] : []),
    `      return ${random.pick([1, 300])};`,
    `    case ${names[1]}:`,
    "      name = text;",
    "      break;",
    "    default:",
    `      return utf8(text).length;`,
    "  }",
    `  return ${random.pick([4, 70000])};`,
    "}",
    "",
  );
  add(programme, "named", ["u8", "boolean"], "u32", (scope) => [
    `const found = NAMES[${index(scope, 4)}];`,
    `name = p1 ? found : ${random.pick(names)};`,
    `yes(name ${random.pick(["===", "!=="])} ${random.pick(["found", ...names])});`,
    "for (const one of NAMES) number(sizeOf(one));",
    `const bytes = utf8(${random.pick(["name", "found", '"ray"'])});`,
    `if (bytes.length > ${1 + random.below(3)}) number(bytes.u8(${random.oneIn(8) ? "p0 & 3" : "1"}));`,
    "return (sizeOf(name) + p0) >>> 0;",
  ]);
}

/** Results whose values are references and views. */
export function resultsOfReferences(programme: Programme): void {
  const { random } = programme;
  programme.lines.push(
    "const enum Lack { none = 0, late = 3 }",
    "function seek(p0: u8): Result<Inner, Lack> {",
    `  if ((p0 & 3) === ${random.below(4)}) return err(Lack.late);`,
    `  return ok(p0 > 127 ? first.inner : second.pool[p0 & 1]);`,
    "}",
    "function part(p0: u8): Result<Bytes, Lack> {",
    `  if (p0 > ${random.pick([24, 200])}) return err(Lack.none);`,
    `  return ok(bytesOf(first.bytes).slice(p0 & 15, ${random.pick([8, 16])}));`,
    "}",
    "",
  );
  add(programme, "sought", ["u8", "u8"], "i64", (scope) => [
    "const one = seek(p0);",
    "if (!one.ok) return one.error === Lack.late ? -3n : 3n;",
    `one.value.n0 = ${stored(scope, "u8", 2)};`,
    "const two = part(p1);",
    "if (two.ok) {",
    `  two.value.setU16${random.pick(["le", "be"])}(${random.below(7)}, ${stored(scope, "u16", 1)});`,
    ...within(scope, 1).map((line) => `  ${line}`),
    "  return BigInt(two.value.length);",
    "}",
    "number(two.error);",
    `return BigInt(one.value.n1);`,
  ]);
}
