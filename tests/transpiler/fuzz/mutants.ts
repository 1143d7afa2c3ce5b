// Mutants: real sources with mistakes in them, given to the compiler. It may refuse or accept; it may not fail.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { loadSources } from "../../../transpiler/frontend/program.ts";
import { lowerProgram } from "../../../transpiler/lower/program.ts";
import { printC } from "../../../transpiler/print/c/program.ts";
import { printJavaScript } from "../../../transpiler/print/js/program.ts";
import { Reporter } from "../../../transpiler/reporter.ts";
import { generate } from "../generator.ts";
import { Random } from "../generator/random.ts";
import { describeFault } from "../support/lanes.ts";
import { shrink } from "../support/shrink.ts";
import { mutate } from "./mutations.ts";

export interface MutantOrder {
  readonly root: string;
  readonly folder: string;
  readonly seeds: readonly number[];
}

export interface Finding {
  readonly seed: number;
  /** What the compiler threw. */
  readonly fault: string;
  /** The mutant, made small. */
  readonly source: string;
}

export interface MutantAnswer {
  readonly findings: readonly Finding[];
  /** So many had nothing against them. */
  readonly accepted: number;
}

const FOLDERS: readonly string[] = [
  "tests/transpiler/accept",
  "tests/transpiler/reject",
  "tests/transpiler/programs",
  "src",
];
const EFFORT = { width: 40, rounds: 200 } as const;

/** The mutant of a seed, as a file of `folder` would hold it. */
export function mutantOf(root: string, folder: string, seed: number): string {
  const random = new Random(seed);
  const kind = random.below(10);
  if (kind === 0) {
    const support = relative(folder, "tests/transpiler/programs/support");
    return mutate(generate(seed, support), random);
  }
  const files = filesBelow(root, FOLDERS[kind < 4 ? 0 : kind < 6 ? 1 : kind < 7 ? 2 : 3]!);
  const file = random.pick(files);
  const text = readFileSync(join(root, file), "utf8");
  return mutate(movedTo(folder, file, text), random);
}

const listed = new Map<string, string[]>();

function filesBelow(root: string, folder: string): string[] {
  const known = listed.get(folder);
  if (known !== undefined) return known;
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).sort();
  const paths = files.map((name) => `${folder}/${name}`);
  listed.set(folder, paths);
  return paths;
}

/** A source whose imports are right from another folder. */
function movedTo(folder: string, file: string, text: string): string {
  return text.replace(/(from ")(\.[^"]*)(")/g, (_, before: string, name: string, after: string) => {
    const target = relative(folder, join(dirname(file), name));
    return `${before}${target.startsWith(".") ? target : `./${target}`}${after}`;
  });
}

/** Compiles the mutants of these seeds together, and one by one if that fails. */
export async function tryMutants({ root, folder, seeds }: MutantOrder): Promise<MutantAnswer> {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  const files = seeds.map((seed) => `${folder}/mutant-${seed}.ts`);
  seeds.forEach((seed, index) => writeFileSync(join(root, files[index]!), mutantOf(root, folder, seed)));
  const { fault, accepted } = compileTogether(root, folder, files);
  const findings: Finding[] = [];
  if (fault !== "") {
    for (const [index, seed] of seeds.entries()) {
      const alone = compileTogether(root, folder, [files[index]!]).fault;
      if (alone === "") continue;
      const source = await shrinkMutant(root, folder, readFileSync(join(root, files[index]!), "utf8"), alone);
      findings.push({ seed, fault: alone, source });
    }
    if (findings.length === 0)
      findings.push({ seed: seeds[0]!, fault, source: "// only together with others" });
  }
  rmSync(join(root, folder), { recursive: true, force: true });
  return { findings, accepted };
}

/** What the compiler throws on a source that stands in the checkout: "" where it does its work. */
export function faultOf(root: string, file: string): string {
  const folder = `build/test-transpiler/crashed/${process.pid}`;
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, folder, "source.ts"),
    movedTo(folder, file, readFileSync(join(root, file), "utf8")),
  );
  const { fault } = compileTogether(root, folder, [`${folder}/source.ts`]);
  rmSync(join(root, folder), { recursive: true, force: true });
  return fault;
}

interface Attempt {
  /** What was thrown, or "". */
  readonly fault: string;
  readonly accepted: number;
}

/**
 * Everything that the command line does but writing; what has no diagnostics is also printed. Beside an error of tsc's the compiler leaves out what
 * may follow from it, and so the sources that are left are looked at until none of them is refused.
 */
function compileTogether(root: string, folder: string, files: readonly string[]): Attempt {
  try {
    let accepted = files;
    while (accepted.length > 0) {
      const { refused, program } = lower(root, folder, accepted);
      if (refused.size === 0) {
        if (program !== null) {
          printC(program);
          printJavaScript(program);
        }
        break;
      }
      const left = accepted.filter((file) => !refused.has(file));
      // What stands against none of them stands against all: they cannot be compiled together.
      accepted = left.length < accepted.length ? left : [];
    }
    return { fault: "", accepted: accepted.length };
  } catch (fault) {
    return { fault: describeFault(fault), accepted: 0 };
  }
}

function lower(root: string, folder: string, files: readonly string[]) {
  const entry = join(folder, "all.ts");
  const lines = files.map((file) => `import "./${file.slice(folder.length + 1)}";`);
  writeFileSync(join(root, entry), [...lines, "export function main(): void {}", ""].join("\n"));
  const reporter = new Reporter(root);
  const sources = loadSources(root, join(root, entry), reporter);
  const program = sources === null ? null : lowerProgram(sources, reporter, true);
  return { program, refused: new Set(reporter.all().map(({ file }) => file)) };
}

/** As small as can be while the compiler fails at the same place. */
function shrinkMutant(root: string, folder: string, source: string, fault: string): Promise<string> {
  const file = `${folder}/small.ts`;
  const place = placeOf(fault);
  const fails = async (texts: readonly string[]): Promise<boolean[]> =>
    texts.map((text) => {
      writeFileSync(join(root, file), text);
      return placeOf(compileTogether(root, folder, [file]).fault) === place;
    });
  return shrink(source, fails, EFFORT);
}

/** What was thrown and where first: two lines of the stack. */
function placeOf(fault: string): string {
  const [message = "", ...stack] = fault.split("\n");
  return `${message.replace(/\d+/g, "0").slice(0, 60)} ${stack.find((line) => line.includes("/transpiler/")) ?? stack[0] ?? ""}`;
}
