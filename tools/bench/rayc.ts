// bench rayc: what all checks cost. Code that rayc wrote beside unchecked C of a person, by instructions and by time, and
// by time beside JavaScript and WebAssembly too; one table.

import { writeFileSync } from "node:fs";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { inputOf } from "./inputs.ts";
import { argumentsOf, buildSides, countInstructions, type Measured, timeSide, writeEntry } from "./native.ts";
import { type BenchProgram, LARGEST_BOUND, MEAN_BOUND, PROGRAMS } from "./programs.ts";
import { buildScripts, timeScript } from "./scripts.ts";

/** Times are bests of so many turns; in each turn every side runs for so long. */
const TURNS = 3;
const TURN_MS = 300;

const SIDES = ["c", "rayc", "wasm", "raw", "checked"] as const;
type AnySide = (typeof SIDES)[number];

interface Row {
  readonly program: BenchProgram;
  readonly rayc: number;
  readonly c: number;
  readonly bestNs: ReadonlyMap<AnySide, number>;
}

/** Prints the table. Whether every ratio of instructions is within its bound. */
export async function benchRayc(paths: Paths, tools: Toolbox, countOnly: boolean): Promise<boolean> {
  writeEntry(paths);
  await buildSides(paths, tools);
  for (const program of PROGRAMS) writeFileSync(paths.of(argumentsOf(program)[0]!), inputOf(program.name));
  if (!countOnly) await buildScripts(paths, PROGRAMS);
  console.log(heading(countOnly));
  const rows: Row[] = [];
  for (const program of PROGRAMS) {
    const row = await measure(paths, program, countOnly);
    console.log(line(row));
    rows.push(row);
  }
  return summary(rows);
}

async function measure(paths: Paths, program: BenchProgram, countOnly: boolean): Promise<Row> {
  const counted = {
    program,
    rayc: await countInstructions(paths, "rayc", program),
    c: await countInstructions(paths, "c", program),
  };
  if (!countOnly) return { ...counted, bestNs: await timeAll(paths, program) };
  const answers = [await timeSide(paths, "c", program, 0), await timeSide(paths, "rayc", program, 0)];
  if (answers[0]!.answer !== answers[1]!.answer) disagree(program, "rayc");
  return { ...counted, bestNs: new Map() };
}

/** Every side in turn, and again, so that a busy moment of the machine hits all of them. */
async function timeAll(paths: Paths, program: BenchProgram): Promise<ReadonlyMap<AnySide, number>> {
  const best = new Map<AnySide, number>();
  let answer = "";
  for (let turn = 0; turn < TURNS; turn++) {
    for (const side of SIDES) {
      const measured = await timeOne(paths, side, program);
      if (answer === "") answer = measured.answer;
      if (measured.answer !== answer) disagree(program, side);
      best.set(side, Math.min(best.get(side) ?? Infinity, measured.bestNs));
    }
  }
  return best;
}

function timeOne(paths: Paths, side: AnySide, program: BenchProgram): Promise<Measured> {
  return side === "c" || side === "rayc"
    ? timeSide(paths, side, program, TURN_MS)
    : timeScript(paths, side, program, TURN_MS);
}

function disagree(program: BenchProgram, side: AnySide): never {
  throw new Failure(
    `${program.name}: ${side} gives another result than C. Nothing that is wrong is measured.`,
  );
}

const TITLE_WIDTH = 28;

function heading(countOnly: boolean): string {
  const counts = "  rayc, instr.     C, instr.   ratio";
  const times = "    C, ms   rayc/C   wasm/C     V8/C  checked JS/C";
  return "".padEnd(TITLE_WIDTH) + counts + (countOnly ? "   bound" : times);
}

function line(row: Row): string {
  const ratio = row.rayc / row.c;
  const counts = `${grouped(row.rayc)}${grouped(row.c)}${ratio.toFixed(3).padStart(8)}`;
  return row.program.title.padEnd(TITLE_WIDTH) + counts + (row.bestNs.size === 0 ? bound(row) : times(row));
}

function bound({ program, rayc, c }: Row): string {
  return `${program.bound.toFixed(2).padStart(8)}${rayc / c > program.bound ? "  exceeded" : ""}`;
}

function times({ bestNs }: Row): string {
  const c = bestNs.get("c")!;
  const ratio = (side: AnySide, width: number): string => (bestNs.get(side)! / c).toFixed(2).padStart(width);
  return `${(c / 1e6).toFixed(3).padStart(9)}${ratio("rayc", 9)}${ratio("wasm", 9)}${ratio("raw", 9)}${ratio("checked", 14)}`;
}

function grouped(value: number): string {
  return String(value)
    .replace(/\B(?=(\d{3})+$)/g, " ")
    .padStart(14);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function summary(rows: readonly Row[]): boolean {
  const ratios = rows.map(({ rayc, c }) => rayc / c);
  const mean = geometricMean(ratios);
  const largest = Math.max(...ratios);
  console.log(`\nInstructions: geometric mean ${mean.toFixed(3)}, largest ${largest.toFixed(3)}.`);
  for (const side of rows[0]!.bestNs.size === 0 ? [] : SIDES.slice(1)) {
    const factors = rows.map(({ bestNs }) => bestNs.get(side)! / bestNs.get("c")!);
    console.log(`Time, ${side} to C: geometric mean ${geometricMean(factors).toFixed(2)}.`);
  }
  const exceeded = rows.filter(({ program, rayc, c }) => rayc / c > program.bound);
  for (const { program } of exceeded) console.log(`${program.name} exceeds its bound of ${program.bound}.`);
  if (mean > MEAN_BOUND) console.log(`The mean exceeds ${MEAN_BOUND}.`);
  if (largest > LARGEST_BOUND) console.log(`One program exceeds ${LARGEST_BOUND}.`);
  return exceeded.length === 0 && mean <= MEAN_BOUND && largest <= LARGEST_BOUND;
}
