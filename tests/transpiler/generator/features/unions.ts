// Unions: classes told apart by a field, which conditions, switches, assignments and early returns narrow.

import { index, number, stored, truth } from "../expressions.ts";
import { add, some, type Programme } from "../feature.ts";
import type { Place, ScalarType, Scope } from "../scope.ts";
import { scalarType } from "../statements.ts";

const CLASSES = ["Disc", "Tile", "Wire"] as const;
type ClassName = (typeof CLASSES)[number];

/** How the classes are told apart. */
interface Tags {
  readonly declaration: string;
  readonly of: Readonly<Record<ClassName, string>>;
}

const TAGS: readonly Tags[] = [
  { declaration: "", of: { Disc: '"disc"', Tile: '"a tile"', Wire: '"wire"' } },
  { declaration: "", of: { Disc: "7", Tile: "-3", Wire: "0" } },
  {
    declaration: "const enum Figures { none = 1, tile = 2, wire = 9, disc = 40 }",
    of: { Disc: "Figures.disc", Tile: "Figures.tile", Wire: "Figures.wire" },
  },
];

type Fields = Readonly<Record<ClassName, readonly Place[]>>;

export function classUnions(programme: Programme): void {
  const { random } = programme;
  const tags = random.pick(TAGS);
  const fields = Object.fromEntries(
    CLASSES.map((name, at) => [name, fieldsOf(programme, "abc"[at]!)]),
  ) as unknown as Fields;
  declare(programme, tags, fields);
  pass(programme, tags, fields);
  choose(programme, tags, fields);
  follow(programme, tags);
}

function fieldsOf(programme: Programme, prefix: string): Place[] {
  const types: ScalarType[] = Array.from({ length: 1 + programme.random.below(3) }, () =>
    scalarType(programme.inner()),
  );
  return types.map((type, at) => ({ text: `${prefix}${at}`, type, writable: true }));
}

function declare(programme: Programme, { declaration, of }: Tags, fields: Fields): void {
  const { random, lines } = programme;
  if (declaration !== "") lines.push(declaration);
  for (const name of CLASSES) {
    const parts = [
      random.oneIn(2) ? `  readonly kind = ${of[name]};` : `  readonly kind: ${of[name]} = ${of[name]};`,
      `  mark: u8 = ${random.below(250)};`,
      ...fields[name].map(({ text, type }) => `  ${text}: ${type} = ${programme.literal(type)};`),
      ...(name === "Wire" ? ["  readonly end = new Disc();", "  next: Figure | null = null;"] : []),
    ];
    // Where the fields stand is another place in each class.
    lines.push(`class ${name} {`, ...(random.oneIn(2) ? parts.reverse() : parts), "}");
  }
  lines.push(
    "type Figure = Disc | Tile | Wire;",
    "type Round = Wire | Disc;",
    "const disc = new Disc();",
    "const tile = new Tile();",
    "const wire = new Wire();",
    "const FIGURES: readonly Figure[] = [disc, tile, wire, wire.end];",
    `const slots = fixedArray<Figure, 4>(4, () => ${random.pick(["disc", "tile", "wire", "wire.end"])});`,
    `let picked: Figure | null = ${random.pick(["null", "disc", "wire"])};`,
    "",
  );
}

/** A union of fewer classes, and what a Result brings. */
function pass(programme: Programme, { of }: Tags, fields: Fields): void {
  const { random } = programme;
  programme.lines.push(
    "function rounded(figure: Round, by: u8): u32 {",
    `  const isDisc = figure.kind ${random.pick(["===", "!=="])} ${of.Disc};`,
    "  figure.mark = (figure.mark + by) & 0xff;",
    `  return isDisc ? figure.mark : figure.mark + ${1 + random.below(300)};`,
    "}",
    "const enum Lost { all = 3, tile = 8 }",
    "function roundOf(at: u8): Result<Round, Lost> {",
    "  const figure = FIGURES[at & 3];",
    `  if (at > ${random.pick([100, 200])}) return err(Lost.all);`,
    `  if (figure.kind === ${of.Tile}) return err(Lost.tile);`,
    `  return ok(${random.pick(["figure", "figure", "wire"])});`,
    "}",
    "",
  );
  add(programme, "roundest", ["u8", "u8"], "u32", (scope) => {
    const disc = scope.inner();
    disc.places.push(...named("found.value", fields.Disc));
    const lines = some(disc, 1);
    scope.cost += disc.cost;
    return [
      "const found = roundOf(p0);",
      "if (!found.ok) return found.error;",
      `if (found.value.kind === ${of.Disc}) {`,
      ...lines.map((line) => `  ${line}`),
      "}",
      `return rounded(found.value, ${stored(scope, "u8", 1)});`,
    ];
  });
}

function named(prefix: string, fields: readonly Place[]): Place[] {
  return fields.map((field) => ({ ...field, text: `${prefix}.${field.text}` }));
}

/** A switch of which some cases return; behind it, what is left. */
function choose(programme: Programme, { of }: Tags, fields: Fields): void {
  const { random } = programme;
  add(programme, "figured", ["u8", "boolean"], "u32", (scope) => {
    const left = CLASSES.filter((name) => name === "Disc" || random.oneIn(2));
    const cases = CLASSES.flatMap((name): string[] => {
      const inner = scope.inner();
      inner.places.push(...named("one", fields[name]), { text: "one.mark", type: "u8", writable: true });
      const lines = some(inner, 1);
      scope.cost += inner.cost;
      const isLast = name === "Wire" && left.includes("Wire");
      const end = left.includes(name) ? "break;" : `return ${stored(inner, "u32", 1)};`;
      const label = isLast && random.oneIn(2) ? "default" : `case ${of[name]}`;
      return [`  ${label}: {`, ...lines.map((line) => `    ${line}`), `    ${end}`, "  }"];
    });
    return [
      `const one = ${random.pick(["FIGURES", "slots"])}[p0 & 3];`,
      `slots[${index(scope, 4)}] = ${random.pick(["one", "disc", "tile", "wire.end"])};`,
      `picked = p1 ? ${random.pick(["one", "wire", "slots[1]"])} : ${random.pick(["null", "picked", "one"])};`,
      "switch (one.kind) {",
      ...cases,
      "}",
      `one.mark = ${stored(scope, "u8", 1)};`,
      ...behind(scope, of, fields, left),
      `yes(one === ${random.pick(["disc", "wire.end", "picked", "slots[2]"])});`,
      "return one.mark;",
    ];
  });
}

function behind(scope: Scope, of: Tags["of"], fields: Fields, left: readonly ClassName[]): string[] {
  const { random } = scope;
  const shown = (name: ClassName): string => {
    const { text, type } = random.pick(fields[name]);
    if (type === "boolean") return `yes(one.${text});`;
    return type === "u64" || type === "i64" ? `big(one.${text});` : `number(one.${text});`;
  };
  if (left.length === 1) return [shown(left[0]!)];
  const [first, ...rest] = left;
  const test = random.pick([
    `one.kind === ${of[first!]}`,
    `${truth(scope, 1)} && one.kind === ${of[first!]}`,
  ]);
  const isSure = rest.length === 1 && test.startsWith("one.");
  return [`if (${test}) ${shown(first!)}`, ...(isSure ? [`else ${shown(rest[0]!)}`] : [])];
}

/** A variable that is assigned in a loop, and a reference that may be null. */
function follow(programme: Programme, { of }: Tags): void {
  const { random } = programme;
  add(programme, "wandered", ["u8", "u32"], "u32", (scope) => {
    scope.cost += 40;
    return [
      `wire.next = ${random.pick(["FIGURES[p0 & 3]", "picked", "tile", "wire"])};`,
      `let at: Figure = ${random.pick(["wire", "slots[p0 & 3]"])};`,
      "let rounds: u32 = 0;",
      `while (rounds < ${2 + random.below(4)}) {`,
      "  rounds++;",
      `  if (at.kind ${random.pick(["===", "!=="])} ${of.Wire}) {`,
      `    at = ${random.pick(["disc", "FIGURES[rounds & 3]"])};`,
      "  } else {",
      `    number(${random.pick(["at.mark", "rounds"])});`,
      `    at = ${random.pick(["wire.next ?? tile", "slots[rounds & 3]", "wire"])};`,
      "  }",
      "}",
      `if (picked !== null && picked.mark > ${random.below(200)}) picked.mark = ${stored(scope, "u8", 1)};`,
      "const kept = picked;",
      `if (kept !== null && kept.kind === ${of.Wire}) number(kept.end.mark + ${number(scope, 1).text});`,
      `number(picked?.mark ?? ${300 + random.below(9)});`,
      "at.mark += rounds & 1;",
      "return at.mark + rounds;",
    ];
  });
}
