// Coverage: which lines of the rooms without hardware the unit tests execute, room by room. `#line` in the generated C makes
// the compiler count lines of TypeScript.

import { readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inParallel, runOrFail } from "../child.ts";
import { findLlvm, type Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import { findTests } from "../testing/groups.ts";
import { buildCountedTest, unitFolder } from "../testing/unit-program.ts";

const DEADLINE_MS = 300_000;
const ROOMS: readonly string[] = ["base", "format", "policy", "device", "storage", "service", "shell"];

/** File → line → whether it was executed by any test. */
type Lines = Map<string, Map<number, boolean>>;

/** Runs every unit test and prints, for each room, how many of its lines with code were executed. */
export async function benchCoverage(paths: Paths, tools: Toolbox): Promise<void> {
  const lines: Lines = new Map();
  const tests = findTests(paths, ["unit"], "");
  await inParallel(tests, availableParallelism(), async ({ path }) => {
    const program = await buildCountedTest(paths, tools, path);
    const folder = paths.of(unitFolder(path), "counted");
    const counts = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".gcda"));
    for (const name of counts()) rmSync(join(folder, name));
    await runOrFail(paths.of(program), [], { cwd: paths.root, deadlineMs: DEADLINE_MS });
    const files = counts().map((name) => join(folder, name));
    const gcov = findLlvm("llvm-cov") ?? "llvm-cov";
    take(
      lines,
      await runOrFail(gcov, ["gcov", "-t", ...files], { cwd: paths.root, deadlineMs: DEADLINE_MS }),
    );
  });
  print(lines);
}

/** Takes in gcov's listing: `<count>:<line>:<text>`, with `#####` for never and `-` for no code; line 0 names the file. */
function take(lines: Lines, listing: string): void {
  let file = new Map<number, boolean>();
  for (const row of listing.split("\n")) {
    const [, count, number, text] = /^\s*([^:]+):\s*(\d+):(.*)$/.exec(row) ?? [];
    if (count === undefined || count === "-") {
      const source = text?.startsWith("Source:") === true ? text.slice("Source:".length) : null;
      if (source !== null) {
        file = lines.get(source) ?? new Map<number, boolean>();
        lines.set(source, file);
      }
      continue;
    }
    const executed = !count.startsWith("#") && !count.startsWith("=");
    file.set(Number(number), executed || file.get(Number(number)) === true);
  }
}

function print(lines: Lines): void {
  let [allExecuted, all] = [0, 0];
  for (const room of ROOMS) {
    let [executed, total] = [0, 0];
    for (const [name, file] of lines) {
      if (!name.startsWith(`src/${room}/`)) continue;
      total += file.size;
      executed += [...file.values()].filter(Boolean).length;
    }
    console.log(row(room, executed, total));
    allExecuted += executed;
    all += total;
  }
  console.log(row("together", allExecuted, all));
}

function row(name: string, executed: number, total: number): string {
  const share = total === 0 ? "-" : `${((executed / total) * 100).toFixed(1)} %`;
  return `${name.padEnd(10)} ${String(executed).padStart(6)} of ${String(total).padStart(6)} lines  ${share.padStart(7)}`;
}
