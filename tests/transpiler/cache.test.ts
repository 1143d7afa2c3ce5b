// The cache never changes the output: after each of many random edits a compiler that remembers (in memory, on the disk, and in one
// program with others) gives the very files and diagnostics that a fresh one gives.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { format } from "../../transpiler/diagnostics.ts";
import { Compiler, printProgram, type Compiled } from "../../transpiler/compiler.ts";
import { findRoot } from "./support/compiler.ts";

const ROUNDS = Number(process.env["RAYC_CACHE_ROUNDS"] ?? 30);
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
  const kind = below(6);
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

await t.test("a cache that is damaged is no cache", async (t) => {
  const wanted = outcomes(new Compiler(folder, null), entries);
  writeFileSync(cache, "x\0\n".repeat(1000));
  t.same(outcomes(new Compiler(folder, cache), entries), wanted);
  t.match(readFileSync(cache, "utf8"), /^[0-9a-f]{64}\n/, "and is written anew");
});
