// The cache never changes the output: after each of many random edits a compiler that remembers (in memory, on the disk, and in one
// program with others) gives the very files and diagnostics that a fresh one gives.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { format } from "../../transpiler/diagnostics.ts";
import { Compiler, printProgram, type Compiled } from "../../transpiler/compiler.ts";
import { findRoot } from "./support/compiler.ts";

const ROUNDS = Number(process.env["RAYC_CACHE_ROUNDS"] ?? 30);
/** Of the whole tree, which takes seconds each. */
const TREE_ROUNDS = Number(process.env["RAYC_CACHE_TREE_ROUNDS"] ?? 2);
/** Of its modules so many are changed one after the other, and compared with a fresh compiler's word after every few. */
const SWEPT = Number(process.env["RAYC_CACHE_SWEPT"] ?? 4);
const SWEPT_AT_ONCE = 4;
const SEED = Number(process.env["RAYC_CACHE_SEED"] ?? 1);
const MODULES = ["text-writer", "calendar", "crc32", "guid"];

const root = findRoot();
const folder = join(root, "build/tests/cache");
const cache = join(folder, "type-checked.txt");
const entries = ["first.ts", "second.ts"].map((name) => join(folder, name));
const files = [...MODULES.map((name) => `base/${name}.ts`), "first.ts", "second.ts"];

t.setTimeout(1_200_000);
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "base"), { recursive: true });
for (const name of MODULES) cpSync(join(root, `src/base/${name}.ts`), join(folder, `base/${name}.ts`));
writeFileSync(
  join(folder, "first.ts"),
  `import { secondsFromCalendar, CalendarTime, writeMinute } from "./base/calendar.ts";
import { TextWriter } from "./base/text-writer.ts";
class Room {
  readonly bytes = new Uint8Array(64);
}
const room = new Room();
const time = new CalendarTime();
export function main(): void {
  const out = new TextWriter(bytesOf(room.bytes));
  writeMinute(out, secondsFromCalendar(time));
  print(out.written());
}
`,
);
writeFileSync(
  join(folder, "second.ts"),
  `import { crc32 } from "./base/crc32.ts";
import { CalendarTime } from "./base/calendar.ts";
const time = new CalendarTime();
export function main(): void {
  assert(crc32(utf8("abc")) !== time.year);
}
`,
);
const originals = new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** Numbers below a bound, the same for the same seed. */
let state = SEED >>> 0;
function below(bound: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
}
function pick<T>(list: readonly T[]): T {
  return list[below(list.length)]!;
}

/** Edits as people make them: most compile, many break another module than their own. */
function edited(text: string): string {
  const lines = text.split("\n");
  const kind = below(7);
  if (kind === 6) return `${text}\nexport const ADDED${below(100)}: u32 = ${below(100)};\n`;
  if (kind === 0)
    return replaceOne(
      text,
      /\b(?:u8|u16|u32|u64|string|boolean|Bytes)\b/g,
      pick(["u8", "u16", "u32", "u64", "string"]),
    );
  if (kind === 1) return replaceOne(text, /\b\d+\b/g, `${below(70000)}`);
  if (kind === 2) return replaceOne(text, /\bexport (?:function|class|const) \w+/g, "$&Renamed");
  if (kind === 3) return replaceOne(text, /\): \w+ \{/g, pick([") {", "): void {", "): u8 {"]));
  const at = below(lines.length);
  if (kind === 4) lines.splice(at, 1);
  else lines.splice(at, 0, pick(["// A remark.", "const added: u32 = 7;", lines[below(lines.length)]!]));
  return lines.join("\n");
}

function replaceOne(text: string, pattern: RegExp, by: string): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { index, 0: found } = pick(places);
  return text.slice(0, index) + by.replace("$&", found) + text.slice(index! + found.length);
}

/** All that a compilation gives. */
function outcomeOf({ program, diagnostics }: Compiled): string {
  if (program === null) return diagnostics.map(format).join("\n");
  return JSON.stringify([[...printProgram(program, "c")], [...printProgram(program, "js")]]);
}

function outcomes(compiler: Compiler, wanted: readonly string[]): string[] {
  return compiler.round(wanted, (compile) => wanted.map((entry) => outcomeOf(compile(entry))));
}

await t.test(
  `${ROUNDS} random edits: what is remembered changes neither files nor diagnostics`,
  async (t) => {
    const warm = new Compiler(folder, cache);
    let refused = 0;
    let elsewhere = 0;
    const different: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const name = pick(files);
      const text = round % 10 === 9 ? originals.get(name)! : edited(originals.get(name)!);
      writeFileSync(join(folder, name), text);
      const cold = entries.flatMap((entry) => outcomes(new Compiler(folder, null), [entry]));
      const remembered = outcomes(warm, entries);
      const fresh = outcomes(new Compiler(folder, cache), entries);
      cold.forEach((outcome, index) => {
        if (outcome !== remembered[index] || outcome !== fresh[index])
          different.push(`round ${round}, ${name}, entry ${index}:\n${text}`);
        if (outcome.startsWith("[")) return;
        refused++;
        if (!outcome.split("\n").some((line) => line.startsWith(name))) elsewhere++;
      });
      writeFileSync(join(folder, name), originals.get(name)!);
    }
    t.same(different, [], `again: RAYC_CACHE_SEED=${SEED} node build.mjs test transpiler cache`);
    t.ok(refused >= ROUNDS / 10, `edits that are refused: ${refused}`);
    t.ok(elsewhere > 0, `edits that are refused in another module than theirs: ${elsewhere}`);
  },
);

/** Modules, each of which sees the next, most of it or one name only: what is changed, and whether another module is refused for it. */
const CHAIN: Readonly<Record<string, string>> = {
  "chain/main.ts": `import { twice } from "./beside.ts";
import { open, SIZE } from "./middle.ts";
export function main(): void {
  const result: u32 = open(SIZE).size;
  assert(result === SIZE && twice(SIZE) > 0);
}
`,
  "chain/beside.ts": `import { limit } from "./last.ts";
export function twice(count: u32): u64 {
  return BigInt(count) * BigInt(limit);
}
`,
  "chain/middle.ts": `import { Kind, make, type Held } from "./last.ts";
import * as all from "./last.ts";
export { limit as SIZE } from "./last.ts";
const first = make;
export function open(size: u32): Held {
  assert(size !== all.unused() && size !== Kind.Two);
  return first(size);
}
`,
  "chain/last.ts": `export const enum Kind {
  One = 1,
  Two = 2,
}
type Size = u32;
export class Held {
  size: Size = 0;
}
export const limit: u32 = 4;
const held = new Held();
export function make(size: u32): Held {
  held.size = size;
  return held;
}
export function unused(): u32 {
  return 7;
}
export function hidden(): u32 {
  return 1;
}
`,
};

await t.test(
  "what a module sees of others, at whatever remove, is checked again when it changes",
  async (t) => {
    const [place, entry] = [join(folder, "chain"), join(folder, "chain/main.ts")];
    mkdirSync(place, { recursive: true });
    for (const [name, text] of Object.entries(CHAIN)) writeFileSync(join(folder, name), text);
    const kept = join(folder, "chain.txt");
    outcomes(new Compiler(folder, kept), [entry]);
    const verdicts = (): number => readFileSync(kept, "utf8").split("\n").length;
    const changes: readonly [file: string, from: string, to: string, refused: RegExp | null][] = [
      ["last.ts", "type Size = u32", "type Size = string", /main\.ts.*TS2322/],
      ["last.ts", "  size: Size = 0;", "  length: Size = 0;", /main\.ts.*TS(2339|2551)/],
      ["last.ts", "limit: u32 = 4", 'limit: string = "4"', /main\.ts.*TS2345/],
      ["last.ts", "export const limit", "const limit", /middle\.ts.*TS2459/],
      ["last.ts", "  Two = 2,\n", "", /middle\.ts.*TS(2339|2551)/],
      ["last.ts", "function unused(): u32", "function used(): u32", /middle\.ts.*TS(2339|2551)/],
      ["last.ts", "make(size: u32): Held", "make(size: u8): Held", null],
      ["last.ts", "make(size: u32): Held", "make(size: string): Held", /middle\.ts.*TS2345/],
      ["last.ts", "function hidden", "function found", null],
      ["middle.ts", "open(size: u32): Held", "open(size: u32): u32", /main\.ts.*TS(2339|2551)/],
      [
        "middle.ts",
        "export { limit as SIZE",
        "export { limit as LENGTH",
        /main\.ts.*TS2305|main\.ts.*TS2724/,
      ],
    ];
    for (const [file, from, to, refused] of changes) {
      const [path, text] = [join(place, file), CHAIN[`chain/${file}`]!];
      writeFileSync(path, text.replace(from, to));
      const cold = outcomes(new Compiler(folder, null), [entry])[0]!;
      const before = verdicts();
      t.not(text.replace(from, to), text, `${file} has '${from}'`);
      t.equal(outcomes(new Compiler(folder, kept), [entry])[0], cold, `${from} → ${to}`);
      if (refused !== null) t.match(cold, refused);
      if (from.includes("hidden")) t.equal(verdicts(), before + 3, "who does not see it is not asked");
      writeFileSync(path, text);
      outcomes(new Compiler(folder, kept), [entry]);
    }
  },
);

/** What a module takes from others into its own C: what is changed there, and that the C of `user.ts` is another for it. */
const TAKEN: Readonly<Record<string, string>> = {
  "taken/main.ts": `import { total } from "./user.ts";
export function main(): void {
  assert(total(3) > 0);
}
`,
  "taken/user.ts": `import { again, each, Kind, larger, limit, Pair, REGISTERS, type Shape } from "./used.ts";
const pair = new Pair();
class Square implements Shape {
  area(side: u32): u32 {
    return side % limit;
  }
}
const square = new Square();
function areaOf(shape: Shape, side: u32): u32 {
  return shape.area(side);
}
export function total(count: u32): u32 {
  let sum: u32 = 0;
  each(count, (at) => {
    sum = wrap32(sum + at);
  });
  pair.first = larger<u32>(sum, limit);
  const bytes = utf8("abcdefgh");
  return wrap32(pair.first + areaOf(square, sum) + again(count) + Kind.Two + REGISTERS.second.get(bytes));
}
function wrap32(value: number): u32 {
  return value >>> 0;
}
`,
  "taken/used.ts": `export const enum Kind {
  One = 1,
  Two = 2,
}
export const REGISTERS = layout(2, { first: at8(0), second: at8(1) });
export const limit: u32 = 4;
export class Pair {
  first: u32 = 0;
  second: u32 = 0;
}
export interface Shape {
  area(side: u32): u32;
}
export function again(count: u32): u32 {
  return count % 7;
}
export function larger<T extends u8 | u16 | u32>(left: T, right: T): T {
  return left > right ? left : right;
}
export function each(count: u32, visit: (at: u32) => void): void {
  for (let at: u32 = 0; at < count; at++) visit(at);
}
`,
};

await t.test("what a module takes from others into its own C changes with them", async (t) => {
  const [place, entry] = [join(folder, "taken"), join(folder, "taken/main.ts")];
  mkdirSync(place, { recursive: true });
  for (const [name, text] of Object.entries(TAKEN)) writeFileSync(join(folder, name), text);
  const warm = new Compiler(folder, join(folder, "taken.txt"));
  const original = outcomes(warm, [entry])[0]!;
  t.match(original, /^\[/, "compiles");
  const changes: readonly [change: string, file: string, from: string, to: string][] = [
    ["the body of a function that stands in headers", "used.ts", "count % 7", "count % 9"],
    ["the body of a generic", "used.ts", "left > right", "left >= right"],
    [
      "the body of a helper that is put in place of a call",
      "used.ts",
      "at++) visit(at)",
      "at++) visit(count)",
    ],
    ["a constant", "used.ts", "limit: u32 = 4", "limit: u32 = 5"],
    ["the members of an enum", "used.ts", "Two = 2", "Two = 3"],
    ["the fields of a class", "used.ts", "  second: u32", "  third: u64 = 1n;\n  second: u32"],
    ["the type of a field", "used.ts", "  first: u32", "  first: u64"],
    ["a layout", "used.ts", "first: at8(0), second: at8(1)", "second: at8(0), first: at8(1)"],
    [
      "the methods of an interface",
      "used.ts",
      "area(side: u32): u32;",
      "area(side: u32): u32;\n  sides(): u32;",
    ],
    ["its lines", "used.ts", "export const enum", "// A remark.\nexport const enum"],
    ["what it exports", "used.ts", "export const limit", "const limit"],
    ["its name for it", "user.ts", "wrap32(value", "wrapped(value"],
    ["what it imports", "user.ts", "again, each,", "each,"],
    ["a type argument", "user.ts", "larger<u32>", "larger<u8>"],
  ];
  for (const [change, file, from, to] of changes) {
    const [path, text] = [join(place, file), TAKEN[`taken/${file}`]!];
    t.ok(text.includes(from), `${file} has '${from}'`);
    writeFileSync(path, text.replace(from, to));
    const cold = outcomes(new Compiler(folder, null), [entry])[0]!;
    t.not(cold, original, `${change} matters`);
    t.ok(outcomes(warm, [entry])[0] === cold, `${change}: from one round to the next`);
    writeFileSync(path, text);
    t.ok(outcomes(warm, [entry])[0] === original, `${change}: and back`);
  }
});

const tree = join(folder, "tree");
cpSync(join(root, "src"), join(tree, "src"), { recursive: true });
cpSync(join(root, "uefi"), join(tree, "uefi"), { recursive: true });
const treeEntry = join(tree, "src/kernel/main.ts");
const treeNames = readdirSync(join(tree, "src"), { recursive: true, encoding: "utf8" });
const treeModules = treeNames.filter((name) => name.endsWith(".ts") && !name.startsWith("bootmgr")).sort();
const treeWatched = new Compiler(tree, null);

await t.test(`${TREE_ROUNDS} random edits of the kernel's whole tree`, async (t) => {
  const kept = join(folder, "tree.txt");
  outcomes(new Compiler(tree, kept), [treeEntry]);
  for (let round = 0; round < TREE_ROUNDS; round++) {
    const path = join(tree, "src", pick(treeModules));
    const text = readFileSync(path, "utf8");
    const changed = edited(text);
    writeFileSync(path, changed);
    const cold = outcomes(new Compiler(tree, null), [treeEntry])[0]!;
    const fresh = outcomes(new Compiler(tree, kept), [treeEntry])[0]!;
    const watched = outcomes(treeWatched, [treeEntry])[0]!;
    const again = `again: RAYC_CACHE_SEED=${SEED} node build.mjs test transpiler cache`;
    t.ok(
      cold === fresh && cold === watched,
      `round ${round}, ${path}: ${cold.startsWith("[") ? "compiles" : "is refused"}`,
      { again },
    );
    writeFileSync(path, text);
  }
});

/** Changes that compile, of which importers see none, some or all. */
const SWEEPS: readonly ((text: string, count: number) => string)[] = [
  (text) => `// A remark.\n${text}`,
  (text) => text.replace(/\): void \{\n/, "$&    assert(1 < 2);\n"),
  (text, count) => `${text}\nexport function added${count}(): u32 {\n  return ${count};\n}\n`,
  (text, count) => text.replace(/^(?:export )?class \w+ \{\n/m, `$&  added${count}: u32 = ${count};\n`),
];

await t.test(`${SWEPT} modules of the kernel's tree, changed one after the other`, async (t) => {
  const step = Math.floor(treeModules.length / SWEPT);
  let before = outcomes(treeWatched, [treeEntry])[0]!;
  t.match(before, /^\[/, "compiles");
  let changes = 0;
  for (let count = 0; count < SWEPT; count++) {
    const path = join(tree, "src", treeModules[count * step]!);
    writeFileSync(path, SWEEPS[count % SWEEPS.length]!(readFileSync(path, "utf8"), count));
    const watched = outcomes(treeWatched, [treeEntry])[0]!;
    if (watched !== before) changes++;
    before = watched;
    if (count % SWEPT_AT_ONCE !== SWEPT_AT_ONCE - 1) continue;
    t.match(watched, /^\[/, "compiles");
    t.ok(
      watched === outcomes(new Compiler(tree, null), [treeEntry])[0],
      `${count + 1} changes, up to ${path}`,
    );
  }
  t.ok(changes >= SWEPT / 2, `changes that show in the files: ${changes}`);
});

await t.test("a cache that is damaged is no cache", async (t) => {
  const wanted = outcomes(new Compiler(folder, null), entries);
  writeFileSync(cache, "x\0\n".repeat(1000));
  t.same(outcomes(new Compiler(folder, cache), entries), wanted);
  t.match(readFileSync(cache, "utf8"), /^[0-9a-f]{64}\n/, "and is written anew");
});
