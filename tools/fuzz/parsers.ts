// Running the fuzz targets: libFuzzer for some seconds over a corpus that grows under build/, the replay of the kept inputs by
// both programs, and the verb's row.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Outcome, run, runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { emptyFolder, keepCorpus, keptInputs, unpackInputs } from "./corpus.ts";
import { buildFuzzPrograms, FUZZ_FOLDER, type FuzzPrograms, fuzzTargets, PLANTED } from "./program.ts";
import type { FuzzTarget, FuzzWishes } from "./target.ts";

/** Longer inputs are more patches than any fault needs. */
const INPUT_LIMIT_BYTES = 512;
/** One input that takes so long is a finding: a loop that somebody else's bytes decide on. */
const INPUT_DEADLINE_SECONDS = 20;
const SPARE_MS = 240_000;
const REPLAY_DEADLINE_MS = 600_000;

/** What libFuzzer did. */
export interface FuzzReport {
  readonly executions: number;
  /** Edges of the code that the corpus reaches. */
  readonly edges: number;
  /** Inputs in the corpus. */
  readonly inputs: number;
  /** What it fell over: the trap or the sanitizer's sentence, and the file of the input; or null. */
  readonly finding: { readonly what: string; readonly file: string } | null;
}

/** Fuzzes a target for some seconds; the corpus under build/ grows. */
export async function fuzzParser(
  paths: Paths,
  programs: FuzzPrograms,
  target: string,
  seconds: number,
  seed: number,
): Promise<FuzzReport> {
  const corpus = paths.of(FUZZ_FOLDER, "corpus", target);
  unpackInputs(corpus, keptInputs(paths, target));
  const args = [
    `-max_total_time=${seconds}`,
    `-seed=${seed}`,
    `-max_len=${INPUT_LIMIT_BYTES}`,
    `-timeout=${INPUT_DEADLINE_SECONDS}`,
    "-use_value_profile=0",
    "-print_final_stats=1",
    `-artifact_prefix=${join(FUZZ_FOLDER, `found-${target}-`)}`,
    corpus,
  ];
  const outcome = await run(paths.of(programs.natives.get(target)!), args, {
    cwd: paths.root,
    deadlineMs: seconds * 1000 + SPARE_MS,
    environment: sanitizerEnvironment(),
  });
  return reportOf(outcome);
}

function sanitizerEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" };
}

function reportOf(outcome: Outcome): FuzzReport {
  const said = outcome.stderr;
  const numbers = [...said.matchAll(/cov: (\d+) .*?corp: (\d+)\//g)].pop();
  const executions = Number(/number_of_executed_units: (\d+)/.exec(said)?.[1] ?? 0);
  const common = { executions, edges: Number(numbers?.[1] ?? 0), inputs: Number(numbers?.[2] ?? 0) };
  if (outcome.status === 0) return { ...common, finding: null };
  const what =
    /^(trap .*|.*runtime error: .*|==\d+==ERROR: .*|SUMMARY: .*)$/m.exec(said)?.[1] ?? said.slice(-2000);
  return { ...common, finding: { what, file: /Test unit written to (\S+)/.exec(said)?.[1] ?? "" } };
}

/** The digests of the inputs by the native program, in order; fewer where it falls over. */
export async function digestsOfNative(
  paths: Paths,
  programs: FuzzPrograms,
  target: string,
  inputs: readonly Buffer[],
): Promise<{ readonly digests: string[]; readonly said: string }> {
  const files = unpackInputs(emptyFolder(paths.of(FUZZ_FOLDER, "replay", target)), inputs);
  // Looking for leaks, libFuzzer runs an input a second time whenever it counted more allocations than frees: by chance.
  const outcome = await run(paths.of(programs.natives.get(target)!), ["-detect_leaks=0", ...files], {
    cwd: paths.root,
    deadlineMs: REPLAY_DEADLINE_MS,
    environment: { ...sanitizerEnvironment(), RAY_FUZZ_DIGESTS: "1" },
  });
  const digests = outcome.stdout.split("\n").filter((line) => line !== "");
  return { digests, said: outcome.stderr };
}

type Exports = Readonly<Record<string, (input?: Uint8Array) => number>>;

/** The same by the checked JavaScript, in this process; a trap is the last line. */
export async function digestsOfScript(
  paths: Paths,
  programs: FuzzPrograms,
  target: string,
  inputs: readonly Buffer[],
): Promise<string[]> {
  const load = (name: string): Promise<unknown> =>
    import(pathToFileURL(paths.of(programs.scripts, name)).href);
  const digests: string[] = [];
  try {
    const main = (await load("main.mjs")) as { program(): void };
    const entry = (await load("build_fuzz_entry.mjs")) as Exports;
    main.program();
    entry[`build_fuzz_entry__begin_${target}`]!();
    const take = entry[`build_fuzz_entry__run_${target}`]!;
    for (const input of inputs)
      digests.push((take(new Uint8Array(input)) >>> 0).toString(16).padStart(8, "0"));
  } catch (fault) {
    digests.push(fault instanceof Error ? fault.message : String(fault));
  }
  return digests;
}

/** Makes the kept corpus anew: of all inputs under build/ the few that reach every edge that any of them reaches. */
async function keep(paths: Paths, programs: FuzzPrograms, target: string): Promise<number> {
  const merged = emptyFolder(paths.of(FUZZ_FOLDER, "merged", target));
  const args = ["-set_cover_merge=1", "-use_counters=0", merged, paths.of(FUZZ_FOLDER, "corpus", target)];
  await runOrFail(paths.of(programs.natives.get(target)!), args, {
    cwd: paths.root,
    deadlineMs: REPLAY_DEADLINE_MS,
  });
  return keepCorpus(paths, target, merged);
}

/** `node build.mjs fuzz parsers [name …] [keep] --seconds N`. */
async function runVerb(paths: Paths, tools: Toolbox, wishes: FuzzWishes): Promise<number> {
  const keeps = wishes.words.includes("keep");
  const named = wishes.words.filter((word) => word !== "keep");
  const known = [...fuzzTargets(paths), PLANTED];
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Failure(`There is no parser target '${unknown}', but ${known.join(", ")}.`);
  const targets = named.length > 0 ? named : fuzzTargets(paths);
  const programs = await buildFuzzPrograms(paths, tools, targets);
  let findings = 0;
  for (const target of targets) {
    const report = await fuzzParser(paths, programs, target, wishes.count, wishes.seed);
    console.log(describe(target, report));
    if (report.finding !== null) findings++;
    else if (keeps) console.log(`${target.padEnd(12)} ${await keep(paths, programs, target)} inputs kept`);
  }
  return findings === 0 ? 0 : 1;
}

function describe(target: string, report: FuzzReport): string {
  const { executions, edges, inputs, finding } = report;
  const counts = `${target.padEnd(12)} ${executions} executions, ${edges} edges, ${inputs} inputs`;
  return finding === null ? counts : `${counts}\n${findingText(target, finding)}`;
}

/** What was found and the line that shows it again. */
export function findingText(target: string, finding: NonNullable<FuzzReport["finding"]>): string {
  const path = finding.file;
  const bytes = existsSync(path) ? readFileSync(path).toString("base64") : "";
  return [
    `FOUND: ${finding.what}`,
    `again: ${join(FUZZ_FOLDER, "programs", target)} ${path}`,
    `kept by the line: echo '${bytes} what it was' >> tests/fuzz/found/${target}.txt`,
  ].join("\n");
}

export const PARSERS: FuzzTarget = {
  name: "parsers",
  summary:
    "libFuzzer, ASan and UBSan on every parser of outside bytes and on the shell's line, --seconds each",
  count: 20,
  counts: "seconds",
  purposes: ["build", "test"],
  run: runVerb,
};
