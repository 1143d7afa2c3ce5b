// The parsers of outside bytes and the shell's line under libFuzzer, ASan and UBSan, 20 seconds each; before that the kept
// inputs, natively and as checked JavaScript, with the same results. The seed is always the same, so that what a change breaks shows with
// that change; `node build.mjs fuzz parsers --seconds 600 --seed N` looks further.

import t from "tap";
import { Toolbox } from "../../tools/environment.ts";
import { keptInputs } from "../../tools/fuzz/corpus.ts";
import { digestsOfNative, digestsOfScript, findingText, fuzzParser } from "../../tools/fuzz/parsers.ts";
import { buildFuzzPrograms, fuzzTargets, PLANTED } from "../../tools/fuzz/program.ts";
import { Paths } from "../../tools/paths.ts";

const SECONDS = 20;
const LEAST_EXECUTIONS = 500;
const SEED = 1;

const paths = new Paths(process.env["RAYOS_ROOT"] ?? process.cwd());
const targets = fuzzTargets(paths);

t.setTimeout(1_200_000);
t.jobs = 2;
const programs = await buildFuzzPrograms(paths, new Toolbox(), [...targets, PLANTED]);

for (const target of targets) {
  void t.test(`${target}: no input traps, and the kept ones do the same in Node and natively`, async (t) => {
    const inputs = keptInputs(paths, target);
    const native = await digestsOfNative(paths, programs, target, inputs);
    t.ok(inputs.length > 0, `${target} has a corpus`);
    t.equal(native.digests.length, inputs.length, "every kept input comes to its end", {
      said: native.said.slice(-3000),
    });
    t.same(
      await digestsOfScript(paths, programs, target, inputs),
      native.digests,
      "Node and native code agree",
    );
    const report = await fuzzParser(paths, programs, target, SECONDS, SEED);
    t.comment(`${target}: ${report.executions} executions, ${report.edges} edges, ${report.inputs} inputs`);
    t.equal(
      report.finding,
      null,
      report.finding === null ? "nothing found" : findingText(target, report.finding),
    );
    t.ok(report.executions >= LEAST_EXECUTIONS, `${target} was fuzzed`);
  });
}

void t.test("a planted fault behind a comparison of four bytes is found", async (t) => {
  const report = await fuzzParser(paths, programs, PLANTED, 60, 1);
  t.match(report.finding?.what ?? "", /trap index at tests\/fuzz\/targets\/planted\.ts/);
});
