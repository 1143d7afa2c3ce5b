// fuzz: inputs made up from a seed, as many as wanted, for what the tests try with a few.

import { Failure } from "../failure.ts";
import { TARGETS } from "../fuzz/targets.ts";
import { ensure } from "../packages.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs fuzz <target> [--count N | --seconds N | --states N] [--seed S] [words]

Makes up N inputs from the seed S on, each from its own seed, and tries them. A finding is made small and printed with
the line that reproduces it; the exit status is then 1. \`fuzz parsers\` goes on for N seconds with each of the parsers
named behind it (or all); the word \`keep\` takes the inputs that reach something new into tests/fuzz/corpus/. \`fuzz crash\` visits N states, or the one whose id stands behind it. What the targets are, and how many inputs they take by default:

${TARGETS.map(({ name, summary, count }) => `  ${name.padEnd(12)} ${summary} (${count})`).join("\n")}`;

const OPTIONS = {
  count: { type: "string" },
  seconds: { type: "string" },
  states: { type: "string" },
  seed: { type: "string", default: "1" },
} as const;
const MEASURES = ["count", "seconds", "states"] as const;
const MOST_WORDS = 8;

export const FUZZ: Verb = {
  name: "fuzz",
  summary: `made-up inputs: fuzz ${TARGETS.map(({ name }) => name).join("|")} [--count N] [--seed S]`,
  help: HELP,
  async run(paths, args) {
    const { values, positionals } = parse("fuzz", args, OPTIONS, MOST_WORDS);
    const [name, ...words] = positionals;
    const target = TARGETS.find((each) => each.name === name);
    if (target === undefined)
      throw new Failure(`What there is to fuzz: ${TARGETS.map((each) => each.name).join(", ")}.`);
    const measure = target.counts === "seconds" || target.counts === "states" ? target.counts : "count";
    const asked = values[measure];
    if (MEASURES.some((each) => each !== measure && values[each] !== undefined))
      throw new Failure(`fuzz ${target.name} takes --${measure}.`);
    const count = asked === undefined ? target.count : wholeNumber(`--${measure}`, asked);
    const seed = wholeNumber("--seed", values.seed);
    return target.run(paths, await ensure(target.purposes), { count, seed, words });
  },
};

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure(`${option} is a whole number, not '${text}'.`);
  return Number(text);
}
